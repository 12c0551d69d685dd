// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/io/container/open_container.h"

/// Pickles, zip archives and checkpoints put together by hand, sound or not, for the tests of containers.
namespace made {

template <typename Number>
std::string raw(Number number) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}
template <typename Number>
std::string rawAll(std::initializer_list<Number> numbers) {
    std::string bytes;
    for (const Number number : numbers) bytes += raw(number);
    return bytes;
}

// ---- what a pickler writes for one thing, in protocol 2

inline std::string text(const std::string& t) {
    return "X" + raw(static_cast<std::uint32_t>(t.size())) + t;
}
inline std::string integer(std::int64_t n) {
    if (n >= 0 && n < 256) return "K" + raw(static_cast<std::uint8_t>(n));
    if (n == static_cast<std::int32_t>(n)) return "J" + raw(static_cast<std::int32_t>(n));
    return "\x8A\x08" + raw(n);
}
inline std::string joined(const std::vector<std::string>& things) {
    std::string bytes;
    for (const std::string& thing : things) bytes += thing;
    return bytes;
}
inline std::string tuple(const std::vector<std::string>& things) {
    return "(" + joined(things) + "t";
}
inline std::string list(const std::vector<std::string>& things) {
    return "](" + joined(things) + "e";
}
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string bytes = "}(";
    for (const auto& [key, value] : entries) bytes += text(key) + value;
    return bytes + "u";
}
inline std::string named(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}
inline std::string call(const std::string& callee, const std::vector<std::string>& arguments) {
    return callee + tuple(arguments) + "R";
}
inline std::string object(const std::string& module, const std::string& name, const std::string& state) {
    return named(module, name) + ")\x81" + state + "b";
}
inline std::string numbers(const std::vector<std::int64_t>& ns) {
    std::vector<std::string> things;
    for (const std::int64_t n : ns) things.push_back(integer(n));
    return tuple(things);
}
inline std::string storage(const std::string& type, const std::string& key, std::int64_t elements,
                           const std::vector<std::string>& more = {}) {
    std::vector<std::string> id{text("storage"), named("torch", type), text(key), text("cpu"),
                                integer(elements)};
    id.insert(id.end(), more.begin(), more.end());
    return tuple(id) + "Q";
}
inline std::string tensor(const std::string& of, std::int64_t offset, const std::vector<std::int64_t>& shape,
                          const std::vector<std::int64_t>& strides) {
    return call(named("torch._utils", "_rebuild_tensor_v2"),
                {of, integer(offset), numbers(shape), numbers(strides), "\x89",
                 call(named("collections", "OrderedDict"), {})});
}
inline std::string pickle(const std::string& thing) {
    return "\x80\x02" + thing + ".";
}

// ---- zip archives

/// An entry, and what is to be said of it instead of the truth.
struct Entry {
    std::string name, content;
    bool deflate = false;
    std::uint16_t flags = 0;
    std::function<void(std::string& local, std::string& central)> lie = nullptr; ///< on the finished headers
};

inline std::string deflated(const std::string& content) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string packed(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// Byte offsets of fields in the two headers of an entry: where both have it, the central one is behind.
namespace field {
inline constexpr std::size_t localFlags = 6, localMethod = 8, localCrc = 14, localPacked = 18, localSize = 22;
inline constexpr std::size_t flags = 8, method = 10, crc = 16, packed = 20, size = 24, offset = 42;
} // namespace field

template <typename Number>
void put(std::string& bytes, std::size_t at, Number number) {
    bytes.replace(at, sizeof number, raw(number));
}

inline std::string zip(const std::vector<Entry>& entries) {
    const auto u16 = [](std::size_t n) { return raw(static_cast<std::uint16_t>(n)); };
    const auto u32 = [](std::size_t n) { return raw(static_cast<std::uint32_t>(n)); };
    std::string file, directory;
    for (const Entry& entry : entries) {
        const std::string packed = entry.deflate ? deflated(entry.content) : entry.content;
        const auto crc = crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                               static_cast<uInt>(entry.content.size()));
        const std::string common = u16(20) + u16(entry.flags) + u16(entry.deflate ? 8 : 0) + u16(0) +
                                   u16(33) + u32(crc) + u32(packed.size()) + u32(entry.content.size()) +
                                   u16(entry.name.size()) + u16(0);
        std::string local = "PK\x03\x04" + common + entry.name;
        std::string central = "PK\x01\x02" + u16(20) + common + u16(0) + u16(0) + u16(0) + u32(0) +
                              u32(file.size()) + entry.name;
        if (entry.lie) entry.lie(local, central);
        file += local + packed;
        directory += central;
    }
    return file + directory + "PK\x05\x06" + u16(0) + u16(0) + u16(entries.size()) + u16(entries.size()) +
           u32(directory.size()) + u32(file.size()) + u16(0);
}

