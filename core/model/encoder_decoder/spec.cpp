// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/encoder_decoder/spec.h"

namespace attn {

int EncoderDecoderSpec::contextWidth() const {
    if (attention) return attention->contextWidth();
    return encoder.cell.width * (encoder.hasBackward(encoder.layers - 1) ? 2 : 1);
}

int EncoderDecoderSpec::featureWidth() const {
    switch (readout.kind) {
        case ReadoutKind::Join:
            return decoder.cell.width + contextWidth();
        case ReadoutKind::JoinInput:
            return decoder.cell.width + contextWidth() + targetEmbedding;
        case ReadoutKind::State:
            return decoder.cell.width;
        default:
            return readout.width;
    }
}

int EncoderDecoderSpec::decoderGiven() const {
    return targetEmbedding + (order == AttentionOrder::PreviousState ? contextWidth()
                              : inputFeeding                         ? featureWidth()
                                                                     : 0);
}

int EncoderDecoderSpec::bridgeWidth() const {
    switch (bridge) {
        case BridgeKind::Backward:
            return encoder.cell.width;
        case BridgeKind::Mean:
            return encoder.outputWidth();
        case BridgeKind::Flat:
            return encoder.cell.width * encoder.layers;
        case BridgeKind::Layers:
            return encoder.cell.width * (encoder.bidirectional ? 2 : 1);
        default: // last and first: the top layer's final states
            return encoder.cell.width * (encoder.hasBackward(encoder.layers - 1) ? 2 : 1);
    }
}

bool EncoderDecoderSpec::bridgeHasLayers() const {
    switch (bridge) {
        case BridgeKind::Zero:
        case BridgeKind::Copy:
        case BridgeKind::First:
        case BridgeKind::InOrder:
            return false;
        default:
            return true;
    }
}

AttentionSpec EncoderDecoderSpec::copyAttentionSpec() const {
    AttentionSpec filled = copyAttention;
    filled.queryWidth = featureWidth();
    filled.keyWidth = filled.valueWidth = encoder.outputWidth();
    return filled;
}

namespace {

/// Collects the faults of one spec.
class Check {
public:
    explicit Check(const EncoderDecoderSpec& spec) : s(spec) {}
    Findings run() {
        widths();
        attention();
        places();
        readout();
        bridge();
        bridgeStates();
        copying();
        bridgeCopies();
        return std::move(m_faults);
    }

private:
    void fault(const char* where, const std::string& text) {
        m_faults.push_back({Severity::Fault, where, text});
    }
    void same(const char* where, int value, const char* other, int wanted) {
        if (value != wanted)
            fault(where,
                  "is " + std::to_string(value) + "; expected " + std::to_string(wanted) + ", " + other);
    }
    /// "is VALUE; it belongs to ...".
    void belongs(const char* where, const std::string& value, const std::string& to) {
        fault(where, "is " + value + "; it belongs to " + to);
    }
    void add(const Findings& part, const std::string& under) {
        for (Finding f : part) {
            f.where = under + f.where;
            m_faults.push_back(f);
        }
    }

    void widths();
    void attention();
    void places();
    void readout();
    void bridge();
    void bridgeStates();
    void copying();
    void bridgeCopies();

