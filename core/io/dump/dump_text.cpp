// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cmath>

#include "core/base/json_text.h"
#include "core/io/dump/raw_dump.h"
#include "core/text/line_reader.h"

namespace attn {

TextLines readLines(const std::string& path) {
    TextLines text{path, {}};
    LineReader reader(path);
    std::size_t bytes = 0;
    while (auto line = reader.next()) {
        bytes += line->size() + 1;
        if (bytes > mostDumpBytes)
            throw Error(ErrorKind::Limit, path + " holds more than " + std::to_string(mostDumpBytes) +
                                              " bytes, which is more than is read as attention.");
        text.lines.push_back(std::move(*line));
    }
    return text;
}

Words wordsOf(std::string_view text) {
    Words words;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
        words.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::vector<std::string_view> fieldsOf(std::string_view line) {
    std::vector<std::string_view> fields;
    while (true) {
        const std::size_t bar = line.find("|||");
        std::string_view field = line.substr(0, bar);
        const std::size_t first = field.find_first_not_of(" \t");
        field = first == std::string_view::npos
                    ? std::string_view()
                    : field.substr(first, field.find_last_not_of(" \t") - first + 1);
        fields.push_back(field);
        if (bar == std::string_view::npos) return fields;
        line.remove_prefix(bar + 3);
    }
}

std::optional<double> numberOf(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || text.empty()) return std::nullopt;
    if (error == std::errc::result_out_of_range)
        return text.find("e-") != std::string_view::npos ? 0.0 : HUGE_VAL;
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<long long> wholeNumberOf(std::string_view text) {
    long long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<RawLink> linkOf(std::string_view text) {
    const std::size_t mark = text.find_first_not_of("0123456789");
    if (mark == 0 || mark == std::string_view::npos ||
        std::string_view("-p?").find(text[mark]) == std::string_view::npos)
        return std::nullopt;
    const auto first = wholeNumberOf(text.substr(0, mark)), second = wholeNumberOf(text.substr(mark + 1));
    // A sign would make it "1--2".
    if (!first || !second || text[mark + 1] == '-' || *first > mostDumpWords || *second > mostDumpWords)
        return std::nullopt;
    return RawLink{static_cast<int>(*first), static_cast<int>(*second), text[mark] == '-'};
}

float weightOf(std::string_view text, const std::string& at) {
    const auto value = numberOf(text);
    if (!value)
        throw Error(ErrorKind::Data,
                    at + ": expected a weight, found \"" + shortened(std::string(text), 40) + "\".");
    const auto weight = static_cast<float>(*value);
    if (!std::isfinite(weight) || weight < 0)
        throw Error(ErrorKind::Data,
                    at + ": a weight is a number from 0 on, found " + std::string(text) + ".");
    return weight;
}

Matrix<float> matrixOf(const std::vector<std::vector<float>>& rows, const std::string& at) {
    const std::size_t columns = rows.empty() ? 0 : rows.front().size();
    if (rows.size() > mostDumpWords || columns > mostDumpWords)
        throw Error(ErrorKind::Limit, at + ": a matrix of " + std::to_string(rows.size()) + " x " +
                                          std::to_string(columns) + "; more than " +
                                          std::to_string(mostDumpWords) + " words a side are not read.");
    Matrix<float> matrix(static_cast<int>(rows.size()), static_cast<int>(columns));
    for (std::size_t r = 0; r < rows.size(); ++r) {
        if (rows[r].size() != columns)
            throw Error(ErrorKind::Data, at + ": row " + std::to_string(r + 1) + " has " +
                                             std::to_string(rows[r].size()) +
                                             " weights, the rows before have " + std::to_string(columns) +
                                             ". All rows of a matrix are of one length.");
        std::copy(rows[r].begin(), rows[r].end(), matrix.row(static_cast<int>(r)));
    }
    return matrix;
}

} // namespace attn
