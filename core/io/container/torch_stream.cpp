// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/io/container/open_container.h"
#include "core/io/container/torch_archive.h"

namespace attn {

namespace {

/// LONG1 of 0x1950a86a20f9469cfc6c and the operation that ends the first pickle.
constexpr std::string_view magic("\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", 13);
constexpr std::size_t protocolBytes = 2, frameBytes = 9; // what stands before it; frames from protocol 4 on
constexpr std::int64_t knownVersion = 1001;
constexpr std::size_t smallMemory = 1 << 20; // for the pickles that say little

} // namespace

bool isTorchStream(std::span<const std::byte> bytes) {
    const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                                 std::min(bytes.size(), protocolBytes + frameBytes + magic.size()));
    if (!start.starts_with('\x80')) return false;
    return start.substr(std::min(start.size(), protocolBytes)).starts_with(magic) ||
           start.substr(std::min(start.size(), protocolBytes + frameBytes)) == magic;
}

ArchivePtr openTorchStream(FilePtr file) {
    const std::string& path = file->path();
    const std::span<const std::byte> bytes = file->bytes();
    const std::size_t memory = pickleMemory(bytes.size());
    std::size_t position = 0;
    const auto next = [&](const char* what, std::size_t most) {
        Pickle pickle = readPickle(bytes.subspan(position), path + ": " + what, most);
        position += pickle.size;
        return pickle;
    };
    next("the magic number", smallMemory);
    const Pickle version = next("the format's version", smallMemory);
    if (const auto number = version.tree.root().integer(); number != knownVersion)
        throw Error(ErrorKind::Unsupported, path + ": is of version " +
                                                (number ? std::to_string(*number) : std::string("?")) +
                                                " of PyTorch's legacy format; " +
                                                std::to_string(knownVersion) + " is the one that is read");
    const Pickle machine = next("the writer's machine", smallMemory);
    const bool bigEndian = !machine.tree.root()["little_endian"].truth().value_or(true);
    Pickle object = next("the object", memory);
    const Pickle keys = next("the keys of the storages", memory);
    if (keys.tree.root().kind() != DatumKind::List)
        throw Error(ErrorKind::Data, path + ": the keys of the storages are no list");

    std::unordered_map<std::string_view, const PickledStorage*> byKey;
    for (const PickledStorage& storage : object.storages) byKey.emplace(storage.key, &storage);
    std::unordered_map<std::string_view, StoragePlace> places;
    for (std::size_t i = 0; i < keys.tree.root().size(); ++i) {
        const auto key = keys.tree.root()[i].text();
        const auto known = key ? byKey.find(*key) : byKey.end();
        const std::string name = "storage " + (key ? shortened(*key, 100) : std::string("?"));
        const auto refuse = [&](const std::string& what, ErrorKind kind = ErrorKind::Data) {
            throw Error(kind, path + ": " + name + " at byte " + std::to_string(position) + ": " + what);
        };
        if (known == byKey.end()) refuse("the object does not name it, so its type is not known");
        const PickledStorage& storage = *known->second;
        if (!storage.element)
            refuse("is a " + shortened(storage.type, 100) + ", which is not read", ErrorKind::Unsupported);
        std::int64_t count = 0;
        if (bytes.size() - position < sizeof count)
            refuse("the file ends before its size; it may have been cut short");
        std::byte raw[sizeof count];
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(position), sizeof count, raw);
        if (bigEndian) std::reverse(std::begin(raw), std::end(raw));
        std::memcpy(&count, raw, sizeof count);
        position += sizeof count;
        if (count != storage.elements)
            refuse("has " + std::to_string(count) + " elements, but the object says " +
                   std::to_string(storage.elements));
        const auto size = static_cast<std::uint64_t>(bytesOf(*storage.element));
        if (static_cast<std::uint64_t>(count) > (bytes.size() - position) / size)
            refuse("is said to hold " + std::to_string(count) + " elements of " + std::to_string(size) +
                   " bytes, but only " + std::to_string(bytes.size() - position) +
                   " bytes follow; the file may have been cut short");
        const StoragePlace place{-1, position, static_cast<std::uint64_t>(count) * size};
        if (!places.emplace(storage.key, place).second) refuse("stands in the file twice");
        position += place.bytes;
    }
    if (position != bytes.size())
        throw Error(ErrorKind::Data, path + ": " + std::to_string(bytes.size() - position) +
                                         " bytes follow the last storage; the file is damaged");

    std::vector<StoragePlace> placesOfStorages;
    for (const PickledStorage& storage : object.storages) {
        const auto at = places.find(storage.key);
        if (storage.element && at == places.end())
            throw Error(ErrorKind::Data, path + ": names the storage " + shortened(storage.key, 100) +
                                             ", but does not hold it");
        StoragePlace place = at == places.end() ? StoragePlace{} : at->second;
        // One key under two types, or of two sizes, is not what anybody writes.
        const auto& first = *byKey.at(storage.key);
        if (first.element != storage.element || first.elements != storage.elements)
            throw Error(ErrorKind::Data, path + ": storage " + shortened(storage.key, 100) +
                                             " is named with two types or sizes");
        placesOfStorages.push_back(place);
    }
    auto archive = std::make_shared<StoredArchive>(std::move(file), ContainerKind::TorchStream);
    addTensors(*archive, std::move(object), placesOfStorages, bigEndian);
    return archive;
}

} // namespace attn
