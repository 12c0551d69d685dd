// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include "core/model/encoder_decoder.h"

namespace attn {

namespace {

/// A SentencePiece model stands where the card's tokeniser is one, and its pieces are in the vocabulary; so
/// do BPE codes, whose vocabulary may be any.
Findings pieceMisfits(const ModelCard& card, const Vocabulary& source, const Vocabulary& target,
                      const SidePieces& pieces) {
    Findings faults;
    const auto check = [&](const std::string& where, TokeniserKind kind, TokeniserKind wanted, bool there) {
        if (kind == wanted && !there)
            faults.push_back(
                {Severity::Fault, where, "is missing; the card's tokeniser is " + std::string(toText(kind))});
        else if (kind != wanted && there)
            faults.push_back({Severity::Fault, where,
                              "stands beside the tokeniser " + std::string(toText(kind)) + "; it goes with " +
                                  std::string(toText(wanted)) + " only"});
    };
    const auto checkSide = [&](const std::string& side, TokeniserKind kind, const SentencePiecePtr& model,
                               const BpeCodesPtr& codes, const Vocabulary& vocabulary) {
        const std::string where = side + "_pieces";
        check(where, kind, TokeniserKind::SentencePiece, model != nullptr);
        check(side + "_codes", kind, TokeniserKind::Bpe, codes != nullptr);
        if (kind == TokeniserKind::SentencePiece && model && !model->splitsFor(vocabulary))
            faults.push_back(
                {Severity::Fault, where,
                 "has other pieces than the vocabulary has tokens: less than half of these are its pieces"});
    };
    checkSide("source", card.sourceTokeniser, pieces.source, pieces.sourceCodes, source);
    checkSide("target", card.targetTokeniser, pieces.target, pieces.targetCodes, target);
    return faults;
}

/// Whole, with the rules that the vocabulary shows.
Tokeniser tokeniserOf(TokeniserKind kind, bool lowercase, const SentencePiecePtr& pieces,
                      const BpeCodesPtr& codes, const Vocabulary& vocabulary) {
    const MosesRules rules = kind == TokeniserKind::Moses ? mosesRulesOf(vocabulary) : MosesRules{};
    return Tokeniser(kind, lowercase, pieces, codes, rules);
}

Findings misfits(const ModelCard& card, const ModelSpec& spec, const Vocabulary& source,
                 const Vocabulary& target, const Parameters<float>& parameters, const SidePieces& pieces) {
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
    if (spec.sourceVocabulary == source.size() && spec.targetVocabulary == target.size())
        for (const Finding& misfit : pieceMisfits(card, source, target, pieces)) faults.push_back(misfit);
    for (const std::string& word : card.never)
        if (!target.contains(word)) fault("never", "\"" + word + "\" is not in the target vocabulary");
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
             Parameters<float> parameters, std::optional<SelfTest> selfTest, const SidePieces& pieces)
    : m_card(std::move(card)),
      m_spec(std::move(spec)),
      m_source(std::move(source)),
      m_target(std::move(target)),
      m_parameters(std::move(parameters)),
      m_selfTest(std::move(selfTest)) {
    throwFaults(ErrorKind::Data, "the model \"" + m_card.name + "\" does not fit together:",
                misfits(m_card, m_spec, m_source, m_target, m_parameters, pieces));
    m_parameters.freeze();
    m_sourceTokeniser =
        tokeniserOf(m_card.sourceTokeniser, m_card.lowercase, pieces.source, pieces.sourceCodes, m_source);
    m_targetTokeniser =
        tokeniserOf(m_card.targetTokeniser, m_card.lowercase, pieces.target, pieces.targetCodes, m_target);
    m_network = std::make_unique<EncoderDecoder<float>>(m_spec, m_parameters);
}

Model::~Model() = default;

} // namespace attn
