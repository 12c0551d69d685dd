// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "core/base/error.h"

namespace attn {

namespace {

std::string folderOf(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

/// Where a symbolic link leads, link by link, though there be nothing; empty if they never end.
std::string followed(const std::string& path) {
    namespace fs = std::filesystem;
    fs::path at = path;
    constexpr int mostLinks = 40; // as the kernel
    for (int i = 0; i < mostLinks; ++i) {
        std::error_code none;
        const fs::path next = fs::read_symlink(at, none);
        if (none) return at.string(); // no link
        at = at.parent_path() / next; // an absolute one replaces all before it
    }
    return "";
}

} // namespace

AtomicFile::AtomicFile(const std::string& path) : m_path(path) {
    m_target = followed(path);
    if (m_target.empty()) {
        errno = ELOOP;
        fail("cannot be written");
    }
    struct stat status {};
    const bool exists = ::stat(m_target.c_str(), &status) == 0;
    if (exists && !S_ISREG(status.st_mode))
        throw Error(ErrorKind::Output, path + ": cannot be written: not a regular file");
    for (int attempt = 0; m_descriptor < 0; ++attempt) {
        m_temporary =
            m_target + ".part-" + std::to_string(::getpid()) + (attempt ? "-" + std::to_string(attempt) : "");
        m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (m_descriptor < 0 && (errno != EEXIST || attempt == 1000)) {
            m_temporary.clear();
            fail("cannot be written");
        }
    }
    if (exists) (void)::fchmod(m_descriptor, status.st_mode & 07777);
}

AtomicFile::~AtomicFile() {
    if (m_descriptor >= 0) ::close(m_descriptor);
    if (!m_temporary.empty()) ::unlink(m_temporary.c_str());
}

void AtomicFile::fail(const std::string& what) {
    const int reason = errno;
    throw Error(ErrorKind::Output, m_path + ": " + what + ": " + std::strerror(reason));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot be written");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void AtomicFile::commit() {
    if (::fsync(m_descriptor) != 0) fail("cannot be flushed to the disk");
    const int descriptor = m_descriptor;
    m_descriptor = -1;
    if (::close(descriptor) != 0) fail("cannot be closed");
    if (std::rename(m_temporary.c_str(), m_target.c_str()) != 0) fail("cannot be put in place");
    m_temporary.clear();
    // The new name is safe against a power cut only once the folder is on the disk too. Some file
    // systems cannot flush a folder (EINVAL); the file itself is whole in any case.
    const int folder = ::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    const bool flushed = ::fsync(folder) == 0 || errno == EINVAL;
    const int reason = errno;
    ::close(folder);
    errno = reason;
    if (!flushed)
        fail(
            "the new file is in place, but its folder cannot be flushed to the disk, so that a power cut "
            "may lose it");
}

} // namespace attn
