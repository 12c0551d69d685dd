// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_text.h"

namespace attn {

Example EnglishTextTask::generate(Random& random) const {
    return {{}, m_pairs.generate(random).source, {}};
}

std::vector<std::string> EnglishTextTask::showcase() const {
    return {"the black cat", "I do not", "the small bird that", "every"};
}

} // namespace attn
