// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/letter_task.h"

namespace attn {

std::vector<std::string> LetterTask::sourceTokens() const {
    std::vector<std::string> letters;
    for (char letter = 'a'; letter <= 'p'; ++letter) letters.emplace_back(1, letter);
    return letters;
}

std::vector<std::string> LetterTask::randomLetters(Random& random) const {
    constexpr int shortest = 3, longest = 20;
    const std::vector<std::string> letters = sourceTokens();
    std::vector<std::string> row;
    for (int left = shortest + random.below(longest - shortest + 1); left > 0; --left)
        row.push_back(random.pick(letters));
    return row;
}

} // namespace attn
