// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/attention/attention_spec.h"
#include "core/attention/normalise.h"
#include "core/attention/tap.h"
#include "core/nn/layer_norm.h"
#include "core/nn/noise.h"
#include "core/nn/parameters.h"

namespace attn {

/// How the scope monotonic runs (Raffel 2017): the first position whose probability passes one half, or the
/// expected weights of drawing each position, which have a gradient and are what training uses.
enum class MonotonicMode { Hard, Expected };

/// Keys and values of B sentences padded to S positions, projected once per head. prepare() makes one of a
/// whole source; grow() adds positions that arrive later.
template <typename T>
struct AttentionMemory {
    int batch = 0;
    int positions = 0; ///< S
    MonotonicMode monotonic = MonotonicMode::Hard;
    std::vector<int> lengths; ///< B numbers: positions from here on are padding
    /// B*S flags: which positions exist at present, joined with the scope by "and"; empty: all of them.
    std::vector<int> present = {};
    long long projectedRows = 0; ///< rows of keys projected so far: what the memory has cost
    struct Head {
        Var<T> keys;          ///< as the score compares them: B*S x d_k, or B*S x A where projected
        Var<T> values;        ///< B*S x d_v
        Var<T> perKey;        ///< location_key's u . s(k_j): B*S x 1
        Var<T> relevanceKeys; ///< B*S x A
    };
    std::vector<Head> heads;

    /// Whether sentence b may be attended at position j, whatever the scope.
    bool isPresent(int b, int j) const {
        return j < lengths[static_cast<std::size_t>(b)] &&
               (present.empty() || present[static_cast<std::size_t>(b * positions + j)] != 0);
    }
};

/// What attention carries from one query step to the next: t, and per head coverage and the weights from
/// which monotonic attention goes on (B x S; position 0 before the first step).
template <typename T>
struct AttentionState {
    int time = 0;
    List<Var<T>> coverage = {};
    List<Var<T>> monotonic = {};
};

/// Calls f(array, entries a batch row) on every array of the memory: f(Var<T>&, int rows) where batch row b
/// owns rows [b*rows, (b+1)*rows), and f(std::vector<int>&, int entries). `f` may pick, repeat, drop or
/// reorder batch rows; the number of them follows.
template <typename T, typename Visitor>
void visitRows(AttentionMemory<T>& memory, Visitor&& f) {
    for (auto& head : memory.heads)
        for (Var<T>* array : {&head.keys, &head.values, &head.perKey, &head.relevanceKeys})
            if (array->defined()) f(*array, memory.positions);
    if (!memory.present.empty()) f(memory.present, memory.positions);
    if (!memory.lengths.empty()) f(memory.lengths, 1);
    memory.batch = static_cast<int>(memory.lengths.size());
}
template <typename T, typename Visitor>
void visitRows(AttentionState<T>& state, Visitor&& f) {
    for (Var<T>& coverage : state.coverage) f(coverage, 1);
    for (Var<T>& weights : state.monotonic) f(weights, 1);
}

/// Stage 1: scores, with what made them.
template <typename T>
struct ScoreResult {
    Var<T> scores;    ///< B*T x S
    Var<T> query;     ///< the query as compared with memory.keys
    Matrix<T> hidden; ///< additive and concat without tape: tanh's, (B*T*S) x A
};
/// Stage 2: which positions take part.
template <typename T>
struct ScopeResult {
    AllowedMask allowed; ///< B*T x S
    Var<T> centre;       ///< p_t, B*T x 1; undefined but for local_m and local_p
    Var<T> logit;        ///< local_p: p_t = S sigmoid(logit), B*T x 1
};
/// Stage 4: the factors and their product with the weights.
template <typename T>
struct FactorResult {
    Var<T> gaussian;  ///< B*T x S; undefined if there is none
    Var<T> relevance; ///< r before max(0, .), B*T x S; undefined if there is none
    Var<T>
        monotonic;  ///< a_tj of monotonicWeights(), which takes the place of p_tj; undefined if there is none
    Var<T> weights; ///< B*T x S
};

/// One head, stage by stage.
template <typename T>
struct HeadResult {
    ScoreResult<T> score;
    ScopeResult<T> scope;
    Var<T> normalised; ///< a_tj; p_tj for the scope monotonic
    FactorResult<T> factors;
    Var<T> coverage; ///< cov_tj on entry; undefined if there is none
    Var<T> context;  ///< B*T x d_v
};

template <typename T>
struct AttentionResult {
    List<HeadResult<T>> heads;
    Var<T> ungated; ///< context before the gate; undefined if there is no gate
    Var<T> gate;    ///< B*T x 1 or width; undefined if there is none
    Var<T> context; ///< B*T x contextWidth()
    AttentionState<T> state;
};

/// One mechanism: the six stages of attention.md composed as the spec says. Stateless; every result is
/// returned. Queries of B sentences with T steps each are rows b*T + t.
template <typename T>
class Attention {
public:
    /// Looks up the parameters of attentionSchema(spec, prefix). Throws Error(Argument) with every fault
    /// of the spec.
    Attention(const AttentionSpec& spec, const Parameters<T>& parameters, const std::string& prefix);

