// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json_text.h"

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace attn {

namespace {

using nlohmann::json;

/// Thrown out of the parser when reading on would only cost memory.
struct TooMuch {
    std::string text;
};

/// nlohmann's own message without its code: "[json.exception.parse_error.101] parse error at ...".
std::string plainMessage(const json::exception& error) {
    const std::string text = error.what();
    const std::size_t end = text.find("] ");
    return end == std::string::npos ? text : text.substr(end + 2);
}

} // namespace

json parseJson(std::string_view text, const std::string& where, Findings& faults, const JsonLimits& limits) {
    // The library keeps the last of two equal keys without a word; only its callback sees both.
    std::vector<std::unordered_set<std::string>> keys;
    const std::size_t before = faults.size();
    std::size_t values = 0;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        if (++values > limits.values) throw TooMuch{"more than " + std::to_string(limits.values) + " values"};
        switch (event) {
            case json::parse_event_t::object_start:
                keys.emplace_back();
                [[fallthrough]];
            case json::parse_event_t::array_start:
                if (depth >= limits.depth)
                    throw TooMuch{"nested more than " + std::to_string(limits.depth) + " deep"};
                break;
            case json::parse_event_t::object_end:
                keys.pop_back();
                break;
            case json::parse_event_t::key:
                if (!keys.back().insert(parsed.get_ref<const std::string&>()).second)
                    faults.push_back({Severity::Fault, where, "the key " + brief(parsed) + " stands twice"});
                break;
            default:
                break;
        }
        return true;
    };
    // The library takes a zero byte for the end and would leave the rest unread.
    if (text.find('\0') != std::string_view::npos) {
        faults.push_back({Severity::Fault, where, "not valid JSON: it holds a zero byte"});
        return {};
    }
    try {
        json result = json::parse(text.begin(), text.end(), watch);
        return faults.size() == before ? result : json();
    } catch (const TooMuch& tooMuch) {
        faults.push_back({Severity::Fault, where, tooMuch.text});
    } catch (const json::exception& error) {
        faults.push_back({Severity::Fault, where, "not valid JSON: " + plainMessage(error)});
    }
    return {};
}

std::string shortened(std::string text, std::size_t longest) {
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.replace(end, std::string::npos, "...");
}

std::string brief(const json& value) {
    return shortened(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

} // namespace attn
