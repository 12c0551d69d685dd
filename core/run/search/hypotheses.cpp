// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/search/hypotheses.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/model/record.h"
#include "core/run/search/draw.h"
#include "core/run/search/hypothesis_score.h"

namespace attn {

namespace {

std::size_t at(int index) {
    return static_cast<std::size_t>(index);
}

} // namespace

Hypotheses::Hypotheses(const SearchOptions& options, const WordChoice& choice, const SpecialTokens& special,
                       int outputs, std::vector<SearchSentence> sentences)
    : m_options(options), m_choice(choice), m_special(special), m_outputs(outputs) {
    const std::size_t n = sentences.size();
    m_trees.resize(n);
    m_previous.assign(n, special.bos);
    for (SearchSentence& sentence : sentences) {
        const int row = static_cast<int>(m_rows.size());
        const bool live = sentence.limit > 0;
        m_rows.push_back({.sentence = row, .live = live});
        const std::size_t usual = at(std::clamp(sentence.limit, 0, 1000));
        m_trees[at(row)].nodes.reserve(usual);
        m_trees[at(row)].passes.reserve(usual);
        m_sentences.push_back({.asked = std::move(sentence), .first = row, .live = live ? 1 : 0});
        m_live += live ? 1 : 0;
    }
    m_weights.resize(n);
    m_best.resize(n);
    m_pass.resize(n);
    m_kept.resize(n);
}

void Hypotheses::checkStop(int time) const {
    if (m_options.stop.stop_requested())
        throw Error(ErrorKind::Interrupted, "stopped after " + std::to_string(time) + " words");
}

void Hypotheses::advance(int time, const Matrix<float>& logits) {
    for (int row = 0; row < rows(); ++row)
        if (m_rows[at(row)].live) readRow(time, logits, row);
    m_next.clear();
    for (Sentence& sentence : m_sentences)
        if (sentence.live > 0) extend(sentence, time, logits);
    layOut();
    if (m_options.progress) m_options.progress(time);
}

void Hypotheses::readRow(int time, const Matrix<float>& logits, int row) {
    BestWord& best = m_best[at(row)];
    best = bestWord(logits, row);
    if (m_options.exact) best.logSumExp = logSumExp(logits.row(row), logits.cols());
    if (!std::isfinite(best.logSumExp))
        throw Error(ErrorKind::Data, "the model's output at step " + std::to_string(time + 1) +
                                         " is not finite: its numbers are too large to run");
    Row& r = m_rows[at(row)];
    List<float>& weights = m_weights[at(row)];
    if (m_options.beam.coveragePenalty > 0) {
        r.covered.resize(weights.size(), 0.0);
        for (std::size_t j = 0; j < weights.size(); ++j) r.covered[j] += static_cast<double>(weights[j]);
    }
    SearchTree& tree = m_trees[at(r.sentence)];
    m_pass[at(row)] = static_cast<int>(tree.passes.size());
    tree.passes.push_back({best.id, m_options.weights ? std::move(weights) : List<float>()});
    m_kept[at(row)] = 0;
}

void Hypotheses::extend(Sentence& sentence, int time, const Matrix<float>& logits) {
    const std::size_t before = m_next.size();
    if (m_options.kind == SearchKind::Beam && at(time) >= sentence.asked.given.size()) {
        extendBeam(sentence, time, logits);
    } else {
        for (int row = sentence.first; row < sentence.first + sentence.slots; ++row)
            if (m_rows[at(row)].live)
                keep(sentence, time, extensionOf(logits, row, chooseOne(sentence, time, logits, row)), true,
                     true);
    }
    dropParents(sentence, time);
    sentence.live = static_cast<int>(m_next.size() - before);
    if (sentence.live == 0) finish(m_trees[at(m_rows[at(sentence.first)].sentence)]);
}

int Hypotheses::chooseOne(const Sentence& sentence, int time, const Matrix<float>& logits, int row) const {
    const std::vector<int>& given = sentence.asked.given;
    if (at(time) < given.size()) return given[at(time)];
    const float* const numbers = logits.row(row);
    if (m_options.kind == SearchKind::Sample) {
        const auto tokens = samplingDistribution(numbers, logits.cols(), m_options.sample,
                                                 [&](int id) { return m_choice.allows(id, time); });
        const int drawn = drawToken(tokens, m_options.sample.seed, sentence.asked.number, time);
        if (drawn >= 0) return drawn;
    }
    return m_choice.best(numbers, logits.cols(), m_best[at(row)].id, time);
}

Hypotheses::Extension Hypotheses::extensionOf(const Matrix<float>& logits, int row, int word) const {
    const float logit = logits(row, word);
    double logProb = static_cast<double>(logit) - m_best[at(row)].logSumExp;
    if (m_options.exact) logProb = static_cast<double>(static_cast<float>(logProb));
    return {row, word, logit, logProb, m_rows[at(row)].logProb + logProb};
}

/// The `most` best tokens that may follow a row's hypothesis. Of less than that many, those there are.
void Hypotheses::addBestExtensions(int time, const Matrix<float>& logits, int row, int most) {
    const float* const numbers = logits.row(row);
    const auto better = [&](int a, int b) {
        return numbers[a] != numbers[b] ? numbers[a] > numbers[b] : a < b;
    };
    List<int> heap; // the worst of them first
    for (int id = 0; id < logits.cols(); ++id) {
        const bool full = static_cast<int>(heap.size()) == most;
        if (full && !(numbers[id] > numbers[heap.front()])) continue;
        if (!(numbers[id] > -std::numeric_limits<float>::infinity()) || !m_choice.allows(id, time)) continue;
        if (full) {
            std::pop_heap(heap.begin(), heap.end(), better);
            heap.back() = id;
        } else {
            heap.push_back(id);
        }
        std::push_heap(heap.begin(), heap.end(), better);
    }
    const double coverage =
        m_options.beam.stepwise ? coverageScore(m_options.beam, m_rows[at(row)].covered) : 0;
    for (const int id : heap) {
        m_extensions.push_back(extensionOf(logits, row, id));
        m_extensions.back().rank += coverage;
    }
}

void Hypotheses::extendBeam(Sentence& sentence, int time, const Matrix<float>& logits) {
    const BeamOptions& beam = m_options.beam;
    const int places = beam.places == BeamPlaces::Freed ? beam.width - sentence.ended : beam.width;
    m_extensions.clear();
    int greedyRow = -1;
    for (int row = sentence.first; row < sentence.first + sentence.slots; ++row) {
        const Row& r = m_rows[at(row)];
        if (!r.live) continue;
        if (r.inBeam && places > 0) addBestExtensions(time, logits, row, places);
        if (r.greedy) greedyRow = row;
    }
    const int greedyWord = greedyRow < 0 ? -1 : chooseOne(sentence, time, logits, greedyRow);
    std::sort(m_extensions.begin(), m_extensions.end(), [](const Extension& a, const Extension& b) {
        if (a.rank != b.rank) return a.rank > b.rank;
        if (a.row != b.row) return a.row < b.row;
        return a.logit != b.logit ? a.logit > b.logit : a.word < b.word;
    });
    const std::size_t kept = std::min(m_extensions.size(), at(places));
    const auto isGreedy = [&](const Extension& e) { return e.row == greedyRow && e.word == greedyWord; };
    const std::size_t first = m_next.size();
    bool greedyKept = greedyRow < 0 || !beam.keepGreedy;
    for (std::size_t i = 0; i < kept; ++i) {
        const bool greedy = isGreedy(m_extensions[i]);
        greedyKept = greedyKept || greedy;
        keep(sentence, time, m_extensions[i], true, greedy);
    }
    if (kept > 0 && m_extensions[0].word == m_special.eos) sentence.bestEnded = true;
    if (m_options.keepLost)
        for (std::size_t i = kept; i < m_extensions.size(); ++i) {
            if (!greedyKept && isGreedy(m_extensions[i])) continue;
            SearchTree& tree = m_trees[at(m_rows[at(m_extensions[i].row)].sentence)];
            SearchNode& node = tree.nodes[at(addNode(m_extensions[i], time))];
            node.fate = Fate::Pruned;
            node.lostAt = time;
        }
    if (!greedyKept) keep(sentence, time, extensionOf(logits, greedyRow, greedyWord), false, true);
    if (beam.places != BeamPlaces::Refilled || !sentence.bestEnded || sentence.ended < beam.nBest) return;
    // The beam is done: of what is still open, only the greedy hypothesis goes on.
    const auto out =
        std::remove_if(m_next.begin() + static_cast<std::ptrdiff_t>(first), m_next.end(), [&](Row& r) {
            r.inBeam = false;
            if (r.greedy && beam.keepGreedy) return false;
            SearchNode& node = m_trees[at(r.sentence)].nodes[at(r.node)];
            node.fate = Fate::Pruned;
            node.lostAt = time;
            return true;
        });
    m_next.erase(out, m_next.end());
}

int Hypotheses::addNode(const Extension& extension, int time) {
    const Row& row = m_rows[at(extension.row)];
    SearchTree& tree = m_trees[at(row.sentence)];
    SearchNode node;
    node.parent = row.node;
    node.time = time;
    node.pass = m_pass[at(extension.row)];
    node.word = extension.word;
    node.given = at(time) < m_sentences[at(row.sentence)].asked.given.size();
    node.logProb = extension.logProb;
    node.score = hypothesisScore(m_options.beam, row.logProb + extension.logProb, time + 1, row.covered);
    tree.nodes.push_back(node);
    return static_cast<int>(tree.nodes.size()) - 1;
}

void Hypotheses::keep(Sentence& sentence, int time, const Extension& extension, bool inBeam, bool greedy) {
    const Row& row = m_rows[at(extension.row)];
    const int index = addNode(extension, time);
    SearchTree& tree = m_trees[at(row.sentence)];
    SearchNode& node = tree.nodes[at(index)];
    m_kept[at(extension.row)] = 1;
    const bool ended = extension.word == m_special.eos && at(time) + 1 >= sentence.asked.given.size();
    if (ended) node.fate = Fate::Finished;
    if (ended && inBeam) ++sentence.ended;
    if (ended || time + 1 >= sentence.asked.limit)
        tree.leaves.push_back(index);
    else
        m_next.push_back({.sentence = row.sentence,
                          .node = index,
                          .logProb = node.score.logProb,
                          .covered = row.covered,
                          .inBeam = inBeam,
                          .greedy = greedy,
                          .from = extension.row});
}

void Hypotheses::dropParents(const Sentence& sentence, int time) {
    for (int row = sentence.first; row < sentence.first + sentence.slots; ++row) {
        const Row& r = m_rows[at(row)];
        if (!r.live || m_kept[at(row)] || r.node < 0) continue;
        SearchNode& node = m_trees[at(r.sentence)].nodes[at(r.node)];
        node.fate = Fate::Pruned;
        node.lostAt = time;
    }
}

/// Makes the rows of the next step: in their places where each sentence has enough of them, else, and where
/// half of them are of no use, anew.
void Hypotheses::layOut() {
    m_live = static_cast<int>(m_next.size());
    m_stateMoved = m_encodingMoved = false;
    if (m_live == 0) return;
    const bool fits = std::all_of(m_sentences.begin(), m_sentences.end(),
                                  [](const Sentence& s) { return s.live <= s.slots; });
    if (fits && 2 * m_next.size() > m_rows.size()) {
        std::size_t next = 0;
        for (const Sentence& sentence : m_sentences)
            for (int i = 0; i < sentence.slots; ++i) {
                Row& row = m_rows[at(sentence.first + i)];
                if (i < sentence.live)
                    row = std::move(m_next[next++]);
                else
                    row.live = false, row.from = sentence.first + i;
                m_stateMoved = m_stateMoved || row.from != sentence.first + i;
            }
    } else {
        m_encodingRows.clear();
        for (Sentence& sentence : m_sentences) {
            m_encodingRows.insert(m_encodingRows.end(), at(sentence.live), sentence.first);
            sentence.first = static_cast<int>(m_encodingRows.size()) - sentence.live;
            sentence.slots = sentence.live;
        }
        m_rows.swap(m_next);
        m_stateMoved = m_encodingMoved = true;
        m_weights.resize(m_rows.size());
        m_best.resize(m_rows.size());
        m_pass.resize(m_rows.size());
        m_kept.resize(m_rows.size());
        m_previous.resize(m_rows.size());
    }
    m_stateRows.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        m_stateRows.push_back(row.from);
        if (!row.live) continue;
        const int word = m_trees[at(row.sentence)].nodes[at(row.node)].word;
        m_previous[i] = word < m_outputs ? word : m_special.unk;
    }
}

