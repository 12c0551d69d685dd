// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/corpus.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/tasks/split.h"
#include "core/tasks/task.h"
#include "core/text/lowercase.h"
#include "core/train/links.h"
#include "core/train/pair_files.h"

namespace attn {

namespace {

/// Sentences of a task from which vocabularies are made that are not the task's own.
constexpr int kVocabularySample = 20'000;
/// Draws in a row that may be too long before a task is taken to have nothing short enough.
constexpr int kMostTooLong = 10'000;

constexpr const char* kBpe = "sentencepiece-bpe";

/// Kinds whose rules or codes a vocabulary or another program brings are not learned here.
std::optional<TokeniserKind> kindOf(const std::string& tokens) {
    if (tokens == kBpe) return TokeniserKind::SentencePiece;
    const std::optional<TokeniserKind> kind = fromText<TokeniserKind>(tokens);
    return kind == TokeniserKind::Moses || kind == TokeniserKind::Bpe ? std::nullopt : kind;
}

/// The names that kindOf() knows.
std::string allKinds() {
    std::string all;
    for (const auto& [kind, name] : EnumNames<TokeniserKind>::names)
        if (kindOf(std::string(name))) all += std::string(name) + ", ";
    return all + kBpe;
}

/// Two numbers as the seed of a generator of its own, so that any pair or pass can be made by itself.
Random randomOf(std::uint64_t seed, std::uint64_t index) {
    return Random(Random(seed).next() ^ Random(~index).next());
}

std::uint64_t hashOf(const std::vector<int>& ids, std::uint64_t hash) {
    for (const int id : ids) hash = fnv1a(std::to_string(id) + ' ', hash);
    return fnv1a("\n", hash);
}

void note(Findings& findings, const std::string& where, const std::string& text) {
    findings.push_back({Severity::Note, where, text});
}

/// One side's tokeniser, learned from `lines` where it is a SentencePiece model. `lines` is called for its
/// result only then.
template <typename Lines>
Tokeniser learnTokeniser(const CorpusOptions& options, TokeniserKind kind, int size, const Lines& lines) {
    if (kind != TokeniserKind::SentencePiece) return Tokeniser(kind, options.lowercase);
    std::vector<std::string> texts = lines();
    if (options.lowercase)
        for (std::string& text : texts) text = lowered(text);
    const auto algorithm = options.tokens == kBpe ? PieceAlgorithm::Bpe : PieceAlgorithm::Unigram;
    constexpr int special = 4;
    return Tokeniser(kind, options.lowercase,
                     SentencePiece::train(texts, size > 0 ? size + special : 0, algorithm));
}

/// The pieces' vocabulary, or the words counted.
Vocabulary vocabularyOf(const Tokeniser& tokeniser, const std::unordered_map<std::string, long long>& counts,
                        int size) {
    return tokeniser.pieces() ? tokeniser.pieces()->vocabulary() : Vocabulary::ofFrequent(counts, size);
}

bool isLong(const Example& example, int most) {
    return std::max(example.source.size(), example.target.size()) > static_cast<std::size_t>(most);
}

// ---- a built-in task -----------------------------------------------------------------------------

class TaskCorpus : public Corpus {
public:
    explicit TaskCorpus(const CorpusOptions& options)
        : m_options(options), m_language(makeTask(options.task)) {
        m_task = m_language->name();
        const auto own = [](std::string_view name) {
            return kindOf(std::string(name)).value_or(TokeniserKind::Words);
        };
        m_ownSource = own(m_language->tokeniser());
        m_ownTarget = own(m_language->targetTokeniser());
        const auto kind = [&](TokeniserKind own) {
            return options.tokens.empty() ? own : *kindOf(options.tokens);
        };
        m_resplit = kind(m_ownSource) != m_ownSource || kind(m_ownTarget) != m_ownTarget || options.lowercase;
        learnVocabularies(kind(m_ownSource), kind(m_ownTarget));
        m_examples = m_language->showcase();
        m_provenance = {"data: drawn from the built-in task " + m_task + ", seed " +
                        std::to_string(options.seed)};
        m_fingerprint = fnv1a(m_task);
        const EncoderDecoderSpec anySpec;
        for (std::uint64_t i = 0; i < 100; ++i) {
            const EncodedPair pair = encoded(trainingExample(i), anySpec);
            m_fingerprint = hashOf(pair.target, hashOf(pair.source, m_fingerprint));
        }
    }