    const EncoderDecoderSpec& s;
    Findings m_faults;
};

void Check::widths() {
    checkBounds(s, "", m_faults);
    checkBounds(s.readout, "readout.", m_faults);
    checkBounds(s.inputLayer, "input_layer.", m_faults);
    add(s.encoder.validate("encoder"), "");
    add(s.decoder.validate("decoder"), "");
    if (s.decoder.bidirectional) fault("decoder.bidirectional", "is true; a decoder reads in one direction");
    if (s.decoder.stacking != Stacking::Joined || s.decoder.output != DirectionJoin::Join)
        fault("decoder.stacking", "is for encoders");
}

void Check::attention() {
    if (!s.attention) return;
    add(s.attention->validate(), "attention.");
    same("attention.query_width", s.attention->queryWidth,
         s.queryInput ? "the target embedding's and the decoder's width" : "the decoder's width",
         s.queryWidth());
    same("attention.key_width", s.attention->keyWidth, "the encoder's output width", s.encoder.outputWidth());
    same("attention.value_width", s.attention->valueWidth, "the encoder's output width",
         s.encoder.outputWidth());
    if (s.summaryGate != Gate::None)
        belongs("summary_gate", std::string(toText(s.summaryGate)), "models without attention");
}

void Check::places() {
    const std::string is = ", the order is " + std::string(toText(s.order));
    if (s.inputFeeding && s.order != AttentionOrder::CurrentState)
        belongs("input_feeding", "true", "the order current_state" + is);
    if (s.queryInput && s.order != AttentionOrder::PreviousState)
        belongs("query_input", "true", "the order previous_state" + is);
    if (s.inputLayer.width > 0 && s.order != AttentionOrder::PreviousState)
        belongs("input_layer.width", std::to_string(s.inputLayer.width), "the order previous_state" + is);
}

void Check::readout() {
    const ReadoutSpec& r = s.readout;
    const bool deep = r.kind == ReadoutKind::DeepSum || r.kind == ReadoutKind::DeepJoin;
    if (deep || r.kind == ReadoutKind::Attentional || r.kind == ReadoutKind::TwoTanh)
        if (r.width == 0)
            fault("readout.width", "is 0; the readout " + std::string(toText(r.kind)) + " needs at least 1");
    if (s.tiedEmbeddings && s.outputInputWidth() != s.targetEmbedding)
        fault("tied_embeddings", "is true; the output layer reads " + std::to_string(s.outputInputWidth()) +
                                     " columns, the target embedding has " +
                                     std::to_string(s.targetEmbedding) + ": one matrix cannot be both");
    const std::string activation(toText(r.activation));
    if (r.activation == ReadoutActivation::Maxout && !deep)
        belongs("readout.activation", activation, "deep_sum and deep_join");
    if (r.activation != ReadoutActivation::Tanh && !deep && r.kind != ReadoutKind::Attentional)
        belongs("readout.activation", activation, "attentional, deep_sum and deep_join");
    if (r.norm != NormPlace::None && r.kind != ReadoutKind::DeepSum)
        belongs("readout.norm", std::string(toText(r.norm)), "deep_sum");
    if (r.contextGate != ContextGate::None &&
        (r.kind != ReadoutKind::Attentional || s.order != AttentionOrder::CurrentState))
        belongs("readout.context_gate", std::string(toText(r.contextGate)),
                "attentional and the order current_state");
}

void Check::bridge() {
    const std::string kind(toText(s.bridge));
    if (s.attention && s.attention->allPositions && s.bridge == BridgeKind::Mean)
        fault("attention.all_positions", "is true; the bridge mean counts the source's own words");
    if (s.bridge == BridgeKind::Backward && !s.encoder.hasBackward(s.encoder.layers - 1))
        fault("bridge", "is backward; the encoder's top layer has no backward direction");
    if (s.bridgeNorm != NormPlace::None && !(s.bridgeHasLayers() && s.bridgeIsShared()))
        fault("bridge_norm", "is " + std::string(toText(s.bridgeNorm)) +
                                 "; it is for a shared bridge with a layer, this one is " + kind);
    if (s.bridgeShared && !s.bridgeHasLayers())
        fault("bridge_shared", "is true; the bridge " + kind + " has no layer");
}

void Check::bridgeStates() {
    const int ways = s.encoder.bidirectional ? 2 : 1;
    if (s.bridge == BridgeKind::Layers || s.bridge == BridgeKind::Flat) {
        same("decoder.layers", s.decoder.layers, "the encoder's layers", s.encoder.layers);
        if (s.encoder.stacking == Stacking::Bottom)
            fault("bridge", "is " + std::string(toText(s.bridge)) + "; the encoder's layers are not alike");
    }
    if (s.bridge == BridgeKind::Flat)
        same("decoder.cell.width", s.decoder.cell.width, "the encoder's final states of a layer",
             s.encoder.cell.width * ways);
    if (s.bridge == BridgeKind::First && s.bridgeWidth() < s.decoder.cell.width)
        fault("bridge", "is first; the top layer's final states have " + std::to_string(s.bridgeWidth()) +
                            " columns, the decoder's state " + std::to_string(s.decoder.cell.width));
    if (s.bridge == BridgeKind::InOrder) {
        same("decoder.cell.width", s.decoder.cell.width, "the encoder's width (bridge in_order)",
             s.encoder.cell.width);
        if (s.encoder.stacking == Stacking::Bottom || s.encoder.layers * ways < s.decoder.layers)
            fault("bridge", "is in_order; the encoder has too few final states for the decoder's " +
                                std::to_string(s.decoder.layers) + " layers");
    }
    const bool takesCells = s.bridge == BridgeKind::Layers || s.bridge == BridgeKind::Flat ||
                            s.bridge == BridgeKind::InOrder || s.bridge == BridgeKind::First;
    if (takesCells && s.bridgeCell == BridgeCell::Own && s.decoder.cell.kind == CellKind::Lstm &&
        s.encoder.cell.kind != CellKind::Lstm)
        fault("bridge_cell", "is own; the decoder's lstm needs cell states, which the encoder lacks");
}

void Check::copying() {
    const std::string kind(toText(s.copy));
    if (s.copy == CopyKind::Own) {
        add(s.copyAttentionSpec().validate(), "copy_attention.");
        if (s.copyAttention.maps() != 1) fault("copy_attention", "has heads; expected one map of weights");
    }
    if (s.copy != CopyKind::None && !s.attention)
        fault("copy", "is " + kind + "; without attention nothing is copied");
    if (s.copy != CopyKind::None && s.attention && s.attention->allPositions)
        fault("copy", "is " + kind + "; attention.all_positions has positions without words");
    if (s.copyBlocked && (s.copy == CopyKind::None || *s.copyBlocked >= s.targetVocabulary))
        fault("copy_blocked",
              "is " + std::to_string(*s.copyBlocked) + "; expected a target word of a model that copies");
}

void Check::bridgeCopies() {
    if (s.bridge != BridgeKind::Copy) return;
    same("decoder.layers", s.decoder.layers, "the encoder's layers (bridge copy)", s.encoder.layers);
    same("decoder.cell.width", s.decoder.cell.width, "the encoder's final states of a layer (bridge copy)",
         s.encoder.cell.width * (s.encoder.bidirectional ? 2 : 1));
    if (s.encoder.stacking == Stacking::Bottom)
        fault("bridge", "is copy; the encoder's layers are not alike");
    if (s.bridgeCell == BridgeCell::Own &&
        (s.encoder.cell.kind == CellKind::Lstm) != (s.decoder.cell.kind == CellKind::Lstm))
        fault("bridge", "is copy; an lstm has a cell state that the other side lacks");
}

} // namespace

Findings EncoderDecoderSpec::validate() const {
    return Check(*this).run();
}

} // namespace attn