    /// How many positions take part for a source of so many: as many, or all that a location score knows with
    /// all_positions. Throws Error(Limit) if the source has more than that, naming both numbers.
    int positionsFor(int source) const;
    /// keys B*S x d_k, values B*S x d_v, lengths: B numbers from 0 to S.
    /// Throws Error(Limit) if the score knows fewer positions than S, naming both numbers.
    AttentionMemory<T> prepare(Tape<T>* tape, const Var<T>& keys, const Var<T>& values, int batch,
                               std::vector<int> lengths, MonotonicMode monotonic = MonotonicMode::Hard) const;

    /// The memory with more positions after its last: keys n*B x d_k and values n*B x d_v, rows b*n + i, n >=
    /// 0 for each sentence. Only these rows are projected; the numbers are those of prepare() over all
    /// positions. Positions keep their index, so padding of the old memory stays in place, absent. `present`:
    /// B*n flags of the new positions; empty: all exist. Coverage and monotonic attention of a state from
    /// before are 0 there. Throws Error(Limit) as prepare() does; Error(Argument) for all_positions, whose
    /// number is fixed.
    AttentionMemory<T> grow(Tape<T>* tape, const AttentionMemory<T>& memory, const Var<T>& keys,
                            const Var<T>& values, const std::vector<int>& present = {}) const;

    /// queries B*T x d_q, rows b*T + t; query t of this call is step state.time + t. `noise` touches the mix
    /// and the choices of monotonic attention.
    AttentionResult<T> attend(Tape<T>* tape, const AttentionMemory<T>& memory, const Var<T>& queries,
                              const AttentionState<T>& state = {}, const Tap<T>& tap = {},
                              const Noise& noise = {}) const;

    /// r of monotonic attention, which is added to its scores before the sigmoid; 0 where there is none.
    T monotonicOffset(int head) const;

    /// The terms whose sum is the score of each position, for one row of queries: S x width.
    /// dot, scaled_dot, general: q_i k_ji; cosine: beta q_i k_ji / (|q| |k_j|); additive, concat: v_i times
    /// the tanh. Empty for location scores, and where there would be more than `most` of them.
    Matrix<T> scoreTerms(const AttentionMemory<T>& memory, int head, const ScoreResult<T>& score, int row,
                         int most) const;

    const AttentionSpec& spec() const { return m_spec; }

private:
    struct Head {
        Var<T> W, b, v, u, beta, wCoverage;
        NormalisedLayer<T> query, key; ///< additive's
        Var<T> Wposition, vPosition;
        Var<T> bMonotonic;
        Var<T> WrelevanceQuery, WrelevanceKey, bRelevance, wRelevance;
    };

    HeadResult<T> attendHead(Tape<T>* tape, const AttentionMemory<T>& memory, int head, const Var<T>& queries,
                             const AttentionState<T>& state, const Tap<T>& tap, const Noise& noise) const;
    ScoreResult<T> score(Tape<T>* tape, const AttentionMemory<T>& memory, int head, const Var<T>& queries,
                         const Var<T>& coverage) const;
    ScopeResult<T> scope(Tape<T>* tape, const AttentionMemory<T>& memory, int head, const Var<T>& queries,
                         int time, const Var<T>& before) const;
    FactorResult<T> factors(Tape<T>* tape, const AttentionMemory<T>& memory, int head, const Var<T>& queries,
                            const Var<T>& centre, const Var<T>& weights, const Var<T>& before) const;
    Var<T> normalised(Tape<T>* tape, int head, const Var<T>& scores, const AllowedMask& allowed,
                      const Noise& noise) const;
    AttentionResult<T> attendInTurn(Tape<T>* tape, const AttentionMemory<T>& memory, const Var<T>& queries,
                                    const AttentionState<T>& state, const Tap<T>& tap,
                                    const Noise& noise) const;

    AttentionSpec m_spec;
    std::vector<Head> m_heads;
    Var<T> m_Wq, m_bq, m_Wk, m_bk, m_Wv, m_bv, m_Wo, m_bo, m_Wgate, m_bgate;
};

} // namespace attn
