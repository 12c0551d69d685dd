// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/json_text.h"
#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

using Json = nlohmann::json;

constexpr JsonLimits dumpLimits{16, 20'000'000};

[[noreturn]] void fail(const std::string& where, const std::string& what) {
    throw Error(ErrorKind::Data, where + ": " + what);
}

/// One JSON value of a file that may hold several, one after the other.
struct Value {
    std::string where;
    Json json;
};

/// The values of a file: one document, or one after the other as in JSON Lines.
std::vector<Value> valuesOf(const std::string& path) {
    const TextLines text = readLines(path);
    std::vector<Value> values;
    std::string whole;
    std::size_t begin = 0;
    int depth = 0;
    bool quoted = false, escaped = false;
    const auto take = [&] {
        Findings faults;
        const std::string where = text.where(begin);
        Json json = parseJson(whole, where, faults, dumpLimits);
        throwFaults(ErrorKind::Data, path + " cannot be read.", faults);
        values.push_back({where, std::move(json)});
        whole.clear();
    };
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
        for (const char c : text.lines[i]) {
            if (depth == 0 && whole.empty()) {
                if (c == ' ' || c == '\t' || c == ',')
                    continue; // a comma between objects, as examples have it
                begin = i;
            }
            whole += c;
            if (quoted) {
                quoted = escaped || c != '"';
                escaped = !escaped && c == '\\';
                continue;
            }
            quoted = c == '"';
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            if (depth <= 0) take();
        }
        if (!whole.empty()) whole += '\n';
    }
    if (!whole.empty()) take();
    if (values.empty()) throw Error(ErrorKind::Data, path + " is empty.");
    return values;
}

Words textsOf(const Json& json, const std::string& where) {
    if (!json.is_array()) fail(where, "expected a list of words, found " + brief(json) + ".");
    Words words;
    for (const Json& word : json) {
        if (!word.is_string()) fail(where, "expected a word, found " + brief(word) + ".");
        words.push_back(word.get<std::string>());
    }
    return words;
}

float weight(const Json& json, const std::string& where) {
    const double value = json.is_number() ? json.get<double>() : -1;
    if (!(value >= 0) || !std::isfinite(static_cast<float>(value)))
        fail(where, "expected a weight, a number from 0 on, found " + brief(json) + ".");
    return static_cast<float>(value);
}

Matrix<float> matrix(const Json& json, const std::string& where) {
    std::vector<std::vector<float>> rows;
    if (!json.is_array()) fail(where, "expected a list of rows, found " + brief(json) + ".");
    for (const Json& row : json) {
        const std::string at = where + ", row " + std::to_string(rows.size() + 1);
        if (!row.is_array()) fail(at, "expected a list of weights, found " + brief(row) + ".");
        rows.emplace_back();
        for (const Json& number : row)
            rows.back().push_back(weight(number, at + ", column " + std::to_string(rows.back().size() + 1)));
    }
    return matrixOf(rows, where);
}

/// How many lists lie within one another, along the first items.
int depthOf(const Json& json) {
    int depth = 0;
    for (const Json* at = &json; at->is_array(); at = &at->front()) {
        ++depth;
        if (at->empty()) break;
    }
    return depth;
}

std::vector<Matrix<float>> headsOf(const Json& json, const std::string& where) {
    std::vector<Matrix<float>> heads;
    for (const Json& head : json) {
        heads.push_back(matrix(head, where + ", head " + std::to_string(heads.size() + 1)));
        if (heads.back().rows() != heads.front().rows() || heads.back().cols() != heads.front().cols())
            fail(where, "head " + std::to_string(heads.size()) + " is of another shape than the first.");
    }
    if (heads.empty()) fail(where, "there is no head.");
    return heads;
}

std::string stringIn(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found == json.end()  ? ""
           : found->is_string() ? found->get<std::string>()
           : found->is_number() ? found->dump()
                                : "";
}

