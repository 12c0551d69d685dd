// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/copy.h"

namespace attn {

Example CopyTask::generate(Random& random) const {
    Example example;
    example.source = randomLetters(random);
    const int length = static_cast<int>(example.source.size());
    for (int i = 0; i < length; ++i) example.links.push_back({i, i, true});
    example.target = example.source;
    return example;
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
