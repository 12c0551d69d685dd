// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model_spec.h"

namespace attn {

namespace {

/// Columns of e, what the bridge's layers read.
int bridgeWidth(const ModelSpec& s) {
    switch (s.bridge) {
        case BridgeKind::Backward:
            return s.encoder.cell.width;
        case BridgeKind::Mean:
            return s.encoder.outputWidth();
        case BridgeKind::Flat:
            return s.encoder.cell.width * s.encoder.layers;
        case BridgeKind::Layers:
            return s.encoder.cell.width * (s.encoder.bidirectional ? 2 : 1);
        default: // last and first: the top layer's final states
            return s.encoder.cell.width * (s.encoder.hasBackward(s.encoder.layers - 1) ? 2 : 1);
    }
}
bool bridgeHasLayers(const ModelSpec& s) {
    switch (s.bridge) {
        case BridgeKind::Zero:
        case BridgeKind::Copy:
        case BridgeKind::First:
        case BridgeKind::InOrder:
            return false;
        default:
            return true;
    }
}
bool bridgeIsShared(const ModelSpec& s) {
    return s.bridgeShared || s.bridge == BridgeKind::Flat;
}

/// Columns of what the decoder is given at a step, before any layer of it.
int decoderGiven(const ModelSpec& s) {
    return s.targetEmbedding + (s.order == AttentionOrder::PreviousState ? s.attention.contextWidth()
                                : s.inputFeeding                         ? s.featureWidth()
                                                                         : 0);
}

/// Columns that the decoder's first cell reads.
int decoderInput(const ModelSpec& s) {
    return s.inputLayer.width > 0 ? s.inputLayer.width : decoderGiven(s);
}

/// Where a decoder layer's bridge has its parameters.
std::string bridgeLayer(const ModelSpec& s, int layer) {
    return bridgeIsShared(s) ? "bridge." : "bridge.layer" + std::to_string(layer) + ".";
}

} // namespace

int ModelSpec::featureWidth() const {
    switch (readout.kind) {
        case ReadoutKind::Join:
            return decoder.cell.width + attention.contextWidth();
        case ReadoutKind::JoinInput:
            return decoder.cell.width + attention.contextWidth() + targetEmbedding;
        case ReadoutKind::State:
            return decoder.cell.width;
        default:
            return readout.width;
    }
}

AttentionSpec ModelSpec::copyAttentionSpec() const {
    AttentionSpec filled = copyAttention;
    filled.queryWidth = featureWidth();
    filled.keyWidth = filled.valueWidth = attention.keyWidth;
    return filled;
}

Findings ModelSpec::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    const auto same = [&](const char* where, int value, const char* other, int wanted) {
        if (value != wanted)
            fault(where,
                  "is " + std::to_string(value) + "; expected " + std::to_string(wanted) + ", " + other);
    };
    checkBounds(*this, "", faults);
    checkBounds(readout, "readout.", faults);
    checkBounds(inputLayer, "input_layer.", faults);
    for (const Findings& part : {encoder.validate("encoder"), decoder.validate("decoder")})
        faults.insert(faults.end(), part.begin(), part.end());
    for (Finding f : attention.validate()) {
        f.where = "attention." + f.where;
        faults.push_back(f);
    }
    if (decoder.bidirectional) fault("decoder.bidirectional", "is true; a decoder reads in one direction");
    if (decoder.stacking != Stacking::Joined || decoder.output != DirectionJoin::Join)
        fault("decoder.stacking", "is for encoders");
    if (queryInput)
        same("attention.query_width", attention.queryWidth, "the target embedding's and the decoder's width",
             targetEmbedding + decoder.cell.width);
    else
        same("attention.query_width", attention.queryWidth, "the decoder's width", decoder.cell.width);
    same("attention.key_width", attention.keyWidth, "the encoder's output width", encoder.outputWidth());
    same("attention.value_width", attention.valueWidth, "the encoder's output width", encoder.outputWidth());
    if (inputFeeding && order != AttentionOrder::CurrentState)
        fault("input_feeding",
              "is true; it belongs to the order current_state, the order is " + std::string(toText(order)));
    if (queryInput && order != AttentionOrder::PreviousState)
        fault("query_input",
              "is true; it belongs to the order previous_state, the order is " + std::string(toText(order)));
    if (inputLayer.width > 0 && order != AttentionOrder::PreviousState)
        fault("input_layer.width", "is " + std::to_string(inputLayer.width) +
                                       "; it belongs to the order previous_state, the order is " +
                                       std::string(toText(order)));
    const bool hasWidth = readout.kind != ReadoutKind::Join && readout.kind != ReadoutKind::JoinInput &&
                          readout.kind != ReadoutKind::State;
    if (hasWidth && readout.width == 0)
        fault("readout.width",
              "is 0; the readout " + std::string(toText(readout.kind)) + " needs at least 1");
    if (tiedEmbeddings && outputInputWidth() != targetEmbedding)
        fault("tied_embeddings", "is true; the output layer reads " + std::to_string(outputInputWidth()) +
                                     " columns, the target embedding has " + std::to_string(targetEmbedding) +
                                     ": one matrix cannot be both");
    const bool deep = readout.kind == ReadoutKind::DeepSum || readout.kind == ReadoutKind::DeepJoin;
    if (readout.activation == ReadoutActivation::Maxout && !deep)
        fault("readout.activation", "is maxout; it belongs to deep_sum and deep_join");
    if (readout.activation != ReadoutActivation::Tanh && !deep && readout.kind != ReadoutKind::Attentional)
        fault("readout.activation", "is " + std::string(toText(readout.activation)) +
                                        "; it belongs to attentional, deep_sum and deep_join");
    if (readout.norm != NormPlace::None && readout.kind != ReadoutKind::DeepSum)
        fault("readout.norm", "is " + std::string(toText(readout.norm)) + "; it belongs to deep_sum");
    if (readout.contextGate != ContextGate::None &&
        (readout.kind != ReadoutKind::Attentional || order != AttentionOrder::CurrentState))
        fault("readout.context_gate", "is " + std::string(toText(readout.contextGate)) +
                                          "; it belongs to attentional and the order current_state");
    if (attention.allPositions && (bridge == BridgeKind::Mean || attention.score == Score::None))
        fault("attention.all_positions", "is true; the bridge mean counts the source's own words");
    if (bridge == BridgeKind::Backward && !encoder.hasBackward(encoder.layers - 1))
        fault("bridge", "is backward; the encoder's top layer has no backward direction");
    if (bridgeNorm != NormPlace::None && !(bridgeHasLayers(*this) && bridgeIsShared(*this)))
        fault("bridge_norm", "is " + std::string(toText(bridgeNorm)) +
                                 "; it is for a shared bridge with a layer, this one is " +
                                 std::string(toText(bridge)));
    if (bridgeShared && !bridgeHasLayers(*this))
        fault("bridge_shared", "is true; the bridge " + std::string(toText(bridge)) + " has no layer");
    const int ways = encoder.bidirectional ? 2 : 1;
    if (bridge == BridgeKind::Layers || bridge == BridgeKind::Flat) {
        same("decoder.layers", decoder.layers, "the encoder's layers", encoder.layers);
        if (encoder.stacking == Stacking::Bottom)
            fault("bridge", "is " + std::string(toText(bridge)) + "; the encoder's layers are not alike");
    }
    if (bridge == BridgeKind::Flat)
        same("decoder.cell.width", decoder.cell.width, "the encoder's final states of a layer",
             encoder.cell.width * ways);
    if (bridge == BridgeKind::First && bridgeWidth(*this) < decoder.cell.width)
        fault("bridge", "is first; the top layer's final states have " + std::to_string(bridgeWidth(*this)) +
                            " columns, the decoder's state " + std::to_string(decoder.cell.width));
    if (bridge == BridgeKind::InOrder) {
        same("decoder.cell.width", decoder.cell.width, "the encoder's width (bridge in_order)",
             encoder.cell.width);
        if (encoder.stacking == Stacking::Bottom || encoder.layers * ways < decoder.layers)
            fault("bridge", "is in_order; the encoder has too few final states for the decoder's " +
                                std::to_string(decoder.layers) + " layers");
    }
    const bool takesCells = bridge == BridgeKind::Layers || bridge == BridgeKind::Flat ||
                            bridge == BridgeKind::InOrder || bridge == BridgeKind::First;
    if (takesCells && bridgeCell == BridgeCell::Own && decoder.cell.kind == CellKind::Lstm &&
        encoder.cell.kind != CellKind::Lstm)
        fault("bridge_cell", "is own; the decoder's lstm wants cell states that the encoder lacks");
    if (copy == CopyKind::Own) {
        for (Finding f : copyAttentionSpec().validate()) {
            f.where = "copy_attention." + f.where;
            faults.push_back(f);
        }
        if (copyAttention.maps() != 1)
            fault("copy_attention", "has heads or no score; expected one map of weights");
    }
    if (copy != CopyKind::None && attention.maps() == 0)
        fault("copy", "is " + std::string(toText(copy)) + "; without attention nothing is copied");
    if (copy != CopyKind::None && attention.allPositions)
        fault("copy",
              "is " + std::string(toText(copy)) + "; attention.all_positions has positions without words");
    if (copyBlocked && (copy == CopyKind::None || *copyBlocked >= targetVocabulary))
        fault("copy_blocked",
              "is " + std::to_string(*copyBlocked) + "; expected a target word of a model that copies");
    if (bridge == BridgeKind::Copy) {
        same("decoder.layers", decoder.layers, "the encoder's layers (bridge copy)", encoder.layers);
        same("decoder.cell.width", decoder.cell.width, "the encoder's final states of a layer (bridge copy)",
             encoder.cell.width * ways);
        if (encoder.stacking == Stacking::Bottom)
            fault("bridge", "is copy; the encoder's layers are not alike");
        if (bridgeCell == BridgeCell::Own &&
            (encoder.cell.kind == CellKind::Lstm) != (decoder.cell.kind == CellKind::Lstm))
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
    for (int i = 0; bridgeHasLayers(s) && i < (bridgeIsShared(s) ? 1 : s.decoder.layers); ++i) {
        const std::string layer = bridgeLayer(s, i);
        const int rows = s.bridge == BridgeKind::Flat ? bridgeWidth(s) : n;
        has(layer + "W", {rows, bridgeWidth(s)});
        has(layer + "b", {rows});
        if (s.decoder.cell.kind == CellKind::Lstm && s.bridgeCell == BridgeCell::Own) {
            has(layer + "W_cell", {rows, bridgeWidth(s)});
            has(layer + "b_cell", {rows});
        }
        if (s.bridgeNorm != NormPlace::None) has(layer + "gain", {rows});
        if (s.bridgeNorm == NormPlace::AfterBias) has(layer + "shift", {rows});
    }
    has("target_embedding.W", {s.targetVocabulary, y});
    if (s.inputLayer.width > 0) {
        has("decoder.input.W", {s.inputLayer.width, decoderGiven(s)});
        has("decoder.input.b", {s.inputLayer.width});
    }
    for (int i = 0; i < s.decoder.layers; ++i) {
        const std::string layer = "decoder.layer" + std::to_string(i) + ".";
        all(cellSchema(s.decoder.cell, i == 0 ? decoderInput(s) : n, layer));
        all(transitionSchema(s.decoder.cell, s.decoder.transitionsOf(i), layer));
    }
    if (s.order == AttentionOrder::BetweenCells) all(cellSchema(s.decoder.cell, c, "decoder.cell2."));
    all(attentionSchema(s.attention, "attention."));
    const int rows = s.readout.width * (s.readout.activation == ReadoutActivation::Maxout ? 2 : 1);
    switch (s.readout.kind) {
        case ReadoutKind::Attentional:
            has("readout.W", {rows, c + n});
            if (s.readout.bias) has("readout.b", {rows});
            if (s.readout.contextGate == ContextGate::None) break;
            has("readout.W_gate", {rows, decoderGiven(s) + n + rows});
            has("readout.b_gate", {rows});
            has("readout.W_source", {rows, rows});
            has("readout.b_source", {rows});
            has("readout.W_target", {rows, decoderGiven(s) + n});
            has("readout.b_target", {rows});
            break;
        case ReadoutKind::DeepSum:
            has("readout.W_state", {rows, n});
            has("readout.W_context", {rows, c});
            has("readout.W_input", {rows, y});
            if (s.readout.norm != NormPlace::AfterBias && s.readout.bias) has("readout.b", {rows});
            for (const char* part : {"state", "context", "input"}) {
                const std::string name = part;
                if (s.readout.norm != NormPlace::None) has("readout.gain_" + name, {rows});
                if (s.readout.norm != NormPlace::AfterBias) continue;
                has("readout.b_" + name, {rows});
                has("readout.shift_" + name, {rows});
            }
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
        case ReadoutKind::JoinInput:
        case ReadoutKind::State:
            break;
    }
    if (s.readout.projection > 0) {
        has("readout.W_projection", {s.readout.projection, s.featureWidth()});
        has("readout.b_projection", {s.readout.projection});
    }
    if (!s.tiedEmbeddings) has("output.W", {s.targetVocabulary, s.outputInputWidth()});
    has("output.b", {s.targetVocabulary});
    if (s.copy != CopyKind::None) {
        has("copy.W", {1, s.featureWidth()});
        has("copy.b", {1});
    }
    if (s.copy == CopyKind::Own) all(attentionSchema(s.copyAttentionSpec(), "copy.attention."));
    return p;
}

} // namespace attn
