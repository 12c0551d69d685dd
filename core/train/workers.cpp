// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/workers.h"

#include <algorithm>
#include <atomic>

#include "core/autograd/eigen_map.h"
#include "core/autograd/row_product.h"

namespace attn {

namespace {

constexpr std::size_t kRange = 64 * 1024;

} // namespace

std::vector<ParameterRange> parameterRanges(const Parameters<float>& parameters) {
    std::vector<ParameterRange> ranges;
    for (std::size_t i = 0; i < parameters.entries().size(); ++i) {
        const std::size_t size = parameters.entries()[i].var.value().size();
        for (std::size_t first = 0; first < size; first += kRange)
            ranges.push_back({i, first, std::min(kRange, size - first)});
    }
    return ranges;
}

struct Workers::Replica {
    Parameters<float> parameters;
    std::unique_ptr<Objective> objective;

    Replica(const ModelSpec& spec, const Parameters<float>& from)
        : parameters(from), objective(makeObjective(spec, parameters)) {}
    Leaf<float>& operator[](std::size_t i) { return parameters.entries()[i].var; }
};

Workers::Workers(const ModelSpec& spec, Parameters<float>& parameters, int threads)
    : m_parameters(parameters),
      m_objective(makeObjective(spec, parameters)),
      m_faults(static_cast<std::size_t>(std::max(1, threads))) {
    for (int k = 1; k < threads; ++k) m_replicas.push_back(std::make_unique<Replica>(spec, parameters));
    for (int k = 1; k < threads; ++k)
        m_helpers.emplace_back([this, k](std::stop_token stop) { serve(std::move(stop), k); });
}

Workers::~Workers() = default;

void Workers::serve(std::stop_token stop, int index) {
    useThreads(1); // of its products: the processors are shared out already
    unsigned long seen = 0;
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!m_wake.wait(lock, stop, [&] { return m_round != seen; })) return;
        seen = m_round;
        lock.unlock();
        try {
            m_work(index);
        } catch (...) {
            m_faults[static_cast<std::size_t>(index)] = std::current_exception();
        }
        lock.lock();
        if (--m_busy == 0) m_done.notify_one();
    }
}

void Workers::onAll(const std::function<void(int)>& work) {
    if (m_helpers.empty()) return work(0);
    {
        const std::lock_guard lock(m_mutex);
        m_work = work;
        m_busy = static_cast<int>(m_helpers.size());
        std::fill(m_faults.begin(), m_faults.end(), nullptr);
        ++m_round;
    }
    m_wake.notify_all();
    try {
        work(0);
    } catch (...) {
        m_faults[0] = std::current_exception();
    }
    std::unique_lock lock(m_mutex);
    m_done.wait(lock, [&] { return m_busy == 0; });
    for (const std::exception_ptr& fault : m_faults)
        if (fault) std::rethrow_exception(fault);
}

void Workers::each(std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    onAll([&](int) {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    });
}

double Workers::shardGradients(int index, const PairBatch& shard, const LossOptions& options,
                               const NoiseRecipe& rates, Random* random) {
    Noise noise;
    noise.embedding = rates.embeddingDropout;
    noise.layer = rates.layerDropout;
    noise.attention = rates.attentionDropout;
    noise.random = random;
    Tape<float> tape;
    const Objective& objective =
        index == 0 ? *m_objective : *m_replicas[static_cast<std::size_t>(index - 1)]->objective;
    const BatchLoss<float> loss = objective.loss(&tape, shard, noise, options);
    tape.backward(loss.total);
    return static_cast<double>(loss.words.value()(0, 0));
}

double Workers::gradients(const PairBatch& batch, const ObjectiveRecipe& objective, const NoiseRecipe& noise,
                          Random* random) {
    const LossOptions options{objective.smoothing, guidedWeight(objective.guided, batch),
                              objective.coverageWeight};
    const int shards = std::min(threads(), batch.batch());
    if (shards == 1) return shardGradients(0, batch, options, noise, random);

    std::vector<Random> randoms;
    for (int k = 0; random && k < shards; ++k) randoms.emplace_back(random->next());
    const std::vector<ParameterRange> ranges = parameterRanges(m_parameters);
    each(ranges.size(), [&](std::size_t r) {
        const ParameterRange& range = ranges[r];
        const float* from = m_parameters.entries()[range.parameter].var.value().data() + range.first;
        for (int k = 1; k < shards; ++k) {
            Replica& replica = *m_replicas[static_cast<std::size_t>(k - 1)];
            std::copy_n(from, range.count, replica[range.parameter].mutableValue().data() + range.first);
        }
    });
    std::vector<double> losses(static_cast<std::size_t>(shards));
    onAll([&](int k) {
        if (k >= shards) return;
        const auto at = static_cast<std::size_t>(k);
        losses[at] =
            shardGradients(k, shardOf(batch, k, shards), options, noise, random ? &randoms[at] : nullptr);
    });
    for (auto& entry : m_parameters.entries()) entry.var.mutableGrad();
    each(ranges.size(), [&](std::size_t r) {
        const ParameterRange& range = ranges[r];
        const auto part = [&](Matrix<float>& m) {
            return Eigen::Map<Eigen::ArrayXf>(m.data() + range.first, static_cast<Eigen::Index>(range.count));
        };
        for (int k = 1; k < shards; ++k) {
            Leaf<float>& from = (*m_replicas[static_cast<std::size_t>(k - 1)])[range.parameter];
            if (!from.hasGrad()) continue;
            part(m_parameters.entries()[range.parameter].var.mutableGrad()) += part(from.mutableGrad());
            part(from.mutableGrad()).setZero();
        }
    });
    double total = 0;
    for (const double loss : losses) total += loss;
    return total;
}

std::vector<double> Workers::losses(const std::vector<PairBatch>& batches,
                                    const std::function<bool()>& stopped) {
    std::vector<double> losses(batches.size());
    each(batches.size(), [&](std::size_t i) {
        if (stopped && stopped()) return;
        losses[i] = static_cast<double>(m_objective->loss(nullptr, batches[i], {}, {}).words.value()(0, 0));
    });
    return losses;
}

} // namespace attn
