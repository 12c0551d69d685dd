// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/translate.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "core/autograd/eigen_map.h"
#include "core/autograd/ops.h"
#include "core/autograd/row_product.h"
#include "core/model/networks.h"
#include "core/run/best_word.h"
#include "core/run/copied_words.h"
#include "core/run/word_choice.h"

namespace attn {

namespace {

using Ids = std::vector<int>;

/// Bounds of a batch: source positions with padding, numbers in its logits, sentences.
constexpr std::size_t kMostPositions = 4096, kMostLogits = 4'000'000, kMostSentences = 128;

/// One row of a batch.
struct Line {
    std::size_t sentence = 0;
    int limit = 0;
    bool done = false;
    std::vector<float> weights = {}; ///< row after row
};

/// Batches of lines, and the decoder's state over those of them that are not done.
class BatchDecoder {
public:
    BatchDecoder(const Model& model, const std::vector<Ids>& sources, const std::vector<Ids>* targets,
                 const TranslateOptions& options, std::vector<Translation>& results)
        : m_model(model), m_sources(sources), m_targets(targets), m_options(options), m_results(results) {}

    void decode(const std::vector<std::size_t>& sentences);

private:
    void encode(const std::vector<std::size_t>& sentences);
    void takeStep(int time);
    /// Leaves lines that are done out of the encoding and the state.
    void compact();
    void addWeights(const AttentionResult<float>& attention, std::size_t row);
    /// For a model that copies: which output each source word stands for.
    void addCopyIds(const std::vector<std::size_t>& sentences, TokenBatch& batch) const;

