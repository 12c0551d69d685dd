// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/reverse.h"

namespace attn {

Example ReverseTask::generate(Random& random) const {
    Example example;
    example.source = randomLetters(random);
    const int length = static_cast<int>(example.source.size());
    for (int i = 0; i < length; ++i) example.links.push_back({length - 1 - i, i, true});
    example.target.assign(example.source.rbegin(), example.source.rend());
    return example;
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
