// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/vocabulary_json.h"

#include <string_view>
#include <unordered_map>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

/// A vocabulary as it stands in a file.
struct StoredVocabulary {
    SpecialTokens special;
    std::vector<std::string> tokens;
};

template <typename Visitor>
void visitFields(auto& stored, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(stored)>, StoredVocabulary> {
    visit("pad", stored.special.pad);
    visit("bos", stored.special.bos);
    visit("eos", stored.special.eos);
    visit("unk", stored.special.unk);
    visit("tokens", stored.tokens);
}

} // namespace

std::optional<Vocabulary> vocabularyFromJson(const nlohmann::json& json, const std::string& where,
                                             Findings& faults) {
    const std::size_t before = faults.size();
    const auto fault = [&](const std::string& field, const std::string& text) {
        faults.push_back({Severity::Fault, where + "." + field, text});
    };
    StoredVocabulary stored;
    fromJson(json, stored, where, faults);
    if (faults.size() != before) return std::nullopt;

    std::unordered_map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < stored.tokens.size(); ++i) {
        const std::string field = "tokens[" + std::to_string(i) + "]";
        const auto [at, isNew] = seen.emplace(stored.tokens[i], i);
        if (stored.tokens[i].empty())
            fault(field, "is empty");
        else if (!isNew)
            fault(field,
                  brief(stored.tokens[i]) + " stands twice, first as row " + std::to_string(at->second));
    }
    const auto rows = static_cast<int>(stored.tokens.size());
    std::unordered_map<int, std::string> roles;
    visitFields(stored, [&](const char* role, const auto& row) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(row)>, int>) {
            const auto [at, isNew] = roles.emplace(row, role);
            if (row >= rows)
                fault(role, "is " + std::to_string(row) + "; there are " + std::to_string(rows) +
                                " tokens, counted from 0");
            else if (!isNew)
                fault(role, "is " + std::to_string(row) + ", and so is " + at->second);
        }
    });
    if (faults.size() != before) return std::nullopt;
    return Vocabulary(std::move(stored.tokens), stored.special);
}

std::string vocabularyText(const Vocabulary& vocabulary) {
    return toJson(StoredVocabulary{vocabulary.special(), vocabulary.tokens()}).dump();
}

} // namespace attn
