// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/nn/cell_spec.h"

namespace attn {

/// How the layers of a bidirectional stack are connected.
// clang-format off
///   joined       a layer reads [forward, backward] of the layer below             (PyTorch)
///   separate     each direction is a stack of its own; they are joined at the top (Marian, bidirectional)
///   alternating  separate, and each layer reads in the opposite direction to the one below it
///                                                                                 (Marian, alternating)
///   bottom       only the bottom layer runs in both directions                    (Marian, bi-unidirectional)
// clang-format on
enum class Stacking { Joined, Separate, Alternating, Bottom };
template <>
struct EnumNames<Stacking> {
    static constexpr std::array names{std::pair{Stacking::Joined, std::string_view("joined")},
                                      std::pair{Stacking::Separate, std::string_view("separate")},
                                      std::pair{Stacking::Alternating, std::string_view("alternating")},
                                      std::pair{Stacking::Bottom, std::string_view("bottom")}};
};

/// How the top layer's two directions are combined: [forward, backward], or their sum.
enum class DirectionJoin { Join, Sum };
template <>
struct EnumNames<DirectionJoin> {
    static constexpr std::array names{std::pair{DirectionJoin::Join, std::string_view("join")},
                                      std::pair{DirectionJoin::Sum, std::string_view("sum")}};
};

/// A stack of recurrent layers, layer 0 at the bottom.
struct RnnSpec {
    CellSpec cell;
    int layers = 1;
    bool bidirectional = false;
    Stacking stacking = Stacking::Joined;
    DirectionJoin output = DirectionJoin::Join;
    /// A layer's input is added to its output, from the second layer of a stack on and where both have one
    /// width (He et al. 2016). The state that the layer carries on is without it.
    bool residual = false;
    /// Deep transition (Pascanu et al. 2014): how many cells without an input follow within each step of each
    /// layer, one from the other's state; the last one's state is the layer's. Empty: none.
    std::vector<int> transitions;

    bool operator==(const RnnSpec&) const = default;
    bool hasBackward(int layer) const {
        return bidirectional && (stacking != Stacking::Bottom || layer == 0);
    }
    /// Columns that a layer reads.
    int inputWidth(int layer, int bottom) const;
    /// Columns of the top layer's output.
    int outputWidth() const;
    int transitionsOf(int layer) const {
        return transitions.empty() ? 0 : transitions[static_cast<std::size_t>(layer)];
    }
    /// Every fault, each with the field's name under `where`.
    Findings validate(const std::string& where) const;
};

template <typename Visitor>
void visitFields(auto& spec,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(spec)>, RnnSpec> {
    visit("cell", spec.cell);
    visit("layers", spec.layers, atLeast(1));
    visit("bidirectional", spec.bidirectional);
    visit("stacking", spec.stacking);
    visit("output", spec.output);
    visit("residual", spec.residual);
    visit("transitions", spec.transitions);
}

/// Every parameter of a stack: prefix + "layer0.forward.W_input" ..., "layer0.backward...." as well where
/// both directions run, and "layer0.forward.transition1.W_hidden" ... for the cells that follow.
Schema rnnSchema(const RnnSpec& spec, int inputWidth, const std::string& prefix);

/// The parameters of one layer's transitions: prefix + "transition1." ....
Schema transitionSchema(const CellSpec& cell, int transitions, const std::string& prefix);

} // namespace attn
