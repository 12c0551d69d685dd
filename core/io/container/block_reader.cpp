// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/block_reader.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <future>
#include <thread>
#include <vector>

namespace attn {

namespace {

constexpr std::uint64_t blockBytes = 128 * 1024;
constexpr std::uint64_t leastShare = 1 << 20; // bytes that are worth a thread

} // namespace

std::uint32_t readBlocks(const MappedFile& file, std::uint64_t begin, std::uint64_t length,
                         const BlockSink& sink, std::span<std::byte> room) {
    const auto readPart = [&](std::uint64_t from, std::uint64_t to) {
        std::vector<std::byte> buffer(room.empty() ? std::min(blockBytes, to - from) : 0);
        std::uint32_t crc = 0;
        while (from < to) {
            const std::span block(room.empty() ? buffer.data() : room.data() + from,
                                  std::min(blockBytes, to - from));
            file.read(begin + from, block);
            crc = libdeflate_crc32(crc, block.data(), block.size());
            sink(from, block);
            from += block.size();
        }
        return crc;
    };
    const std::uint64_t threads = std::clamp<std::uint64_t>(std::thread::hardware_concurrency(), 1, 8);
    const std::uint64_t parts = std::clamp<std::uint64_t>(length / leastShare, 1, threads);
    const auto boundary = [&](std::uint64_t part) {
        return part == parts ? length : length / parts * part / blockBytes * blockBytes;
    };
    std::vector<std::future<std::uint32_t>> others; // waits for them where the first part fails
    for (std::uint64_t part = 1; part < parts; ++part)
        others.push_back(std::async(readPart, boundary(part), boundary(part + 1)));
    auto crc = static_cast<uLong>(readPart(0, boundary(1)));
    for (std::uint64_t part = 1; part < parts; ++part)
        crc = crc32_combine(crc, others[part - 1].get(),
                            static_cast<z_off_t>(boundary(part + 1) - boundary(part)));
    return static_cast<std::uint32_t>(crc);
}

} // namespace attn
