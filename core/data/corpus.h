// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/batch.h"
#include "core/data/data_recipe.h"
#include "core/text/tokeniser.h"
#include "core/text/vocabulary.h"

namespace attn {

/// How far the training pairs have been drawn. It and the options decide every pair that follows.
struct CorpusPosition {
    std::uint64_t epoch = 0; ///< passes completed; always 0 for a task, whose pairs never end
    std::uint64_t index = 0; ///< pairs drawn of this pass

    bool operator==(const CorpusPosition&) const = default;
};

template <typename Visitor>
void visitFields(auto& position, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(position)>, CorpusPosition> {
    visit("epoch", position.epoch);
    visit("index", position.index);
}

/// Sentence pairs, or single texts, to train on and to validate with, and the vocabularies and tokenisers
/// that they make. A single text is the target of a pair whose source is empty; there is then no source
/// vocabulary.
///
/// Laws: pairs follow from recipe, seed and position alone, so that a run resumed from a stored
/// position draws what it would have drawn; no pair of a task's training part is in its validation part;
/// a pass over files gives every pair exactly once, in an order that the seed and the pass decide.
class Corpus {
public:
    virtual ~Corpus() = default;

    /// Whether the examples are single texts.
    bool isSingle() const { return m_single; }
    const Vocabulary& sourceVocabulary() const { return m_sourceVocabulary; }
    const Vocabulary& targetVocabulary() const { return m_targetVocabulary; }
    /// As a model's typed text is split; a Model takes them as they are.
    const Tokeniser& sourceTokeniser() const { return m_sourceTokeniser; }
    const Tokeniser& targetTokeniser() const { return m_targetTokeniser; }
    /// Name of the built-in task; empty for files.
    const std::string& task() const { return m_task; }
    /// Source sentences (single texts: those) good for a first look, as a person types them; at least one.
    const std::vector<std::string>& examples() const { return m_examples; }
    /// Lines for a model's provenance: which task or files, how many pairs.
    const std::vector<std::string>& provenance() const { return m_provenance; }
    /// What was left out, with counts: empty lines, pairs that are too long.
    const Findings& findings() const { return m_findings; }
    /// Of everything that decides which pairs are drawn, the files' content included: a training may only go
    /// on with a corpus of the same fingerprint.
    std::uint64_t fingerprint() const { return m_fingerprint; }

    /// The next training pairs, until their targets have at least `targetWords` ids (end symbols included),
    /// or the pass is over. Never empty.
    virtual std::vector<EncodedPair> nextPool(long long targetWords) = 0;
    /// All validation pairs, in the same order each time.
    virtual std::vector<EncodedPair> validation() const = 0;

    const CorpusPosition& position() const { return m_position; }
    /// Throws Error(Data) for a position that this corpus cannot have reached.
    virtual void setPosition(const CorpusPosition& position) = 0;

protected:
    Vocabulary m_sourceVocabulary, m_targetVocabulary;
    Tokeniser m_sourceTokeniser, m_targetTokeniser;
    std::string m_task;
    std::vector<std::string> m_examples, m_provenance;
    Findings m_findings;
    bool m_single = false;
    std::uint64_t m_fingerprint = 0;
    CorpusPosition m_position;
};

/// The corpus that a recipe asks for, in the form that the model asks for; `seed` decides what is drawn, and
/// what is held out for validation.
/// Throws Error(Argument) with every fault of the recipe, Error(Data) naming file and line for what cannot be
/// read.
std::unique_ptr<Corpus> makeCorpus(const DataRecipe& recipe, std::uint64_t seed = 1,
                                   const TextForm& form = {});

} // namespace attn
