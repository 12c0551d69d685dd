// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/stored_pieces.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/base/fields_json.h"

namespace attn {

namespace {

struct StoredPieces {
    std::string hash, model;
};

template <typename Visitor>
void visitFields(auto& stored, Visitor&& visit) requires
    std::is_same_v<std::remove_cvref_t<decltype(stored)>, StoredPieces> {
    visit("hash", stored.hash);
    visit("model", stored.model);
}

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kHashDigits = 16;

/// RFC 4648, section 4.
std::string toBase64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8 | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= group.size() ? kDigits[bits >> (18 - 6 * i) & 63U] : '=';
    }
    return text;
}

/// Nothing unless `text` is exactly what toBase64() gives.
std::optional<std::string> fromBase64(std::string_view text) {
    std::array<int, 256> values;
    values.fill(-1);
    for (std::size_t i = 0; i < kDigits.size(); ++i)
        values[static_cast<unsigned char>(kDigits[i])] = static_cast<int>(i);
    std::size_t digits = text.size();
    while (digits > 0 && text.size() - digits < 2 && text[digits - 1] == '=') --digits;
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char digit : text.substr(0, digits)) {
        const int value = values[static_cast<unsigned char>(digit)];
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 255U);
        bits &= (1U << count) - 1U;
    }
    if (bits != 0) return std::nullopt;
    return bytes;
}

} // namespace

SentencePiecePtr piecesFromJson(const nlohmann::json& json, const std::string& where, Findings& faults) {
    const auto fault = [&](const std::string& field, const std::string& text) {
        faults.push_back({Severity::Fault, where + field, text});
        return nullptr;
    };
    const std::size_t before = faults.size();
    StoredPieces stored;
    fromJson(json, stored, where, faults);
    if (faults.size() != before) return nullptr;
    std::uint64_t hash = 0;
    const char* const end = stored.hash.data() + stored.hash.size();
    const auto read = std::from_chars(stored.hash.data(), end, hash, 16);
    if (stored.hash.size() != kHashDigits || read.ec != std::errc() || read.ptr != end)
        return fault(".hash", "expected 16 hexadecimal digits, found " + std::to_string(stored.hash.size()) +
                                  " characters");
    if (stored.model.size() > largestSentencePiece / 3 * 4 + 4)
        return fault(".model", "has " + std::to_string(stored.model.size()) + " characters; at most " +
                                   std::to_string(largestSentencePiece) + " bytes are read");
    std::optional<std::string> bytes = fromBase64(stored.model);
    if (!bytes) return fault(".model", "is not base64");
    try {
        return SentencePiece::read(std::move(*bytes), hash);
    } catch (const Error& error) {
        return fault("", error.what());
    }
}

nlohmann::ordered_json piecesJson(const SentencePiece& pieces) {
    std::string hash(kHashDigits, '0');
    char digits[kHashDigits];
    const auto end = std::to_chars(digits, digits + kHashDigits, pieces.hash(), 16).ptr;
    hash.replace(kHashDigits - static_cast<std::size_t>(end - digits), std::string::npos, digits,
                 static_cast<std::size_t>(end - digits));
    return toJson(StoredPieces{hash, toBase64(pieces.bytes())});
}

} // namespace attn
