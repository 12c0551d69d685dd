// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/import.h"

namespace attn {

namespace {

std::string number(int n) {
    return std::to_string(n);
}

std::string normText(NormPlace place) {
    switch (place) {
        case NormPlace::None:
            return "";
        case NormPlace::BeforeBias:
            return ", layer normalisation before the bias";
        case NormPlace::AfterBias:
            return ", layer normalisation after the bias";
    }
    return "";
}

std::string stackText(const RnnSpec& rnn) {
    std::string text = number(rnn.layers) + (rnn.layers == 1 ? " layer of " : " layers of ") +
                       number(rnn.cell.width) + " " + std::string(toText(rnn.cell.kind)) + " units";
    if (rnn.bidirectional) text += ", both directions";
    if (rnn.bidirectional && rnn.stacking != Stacking::Joined)
        text += " (" + std::string(toText(rnn.stacking)) + ")";
    if (rnn.bidirectional && rnn.output == DirectionJoin::Sum) text += ", summed";
    if (rnn.residual) text += ", residual";
    for (int i = 0; i < rnn.layers && !rnn.transitions.empty(); ++i)
        text += (i ? ", " : "; transitions a layer: ") + number(rnn.transitionsOf(i));
    return text + normText(rnn.cell.norm);
}

std::string bridgeText(const EncoderDecoderSpec& spec) {
    std::string text(toText(spec.bridge));
    const bool layer = spec.bridge == BridgeKind::Last || spec.bridge == BridgeKind::Backward ||
                       spec.bridge == BridgeKind::Mean || spec.bridge == BridgeKind::Layers ||
                       spec.bridge == BridgeKind::Flat;
    if (layer) text += ", " + std::string(toText(spec.bridgeActivation)) + normText(spec.bridgeNorm);
    if (spec.decoder.cell.kind == CellKind::Lstm && spec.bridgeCell == BridgeCell::Hidden)
        text += ", the cell state starts as the hidden one";
    return text;
}

std::string attentionText(const AttentionSpec& a) {
    std::string text(toText(a.score));
    if (a.attentionWidth > 0) text += " of width " + number(a.attentionWidth);
    if (a.maxPositions > 0) text += ", up to " + number(a.maxPositions) + " positions";
    if (a.allPositions) text += ", all of which take part";
    text += ", " + std::string(toText(a.scope)) + ", " + std::string(toText(a.normaliser));
    if (a.heads > 0) text += ", " + number(a.heads) + " heads";
    if (a.coverage) text += ", coverage";
    if (a.relevance) text += ", relevance";
    if (a.gate != Gate::None) text += ", gate " + std::string(toText(a.gate));
    return text + normText(a.norm);
}

} // namespace

std::vector<std::string> describeWiring(const EncoderDecoderSpec& s) {
    std::vector<std::string> lines;
    lines.push_back("source: " + number(s.sourceVocabulary) + " words, embedding " +
                    number(s.sourceEmbedding) + (s.sourceStart ? ", start symbol before it" : "") +
                    (s.sourceEnd ? ", end symbol behind it" : ""));
    lines.push_back("encoder: " + stackText(s.encoder));
    lines.push_back("first state: " + bridgeText(s));
    lines.push_back("decoder: " + stackText(s.decoder) + ", order " + std::string(toText(s.order)) +
                    (s.inputFeeding ? ", input feeding" : "") +
                    (s.inputLayer.width > 0 ? ", input layer of " + number(s.inputLayer.width) : ""));
    lines.push_back("attention: " +
                    (s.attention ? attentionText(*s.attention)
                                 : std::string("none: the encoder's last states are the context")) +
                    (s.queryInput ? ", the query is [embedding; state]" : ""));
    std::string readout = "readout: " + std::string(toText(s.readout.kind));
    if (s.readout.width > 0)
        readout += " of width " + number(s.readout.width) + ", " + std::string(toText(s.readout.activation));
    if (s.readout.contextGate != ContextGate::None)
        readout += ", context gate " + std::string(toText(s.readout.contextGate));
    if (s.readout.projection > 0) readout += ", projected to " + number(s.readout.projection);
    lines.push_back(readout + normText(s.readout.norm));
    lines.push_back("output: " + number(s.targetVocabulary) + " words, embedding " +
                    number(s.targetEmbedding) + (s.tiedEmbeddings ? ", tied with the output layer" : ""));
    if (s.copy != CopyKind::None)
        lines.push_back("copying: " + (s.copy == CopyKind::Own
                                           ? "attention of its own, " + attentionText(s.copyAttention)
                                           : std::string("by the attention's weights")));
    return lines;
}

} // namespace attn
