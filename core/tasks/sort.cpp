// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/sort.h"

#include <algorithm>

namespace attn {

Example SortTask::generate(Random& random) const {
    Example example;
    example.source = randomLetters(random);
    const int length = static_cast<int>(example.source.size());
    example.target = example.source;
    std::sort(example.target.begin(), example.target.end());
    for (int j = 0; j < length; ++j) {
        const std::string& letter = example.target[static_cast<std::size_t>(j)];
        const bool once = std::count(example.source.begin(), example.source.end(), letter) == 1;
        for (int i = 0; i < length; ++i)
            if (example.source[static_cast<std::size_t>(i)] == letter) example.links.push_back({i, j, once});
    }
    return example;
}

std::vector<std::string> SortTask::showcase() const {
    return {"c b a",
            "b a n a n a",
            "a b c d",
            "f l a m i n g o",
            "p o n m l k j i h g f e d c b a",
            "c a b b a g e a n d a p p l e a n d m a"};
}

} // namespace attn
