// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/bench_models.h"

namespace attn::cli {

BenchSize benchSize(const std::string& name) {
    if (name == "small") return {4000, 96, 128};
    if (name == "medium") return {10000, 256, 512};
    if (name == "large") return {30000, 620, 1000};
    throw Error(ErrorKind::Argument,
                "there is no size \"" + name + "\"; choose one of: small, medium, large");
}

EncoderDecoderSpec benchSpec(const BenchSize& size, const std::string& attention) {
    EncoderDecoderSpec m;
    m.sourceVocabulary = m.targetVocabulary = size.vocabulary;
    m.sourceEmbedding = m.targetEmbedding = size.embedding;
    m.sourceEnd = false;
    m.encoder.bidirectional = true;
    m.bridge = BridgeKind::Backward;
    m.decoder.cell.width = size.hidden;
    AttentionSpec& a = *m.attention;
    if (attention == "additive") {
        m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Gru;
        m.encoder.cell.width = size.hidden;
        m.order = AttentionOrder::PreviousState;
        a.score = Score::Additive;
        a.attentionWidth = size.hidden;
        m.readout = {ReadoutKind::DeepJoin, ReadoutActivation::Tanh, size.embedding, true};
    } else if (attention == "dot" || attention == "general") {
        m.encoder.cell.kind = m.decoder.cell.kind = CellKind::Lstm;
        m.encoder.cell.width = size.hidden / 2;
        m.order = AttentionOrder::CurrentState;
        m.inputFeeding = true;
        a.score = attention == "dot" ? Score::Dot : Score::General;
        m.readout = {ReadoutKind::Attentional, ReadoutActivation::Tanh, size.hidden, false};
    } else {
        throw Error(ErrorKind::Argument, "there is no attention \"" + attention +
                                             "\" to time; choose one of: additive, dot, general");
    }
    a.queryWidth = size.hidden;
    a.keyWidth = a.valueWidth = m.encoder.outputWidth();
    return m;
}

Parameters<float> benchParameters(const EncoderDecoderSpec& spec) {
    Random random(1);
    Parameters<float> parameters;
    for (const ParameterShape& shape : spec.schema()) {
        Matrix<float> value(shape.rows(), shape.cols());
        for (float& x : value) x = static_cast<float>(random.uniform(-0.1, 0.1));
        parameters.add(shape, std::move(value));
    }
    return parameters;
}

} // namespace attn::cli
