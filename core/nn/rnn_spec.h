// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/nn/cell_spec.h"

namespace attn {

/// A stack of recurrent layers. A bidirectional layer joins [forward, backward], so the next layer
/// reads 2 x width.
struct RnnSpec {
    CellSpec cell;
    int layers = 1;
    bool bidirectional = false;

    bool operator==(const RnnSpec&) const = default;
    /// Columns of a layer's output.
    int outputWidth() const { return cell.width * (bidirectional ? 2 : 1); }
    /// Every fault, each with the field's name under `where`.
    Findings validate(const std::string& where) const;
};

template <typename Visitor>
void visitFields(auto& spec,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, RnnSpec> {
    visit("cell", spec.cell);
    visit("layers", spec.layers);
    visit("bidirectional", spec.bidirectional);
}

/// Every parameter of a stack: prefix + "layer0.forward.W_input" ..., "layer0.backward...." as well where
/// both directions run.
Schema rnnSchema(const RnnSpec& spec, int inputWidth, const std::string& prefix);

} // namespace attn
