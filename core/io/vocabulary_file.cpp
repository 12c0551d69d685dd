// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/vocabulary_file.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/base/json_text.h"
#include "core/io/container/utf8.h"
#include "core/io/container/yaml_data.h"
#include "core/io/mapped_file.h"

namespace attn {

namespace {

constexpr std::size_t mostBytes = 100'000'000;
constexpr std::int64_t mostIds = 1'000'000;
constexpr std::size_t mostLines = 2'000'100; ///< an entry may have two in YAML
constexpr std::size_t mostFindings = 20;
constexpr std::string_view overwriteMark = " #fairseq:overwrite";

std::string inQuotes(std::string_view token) {
    return "\"" + shortened(std::string(token), 60) + "\"";
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool isNumber(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

// ---- lines ---------------------------------------------------------------------------------------

std::vector<std::string_view> linesOf(std::string_view text, const std::string& where) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        if (lines.size() == mostLines)
            throw Error(ErrorKind::Limit, where + ": has more than " + std::to_string(mostLines) +
                                              " lines; expected a vocabulary");
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    // Elsewhere a carriage return is a character like any other.
    if (!lines.empty() && lines.front().ends_with('\r'))
        for (std::string_view& line : lines)
            if (line.ends_with('\r')) line.remove_suffix(1);
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

/// A line's token and the number behind it.
struct Split {
    std::string_view token, number;
};

std::optional<Split> splitAtLast(std::string_view line, char separator) {
    const std::size_t at = line.rfind(separator);
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    return Split{line.substr(0, at), line.substr(at + 1)};
}

std::optional<Split> fairseqLine(std::string_view line) {
    if (line.ends_with(overwriteMark)) line.remove_suffix(overwriteMark.size());
    const auto split = splitAtLast(line, ' ');
    return split && wholeNumber(split->number) ? split : std::nullopt;
}

std::optional<Split> tabbedLine(std::string_view line) {
    const auto split = splitAtLast(line, '\t');
    return split && isNumber(split->number) ? split : std::nullopt;
}

bool isYamlEntry(std::string_view line) {
    const auto split = splitAtLast(line, ' ');
    return split && wholeNumber(split->number) && split->token.ends_with(':');
}

/// What the first lines look like, most of them: one that does not fit is a fault to be told then.
VocabularyStyle styleOf(std::string_view text, const std::vector<std::string_view>& lines) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    const auto first = std::find_if_not(text.begin(), text.end(), isBlank);
    if (first != text.end() && (*first == '{' || *first == '[')) {
        const auto next = std::find_if_not(first + 1, text.end(), isBlank);
        if (next != text.end() && *next == '"') return VocabularyStyle::Json;
    }
    constexpr std::size_t looked = 20;
    std::size_t seen = 0, yaml = 0, tabbed = 0, whole = 0, fairseq = 0;
    for (const std::string_view line : lines) {
        if (line.empty() || line == "---" || line.starts_with("# ")) continue;
        if (++seen > looked) break;
        const auto split = tabbedLine(line);
        yaml += isYamlEntry(line);
        tabbed += split.has_value();
        whole += split && wholeNumber(split->number).value_or(-1) >= 0;
        fairseq += fairseqLine(line).has_value();
    }
    const std::size_t most = std::min(seen, looked) / 2;
    if (yaml > most) return VocabularyStyle::Yaml;
    if (tabbed > most) return whole == tabbed ? VocabularyStyle::Counts : VocabularyStyle::SentencePiece;
    if (fairseq > most) return VocabularyStyle::Fairseq;
    return VocabularyStyle::Lines;
}

// ---- tokens by id --------------------------------------------------------------------------------

/// Gives rows without a token one that no other has.
void nameRows(std::vector<std::string>& tokens, std::size_t from) {
    std::unordered_set<std::string> taken(tokens.begin(), tokens.end());
    for (std::size_t row = from; row < tokens.size(); ++row) {
        if (!tokens[row].empty()) continue;
        tokens[row] = "<row " + std::to_string(row) + ">";
        while (!taken.insert(tokens[row]).second) tokens[row] += '*';
    }
}

class Rows {
public:
    Rows(std::string where, VocabularyStyle style, int atMost) : m_where(std::move(where)), m_atMost(atMost) {
        m_file.style = style;
    }

    [[noreturn]] void fail(const std::string& place, const std::string& text,
                           ErrorKind kind = ErrorKind::Data) const {
        throw Error(kind, m_where + (place.empty() ? "" : ", " + place) + ": " + text);
    }

    /// `place` is a function that says where the token stands.
    void put(std::int64_t id, std::string_view token, const auto& place) {
        ++m_entries;
        if (m_atMost > 0 && id >= m_atMost) {
            ++m_beyond;
            return;
        }
        if (id >= mostIds)
            fail(place(),
                 "the id " + std::to_string(id) + " is too large; at most " + std::to_string(mostIds) +
                     " ids are read",
                 ErrorKind::Limit);
        const auto row = static_cast<std::size_t>(id);
        if (row >= m_file.tokens.size()) m_file.tokens.resize(row + 1);
        const auto tell = [&](const std::string& text) { note(place(), text); };
        if (token.empty())
            tell("the token is empty; row " + std::to_string(id) + " gets a made-up name");
        else if (!m_file.tokens[row].empty())
            tell(inQuotes(token) + " has the id of " + inQuotes(m_file.tokens[row]) + ", " +
                 std::to_string(id) + "; it is left out");
        else if (!m_seen.insert(std::string(token)).second)
            tell(inQuotes(token) + " stands for the second time; row " + std::to_string(id) +
                 " gets a made-up name");
        else
            m_file.tokens[row] = token;
    }

    VocabularyFile finish() {
        if (m_entries == 0) fail("", "holds no tokens; expected a vocabulary");
        // A stray id must not cost memory for what is not there.
        if (m_file.tokens.size() > 4 * m_entries + 10'000)
            fail("", "has ids up to " + std::to_string(m_file.tokens.size() - 1) + " for " +
                         std::to_string(m_entries) + " tokens; expected ids that follow one another");
        nameRows(m_file.tokens, 0);
        if (m_untold > 0) note("", "and " + std::to_string(m_untold) + " more of the kind", true);
        if (m_beyond > 0)
            note("",
                 std::to_string(m_beyond) + " tokens from id " + std::to_string(m_atMost) +
                     " on are left out, for which the model has no rows",
                 true);
        return std::move(m_file);
    }

private:
    void note(const std::string& place, const std::string& text, bool always = false) {
        if (!always && m_file.findings.size() >= mostFindings) {
            ++m_untold;
            return;
        }
        m_file.findings.push_back({Severity::Warning, m_where + (place.empty() ? "" : ", " + place), text});
    }

    std::string m_where;
    int m_atMost;
    VocabularyFile m_file;
    std::unordered_set<std::string> m_seen;
    std::size_t m_entries = 0, m_beyond = 0, m_untold = 0;
};

void readLines(const std::vector<std::string_view>& lines, VocabularyStyle style, Rows& rows) {
    std::int64_t id = 0;
    if (style == VocabularyStyle::Fairseq && !lines.empty())
        for (const char* special : {"<s>", "<pad>", "</s>", "<unk>"})
            rows.put(id++, special, [] { return std::string("special tokens"); });
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto place = [&] { return "line " + std::to_string(i + 1); };
        const std::string_view line = lines[i];
        std::optional<Split> split = Split{line, {}};
        if (style == VocabularyStyle::Fairseq) {
            split = fairseqLine(line);
            if (!split)
                rows.fail(place(), "expected a token, a blank and its count, found " + inQuotes(line));
        } else if (style != VocabularyStyle::Lines) {
            split = tabbedLine(line);
            const char* const number = style == VocabularyStyle::Counts ? "count" : "score";
            if (!split)
                rows.fail(place(), std::string("expected a token, a TAB and its ") + number + ", found " +
                                       inQuotes(line));
        }
        rows.put(id++, split->token, place);
    }
}

std::int64_t checkedId(std::optional<std::int64_t> id, const std::string& found, const std::string& token,
                       const Rows& rows) {
    if (!id || *id < 0)
        rows.fail("token " + inQuotes(token), "expected an id, a whole number from 0, found " + found);
    return *id;
}

void readYamlTokens(std::string_view text, const std::string& where, Rows& rows) {
    YamlLimits limits;
    limits.depth = 2;
    limits.nodes = 2 * static_cast<std::size_t>(mostIds) + 1;
    const DataTree tree = readYaml(text, where, limits);
    if (tree.size() == 0) return;
    const Datum& root = tree.node(tree.root().index());
    const auto scalar = [&](int index, const std::string& place) -> const std::string& {
        const Datum& datum = tree.node(index);
        if (datum.kind != DatumKind::Text && datum.kind != DatumKind::None)
            rows.fail(place, "a list or mapping stands where text was expected");
        return datum.text;
    };
    if (root.kind == DatumKind::List) {
        std::int64_t id = 0;
        for (const int item : root.items) {
            const auto place = [&] { return "item " + std::to_string(id); };
            rows.put(id, scalar(item, place()), place);
            ++id;
        }
        return;
    }
    if (root.kind != DatumKind::Dict)
        rows.fail("", "expected a mapping of tokens to ids, or a list of tokens");
    for (const auto& [key, value] : root.entries) {
        const std::string& token = tree.node(key).text;
        const auto place = [&] { return "token " + inQuotes(token); };
        const std::string& id = scalar(value, place());
        rows.put(checkedId(wholeNumber(id), inQuotes(id), token, rows), token, place);
    }
}

void readJsonTokens(std::string_view text, const std::string& where, Rows& rows) {
    using nlohmann::json;
    JsonLimits limits;
    limits.values = 4 * static_cast<std::size_t>(mostIds);
    Findings faults;
    json all = parseJson(text, where, faults, limits);
    throwFaults(ErrorKind::Data, where + ": is not a vocabulary in JSON:", faults);
    // A vocabulary may be one of several things that a program keeps together.
    for (const char* name : {"index2word", "itos", "word2index", "stoi", "tokens"})
        if (all.is_object() && all.contains(name) && all[name].is_structured()) {
            json part = std::move(all[name]);
            all = std::move(part);
            break;
        }
    if (!all.is_structured())
        rows.fail("", "expected an object of tokens to ids or a list of tokens, found " + brief(all));
    std::int64_t index = 0;
    for (const auto& [key, value] : all.items()) {
        if (all.is_array()) {
            const auto place = [&] { return "item " + std::to_string(index); };
            if (!value.is_string()) rows.fail(place(), "expected a token, found " + brief(value));
            rows.put(index, value.get_ref<const std::string&>(), place);
            ++index;
        } else if (value.is_string()) { // ids to tokens
            const std::string& token = value.get_ref<const std::string&>();
            rows.put(checkedId(wholeNumber(key), inQuotes(key), token, rows), token,
                     [&key = key] { return "id " + key; });
        } else {
            std::optional<std::int64_t> id;
            if (value.is_number_integer() &&
                (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX))
                id = value.get<std::int64_t>();
            rows.put(checkedId(id, brief(value), key, rows), key,
                     [&key = key] { return "token " + inQuotes(key); });
        }
    }
}

/// A binary file is no vocabulary.
void checkText(const std::vector<std::string_view>& lines, const Rows& rows) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string place = "line " + std::to_string(i + 1);
        if (lines[i].find('\0') != std::string_view::npos)
            rows.fail(place, "holds a zero byte; expected a vocabulary, which is text");
        if (!isUtf8(lines[i])) rows.fail(place, "is not UTF-8; save the file as UTF-8 and try again");
    }
}

} // namespace

