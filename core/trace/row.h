// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/matrix.h"

namespace attn {

/// One head for one query, stage by stage; all vectors have one entry a key position but `context`. Of
/// attention that another program wrote only the weights are known, and everything else is empty.
struct HeadTrace {
    std::vector<float> scores; ///< e_tj, before temperature; 0 where not allowed
    /// The terms whose sum is the score, positions x terms (empty where the score has no such form):
    /// dot, scaled_dot, general, cosine: query times key per unit; additive, concat: v_i tanh(.)_i.
    Matrix<float> scoreTerms;

    std::vector<std::uint8_t> allowed;  ///< 1 where the scope lets j take part
    std::optional<float> position;      ///< p_t of local_m and local_p
    std::optional<float> positionLogit; ///< local_p: p_t = S sigmoid(this)

    std::vector<float> normalised; ///< a_tj after the normaliser; p_tj of monotonic
    /// What the row's weights share (normaliserConstant() of core/attention/normalise.h): softmax's sum of
    /// exponentials, the threshold of sparsemax and entmax15, hard's largest score, each of scores over the
    /// temperature. None for sigmoid, for monotonic and for a row without an allowed position.
    std::optional<double> constant;
    std::optional<float> offset; ///< monotonic's r: p_tj = sigmoid(e_tj / temperature + r)

    std::vector<float> gaussian;  ///< local_p's factor; empty if none
    std::vector<float> relevance; ///< r_tj before max(0, .); empty if none
    std::vector<float> factor;    ///< gaussian times max(0, relevance); empty if there is neither
    std::vector<float> monotonic; ///< monotonic's a_tj in place of p_tj; empty if none
    std::vector<float> weights;   ///< a_tj times its factors: what mixes the values

    std::vector<float> coverage;      ///< cov_tj on entry; empty if none
    std::vector<float> coverageAfter; ///< coverage and the weights: what the next query hears
    std::vector<float> context;       ///< this head's sum of weights times values
};

/// What one query did at one site.
struct Row {
    int site = 0;                 ///< index into Trace::sites
    int query = 0;                ///< position on the site's query axis; of a decoder the step's time
    std::vector<HeadTrace> heads; ///< as many as the site has
    std::vector<float> ungated;   ///< the heads' contexts joined and projected; empty if there is no gate
    std::vector<float> gate;      ///< g_t: 1 or width numbers; empty if none
    std::vector<float> context;   ///< what leaves the attention; empty if only weights are known
};

} // namespace attn