void readNematus(const Value& value, RawDump& raw) {
    RawSentence sentence;
    sentence.where = value.where;
    if (value.json.is_object()) {
        if (!value.json.contains("matrix")) fail(value.where, "expected an object with \"matrix\".");
        sentence.maps.push_back(matrix(value.json["matrix"], value.where));
        const auto words = [&](const char* key) -> std::optional<Words> {
            if (!value.json.contains(key)) return std::nullopt;
            return wordsOf(stringIn(value.json, key));
        };
        sentence.source = words("source_sent");
        sentence.target = words("target_sent");
        sentence.name = stringIn(value.json, "id");
        raw.sentences.push_back(std::move(sentence));
        return;
    }
    // A link for each pair of positions, the source running within the target; both end with </s>.
    if (!value.json.is_array() || value.json.empty())
        fail(value.where, "expected an object or a list of links.");
    Words source, target;
    std::vector<std::vector<float>> rows;
    std::size_t number = 0;
    for (const Json& link : value.json) {
        const std::string at = value.where + ", link " + std::to_string(++number);
        if (!link.is_array() || link.size() < 3 || !link[0].is_string() || !link[1].is_string())
            fail(at, "expected [target word, source word, weight, ...], found " + brief(link) + ".");
        const float linkWeight =
            link[2].is_string() ? weightOf(link[2].get_ref<const std::string&>(), at) : weight(link[2], at);
        const std::string word = link[1].get<std::string>();
        if (rows.size() <= 1 && (source.empty() || source.back() != "</s>")) {
            source.push_back(word);
            if (rows.empty()) {
                rows.emplace_back();
                target.push_back(link[0].get<std::string>());
            }
        } else if (rows.back().size() == source.size()) {
            rows.emplace_back();
            target.push_back(link[0].get<std::string>());
        }
        if (word != source[rows.back().size()] || link[0] != target.back())
            fail(at, "the links are not in the order of the words: expected (" + target.back() + ", " +
                         source[rows.back().size()] + "), found " + brief(link) + ".");
        rows.back().push_back(linkWeight);
    }
    sentence.maps.push_back(matrixOf(rows, value.where));
    sentence.source = source;
    sentence.target = target;
    raw.sentences.push_back(std::move(sentence));
}

void readNeatVision(const Value& value, RawDump& raw) {
    if (value.json.is_array()) {
        for (std::size_t i = 0; i < value.json.size(); ++i)
            readNeatVision({value.where + ", sample " + std::to_string(i + 1), value.json[i]}, raw);
        return;
    }
    if (!value.json.is_object() || !value.json.contains("text") || !value.json.contains("attention"))
        fail(value.where,
             "expected a sample with \"text\" and \"attention\", found " + brief(value.json) + ".");
    RawSentence sentence;
    sentence.where = value.where;
    sentence.name = stringIn(value.json, "id");
    sentence.source = textsOf(value.json["text"], value.where);
    const Json& attention = value.json["attention"];
    const std::size_t words = sentence.source->size();
    if (!attention.is_array() || attention.size() < words)
        fail(value.where,
             "\"attention\" has fewer weights than \"text\" has words (" + std::to_string(words) + ").");
    std::vector<float> row;
    for (std::size_t j = 0; j < attention.size(); ++j) {
        const float number = weight(attention[j], value.where + ", weight " + std::to_string(j + 1));
        if (j < words)
            row.push_back(number);
        else if (number != 0)
            fail(value.where, "weight " + std::to_string(j + 1) + " is not 0, but there are only " +
                                  std::to_string(words) + " words; what lies behind them is padding.");
    }
    sentence.maps.push_back(matrixOf({row}, value.where));
    const auto prediction = value.json.find("prediction");
    sentence.target =
        Words{prediction == value.json.end() ? "prediction" : "prediction " + brief(*prediction)};
    raw.sentences.push_back(std::move(sentence));
}

/// attn as [rows][columns], [head]..., [layer][head]... or [layer][1][head]...: a sentence for each layer.
void addLayers(const Json& attention, const RawSentence& like, RawDump& raw) {
    const int depth = depthOf(attention);
    if (depth < 2 || depth > 5)
        fail(like.where, "expected attention as [layer][head][row][column], found lists " +
                             std::to_string(depth) + " deep.");
    if (depth <= 3) {
        raw.sentences.push_back(like);
        if (depth == 2)
            raw.sentences.back().maps.push_back(matrix(attention, like.where));
        else
            raw.sentences.back().maps = headsOf(attention, like.where);
        return;
    }
    for (std::size_t layer = 0; layer < attention.size(); ++layer) {
        const std::string at = like.where + ", layer " + std::to_string(layer + 1);
        const Json* heads = &attention[layer];
        if (depth == 5) {
            if (!heads->is_array() || heads->size() != 1)
                fail(at, "expected a batch of one sentence, found " + std::to_string(heads->size()) + ".");
            heads = &heads->front();
        }
        RawSentence& sentence = raw.sentences.emplace_back(like);
        sentence.maps = headsOf(*heads, at);
        sentence.name += (like.name.empty() ? "layer " : ", layer ") + std::to_string(layer + 1);
    }
}

