// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/hdf5_attributes.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "app/attn_reader/hdf5_handle.h"

namespace attn_reader {

namespace {

using attn::Error;
using attn::ErrorKind;

constexpr hssize_t mostTexts = 100'000;
constexpr std::size_t mostBytes = 64'000'000;
constexpr int mostParts = 1000;

} // namespace

std::optional<std::vector<std::string>> readTexts(hid_t object, const std::string& name,
                                                  const std::string& path) {
    const std::string what = (path.empty() ? "" : path + ": ") + "the attribute " + name;
    if (sound(H5Aexists(object, name.c_str()), what) == 0) return std::nullopt;
    const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, what);
    const Handle space(H5Aget_space(attribute), H5Sclose, what);
    const hssize_t count = sound(H5Sget_simple_extent_npoints(space), what);
    if (count == 0) return std::vector<std::string>();
    const Handle type(H5Aget_type(attribute), H5Tclose, what);
    if (H5Tget_class(type) != H5T_STRING) throw Error(ErrorKind::Data, what + " is no text");
    const auto tooLarge = [&] { return Error(ErrorKind::Limit, what + " has more than 64 MB of text"); };
    if (count > mostTexts) throw Error(ErrorKind::Limit, what + " has more than 100,000 texts");

    std::vector<std::string> texts;
    std::size_t total = 0;
    if (H5Tis_variable_str(type) > 0) {
        std::vector<char*> read(static_cast<std::size_t>(count), nullptr);
        sound(H5Aread(attribute, type, read.data()), what);
        for (const char* text : read) {
            total += text ? std::strlen(text) : 0;
            if (total > mostBytes) throw tooLarge();
            texts.emplace_back(text ? text : "");
        }
        return texts;
    }
    const std::size_t length = H5Tget_size(type);
    if (length == 0 || length > mostBytes / static_cast<std::size_t>(count)) throw tooLarge();
    std::string read(length * static_cast<std::size_t>(count), '\0');
    sound(H5Aread(attribute, type, read.data()), what);
    for (std::size_t at = 0; at < read.size(); at += length) {
        const std::string_view text(read.data() + at, length);
        texts.emplace_back(text.substr(0, text.find('\0')));
    }
    return texts;
}

nlohmann::json attributesOf(hid_t group, const std::string& path) {
    nlohmann::json found;
    for (const char* name : {"model_config", "keras_version", "backend"})
        if (const auto texts = readTexts(group, name, path); texts && texts->size() == 1)
            found[name] = texts->front();
    for (const std::string name : {"layer_names", "weight_names"}) {
        auto texts = readTexts(group, name, path);
        for (int i = 0; i < mostParts; ++i) {
            const auto part = readTexts(group, name + std::to_string(i), path);
            if (!part) break;
            if (!texts) texts.emplace();
            texts->insert(texts->end(), part->begin(), part->end());
        }
        if (texts) found[name] = *texts;
    }
    return found;
}

} // namespace attn_reader
