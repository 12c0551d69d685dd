// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/container/archive.h"
#include "core/io/import/import.h"

namespace attn {

/// The arrays that a model is imported from: of one container or of several, each under a prefix of its own.
class ImportSource {
public:
    explicit ImportSource(ArchivePtr main) { add(std::move(main), ""); }

    /// The arrays of a further container, their names with `prefix` before them.
    void add(ArchivePtr archive, const std::string& prefix);
    /// The same names, each with `prefix` before it, in place of those there were: for a file that is half of
    /// a model.
    void setPrefix(const std::string& prefix) { m_parts.front().prefix = prefix; }

    const Archive& main() const { return *m_parts.front().archive; }
    const ArchivePtr& mainArchive() const { return m_parts.front().archive; }
    const std::string& path() const { return main().path(); }
    DataView data() const { return main().data(); }

    std::vector<std::string> names() const;
    const ArrayInfo* find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// An array seen as a matrix (ArrayPiece): its rows and columns; 0 where it is absent or no matrix.
    int rows(std::string_view name) const;
    int cols(std::string_view name) const;
    /// Its numbers, row-major. Gives whether all are finite. Throws Error(Data).
    bool read(std::string_view name, std::span<float> out) const;
    std::string readBytes(std::string_view name) const;

private:
    struct Part {
        ArchivePtr archive;
        std::string prefix;
    };
    struct Place {
        const Archive* archive = nullptr;
        int index = -1;
    };
    Place placeOf(std::string_view name) const;

    std::vector<Part> m_parts;
};

/// The shape of an array as a matrix; nothing if it has more than two extents besides those of 1 in front.
struct MatrixShape {
    int rows = 0, cols = 0;
};
MatrixShape matrixShape(const ArrayInfo& info);

/// "288 x 96", "96", "scalar".
std::string shapeText(const ArrayInfo& info);

// ---- files beside a checkpoint

/// The folder a file lies in, with a slash at the end; empty for the current one.
std::string folderOf(const std::string& path);
/// The file's name without folder; without its last ending, too.
std::string fileName(const std::string& path);
std::string fileStem(const std::string& path);
bool isRegularFile(const std::string& path);
/// The first of the names that is a file in the folder; empty if none is.
std::string firstFile(const std::string& folder, const std::vector<std::string>& names);
/// The file that settings name by a path of the machine they were written on, if one of its name lies in the
/// folder or where the path says from there; else empty.
std::string companionOf(const std::string& folder, const std::string& named);
/// Names of the regular files in a folder that begin and end so, sorted.
std::vector<std::string> filesLike(const std::string& folder, std::string_view begin, std::string_view end);
/// The whole of a text file. Throws Error(Data), Error(Limit) beyond `most` bytes.
std::string readTextFile(const std::string& path, std::size_t most = 100'000'000);

} // namespace attn
