// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/enum_text.h"
#include "core/tasks/task.h"

namespace attn {

/// The part of a built-in language that an example belongs to. It follows from the source sentence alone
/// (from the text, if there is no source), so an endless stream of training examples never holds a sentence
/// of the other parts.
enum class Split { Train, Validation, Test };
template <>
struct EnumNames<Split> {
    static constexpr std::array names{std::pair{Split::Train, std::string_view("train")},
                                      std::pair{Split::Validation, std::string_view("validation")},
                                      std::pair{Split::Test, std::string_view("test")}};
};

/// 94 of 100 sentences train; 3 validate, 3 test.
Split splitOf(const Example& example);

/// The next example of that part: draws from the task until one belongs to it.
Example generateFrom(const Task& task, Split split, Random& random);

} // namespace attn
