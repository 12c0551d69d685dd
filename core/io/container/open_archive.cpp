// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/io/container/open_container.h"

namespace attn {

namespace {

/// What a file that is no container probably is, and what to do then; empty if that is not plain.
std::string guess(std::string_view start) {
    const auto begins = [&](std::string_view with) { return start.starts_with(with); };
    constexpr std::size_t tarMark = 257;
    if (begins("version https://git-lfs"))
        return "is the pointer of git-lfs to a file, not the file; fetch it with git lfs pull";
    if (begins("\x1F\x8B")) return "is compressed by gzip; unpack it with gunzip first";
    if (begins("BZh") ||
        begins("\xFD"
               "7zXZ") ||
        begins("\x28\xB5\x2F\xFD"))
        return "is compressed by bzip2, xz or zstd; unpack it first";
    if (start.size() >= tarMark + 5 && start.substr(tarMark, 5) == "ustar")
        return "is a tar archive; unpack it first";
    if (begins("PK\x05\x06")) return "is a zip archive with nothing in it";
    std::string lower(start.substr(0, 200));
    for (char& letter : lower)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    const std::size_t first = std::min(lower.find_first_not_of(" \t\r\n"), lower.size());
    if (lower.compare(first, 9, "<!doctype") == 0 || lower.compare(first, 5, "<html") == 0)
        return "is a web page, as a failed download leaves; download the file again";
    if (begins("\x80") && start.size() > 1 && static_cast<unsigned char>(start[1]) <= 5)
        return "is a Python pickle, but not one that torch.save wrote; save the parameters with torch.save "
               "or "
               "numpy.savez";
    if (std::all_of(start.begin(), start.end(), [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
        }))
        return "is text, not a container of arrays";
    return "";
}

ArchivePtr openZip(FilePtr file) {
    auto zip = std::make_unique<const ZipFile>(file);
    const std::string& path = file->path();
    int data = -1;
    bool hasNpy = false;
    for (std::size_t i = 0; i < zip->entries().size(); ++i) {
        const std::string& name = zip->entries()[i].name;
        const std::size_t slash = name.find('/');
        const std::string_view inner =
            slash == std::string::npos ? name : std::string_view(name).substr(slash + 1);
        if (inner == "constants.pkl" || inner.starts_with("code/"))
            throw Error(ErrorKind::Unsupported,
                        path + ": is a TorchScript program (it holds " + std::string(inner.substr(0, 60)) +
                            "); save the model's state_dict() with torch.save instead");
        if (slash != std::string::npos && inner == "data.pkl" && data < 0) data = static_cast<int>(i);
        hasNpy = hasNpy || name.ends_with(".npy");
    }
    if (data >= 0) return openTorchZip(std::move(file), std::move(zip), data);
    if (hasNpy) return openNpz(std::move(file), std::move(zip));
    if (zip->find("config.json") >= 0 && zip->find("model.weights.h5") >= 0)
        return openKerasZip(std::move(file), *zip);
    throw Error(ErrorKind::Unsupported,
                path +
                    ": is a zip archive, but neither PyTorch's (it has no entry NAME/data.pkl) nor NumPy's "
                    "(no .npy entries) nor Keras' (no config.json with model.weights.h5)");
}

ArchivePtr open(FilePtr file) {
    const std::span<const std::byte> bytes = file->bytes();
    const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                                 std::min<std::size_t>(bytes.size(), 512));
    if (start.empty()) throw Error(ErrorKind::Data, file->path() + ": is empty");
    if (start.starts_with("PK\x03\x04")) return openZip(std::move(file));
    if (isTorchStream(bytes)) return openTorchStream(std::move(file));
    if (start.starts_with("\x93NUMPY")) return openNpy(std::move(file));
    if (start.starts_with("\x89HDF\r\n\x1A\n")) return openHdf5(std::move(file));
    if (start.size() > 8 && start[8] == '{') return openSafetensors(std::move(file));
    if (const std::string what = guess(start); !what.empty())
        throw Error(ErrorKind::Data, file->path() + ": " + what);
    throw Error(ErrorKind::Data,
                file->path() +
                    ": is none of the files that are read: PyTorch (.pt), NumPy (.npz, .npy), "
                    "safetensors, Keras (.h5, .keras)");
}

} // namespace

ArchivePtr openArchive(const std::string& path) {
    return open(std::make_shared<const MappedFile>(path));
}

ArchivePtr openArchiveBytes(std::span<const std::byte> bytes, const std::string& name) {
    return open(std::make_shared<const MappedFile>(bytes, name));
}

} // namespace attn
