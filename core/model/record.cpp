// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/record.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attn {

namespace {

/// The parts behind the blocks of CellResult::gates.
std::vector<StatePart> gateParts(bool lstm) {
    using enum StatePart;
    return lstm ? std::vector{Input, Forget, Candidate, Output} : std::vector{Reset, Update, Candidate};
}

HeadTrace recordHead(const Attention<float>& attention, const AttentionMemory<float>& memory, int index,
                     const AttentionResult<float>& result, int row, int mostTerms) {
    const HeadResult<float>& head = result.heads[static_cast<std::size_t>(index)];
    const int queries = head.score.scores.rows() / memory.batch;
    const auto positions = static_cast<std::size_t>(memory.lengths[static_cast<std::size_t>(row / queries)]);
    const auto along = [&](const Var<float>& x) {
        std::vector<float> values = rowOf(x, row);
        if (values.size() > positions) values.resize(positions);
        return values;
    };
    HeadTrace h;
    h.scores = along(head.score.scores);
    const std::uint8_t* allowed = head.scope.allowed.row(row);
    h.allowed.assign(allowed, allowed + positions);
    for (std::size_t j = 0; j < positions; ++j)
        if (!h.allowed[j]) h.scores[j] = 0;
    h.scoreTerms = attention.scoreTerms(memory, index, head.score, row, mostTerms);
    if (h.scoreTerms.rows() > memory.lengths[static_cast<std::size_t>(row / queries)]) {
        Matrix<float> kept(static_cast<int>(positions), h.scoreTerms.cols());
        std::copy_n(h.scoreTerms.begin(), kept.size(), kept.begin());
        h.scoreTerms = std::move(kept);
    }
    if (head.scope.centre.defined()) h.position = head.scope.centre.value()(row, 0);
    if (head.scope.logit.defined()) h.positionLogit = head.scope.logit.value()(row, 0);
    h.normalised = along(head.normalised);
    if (head.factors.monotonic.defined())
        h.offset = attention.monotonicOffset(index);
    else
        h.constant = normaliserConstant(h.scores.data(), h.allowed.data(), static_cast<int>(positions),
                                        attention.spec().normaliser, attention.spec().temperature);
    h.gaussian = along(head.factors.gaussian);
    h.relevance = along(head.factors.relevance);
    h.factor = h.gaussian;
    if (!h.relevance.empty()) h.factor.resize(positions, 1.0F);
    for (std::size_t j = 0; j < h.relevance.size(); ++j) h.factor[j] *= std::max(0.0F, h.relevance[j]);
    h.monotonic = along(head.factors.monotonic);
    h.weights = along(head.factors.weights);
    h.coverage = along(head.coverage);
    for (std::size_t j = 0; j < h.coverage.size(); ++j)
        h.coverageAfter.push_back(h.coverage[j] + h.weights[j]);
    h.context = rowOf(head.context, row);
    return h;
}

} // namespace

std::vector<float> rowOf(const Var<float>& x, int row) {
    if (!x.defined()) return {};
    return {x.value().row(row), x.value().row(row) + x.cols()};
}

CellTrace recordCell(const CellPlace& place, const CellState<float>& state, const Var<float>& gates,
                     int row) {
    CellTrace cell{place, {{StatePart::Hidden, rowOf(state.hidden, row)}}};
    if (state.cell.defined()) cell.parts.push_back({StatePart::Cell, rowOf(state.cell, row)});
    if (!gates.defined()) return cell;
    const float* first = gates.value().row(row);
    for (const StatePart part : gateParts(state.cell.defined())) {
        cell.parts.push_back({part, {first, first + state.hidden.cols()}});
        first += state.hidden.cols();
    }
    return cell;
}

Track recordTrack(int axis, const SequenceLayer<float>& layer, int positions, int row) {
    Track track{axis, {layer.layer, layer.cell, layer.backward}, {}};
    for (int s = 0; s < positions; ++s) {
        const CellResult<float>& step = layer.steps[static_cast<std::size_t>(s)];
        const CellTrace cell = recordCell(track.place, step.state, step.gates, row);
        for (std::size_t p = 0; p < cell.parts.size(); ++p) {
            const CellTrace::Part& part = cell.parts[p];
            if (s == 0)
                track.parts.push_back(
                    {part.part, Matrix<float>(positions, static_cast<int>(part.values.size()))});
            std::copy(part.values.begin(), part.values.end(), track.parts[p].values.row(s));
        }
    }
    return track;
}

Row recordRow(int site, int query, const Attention<float>& attention, const AttentionMemory<float>& memory,
              const AttentionResult<float>& result, int row, int mostTerms) {
    Row r{site, query, {}, {}, {}, {}};
    for (std::size_t h = 0; h < result.heads.size(); ++h)
        r.heads.push_back(recordHead(attention, memory, static_cast<int>(h), result, row, mostTerms));
    r.ungated = rowOf(result.ungated, row);
    r.gate = rowOf(result.gate, row);
    r.context = rowOf(result.context, row);
    return r;
}

int recordedVectors(const Site& site) {
    if (!site.rule) return 1; // weights
    const bool gaussian = site.rule->scope == Scope::LocalP;
    int vectors = 4; // scores, allowed, normalised, weights
    if (gaussian) vectors += 1;
    if (site.rule->relevance) vectors += 1;
    if (gaussian || site.rule->relevance) vectors += 1; // their product
    if (site.rule->scope == Scope::Monotonic) vectors += 1;
    if (site.rule->coverage) vectors += 2;
    return vectors;
}

const std::string& OutputWords::text(int id) const {
    return id < vocabulary.size() ? vocabulary.text(id)
                                  : extra[static_cast<std::size_t>(id - vocabulary.size())];
}

TokenRole OutputWords::role(int id) const {
    return id < vocabulary.size() ? roleOf(vocabulary, id) : TokenRole::Word;
}

TokenRole roleOf(const Vocabulary& vocabulary, int id) {
    const SpecialTokens& special = vocabulary.special();
    if (id < 0) return TokenRole::Empty;
    if (id == special.eos) return TokenRole::End;
    if (id == special.bos) return TokenRole::Start;
    if (id == special.unk) return TokenRole::Unknown;
    return TokenRole::Word;
}

double logSumExp(const float* logits, int count) {
    const double top = static_cast<double>(*std::max_element(logits, logits + count));
    double total = 0;
    for (int i = 0; i < count; ++i) total += std::exp(static_cast<double>(logits[i]) - top);
    return top + std::log(total);
}

Output recordOutput(const float* logits, int count, const OutputWords& words, int k) {
    const double sum = logSumExp(logits, count);
    Output output;
    output.logSumExp = static_cast<float>(sum);
    if (!std::isfinite(sum)) return output;
    double entropy = 0;
    for (int i = 0; i < count; ++i) {
        const double p = static_cast<double>(logits[i]) - sum;
        entropy -= std::exp(p) * p;
    }
    output.entropy = static_cast<float>(entropy);
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    const auto kept = order.begin() + std::min(k, count);
    std::partial_sort(order.begin(), kept, order.end(),
                      [&](int a, int b) { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; });
    std::for_each(order.begin(), kept, [&](int id) {
        const double logProb = static_cast<double>(logits[id]) - sum;
        output.candidates.push_back({id, words.text(id), words.role(id), static_cast<float>(logProb)});
    });
    return output;
}

} // namespace attn
