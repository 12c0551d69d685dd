// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/copy.h"

namespace attn {
namespace {

constexpr int shortest = 3, longest = 20;

} // namespace

Example CopyTask::generate(Random& random) const {
    const std::vector<std::string> letters = sourceTokens();
    Example example;
    const int length = shortest + random.below(longest - shortest + 1);
    for (int i = 0; i < length; ++i) {
        example.source.push_back(random.pick(letters));
        example.links.push_back({i, i, true});
    }
    example.target = example.source;
    return example;
}

std::vector<std::string> CopyTask::sourceTokens() const {
    std::vector<std::string> letters;
    for (char letter = 'a'; letter <= 'p'; ++letter) letters.emplace_back(1, letter);
    return letters;
}

std::vector<std::string> CopyTask::showcase() const {
    return {"a b c",
            "c a b b a g e",
            "a a a b",
            "p a n a m a",
            "a b c d e f g h i j k l m n o p",
            "h e l l o g o l d e n a p p l e i n a l"};
}

} // namespace attn
