// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/task.h"

#include "core/base/error.h"
#include "core/tasks/add.h"
#include "core/tasks/copy.h"
#include "core/tasks/dates.h"
#include "core/tasks/english_chinese/english_chinese.h"
#include "core/tasks/english_french/english_french.h"
#include "core/tasks/english_text.h"
#include "core/tasks/reverse.h"
#include "core/tasks/sort.h"

namespace attn {

std::vector<std::string> taskNames() {
    return {"reverse", "copy", "sort", "add", "dates", "en-fr", "en-zh", "en-zh-characters", "en-lm"};
}

std::unique_ptr<Task> makeTask(std::string_view name) {
    if (name == "reverse") return std::make_unique<ReverseTask>();
    if (name == "copy") return std::make_unique<CopyTask>();
    if (name == "sort") return std::make_unique<SortTask>();
    if (name == "add") return std::make_unique<AddTask>();
    if (name == "dates") return std::make_unique<DatesTask>();
    if (name == "en-fr") return std::make_unique<EnglishFrenchTask>();
    if (name == "en-zh") return std::make_unique<EnglishChineseTask>();
    if (name == "en-zh-characters") return std::make_unique<EnglishChineseCharactersTask>();
    if (name == "en-lm") return std::make_unique<EnglishTextTask>();
    std::string known;
    for (const std::string& each : taskNames()) known += (known.empty() ? "" : ", ") + each;
    throw Error(ErrorKind::Argument,
                "there is no task called \"" + std::string(name) + "\"; choose one of: " + known);
}

} // namespace attn