    const Model& m_model;
    const std::vector<Ids>& m_sources;
    const std::vector<Ids>* m_targets;
    const TranslateOptions& m_options;
    std::vector<Translation>& m_results;
    std::vector<Line> m_lines;
    Encoding<float> m_encoding;
    DecoderState<float> m_state;
    Ids m_previous;
    const WordChoice m_choice{m_model};
};

void BatchDecoder::addCopyIds(const std::vector<std::size_t>& sentences, TokenBatch& batch) const {
    const Vocabulary& target = m_model.target().vocabulary;
    Ids ids;
    int extraWords = 0;
    for (const std::size_t i : sentences) {
        std::vector<std::string> words;
        if (m_options.sourceWords)
            words = (*m_options.sourceWords)[i];
        else
            for (const int id : m_sources[i]) words.push_back(m_model.source()->vocabulary.text(id));
        TokenBatch one;
        m_results[i].extra = setCopyIds(words, target, one);
        extraWords = std::max(extraWords, one.extraWords);
        ids.insert(ids.end(), one.copyIds.begin(), one.copyIds.end());
        ids.resize(ids.size() + static_cast<std::size_t>(batch.positions) - words.size(), -1);
    }
    batch.copyIds = std::move(ids);
    batch.extraWords = extraWords;
}

void BatchDecoder::encode(const std::vector<std::size_t>& sentences) {
    TokenBatch batch;
    for (const std::size_t i : sentences) {
        batch.lengths.push_back(static_cast<int>(m_sources[i].size()));
        batch.positions = std::max(batch.positions, batch.lengths.back());
        const int limit = m_targets                ? static_cast<int>((*m_targets)[i].size())
                          : m_options.maxSteps > 0 ? m_options.maxSteps
                                                   : 2 * batch.lengths.back() + 20;
        m_lines.push_back({i, limit, limit == 0});
        m_results[i] = {};
    }
    for (const std::size_t i : sentences) {
        batch.ids.insert(batch.ids.end(), m_sources[i].begin(), m_sources[i].end());
        batch.ids.resize(batch.ids.size() + static_cast<std::size_t>(batch.positions) - m_sources[i].size(),
                         m_model.source()->vocabulary.special().pad);
    }
    if (encoderDecoder(m_model).spec().copy != CopyKind::None) addCopyIds(sentences, batch);
    m_encoding = encoderDecoder(m_model).encode(nullptr, batch);
    m_state = encoderDecoder(m_model).start(nullptr, m_encoding);
    m_previous.assign(sentences.size(), m_model.target().vocabulary.special().bos);
}

void BatchDecoder::addWeights(const AttentionResult<float>& attention, std::size_t row) {
    const int length = m_encoding.memory.lengths[row];
    for (int j = 0; j < length; ++j) {
        double sum = 0;
        for (const HeadResult<float>& head : attention.heads)
            sum += static_cast<double>(head.factors.weights.value()(static_cast<int>(row), j));
        m_lines[row].weights.push_back(static_cast<float>(sum / static_cast<double>(attention.heads.size())));
    }
}

void BatchDecoder::takeStep(int time) {
    const EncoderDecoder<float>& network = encoderDecoder(m_model);
    DecoderStep<float> step = network.step(nullptr, m_encoding, m_state, m_previous);
    const Var<float> output = network.output(nullptr, m_encoding, step);
    const Matrix<float>& logits = output.value();
    const int end = m_model.target().vocabulary.special().eos;
    for (std::size_t row = 0; row < m_lines.size(); ++row) {
        Line& line = m_lines[row];
        if (line.done) continue;
        const int r = static_cast<int>(row);
        const float* const numbers = logits.row(r);
        const BestWord best = bestWord(logits, r);
        if (!std::isfinite(best.logSumExp))
            throw Error(ErrorKind::Data, "the model's output at step " + std::to_string(time + 1) +
                                             " is not finite: its numbers are too large to run");
        const int taken = m_targets ? (*m_targets)[line.sentence][static_cast<std::size_t>(time)]
                                    : m_choice.best(numbers, logits.cols(), best.id, time);
        Translation& result = m_results[line.sentence];
        result.ids.push_back(taken);
        result.logProbs.push_back(static_cast<double>(numbers[taken]) - best.logSumExp);
        result.likeliest.push_back(best.id);
        if (m_options.weights && !step.attention.heads.empty()) addWeights(step.attention, row);
        result.complete = taken == end;
        line.done = time + 1 >= line.limit || (!m_targets && taken == end);
        m_previous[row] =
            taken < m_model.target().vocabulary.size() ? taken : m_model.target().vocabulary.special().unk;
        if (!line.done || line.weights.empty()) continue;
        const int length = m_encoding.memory.lengths[row];
        result.weights = Matrix<float>(time + 1, length);
        std::copy(line.weights.begin(), line.weights.end(), result.weights.begin());
        line.weights = {};
    }
    m_state = std::move(step.state);
}

void BatchDecoder::compact() {
    AttentionMemory<float>& memory = m_encoding.memory;
    Ids rows, positions, lengths, previous;
    std::vector<Line> lines;
    for (std::size_t row = 0; row < m_lines.size(); ++row) {
        if (m_lines[row].done) continue;
        const int r = static_cast<int>(row);
        rows.push_back(r);
        lengths.push_back(memory.lengths[row]);
        previous.push_back(m_previous[row]);
        lines.push_back(std::move(m_lines[row]));
        for (int s = 0; s < memory.positions; ++s) positions.push_back(r * memory.positions + s);
    }
    m_lines = std::move(lines);
    m_previous = std::move(previous);
    const auto keep = [](Var<float>& x, const Ids& of) {
        if (x.defined()) x = gatherRows<float>(nullptr, x, of);
    };
    const auto keepMemory = [&](AttentionMemory<float>& of) {
        for (auto& head : of.heads)
            for (Var<float>* x : {&head.keys, &head.values, &head.perKey, &head.relevanceKeys})
                keep(*x, positions);
        keep(of.summary, rows);
        of.batch = static_cast<int>(rows.size());
        of.lengths = lengths;
    };
    keepMemory(memory);
    if (m_encoding.copyMemory) keepMemory(*m_encoding.copyMemory);
    if (Ids& copies = m_encoding.copies.ids; !copies.empty()) {
        Ids kept;
        for (const int at : positions) kept.push_back(copies[static_cast<std::size_t>(at)]);
        copies = std::move(kept);
    }
    for (CellState<float>& layer : m_state.layers) {
        keep(layer.hidden, rows);
        keep(layer.cell, rows);
    }
    keep(m_state.feed, rows);
    for (AttentionState<float>* state : {&m_state.attention, &m_state.copyAttention}) {
        for (Var<float>& x : state->coverage) keep(x, rows);
        for (Var<float>& x : state->monotonic) keep(x, rows);
    }
}

void BatchDecoder::decode(const std::vector<std::size_t>& sentences) {
    m_lines.clear();
    encode(sentences);
    for (int time = 0;; ++time) {
        const auto left = static_cast<std::size_t>(
            std::count_if(m_lines.begin(), m_lines.end(), [](const Line& line) { return !line.done; }));
        if (left == 0) return;
        if (m_options.stop.stop_requested())
            throw Error(ErrorKind::Interrupted, "stopped after " + std::to_string(time) + " words");
        if (2 * left <= m_lines.size()) compact();
        takeStep(time);
    }
}

/// Sentences of like length together.
std::vector<std::vector<std::size_t>> cutByLength(const Model& model, const std::vector<Ids>& sources,
                                                  const std::vector<Ids>* targets) {
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
            const std::size_t size = batches.back().size() + 1;
            return size > kMostSentences || size * words > kMostLogits ||
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
        if (source.empty()) throw Error(ErrorKind::Bug, "a source without words was to be translated");
    std::vector<Translation> results(sources.size());
    const auto batches = cutByLength(model, sources, targets);
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
                    // One of them was at fault; which one, they show by themselves.
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
