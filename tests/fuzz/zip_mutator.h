// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libdeflate.h>

#include <cstring>
#include <string_view>

#include "tests/fuzz/read_everything.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t mostSize);

namespace fuzz {

template <typename Number>
Number numberAt(const std::uint8_t* at) {
    Number number;
    std::memcpy(&number, at, sizeof number);
    return number;
}

/// Puts the CRC-32 of what stored entries hold now into the directory and the headers, so that a change of
/// their content is not all that is ever noticed.
inline void repairChecksums(std::uint8_t* data, std::size_t size) {
    constexpr std::size_t directoryHeader = 46, localHeader = 30;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (std::size_t at = text.find("PK\x01\x02"); at < size; at = text.find("PK\x01\x02", at + 4)) {
        if (size - at < directoryHeader) return;
        const std::size_t packed = numberAt<std::uint32_t>(data + at + 20);
        const std::size_t local = numberAt<std::uint32_t>(data + at + 42);
        if (numberAt<std::uint16_t>(data + at + 10) != 0 || local > size || size - local < localHeader)
            continue;
        const std::size_t begin = local + localHeader + numberAt<std::uint16_t>(data + local + 26) +
                                  numberAt<std::uint16_t>(data + local + 28);
        if (begin > size || packed > size - begin) continue;
        const std::uint32_t crc = libdeflate_crc32(0, data + begin, packed);
        std::memcpy(data + at + 16, &crc, sizeof crc);
        if (numberAt<std::uint32_t>(data + local + 14) != 0) std::memcpy(data + local + 14, &crc, sizeof crc);
    }
}

} // namespace fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t mostSize,
                                               unsigned seed) {
    size = LLVMFuzzerMutate(data, size, mostSize);
    if (seed % 8 != 0) fuzz::repairChecksums(data, size);
    return size;
}
