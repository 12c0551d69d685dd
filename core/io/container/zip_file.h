// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/io/container/block_reader.h"
#include "core/io/mapped_file.h"

namespace attn {

/// One entry of a zip archive, from the central directory.
struct ZipEntry {
    std::string name;
    std::uint64_t size = 0;   ///< bytes of its content
    std::uint64_t packed = 0; ///< bytes that it takes in the archive
    std::uint32_t crc = 0;    ///< of its content
    bool deflated = false;
    std::uint64_t offset = 0; ///< of its first byte in the archive
};

/// A zip archive for reading. An archive is refused if an entry is encrypted, compressed other than by
/// deflate, named twice, named outside the folder or shares bytes with another, or if the directory disagrees
/// with the entries. All content returned matches the CRC-32 in the directory.
class ZipFile {
public:
    /// Throws Error(Data), Error(Unsupported), Error(Limit) that name file and entry.
    explicit ZipFile(std::shared_ptr<const MappedFile> file);
    ~ZipFile();
    ZipFile(const ZipFile&) = delete;
    ZipFile& operator=(const ZipFile&) = delete;

    const std::vector<ZipEntry>& entries() const { return m_entries; }
    /// Index of the entry with this name, -1 if there is none.
    int find(std::string_view name) const;
    /// "model.pt: model/data/0", for messages.
    std::string where(int entry) const;

    /// The whole content. Throws Error(Data) if it does not match the directory, Error(Limit) if it has more
    /// than `most` bytes.
    std::vector<std::byte> read(int entry, std::uint64_t most) const;
    /// The first `most` bytes of the content, or all of it; compared with the CRC only if deflated and
    /// complete.
    std::vector<std::byte> start(int entry, std::size_t most) const;

    /// Passes `length` bytes of the content, from `begin` on, to `sink`, as readBlocks() does. Throws
    /// Error(Data).
    void stream(int entry, std::uint64_t begin, std::uint64_t length, const BlockSink& sink,
                std::span<std::byte> room = {}) const;
    /// Calls `use` with the whole content in memory, for random access; valid until the next call for another
    /// entry. Throws Error(Data).
    void inspect(int entry, const std::function<void(std::span<const std::byte>)>& use) const;

private:
    struct Library;

    void list();
    void refuseOverlaps() const;
    /// Throws Error(Data) unless a stored entry matches its CRC, which is checked once.
    void verify(int entry) const;
    void accept(int entry, std::uint32_t crc) const;
    [[noreturn]] void throwCorrupt(int entry, const std::string& what) const;

    std::shared_ptr<const MappedFile> m_file;
    std::vector<ZipEntry> m_entries;
    std::unordered_map<std::string_view, int> m_byName;
    std::unique_ptr<Library> m_library;
};

} // namespace attn
