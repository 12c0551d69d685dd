// SPDX-License-Identifier: GPL-3.0-or-later
// What attention makes of keys and values once, before any query asks.
#include <algorithm>

#include "core/attention/attention.h"
#include "core/autograd/ops.h"
#include "core/nn/activation.h"

namespace attn {

namespace {

void requireRows(bool fits) {
    if (!fits)
        throw Error(ErrorKind::Argument,
                    "attention: keys, values and lengths are not of the same sentences and positions");
}

} // namespace

template <typename T>
int Attention<T>::positionsFor(int source) const {
    const bool positional = m_spec.score == Score::Location || m_spec.score == Score::LocationKey;
    if (positional && !m_spec.sharedQuery && source > m_spec.maxPositions)
        throw Error(ErrorKind::Limit,
                    "the source has " + std::to_string(source) + " positions, but this model's " +
                        std::string(toText(m_spec.score)) + " attention knows " +
                        std::to_string(m_spec.maxPositions) + "; give it a shorter sentence");
    return m_spec.allPositions ? m_spec.maxPositions : source;
}

template <typename T>
AttentionMemory<T> Attention<T>::prepare(Tape<T>* tape, const Var<T>& keys, const Var<T>& values, int batch,
                                         std::vector<int> lengths, MonotonicMode monotonic) const {
    requireRows(batch > 0 && keys.rows() % batch == 0 && values.rows() == keys.rows() &&
                static_cast<int>(lengths.size()) == batch);
    AttentionMemory<T> memory;
    memory.batch = batch;
    memory.monotonic = monotonic;
    memory.positions = keys.rows() / batch;
    memory.lengths = std::move(lengths);
    memory.projectedRows = keys.rows();
    (void)positionsFor(memory.positions);
    Var<T> allKeys = keys, allValues = values;
    if (m_spec.heads > 0) {
        allKeys = linearOfSequence(tape, keys, m_Wk, m_bk);
        allValues = linearOfSequence(tape, values, m_Wv, m_bv);
    }
    for (int h = 0; h < m_spec.maps(); ++h) {
        const Head& p = m_heads[static_cast<std::size_t>(h)];
        const int d = m_spec.headWidth;
        const Var<T> k = m_spec.heads > 0 ? sliceCols(tape, allKeys, h * d, d) : allKeys;
        typename AttentionMemory<T>::Head head;
        head.values = m_spec.heads > 0 ? sliceCols(tape, allValues, h * d, d) : allValues;
        head.keys = k;
        if (m_spec.score == Score::Additive) head.keys = p.key.applyToSequence(tape, k);
        if (m_spec.score == Score::Concat)
            head.keys = linearOfSequence(tape, k, sliceCols(tape, p.W, p.W.cols() - k.cols(), k.cols()));
        if (m_spec.score == Score::LocationKey)
            head.perKey = linearOfSequence(tape, activate(tape, m_spec.squash, k), p.u);
        if (p.WrelevanceKey.defined())
            head.relevanceKeys = linearOfSequence(tape, k, p.WrelevanceKey, p.bRelevance);
        memory.heads.push_back(std::move(head));
    }
    return memory;
}

template <typename T>
AttentionMemory<T> Attention<T>::grow(Tape<T>* tape, const AttentionMemory<T>& memory, const Var<T>& keys,
                                      const Var<T>& values, const std::vector<int>& present) const {
    const int B = memory.batch, S = memory.positions, more = B > 0 ? keys.rows() / B : 0, all = S + more;
    requireRows(B > 0 && (present.empty() || static_cast<int>(present.size()) == keys.rows()));
    if (m_spec.allPositions)
        throw Error(ErrorKind::Argument, "attention: all_positions fixes the number of positions at " +
                                             std::to_string(m_spec.maxPositions) +
                                             ", so its memory cannot grow; use it on whole sentences only");
    (void)positionsFor(all);
    const AttentionMemory<T> added =
        prepare(tape, keys, values, B, std::vector<int>(static_cast<std::size_t>(B), more), memory.monotonic);
    AttentionMemory<T> r = memory;
    r.positions = all;
    r.projectedRows += added.projectedRows;
    const bool padded =
        std::any_of(memory.lengths.begin(), memory.lengths.end(), [&](int n) { return n < S; });
    std::vector<int> order; // of [old rows b*S + s; new rows b*more + i], as rows b*all + j
    std::vector<int> flags;
    for (int b = 0; b < B; ++b) {
        for (int s = 0; s < S; ++s) {
            order.push_back(b * S + s);
            flags.push_back(memory.isPresent(b, s) ? 1 : 0);
        }
        for (int i = 0; i < more; ++i) {
            order.push_back(B * S + b * more + i);
            flags.push_back(present.empty() ? 1 : present[static_cast<std::size_t>(b * more + i)]);
        }
    }
    if (padded || !memory.present.empty() || !present.empty()) r.present = std::move(flags);
    r.lengths.assign(r.lengths.size(), all);
    const auto join = [&](Var<T>& old, const Var<T>& fresh) {
        if (!old.defined()) return;
        const Var<T> both = S == 0 ? fresh : concatRows(tape, {old, fresh});
        old = B == 1 || S == 0 ? both : gatherRows(tape, both, order);
    };
    for (std::size_t h = 0; h < r.heads.size(); ++h) {
        join(r.heads[h].keys, added.heads[h].keys);
        join(r.heads[h].values, added.heads[h].values);
        join(r.heads[h].perKey, added.heads[h].perKey);
        join(r.heads[h].relevanceKeys, added.heads[h].relevanceKeys);
    }
    return r;
}

#define INSTANTIATE(T)                                                                                 \
    template int Attention<T>::positionsFor(int) const;                                                \
    template AttentionMemory<T> Attention<T>::prepare(Tape<T>*, const Var<T>&, const Var<T>&, int,     \
                                                      std::vector<int>, MonotonicMode) const;          \
    template AttentionMemory<T> Attention<T>::grow(Tape<T>*, const AttentionMemory<T>&, const Var<T>&, \
                                                   const Var<T>&, const std::vector<int>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
