// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/io/container/open_container.h"
#include "core/io/container/torch_archive.h"

namespace attn {

namespace {

/// Whether the numbers are big-endian, by the entry that newer versions write.
bool isBigEndian(const ZipFile& zip, const std::string& root) {
    constexpr std::size_t longest = 16;
    const int entry = zip.find(root + "byteorder");
    if (entry < 0) return false;
    const std::vector<std::byte> content = zip.read(entry, longest);
    const std::string order(reinterpret_cast<const char*>(content.data()), content.size());
    if (order != "little" && order != "big")
        throw Error(ErrorKind::Data, zip.where(entry) + ": expected little or big");
    return order == "big";
}

} // namespace

ArchivePtr openTorchZip(FilePtr file, std::unique_ptr<const ZipFile> zip, int data) {
    const std::string where = zip->where(data);
    const std::string& dataName = zip->entries()[static_cast<std::size_t>(data)].name;
    const std::string root = dataName.substr(0, dataName.find('/') + 1);
    const std::size_t memory = pickleMemory(file->bytes().size());
    Pickle pickle = readPickle(zip->read(data, memory), where, memory);

    std::vector<StoragePlace> places;
    for (const PickledStorage& storage : pickle.storages) {
        StoragePlace place;
        if (storage.element) {
            const std::string key = shortened(storage.key, 100);
            place.entry = zip->find(root + "data/" + storage.key);
            if (place.entry < 0)
                throw Error(ErrorKind::Data, where + ": names the storage " + key +
                                                 ", but there is no entry " + shortened(root, 100) + "data/" +
                                                 key);
            place.bytes = zip->entries()[static_cast<std::size_t>(place.entry)].size;
            const auto size = static_cast<std::uint64_t>(bytesOf(*storage.element));
            if (static_cast<std::uint64_t>(storage.elements) > place.bytes / size)
                throw Error(ErrorKind::Data,
                            zip->where(place.entry) + ": has " + std::to_string(place.bytes) +
                                " bytes, but is said to hold " + std::to_string(storage.elements) +
                                " elements of " + std::to_string(size));
        }
        places.push_back(place);
    }
    const bool bigEndian = isBigEndian(*zip, root);
    auto archive = std::make_shared<StoredArchive>(std::move(file), ContainerKind::TorchZip, std::move(zip));
    addTensors(*archive, std::move(pickle), places, bigEndian);
    return archive;
}

} // namespace attn
