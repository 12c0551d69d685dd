// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/zip_mutator.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::run([&] {
        const attn::FilePtr file = fuzz::fileOf(data, size);
        return attn::openNpz(file, std::make_unique<const attn::ZipFile>(file));
    });
}
