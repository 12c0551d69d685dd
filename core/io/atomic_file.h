// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace attn {

/// A file that appears under its name whole or not at all: written under a temporary name in the same
/// folder, flushed to the disk, then renamed, and the folder flushed too. Every fault is Error(Output)
/// with the path and the system's reason; the old file is then untouched, but for the last fault there can
/// be: where the folder cannot be flushed, the message says that the new file is in place.
class AtomicFile {
public:
    /// A symbolic link is followed, one that leads to nothing as well; an existing file's permissions are
    /// kept. What a killed process has left of the same file is removed.
    explicit AtomicFile(const std::string& path);
    /// Without commit() nothing is left behind.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }
    void commit();

private:
    [[noreturn]] void fail(const std::string& what);

    std::string m_path;      ///< as given, for messages
    std::string m_target;    ///< with links followed
    std::string m_temporary; ///< empty when there is none to remove
    int m_descriptor = -1;
};

} // namespace attn
