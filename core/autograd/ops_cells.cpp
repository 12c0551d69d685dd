// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/ops_cells.h"

#include "core/autograd/ops_common.h"

namespace attn {

namespace {

/// One row's block of n columns, as an array.
template <typename T>
auto part(const Matrix<T>& m, int row, int block, int n) {
    return Eigen::Map<const Eigen::Array<T, 1, Eigen::Dynamic>>(m.row(row) + block * n, n);
}
template <typename T>
auto part(Matrix<T>& m, int row, int block, int n) {
    return Eigen::Map<Eigen::Array<T, 1, Eigen::Dynamic>>(m.row(row) + block * n, n);
}

/// The gradient of x to add to; nullptr if x needs none.
template <typename T>
Matrix<T>* wantedGrad(const Var<T>& x) {
    return x.needsGrad() ? &gradOf(x) : nullptr;
}

} // namespace

// With s = a + u before each gate: dz = dh' (h - c) or -(that), dc = dh' (1 - z) or dh' z, dc_s = dc (1 -
// c^2), dr = dc_s u_c, dr_s = dr r (1 - r), dz_s = dz z (1 - z); da = [dr_s, dz_s, dc_s], du the same but r
// dc_s.
template <typename T>
GruResult<T> gruCell(Tape<T>* tape, const Var<T>& a, const Var<T>& u, const Var<T>& hidden, GruBlocks blocks,
                     bool updateKeeps) {
    const int n = hidden.cols(), rows = hidden.rows();
    requireFit(a.rows() == rows && a.cols() == 3 * n, "gru", a, hidden);
    requireFit(u.rows() == rows && u.cols() == 3 * n, "gru", u, hidden);
    Matrix<T> next(rows, n), gates(rows, 3 * n);
    for (int i = 0; i < rows; ++i) {
        auto r = part(gates, i, 0, n), z = part(gates, i, 1, n), c = part(gates, i, 2, n);
        const auto uc = part(u.value(), i, blocks.candidate, n), h = part(hidden.value(), i, 0, n);
        r = sigmoidOf(part(a.value(), i, blocks.reset, n) + part(u.value(), i, blocks.reset, n));
        z = sigmoidOf(part(a.value(), i, blocks.update, n) + part(u.value(), i, blocks.update, n));
        c = (part(a.value(), i, blocks.candidate, n) + r * uc).tanh();
        if (updateKeeps)
            part(next, i, 0, n) = c + z * (h - c);
        else
            part(next, i, 0, n) = h + z * (c - h);
    }
    const bool needs = a.needsGrad() || u.needsGrad() || hidden.needsGrad();
    const Var<T> kept(std::move(gates));
    const Var<T> out =
        result(tape, std::move(next), needs,
               [a, u, hidden, kept, blocks, updateKeeps, n](const Matrix<T>& g, const auto&) {
                   Matrix<T>*da = wantedGrad(a), *du = wantedGrad(u), *dh = wantedGrad(hidden);
                   Eigen::Array<T, 1, Eigen::Dynamic> candidate(n), update(n), reset(n);
                   for (int i = 0; i < g.rows(); ++i) {
                       const auto r = part(kept.value(), i, 0, n), z = part(kept.value(), i, 1, n),
                                  c = part(kept.value(), i, 2, n), h = part(hidden.value(), i, 0, n),
                                  up = part(g, i, 0, n);
                       update = up * (h - c) * z * (T(1) - z);
                       if (updateKeeps) {
                           candidate = up * (T(1) - z) * (T(1) - c.square());
                       } else {
                           update = -update;
                           candidate = up * z * (T(1) - c.square());
                       }
                       reset = candidate * part(u.value(), i, blocks.candidate, n) * r * (T(1) - r);
                       if (da) {
                           part(*da, i, blocks.reset, n) += reset;
                           part(*da, i, blocks.update, n) += update;
                           part(*da, i, blocks.candidate, n) += candidate;
                       }
                       if (du) {
                           part(*du, i, blocks.reset, n) += reset;
                           part(*du, i, blocks.update, n) += update;
                           part(*du, i, blocks.candidate, n) += r * candidate;
                       }
                       if (dh && updateKeeps) part(*dh, i, 0, n) += up * z;
                       if (dh && !updateKeeps) part(*dh, i, 0, n) += up * (T(1) - z);
                   }
               });
    return {out, kept};
}

// With t = tanh(c'): do = dh' t, dc' += dh' o (1 - t^2), di = dc' g, df = dc' c, dg = dc' i, dc = dc' f.
template <typename T>
LstmResult<T> lstmCell(Tape<T>* tape, const Var<T>& a, const Var<T>& u, const Var<T>& cell,
                       LstmBlocks blocks) {
    const int n = cell.cols(), rows = cell.rows();
    requireFit(a.rows() == rows && a.cols() == 4 * n, "lstm", a, cell);
    requireFit(u.rows() == rows && u.cols() == 4 * n, "lstm", u, cell);
    Matrix<T> hidden(rows, n), next(rows, n), gates(rows, 4 * n);
    for (int i = 0; i < rows; ++i) {
        const auto sum = [&](int block) {
            return part(a.value(), i, block, n) + part(u.value(), i, block, n);
        };
        auto in = part(gates, i, 0, n), forget = part(gates, i, 1, n), c = part(gates, i, 2, n),
             o = part(gates, i, 3, n), to = part(next, i, 0, n);
        in = sigmoidOf(sum(blocks.input));
        forget = sigmoidOf(sum(blocks.forget));
        c = sum(blocks.candidate).tanh();
        o = sigmoidOf(sum(blocks.output));
        to = forget * part(cell.value(), i, 0, n) + in * c;
        part(hidden, i, 0, n) = o * to.tanh();
    }
    const bool needs = tape && (a.needsGrad() || u.needsGrad() || cell.needsGrad());
    LstmResult<T> r{Var<T>::computed(std::move(hidden), needs), Var<T>::computed(std::move(next), needs),
                    Var<T>(std::move(gates))};
    if (!needs) return r;
    tape->record([a, u, cell, blocks, n, r] {
        if (!r.hidden.hasGrad() && !r.cell.hasGrad()) return;
        Matrix<T>*da = wantedGrad(a), *du = wantedGrad(u), *dc = wantedGrad(cell);
        const Matrix<T>&upHidden = r.hidden.grad(), &upCell = r.cell.grad();
        Eigen::Array<T, 1, Eigen::Dynamic> t(n), up(n), blocksGrad(n);
        for (int i = 0; i < upHidden.rows(); ++i) {
            const auto in = part(r.gates.value(), i, 0, n), forget = part(r.gates.value(), i, 1, n),
                       c = part(r.gates.value(), i, 2, n), o = part(r.gates.value(), i, 3, n),
                       dh = part(upHidden, i, 0, n);
            const auto add = [&](int block) {
                if (da) part(*da, i, block, n) += blocksGrad;
                if (du) part(*du, i, block, n) += blocksGrad;
            };
            t = part(r.cell.value(), i, 0, n).tanh();
            up = part(upCell, i, 0, n) + dh * o * (T(1) - t.square());
            blocksGrad = dh * t * o * (T(1) - o);
            add(blocks.output);
            blocksGrad = up * c * in * (T(1) - in);
            add(blocks.input);
            blocksGrad = up * part(cell.value(), i, 0, n) * forget * (T(1) - forget);
            add(blocks.forget);
            blocksGrad = up * in * (T(1) - c.square());
            add(blocks.candidate);
            if (dc) part(*dc, i, 0, n) += up * forget;
        }
    });
    return r;
}

#define INSTANTIATE(T)                                                                                     \
    template GruResult<T> gruCell(Tape<T>*, const Var<T>&, const Var<T>&, const Var<T>&, GruBlocks, bool); \
    template LstmResult<T> lstmCell(Tape<T>*, const Var<T>&, const Var<T>&, const Var<T>&, LstmBlocks);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
