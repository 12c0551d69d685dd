// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/vocabulary_json.h"

#include "core/base/fields_json.h"

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
    StoredVocabulary stored;
    fromJson(json, stored, where, faults);
    if (faults.size() != before) return std::nullopt;

    for (const Finding& fault : vocabularyFaults(stored.tokens, stored.special))
        faults.push_back({fault.severity, where + "." + fault.where, fault.text});
    if (faults.size() != before) return std::nullopt;
    return Vocabulary(std::move(stored.tokens), stored.special);
}

nlohmann::ordered_json vocabularyJson(const Vocabulary& vocabulary) {
    return toJson(StoredVocabulary{vocabulary.special(), vocabulary.tokens()});
}

} // namespace attn
