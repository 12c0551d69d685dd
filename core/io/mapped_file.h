// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace attn {

/// A regular file seen as memory, read only, for as long as the object lives; or bytes that are in memory
/// already.
class MappedFile {
public:
    /// Throws Error(Data) when the file cannot be opened or is not a regular file. An empty file is an
    /// empty span.
    explicit MappedFile(const std::string& path);
    /// Bytes of somebody else's, who keeps them longer than this lives; `name` stands in messages.
    MappedFile(std::span<const std::byte> bytes, std::string name);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&&) = delete;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::string& path() const { return m_path; }
    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    /// Of the open file; -1 for bytes in memory.
    int descriptor() const { return m_descriptor; }

    /// Copies out.size() bytes from `offset` on, without making them part of the process's memory as looking
    /// at bytes() does. Throws Error(Data) if they are not there any more.
    void read(std::size_t offset, std::span<std::byte> out) const;

    /// Throws Error(Data) if the file was written to since it was opened: what was copied out of it may
    /// then be of two minds.
    void throwIfChanged() const;

private:
    std::string m_path;
    int m_descriptor = -1;
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
    std::int64_t m_modifiedSeconds = 0, m_modifiedNanoseconds = 0;
};

} // namespace attn
