// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attention/attention.h"

#include <cmath>

#include "core/attention/monotonic.h"
#include "core/nn/activation.h"

namespace attn {

namespace {

/// n x 0 in, zeros out: the query's part of a score of the key alone.
template <typename T>
Var<T> projectQuery(Tape<T>* tape, const Var<T>& queries, const NormalisedLayer<T>& layer, int width) {
    return layer.W.defined() ? layer.apply(tape, queries) : Var<T>(Matrix<T>(queries.rows(), width, T(0)));
}

void requireRows(bool fits) {
    if (!fits)
        throw Error(ErrorKind::Argument,
                    "attention: keys, values and lengths are not of the same sentences and positions");
}

template <typename T>
Var<T> tapped(const Tap<T>& tap, Stage stage, int head, const Var<T>& value) {
    return tap ? tap(stage, head, value) : value;
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
    (void)positionsFor(memory.positions);
    Var<T> allKeys = keys, allValues = values;
    if (m_spec.heads > 0) {
        allKeys = linear(tape, keys, m_Wk, m_bk);
        allValues = linear(tape, values, m_Wv, m_bv);
    }
    for (int h = 0; h < m_spec.maps(); ++h) {
        const Head& p = m_heads[static_cast<std::size_t>(h)];
        const int d = m_spec.headWidth;
        const Var<T> k = m_spec.heads > 0 ? sliceCols(tape, allKeys, h * d, d) : allKeys;
        typename AttentionMemory<T>::Head head;
        head.values = m_spec.heads > 0 ? sliceCols(tape, allValues, h * d, d) : allValues;
        head.keys = k;
        if (m_spec.score == Score::Additive) head.keys = p.key.apply(tape, k);
        if (m_spec.score == Score::Concat)
            head.keys = linear(tape, k, sliceCols(tape, p.W, p.W.cols() - k.cols(), k.cols()));
        if (m_spec.score == Score::LocationKey)
            head.perKey = linear(tape, activate(tape, m_spec.squash, k), p.u);
        if (p.WrelevanceKey.defined()) head.relevanceKeys = linear(tape, k, p.WrelevanceKey, p.bRelevance);
        memory.heads.push_back(std::move(head));
    }
    return memory;
}

// Stage 1
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
        case Score::None:
            break;
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

// Stage 2
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
                    in = j <= t;
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
            r.allowed(i, j) = in ? 1 : 0;
        }
    }
    return r;
}

// Stage 3
template <typename T>
Var<T> Attention<T>::normalised(Tape<T>* tape, int head, const Var<T>& scores, const AllowedMask& allowed,
                                const Noise& noise) const {
    if (m_spec.scope == Scope::Monotonic)
        return monotonicProbabilities(tape, scores, m_heads[static_cast<std::size_t>(head)].bMonotonic,
                                      allowed, m_spec.temperature, noise.monotonic, noise.random);
    return normalise(tape, scores, allowed, m_spec.normaliser, m_spec.temperature);
}

template <typename T>
T Attention<T>::monotonicOffset(int head) const {
    const Var<T>& r = m_heads[static_cast<std::size_t>(head)].bMonotonic;
    return r.defined() ? r.value()(0, 0) : T(0);
}

// Stage 4
template <typename T>
FactorResult<T> Attention<T>::factors(Tape<T>* tape, const AttentionMemory<T>& memory, int head,
                                      const Var<T>& queries, const Var<T>& centre, const Var<T>& weights,
                                      const Var<T>& before) const {
    const Head& p = m_heads[static_cast<std::size_t>(head)];
    const auto& m = memory.heads[static_cast<std::size_t>(head)];
    FactorResult<T> r;
    r.weights = weights;
    if (m_spec.scope == Scope::Monotonic) {
        const bool hard = memory.monotonic == MonotonicMode::Hard;
        r.monotonic = monotonicWeights(tape, hard ? monotonicChoices(weights) : weights, before);
        r.weights = r.monotonic;
    }
    if (m_spec.scope == Scope::LocalP) {
        r.gaussian = gaussianWindow(tape, centre, memory.positions, m_spec.window / 2.0);
        r.weights = mul(tape, r.weights, r.gaussian);
    }
    if (m_spec.relevance) {
        if (m_spec.constantRelevance.empty()) {
            r.relevance = batchedAdditive(tape, linear(tape, queries, p.WrelevanceQuery), m.relevanceKeys,
                                          p.wRelevance, memory.batch)
                              .scores;
        } else {
            const auto& given = m_spec.constantRelevance;
            if (static_cast<int>(given.size()) < memory.positions)
                throw Error(ErrorKind::Limit, "the source has " + std::to_string(memory.positions) +
                                                  " positions, but the given relevance has " +
                                                  std::to_string(given.size()) + " numbers");
            Matrix<T> fixed(queries.rows(), memory.positions);
            for (int i = 0; i < fixed.rows(); ++i)
                for (int j = 0; j < fixed.cols(); ++j)
                    fixed(i, j) = static_cast<T>(given[static_cast<std::size_t>(j)]);
            r.relevance = Var<T>(std::move(fixed));
        }
        r.weights = mul(tape, r.weights, relu(tape, r.relevance));
    }
    return r;
}

template <typename T>
HeadResult<T> Attention<T>::attendHead(Tape<T>* tape, const AttentionMemory<T>& memory, int head,
                                       const Var<T>& queries, const AttentionState<T>& state,
                                       const Tap<T>& tap, const Noise& noise) const {
    HeadResult<T> r;
    if (m_spec.coverage)
        r.coverage = state.coverage.empty() ? Var<T>(Matrix<T>(memory.batch, memory.positions, T(0)))
                                            : state.coverage[static_cast<std::size_t>(head)];
    Var<T> before;
    if (m_spec.scope == Scope::Monotonic) {
        if (state.monotonic.empty()) {
            Matrix<T> start(memory.batch, memory.positions, T(0));
            for (int b = 0; b < memory.batch; ++b)
                if (memory.lengths[static_cast<std::size_t>(b)] > 0) start(b, 0) = T(1);
            before = Var<T>(std::move(start));
        } else {
            before = state.monotonic[static_cast<std::size_t>(head)];
        }
    }
    r.score = score(tape, memory, head, queries, r.coverage);
    r.score.scores = tapped(tap, Stage::Score, head, r.score.scores);
    r.scope = scope(tape, memory, head, queries, state.time, before);
    r.normalised =
        tapped(tap, Stage::Normaliser, head, normalised(tape, head, r.score.scores, r.scope.allowed, noise));
    r.factors = factors(tape, memory, head, queries, r.scope.centre, r.normalised, before);
    r.factors.weights = tapped(tap, Stage::Factors, head, r.factors.weights);
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
    if (m_spec.score == Score::None) {
        if (!memory.summary.defined() || memory.summary.rows() != memory.batch)
            throw Error(ErrorKind::Argument,
                        "attention: the score none needs a summary of each sentence in the memory");
        contexts.push_back(memory.summary);
        if (T_ > 1) {
            std::vector<int> sentence;
            for (int i = 0; i < queries.rows(); ++i) sentence.push_back(i / T_);
            contexts.back() = gatherRows(tape, memory.summary, sentence);
        }
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

template class Attention<float>;
template class Attention<double>;

} // namespace attn
