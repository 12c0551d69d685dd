// SPDX-License-Identifier: GPL-3.0-or-later
// Several queries of attention whose steps depend on the weights of the steps before.
#include <algorithm>

#include "core/attention/attention.h"
#include "core/autograd/ops.h"

namespace attn {

/// With coverage and in monotonic attention a step needs the weights of the steps before it, so several
/// queries go one by one.
template <typename T>
AttentionResult<T> Attention<T>::attendInTurn(Tape<T>* tape, const AttentionMemory<T>& memory,
                                              const Var<T>& queries, const AttentionState<T>& state,
                                              const Tap<T>& tap, const Noise& noise) const {
    const int B = memory.batch, steps = queries.rows() / B;
    std::vector<AttentionResult<T>> results;
    AttentionState<T> at = state;
    for (int t = 0; t < steps; ++t) {
        std::vector<int> rows;
        for (int b = 0; b < B; ++b) rows.push_back(b * steps + t);
        results.push_back(attend(tape, memory, gatherRows(tape, queries, rows), at, tap, noise));
        at = results.back().state;
    }
    std::vector<int> order; // from rows t*B + b to rows b*steps + t
    for (int b = 0; b < B; ++b)
        for (int t = 0; t < steps; ++t) order.push_back(t * B + b);
    const auto join = [&](auto part) {
        List<Var<T>> parts;
        for (const AttentionResult<T>& r : results) parts.push_back(part(r));
        return parts.front().defined() ? gatherRows(tape, concatRows(tape, parts), order) : Var<T>();
    };
    AttentionResult<T> all;
    all.state = at;
    all.context = join([](const auto& r) { return r.context; });
    all.ungated = join([](const auto& r) { return r.ungated; });
    all.gate = join([](const auto& r) { return r.gate; });
    for (std::size_t h = 0; h < m_heads.size(); ++h) {
        HeadResult<T> head;
        head.score.scores = join([h](const auto& r) { return r.heads[h].score.scores; });
        head.score.query = join([h](const auto& r) { return r.heads[h].score.query; });
        head.scope.centre = join([h](const auto& r) { return r.heads[h].scope.centre; });
        head.scope.logit = join([h](const auto& r) { return r.heads[h].scope.logit; });
        head.scope.allowed = AllowedMask(B * steps, memory.positions);
        const int S = memory.positions, width = results[0].heads[h].score.hidden.cols();
        head.score.hidden = Matrix<T>(width > 0 ? B * steps * S : 0, width);
        for (std::size_t i = 0; i < order.size(); ++i) {
            const Matrix<T>& hidden = results[static_cast<std::size_t>(order[i] / B)].heads[h].score.hidden;
            if (width > 0)
                std::copy(hidden.row(order[i] % B * S), hidden.row(order[i] % B * S) + S * width,
                          head.score.hidden.row(static_cast<int>(i) * S));
            const AllowedMask& from = results[static_cast<std::size_t>(order[i] / B)].heads[h].scope.allowed;
            std::copy(from.row(order[i] % B), from.row(order[i] % B) + from.cols(),
                      head.scope.allowed.row(static_cast<int>(i)));
        }
        head.normalised = join([h](const auto& r) { return r.heads[h].normalised; });
        head.factors.gaussian = join([h](const auto& r) { return r.heads[h].factors.gaussian; });
        head.factors.relevance = join([h](const auto& r) { return r.heads[h].factors.relevance; });
        head.factors.monotonic = join([h](const auto& r) { return r.heads[h].factors.monotonic; });
        head.factors.weights = join([h](const auto& r) { return r.heads[h].factors.weights; });
        head.coverage = join([h](const auto& r) { return r.heads[h].coverage; });
        head.context = join([h](const auto& r) { return r.heads[h].context; });
        all.heads.push_back(std::move(head));
    }
    return all;
}

#define INSTANTIATE(T)                                                                              \
    template AttentionResult<T> Attention<T>::attendInTurn(Tape<T>*, const AttentionMemory<T>&,     \
                                                           const Var<T>&, const AttentionState<T>&, \
                                                           const Tap<T>&, const Noise&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