/// Sorts the hypotheses found, and gives the nodes that lead to none of them their fate.
void Hypotheses::finish(SearchTree& tree) {
    std::stable_sort(tree.leaves.begin(), tree.leaves.end(), [&](int a, int b) {
        return tree.nodes[at(a)].score.total > tree.nodes[at(b)].score.total;
    });
    std::vector<std::uint8_t> survives(tree.nodes.size());
    for (const int leaf : tree.leaves) survives[at(leaf)] = 1;
    for (std::size_t i = tree.nodes.size(); i-- > 0;) {
        SearchNode& node = tree.nodes[i];
        if (!survives[i]) node.fate = Fate::Pruned;
        if (node.parent < 0) continue;
        if (survives[i])
            survives[at(node.parent)] = 1;
        else
            tree.nodes[at(node.parent)].lostAt = std::max(tree.nodes[at(node.parent)].lostAt, node.lostAt);
    }
    for (std::size_t i = 0; i < tree.nodes.size(); ++i)
        if (survives[i]) tree.nodes[i].lostAt = -1;
}

std::vector<int> SearchTree::path(int leaf) const {
    std::vector<int> indices;
    for (int index = leaf; index >= 0; index = nodes[at(index)].parent) indices.push_back(index);
    std::reverse(indices.begin(), indices.end());
    return indices;
}

} // namespace attn
