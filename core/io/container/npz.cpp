// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/io/container/npy_reader.h"
#include "core/io/container/open_container.h"
#include "core/io/container/stored_archive.h"
#include "core/io/container/torch_archive.h"

namespace attn {

namespace {

/// Adds an array of text to the Dict at the tree's root, which is made with the first.
void addNamedTexts(DataTree& tree, const std::string& name, const NpyHeader& header,
                   std::span<const std::byte> content, const std::string& where, std::size_t& memory) {
    const int before = tree.size();
    if (!tree.root()) tree.setRoot(tree.add({.kind = DatumKind::Dict}));
    const int texts = addTexts(tree, header, content.subspan(header.begin), where, memory);
    const int key = tree.add({.kind = DatumKind::Text, .text = name});
    tree.node(tree.root().index()).entries.emplace_back(key, texts);
    memory -= std::min(memory, static_cast<std::size_t>(tree.size() - before) * sizeof(Datum));
}

} // namespace

ArchivePtr openNpy(FilePtr file) {
    const auto bytes = file->bytes();
    const NpyHeader header =
        readNpyHeader(bytes.first(std::min(bytes.size(), longestNpyStart)), bytes.size(), file->path());
    std::size_t memory = pickleMemory(bytes.size());
    auto archive = std::make_shared<StoredArchive>(file, ContainerKind::Npy);
    if (header.isText || header.isByteText)
        addNamedTexts(archive->tree(), "value", header, bytes, file->path(), memory);
    else
        archive->add("value", header.layout, {-1, header.begin, bytes.size() - header.begin});
    return archive;
}

ArchivePtr openNpz(FilePtr file, std::unique_ptr<const ZipFile> zip) {
    const ZipFile& entries = *zip;
    std::size_t memory = pickleMemory(file->bytes().size());
    auto archive = std::make_shared<StoredArchive>(std::move(file), ContainerKind::Npz, std::move(zip));
    constexpr std::string_view suffix = ".npy";
    for (std::size_t i = 0; i < entries.entries().size(); ++i) {
        const ZipEntry& entry = entries.entries()[i];
        const auto index = static_cast<int>(i);
        if (!entry.name.ends_with(suffix)) continue;
        const std::string name = entry.name.substr(0, entry.name.size() - suffix.size());
        const std::string where = entries.where(index);
        const NpyHeader header = readNpyHeader(entries.start(index, longestNpyStart), entry.size, where);
        if (header.isText || header.isByteText)
            addNamedTexts(archive->tree(), name, header, entries.read(index, memory), where, memory);
        else
            archive->add(name, header.layout, {index, header.begin, entry.size - header.begin});
    }
    return archive;
}

} // namespace attn
