// SPDX-License-Identifier: GPL-3.0-or-later
// Stages 3 and 4 of attention: scores become weights, and what multiplies these.
#include "core/attention/attention.h"
#include "core/attention/monotonic.h"
#include "core/autograd/ops.h"

namespace attn {

template <typename T>
Var<T> Attention<T>::normalised(Tape<T>* tape, int head, const Var<T>& scores, const AllowedMask& allowed,
                                const Noise& noise) const {
    if (m_spec.scope == Scope::Monotonic)
        return monotonicProbabilities(tape, scores, m_heads[static_cast<std::size_t>(head)].bMonotonic,
                                      allowed, m_spec.temperature, noise.monotonic, noise.random);
    return normalise(tape, scores, allowed, m_spec.normaliser, m_spec.temperature);
}

template <typename T>
T Attention<T>::monotonicOffset(int head) const {
    const Var<T>& r = m_heads[static_cast<std::size_t>(head)].bMonotonic;
    return r.defined() ? r.value()(0, 0) : T(0);
}

template <typename T>
FactorResult<T> Attention<T>::factors(Tape<T>* tape, const AttentionMemory<T>& memory, int head,
                                      const Var<T>& queries, const Var<T>& centre, const Var<T>& weights,
                                      const Var<T>& before) const {
    const Head& p = m_heads[static_cast<std::size_t>(head)];
    const auto& m = memory.heads[static_cast<std::size_t>(head)];
    FactorResult<T> r;
    r.weights = weights;
    if (m_spec.scope == Scope::Monotonic) {
        const bool hard = memory.monotonic == MonotonicMode::Hard;
        r.monotonic = monotonicWeights(tape, hard ? monotonicChoices(weights) : weights, before);
        r.weights = r.monotonic;
    }
    if (m_spec.scope == Scope::LocalP) {
        r.gaussian = gaussianWindow(tape, centre, memory.positions, m_spec.window / 2.0);
        r.weights = mul(tape, r.weights, r.gaussian);
    }
    if (m_spec.relevance) {
        if (m_spec.constantRelevance.empty()) {
            r.relevance = batchedAdditive(tape, linear(tape, queries, p.WrelevanceQuery), m.relevanceKeys,
                                          p.wRelevance, memory.batch)
                              .scores;
        } else {
            const auto& given = m_spec.constantRelevance;
            if (static_cast<int>(given.size()) < memory.positions)
                throw Error(ErrorKind::Limit, "the source has " + std::to_string(memory.positions) +
                                                  " positions, but the given relevance has " +
                                                  std::to_string(given.size()) + " numbers");
            Matrix<T> fixed(queries.rows(), memory.positions);
            for (int i = 0; i < fixed.rows(); ++i)
                for (int j = 0; j < fixed.cols(); ++j)
                    fixed(i, j) = static_cast<T>(given[static_cast<std::size_t>(j)]);
            r.relevance = Var<T>(std::move(fixed));
        }
        r.weights = mul(tape, r.weights, relu(tape, r.relevance));
    }
    return r;
}

#define INSTANTIATE(T)                                                                                       \
    template Var<T> Attention<T>::normalised(Tape<T>*, int, const Var<T>&, const AllowedMask&, const Noise&) \
        const;                                                                                               \
    template T Attention<T>::monotonicOffset(int) const;                                                     \
    template FactorResult<T> Attention<T>::factors(Tape<T>*, const AttentionMemory<T>&, int, const Var<T>&,  \
                                                   const Var<T>&, const Var<T>&, const Var<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
