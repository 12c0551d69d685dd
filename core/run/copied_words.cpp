// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/copied_words.h"

#include <algorithm>

namespace attn {

std::vector<std::string> setCopyIds(const std::vector<std::string>& words, const Vocabulary& target,
                                    TokenBatch& source) {
    std::vector<std::string> extra;
    source.copyIds.clear();
    for (const std::string& word : words) {
        int id = target.contains(word) ? target.id(word) : -1;
        if (id < 0 || id == target.special().unk) {
            const auto at = std::find(extra.begin(), extra.end(), word);
            id = target.size() + static_cast<int>(at - extra.begin());
            if (at == extra.end()) extra.push_back(word);
        }
        source.copyIds.push_back(id);
    }
    source.extraWords = static_cast<int>(extra.size());
    return extra;
}

} // namespace attn
