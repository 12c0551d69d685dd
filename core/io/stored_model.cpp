// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_model.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/io/stored_codes.h"
#include "core/io/stored_parts.h"
#include "core/io/stored_pieces.h"
#include "core/io/stored_spec.h"
#include "core/io/vocabulary_json.h"

namespace attn {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

void fault(Findings& faults, const std::string& where, const std::string& text) {
    faults.push_back({Severity::Fault, where, text});
}

/// Reads one side; nothing with a fault. `words` is the number that the spec gives, -1 if it is not known.
std::optional<Side> readSide(const StoredSide& stored, int words, Findings& faults) {
    const std::size_t before = faults.size();
    if (!stored.vocabulary.json) {
        if (!stored.vocabulary.malformed) fault(faults, stored.vocabulary.where, "is missing");
        return std::nullopt;
    }
    std::optional<Vocabulary> vocabulary =
        vocabularyFromJson(*stored.vocabulary.json, stored.vocabulary.where, faults);
    if (vocabulary && words >= 0 && vocabulary->size() != words)
        fault(
            faults, stored.vocabulary.where,
            "has " + std::to_string(vocabulary->size()) + " tokens; the spec says " + std::to_string(words));
    // Damaged vocabularies and pieces are reported one after the other: the first explains the second.
    if (faults.size() != before || stored.pieces.malformed || stored.codes.malformed) return std::nullopt;
    TokeniserParts parts{stored.tokeniser, stored.lowercase, nullptr, nullptr};
    if (stored.pieces.json) parts.pieces = piecesFromJson(*stored.pieces.json, stored.pieces.where, faults);
    if (stored.codes.json) parts.codes = codesFromJson(*stored.codes.json, stored.codes.where, faults);
    if (faults.size() != before) return std::nullopt;
    for (const Finding& finding : tokeniserFaults(parts, *vocabulary))
        fault(faults, (finding.where == "pieces" ? stored.pieces : stored.codes).where, finding.text);
    if (faults.size() != before) return std::nullopt;
    return makeSide(stored.role, std::move(*vocabulary), parts);
}

void readSides(const StoredParts& parts, StoredModel& found, Findings& faults) {
    std::vector<SideNeed> needs = sidesOf(found.spec);
    for (const StoredSide& side : parts.sides) {
        int words = -1;
        const auto need =
            std::find_if(needs.begin(), needs.end(), [&](const SideNeed& n) { return n.role == side.role; });
        if (need == needs.end()) {
            fault(faults, "sides",
                  "a side with the role " + std::string(toText(side.role)) +
                      " stands twice or is not of the family " + *parts.family);
            continue;
        }
        if (found.specIsSound) words = need->words;
        needs.erase(need);
        if (auto read = readSide(side, words, faults)) found.sides.push_back(std::move(*read));
    }
    for (const SideNeed& need : needs)
        fault(faults, "sides",
              "no side has the role " + std::string(toText(need.role)) + "; the family " + *parts.family +
                  " needs one");
}

/// The text of a value under a metadata key. Texts that are not UTF-8 are faults by name, and replaced.
std::string textOf(const ordered_json& value, const std::string& key, Findings& faults) {
    const std::function<void(const ordered_json&, const std::string&)> look = [&](const ordered_json& at,
                                                                                  const std::string& where) {
        if (at.is_string()) {
            try {
                (void)at.dump();
            } catch (const json::exception&) {
                fault(faults, where, "is not valid UTF-8: " + brief(json(at.get<std::string>())));
            }
        } else if (at.is_object()) {
            for (const auto& [name, field] : at.items()) look(field, where + "." + name);
        } else if (at.is_array()) {
            for (std::size_t i = 0; i < at.size(); ++i) look(at[i], where + "[" + std::to_string(i) + "]");
        }
    };
    look(value, key);
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

ordered_json sidesJson(const std::vector<Side>& sides) {
    auto list = ordered_json::array();
    for (const Side& side : sides) {
        const Tokeniser& tokeniser = side.tokeniser;
        ordered_json one{{"role", toText(side.role)},
                         {"tokeniser", toText(tokeniser.kind())},
                         {"lowercase", tokeniser.lowercase()},
                         {"vocabulary", vocabularyJson(side.vocabulary)}};
        if (tokeniser.pieces()) one["pieces"] = piecesJson(*tokeniser.pieces());
        if (tokeniser.codes()) one["codes"] = codesJson(*tokeniser.codes());
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace

StoredModel readStoredModel(const Metadata& metadata, int contentVersion, Findings& faults) {
    StoredModel found;
    const StoredParts parts =
        contentVersion < 4 ? partsBefore4(metadata, faults) : partsOf4(metadata, faults);
    if (parts.card) fromJson(*parts.card, found.card, "card", faults);
    if (found.card.name.empty() && faults.empty()) fault(faults, "card.name", "is empty");
    const std::size_t beforeSpec = faults.size();
    if (parts.spec && parts.family) found.spec = specFromJson(*parts.family, *parts.spec, faults);
    found.specIsSound = parts.spec && parts.family && faults.size() == beforeSpec;
    if (parts.sidesRead && parts.family == familyOf(found.spec)) readSides(parts, found, faults);
    if (metadata.contains("self_test")) {
        const std::size_t before = faults.size();
        SelfTest test;
        if (const auto object = readJson(metadata, "self_test", faults))
            fromJson(*object, test, "self_test", faults);
        if (faults.size() == before) checkSelfTest(test, faults);
        found.selfTest = std::move(test);
    }
    return found;
}

std::vector<std::pair<std::string, std::string>> storedTexts(const Model& model, Findings& faults) {
    return {{"family", std::string(familyOf(model.spec()))},
            {"card", textOf(toJson(model.card()), "card", faults)},
            {"spec", specJson(model.spec()).dump()},
            {"sides", textOf(sidesJson(model.sides()), "sides", faults)}};
}

std::string storedText(const SelfTest& test, Findings& faults) {
    return textOf(toJson(test), "self_test", faults);
}

void checkSelfTest(const SelfTest& test, Findings& faults) {
    if (test.source.empty()) fault(faults, "self_test.source", "is empty");
    if (test.target.empty()) fault(faults, "self_test.target", "is empty");
    constexpr std::size_t longest = 1000, mostTokens = 200; // it runs whenever the file is opened
    if (test.source.size() > longest)
        fault(faults, "self_test.source",
              "has " + std::to_string(test.source.size()) + " bytes; at most " + std::to_string(longest));
    if (test.target.size() > mostTokens)
        fault(faults, "self_test.target",
              "has " + std::to_string(test.target.size()) + " tokens; at most " + std::to_string(mostTokens));
    if (test.target.size() != test.logProbs.size())
        fault(faults, "self_test.log_probs",
              "has " + std::to_string(test.logProbs.size()) + " numbers for " +
                  std::to_string(test.target.size()) + " tokens");
    for (const double logProb : test.logProbs)
        if (!std::isfinite(logProb) || logProb > 0) {
            fault(faults, "self_test.log_probs",
                  "a log-probability is at most 0, found " + json(logProb).dump());
            break;
        }
    if (!(test.tolerance > 0) || test.tolerance > 1)
        fault(faults, "self_test.tolerance",
              "is " + json(test.tolerance).dump() + "; expected a number above 0 and at most 1");
}

} // namespace attn
