// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/io/container/open_container.h"
#include "core/io/container/stored_archive.h"
#include "core/io/safetensors.h"

namespace attn {

namespace {

std::optional<ElementType> elementOf(Dtype dtype) {
    switch (dtype) {
        case Dtype::F64:
            return ElementType::F64;
        case Dtype::F32:
            return ElementType::F32;
        case Dtype::F16:
            return ElementType::F16;
        case Dtype::BF16:
            return ElementType::BF16;
        case Dtype::I64:
            return ElementType::I64;
        case Dtype::I32:
            return ElementType::I32;
        case Dtype::I16:
            return ElementType::I16;
        case Dtype::I8:
            return ElementType::I8;
        case Dtype::U8:
            return ElementType::U8;
        case Dtype::Bool:
            return ElementType::Bool;
        default:
            return std::nullopt;
    }
}

} // namespace

ArchivePtr openSafetensors(FilePtr file) {
    const SafetensorsFile tensors(MappedFile(file->bytes(), file->path()));
    auto archive = std::make_shared<StoredArchive>(file, ContainerKind::Safetensors);
    for (const TensorView& tensor : tensors.tensors()) {
        const auto refuse = [&](const std::string& what) {
            throw Error(ErrorKind::Unsupported,
                        file->path() + ": " + shortened(tensor.name, 200) + ": " + what);
        };
        const auto element = elementOf(tensor.dtype);
        if (!element)
            refuse("is of type " + std::string(toText(tensor.dtype)) +
                   "; F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL are read");
        std::vector<std::int64_t> shape;
        for (const std::uint64_t size : tensor.shape) {
            if (size > static_cast<std::uint64_t>(INT64_MAX)) refuse("has a size beyond 2^63 - 1");
            shape.push_back(static_cast<std::int64_t>(size));
        }
        ArrayLayout layout = ArrayLayout::rowMajor(*element, std::move(shape));
        const auto bytes = static_cast<std::int64_t>(tensor.bytes.size());
        if (const std::string what = faultOf(layout, bytes / bytesOf(*element)); !what.empty()) refuse(what);
        const auto begin = static_cast<std::uint64_t>(tensor.bytes.data() - file->bytes().data());
        archive->add(tensor.name, std::move(layout), {-1, begin, tensor.bytes.size()});
    }
    DataTree& tree = archive->tree();
    Datum metadata{.kind = DatumKind::Dict};
    for (const auto& [key, value] : tensors.metadata()) {
        const int keyNode = tree.add({.kind = DatumKind::Text, .text = key});
        metadata.entries.emplace_back(keyNode, tree.add({.kind = DatumKind::Text, .text = value}));
    }
    tree.setRoot(tree.add(std::move(metadata)));
    return archive;
}

} // namespace attn
