// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model_spec.h"

namespace attn {

namespace {

/// Columns of e, what the bridge's layers read.
int bridgeWidth(const ModelSpec& s) {
    return s.bridge == BridgeKind::Backward ? s.encoder.cell.width : s.encoder.outputWidth();
}
bool bridgeHasLayers(const ModelSpec& s) {
    return s.bridge != BridgeKind::Zero && s.bridge != BridgeKind::Copy;
}

/// Columns that the decoder's first cell reads.
int decoderInput(const ModelSpec& s) {
    switch (s.order) {
        case AttentionOrder::PreviousState:
            return s.targetEmbedding + s.attention.contextWidth();
        case AttentionOrder::CurrentState:
            return s.targetEmbedding + (s.inputFeeding ? s.featureWidth() : 0);
        case AttentionOrder::BetweenCells:
            return s.targetEmbedding;
    }
    return 0;
}

} // namespace

int ModelSpec::featureWidth() const {
    switch (readout.kind) {
        case ReadoutKind::Join:
            return decoder.cell.width + attention.contextWidth();
        case ReadoutKind::State:
            return decoder.cell.width;
        default:
            return readout.width;
    }
}

Findings ModelSpec::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    const auto atLeast = [&](const char* where, int value, int least) {
        if (value < least)
            fault(where, "is " + std::to_string(value) + "; expected at least " + std::to_string(least));
    };
    const auto same = [&](const char* where, int value, const char* other, int wanted) {
        if (value != wanted)
            fault(where,
                  "is " + std::to_string(value) + "; expected " + std::to_string(wanted) + ", " + other);
    };
    atLeast("source_vocabulary", sourceVocabulary, 5);
    atLeast("target_vocabulary", targetVocabulary, 5);
    atLeast("source_embedding", sourceEmbedding, 1);
    atLeast("target_embedding", targetEmbedding, 1);
    for (const Findings& part : {encoder.validate("encoder"), decoder.validate("decoder")})
        faults.insert(faults.end(), part.begin(), part.end());
    for (Finding f : attention.validate()) {
        f.where = "attention." + f.where;
        faults.push_back(f);
    }
    if (decoder.bidirectional) fault("decoder.bidirectional", "is true; a decoder reads in one direction");
    same("attention.query_width", attention.queryWidth, "the decoder's width", decoder.cell.width);
    same("attention.key_width", attention.keyWidth, "the encoder's output width", encoder.outputWidth());
    same("attention.value_width", attention.valueWidth, "the encoder's output width", encoder.outputWidth());
    if (inputFeeding && order != AttentionOrder::CurrentState)
        fault("input_feeding",
              "is true; it belongs to the order current_state, the order is " + std::string(toText(order)));
    if (readout.kind != ReadoutKind::Join && readout.kind != ReadoutKind::State)
        atLeast("readout.width", readout.width, 1);
    if (tiedEmbeddings && featureWidth() != targetEmbedding)
        fault("tied_embeddings", "is true; the output layer reads " + std::to_string(featureWidth()) +
                                     " columns, the target embedding has " + std::to_string(targetEmbedding) +
                                     ": one matrix cannot be both");
    const bool deep = readout.kind == ReadoutKind::DeepSum || readout.kind == ReadoutKind::DeepJoin;
    if (readout.activation == ReadoutActivation::Maxout && !deep)
        fault("readout.activation", "is maxout; it belongs to deep_sum and deep_join");
    if (bridge == BridgeKind::Backward && !encoder.bidirectional)
        fault("bridge", "is backward; the encoder has no backward direction");
    if (bridge == BridgeKind::Copy) {
        same("decoder.layers", decoder.layers, "the encoder's layers (bridge copy)", encoder.layers);
        same("decoder.cell.width", decoder.cell.width, "the encoder's output width (bridge copy)",
             encoder.outputWidth());
        if ((encoder.cell.kind == CellKind::Lstm) != (decoder.cell.kind == CellKind::Lstm))
            fault("bridge", "is copy; an lstm has a cell state that the other side lacks");
    }
    return faults;
}

Schema modelSchema(const ModelSpec& s) {
    Schema p;
    const auto has = [&](const std::string& name, std::vector<int> shape) {
        p.push_back({name, std::move(shape)});
    };
    const auto all = [&](const Schema& part) { p.insert(p.end(), part.begin(), part.end()); };
    const int n = s.decoder.cell.width, c = s.attention.contextWidth(), y = s.targetEmbedding;
    has("source_embedding.W", {s.sourceVocabulary, s.sourceEmbedding});
    all(rnnSchema(s.encoder, s.sourceEmbedding, "encoder."));
    for (int i = 0; bridgeHasLayers(s) && i < s.decoder.layers; ++i) {
        const std::string layer = "bridge.layer" + std::to_string(i) + ".";
        has(layer + "W", {n, bridgeWidth(s)});
        has(layer + "b", {n});
        if (s.decoder.cell.kind == CellKind::Lstm) {
            has(layer + "W_cell", {n, bridgeWidth(s)});
            has(layer + "b_cell", {n});
        }
    }
    has("target_embedding.W", {s.targetVocabulary, y});
    for (int i = 0; i < s.decoder.layers; ++i)
        all(cellSchema(s.decoder.cell, i == 0 ? decoderInput(s) : n,
                       "decoder.layer" + std::to_string(i) + "."));
    if (s.order == AttentionOrder::BetweenCells) all(cellSchema(s.decoder.cell, c, "decoder.cell2."));
    all(attentionSchema(s.attention, "attention."));
    const int rows = s.readout.width * (s.readout.activation == ReadoutActivation::Maxout ? 2 : 1);
    switch (s.readout.kind) {
        case ReadoutKind::Attentional:
            has("readout.W", {rows, c + n});
            if (s.readout.bias) has("readout.b", {rows});
            break;
        case ReadoutKind::DeepSum:
            has("readout.W_state", {rows, n});
            has("readout.W_context", {rows, c});
            has("readout.W_input", {rows, y});
            if (s.readout.bias) has("readout.b", {rows});
            break;
        case ReadoutKind::DeepJoin:
            has("readout.W", {rows, n + c + y});
            if (s.readout.bias) has("readout.b", {rows});
            break;
        case ReadoutKind::TwoTanh:
            has("readout.W_context", {rows, c});
            has("readout.W_hidden", {rows, rows});
            if (s.readout.bias) {
                has("readout.b_context", {rows});
                has("readout.b_hidden", {rows});
            }
            break;
        case ReadoutKind::Join:
        case ReadoutKind::State:
            break;
    }
    if (!s.tiedEmbeddings) has("output.W", {s.targetVocabulary, s.featureWidth()});
    has("output.b", {s.targetVocabulary});
    return p;
}

} // namespace attn
