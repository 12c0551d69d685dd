// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/content_hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "core/io/mapped_file.h"

namespace attn {

static_assert(std::endian::native == std::endian::little, "words are read as they stand in memory");

std::uint64_t contentHash(const std::string& path) {
    constexpr std::uint64_t prime = 0x100000001b3ULL;
    constexpr std::size_t wordBytes = sizeof(std::uint64_t);
    const MappedFile file(path);
    const std::size_t size = file.bytes().size();
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    std::vector<std::byte> block(std::min<std::size_t>(size, std::size_t(1) << 20));
    for (std::size_t done = 0; done < size; done += block.size()) {
        const std::size_t count = std::min(block.size(), size - done);
        file.read(done, std::span(block).first(count));
        for (std::size_t i = 0; i < count; i += wordBytes) {
            std::uint64_t word = 0;
            std::memcpy(&word, block.data() + i, std::min(wordBytes, count - i));
            hash = (hash ^ word) * prime;
        }
    }
    return (hash ^ size) * prime;
}

} // namespace attn
