// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/model_spec.h"
#include "core/nn/parameters.h"
#include "core/text/tokeniser.h"
#include "core/text/vocabulary.h"

namespace attn {

template <typename T>
class EncoderDecoder;

/// A sentence whose outcome is known, by which a file proves that it was read right.
struct SelfTest {
    std::string source;              ///< as typed
    std::vector<std::string> target; ///< the greedy result's tokens, the end symbol included
    std::vector<double> logProbs;    ///< natural log, one per target token
    double tolerance = 1e-3;         ///< largest allowed difference of a log-probability

    bool operator==(const SelfTest&) const = default;
};

template <typename Visitor>
void visitFields(auto& test,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(test)>, SelfTest> {
    visit("source", test.source);
    visit("target", test.target);
    visit("log_probs", test.logProbs);
    visit("tolerance", test.tolerance);
}

/// What a model says of itself beside its wiring and numbers.
struct ModelCard {
    std::string name;        ///< "en-fr-additive"
    std::string description; ///< one sentence for people
    TokeniserKind sourceTokeniser = TokeniserKind::Words;
    TokeniserKind targetTokeniser = TokeniserKind::Words;
    bool foldCase = false;  ///< an unknown word is looked up in lower case too
    bool lowercase = false; ///< typed text is lower-cased, as the training's was
    /// Words stand in reverse on both sides, the last one first, and are turned round for people.
    bool reversed = false;
    std::vector<std::string>
        never;                ///< target words that a search does not choose, whatever their probability
    bool endNotFirst = false; ///< nor the end symbol as the first word
    /// Built-in task whose gold alignments apply ("en-fr"); empty if none.
    std::string task;
    /// Where it comes from: recipe, data, seed, accuracy; shown to people line by line.
    std::vector<std::string> provenance;
    std::vector<std::string> examples; ///< source sentences good for a first look

    bool operator==(const ModelCard&) const = default;
};

template <typename Visitor>
void visitFields(auto& card,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(card)>, ModelCard> {
    visit("name", card.name);
    visit("description", card.description);
    visit("source_tokeniser", card.sourceTokeniser);
    visit("target_tokeniser", card.targetTokeniser);
    visit("fold_case", card.foldCase);
    visit("lowercase", card.lowercase);
    visit("reversed", card.reversed);
    visit("never", card.never);
    visit("end_not_first", card.endNotFirst);
    visit("task", card.task);
    visit("provenance", card.provenance);
    visit("examples", card.examples);
}

/// The SentencePiece models and the BPE codes of the sides whose tokeniser has them; nullptr for the others.
struct SidePieces {
    SentencePiecePtr source{}, target{};
    BpeCodesPtr sourceCodes{}, targetCodes{};
};

/// A trained model, ready to run: immutable, shared between threads. Nothing reached through a const Model
/// changes its numbers; they take no gradients either.
class Model {
public:
    /// Throws Error(Data) with every fault of the spec and every misfit between spec, card, vocabularies,
    /// SentencePiece models, BPE codes and parameters.
    Model(ModelCard card, ModelSpec spec, Vocabulary source, Vocabulary target, Parameters<float> parameters,
          std::optional<SelfTest> selfTest = std::nullopt, const SidePieces& pieces = {});
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    const ModelCard& card() const { return m_card; }
    const std::string& name() const { return m_card.name; }
    const ModelSpec& spec() const { return m_spec; }
    const Vocabulary& sourceVocabulary() const { return m_source; }
    const Vocabulary& targetVocabulary() const { return m_target; }
    /// How typed text becomes tokens: the card's kinds, lower-casing, SentencePiece models and BPE codes
    /// together; Moses' rules are those that the vocabulary shows.
    const Tokeniser& sourceTokeniser() const { return m_sourceTokeniser; }
    const Tokeniser& targetTokeniser() const { return m_targetTokeniser; }
    SidePieces pieces() const {
        return {m_sourceTokeniser.pieces(), m_targetTokeniser.pieces(), m_sourceTokeniser.codes(),
                m_targetTokeniser.codes()};
    }
    const Parameters<float>& parameters() const { return m_parameters; }
    const std::optional<SelfTest>& selfTest() const { return m_selfTest; }
    const EncoderDecoder<float>& network() const { return *m_network; }
    long long parameterCount() const { return attn::parameterCount(modelSchema(m_spec)); }

private:
    ModelCard m_card;
    ModelSpec m_spec;
    Vocabulary m_source, m_target;
    Tokeniser m_sourceTokeniser, m_targetTokeniser;
    Parameters<float> m_parameters;
    std::optional<SelfTest> m_selfTest;
    std::unique_ptr<EncoderDecoder<float>> m_network;
};
using ModelPtr = std::shared_ptr<const Model>;

} // namespace attn