inline std::string torchZip(const std::string& object,
                            const std::vector<std::pair<std::string, std::string>>& storages,
                            bool deflate = false) {
    std::vector<Entry> entries{{"model/data.pkl", pickle(object), deflate}};
    for (const auto& [key, bytes] : storages) entries.push_back({"model/data/" + key, bytes, deflate});
    entries.push_back({"model/version", "3\n", deflate});
    return zip(entries);
}

// ---- PyTorch's legacy stream and NumPy's arrays

inline std::string torchStream(const std::string& object,
                               const std::vector<std::pair<std::string, std::string>>& storages,
                               const std::vector<std::int64_t>& counts, bool littleEndian = true) {
    std::vector<std::string> keys;
    for (const auto& [key, bytes] : storages) keys.push_back(text(key));
    std::string file =
        pickle(std::string("\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19", 12)) + pickle(integer(1001)) +
        pickle(
            dict({{"protocol_version", integer(1001)}, {"little_endian", littleEndian ? "\x88" : "\x89"}})) +
        pickle(object) + pickle(list(keys));
    for (std::size_t i = 0; i < storages.size(); ++i) {
        std::string count = raw(counts[i]);
        if (!littleEndian) count = {count.rbegin(), count.rend()};
        file += count + storages[i].second;
    }
    return file;
}

inline std::string npyOfHeader(const std::string& header, const std::string& payload, char version = 1) {
    const auto length = static_cast<std::uint32_t>(header.size());
    return std::string("\x93NUMPY") + version + '\0' + raw(length).substr(0, version == 1 ? 2 : 4) + header +
           payload;
}
inline std::string npy(const std::string& type, const std::string& shape, const std::string& payload,
                       bool fortran = false) {
    return npyOfHeader("{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
                           ", 'shape': " + shape + ", }  \n",
                       payload);
}

// ---- opening them

inline std::span<const std::byte> bytesOf(const std::string& file) {
    return {reinterpret_cast<const std::byte*>(file.data()), file.size()};
}

/// The archive of a file in memory, which it keeps.
inline attn::ArchivePtr opened(std::string file) {
    struct Kept {
        std::string file;
        attn::ArchivePtr archive;
    };
    auto kept = std::make_shared<Kept>();
    kept->file = std::move(file);
    kept->archive = attn::openArchiveBytes(bytesOf(kept->file), "made");
    return {kept, kept->archive.get()};
}

inline std::vector<float> numbersOf(const attn::Archive& archive, int index) {
    std::vector<float> numbers(
        static_cast<std::size_t>(archive.arrays()[static_cast<std::size_t>(index)].elements()));
    archive.read(index, numbers);
    return numbers;
}
inline std::vector<float> numbersOf(const attn::Archive& archive, const std::string& name) {
    const int index = archive.find(name);
    if (index < 0) throw std::runtime_error("no array " + name);
    return numbersOf(archive, index);
}

/// The message with which a file is refused, its kind in front; empty if it is opened and read.
inline std::string refusal(const std::string& file) {
    try {
        const auto archive = opened(file);
        for (int i = 0; i < static_cast<int>(archive->arrays().size()); ++i) numbersOf(*archive, i);
    } catch (const attn::Error& error) {
        const char* kind = error.kind() == attn::ErrorKind::Data          ? "data: "
                           : error.kind() == attn::ErrorKind::Unsupported ? "unsupported: "
                           : error.kind() == attn::ErrorKind::Limit       ? "limit: "
                                                                          : "another kind: ";
        return kind + std::string(error.what());
    }
    return "";
}

} // namespace made
