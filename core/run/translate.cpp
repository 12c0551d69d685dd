// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/translate.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "core/autograd/row_product.h"
#include "core/model/networks.h"
#include "core/run/reading.h"
#include "core/run/search/check_search.h"
#include "core/run/search/search.h"
#include "core/run/word_choice.h"

namespace attn {

namespace {

using Ids = std::vector<int>;

/// Bounds of a batch: source positions with padding, numbers in its logits, rows.
constexpr std::size_t kMostPositions = 4096, kMostLogits = 4'000'000, kMostRows = 128;

/// Decodes batches of the sentences it is made for.
class BatchDecoder {
public:
    BatchDecoder(const Model& model, const std::vector<Ids>& sources, const std::vector<Ids>* targets,
                 const TranslateOptions& options, std::vector<Translation>& results)
        : m_model(model), m_sources(sources), m_targets(targets), m_options(options), m_results(results) {}

    void decode(const std::vector<std::size_t>& sentences);

private:
    /// What the search is asked about one sentence; `prompt`: what its target goes on from.
    SearchSentence question(std::size_t sentence, std::vector<int> prompt) const;
    /// The best hypothesis of a tree.
    void take(const SearchTree& tree, Translation& result) const;

    const Model& m_model;
    const std::vector<Ids>& m_sources;
    const std::vector<Ids>* m_targets;
    const TranslateOptions& m_options;
    std::vector<Translation>& m_results;
    const WordChoice m_choice{m_model};
};

SearchSentence BatchDecoder::question(std::size_t sentence, std::vector<int> prompt) const {
    SearchSentence asked{0, std::move(prompt), static_cast<int>(sentence)};
    const int given = static_cast<int>(asked.given.size());
    asked.limit = stepLimit(m_options.maxSteps, static_cast<int>(m_sources[sentence].size()), given);
    if (!m_targets) return asked;
    const Ids& target = (*m_targets)[sentence];
    asked.given.insert(asked.given.end(), target.begin(), target.end());
    asked.limit = static_cast<int>(asked.given.size());
    return asked;
}

void BatchDecoder::take(const SearchTree& tree, Translation& result) const {
    if (tree.leaves.empty()) return;
    const std::vector<int> path = tree.path(tree.leaves.front());
    const List<float>& first = tree.passes[static_cast<std::size_t>(tree.nodes[0].pass)].weights;
    if (!first.empty())
        result.weights = Matrix<float>(static_cast<int>(path.size()), static_cast<int>(first.size()));
    for (std::size_t t = 0; t < path.size(); ++t) {
        const SearchNode& node = tree.nodes[static_cast<std::size_t>(path[t])];
        const SearchPass& pass = tree.passes[static_cast<std::size_t>(node.pass)];
        result.ids.push_back(node.word);
        result.logProbs.push_back(node.logProb);
        result.likeliest.push_back(pass.likeliest);
        result.score = node.score;
        if (!first.empty())
            std::copy(pass.weights.begin(), pass.weights.end(), result.weights.row(static_cast<int>(t)));
    }
    result.complete = result.ids.back() == m_model.target().vocabulary.special().eos;
}

void BatchDecoder::decode(const std::vector<std::size_t>& sentences) {
    std::vector<const Ids*> sources;
    std::vector<std::vector<std::string>> words;
    for (const std::size_t i : sentences) {
        m_results[i] = {};
        sources.push_back(&m_sources[i]);
        if (m_options.sourceWords) words.push_back((*m_options.sourceWords)[i]);
    }
    SearchOptions options;
    options.kind = m_targets ? SearchKind::Forced : m_options.search;
    if (options.kind == SearchKind::Beam) options.beam = m_options.beam;
    options.sample = m_options.sample;
    options.weights = m_options.weights;
    options.stop = m_options.stop;
    const Vocabulary& target = m_model.target().vocabulary;
    const std::vector<SearchTree> trees = m_model.visit([&](const auto& network) {
        auto read = readSources(network, m_model, sources, std::move(words));
        for (std::size_t b = 0; b < read.extra.size(); ++b)
            m_results[sentences[b]].extra = std::move(read.extra[b]);
        std::vector<SearchSentence> questions;
        for (const std::size_t i : sentences)
            questions.push_back(question(i, promptOf(network, m_sources[i])));
        return search(network, read.input,
                      Hypotheses(options, m_choice, target.special(), target.size(), std::move(questions)));
    });
    for (std::size_t b = 0; b < sentences.size(); ++b) take(trees[b], m_results[sentences[b]]);
}

/// Sentences of like length together.
std::vector<std::vector<std::size_t>> cutByLength(const Model& model, const std::vector<Ids>& sources,
                                                  const std::vector<Ids>* targets, std::size_t width) {
    std::vector<std::size_t> order(sources.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    const auto lengths = [&](std::size_t i) {
        return std::pair(sources[i].size(), targets ? (*targets)[i].size() : 0);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return lengths(a) > lengths(b); });
    const auto words = static_cast<std::size_t>(model.target().vocabulary.size());
    std::vector<std::vector<std::size_t>> batches;
    for (const std::size_t i : order) {
        // The longest sentences come first, so the batch's first has the most positions of it.
        const bool full = !batches.empty() && [&] {
            const std::size_t size = (batches.back().size() + 1) * width;
            return size > kMostRows || size * words > kMostLogits ||
                   size * sources[batches.back().front()].size() > kMostPositions;
        }();
        if (batches.empty() || full) batches.emplace_back();
        batches.back().push_back(i);
    }
    return batches;
}

std::vector<Translation> decodeAll(const Model& model, const std::vector<Ids>& sources,
                                   const std::vector<Ids>* targets, const TranslateOptions& options) {
    for (const Ids& source : sources)
        if (model.source() && source.empty())
            throw Error(ErrorKind::Bug, "a source without words was to be translated");
    std::vector<Translation> results(sources.size());
    const bool beam = !targets && options.search == SearchKind::Beam;
    const auto batches =
        cutByLength(model, sources, targets, beam ? static_cast<std::size_t>(options.beam.width) : 1);
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    std::mutex mutex;
    std::exception_ptr fault;
    const auto alone = [&](BatchDecoder& decoder, std::size_t i) {
        try {
            decoder.decode({i});
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Interrupted) throw;
            throw SentenceError(i, error);
        }
    };
    const auto work = [&] {
        try {
            BatchDecoder decoder(model, sources, targets, options, results);
            for (std::size_t b = next++; b < batches.size() && !failed; b = next++) {
                try {
                    decoder.decode(batches[b]);
                } catch (const Error& error) {
                    if (error.kind() == ErrorKind::Interrupted) throw;
                    // One of them was at fault; running each alone shows which.
                    for (const std::size_t i : batches[b]) alone(decoder, i);
                }
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failed.exchange(true)) fault = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> helpers;
        const auto threads = static_cast<std::size_t>(std::max(1, options.threads));
        for (std::size_t i = 1; i < std::min(threads, batches.size()); ++i)
            helpers.emplace_back([&work] {
                useThreads(1); // of its products: the processors are shared out already
                work();
            });
        work();
    }
    if (fault) std::rethrow_exception(fault);
    return results;
}

} // namespace

std::vector<std::string> Translation::words(const Vocabulary& target) const {
    std::vector<std::string> texts;
    for (const int id : ids)
        texts.push_back(id < target.size() ? target.text(id)
                                           : extra[static_cast<std::size_t>(id - target.size())]);
    return texts;
}

double Translation::logProb() const {
    return std::accumulate(logProbs.begin(), logProbs.end(), 0.0);
}

std::vector<Translation> translate(const Model& model, const std::vector<std::vector<int>>& sources,
                                   const TranslateOptions& options) {
    if (options.search == SearchKind::Forced)
        throw Error(ErrorKind::Bug, "translate() has no targets to follow; follow() has");
    checkSearch(model, options.search, options.beam, options.sample);
    return decodeAll(model, sources, nullptr, options);
}

std::vector<Translation> follow(const Model& model, const std::vector<std::vector<int>>& sources,
                                const std::vector<std::vector<int>>& targets,
                                const TranslateOptions& options) {
    if (targets.size() != sources.size())
        throw Error(ErrorKind::Bug, "as many targets as sources were expected");
    return decodeAll(model, sources, &targets, options);
}

} // namespace attn
