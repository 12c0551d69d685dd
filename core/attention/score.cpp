// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 1 of attention: how well a query fits each key.
#include <cmath>

#include "core/attention/attention.h"
#include "core/autograd/ops.h"

namespace attn {

namespace {

/// n x 0 in, zeros out: the query's part of a score of the key alone.
template <typename T>
Var<T> projectQuery(Tape<T>* tape, const Var<T>& queries, const NormalisedLayer<T>& layer, int width) {
    return layer.W.defined() ? layer.apply(tape, queries) : Var<T>(Matrix<T>(queries.rows(), width, T(0)));
}

} // namespace

template <typename T>
ScoreResult<T> Attention<T>::score(Tape<T>* tape, const AttentionMemory<T>& memory, int head,
                                   const Var<T>& queries, const Var<T>& coverage) const {
    const Head& p = m_heads[static_cast<std::size_t>(head)];
    const auto& m = memory.heads[static_cast<std::size_t>(head)];
    const int B = memory.batch, S = memory.positions;
    const auto additive = [&](const Var<T>& q) {
        AdditiveScores<T> e = batchedAdditive(tape, q, m.keys, p.v, B, coverage, p.wCoverage);
        return ScoreResult<T>{e.scores, q, std::move(e.hidden)};
    };
    switch (m_spec.score) {
        case Score::Dot:
            return {batchedScores(tape, queries, m.keys, B), queries, {}};
        case Score::ScaledDot: {
            const Var<T> q = scale(tape, queries, 1 / std::sqrt(static_cast<double>(m.keys.cols())));
            return {batchedScores(tape, q, m.keys, B), q, {}};
        }
        case Score::General: {
            const Var<T> q = matmul(tape, queries, p.W);
            return {batchedScores(tape, q, m.keys, B), q, {}};
        }
        case Score::Additive:
            return additive(projectQuery(tape, queries, p.query, m_spec.attentionWidth));
        case Score::Concat:
            return additive(linear(tape, queries, sliceCols(tape, p.W, 0, queries.cols())));
        case Score::Location:
            return {sliceCols(tape, linear(tape, queries, p.W, p.b), 0, S), queries, {}};
        case Score::Cosine:
            return {scaleBy(tape, batchedCosine(tape, queries, m.keys, B), p.beta), queries, {}};
        case Score::LocationKey: {
            const Var<T> all = linear(tape, queries, p.W);
            const Var<T> place = m_spec.sharedQuery ? repeatCol(tape, all, S) : sliceCols(tape, all, 0, S);
            return {addPerKey(tape, place, m.perKey, B), queries, {}};
        }
    }
    throw Error(ErrorKind::Bug, "a score function without a definition");
}

template <typename T>
Matrix<T> Attention<T>::scoreTerms(const AttentionMemory<T>& memory, int head, const ScoreResult<T>& score,
                                   int row, int most) const {
    if (m_spec.score == Score::Location || m_spec.score == Score::LocationKey) return {};
    const Head& p = m_heads[static_cast<std::size_t>(head)];
    const Matrix<T>& keys = memory.heads[static_cast<std::size_t>(head)].keys.value();
    const int S = memory.positions, width = keys.cols();
    if (static_cast<long long>(S) * width > most) return {};
    const int firstKey = row / (score.query.rows() / memory.batch) * S;
    const T* q = score.query.value().row(row);
    const bool summed = m_spec.score == Score::Additive || m_spec.score == Score::Concat;
    if (summed && score.hidden.empty()) return {};
    const auto norm = [width](const T* x) {
        T total = 0;
        for (int i = 0; i < width; ++i) total += x[i] * x[i];
        return std::sqrt(total);
    };
    Matrix<T> terms(S, width);
    for (int j = 0; j < S; ++j) {
        const T* k = keys.row(firstKey + j);
        const T* h = summed ? score.hidden.row(row * S + j) : nullptr;
        const T product = m_spec.score == Score::Cosine ? norm(q) * norm(k) : T(1);
        const T factor = m_spec.score != Score::Cosine ? T(1)
                         : product > 0                 ? p.beta.value()(0, 0) / product
                                                       : T(0);
        for (int i = 0; i < width; ++i)
            terms(j, i) = summed ? p.v.value()(0, i) * h[i] : factor * q[i] * k[i];
    }
    return terms;
}

#define INSTANTIATE(T)                                                                                      \
    template ScoreResult<T> Attention<T>::score(Tape<T>*, const AttentionMemory<T>&, int, const Var<T>&,    \
                                                const Var<T>&) const;                                       \
    template Matrix<T> Attention<T>::scoreTerms(const AttentionMemory<T>&, int, const ScoreResult<T>&, int, \
                                                int) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
