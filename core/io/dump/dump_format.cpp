// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fstream>

#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

constexpr std::size_t headBytes = 1 << 20; ///< of a file, looked at

/// The first bytes of a file, or its last; empty where it cannot be read.
std::string someBytes(const std::string& path, bool last) {
    std::ifstream file(path, std::ios::binary);
    if (last) {
        file.seekg(0, std::ios::end);
        const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
        file.seekg(static_cast<std::streamoff>(size - std::min(size, headBytes)));
    }
    std::string bytes(headBytes, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Whether JSON has a list or object under a key. A vocabulary may hold the key as a word, with a number.
bool hasList(const std::string& text, const char* key) {
    const std::string quoted = '"' + std::string(key) + '"';
    for (std::size_t at = 0; (at = text.find(quoted, at)) != std::string::npos; at += quoted.size()) {
        std::size_t next = text.find_first_not_of(" \t\r\n", at + quoted.size());
        if (next == std::string::npos || text[next] != ':') continue;
        next = text.find_first_not_of(" \t\r\n", next + 1);
        if (next != std::string::npos && (text[next] == '[' || text[next] == '{')) return true;
    }
    return false;
}

std::optional<DumpFormat> jsonFormat(const std::string& text) {
    if (hasList(text, "matrix")) return DumpFormat::NematusJson;
    if (hasList(text, "left_text") && hasList(text, "right_text")) return DumpFormat::BertViz;
    if (hasList(text, "source") && hasList(text, "target") &&
        (hasList(text, "weights") || hasList(text, "source_known")))
        return DumpFormat::Native;
    if (hasList(text, "attention") && hasList(text, "text")) return DumpFormat::NeatVision;
    if ((hasList(text, "attention") && (hasList(text, "tokens") || hasList(text, "left_tokens"))) ||
        (hasList(text, "cross_attention") && hasList(text, "encoder_tokens")))
        return DumpFormat::BertViz;
    // [["le", "the", "0.9", 0, 0], ...
    const std::size_t second = text.find_first_not_of(" \t\r\n", text.find('[') + 1);
    if (text.front() == '[' && second != std::string::npos && text[second] == '[') {
        const std::size_t word = text.find_first_not_of(" \t\r\n", second + 1);
        if (word != std::string::npos && text[word] == '"') return DumpFormat::NematusJson;
    }
    return std::nullopt;
}

/// A model's npz (Marian keeps its settings in one) is no dump.
bool isNumpyDump(const std::string& path) {
    const std::string directory = someBytes(path, true);
    return has(directory, ".npy") && !has(directory, "special:model.yml") && !has(directory, "data.pkl");
}

bool isMatrix(std::string_view field) {
    const Words parts = wordsOf(field);
    return !parts.empty() && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
        return part.find_first_not_of("0123456789.,eE+-") == std::string::npos && !linkOf(part);
    }) && (field.find(',') != std::string_view::npos || parts.size() == 1);
}

bool isLinks(std::string_view field) {
    const Words parts = wordsOf(field);
    return !parts.empty() && std::all_of(parts.begin(), parts.end(),
                                         [](const std::string& part) { return linkOf(part).has_value(); });
}

bool isTalp(const std::string& line) {
    const Words parts = wordsOf(line);
    return parts.size() >= 3 && parts.size() <= 5 &&
           std::all_of(parts.begin(), parts.begin() + 3,
                       [](const auto& part) { return wholeNumberOf(part); }) &&
           (parts.size() == 3 || parts[3] == "S" || parts[3] == "P");
}

bool isTable(const Words& lines) {
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        const std::size_t level = lines[i].find(" INFO] ");
        const std::string_view line =
            std::string_view(lines[i]).substr(level == std::string::npos || level > 40 ? 0 : level + 7);
        const Words row = wordsOf(lines[i + 1]);
        if (line.starts_with("           ") && line.find_first_not_of(' ') != std::string_view::npos &&
            row.size() >= 2 && std::all_of(row.begin() + 1, row.end(), [](const std::string& part) {
                return part.find('.') != std::string::npos &&
                       part.find_first_not_of("*.0123456789") == std::string::npos;
            }))
            return true;
    }
    return false;
}

std::optional<DumpFormat> textFormat(const std::string& text) {
    Words lines;
    for (std::size_t at = 0; at < text.size() && lines.size() < 1000;) {
        const std::size_t end = text.find('\n', at);
        std::string line = text.substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.find_first_not_of(" \t") != std::string::npos) lines.push_back(std::move(line));
        at = end == std::string::npos ? text.size() : end + 1;
    }
    if (lines.empty()) return std::nullopt;
    const auto any = [&](auto is) { return std::any_of(lines.begin(), lines.end(), is); };
    const auto all = [&](auto is) { return std::all_of(lines.begin(), lines.end(), is); };
    if (any([](const std::string& line) {
            const std::size_t tab = line.find('\t');
            return line.starts_with("A-") && tab != std::string::npos &&
                   wholeNumberOf(line.substr(2, tab - 2));
        }))
        return DumpFormat::Fairseq;
    if (lines.front().starts_with("  ---") && lines.front().find_first_not_of("- ") == std::string::npos)
        return DumpFormat::SockeyeText;
    const auto fields = fieldsOf(lines.front());
    if (fields.size() == 6 && wholeNumberOf(fields[0]) && wholeNumberOf(fields[4]) &&
        wholeNumberOf(fields[5]))
        return DumpFormat::Sockeye;
    if (fields.size() == 5 && wholeNumberOf(fields[0]) && wordsOf(fields[4]).size() == 2 &&
        wholeNumberOf(wordsOf(fields[4])[0]))
        return DumpFormat::Nematus;
    if (fields.size() > 1 && all([&](const std::string& line) {
            const auto parts = fieldsOf(line);
            const std::string_view field =
                parts[parts.size() >= 4 ? 2 : std::min<std::size_t>(parts.size() - 1, 1)];
            return parts.size() > 1 && (field.empty() || isMatrix(field) || isLinks(field));
        }))
        return DumpFormat::Marian;
    if (all([](const std::string& line) { return isLinks(line); })) return DumpFormat::Pharaoh;
    if (all([](const std::string& line) { return isMatrix(line); }) && text.find(',') != std::string::npos)
        return DumpFormat::Marian;
    if (all([](const std::string& line) {
            const std::size_t tab = line.rfind('\t');
            return tab != std::string::npos && (tab + 1 == line.size() || isLinks(line.substr(tab + 1)));
        }) &&
        any([](const std::string& line) { return isLinks(line.substr(line.rfind('\t') + 1)); }))
        return DumpFormat::Marian;
    if (all(isTalp)) return DumpFormat::Talp;
    if (isTable(lines)) return DumpFormat::OpenNmt;
    return std::nullopt;
}

} // namespace

std::optional<DumpFormat> formatOf(const std::string& path) {
    const std::string head = someBytes(path, false);
    if (head.starts_with("\x93NUMPY")) return DumpFormat::Numpy;
    if (head.starts_with("PK")) return isNumpyDump(path) ? std::optional(DumpFormat::Numpy) : std::nullopt;
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (head[first] == '{' || head[first] == '['))
        if (const auto format = jsonFormat(head.substr(first))) return format;
    if (head.find('\0') != std::string::npos) return std::nullopt;
    // Of a long file only whole lines are looked at.
    const std::size_t last = head.size() == headBytes ? head.find_last_of('\n') : std::string::npos;
    if (head.size() == headBytes && last == std::string::npos) return std::nullopt;
    return textFormat(head.substr(0, last));
}

} // namespace attn
