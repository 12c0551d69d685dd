// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/error.h"

namespace attn {

MappedFile::MappedFile(const std::string& path) : m_path(path) {
    // O_NONBLOCK: opening a pipe must not wait for somebody to write to it.
    m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const auto refuse = [&](const std::string& why) {
        if (m_descriptor >= 0) ::close(m_descriptor);
        throw Error(ErrorKind::Data, path + ": " + why);
    };
    if (m_descriptor < 0) refuse(std::string("cannot be opened: ") + std::strerror(errno));
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0)
        refuse(std::string("cannot be examined: ") + std::strerror(errno));
    if (S_ISDIR(status.st_mode)) refuse("is a folder, not a file");
    if (!S_ISREG(status.st_mode)) refuse("is not a regular file");
    m_size = static_cast<std::size_t>(status.st_size);
    m_modifiedSeconds = status.st_mtim.tv_sec;
    m_modifiedNanoseconds = status.st_mtim.tv_nsec;
    if (m_size == 0) return;
    void* data = ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, m_descriptor, 0);
    if (data == MAP_FAILED) refuse(std::string("cannot be mapped: ") + std::strerror(errno));
    m_data = static_cast<const std::byte*>(data);
}

MappedFile::MappedFile(std::span<const std::byte> bytes, std::string name)
    : m_path(std::move(name)), m_data(bytes.data()), m_size(bytes.size()) {}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0)),
      m_modifiedSeconds(other.m_modifiedSeconds),
      m_modifiedNanoseconds(other.m_modifiedNanoseconds) {}

MappedFile::~MappedFile() {
    if (m_descriptor < 0) return;
    if (m_data) ::munmap(const_cast<std::byte*>(m_data), m_size);
    ::close(m_descriptor);
}

void MappedFile::read(std::size_t offset, std::span<std::byte> out) const {
    if (offset > m_size || out.size() > m_size - offset)
        throw Error(ErrorKind::Bug, m_path + ": bytes behind its end were asked for");
    if (m_descriptor < 0) {
        std::copy_n(m_data + offset, out.size(), out.data());
        return;
    }
    while (!out.empty()) {
        const ssize_t got = ::pread(m_descriptor, out.data(), out.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error(ErrorKind::Data, m_path + ": cannot be read: " + std::strerror(errno));
        if (got == 0)
            throw Error(ErrorKind::Data, m_path + ": became shorter while it was read; open it again");
        offset += static_cast<std::size_t>(got);
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

void MappedFile::throwIfChanged() const {
    if (m_descriptor < 0) return;
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0 || static_cast<std::size_t>(status.st_size) != m_size ||
        status.st_mtim.tv_sec != m_modifiedSeconds || status.st_mtim.tv_nsec != m_modifiedNanoseconds)
        throw Error(ErrorKind::Data, m_path + ": was changed while it was read; open it again");
}

} // namespace attn
