// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include "core/model/encoder_decoder.h"

namespace attn {

namespace {

Findings misfits(const ModelSpec& spec, const Vocabulary& source, const Vocabulary& target,
                 const Parameters<float>& parameters) {
    Findings faults = spec.validate();
    const auto fault = [&](const std::string& where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    if (source.size() != spec.sourceVocabulary)
        fault("source_vocabulary", "the vocabulary has " + std::to_string(source.size()) +
                                       " words, the spec says " + std::to_string(spec.sourceVocabulary));
    if (target.size() != spec.targetVocabulary)
        fault("target_vocabulary", "the vocabulary has " + std::to_string(target.size()) +
                                       " words, the spec says " + std::to_string(spec.targetVocabulary));
    if (!faults.empty()) return faults; // without a sound spec there is no schema to hold the parameters to
    for (const ParameterShape& wanted : modelSchema(spec)) {
        if (!parameters.contains(wanted.name)) {
            fault(wanted.name, "is missing");
            continue;
        }
        const Matrix<float>& found = parameters[wanted.name].value();
        if (found.rows() != wanted.rows() || found.cols() != wanted.cols())
            fault(wanted.name, "is " + std::to_string(found.rows()) + " x " + std::to_string(found.cols()) +
                                   "; expected " + std::to_string(wanted.rows()) + " x " +
                                   std::to_string(wanted.cols()));
    }
    return faults;
}

} // namespace

Model::Model(ModelCard card, ModelSpec spec, Vocabulary source, Vocabulary target,
             Parameters<float> parameters, std::optional<SelfTest> selfTest)
    : m_card(std::move(card)),
      m_spec(std::move(spec)),
      m_source(std::move(source)),
      m_target(std::move(target)),
      m_parameters(std::move(parameters)),
      m_selfTest(std::move(selfTest)) {
    throwFaults(ErrorKind::Data, "the model \"" + m_card.name + "\" does not fit together:",
                misfits(m_spec, m_source, m_target, m_parameters));
    m_network = std::make_unique<EncoderDecoder<float>>(m_spec, m_parameters);
}

Model::~Model() = default;

} // namespace attn
