// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/character_map.h"

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace attn_reader {

namespace {

[[noreturn]] void damaged(const std::string& what) {
    throw attn::Error(attn::ErrorKind::Data, "is no sound SentencePiece model: " + what);
}

std::uint64_t varint(std::string_view message, std::size_t& at) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (at == message.size()) damaged("it ends within a number; it may have been cut short");
        const auto byte = static_cast<unsigned char>(message[at++]);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) return value;
    }
    damaged("a number has more than 64 bits");
}

/// Calls `use` for each field of a protocol buffers message that holds bytes, with its number.
void forEachBytes(std::string_view message, const std::function<void(std::uint64_t, std::string_view)>& use) {
    for (std::size_t at = 0; at < message.size();) {
        const std::uint64_t key = varint(message, at);
        std::uint64_t length = 0;
        switch (key & 7) {
            case 0:
                varint(message, at);
                break;
            case 1:
                length = 8;
                break;
            case 2:
                length = varint(message, at);
                break;
            case 5:
                length = 4;
                break;
            default:
                damaged("it has a field of an unknown kind");
        }
        if (length > message.size() - at)
            damaged("a field is longer than the file; it may have been cut short");
        if ((key & 7) == 2) use(key >> 3, message.substr(at, length));
        at += length;
    }
}

/// A unit of the trie: where its children stand, for which byte it stands, whether one child is a leaf.
struct Unit {
    std::uint32_t bits;
    bool isNodeOf(std::uint32_t byte) const { return (bits & 0x800000FFU) == byte; }
    bool hasLeaf() const { return (bits >> 8 & 1) != 0; }
    std::uint32_t offset() const { return bits >> 10 << ((bits & 0x200U) >> 6); }
    std::uint32_t value() const { return bits & 0x7FFFFFFFU; }
};

void checkTable(std::string_view table) {
    if (table.empty()) return;
    std::uint32_t trieBytes = 0;
    if (table.size() <= sizeof trieBytes) damaged("its normalisation table is cut short");
    std::memcpy(&trieBytes, table.data(), sizeof trieBytes);
    table.remove_prefix(sizeof trieBytes);
    if (trieBytes >= table.size()) damaged("its normalisation table is cut short");
    const std::string_view texts = table.substr(trieBytes);
    if (texts.back() != '\0') damaged("the texts of its normalisation table do not end");
    std::vector<Unit> units(trieBytes / sizeof(Unit));
    if (units.empty()) damaged("its normalisation table is empty");
    std::memcpy(units.data(), table.data(), units.size() * sizeof(Unit));

    std::vector<bool> seen(units.size());
    std::vector<std::uint32_t> open{0};
    seen[0] = true;
    while (!open.empty()) {
        const std::uint32_t position = open.back();
        const Unit unit = units[position];
        open.pop_back();
        const std::uint32_t children = position ^ unit.offset();
        if ((children | 0xFFU) >= units.size()) damaged("its normalisation table points outside of itself");
        if (unit.hasLeaf() && units[children].value() >= texts.size())
            damaged("its normalisation table points outside of its texts");
        for (std::uint32_t byte = 0; byte <= 0xFF; ++byte) {
            const std::uint32_t child = children ^ byte;
            if (seen[child] || !units[child].isNodeOf(byte)) continue;
            seen[child] = true;
            open.push_back(child);
        }
    }
}

} // namespace

void checkCharacterMaps(std::string_view model) {
    constexpr std::uint64_t normaliser = 3, denormaliser = 5, table = 2;
    forEachBytes(model, [](std::uint64_t field, std::string_view spec) {
        if (field != normaliser && field != denormaliser) return;
        forEachBytes(spec, [](std::uint64_t part, std::string_view bytes) {
            if (part == table) checkTable(bytes);
        });
    });
}

} // namespace attn_reader
