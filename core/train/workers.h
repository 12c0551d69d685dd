// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/train/objective.h"
#include "core/train/recipe.h"

namespace attn {

/// A stretch of one parameter's numbers: the unit in which work on parameters is divided.
struct ParameterRange {
    std::size_t parameter = 0, first = 0, count = 0;
};
/// All numbers of the parameters in stretches of at most 64 Ki, in order.
std::vector<ParameterRange> parameterRanges(const Parameters<float>& parameters);

/// Gradients of a batch by several threads. Each holds a copy of the parameters, a network and a tape of its
/// own, and takes every n-th sentence; the gradients are then added in a fixed order, so that the same number
/// of threads gives the same bits. One thread makes no copies and starts no thread.
class Workers {
public:
    /// `parameters` are referred to, not copied, and must outlive the workers: the next gradients() sees
    /// every update made to them.
    Workers(const ModelSpec& spec, Parameters<float>& parameters, int threads);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    int threads() const { return static_cast<int>(m_helpers.size()) + 1; }

    /// Adds the gradient of the batch's summed loss to the parameters' and returns its cross-entropy, summed
    /// over words, in nats. Dropout draws from `random`; without it nothing is dropped.
    double gradients(const PairBatch& batch, const ObjectiveRecipe& objective = {},
                     const NoiseRecipe& noise = {}, Random* random = nullptr);
    /// Summed cross-entropy of each batch, without noise or gradient.
    std::vector<double> losses(const std::vector<PairBatch>& batches,
                               const std::function<bool()>& stopped = {});
    /// Calls work(i) for every i from 0 to count - 1, in any order, on all threads; returns when all are
    /// done. The first exception is thrown again here.
    void each(std::size_t count, const std::function<void(std::size_t)>& work);

private:
    struct Replica;

    /// Calls work(k) once on each thread k; 0 is the calling one.
    void onAll(const std::function<void(int)>& work);
    void serve(std::stop_token stop, int index);
    double shardGradients(int index, const PairBatch& shard, const LossOptions& options,
                          const NoiseRecipe& noise, Random* random);

    Parameters<float>& m_parameters;
    std::unique_ptr<Objective> m_objective;
    std::vector<std::unique_ptr<Replica>> m_replicas;

    std::mutex m_mutex;
    std::condition_variable_any m_wake, m_done;
    std::function<void(int)> m_work;
    unsigned long m_round = 0;
    int m_busy = 0;
    std::vector<std::exception_ptr> m_faults;
    std::vector<std::jthread> m_helpers; ///< last, so that they end before what they use
};

} // namespace attn
