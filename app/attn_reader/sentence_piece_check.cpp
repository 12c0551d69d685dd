// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/sentence_piece_check.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "app/attn_reader/character_map.h"
#include "app/attn_reader/confine.h"
#include "core/base/error.h"

namespace attn_reader {

namespace {

using attn::Error;
using attn::ErrorKind;

/// Tables and hypotheses of the largest models in use (250,000 pieces).
constexpr std::uint64_t workingMemory = 256'000'000;
constexpr std::uint64_t seconds = 4;
constexpr int longRun = 1000;

std::string utf8(std::uint32_t character) {
    const auto byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
    if (character < 0x80) return {byte(character)};
    if (character < 0x800) return {byte(0xC0 | character >> 6), byte(0x80 | (character & 0x3F))};
    return {byte(0xE0 | character >> 12), byte(0x80 | (character >> 6 & 0x3F)),
            byte(0x80 | (character & 0x3F))};
}

std::string repeated(std::string_view text) {
    std::string run;
    for (int i = 0; i < longRun; ++i) run += text;
    return run;
}

} // namespace

void checkSentencePiece() {
    const auto bytes = mapInput();
    const std::string_view model(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    confine(workingMemory + 8 * bytes.size(), seconds);
    checkCharacterMaps(model);
    sentencepiece::SentencePieceProcessor processor;
    const auto status = processor.LoadFromSerializedProto({model.data(), model.size()});
    if (!status.ok())
        throw Error(ErrorKind::Data, std::string("is no SentencePiece model: ") + status.message());

    const auto probe = [&](const std::string& text) {
        sentencepiece::ImmutableSentencePieceText found;
        const auto split = processor.Encode(text, found.mutable_proto());
        if (!split.ok())
            throw Error(ErrorKind::Data, std::string("its pieces do not fit a text: ") + split.message());
    };
    for (int id = 0; id < processor.GetPieceSize(); ++id) {
        const std::string& piece = processor.IdToPiece(id);
        probe(piece);
        probe("a " + piece + piece + " " + piece + "b");
    }
    for (std::uint32_t first = 0; first <= 0xFFFF; first += 0x100) {
        if (first >= 0xD800 && first <= 0xDF00) continue; // surrogates are no characters
        std::string run, words;
        for (std::uint32_t character = std::max(first, 1U); character <= first + 0xFF; ++character) {
            run += utf8(character);
            words += " " + utf8(character);
        }
        probe(run);
        probe(words);
    }
    for (const char* text : {"a", "ab ", " ", "\u4E2D", "\u0915\u094D", "e\u0301", "\U0001F600", "\xFF"})
        probe(repeated(text));
    probe(
        "Le \u732B \u0441\u043F\u0438\u0442, \u0628\u064A\u062A \uFF21\uFF22 \u2460\u00BD \uFB01n\u00AD "
        "\u0e01\u0e33\U00020000");
    std::printf("{\"pieces\": %d}", processor.GetPieceSize());
}

} // namespace attn_reader
