// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/torch_archive.h"

#include "core/io/container/tensor_names.h"

namespace attn {

std::size_t pickleMemory(std::size_t fileSize) {
    return (std::size_t(40) << 20) + fileSize;
}

void addTensors(StoredArchive& archive, Pickle pickle, const std::vector<StoragePlace>& places,
                bool bigEndian) {
    std::vector<int> indices(pickle.tensors.size(), -1);
    for (NamedTensor& named : nameTensors(pickle.tree, archive.path())) {
        const auto tensor = static_cast<std::size_t>(pickle.tree.node(named.node).array);
        if (indices[tensor] < 0) indices[tensor] = static_cast<int>(archive.arrays().size());
        ArrayLayout layout = pickle.tensors[tensor].layout;
        layout.bigEndian = bigEndian;
        archive.add(std::move(named.name), std::move(layout),
                    places[static_cast<std::size_t>(pickle.tensors[tensor].storage)]);
    }
    for (int i = 0; i < pickle.tree.size(); ++i) {
        Datum& datum = pickle.tree.node(i);
        if (datum.kind != DatumKind::Array) continue;
        datum.array = indices[static_cast<std::size_t>(datum.array)];
        if (datum.array < 0) datum.kind = DatumKind::None; // no way leads to it
    }
    archive.tree() = std::move(pickle.tree);
}

} // namespace attn
