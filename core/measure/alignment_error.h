// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/tasks/task.h"

namespace attn {

/// A hypothesised link: target token `target` was aligned to source token `source` (both from 0).
struct AlignmentLink {
    int source = 0;
    int target = 0;

    bool operator==(const AlignmentLink&) const = default;
    auto operator<=>(const AlignmentLink&) const = default;
};

/// Counts over a corpus for the alignment error rate of Och & Ney 2003. With hypothesis A, sure
/// links S and possible links P (S is part of P):
///   precision = |A n P| / |A|    recall = |A n S| / |S|    AER = 1 - (|A n S| + |A n P|) / (|A| + |S|)
/// All lie in [0, 1]; AER is 0 exactly when A holds every sure link and nothing that is not possible.
struct AlignmentError {
    long long hypothesised = 0;         ///< |A|
    long long sure = 0;                 ///< |S|
    long long hypothesisedSure = 0;     ///< |A n S|
    long long hypothesisedPossible = 0; ///< |A n P|

    /// Counts one sentence pair. Repeated links count once; a link that is gold both as sure and as possible
    /// is sure.
    void add(const std::vector<GoldLink>& gold, const std::vector<AlignmentLink>& hypothesis);

    /// Counts of another part of the corpus.
    AlignmentError& operator+=(const AlignmentError& other);

    /// 1 where nothing was hypothesised.
    double precision() const;
    /// 1 where nothing was sure.
    double recall() const;
    /// 0 where there was neither hypothesis nor sure link.
    double rate() const;

    bool operator==(const AlignmentError&) const = default;
};

} // namespace attn
