// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/cell_spec.h"

#include <algorithm>

namespace attn {

namespace {
std::string defaultGates(CellKind kind) {
    switch (kind) {
        case CellKind::Elman:
            return "h";
        case CellKind::Gru:
            return "rzn";
        case CellKind::Lstm:
            return "ifgo";
    }
    return "";
}
} // namespace

std::string CellSpec::gates() const {
    return gateOrder.empty() ? defaultGates(kind) : gateOrder;
}

Findings CellSpec::validate(const std::string& where) const {
    Findings faults;
    if (width < 1)
        faults.push_back(
            {Severity::Fault, where + ".width", "is " + std::to_string(width) + "; expected at least 1"});
    std::string given = gates(), wanted = defaultGates(kind);
    std::sort(given.begin(), given.end());
    std::sort(wanted.begin(), wanted.end());
    if (given != wanted)
        faults.push_back(
            {Severity::Fault, where + ".gate_order",
             "is \"" + gateOrder + "\"; expected each letter of \"" + defaultGates(kind) + "\" once"});
    return faults;
}

Schema cellSchema(const CellSpec& spec, int inputWidth, const std::string& prefix) {
    const int rows = spec.width * static_cast<int>(spec.gates().size());
    Schema p{{prefix + "W_input", {rows, inputWidth}},
             {prefix + "W_hidden", {rows, spec.width}},
             {prefix + "b_input", {rows}}};
    if (spec.twoBiases) p.push_back({prefix + "b_hidden", {rows}});
    return p;
}

} // namespace attn
