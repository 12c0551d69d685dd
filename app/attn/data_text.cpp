// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/data_text.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "app/attn/output.h"
#include "core/base/json_text.h"

namespace attn::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t longestByteText = 1'000'000;
constexpr int documentLines = 1'000;

std::string told(const std::string& what) {
    return "<" + what + ">";
}

/// A tree as JSON, cut at the limits.
class TreeWriter {
public:
    TreeWriter(const Archive& archive, const DataLimits& limits) : m_archive(archive), m_limits(limits) {}

    Json value(DataView view, int depth) {
        ++m_nodes;
        switch (view.kind()) {
            case DatumKind::None:
                return nullptr;
            case DatumKind::Bool:
                return *view.truth();
            case DatumKind::Integer:
                if (const auto number = view.integer()) return *number;
                return told("a whole number beyond 64 bits");
            case DatumKind::Real:
                return *view.real();
            case DatumKind::Text:
                return shortened(*view.text(), m_limits.text);
            case DatumKind::Bytes:
                return told("bytes");
            case DatumKind::Array:
                return told("array " + m_archive.arrays().at(static_cast<std::size_t>(view.array())).name);
            case DatumKind::List:
                return depth >= m_limits.depth ? deeper(view, "a list") : list(view, depth);
            case DatumKind::Dict:
            case DatumKind::Record:
                return depth >= m_limits.depth ? deeper(view, "a dictionary") : object(view, depth);
        }
        return nullptr;
    }

private:
    bool full(std::size_t shown) const {
        return shown >= static_cast<std::size_t>(m_limits.items) || m_nodes >= m_limits.nodes;
    }
    Json deeper(DataView view, const std::string& what) const {
        const std::string name = view.className().empty() ? what : view.className();
        return told(name + " of " + grouped(static_cast<long long>(view.size())));
    }

    Json list(DataView view, int depth) {
        Json json = Json::array();
        for (std::size_t i = 0; i < view.size(); ++i) {
            if (full(i)) {
                json.push_back(told(grouped(static_cast<long long>(view.size() - i)) + " more"));
                break;
            }
            json.push_back(value(view[i], depth + 1));
        }
        return json;
    }

    Json object(DataView view, int depth) {
        Json json = Json::object();
        if (view.kind() == DatumKind::Record) {
            json["<class>"] = view.className();
            if (view.size() > 0) json["<arguments>"] = list(view, depth);
        }
        const auto entries = view.entries();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (full(i)) {
                json["<more>"] = entries.size() - i;
                break;
            }
            const auto& [key, entry] = entries[i];
            const Json spelled = value(key, m_limits.depth);
            std::string name =
                spelled.is_string()
                    ? spelled.get<std::string>()
                    : spelled.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
            while (json.contains(name)) name += "'"; // 1 and "1" may both be keys
            json[name] = value(entry, depth + 1);
        }
        return json;
    }

    const Archive& m_archive;
    const DataLimits& m_limits;
    int m_nodes = 0;
};

std::string scalarText(const Json& json) {
    return json.is_string() ? printable(json.get<std::string>()) : json.dump();
}

bool isScalar(const Json& json) {
    return !json.is_structured() || json.empty();
}

void write(const Json& json, const std::string& indent, std::string& text) {
    if (isScalar(json)) {
        text += indent + scalarText(json) + "\n";
        return;
    }
    const auto entry = [&](const std::string& name, const Json& value) {
        if (isScalar(value)) {
            text += indent + name + " " + scalarText(value) + "\n";
        } else {
            text += indent + name + "\n";
            write(value, indent + "  ", text);
        }
    };
    if (json.is_array())
        for (const Json& value : json) entry("-", value);
    else
        for (const auto& [name, value] : json.items()) entry(printable(name) + ":", value);
}

/// What an array of bytes says if it is a text, as Marian's settings are; else nothing.
std::string textIn(const Archive& archive, int index) {
    const ArrayInfo& array = archive.arrays()[static_cast<std::size_t>(index)];
    const bool bytes = array.type == ElementType::I8 || array.type == ElementType::U8;
    if (!bytes || array.shape.size() != 1 || array.elements() > longestByteText) return "";
    std::string text = archive.readBytes(index);
    while (text.ends_with('\0')) text.pop_back();
    return printableLines(text) == text ? text : "";
}

} // namespace

Json dataJson(const Archive& archive, const DataLimits& limits) {
    Json json = Json::object();
    TreeWriter writer(archive, limits);
    if (archive.data()) json["data"] = writer.value(archive.data(), 0);
    const auto add = [&](const std::string& name, const std::string& text) {
        Json& lines = json["documents"][name] = Json::array();
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) {
            if (lines.size() >= static_cast<std::size_t>(documentLines)) {
                lines.push_back(told("more"));
                break;
            }
            lines.push_back(shortened(line, limits.text));
        }
    };
    for (const auto& [name, document] : archive.documents()) add(name, document);
    for (std::size_t i = 0; i < archive.arrays().size(); ++i)
        if (const std::string text = textIn(archive, static_cast<int>(i)); !text.empty())
            add(archive.arrays()[i].name, text);
    return json;
}

std::string dataText(const Json& data) {
    std::string text;
    if (data.contains("data")) write(data["data"], "  ", text);
    if (data.contains("documents"))
        for (const auto& [name, lines] : data["documents"].items()) {
            text += "  " + printable(name) + ":\n";
            for (const Json& line : lines) text += "    " + scalarText(line) + "\n";
        }
    return text;
}

} // namespace attn::cli
