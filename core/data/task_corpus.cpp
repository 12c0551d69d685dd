// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/corpus_parts.h"
#include "core/data/links.h"
#include "core/tasks/split.h"
#include "core/tasks/task.h"

namespace attn {

namespace {

/// Sentences of a task from which vocabularies are made that are not the task's own.
constexpr int kVocabularySample = 20'000;
/// Draws in a row that may be too long before a task is taken to have nothing short enough.
constexpr int kMostTooLong = 10'000;

class TaskCorpus : public Corpus {
public:
    TaskCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form)
        : m_recipe(recipe), m_seed(seed), m_form(form), m_language(makeTask(recipe.task)) {
        m_single = recipe.sides != TextSides::Pair || m_language->isSingle();
        if (recipe.sides == TextSides::Source && m_language->isSingle())
            throw Error(ErrorKind::Argument, "the task " + recipe.task +
                                                 " has single texts and no source side; choose the "
                                                 "side target, or leave it out");
        m_task = m_language->name();
        const auto own = [](std::string_view name) {
            return learnedKind(std::string(name)).value_or(TokeniserKind::Words);
        };
        m_ownSource = own(m_language->tokeniser());
        m_ownTarget = recipe.sides == TextSides::Source ? m_ownSource : own(m_language->targetTokeniser());
        const auto kind = [&](TokeniserKind own) {
            return recipe.tokens.empty() ? own : *learnedKind(recipe.tokens);
        };
        m_resplit = kind(m_ownSource) != m_ownSource || kind(m_ownTarget) != m_ownTarget || recipe.lowercase;
        learnVocabularies(kind(m_ownSource), kind(m_ownTarget));
        m_examples = m_language->showcase();
        if (recipe.sides == TextSides::Target && !m_language->isSingle())
            for (std::string& text : m_examples) text = targetText();
        m_provenance = {
            "data: drawn from the built-in task " + m_task +
            (recipe.sides != TextSides::Pair ? ", " + std::string(toText(recipe.sides)) + " side" : "") +
            ", seed " + std::to_string(seed)};
        m_fingerprint = fnv1a(m_task);
        const TextForm anyForm;
        for (std::uint64_t i = 0; i < 100; ++i) {
            const EncodedPair pair = encoded(trainingExample(i), anyForm);
            m_fingerprint = hashOf(pair.target, hashOf(pair.source, m_fingerprint));
        }
    }

    std::vector<EncodedPair> nextPool(long long targetWords) override {
        std::vector<EncodedPair> pool;
        int tooLong = 0;
        for (long long words = 0; words < targetWords || pool.empty();) {
            const Example example = trainingExample(m_position.index++);
            if (isLong(example, m_recipe.maxLength)) {
                if (++tooLong > kMostTooLong)
                    throw Error(ErrorKind::Argument, std::to_string(tooLong) + " sentences of the task " +
                                                         m_task + " in a row have more than " +
                                                         std::to_string(m_recipe.maxLength) +
                                                         " tokens; raise the limit");
                continue;
            }
            tooLong = 0;
            pool.push_back(encoded(example, m_form));
            words += static_cast<long long>(pool.back().target.size());
        }
        return pool;
    }

    std::vector<EncodedPair> validation() const override {
        Random random(1); // the same sentences whatever the training's seed, so that losses compare
        std::vector<EncodedPair> pairs;
        for (int i = 0; i < m_recipe.validationPairs; ++i)
            pairs.push_back(encoded(split(drawn(Split::Validation, random)), m_form));
        return pairs;
    }

