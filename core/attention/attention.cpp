// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attention/attention.h"

#include "core/autograd/ops.h"

namespace attn {

namespace {

/// B x n of an earlier step as B x positions: what positions that arrived since then had, 0.
template <typename T>
Var<T> widened(Tape<T>* tape, const Var<T>& before, int positions) {
    if (before.cols() == positions) return before;
    return concatCols(tape, {before, Var<T>(Matrix<T>(before.rows(), positions - before.cols(), T(0)))});
}

template <typename T>
Var<T> tapped(const Tap<T>& tap, Stage stage, int head, const Var<T>& value) {
    return tap.value ? tap.value(stage, head, value) : value;
}

} // namespace

template <typename T>
Attention<T>::Attention(const AttentionSpec& spec, const Parameters<T>& parameters, const std::string& prefix)
    : m_spec(spec) {
    throwFaults(ErrorKind::Argument, "this attention cannot be built:", spec.validate());
    const auto find = [&](const std::string& name) {
        return parameters.contains(name) ? parameters[name] : Var<T>();
    };
    for (int h = 0; h < spec.maps(); ++h) {
        const std::string at = spec.heads > 0 ? prefix + "head" + std::to_string(h) + "." : prefix;
        const auto layer = [&](const std::string& side, const Var<T>& b) {
            return NormalisedLayer<T>{find(at + "W_" + side),     b,         find(at + "gain_" + side),
                                      find(at + "shift_" + side), spec.norm, spec.normEpsilon};
        };
        m_heads.push_back({find(at + "W"), find(at + "b"), find(at + "v"), find(at + "u"), find(at + "beta"),
                           find(at + "w_coverage"), layer("query", {}), layer("key", find(at + "b")),
                           find(at + "W_position"), find(at + "v_position"), find(at + "b_monotonic"),
                           find(at + "W_relevance_query"), find(at + "W_relevance_key"),
                           find(at + "b_relevance"), find(at + "w_relevance")});
    }
    if (spec.heads > 0) {
        m_Wq = parameters[prefix + "W_q"], m_bq = parameters[prefix + "b_q"];
        m_Wk = parameters[prefix + "W_k"], m_bk = parameters[prefix + "b_k"];
        m_Wv = parameters[prefix + "W_v"], m_bv = parameters[prefix + "b_v"];
        m_Wo = parameters[prefix + "W_o"], m_bo = parameters[prefix + "b_o"];
    }
    if (spec.gate != Gate::None)
        m_Wgate = parameters[prefix + "W_gate"], m_bgate = parameters[prefix + "b_gate"];
}

template <typename T>
HeadResult<T> Attention<T>::attendHead(Tape<T>* tape, const AttentionMemory<T>& memory, int head,
                                       const Var<T>& queries, const AttentionState<T>& state,
                                       const Tap<T>& tap, const Noise& noise) const {
    HeadResult<T> r;
    if (m_spec.coverage)
        r.coverage = state.coverage.empty()
                         ? Var<T>(Matrix<T>(memory.batch, memory.positions, T(0)))
                         : widened(tape, state.coverage[static_cast<std::size_t>(head)], memory.positions);
    Var<T> before;
    if (m_spec.scope == Scope::Monotonic) {
        if (state.monotonic.empty() || state.monotonic.front().cols() == 0) {
            Matrix<T> start(memory.batch, memory.positions, T(0));
            for (int b = 0; b < memory.batch; ++b)
                if (memory.lengths[static_cast<std::size_t>(b)] > 0) start(b, 0) = T(1);
            before = Var<T>(std::move(start));
        } else {
            before = widened(tape, state.monotonic[static_cast<std::size_t>(head)], memory.positions);
        }
    }
    r.score = score(tape, memory, head, queries, r.coverage);
    r.score.scores = tapped(tap, Stage::Score, head, r.score.scores);
    r.scope = scope(tape, memory, head, queries, state.time, before);
    if (tap.mask) tap.mask(head, r.scope.allowed);
    r.normalised =
        tapped(tap, Stage::Normaliser, head, normalised(tape, head, r.score.scores, r.scope.allowed, noise));
    r.factors = factors(tape, memory, head, queries, r.scope.centre, r.normalised, before);
    r.factors.weights = tapped(tap, Stage::Factors, head, r.factors.weights);
    // The next step reads on from the weights as they were tapped. With a relevance the weights are a
    // product, and what the next step reads on from is its first factor.
    if (m_spec.scope == Scope::Monotonic && !m_spec.relevance) r.factors.monotonic = r.factors.weights;
    r.context = tapped(tap, Stage::Mix, head,
                       batchedMix(tape, noise.apply(tape, r.factors.weights, &Noise::attention),
                                  memory.heads[static_cast<std::size_t>(head)].values, memory.batch));
    return r;
}

template <typename T>
AttentionResult<T> Attention<T>::attend(Tape<T>* tape, const AttentionMemory<T>& memory,
                                        const Var<T>& queries, const AttentionState<T>& state,
                                        const Tap<T>& tap, const Noise& noise) const {
    const int T_ = queries.rows() / memory.batch;
    if ((m_spec.coverage || m_spec.scope == Scope::Monotonic) && T_ > 1)
        return attendInTurn(tape, memory, queries, state, tap, noise);
    AttentionResult<T> r;
    const Var<T> allQueries = m_spec.heads > 0 ? linear(tape, queries, m_Wq, m_bq) : queries;
    List<Var<T>> contexts;
    r.state.time = state.time + T_;
    for (int h = 0; h < m_spec.maps(); ++h) {
        const Var<T> q = m_spec.heads > 0
                             ? sliceCols(tape, allQueries, h * m_spec.headWidth, m_spec.headWidth)
                             : allQueries;
        r.heads.push_back(attendHead(tape, memory, h, q, state, tap, noise));
        contexts.push_back(r.heads.back().context);
        if (m_spec.coverage)
            r.state.coverage.push_back(add(tape, r.heads.back().coverage, r.heads.back().factors.weights));
        if (m_spec.scope == Scope::Monotonic) r.state.monotonic.push_back(r.heads.back().factors.monotonic);
    }
    r.context = concatCols(tape, contexts);
    if (m_spec.heads > 0) r.context = linear(tape, r.context, m_Wo, m_bo);
    if (m_spec.gate != Gate::None) {
        r.ungated = r.context;
        r.gate =
            tapped(tap, Stage::Gate, 0,
                   sigmoid(tape, linear(tape, concatCols(tape, {queries, r.context}), m_Wgate, m_bgate)));
        r.context =
            m_spec.gate == Gate::Scalar ? mulRows(tape, r.context, r.gate) : mul(tape, r.context, r.gate);
    }
    return r;
}

template class Attention<float>;
template class Attention<double>;

} // namespace attn
