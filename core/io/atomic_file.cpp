// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

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

/// What a file is called until it is whole: ".part-", the process that writes it, and a number if need be.
constexpr std::string_view kPart = ".part-";

/// Removes what processes that were killed have left of earlier attempts to write `target`. A lock tells
/// those that are still written, also by a process that another machine or container counts.
void removeAbandoned(const std::string& target) {
    namespace fs = std::filesystem;
    const std::string prefix = fs::path(target).filename().string() + std::string(kPart);
    std::error_code none;
    std::vector<fs::path> abandoned;
    for (fs::directory_iterator at(folderOf(target), none), end; !none && at != end; at.increment(none)) {
        const std::string name = at->path().filename().string();
        if (!name.starts_with(prefix)) continue;
        pid_t process = 0;
        const char* const last = name.data() + name.size();
        const auto [next, fault] = std::from_chars(name.data() + prefix.size(), last, process);
        const bool ours = fault == std::errc() && process > 0 && (next == last || *next == '-');
        if (ours && ::kill(process, 0) != 0 && errno == ESRCH) abandoned.push_back(at->path());
    }
    for (const fs::path& path : abandoned) {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0) continue;
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
        ::close(descriptor);
    }
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
    removeAbandoned(m_target);
    for (int attempt = 0; m_descriptor < 0; ++attempt) {
        m_temporary = m_target + std::string(kPart) + std::to_string(::getpid()) +
                      (attempt ? "-" + std::to_string(attempt) : "");
        m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (m_descriptor < 0 && (errno != EEXIST || attempt == 1000)) {
            m_temporary.clear();
            fail("cannot be written");
        }
    }
    (void)::flock(m_descriptor,
                  LOCK_EX | LOCK_NB); // where the file system has no locks, the process's id must do
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
