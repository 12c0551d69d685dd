// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/npy.h"

#include <bit>

#include "core/base/error.h"

namespace attn {

static_assert(std::endian::native == std::endian::little, "the file says that its numbers are little-endian");

std::string toNpy(int rows, int cols, std::span<const double> values) {
    if (rows < 0 || cols < 0 || values.size() != static_cast<std::size_t>(rows) * cols)
        throw Error(ErrorKind::Bug, "toNpy: " + std::to_string(values.size()) + " values for " +
                                        std::to_string(rows) + " x " + std::to_string(cols));
    std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                         std::to_string(cols) + "), }";
    // Magic, version and length take 10 bytes; the numbers begin at a multiple of 64, after a line feed.
    constexpr std::size_t before = 10, alignment = 64;
    const std::size_t unpadded = before + header.size() + 1;
    header.append((alignment - unpadded % alignment) % alignment, ' ');
    header += '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() % 256);
    bytes += static_cast<char>(header.size() / 256);
    bytes += header;
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    return bytes;
}

} // namespace attn
