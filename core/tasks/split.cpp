// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/split.h"

namespace attn {

Split splitOf(const Example& example) {
    std::uint64_t h = 0xcbf29ce484222325ULL; // FNV-1a
    for (const std::string& word : example.source) {
        for (const char c : word) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        h = (h ^ 0xff) * 0x100000001b3ULL;
    }
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
