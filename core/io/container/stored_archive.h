// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/io/container/array_layout.h"
#include "core/io/container/zip_file.h"
#include "core/io/mapped_file.h"

namespace attn {

/// Location of a storage's bytes: in an entry of a zip archive, or in the file from an offset on.
struct StoragePlace {
    int entry = -1;          ///< -1: in the file itself
    std::uint64_t begin = 0; ///< in the file or in the entry's content
    std::uint64_t bytes = 0;
};

/// An archive whose arrays are views of storages in one file. Each is read from the file on request, in
/// blocks if it is contiguous, so that memory holds little more than the numbers themselves.
class StoredArchive : public Archive {
public:
    StoredArchive(std::shared_ptr<const MappedFile> file, ContainerKind kind,
                  std::unique_ptr<const ZipFile> zip = nullptr);

    /// The layout must be valid (faultOf) for the storage. Throws Error(Limit) if the arrays together have
    /// many times more numbers than the file can hold, as views of one storage may.
    void add(std::string name, ArrayLayout layout, const StoragePlace& place);
    DataTree& tree() { return m_data; }
    void setDocument(const std::string& name, std::string text) { m_documents[name] = std::move(text); }

    bool read(int index, std::span<float> out) const override;
    std::string readBytes(int index) const override;

private:
    struct Stored {
        ArrayLayout layout;
        StoragePlace place;
    };

    void stream(const StoragePlace& place, std::uint64_t begin, std::uint64_t length, const BlockSink& sink,
                std::span<std::byte> room) const;
    void inspect(const StoragePlace& place, const std::function<void(std::span<const std::byte>)>& use) const;

    std::shared_ptr<const MappedFile> m_file;
    std::unique_ptr<const ZipFile> m_zip;
    std::vector<Stored> m_stored;
    std::uint64_t m_bytes = 0; ///< of all arrays
};

} // namespace attn
