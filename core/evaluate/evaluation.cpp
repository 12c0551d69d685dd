// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evaluate/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/data/batch.h"
#include "core/measure/attention_measures.h"
#include "core/model/networks.h"
#include "core/run/reading.h"
#include "core/run/translate.h"
#include "core/run/typed_text.h"

namespace attn {

namespace {

/// Pairs measured together: attention is kept for this many at a time.
constexpr std::size_t kTogether = 500;

double share(long long part, long long whole) {
    return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

/// Pairs as the model reads them.
struct Chunk {
    std::vector<std::vector<int>> sources, targets;
    std::vector<std::vector<std::string>> words; ///< of the sources
};

Error located(const Error& error, const EvalPair& pair, const std::string& data) {
    const std::string where =
        pair.line ? ", line " + std::to_string(pair.line)
                  : ", sentence \"" + (pair.source.empty() ? pair.target : pair.source) + "\"";
    return {error.kind(), data + where + ": " + error.what()};
}

class Evaluator {
public:
    Evaluator(const Model& model, const std::vector<EvalPair>& pairs, const std::string& data,
              const EvaluationOptions& options)
        : m_model(model), m_pairs(pairs), m_data(data), m_options(options) {
        m_found.translated = model.source() != nullptr;
    }

    Evaluation evaluate();

private:
    Chunk read(std::size_t first, std::size_t count) const;
    void measure(std::size_t first, std::size_t count);
    void addToGroups(const EvalPair& pair, int sourceWords, bool right);
    void takeTranslation(const EvalPair& pair, int sourceWords, const Translation& found,
                         SentenceResult& result);
    void takeForced(const EvalPair& pair, int sourceWords, const Translation& forced,
                    SentenceResult& result) const;
    void addUp(const SentenceResult& result);

    const Model& m_model;
    const std::vector<EvalPair>& m_pairs;
    const std::string& m_data;
    const EvaluationOptions& m_options;
    Evaluation m_found;
    double m_entropy = 0, m_seconds = 0; ///< entropy summed over words
    long long m_decoded = 0;
};

Chunk Evaluator::read(std::size_t first, std::size_t count) const {
    Chunk chunk;
    for (std::size_t i = first; i < first + count; ++i) {
        try {
            SourceWords source;
            if (m_found.translated) source = sourceWords(typedSource(m_model, m_pairs[i].source));
            chunk.sources.push_back(std::move(source.ids));
            chunk.words.push_back(std::move(source.words));
            chunk.targets.push_back(typedTarget(m_model, m_pairs[i].target).ids);
        } catch (const Error& error) {
            throw located(error, m_pairs[i], m_data);
        }
    }
    return chunk;
}

/// True if two sure links stand in another order on the other side.
bool orderChanges(const std::vector<GoldLink>& links) {
    for (const GoldLink& a : links)
        for (const GoldLink& b : links)
            if (a.sure && b.sure && a.source < b.source && a.target > b.target) return true;
    return false;
}

void Evaluator::addToGroups(const EvalPair& pair, int sourceWords, bool right) {
    if (m_found.groups.empty())
        m_found.groups = {{"source of 1 to 8 words"},
                          {"source of 9 to 14 words"},
                          {"source of 15 words and more"},
                          {"order stays"},
                          {"order changes"}};
    const auto add = [&](std::size_t group) {
        ++m_found.groups[group].sentences;
        m_found.groups[group].right += right ? 1 : 0;
    };
    add(sourceWords <= 8 ? 0 : sourceWords <= 14 ? 1 : 2);
    if (!pair.links.empty()) add(orderChanges(pair.links) ? 4 : 3);
}

void Evaluator::takeTranslation(const EvalPair& pair, int sourceWords, const Translation& found,
                                SentenceResult& result) {
    std::vector<std::string> words = found.words(m_model.target().vocabulary);
    if (found.complete) words.pop_back();
    words = inReadingOrder(m_model, std::move(words));
    result.right = found.complete && words == pair.targetTokens;
    result.translation = m_model.target().tokeniser.detokenise(words);
    addToGroups(pair, sourceWords, result.right);
}

void Evaluator::takeForced(const EvalPair& pair, int sourceWords, const Translation& forced,
                           SentenceResult& result) const {
    const int unknown = m_model.target().vocabulary.special().unk;
    for (std::size_t t = 0; t < forced.ids.size(); ++t) {
        const bool known = forced.ids[t] != unknown;
        if (!known) ++result.unknown;
        // An unknown reference word is never right, though <unk> may be the model's choice.
        if (known && forced.likeliest[t] == forced.ids[t]) ++result.wordsRight;
    }
    result.words = static_cast<int>(forced.ids.size());
    result.logProb = forced.logProb();
    if (forced.weights.cols() == 0) return;
    result.entropy = meanEntropy(forced.weights);
    if (pair.links.empty()) return;
    result.alignment.emplace().add(pair.links,
                                   heaviestLinks(forced.weights, forced.weights.rows() - 1, sourceWords));
}

void Evaluator::addUp(const SentenceResult& result) {
    m_found.sentencesRight += result.right ? 1 : 0;
    m_found.words += result.words;
    m_found.wordsRight += result.wordsRight;
    m_found.unknown += result.unknown;
    m_found.logProb += result.logProb;
    if (result.entropy) {
        m_entropy += *result.entropy * result.words;
        m_found.entropy = m_entropy / static_cast<double>(m_found.words);
    }
    if (!result.alignment) return;
    if (!m_found.alignment) m_found.alignment.emplace();
    *m_found.alignment += *result.alignment;
}

void Evaluator::measure(std::size_t first, std::size_t count) {
    const Chunk chunk = read(first, count);
    TranslateOptions options;
    options.threads = m_options.threads;
    options.stop = m_options.stop;
    options.sourceWords = &chunk.words;
    if (m_options.beam) {
        options.search = SearchKind::Beam;
        options.beam = *m_options.beam;
    }
    try {
        const auto timed = [&](const auto& decode) {
            const auto begin = std::chrono::steady_clock::now();
            std::vector<Translation> results = decode();
            m_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            for (const Translation& result : results) m_decoded += std::ssize(result.ids);
            return results;
        };
        std::vector<Translation> found;
        if (m_found.translated) found = timed([&] { return translate(m_model, chunk.sources, options); });
        options.weights = true;
        const auto along = [&] { return follow(m_model, chunk.sources, chunk.targets, options); };
        const std::vector<Translation> forced = m_found.translated ? along() : timed(along);
        for (std::size_t i = 0; i < count; ++i) {
            const int end = textFormOf(m_model.spec()).sourceEnd ? 1 : 0;
            const int words = static_cast<int>(chunk.sources[i].size()) - end;
            SentenceResult& result = m_found.results.emplace_back();
            if (m_found.translated) takeTranslation(m_pairs[first + i], words, found[i], result);
            takeForced(m_pairs[first + i], words, forced[i], result);
            addUp(result);
        }
    } catch (const SentenceError& error) {
        throw located(error, m_pairs[first + error.sentence()], m_data);
    }
    m_found.sentences += static_cast<long long>(count);
}

Evaluation Evaluator::evaluate() {
    try {
        for (std::size_t at = 0; at < m_pairs.size(); at += kTogether) {
            measure(at, std::min(kTogether, m_pairs.size() - at));
            if (m_options.progress) m_options.progress(m_found.sentences);
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Interrupted) throw;
        throw Error(ErrorKind::Interrupted, "Stopped after " + std::to_string(m_found.sentences) + " of " +
                                                std::to_string(m_pairs.size()) +
                                                " sentences; nothing is reported.");
    }
    m_found.wordsPerSecond = m_seconds > 0 ? static_cast<double>(m_decoded) / m_seconds : 0;
    if (!m_found.translated) return std::move(m_found);
    const std::vector<std::string> translations = m_found.translations();
    std::vector<std::string> references;
    for (const EvalPair& pair : m_pairs) references.push_back(pair.target);
    BleuOptions bleu;
    bleu.tokens = m_options.tokens.value_or(bleuTokens(m_model, m_pairs));
    bleu.lowercase = m_model.target().tokeniser.lowercase();
    ChrfOptions chrf;
    chrf.lowercase = bleu.lowercase;
    m_found.bleu = corpusBleu(translations, singleReferences(references), bleu);
    m_found.chrf = corpusChrf(translations, singleReferences(references), chrf);
    std::erase_if(m_found.groups, [](const SentenceGroup& group) { return group.sentences == 0; });
    return std::move(m_found);
}

} // namespace

double Evaluation::loss() const {
    return words ? -logProb / static_cast<double>(words) : 0;
}

double Evaluation::perplexity() const {
    return std::exp(loss());
}

std::vector<std::string> Evaluation::translations() const {
    std::vector<std::string> all;
    for (const SentenceResult& result : results) all.push_back(result.translation);
    return all;
}

double Evaluation::exactAccuracy() const {
    return share(sentencesRight, sentences);
}

double Evaluation::wordAccuracy() const {
    return share(wordsRight, words);
}

ScoreTokens bleuTokens(const Model& model, const std::vector<EvalPair>& pairs) {
    const bool chinese = model.target().tokeniser.kind() == TokeniserKind::Characters ||
                         std::any_of(pairs.begin(), pairs.end(),
                                     [](const EvalPair& pair) { return holdsChinese(pair.target); });
    return chinese ? ScoreTokens::Chinese : ScoreTokens::Mteval13a;
}

Evaluation evaluate(const Model& model, const std::vector<EvalPair>& pairs, const std::string& data,
                    const EvaluationOptions& options) {
    return Evaluator(model, pairs, data, options).evaluate();
}

} // namespace attn
