// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_codes.h"

#include "core/base/fields_json.h"

namespace attn {

namespace {

struct StoredCodes {
    BpeVersion version = BpeVersion::Together;
    std::string separator{bpeSeparator};
    std::vector<std::string> merges;
};

template <typename Visitor>
void visitFields(auto& stored, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(stored)>, StoredCodes> {
    visit("version", stored.version);
    visit("separator", stored.separator);
    visit("merges", stored.merges);
}

} // namespace

BpeCodesPtr codesFromJson(const nlohmann::json& json, const std::string& where, Findings& faults) {
    const std::size_t before = faults.size();
    StoredCodes stored;
    fromJson(json, stored, where, faults);
    if (faults.size() != before) return nullptr;
    try {
        return std::make_shared<const BpeCodes>(std::move(stored.merges), stored.version,
                                                std::move(stored.separator));
    } catch (const Error& error) {
        faults.push_back({Severity::Fault, where, error.what()});
        return nullptr;
    }
}

nlohmann::ordered_json codesJson(const BpeCodes& codes) {
    return toJson(StoredCodes{codes.version(), codes.separator(), codes.merges()});
}

} // namespace attn
