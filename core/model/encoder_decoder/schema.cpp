// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/spec.h"

namespace attn {

namespace {

/// Adds parameters to a list that is in the order of the model's file.
class ParameterList {
public:
    void has(const std::string& name, std::vector<int> shape) { all.push_back({name, std::move(shape)}); }
    void add(const Schema& part) { all.insert(all.end(), part.begin(), part.end()); }

    Schema all;
};

void addBridge(const EncoderDecoderSpec& s, ParameterList& p) {
    const int n = s.decoder.cell.width;
    for (int i = 0; s.bridgeHasLayers() && i < (s.bridgeIsShared() ? 1 : s.decoder.layers); ++i) {
        const std::string layer = s.bridgePrefix(i);
        const int rows = s.bridge == BridgeKind::Flat ? s.bridgeWidth() : n;
        p.has(layer + "W", {rows, s.bridgeWidth()});
        p.has(layer + "b", {rows});
        if (s.decoder.cell.kind == CellKind::Lstm && s.bridgeCell == BridgeCell::Own) {
            p.has(layer + "W_cell", {rows, s.bridgeWidth()});
            p.has(layer + "b_cell", {rows});
        }
        if (s.bridgeNorm != NormPlace::None) p.has(layer + "gain", {rows});
        if (s.bridgeNorm == NormPlace::AfterBias) p.has(layer + "shift", {rows});
    }
}

void addDecoder(const EncoderDecoderSpec& s, ParameterList& p) {
    const int n = s.decoder.cell.width;
    p.has("target_embedding.W", {s.targetVocabulary, s.targetEmbedding});
    if (s.inputLayer.width > 0) {
        p.has("decoder.input.W", {s.inputLayer.width, s.decoderGiven()});
        p.has("decoder.input.b", {s.inputLayer.width});
    }
    const int read = s.inputLayer.width > 0 ? s.inputLayer.width : s.decoderGiven();
    for (int i = 0; i < s.decoder.layers; ++i) {
        const std::string layer = "decoder.layer" + std::to_string(i) + ".";
        p.add(cellSchema(s.decoder.cell, i == 0 ? read : n, layer));
        p.add(transitionSchema(s.decoder.cell, s.decoder.transitionsOf(i), layer));
    }
    if (s.order == AttentionOrder::BetweenCells)
        p.add(cellSchema(s.decoder.cell, s.contextWidth(), "decoder.cell2."));
}

void addAttention(const EncoderDecoderSpec& s, ParameterList& p) {
    if (s.attention) return p.add(attentionSchema(*s.attention, "attention."));
    if (s.summaryGate == Gate::None) return;
    const int n = s.summaryGate == Gate::Scalar ? 1 : s.contextWidth();
    p.has("attention.W_gate", {n, s.queryWidth() + s.contextWidth()});
    p.has("attention.b_gate", {n});
}

void addAttentionalReadout(const EncoderDecoderSpec& s, int rows, ParameterList& p) {
    const int n = s.decoder.cell.width, given = s.decoderGiven();
    p.has("readout.W", {rows, s.contextWidth() + n});
    if (s.readout.bias) p.has("readout.b", {rows});
    if (s.readout.contextGate == ContextGate::None) return;
    p.has("readout.W_gate", {rows, given + n + rows});
    p.has("readout.b_gate", {rows});
    p.has("readout.W_source", {rows, rows});
    p.has("readout.b_source", {rows});
    p.has("readout.W_target", {rows, given + n});
    p.has("readout.b_target", {rows});
}

void addDeepSum(const EncoderDecoderSpec& s, int rows, ParameterList& p) {
    const ReadoutSpec& r = s.readout;
    p.has("readout.W_state", {rows, s.decoder.cell.width});
    p.has("readout.W_context", {rows, s.contextWidth()});
    p.has("readout.W_input", {rows, s.targetEmbedding});
    if (r.norm != NormPlace::AfterBias && r.bias) p.has("readout.b", {rows});
    for (const std::string name : {"state", "context", "input"}) {
        if (r.norm != NormPlace::None) p.has("readout.gain_" + name, {rows});
        if (r.norm != NormPlace::AfterBias) continue;
        p.has("readout.b_" + name, {rows});
        p.has("readout.shift_" + name, {rows});
    }
}

void addReadout(const EncoderDecoderSpec& s, ParameterList& p) {
    const int n = s.decoder.cell.width, c = s.contextWidth();
    const int rows = s.readout.width * (s.readout.activation == ReadoutActivation::Maxout ? 2 : 1);
    switch (s.readout.kind) {
        case ReadoutKind::Attentional:
            addAttentionalReadout(s, rows, p);
            break;
        case ReadoutKind::DeepSum:
            addDeepSum(s, rows, p);
            break;
        case ReadoutKind::DeepJoin:
            p.has("readout.W", {rows, n + c + s.targetEmbedding});
            if (s.readout.bias) p.has("readout.b", {rows});
            break;
        case ReadoutKind::TwoTanh:
            p.has("readout.W_context", {rows, c});
            p.has("readout.W_hidden", {rows, rows});
            if (s.readout.bias) {
                p.has("readout.b_context", {rows});
                p.has("readout.b_hidden", {rows});
            }
            break;
        case ReadoutKind::Join:
        case ReadoutKind::JoinInput:
        case ReadoutKind::State:
            break;
    }
    if (s.readout.projection > 0) {
        p.has("readout.W_projection", {s.readout.projection, s.featureWidth()});
        p.has("readout.b_projection", {s.readout.projection});
    }
}

} // namespace

Schema EncoderDecoderSpec::schema() const {
    const EncoderDecoderSpec& s = *this;
    ParameterList p;
    p.has("source_embedding.W", {s.sourceVocabulary, s.sourceEmbedding});
    p.add(rnnSchema(s.encoder, s.sourceEmbedding, "encoder."));
    addBridge(s, p);
    addDecoder(s, p);
    addAttention(s, p);
    addReadout(s, p);
    if (!s.tiedEmbeddings) p.has("output.W", {s.targetVocabulary, s.outputInputWidth()});
    p.has("output.b", {s.targetVocabulary});
    if (s.copy != CopyKind::None) {
        p.has("copy.W", {1, s.featureWidth()});
        p.has("copy.b", {1});
    }
    if (s.copy == CopyKind::Own) p.add(attentionSchema(s.copyAttentionSpec(), "copy.attention."));
    return p.all;
}

} // namespace attn
