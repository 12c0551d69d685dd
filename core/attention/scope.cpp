// SPDX-License-Identifier: GPL-3.0-or-later
// Stage 2 of attention: which positions take part.
#include <algorithm>
#include <cmath>

#include "core/attention/attention.h"
#include "core/autograd/ops.h"

namespace attn {

template <typename T>
ScopeResult<T> Attention<T>::scope(Tape<T>* tape, const AttentionMemory<T>& memory, int head,
                                   const Var<T>& queries, int time, const Var<T>& before) const {
    const Head& p = m_heads[static_cast<std::size_t>(head)];
    const int rows = queries.rows(), T_ = rows / memory.batch, S = memory.positions, D = m_spec.window;
    ScopeResult<T> r{AllowedMask(rows, S, 0), {}, {}};
    if (m_spec.scope == Scope::LocalP) {
        Matrix<T> lengths(rows, 1);
        for (int i = 0; i < rows; ++i)
            lengths(i, 0) = static_cast<T>(memory.lengths[static_cast<std::size_t>(i / T_)]);
        r.logit = linear(tape, tanh(tape, linear(tape, queries, p.Wposition)), p.vPosition);
        r.centre = mul(tape, sigmoid(tape, r.logit), Var<T>(std::move(lengths)));
    }
    if (m_spec.scope == Scope::LocalM) {
        Matrix<T> centre(rows, 1);
        for (int i = 0; i < rows; ++i)
            centre(i, 0) = static_cast<T>(
                std::min(time + i % T_, std::max(0, memory.lengths[static_cast<std::size_t>(i / T_)] - 1)));
        r.centre = Var<T>(std::move(centre));
    }
    const bool goesOn = m_spec.scope == Scope::Monotonic && memory.monotonic == MonotonicMode::Hard;
    for (int i = 0; i < rows; ++i) {
        bool reached = false;
        const int t = time + i % T_, length = memory.lengths[static_cast<std::size_t>(i / T_)];
        for (int j = 0; j < length; ++j) {
            bool in = true;
            switch (m_spec.scope) {
                case Scope::Global:
                    break;
                case Scope::Causal:
                    in = j <= t && (D == 0 || t - j <= D);
                    break;
                case Scope::Past:
                    in = j < t && (D == 0 || t - j <= D);
                    break;
                case Scope::Window:
                    in = std::abs(j - t) <= D;
                    break;
                case Scope::LocalM:
                case Scope::LocalP:
                    in = std::abs(static_cast<T>(j) - r.centre.value()(i, 0)) <= static_cast<T>(D);
                    break;
                case Scope::Monotonic:
                    reached = reached || before.value()(i, j) > 0;
                    in = reached || !goesOn;
                    break;
            }
            r.allowed(i, j) = in && memory.isPresent(i / T_, j) ? 1 : 0;
        }
    }
    return r;
}

#define INSTANTIATE(T)                                                                                   \
    template ScopeResult<T> Attention<T>::scope(Tape<T>*, const AttentionMemory<T>&, int, const Var<T>&, \
                                                int, const Var<T>&) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