void readBertViz(const Value& value, RawDump& raw, const std::string& name = "") {
    const Json& json = value.json;
    if (json.is_array()) {
        for (const Json& item : json) readBertViz({value.where, item}, raw);
        return;
    }
    if (!json.is_object()) fail(value.where, "expected an object, found " + brief(json) + ".");
    RawSentence sentence;
    sentence.where = value.where;
    sentence.name = json.contains("name") ? stringIn(json, "name") : name;
    if (json.contains("left_text")) {
        if (!json.contains("right_text") || !json.contains("attn"))
            fail(value.where, "\"left_text\" stands without \"right_text\" or \"attn\".");
        sentence.target = textsOf(json["left_text"], value.where);
        sentence.source = textsOf(json["right_text"], value.where);
        return addLayers(json["attn"], sentence, raw);
    }
    const auto attention = json.find("attention");
    if (attention != json.end() && (json.contains("tokens") || json.contains("left_tokens"))) {
        const char* const left = json.contains("tokens") ? "tokens" : "left_tokens";
        const char* const right = json.contains("right_tokens") ? "right_tokens" : left;
        sentence.target = textsOf(json[left], value.where);
        sentence.source = textsOf(json[right], value.where);
        return addLayers(*attention, sentence, raw);
    }
    if (json.contains("cross_attention") && json.contains("encoder_tokens") &&
        json.contains("decoder_tokens")) {
        sentence.target = textsOf(json["decoder_tokens"], value.where);
        sentence.source = textsOf(json["encoder_tokens"], value.where);
        return addLayers(json["cross_attention"], sentence, raw);
    }
    if (attention != json.end()) return readBertViz({value.where, *attention}, raw);
    const std::size_t before = raw.sentences.size();
    for (const auto& [key, item] : json.items())
        if (item.is_object() && item.contains("left_text")) readBertViz({value.where, item}, raw, key);
    if (raw.sentences.size() == before)
        fail(value.where, "expected left_text, right_text and attn, or tokens and attention.");
}

void readNative(const Value& value, RawDump& raw) {
    const Json& json = value.json;
    if (!json.is_object() || !json.contains("weights") || !json.contains("source") ||
        !json.contains("target"))
        fail(value.where, "expected an object with source, target and weights.");
    RawSentence sentence;
    sentence.where = value.where;
    sentence.source = textsOf(json["source"], value.where);
    sentence.target = textsOf(json["target"], value.where);
    if (json["weights"].empty()) fail(value.where, "the run holds no weights: its model has no attention.");
    sentence.maps = headsOf(json["weights"], value.where);
    raw.sentences.push_back(std::move(sentence));
}

} // namespace

RawDump readJsonDump(const std::string& path, DumpFormat format) {
    RawDump raw;
    raw.format = format;
    raw.rows = DumpRows::Target;
    for (const Value& value : valuesOf(path)) {
        switch (format) {
            case DumpFormat::NematusJson:
                readNematus(value, raw);
                break;
            case DumpFormat::NeatVision:
                readNeatVision(value, raw);
                break;
            case DumpFormat::BertViz:
                readBertViz(value, raw);
                break;
            default:
                readNative(value, raw);
        }
        if (raw.sentences.size() > mostDumpSentences)
            throw Error(ErrorKind::Limit,
                        path + " holds more than " + std::to_string(mostDumpSentences) + " sentences.");
    }
    for (std::size_t i = 0; i < raw.sentences.size(); ++i) {
        raw.sentences[i].line = i;
        if (raw.sentences[i].name.empty()) raw.sentences[i].name = std::to_string(i + 1);
    }
    if (format == DumpFormat::NeatVision) raw.end = DumpEnd::None;
    raw.statements.push_back(
        format == DumpFormat::NematusJson  ? "JSON of Nematus: a row for each target word."
        : format == DumpFormat::NeatVision ? "JSON of neat-vision: one row of weights over the words of a "
                                             "text; the row stands for the prediction."
        : format == DumpFormat::BertViz    ? "JSON as BertViz takes it: rows are the words on the left (who "
                                             "attends), columns those on the right."
                                           : "JSON of attn run: a row for each target word.");
    return raw;
}

} // namespace attn
