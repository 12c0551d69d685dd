// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/read_everything.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::run([&] { return attn::openSafetensors(fuzz::fileOf(data, size)); });
}
