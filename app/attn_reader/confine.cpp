// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/confine.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <string>

#include "core/base/error.h"

namespace attn_reader {

namespace {

using attn::Error;
using attn::ErrorKind;

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorKind::Bug, what + ": " + std::strerror(errno));
}

void limit(__rlimit_resource resource, std::uint64_t value, const char* name) {
    const struct rlimit both { value, value };
    if (::setrlimit(resource, &both) != 0) refuse(std::string("the limit ") + name + " cannot be set");
}

#ifndef __SANITIZE_ADDRESS__
std::uint64_t addressSpace() {
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}
#endif

} // namespace

std::span<const std::byte> mapInput() {
    struct stat status {};
    if (::fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode))
        throw Error(ErrorKind::Data, "standard input has to be a file");
    if (status.st_size == 0) throw Error(ErrorKind::Data, "is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (data == MAP_FAILED)
        throw Error(ErrorKind::Data, std::string("cannot be mapped: ") + std::strerror(errno));
    return {static_cast<const std::byte*>(data), size};
}

void confine(std::uint64_t memory, std::uint64_t seconds) {
    if (::close_range(STDERR_FILENO + 1, ~0U, 0) != 0) refuse("inherited files cannot be closed");
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) refuse("the end with the caller cannot be set");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) refuse("privileges cannot be given up");
    limit(RLIMIT_CPU, seconds, "of processor time");
    limit(RLIMIT_FSIZE, 0, "of files' size");
    limit(RLIMIT_CORE, 0, "of core dumps");
    limit(RLIMIT_NPROC, 0, "of processes");
#ifndef __SANITIZE_ADDRESS__ // which maps more memory than any limit, and opens pipes to try addresses
    limit(RLIMIT_AS, addressSpace() + memory, "of memory");
    limit(RLIMIT_NOFILE, 0, "of open files"); // those that are open stay usable
#else
    static_cast<void>(memory);
#endif
}

} // namespace attn_reader