VocabularyFile readVocabulary(std::string_view text, const std::string& where,
                              std::optional<VocabularyStyle> style, int atMost) {
    if (text.size() > mostBytes)
        throw Error(ErrorKind::Limit, where + ": has " + std::to_string(text.size()) + " bytes; at most " +
                                          std::to_string(mostBytes) + " of a vocabulary are read");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const std::vector<std::string_view> lines = linesOf(text, where);
    const VocabularyStyle found = style.value_or(styleOf(text, lines));
    Rows rows(where, found, atMost);
    checkText(lines, rows);
    if (found == VocabularyStyle::Yaml)
        readYamlTokens(text, where, rows);
    else if (found == VocabularyStyle::Json)
        readJsonTokens(text, where, rows);
    else
        readLines(lines, found, rows);
    return rows.finish();
}

VocabularyFile readVocabularyFile(const std::string& path, std::optional<VocabularyStyle> style, int atMost) {
    const MappedFile file(path);
    const auto bytes = file.bytes();
    VocabularyFile found =
        readVocabulary({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path, style, atMost);
    file.throwIfChanged();
    return found;
}

void addMadeUpTokens(std::vector<std::string>& tokens, int size) {
    const std::size_t from = tokens.size();
    if (size <= static_cast<int>(from)) return;
    tokens.resize(static_cast<std::size_t>(size));
    nameRows(tokens, from);
}

} // namespace attn
