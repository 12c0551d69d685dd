// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/pickle.h"
#include "core/io/container/tensor_names.h"
#include "core/io/container/torch_archive.h"
#include "tests/fuzz/read_everything.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const attn::Pickle pickle =
            attn::readPickle(fuzz::bytesOf(data, size), "input", attn::pickleMemory(size));
        for (const attn::NamedTensor& named : attn::nameTensors(pickle.tree, "input"))
            if (pickle.tree.node(named.node).kind != attn::DatumKind::Array) __builtin_trap();
    } catch (const attn::Error& error) {
        if (error.kind() == attn::ErrorKind::Bug) __builtin_trap();
    }
    return 0;
}
