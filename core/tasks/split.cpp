// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/split.h"

#include "core/base/hash.h"

namespace attn {

Split splitOf(const Example& example) {
    std::uint64_t h = fnv1a("");
    for (const std::string& word : example.source.empty() ? example.target : example.source) h = fnv1a("\xff", fnv1a(word, h));
    h ^= h >> 29; // FNV's low bits alone are weak
    const auto part = h % 100;
    return part < 3 ? Split::Validation : part < 6 ? Split::Test : Split::Train;
}

Example generateFrom(const Task& task, Split split, Random& random) {
    for (;;) {
        Example example = task.generate(random);
        if (splitOf(example) == split) return example;
    }
}

} // namespace attn
