// SPDX-License-Identifier: GPL-3.0-or-later
#include <numeric>

#include "core/data/corpus_parts.h"
#include "core/data/pair_files.h"

namespace attn {

namespace {

class FileCorpus : public Corpus {
public:
    FileCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form)
        : m_seed(seed), m_form(form) {
        m_single = recipe.sides != TextSides::Pair;
        const auto read = [&](const std::vector<std::string>& paths) {
            return m_single ? readTexts(paths, recipe.sides, m_findings) : readPairFiles(paths, m_findings);
        };
        std::vector<TextPair> texts = read(recipe.pairs), held;
        if (recipe.validation.empty())
            held = holdOut(texts, recipe, seed);
        else
            held = read(recipe.validation);
        if (!recipe.validation.empty() && held.size() > static_cast<std::size_t>(recipe.validationPairs)) {
            note(m_findings, recipe.validation[0],
                 "the first " + std::to_string(recipe.validationPairs) + " of " +
                     std::to_string(held.size()) + " pairs validate");
            held.resize(static_cast<std::size_t>(recipe.validationPairs));
        }
        const TokeniserKind kind = recipe.tokens.empty() ? TokeniserKind::Words : *learnedKind(recipe.tokens);
        const auto lines = [&](std::string TextPair::*side) {
            return [&texts, side] {
                std::vector<std::string> all;
                for (const TextPair& pair : texts) all.push_back(pair.*side);
                return all;
            };
        };
        if (!m_single)
            m_sourceTokeniser = learnTokeniser(recipe, kind, recipe.sourceWords, lines(&TextPair::source));
        m_targetTokeniser = learnTokeniser(recipe, kind, recipe.targetWords, lines(&TextPair::target));

        std::unordered_map<std::string, long long> sourceCounts, targetCounts;
        if (kind != TokeniserKind::SentencePiece)
            for (const TextPair& pair : texts) {
                for (std::string& word : m_sourceTokeniser.tokeniseTexts(pair.source))
                    ++sourceCounts[std::move(word)];
                for (std::string& word : m_targetTokeniser.tokeniseTexts(pair.target))
                    ++targetCounts[std::move(word)];
            }
        if (!m_single) m_sourceVocabulary = vocabularyOf(m_sourceTokeniser, sourceCounts, recipe.sourceWords);
        m_targetVocabulary = vocabularyOf(m_targetTokeniser, targetCounts, recipe.targetWords);

        encodeAll(texts, recipe.pairs, recipe.maxLength, m_training);
        encodeAll(held, recipe.validation.empty() ? recipe.pairs : recipe.validation, 0, m_validation);
        if (m_training.empty())
            throw Error(ErrorKind::Data, recipe.pairs[0] + ": no pair of at most " +
                                             std::to_string(recipe.maxLength) +
                                             " tokens a side is left to train on; raise the limit");
        for (std::size_t i = 0; i < std::min<std::size_t>(3, held.size()); ++i)
            m_examples.push_back(shortened(m_single ? held[i].target : held[i].source));
        describe(recipe);
    }

    std::vector<EncodedPair> nextPool(long long targetWords) override {
        orderPass();
        std::vector<EncodedPair> pool;
        long long words = 0;
        while (m_position.index < m_training.size() && (words < targetWords || pool.empty())) {
            pool.push_back(m_training[m_order[m_position.index++]]);
            words += static_cast<long long>(pool.back().target.size());
        }
        if (m_position.index == m_training.size()) m_position = {m_position.epoch + 1, 0};
        return pool;
    }

    std::vector<EncodedPair> validation() const override { return m_validation; }

    void setPosition(const CorpusPosition& position) override {
        if (position.index >= m_training.size())
            throw Error(ErrorKind::Data, "the position is at pair " + std::to_string(position.index) +
                                             " of " + std::to_string(m_training.size()) +
                                             "; the files are not the ones that it was stored with");
        m_position = position;
    }

private:
    /// The text's beginning, of a length to be shown and to test a model with.
    static std::string shortened(const std::string& text) {
        constexpr int most = 300; // bytes
        std::string beginning;
        for (const Token& character : tokenise(TokeniserKind::Characters, text))
            if (character.end <= most) beginning += character.text;
        return beginning;
    }