    std::vector<EncodedPair> nextPool(long long targetWords, const EncoderDecoderSpec& spec) override {
        std::vector<EncodedPair> pool;
        int tooLong = 0;
        for (long long words = 0; words < targetWords || pool.empty();) {
            const Example example = trainingExample(m_position.index++);
            if (isLong(example, m_options.maxLength)) {
                if (++tooLong > kMostTooLong)
                    throw Error(ErrorKind::Argument, std::to_string(tooLong) + " sentences of the task " +
                                                         m_task + " in a row have more than " +
                                                         std::to_string(m_options.maxLength) +
                                                         " tokens; raise the limit");
                continue;
            }
            tooLong = 0;
            pool.push_back(encoded(example, spec));
            words += static_cast<long long>(pool.back().target.size());
        }
        return pool;
    }

    std::vector<EncodedPair> validation(const EncoderDecoderSpec& spec) const override {
        Random random(1); // the same sentences whatever the training's seed, so that losses compare
        std::vector<EncodedPair> pairs;
        for (int i = 0; i < m_options.validationPairs; ++i)
            pairs.push_back(encoded(split(generateFrom(*m_language, Split::Validation, random)), spec));
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
            Random random = randomOf(m_options.seed + 1, i);
            return generateFrom(*m_language, Split::Train, random);
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
        m_sourceTokeniser =
            learnTokeniser(m_options, sourceKind, m_options.sourceWords, lines(m_ownSource, source));
        m_targetTokeniser =
            learnTokeniser(m_options, targetKind, m_options.targetWords, lines(m_ownTarget, target));
        if (!m_resplit && m_options.sourceWords == 0 && m_options.targetWords == 0) {
            m_sourceVocabulary = Vocabulary::ofWords(m_language->sourceTokens());
            m_targetVocabulary = Vocabulary::ofWords(m_language->targetTokens());
            return;
        }
        std::unordered_map<std::string, long long> sourceCounts, targetCounts;
        if (sourceKind != TokeniserKind::SentencePiece || targetKind != TokeniserKind::SentencePiece)
            for (int i = 0; i < kVocabularySample; ++i) {
                const Example example = split(sample(static_cast<std::uint64_t>(i)));
                for (const std::string& word : example.source) ++sourceCounts[word];
                for (const std::string& word : example.target) ++targetCounts[word];
            }
        m_sourceVocabulary = vocabularyOf(m_sourceTokeniser, sourceCounts, m_options.sourceWords);
        m_targetVocabulary = vocabularyOf(m_targetTokeniser, targetCounts, m_options.targetWords);
    }

