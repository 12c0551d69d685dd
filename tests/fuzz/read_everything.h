// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/error.h"
#include "core/io/container/open_container.h"

/// What the fuzz targets of the containers share.
namespace fuzz {

inline std::span<const std::byte> bytesOf(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const std::byte*>(data), size};
}

inline attn::FilePtr fileOf(const std::uint8_t* data, std::size_t size) {
    return std::make_shared<const attn::MappedFile>(bytesOf(data, size), "input");
}

/// Reads all arrays but those that only take time, and walks over the data.
inline void readEverything(const attn::Archive& archive) {
    constexpr std::int64_t mostElements = 1 << 20;
    std::int64_t left = 4 * mostElements;
    for (std::size_t i = 0; i < archive.arrays().size(); ++i) {
        const attn::ArrayInfo& info = archive.arrays()[i];
        if (info.elements() > mostElements || info.elements() > left) continue;
        left -= info.elements();
        if (archive.find(info.name) != static_cast<int>(i)) __builtin_trap();
        std::vector<float> numbers(static_cast<std::size_t>(info.elements()));
        archive.read(static_cast<int>(i), numbers);
        if (info.type == attn::ElementType::I8 || info.type == attn::ElementType::U8)
            archive.readBytes(static_cast<int>(i));
    }
    const attn::DataView root = archive.data();
    root.texts();
    for (const auto& [key, value] : root.entries()) {
        value.texts();
        value.integer();
        value.real();
        value.truth();
        if (value.array() >= static_cast<int>(archive.arrays().size())) __builtin_trap();
        value[std::size_t(0)].entries();
    }
}

/// Runs `open`, whose result is read if it is no refusal.
template <typename Open>
int run(Open&& open) {
    try {
        readEverything(*open());
    } catch (const attn::Error& error) {
        if (error.kind() == attn::ErrorKind::Bug) __builtin_trap();
    }
    return 0;
}

} // namespace fuzz
