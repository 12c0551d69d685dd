// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/autograd/var.h"
#include "core/base/random.h"

/// Matrix operations, each forward at once and backward through the tape. A null tape means inference.
/// Rows are items (words, queries, sentences of a batch), columns are features. Backward accumulates.
/// Widths that do not fit are Error(Argument) naming both shapes.
///
/// Batched operations hold B sentences as blocks of rows: queries B*T x d (block b is rows b*T ..),
/// keys and values B*S x d, scores and weights B*T x S.
namespace attn {

/// a b, (n x k)(k x m).
template <typename T>
Var<T> matmul(Tape<T>* tape, const Var<T>& a, const Var<T>& b);
/// x W' + b, x n x in, W out x in, b 1 x out or undefined. One row without a tape reads W in 16 bits where it
/// keeps them.
template <typename T>
Var<T> linear(Tape<T>* tape, const Var<T>& x, const Var<T>& W, const Var<T>& b = {},
              Sweep sweep = Sweep::Down);
/// The same for all positions of a sequence at once: always a product by blocks, the fastest for many rows. A
/// few rows of linear() are multiplied otherwise without a tape (fewRowsProduct), and differ in the last
/// bits.
template <typename T>
Var<T> linearOfSequence(Tape<T>* tape, const Var<T>& x, const Var<T>& W, const Var<T>& b = {});

template <typename T>
Var<T> add(Tape<T>* tape, const Var<T>& a, const Var<T>& b);
/// Elementwise product.
template <typename T>
Var<T> mul(Tape<T>* tape, const Var<T>& a, const Var<T>& b);
template <typename T>
Var<T> scale(Tape<T>* tape, const Var<T>& a, double factor);
/// a times the 1 x 1 variable.
template <typename T>
Var<T> scaleBy(Tape<T>* tape, const Var<T>& a, const Var<T>& factor);
/// Each row i of a (n x d) times g_i (n x 1).
template <typename T>
Var<T> mulRows(Tape<T>* tape, const Var<T>& a, const Var<T>& g);
/// z * a + (1 - z) * b, elementwise.
template <typename T>
Var<T> blend(Tape<T>* tape, const Var<T>& z, const Var<T>& a, const Var<T>& b);

template <typename T>
Var<T> sigmoid(Tape<T>* tape, const Var<T>& x);
template <typename T>
Var<T> tanh(Tape<T>* tape, const Var<T>& x);
template <typename T>
Var<T> relu(Tape<T>* tape, const Var<T>& x);
/// The larger of each two neighbouring columns, n x 2m -> n x m (Goodfellow 2013).
template <typename T>
Var<T> maxout(Tape<T>* tape, const Var<T>& x);
/// Zeroes entries with the given probability and scales the rest by 1 / (1 - rate) (Srivastava 2014).
template <typename T>
Var<T> dropout(Tape<T>* tape, const Var<T>& x, double rate, Random& random);

template <typename T>
Var<T> concatCols(Tape<T>* tape, const List<Var<T>>& parts);
template <typename T>
Var<T> concatRows(Tape<T>* tape, const List<Var<T>>& parts);
template <typename T>
Var<T> sliceCols(Tape<T>* tape, const Var<T>& x, int first, int count);
template <typename T>
Var<T> sliceRows(Tape<T>* tape, const Var<T>& x, int first, int count);
/// Row rows[i] of x becomes row i: embedding lookup, reordering. -1 gives a row of zeros.
template <typename T>
Var<T> gatherRows(Tape<T>* tape, const Var<T>& x, const std::vector<int>& rows);
/// Row i of a where pick[i], else of b.
template <typename T>
Var<T> whereRows(Tape<T>* tape, const std::vector<std::uint8_t>& pick, const Var<T>& a, const Var<T>& b);
/// n x 1 -> n x count, the column repeated.
template <typename T>
Var<T> repeatCol(Tape<T>* tape, const Var<T>& x, int count);

/// Each row normalised by itself, then scaled and shifted (Ba et al. 2016):
/// y = gain * (x - mean) / sqrt(variance + epsilon) + shift, with the variance of all entries (divided by n).
/// `parts`: widths of stretches of columns that are normalised apart, together all of x's; empty: the whole
/// row. gain 1 x n; shift 1 x n or undefined.
template <typename T>
Var<T> layerNorm(Tape<T>* tape, const Var<T>& x, const Var<T>& gain, const Var<T>& shift, double epsilon,
                 const std::vector<int>& parts = {});

/// The sum of all entries, 1 x 1.
template <typename T>
Var<T> sum(Tape<T>* tape, const Var<T>& x);
/// Sum over rows i with targets[i] >= 0 of -log softmax(logits_i)[targets_i], 1 x 1.
/// With smoothing s the target is (1 - s) one-hot plus s uniform (Szegedy 2016).
template <typename T>
Var<T> crossEntropy(Tape<T>* tape, const Var<T>& logits, const std::vector<int>& targets,
                    double smoothing = 0);

// ---- batched, for attention

/// q_t k_j' within each sentence: B*T x S.
template <typename T>
Var<T> batchedScores(Tape<T>* tape, const Var<T>& queries, const Var<T>& keys, int batch);
/// q_t k_j' / (|q_t| |k_j|) within each sentence: B*T x S. A zero vector scores 0.
template <typename T>
Var<T> batchedCosine(Tape<T>* tape, const Var<T>& queries, const Var<T>& keys, int batch);

template <typename T>
struct AdditiveScores {
    Var<T> scores;    ///< B*T x S
    Matrix<T> hidden; ///< the tanh's, (B*T*S) x A, row (b*T + t) * S + j
};
/// v . tanh(q_t + k_j + cov_tj w) within each sentence; q B*T x A and k B*S x A are projected already,
/// v 1 x A; cov B*T x S and w 1 x A come together or not at all (Bahdanau 2015, See 2017).
template <typename T>
AdditiveScores<T> batchedAdditive(Tape<T>* tape, const Var<T>& queries, const Var<T>& keys, const Var<T>& v,
                                  int batch, const Var<T>& coverage = {}, const Var<T>& wCoverage = {});
/// scores (B*T x S) plus one number per key (B*S x 1), the same for every query of a sentence.
template <typename T>
Var<T> addPerKey(Tape<T>* tape, const Var<T>& scores, const Var<T>& perKey, int batch);
/// sum_j a_tj v_j within each sentence: B*T x d.
template <typename T>
Var<T> batchedMix(Tape<T>* tape, const Var<T>& weights, const Var<T>& values, int batch);
/// exp(-(j - p_i)^2 / (2 sigma^2)), p n x 1: n x positions (Luong 2015).
template <typename T>
Var<T> gaussianWindow(Tape<T>* tape, const Var<T>& centre, int positions, double sigma);

} // namespace attn