    /// Training example i by itself; no state but i.
    Example trainingExample(std::uint64_t i) const {
        Random random = randomOf(m_options.seed, i);
        return split(generateFrom(*m_language, Split::Train, random));
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

    EncodedPair encoded(const Example& example, const EncoderDecoderSpec& spec) const {
        return encodePair(example, spec, m_sourceVocabulary, m_targetVocabulary);
    }

    CorpusOptions m_options;
    std::unique_ptr<Task> m_language;
    TokeniserKind m_ownSource = TokeniserKind::Words, m_ownTarget = TokeniserKind::Words; ///< the task's
    bool m_resplit = false;
};

// ---- files ---------------------------------------------------------------------------------------

class FileCorpus : public Corpus {
public:
    explicit FileCorpus(const CorpusOptions& options) : m_seed(options.seed) {
        std::vector<TextPair> texts = readPairFiles(options.pairs, m_findings), held;
        if (options.validation.empty())
            held = holdOut(texts, options);
        else
            held = readPairFiles(options.validation, m_findings);
        if (!options.validation.empty() && held.size() > static_cast<std::size_t>(options.validationPairs)) {
            note(m_findings, options.validation[0],
                 "the first " + std::to_string(options.validationPairs) + " of " +
                     std::to_string(held.size()) + " pairs validate");
            held.resize(static_cast<std::size_t>(options.validationPairs));
        }
        const TokeniserKind kind = options.tokens.empty() ? TokeniserKind::Words : *kindOf(options.tokens);
        const auto lines = [&](std::string TextPair::*side) {
            return [&texts, side] {
                std::vector<std::string> all;
                for (const TextPair& pair : texts) all.push_back(pair.*side);
                return all;
            };
        };
        m_sourceTokeniser = learnTokeniser(options, kind, options.sourceWords, lines(&TextPair::source));
        m_targetTokeniser = learnTokeniser(options, kind, options.targetWords, lines(&TextPair::target));

        std::unordered_map<std::string, long long> sourceCounts, targetCounts;
        if (kind != TokeniserKind::SentencePiece)
            for (const TextPair& pair : texts) {
                for (std::string& word : m_sourceTokeniser.tokeniseTexts(pair.source))
                    ++sourceCounts[std::move(word)];
                for (std::string& word : m_targetTokeniser.tokeniseTexts(pair.target))
                    ++targetCounts[std::move(word)];
            }
        m_sourceVocabulary = vocabularyOf(m_sourceTokeniser, sourceCounts, options.sourceWords);
        m_targetVocabulary = vocabularyOf(m_targetTokeniser, targetCounts, options.targetWords);

        encodeAll(texts, options.pairs, options.maxLength, m_training);
        encodeAll(held, options.validation.empty() ? options.pairs : options.validation, 0, m_validation);
        if (m_training.empty())
            throw Error(ErrorKind::Data, options.pairs[0] + ": no pair of at most " +
                                             std::to_string(options.maxLength) +
                                             " tokens a side is left to train on; raise the limit");
        for (std::size_t i = 0; i < std::min<std::size_t>(3, held.size()); ++i)
            m_examples.push_back(shortened(held[i].source));
        describe(options);
    }

    std::vector<EncodedPair> nextPool(long long targetWords, const EncoderDecoderSpec& spec) override {
        orderPass();
        std::vector<EncodedPair> pool;
        long long words = 0;
        while (m_position.index < m_training.size() && (words < targetWords || pool.empty())) {
            pool.push_back(ended(m_training[m_order[m_position.index++]], spec));
            words += static_cast<long long>(pool.back().target.size());
        }
        if (m_position.index == m_training.size()) m_position = {m_position.epoch + 1, 0};
        return pool;
    }

    std::vector<EncodedPair> validation(const EncoderDecoderSpec& spec) const override {
        std::vector<EncodedPair> pairs;
        for (const EncodedPair& pair : m_validation) pairs.push_back(ended(pair, spec));
        return pairs;
    }

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
    static std::vector<TextPair> holdOut(std::vector<TextPair>& texts, const CorpusOptions& options) {
        if (texts.size() < 2)
            throw Error(ErrorKind::Data, options.pairs[0] +
                                             ": one pair only; nothing is left to validate with. Give more "
                                             "pairs, or files for validation");
        const std::size_t count = std::clamp<std::size_t>(static_cast<std::size_t>(options.validationPairs),
                                                          1, std::max<std::size_t>(1, texts.size() / 10));
        std::vector<std::size_t> order(texts.size());
        std::iota(order.begin(), order.end(), 0);
        Random(options.seed).shuffle(order);
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

    /// Encodes without the source's end symbol, which depends on the model. `most` 0: any length.
    void encodeAll(const std::vector<TextPair>& texts, const std::vector<std::string>& paths, int most,
                   std::vector<EncodedPair>& pairs) {
        EncoderDecoderSpec bare;
        bare.sourceEnd = false;
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
                pairs.push_back(encodePair(example, bare, m_sourceVocabulary, m_targetVocabulary));
        }
        if (tooLong > 0)
            note(m_findings, paths[0],
                 std::to_string(tooLong) + (tooLong == 1 ? " pair has" : " pairs have") + " more than " +
                     std::to_string(most) + " tokens on a side and " + (tooLong == 1 ? "is" : "are") +
                     " left out of training");
    }

