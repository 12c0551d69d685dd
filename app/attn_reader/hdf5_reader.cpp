// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/hdf5_reader.h"

#include <hdf5.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/attn_reader/confine.h"
#include "app/attn_reader/hdf5_attributes.h"
#include "app/attn_reader/hdf5_dataset.h"
#include "app/attn_reader/hdf5_handle.h"
#include "app/attn_reader/hdf5_image.h"

namespace attn_reader {

namespace {

using attn::Error;
using attn::ErrorKind;

constexpr int deepest = 32;
constexpr std::size_t mostObjects = 100'000;
/// Trained weights hardly get smaller by being packed; a file that unfolds to more was made to.
constexpr std::uint64_t unfoldingRatio = 4, unfoldingSlack = 32'000'000;
/// What the library needs beside the file and its numbers.
constexpr std::uint64_t workingMemory = 48'000'000;
/// Slow enough for any sound file, packed or not.
constexpr std::uint64_t bytesPerSecond = 20'000'000;

std::uint64_t mostNumbers(std::uint64_t fileSize) {
    return fileSize * unfoldingRatio + unfoldingSlack;
}

/// Everything in a file, found and checked; no number is read.
class Contents {
public:
    Contents(hid_t file, std::uint64_t fileSize) : m_file(file), m_fileSize(fileSize) { visit(""); }

    const std::vector<DatasetInfo>& datasets() const { return m_datasets; }
    const nlohmann::json& attributes() const { return m_attributes; }

private:
    void visit(const std::string& path) {
        const std::string what = path.empty() ? "the file's root" : path;
        const Handle object(H5Oopen(m_file, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Oclose, what);
        H5O_info_t info;
        sound(H5Oget_info2(object, &info, H5O_INFO_BASIC), what);
        if (!m_seen.insert(info.addr).second)
            throw Error(ErrorKind::Unsupported,
                        what + ": can be reached by two paths, as in no file of weights");
        if (m_seen.size() > mostObjects)
            throw Error(ErrorKind::Limit, "has more than " + std::to_string(mostObjects) + " objects");
        if (info.type == H5O_TYPE_GROUP) {
            if (auto found = attributesOf(object, path); !found.is_null())
                m_attributes[path] = std::move(found);
            visitLinks(object, path);
        } else if (info.type == H5O_TYPE_DATASET) {
            m_datasets.push_back(inspectDataset(object, path, m_fileSize));
            m_bytes += m_datasets.back().bytes;
            if (m_bytes > mostNumbers(m_fileSize))
                throw Error(ErrorKind::Limit, path + ": with it the arrays have " + std::to_string(m_bytes) +
                                                  " bytes, more than a file of " +
                                                  std::to_string(m_fileSize) + " bytes is unpacked to");
        } else {
            throw Error(ErrorKind::Unsupported, what + ": is neither a group nor an array");
        }
    }

    void visitLinks(hid_t group, const std::string& path) {
        struct Found {
            const std::string& path;
            std::vector<std::string> names;
            std::exception_ptr refusal; // which must not pass through the library
        } found{path, {}, nullptr};
        const auto note = [](hid_t, const char* name, const H5L_info_t* link, void* data) -> herr_t {
            Found& into = *static_cast<Found*>(data);
            try {
                const std::string at = (into.path.empty() ? "" : into.path + "/") + name;
                if (link->type != H5L_TYPE_HARD)
                    throw Error(ErrorKind::Unsupported,
                                at + (link->type == H5L_TYPE_SOFT
                                          ? ": is a soft link to another place"
                                          : ": is a link to another file, which is not opened"));
                if (into.names.size() >= mostObjects)
                    throw Error(ErrorKind::Limit, into.path + ": has too many members");
                into.names.push_back(at);
                return 0;
            } catch (...) {
                into.refusal = std::current_exception();
                return 1;
            }
        };
        const herr_t answer = H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, note, &found);
        if (found.refusal) std::rethrow_exception(found.refusal);
        sound(answer, (path.empty() ? "the file's root" : path) + ": its members");
        if (++m_depth > deepest)
            throw Error(ErrorKind::Limit, path + ": lies deeper than " + std::to_string(deepest) + " groups");
        for (const std::string& name : found.names) visit(name);
        --m_depth;
    }

    hid_t m_file;
    std::uint64_t m_fileSize;
    std::set<haddr_t> m_seen;
    int m_depth = 0;
    std::uint64_t m_bytes = 0;
    std::vector<DatasetInfo> m_datasets;
    nlohmann::json m_attributes = nlohmann::json::object();
};

/// The safetensors header, its length in front.
std::string headerOf(const Contents& contents) {
    const auto asText = [](const nlohmann::json& value) { // names need not be UTF-8
        return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    };
    std::string header = R"({"__metadata__":{"attributes":)" + asText(asText(contents.attributes())) + "}";
    std::uint64_t position = 0;
    for (const DatasetInfo& dataset : contents.datasets()) {
        const nlohmann::json entry = {{"dtype", dataset.dtype},
                                      {"shape", dataset.shape},
                                      {"data_offsets", {position, position + dataset.bytes}}};
        header += "," + asText(dataset.path) + ":" + asText(entry);
        position += dataset.bytes;
    }
    header += "}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::string length(8, '\0');
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<char>((header.size() >> (8 * i)) & 0xFF);
    return length + header;
}

void write(const char* bytes, std::size_t count) {
    if (count > 0 && std::fwrite(bytes, 1, count, stdout) != count)
        throw Error(ErrorKind::Output, "the numbers could not be handed on");
}

} // namespace

void readHdf5() {
    const auto bytes = mapInput();
    H5open(); // before files can no longer be opened
    confine(workingMemory + bytes.size() + mostNumbers(bytes.size()), 1 + bytes.size() / bytesPerSecond);
    const Handle file(openImage(bytes), H5Fclose, "its HDF5 structure");
    const Contents contents(file, bytes.size());
    const std::string header = headerOf(contents);
    write(header.data(), header.size());
    for (const DatasetInfo& info : contents.datasets()) {
        const Handle dataset(H5Dopen2(file, info.path.c_str(), H5P_DEFAULT), H5Dclose, info.path);
        const std::vector<char> numbers = readDataset(dataset, info);
        write(numbers.data(), numbers.size());
    }
}

} // namespace attn_reader
