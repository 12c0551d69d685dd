// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attention/levels.h"

#include "core/autograd/ops.h"

namespace attn {

namespace {

template <typename T>
AttentionResult<T> level(Tape<T>* tape, const Attention<T>& attention, const Var<T>& items) {
    const AttentionMemory<T> memory = attention.prepare(tape, items, items, 1, {items.rows()});
    return attention.attend(tape, memory, Var<T>(Matrix<T>(1, 0)));
}

} // namespace

template <typename T>
LevelsResult<T> attendLevels(Tape<T>* tape, const Attention<T>& wordLevel, const Attention<T>& sentenceLevel,
                             const std::vector<Var<T>>& sentences) {
    LevelsResult<T> r;
    List<Var<T>> vectors;
    for (const Var<T>& words : sentences) {
        r.words.push_back(level(tape, wordLevel, words));
        vectors.push_back(r.words.back().context);
    }
    r.sentenceVectors = concatRows(tape, vectors);
    r.sentences = level(tape, sentenceLevel, r.sentenceVectors);
    return r;
}

#define INSTANTIATE(T)                                                                        \
    template LevelsResult<T> attendLevels(Tape<T>*, const Attention<T>&, const Attention<T>&, \
                                          const std::vector<Var<T>>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