    void describe(const CorpusOptions& options) {
        std::string files;
        for (const std::string& path : options.pairs)
            files += (files.empty() ? "" : ", ") + path.substr(path.find_last_of('/') + 1);
        m_fingerprint = fnv1a("files");
        for (const auto* pairs : {&m_training, &m_validation}) {
            for (const EncodedPair& pair : *pairs) {
                m_fingerprint = hashOf(pair.target, hashOf(pair.source, m_fingerprint));
                for (const GoldLink& link : pair.links)
                    m_fingerprint = hashOf({link.source, link.target, link.sure}, m_fingerprint);
            }
            m_fingerprint = fnv1a("\f", m_fingerprint);
        }
        m_provenance = {"data: " + std::to_string(m_training.size()) + " pairs of " + files + ", " +
                        std::to_string(m_validation.size()) + " for validation"};
        for (const Vocabulary* vocabulary : {&m_sourceVocabulary, &m_targetVocabulary})
            for (const std::string& token : vocabulary->tokens())
                m_fingerprint = fnv1a(token + '\n', m_fingerprint);
    }

    EncodedPair ended(EncodedPair pair, const EncoderDecoderSpec& spec) const {
        if (spec.sourceEnd) pair.source.push_back(m_sourceVocabulary.special().eos);
        return pair;
    }

    void orderPass() {
        if (!m_order.empty() && m_orderedEpoch == m_position.epoch) return;
        m_orderedEpoch = m_position.epoch;
        m_order.resize(m_training.size());
        std::iota(m_order.begin(), m_order.end(), 0);
        randomOf(m_seed, m_orderedEpoch).shuffle(m_order);
    }

    std::uint64_t m_seed;
    std::vector<EncodedPair> m_training, m_validation;
    std::vector<std::size_t> m_order; ///< of the training pairs in pass m_orderedEpoch
    std::uint64_t m_orderedEpoch = 0;
};

} // namespace

Findings CorpusOptions::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    const auto within = [&](const char* where, int value, int least, int most) {
        if (value < least || value > most)
            fault(where, "is " + std::to_string(value) + "; expected " + std::to_string(least) + " to " +
                             std::to_string(most));
    };
    if (!tokens.empty() && !kindOf(tokens))
        fault("tokens", "is \"" + tokens + "\"; expected one of " + allKinds());
    if (pairs.size() > 2)
        fault("pairs", "names " + std::to_string(pairs.size()) +
                           " files; expected one with TABs, or a source and a target file");
    if (validation.size() > 2)
        fault("validation", "names " + std::to_string(validation.size()) +
                                " files; expected one with TABs, or a source and a target file");
    if (pairs.empty() && !validation.empty())
        fault("validation", "names files, but a task brings its own validation; give pairs too");
    const int many = 1'000'000;
    within("max_length", maxLength, 1, 10'000);
    within("source_words", sourceWords, 0, many);
    within("target_words", targetWords, 0, many);
    within("validation_pairs", validationPairs, 1, 100'000);
    return faults;
}

std::unique_ptr<Corpus> makeCorpus(const CorpusOptions& options) {
    throwFaults(ErrorKind::Argument, "this corpus cannot be made:", options.validate());
    if (options.pairs.empty()) return std::make_unique<TaskCorpus>(options);
    return std::make_unique<FileCorpus>(options);
}

} // namespace attn
