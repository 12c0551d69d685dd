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
        case CellKind::Lstmn:
            return "ifgo";
    }
    return "";
}
} // namespace

std::string CellSpec::gates() const {
    return gateOrder.empty() ? defaultGates(kind) : gateOrder;
}

CellSpec CellSpec::stepCell() const {
    CellSpec s = *this;
    if (kind != CellKind::Lstmn) return s;
    const CellSpec none;
    s.kind = CellKind::Lstm;
    s.attentionWidth = none.attentionWidth, s.query = none.query;
    s.startSlot = none.startSlot, s.window = none.window;
    return s;
}

std::vector<int> CellSpec::normParts() const {
    if (kind != CellKind::Gru || norm != NormPlace::AfterBias) return {};
    return gates().front() == 'n' ? std::vector<int>{width, 2 * width} : std::vector<int>{2 * width, width};
}

Findings CellSpec::validate(const std::string& where) const {
    Findings faults;
    checkBounds(*this, where + ".", faults);
    std::string given = gates(), wanted = defaultGates(kind);
    std::sort(given.begin(), given.end());
    std::sort(wanted.begin(), wanted.end());
    if (given != wanted)
        faults.push_back(
            {Severity::Fault, where + ".gate_order",
             "is \"" + gateOrder + "\"; expected each letter of \"" + defaultGates(kind) + "\" once"});
    const auto fault = [&](const char* field, const std::string& text) {
        faults.push_back({Severity::Fault, where + field, text});
    };
    if (kind == CellKind::Lstmn) {
        if (attentionWidth == 0) fault(".attention_width", "is 0; an lstmn needs at least 1");
    } else {
        const std::string only = "is set; it is for lstmn, the kind is " + std::string(toText(kind));
        if (attentionWidth != 0) fault(".attention_width", only);
        if (query != LstmnQuery::InputState) fault(".query", only);
        if (startSlot) fault(".start_slot", only);
        if (window != 0) fault(".window", only);
    }
    if (norm == NormPlace::None) return faults;
    if (kind == CellKind::Gru && !resetAfter)
        fault(".norm", "is " + std::string(toText(norm)) + "; a gru is normalised with reset_after only");
    if (kind == CellKind::Gru && norm == NormPlace::AfterBias && gates().size() == 3 && gates()[1] == 'n')
        fault(".gate_order", "is \"" + gateOrder + "\"; with after_bias r and z stand side by side");
    return faults;
}

Schema cellSchema(const CellSpec& spec, int inputWidth, const std::string& prefix) {
    const int rows = spec.width * static_cast<int>(spec.gates().size());
    Schema p;
    const auto has = [&](const char* name, std::vector<int> shape) {
        p.push_back({prefix + name, std::move(shape)});
    };
    if (inputWidth > 0) has("W_input", {rows, inputWidth});
    has("W_hidden", {rows, spec.width});
    has("b_input", {rows});
    if (spec.twoBiases) has("b_hidden", {rows});
    if (spec.kind == CellKind::Lstmn) {
        const int A = spec.attentionWidth;
        has("attention.W_query", {A, inputWidth + (spec.query == LstmnQuery::Input ? 0 : spec.width)});
        has("attention.W_key", {A, spec.width});
        has("attention.b", {A});
        has("attention.v", {A});
    }
    if (spec.norm == NormPlace::None) return p;
    const bool shifts = spec.norm == NormPlace::AfterBias;
    if (inputWidth > 0) {
        has("gain_input", {rows});
        if (shifts) has("shift_input", {rows});
    }
    has("gain_hidden", {rows});
    if (shifts) has("shift_hidden", {rows});
    return p;
}

} // namespace attn
