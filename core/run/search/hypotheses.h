// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/run/best_word.h"
#include "core/run/search/hypothesis.h"
#include "core/run/word_choice.h"
#include "core/text/vocabulary.h"

namespace attn {

/// The hypotheses of a search over a batch of sentences: which tokens extend them, and which of them live on.
/// It knows no network. Its rows are those of the network's batch; the rows of one sentence stand together.
/// Rows whose hypothesis has ended stay, ignored, until half of all rows have: moving the rows of a batch
/// costs more than computing some in vain.
class Hypotheses {
public:
    /// One row a sentence. `outputs` is the number of tokens of the target vocabulary: what lies beyond is
    /// copied, and read again as unknown.
    Hypotheses(const SearchOptions& options, const WordChoice& choice, const SpecialTokens& special,
               int outputs, std::vector<SearchSentence> sentences);

    /// Throws Error(Interrupted) if the search was asked to stop.
    void checkStop(int time) const;
    bool done() const { return m_live == 0; }
    int rows() const { return static_cast<int>(m_rows.size()); }
    bool isLive(int row) const { return m_rows[static_cast<std::size_t>(row)].live; }
    /// The tokens that the next step reads, one a row.
    const std::vector<int>& previous() const { return m_previous; }
    /// The node that a row extends; -1 before the first step.
    int node(int row) const { return m_rows[static_cast<std::size_t>(row)].node; }

    /// Whether weights() are to be set for each live row before advance().
    bool needsWeights() const { return m_options.weights || m_options.beam.coveragePenalty > 0; }
    List<float>& weights(int row) { return m_weights[static_cast<std::size_t>(row)]; }

    /// Extends the live hypotheses by what a step gave, logits row by row. Throws Error(Data) if a live row's
    /// logits are not finite, naming the step.
    void advance(int time, const Matrix<float>& logits);

    /// After advance(): row i goes on from the state of row stateRows()[i], and reads the encoding of row
    /// encodingRows()[i].
    bool stateMoved() const { return m_stateMoved; }
    const std::vector<int>& stateRows() const { return m_stateRows; }
    bool encodingMoved() const { return m_encodingMoved; }
    const std::vector<int>& encodingRows() const { return m_encodingRows; }

    /// What was found for each sentence.
    std::vector<SearchTree> take() { return std::move(m_trees); }

private:
    struct Row {
        int sentence = 0;
        int node = -1;
        double logProb = 0;
        List<double> covered = {}; ///< attention so far, by source position
        bool live = true;
        bool inBeam = true; ///< false: the greedy hypothesis, which the beam has dropped
        bool greedy = true; ///< its tokens are those of greedy search
        int from = 0;       ///< row of the step before
    };
    struct Sentence {
        SearchSentence asked;
        int first = 0, slots = 1; ///< its rows
        int live = 1;
        int ended = 0;          ///< hypotheses of the beam that have ended
        bool bestEnded = false; ///< the best of some step was one of them
    };
    struct Extension {
        int row = 0;
        int word = 0;
        float logit = 0;
        double logProb = 0; ///< of the token
        double rank = 0;
    };

    void readRow(int time, const Matrix<float>& logits, int row);
    void extend(Sentence& sentence, int time, const Matrix<float>& logits);
    int chooseOne(const Sentence& sentence, int time, const Matrix<float>& logits, int row) const;
    void extendBeam(Sentence& sentence, int time, const Matrix<float>& logits);
    void addBestExtensions(int time, const Matrix<float>& logits, int row, int most);
    Extension extensionOf(const Matrix<float>& logits, int row, int word) const;
    /// Adds the node; it becomes a row of the next step or a leaf.
    void keep(Sentence& sentence, int time, const Extension& extension, bool inBeam, bool greedy);
    int addNode(const Extension& extension, int time);
    void dropParents(const Sentence& sentence, int time);
    void layOut();
    static void finish(SearchTree& tree);

    const SearchOptions m_options;
    const WordChoice& m_choice;
    const SpecialTokens m_special;
    const int m_outputs;
    std::vector<Sentence> m_sentences;
    std::vector<SearchTree> m_trees;
    std::vector<Row> m_rows, m_next;
    std::vector<List<float>> m_weights; ///< by row
    std::vector<BestWord> m_best;       ///< by row, of this step
    std::vector<int> m_pass;            ///< by row, of this step
    std::vector<std::uint8_t> m_kept;   ///< by row: an extension of it was kept
    List<Extension> m_extensions;
    std::vector<int> m_previous, m_stateRows, m_encodingRows;
    int m_live = 0;
    bool m_stateMoved = false, m_encodingMoved = false;
};

} // namespace attn