    /// Takes pairs for validation out of `texts`, at most a tenth of them, chosen by the seed.
    static std::vector<TextPair> holdOut(std::vector<TextPair>& texts, const DataRecipe& recipe,
                                         std::uint64_t seed) {
        if (texts.size() < 2)
            throw Error(ErrorKind::Data, recipe.pairs[0] +
                                             ": one pair only; nothing is left to validate with. Give more "
                                             "pairs, or files for validation");
        const std::size_t count = std::clamp<std::size_t>(static_cast<std::size_t>(recipe.validationPairs), 1,
                                                          std::max<std::size_t>(1, texts.size() / 10));
        std::vector<std::size_t> order(texts.size());
        std::iota(order.begin(), order.end(), 0);
        Random(seed).shuffle(order);
        order.resize(count);
        std::sort(order.begin(), order.end());
        std::vector<TextPair> held, kept;
        for (std::size_t i = 0, next = 0; i < texts.size(); ++i) {
            const bool taken = next < order.size() && order[next] == i;
            next += taken ? 1 : 0;
            (taken ? held : kept).push_back(std::move(texts[i]));
        }
        texts = std::move(kept);
        return held;
    }

    /// `most` 0: any length.
    void encodeAll(const std::vector<TextPair>& texts, const std::vector<std::string>& paths, int most,
                   std::vector<EncodedPair>& pairs) {
        long long tooLong = 0;
        for (const TextPair& text : texts) {
            Example example;
            try {
                example = splitPair(text, m_sourceTokeniser, m_targetTokeniser);
            } catch (const Error& error) {
                throw Error(error.kind(),
                            paths[0] + ", line " + std::to_string(text.line) + ": " + error.what());
            }
            if (most > 0 && isLong(example, most))
                ++tooLong;
            else
                pairs.push_back(encodePair(example, m_form, m_sourceVocabulary, m_targetVocabulary));
        }
        if (tooLong > 0)
            note(m_findings, paths[0],
                 std::to_string(tooLong) + (tooLong == 1 ? " pair has" : " pairs have") + " more than " +
                     std::to_string(most) + " tokens on a side and " + (tooLong == 1 ? "is" : "are") +
                     " left out of training");
    }

    void describe(const DataRecipe& recipe) {
        std::string files;
        for (const std::string& path : recipe.pairs)
            files += (files.empty() ? "" : ", ") + path.substr(path.find_last_of('/') + 1);
        m_fingerprint = fnv1a("files");
        for (const auto* pairs : {&m_training, &m_validation}) {
            for (const EncodedPair& pair : *pairs) {
                m_fingerprint = hashOf(pair.target, hashOf(wordsOfSource(pair), m_fingerprint));
                for (const GoldLink& link : pair.links)
                    m_fingerprint = hashOf({link.source, link.target, link.sure}, m_fingerprint);
            }
            m_fingerprint = fnv1a("\f", m_fingerprint);
        }
        m_provenance = {"data: " + std::to_string(m_training.size()) +
                        (m_single ? " texts of " : " pairs of ") + files + ", " +
                        std::to_string(m_validation.size()) + " for validation"};
        for (const Vocabulary* vocabulary : {&m_sourceVocabulary, &m_targetVocabulary})
            for (const std::string& token : vocabulary->tokens())
                m_fingerprint = fnv1a(token + '\n', m_fingerprint);
    }

    /// A pair's source without the symbols that its model asks for: the same files have one fingerprint.
    std::vector<int> wordsOfSource(const EncodedPair& pair) const {
        if (pair.source.empty()) return {};
        return {pair.source.begin() + (m_form.sourceStart ? 1 : 0),
                pair.source.end() - (m_form.sourceEnd ? 1 : 0)};
    }

    void orderPass() {
        if (!m_order.empty() && m_orderedEpoch == m_position.epoch) return;
        m_orderedEpoch = m_position.epoch;
        m_order.resize(m_training.size());
        std::iota(m_order.begin(), m_order.end(), 0);
        randomOf(m_seed, m_orderedEpoch).shuffle(m_order);
    }

    std::uint64_t m_seed;
    TextForm m_form;
    std::vector<EncodedPair> m_training, m_validation;
    std::vector<std::size_t> m_order; ///< of the training pairs in pass m_orderedEpoch
    std::uint64_t m_orderedEpoch = 0;
};

} // namespace

std::unique_ptr<Corpus> makeFileCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form) {
    return std::make_unique<FileCorpus>(recipe, seed, form);
}

} // namespace attn
