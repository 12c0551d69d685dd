// SPDX-License-Identifier: GPL-3.0-or-later
// Operations that rearrange rows and columns.
#include "core/autograd/ops_common.h"

namespace attn {

template <typename T>
Var<T> concatCols(Tape<T>* tape, const List<Var<T>>& parts) {
    if (parts.empty()) throw Error(ErrorKind::Argument, "concatCols: nothing to join");
    if (parts.size() == 1) return parts.front();
    int cols = 0;
    bool needs = false;
    for (const Var<T>& p : parts) {
        requireFit(p.rows() == parts.front().rows(), "concatCols", parts.front(), p);
        cols += p.cols();
        needs = needs || p.needsGrad();
    }
    Matrix<T> joined(parts.front().rows(), cols);
    for (int at = 0; const Var<T>& p : parts) {
        eigen(joined).middleCols(at, p.cols()) = eigen(p.value());
        at += p.cols();
    }
    if (!tape || !needs) return Var<T>::computed(std::move(joined), false);
    return result(tape, std::move(joined), needs, [parts](const Matrix<T>& g, const auto&) {
        for (int at = 0; const Var<T>& p : parts) {
            if (p.needsGrad()) eigen(gradOf(p)) += eigen(g).middleCols(at, p.cols());
            at += p.cols();
        }
    });
}

template <typename T>
Var<T> concatRows(Tape<T>* tape, const List<Var<T>>& parts) {
    if (parts.empty()) throw Error(ErrorKind::Argument, "concatRows: nothing to join");
    if (parts.size() == 1) return parts.front();
    int rows = 0;
    bool needs = false;
    for (const Var<T>& p : parts) {
        requireFit(p.cols() == parts.front().cols(), "concatRows", parts.front(), p);
        rows += p.rows();
        needs = needs || p.needsGrad();
    }
    Matrix<T> joined(rows, parts.front().cols());
    for (int at = 0; const Var<T>& p : parts) {
        eigenRows(joined, at, p.rows()) = eigen(p.value());
        at += p.rows();
    }
    if (!tape || !needs) return Var<T>::computed(std::move(joined), false);
    return result(tape, std::move(joined), needs, [parts](const Matrix<T>& g, const auto&) {
        for (int at = 0; const Var<T>& p : parts) {
            if (p.needsGrad()) eigen(gradOf(p)) += eigenRows(g, at, p.rows());
            at += p.rows();
        }
    });
}

template <typename T>
Var<T> sliceCols(Tape<T>* tape, const Var<T>& x, int first, int count) {
    if (first < 0 || count < 0 || first + count > x.cols())
        throw Error(ErrorKind::Argument, "sliceCols: columns " + std::to_string(first) + " to " +
                                             std::to_string(first + count) + " of " + shapeText(x));
    Matrix<T> part(x.rows(), count);
    eigen(part) = eigen(x.value()).middleCols(first, count);
    return result(tape, std::move(part), x.needsGrad(), [x, first](const Matrix<T>& g, const auto&) {
        eigen(gradOf(x)).middleCols(first, g.cols()) += eigen(g);
    });
}

template <typename T>
Var<T> sliceRows(Tape<T>* tape, const Var<T>& x, int first, int count) {
    if (first < 0 || count < 0 || first + count > x.rows())
        throw Error(ErrorKind::Argument, "sliceRows: rows " + std::to_string(first) + " to " +
                                             std::to_string(first + count) + " of " + shapeText(x));
    if (count == x.rows()) return x;
    Matrix<T> part(count, x.cols());
    eigen(part) = eigenRows(x.value(), first, count);
    return result(tape, std::move(part), x.needsGrad(), [x, first](const Matrix<T>& g, const auto&) {
        eigenRows(gradOf(x), first, g.rows()) += eigen(g);
    });
}

template <typename T>
Var<T> gatherRows(Tape<T>* tape, const Var<T>& x, const std::vector<int>& rows) {
    Matrix<T> picked(static_cast<int>(rows.size()), x.cols());
    for (int i = 0; i < picked.rows(); ++i) {
        const int from = rows[static_cast<std::size_t>(i)];
        if (from < -1 || from >= x.rows())
            throw Error(ErrorKind::Argument,
                        "gatherRows: row " + std::to_string(from) + " of " + shapeText(x));
        if (from < 0)
            std::fill(picked.row(i), picked.row(i) + x.cols(), T(0));
        else
            std::copy(x.value().row(from), x.value().row(from) + x.cols(), picked.row(i));
    }
    if (!tape || !x.needsGrad()) return Var<T>::computed(std::move(picked), false);
    return result(tape, std::move(picked), x.needsGrad(), [x, rows](const Matrix<T>& g, const auto&) {
        Matrix<T>& grad = gradOf(x);
        for (int i = 0; i < g.rows(); ++i)
            if (const int to = rows[static_cast<std::size_t>(i)]; to >= 0)
                eigenRows(grad, to, 1) += eigenRows(g, i, 1);
    });
}

template <typename T>
Var<T> whereRows(Tape<T>* tape, const std::vector<std::uint8_t>& pick, const Var<T>& a, const Var<T>& b) {
    requireFit(a.rows() == b.rows() && a.cols() == b.cols() && static_cast<int>(pick.size()) == a.rows(),
               "whereRows", a, b);
    Matrix<T> mixed(a.rows(), a.cols());
    for (int i = 0; i < a.rows(); ++i)
        eigenRows(mixed, i, 1) = eigenRows((pick[static_cast<std::size_t>(i)] ? a : b).value(), i, 1);
    if (!tape || !(a.needsGrad() || b.needsGrad())) return Var<T>::computed(std::move(mixed), false);
    return result(tape, std::move(mixed), true, [pick, a, b](const Matrix<T>& g, const auto&) {
        for (int i = 0; i < g.rows(); ++i) {
            const Var<T>& from = pick[static_cast<std::size_t>(i)] ? a : b;
            if (from.needsGrad()) eigenRows(gradOf(from), i, 1) += eigenRows(g, i, 1);
        }
    });
}

template <typename T>
Var<T> repeatCol(Tape<T>* tape, const Var<T>& x, int count) {
    if (x.cols() != 1)
        throw Error(ErrorKind::Argument, "repeatCol: expected one column, got " + shapeText(x));
    Matrix<T> repeated(x.rows(), count);
    eigen(repeated).colwise() = eigen(x.value()).col(0);
    return result(tape, std::move(repeated), x.needsGrad(),
                  [x](const Matrix<T>& g, const auto&) { eigen(gradOf(x)) += eigen(g).rowwise().sum(); });
}

#define INSTANTIATE(T)                                                                                   \
    template Var<T> concatCols(Tape<T>*, const List<Var<T>>&);                                           \
    template Var<T> concatRows(Tape<T>*, const List<Var<T>>&);                                           \
    template Var<T> sliceCols(Tape<T>*, const Var<T>&, int, int);                                        \
    template Var<T> sliceRows(Tape<T>*, const Var<T>&, int, int);                                        \
    template Var<T> gatherRows(Tape<T>*, const Var<T>&, const std::vector<int>&);                        \
    template Var<T> whereRows(Tape<T>*, const std::vector<std::uint8_t>&, const Var<T>&, const Var<T>&); \
    template Var<T> repeatCol(Tape<T>*, const Var<T>&, int);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace attn
