// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/zip_mutator.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::run([&]() -> attn::ArchivePtr {
        const attn::FilePtr file = fuzz::fileOf(data, size);
        auto zip = std::make_unique<const attn::ZipFile>(file);
        for (std::size_t i = 0; i < zip->entries().size(); ++i)
            if (zip->entries()[i].name.ends_with("/data.pkl"))
                return attn::openTorchZip(file, std::move(zip), static_cast<int>(i));
        throw attn::Error(attn::ErrorKind::Unsupported, "no data.pkl");
    });
}
