// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/import_source.h"

#include <algorithm>
#include <filesystem>

#include "core/io/mapped_file.h"

namespace attn {

namespace fs = std::filesystem;

void ImportSource::add(ArchivePtr archive, const std::string& prefix) {
    m_parts.push_back({std::move(archive), prefix});
}

ImportSource::Place ImportSource::placeOf(std::string_view name) const {
    for (const Part& part : m_parts) {
        if (!name.starts_with(part.prefix)) continue;
        const int index = part.archive->find(name.substr(part.prefix.size()));
        if (index >= 0) return {part.archive.get(), index};
    }
    return {};
}

std::vector<std::string> ImportSource::names() const {
    std::vector<std::string> all;
    for (const Part& part : m_parts)
        for (const ArrayInfo& info : part.archive->arrays()) all.push_back(part.prefix + info.name);
    return all;
}

const ArrayInfo* ImportSource::find(std::string_view name) const {
    const Place at = placeOf(name);
    return at.archive ? &at.archive->arrays()[static_cast<std::size_t>(at.index)] : nullptr;
}

int ImportSource::rows(std::string_view name) const {
    const ArrayInfo* info = find(name);
    return info ? matrixShape(*info).rows : 0;
}

int ImportSource::cols(std::string_view name) const {
    const ArrayInfo* info = find(name);
    return info ? matrixShape(*info).cols : 0;
}

bool ImportSource::read(std::string_view name, std::span<float> out) const {
    const Place at = placeOf(name);
    if (!at.archive) throw Error(ErrorKind::Bug, "there is no array " + std::string(name));
    return at.archive->read(at.index, out);
}

std::string ImportSource::readBytes(std::string_view name) const {
    const Place at = placeOf(name);
    if (!at.archive) throw Error(ErrorKind::Bug, "there is no array " + std::string(name));
    return at.archive->readBytes(at.index);
}

MatrixShape matrixShape(const ArrayInfo& info) {
    std::size_t first = 0;
    while (info.shape.size() - first > 2 && info.shape[first] == 1) ++first;
    const std::size_t rank = info.shape.size() - first;
    constexpr std::int64_t most = 1'000'000'000;
    for (const std::int64_t extent : info.shape)
        if (extent > most) return {};
    if (rank > 2) return {};
    if (rank == 0) return {1, 1};
    const int last = static_cast<int>(info.shape.back());
    return {rank == 2 ? static_cast<int>(info.shape[first]) : 1, last};
}

std::string shapeText(const ArrayInfo& info) {
    std::string text;
    for (const std::int64_t extent : info.shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "scalar" : text;
}

std::string folderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string fileName(const std::string& path) {
    return path.substr(folderOf(path).size());
}

std::string fileStem(const std::string& path) {
    const std::string name = fileName(path);
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

bool isRegularFile(const std::string& path) {
    std::error_code none;
    return fs::is_regular_file(path, none);
}

std::string firstFile(const std::string& folder, const std::vector<std::string>& names) {
    for (const std::string& name : names)
        if (isRegularFile(folder + name)) return folder + name;
    return "";
}

std::string companionOf(const std::string& folder, const std::string& named) {
    return named.empty() || named.front() == '/' ? named.empty() ? "" : firstFile(folder, {fileName(named)})
                                                 : firstFile(folder, {named, fileName(named)});
}

std::vector<std::string> filesLike(const std::string& folder, std::string_view begin, std::string_view end) {
    std::vector<std::string> names;
    std::error_code none;
    for (fs::directory_iterator at(folder.empty() ? "." : folder, none), last; !none && at != last;
         at.increment(none)) {
        const std::string name = at->path().filename().string();
        if (name.size() > begin.size() + end.size() && name.starts_with(begin) && name.ends_with(end) &&
            isRegularFile(folder + name))
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string readTextFile(const std::string& path, std::size_t most) {
    const MappedFile file(path);
    if (file.bytes().size() > most)
        throw Error(ErrorKind::Limit, path + ": has " + std::to_string(file.bytes().size()) +
                                          " bytes; at most " + std::to_string(most) + " are read");
    return std::string(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
}

} // namespace attn