    void setPosition(const CorpusPosition& position) override {
        if (position.epoch != 0)
            throw Error(ErrorKind::Data, "the position is in pass " + std::to_string(position.epoch) +
                                             "; the pairs of a task never end");
        m_position = position;
    }

private:
    void learnVocabularies(TokeniserKind sourceKind, TokeniserKind targetKind) {
        const auto sample = [&](std::uint64_t i) {
            Random random = randomOf(m_seed + 1, i);
            return drawn(Split::Train, random);
        };
        const auto lines = [&](TokeniserKind own, const auto& side) {
            return [&, own] {
                std::vector<std::string> texts;
                for (int i = 0; i < kVocabularySample; ++i)
                    texts.push_back(detokenise(own, side(sample(static_cast<std::uint64_t>(i)))));
                return texts;
            };
        };
        const auto source = [](const Example& example) { return example.source; };
        const auto target = [](const Example& example) { return example.target; };
        if (!m_single)
            m_sourceTokeniser =
                learnTokeniser(m_recipe, sourceKind, m_recipe.sourceWords, lines(m_ownSource, source));
        m_targetTokeniser =
            learnTokeniser(m_recipe, targetKind, m_recipe.targetWords, lines(m_ownTarget, target));
        if (!m_resplit && m_recipe.sourceWords == 0 && m_recipe.targetWords == 0) {
            if (!m_single) m_sourceVocabulary = Vocabulary::ofWords(m_language->sourceTokens());
            m_targetVocabulary =
                Vocabulary::ofWords(m_recipe.sides == TextSides::Source ? m_language->sourceTokens()
                                                                        : m_language->targetTokens());
            return;
        }
        std::unordered_map<std::string, long long> sourceCounts, targetCounts;
        if (sourceKind != TokeniserKind::SentencePiece || targetKind != TokeniserKind::SentencePiece)
            for (int i = 0; i < kVocabularySample; ++i) {
                const Example example = split(sample(static_cast<std::uint64_t>(i)));
                for (const std::string& word : example.source) ++sourceCounts[word];
                for (const std::string& word : example.target) ++targetCounts[word];
            }
        if (!m_single)
            m_sourceVocabulary = vocabularyOf(m_sourceTokeniser, sourceCounts, m_recipe.sourceWords);
        m_targetVocabulary = vocabularyOf(m_targetTokeniser, targetCounts, m_recipe.targetWords);
    }

    /// An example of the task, or the one side of it that is asked for as the target.
    Example drawn(Split part, Random& random) const {
        Example example = generateFrom(*m_language, part, random);
        if (!m_single) return example;
        if (m_recipe.sides == TextSides::Source) example.target = std::move(example.source);
        return {{}, std::move(example.target), {}};
    }

    /// A target of the training part, as a person types it.
    std::string targetText() {
        Random random = randomOf(m_seed + 2, m_targetsShown++);
        return detokenise(m_ownTarget, drawn(Split::Train, random).target);
    }

    /// Training example i, which depends on i alone.
    Example trainingExample(std::uint64_t i) const {
        Random random = randomOf(m_seed, i);
        return split(drawn(Split::Train, random));
    }

    /// The task's tokens as this corpus's, the links carried over.
    Example split(Example example) const {
        if (!m_resplit) return example;
        Example again;
        Resplit sides[2];
        const auto side = [&](const std::vector<std::string>& words, TokeniserKind own,
                              const Tokeniser& tokeniser, Resplit& resplit, std::vector<std::string>& texts) {
            const std::string text = detokenise(own, words);
            resplit = {tokenise(own, text), tokeniser.tokenise(text)};
            if (resplit.from.size() != words.size())
                throw Error(ErrorKind::Bug, "the task " + m_task + " does not split its own sentence \"" +
                                                text + "\" as it made it");
            for (const Token& token : resplit.to) texts.push_back(token.text);
        };
        side(example.source, m_ownSource, m_sourceTokeniser, sides[0], again.source);
        side(example.target, m_ownTarget, m_targetTokeniser, sides[1], again.target);
        again.links = carryLinks(example.links, sides[0], sides[1]);
        return again;
    }

    EncodedPair encoded(const Example& example, const TextForm& form) const {
        return encodePair(example, form, m_sourceVocabulary, m_targetVocabulary);
    }

    DataRecipe m_recipe;
    std::uint64_t m_seed;
    TextForm m_form;
    std::uint64_t m_targetsShown = 0;
    std::unique_ptr<Task> m_language;
    TokeniserKind m_ownSource = TokeniserKind::Words, m_ownTarget = TokeniserKind::Words; ///< the task's
    bool m_resplit = false;
};

} // namespace

std::unique_ptr<Corpus> makeTaskCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form) {
    return std::make_unique<TaskCorpus>(recipe, seed, form);
}

} // namespace attn
