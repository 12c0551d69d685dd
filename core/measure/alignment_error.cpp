// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/measure/alignment_error.h"

#include <map>
#include <set>

namespace attn {

void AlignmentError::add(const std::vector<GoldLink>& gold, const std::vector<AlignmentLink>& hypothesis) {
    std::map<AlignmentLink, bool> isSure;
    for (const GoldLink& link : gold) {
        bool& already = isSure[{link.source, link.target}];
        already = already || link.sure;
    }
    for (const auto& [link, sureLink] : isSure) sure += sureLink ? 1 : 0;
    for (const AlignmentLink& link : std::set<AlignmentLink>(hypothesis.begin(), hypothesis.end())) {
        ++hypothesised;
        const auto found = isSure.find(link);
        if (found == isSure.end()) continue;
        ++hypothesisedPossible;
        hypothesisedSure += found->second ? 1 : 0;
    }
}

AlignmentError& AlignmentError::operator+=(const AlignmentError& other) {
    hypothesised += other.hypothesised;
    sure += other.sure;
    hypothesisedSure += other.hypothesisedSure;
    hypothesisedPossible += other.hypothesisedPossible;
    return *this;
}

double AlignmentError::precision() const {
    return hypothesised == 0 ? 1.0
                             : static_cast<double>(hypothesisedPossible) / static_cast<double>(hypothesised);
}

double AlignmentError::recall() const {
    return sure == 0 ? 1.0 : static_cast<double>(hypothesisedSure) / static_cast<double>(sure);
}

double AlignmentError::rate() const {
    if (hypothesised + sure == 0) return 0.0;
    return 1.0 - static_cast<double>(hypothesisedSure + hypothesisedPossible) /
                     static_cast<double>(hypothesised + sure);
}

} // namespace attn
