// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/vocabulary_json.h"

#include "core/base/fields_json.h"

namespace attn {

namespace {

/// A vocabulary as it stands in a file.
struct StoredVocabulary {
    std::optional<int> pad = 0, bos = 1, eos = 2, unk = 3; ///< absent: -1 in SpecialTokens
    std::vector<std::string> tokens;

    SpecialTokens special() const {
        return {pad.value_or(-1), bos.value_or(-1), eos.value_or(-1), unk.value_or(-1)};
    }
};

template <typename Visitor>
void visitFields(auto& stored, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(stored)>, StoredVocabulary> {
    visit("pad", stored.pad);
    visit("bos", stored.bos);
    visit("eos", stored.eos);
    visit("unk", stored.unk);
    visit("tokens", stored.tokens);
}

} // namespace

std::optional<Vocabulary> vocabularyFromJson(const nlohmann::json& json, const std::string& where,
                                             Findings& faults) {
    const std::size_t before = faults.size();
    StoredVocabulary stored;
    fromJson(json, stored, where, faults);
    if (faults.size() != before) return std::nullopt;

    for (const Finding& fault : vocabularyFaults(stored.tokens, stored.special()))
        faults.push_back({fault.severity, where + "." + fault.where, fault.text});
    if (faults.size() != before) return std::nullopt;
    const SpecialTokens special = stored.special();
    return Vocabulary(std::move(stored.tokens), special);
}

nlohmann::ordered_json vocabularyJson(const Vocabulary& vocabulary) {
    const auto stored = [](int id) { return id < 0 ? std::nullopt : std::optional<int>(id); };
    const SpecialTokens& special = vocabulary.special();
    return toJson(StoredVocabulary{stored(special.pad), stored(special.bos), stored(special.eos),
                                   stored(special.unk), vocabulary.tokens()});
}

} // namespace attn
