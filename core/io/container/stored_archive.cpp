// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/stored_archive.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

#include "core/base/error.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

// Arrays that share a storage, or repeat its elements by strides of 0, may be larger than the file.
constexpr std::uint64_t mostSharing = 16, freeBytes = 64 << 20;

/// Asks the system for pages of 2 MB where the room has none yet: to be given small ones takes longer than to
/// fill them. Only a hint.
void preferLargePages(std::span<float> room) {
    constexpr std::uintptr_t page = 2 << 20;
    const auto begin = (reinterpret_cast<std::uintptr_t>(room.data()) + page - 1) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(room.data() + room.size()) / page * page;
    if (end > begin) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

} // namespace

StoredArchive::StoredArchive(std::shared_ptr<const MappedFile> file, ContainerKind kind,
                             std::unique_ptr<const ZipFile> zip)
    : Archive(file->path(), kind), m_file(std::move(file)), m_zip(std::move(zip)) {}

void StoredArchive::add(std::string name, ArrayLayout layout, const StoragePlace& place) {
    std::uint64_t room = m_file->bytes().size();
    if (place.entry >= 0) room = std::max<std::uint64_t>(room, place.bytes);
    const std::uint64_t most = freeBytes + mostSharing * room;
    const auto bytes =
        static_cast<std::uint64_t>(layout.elements()) * static_cast<std::uint64_t>(bytesOf(layout.type));
    if (bytes > most || m_bytes > most - bytes)
        throw Error(ErrorKind::Limit, path() + ": " + shortened(name, 200) +
                                          " and the arrays before it repeat their numbers to more than " +
                                          std::to_string(most >> 20) + " MB, many times what the file holds");
    m_bytes += bytes;
    addArray({std::move(name), layout.type, layout.shape});
    m_stored.push_back({std::move(layout), place});
}

void StoredArchive::read(int index, std::span<float> out) const {
    const auto& [layout, place] = m_stored[static_cast<std::size_t>(index)];
    const auto count = static_cast<std::size_t>(layout.elements());
    if (out.size() != count)
        throw Error(ErrorKind::Bug, arrays()[static_cast<std::size_t>(index)].name + ": room for " +
                                        std::to_string(out.size()) + " numbers, but it has " +
                                        std::to_string(count));
    if (count == 0) return;
    preferLargePages(out);
    const auto size = static_cast<std::size_t>(bytesOf(layout.type));
    if (!layout.contiguous()) {
        inspect(place, [&, &layout = layout](auto storage) { gather(layout, storage, out); });
        return;
    }
    stream(place, static_cast<std::uint64_t>(layout.offset) * size, count * size,
           [&, &layout = layout](std::uint64_t at, std::span<const std::byte> block) {
               toFloats(layout.type, layout.bigEndian, block.data(), block.size() / size,
                        out.data() + at / size);
           });
}

std::string StoredArchive::readBytes(int index) const {
    const auto& [layout, place] = m_stored[static_cast<std::size_t>(index)];
    if (bytesOf(layout.type) != 1)
        throw Error(ErrorKind::Data, path() + ": " + arrays()[static_cast<std::size_t>(index)].name +
                                         ": is " + std::string(toText(layout.type)) +
                                         "; bytes are read of int8, uint8 and bool alone");
    std::string bytes;
    if (layout.elements() > 0)
        inspect(place, [&, &layout = layout](auto storage) { gather(layout, storage, bytes); });
    return bytes;
}

void StoredArchive::stream(const StoragePlace& place, std::uint64_t begin, std::uint64_t length,
                           const BlockSink& sink) const {
    if (place.entry >= 0)
        m_zip->stream(place.entry, place.begin + begin, length, sink);
    else
        readBlocks(*m_file, place.begin + begin, length, sink);
}

void StoredArchive::inspect(const StoragePlace& place,
                            const std::function<void(std::span<const std::byte>)>& use) const {
    if (place.entry >= 0)
        m_zip->inspect(place.entry, [&](auto content) { use(content.subspan(place.begin, place.bytes)); });
    else
        use(m_file->bytes().subspan(place.begin, place.bytes));
}

} // namespace attn
