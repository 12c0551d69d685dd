// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/rnn_spec.h"

namespace attn {

int RnnSpec::inputWidth(int layer, int bottom) const {
    if (layer == 0) return bottom;
    const bool readsBoth =
        bidirectional && (stacking == Stacking::Joined || (stacking == Stacking::Bottom && layer == 1));
    return cell.width * (readsBoth ? 2 : 1);
}

int RnnSpec::outputWidth() const {
    return cell.width * (hasBackward(layers - 1) && output == DirectionJoin::Join ? 2 : 1);
}

Findings RnnSpec::validate(const std::string& where) const {
    Findings faults = cell.validate(where + ".cell");
    const auto fault = [&](const char* field, const std::string& text) {
        faults.push_back({Severity::Fault, where + field, text});
    };
    checkBounds(*this, where + ".", faults);
    if (!bidirectional && stacking != Stacking::Joined)
        fault(".stacking", "is " + std::string(toText(stacking)) + "; it is for stacks of two directions");
    if (output == DirectionJoin::Sum && !hasBackward(layers - 1))
        fault(".output", "is sum; the top layer has one direction");
    if (!transitions.empty() && static_cast<int>(transitions.size()) != layers)
        fault(".transitions", "has " + std::to_string(transitions.size()) + " numbers for " +
                                  std::to_string(layers) + " layers");
    if (!transitions.empty() && cell.kind == CellKind::Lstmn)
        fault(".transitions", "is set; an lstmn takes one step a word");
    return faults;
}

Schema transitionSchema(const CellSpec& cell, int transitions, const std::string& prefix) {
    Schema p;
    for (int k = 1; k <= transitions; ++k) {
        const Schema one = cellSchema(cell, 0, prefix + "transition" + std::to_string(k) + ".");
        p.insert(p.end(), one.begin(), one.end());
    }
    return p;
}

Schema rnnSchema(const RnnSpec& spec, int inputWidth, const std::string& prefix) {
    Schema p;
    for (int i = 0; i < spec.layers; ++i)
        for (const char* way : {"forward", "backward"}) {
            if (way[0] == 'b' && !spec.hasBackward(i)) continue;
            const std::string at = prefix + "layer" + std::to_string(i) + "." + way + ".";
            for (const Schema& part : {cellSchema(spec.cell, spec.inputWidth(i, inputWidth), at),
                                       transitionSchema(spec.cell, spec.transitionsOf(i), at)})
                p.insert(p.end(), part.begin(), part.end());
        }
    return p;
}

} // namespace attn
