// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/json_text.h"
#include "core/io/container/array_layout.h"
#include "core/io/container/open_container.h"
#include "core/io/container/reader_process.h"
#include "core/io/safetensors.h"

namespace attn {

namespace {

/// More than the helper hands back of a file (app/attn_reader/hdf5_reader.cpp), so that its reason is heard.
constexpr std::uint64_t unfoldingRatio = 4, unfoldingSlack = 160'000'000;
/// Bytes of a document in a Keras archive.
constexpr std::uint64_t longestDocument = 64'000'000;
constexpr std::uint64_t largestWeights = std::uint64_t{1} << 34;
constexpr std::uint64_t slowestBytesPerMillisecond = 2000;

std::optional<ElementType> elementType(Dtype type) {
    switch (type) {
        case Dtype::F64:
            return ElementType::F64;
        case Dtype::F32:
            return ElementType::F32;
        case Dtype::F16:
            return ElementType::F16;
        case Dtype::BF16:
            return ElementType::BF16;
        case Dtype::I64:
            return ElementType::I64;
        case Dtype::I32:
            return ElementType::I32;
        case Dtype::I16:
            return ElementType::I16;
        case Dtype::I8:
            return ElementType::I8;
        case Dtype::U8:
            return ElementType::U8;
        default:
            return std::nullopt;
    }
}

std::vector<std::byte> handedBack(const ReaderInput& input) {
    ReaderLimits limits;
    limits.outputBytes = input.size() * unfoldingRatio + unfoldingSlack;
    limits.time += std::chrono::milliseconds(input.size() / slowestBytesPerMillisecond);
    return runReader(ReaderTask::Hdf5, input, limits);
}

class Hdf5Archive : public Archive {
public:
    Hdf5Archive(const std::string& path, ContainerKind kind, const ReaderInput& input,
                std::map<std::string, std::string> documents)
        : Archive(path, kind), m_bytes(handedBack(input)), m_tensors(MappedFile(m_bytes, path)) {
        m_documents = std::move(documents);
        for (const TensorView& tensor : m_tensors.tensors()) {
            const auto type = elementType(tensor.dtype);
            if (!type) throw Error(ErrorKind::Data, path + ": " + tensor.name + " has an unknown type");
            addArray({tensor.name, *type, {tensor.shape.begin(), tensor.shape.end()}});
        }
        const auto attributes = m_tensors.metadata().find("attributes");
        if (attributes != m_tensors.metadata().end()) readAttributes(attributes->second);
    }

    bool read(int index, std::span<float> out) const override {
        const auto at = static_cast<std::size_t>(index);
        toFloats(arrays().at(at).type, false, m_tensors.tensors()[at].bytes.data(), out.size(), out.data());
        return allFinite(out);
    }

    std::string readBytes(int index) const override {
        const auto at = static_cast<std::size_t>(index);
        const ArrayInfo& info = arrays().at(at);
        if (bytesOf(info.type) != 1)
            throw Error(ErrorKind::Data, path() + ": " + info.name + " holds " +
                                             std::string(toText(info.type)) + "; bytes are expected");
        const auto bytes = m_tensors.tensors()[at].bytes;
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

private:
    int addText(const std::string& text) {
        Datum datum;
        datum.kind = DatumKind::Text;
        datum.text = text;
        return m_data.add(std::move(datum));
    }

    void readAttributes(const std::string& text) {
        Findings faults;
        const auto byPath = parseJson(text, "the attributes", faults, {.depth = 4});
        throwFaults(ErrorKind::Data, path() + ": its attributes cannot be read:", faults);
        Datum root;
        root.kind = DatumKind::Dict;
        for (const auto& [object, attributes] : byPath.items()) {
            Datum named;
            named.kind = DatumKind::Dict;
            for (const auto& [name, value] : attributes.items()) {
                if (value.is_string()) {
                    named.entries.emplace_back(addText(name), addText(value.get<std::string>()));
                    if (name == "model_config") m_documents.emplace(name, value.get<std::string>());
                    continue;
                }
                Datum list;
                list.kind = DatumKind::List;
                for (const auto& item : value)
                    if (item.is_string()) list.items.push_back(addText(item.get<std::string>()));
                named.entries.emplace_back(addText(name), m_data.add(std::move(list)));
            }
            root.entries.emplace_back(addText(object), m_data.add(std::move(named)));
        }
        m_data.setRoot(m_data.add(std::move(root)));
    }

    std::vector<std::byte> m_bytes;
    SafetensorsFile m_tensors;
};

} // namespace

ArchivePtr openHdf5(FilePtr file) {
    return std::make_shared<Hdf5Archive>(file->path(), ContainerKind::Hdf5, ReaderInput(*file),
                                         std::map<std::string, std::string>());
}

ArchivePtr openKerasZip(FilePtr file, const ZipFile& zip) {
    std::map<std::string, std::string> documents;
    for (const char* name : {"config.json", "metadata.json"}) {
        const int entry = zip.find(name);
        if (entry < 0) continue;
        const auto bytes = zip.read(entry, longestDocument);
        documents[name] = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    const int weights = zip.find("model.weights.h5");
    const auto bytes = zip.read(weights, largestWeights);
    return std::make_shared<Hdf5Archive>(file->path(), ContainerKind::KerasZip,
                                         ReaderInput(bytes, zip.where(weights)), std::move(documents));
}

} // namespace attn
