// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/reverse.h"

#include <algorithm>

namespace attn {
namespace {

constexpr int shortest = 3, longest = 20;

} // namespace

Example ReverseTask::generate(Random& random) const {
    const std::vector<std::string> letters = sourceTokens();
    Example example;
    const int length = shortest + random.below(longest - shortest + 1);
    for (int i = 0; i < length; ++i) {
        example.source.push_back(random.pick(letters));
        example.links.push_back({length - 1 - i, i, true});
    }
    example.target.assign(example.source.rbegin(), example.source.rend());
    return example;
}

std::vector<std::string> ReverseTask::sourceTokens() const {
    std::vector<std::string> letters;
    for (char letter = 'a'; letter <= 'p'; ++letter) letters.emplace_back(1, letter);
    return letters;
}

std::vector<std::string> ReverseTask::showcase() const {
    return {"a b c",
            "c a b b a g e",
            "l a m p o f",
            "a a a b",
            "a b c d e f g h i j k l m n o p",
            "p o n m l k j i h g f e d c b a a b c d"};
}

} // namespace attn
