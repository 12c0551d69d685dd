// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/mapping_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/fields_json.h"
#include "core/base/json_text.h"
#include "core/io/container/yaml_data.h"
#include "core/io/import/conventions.h"
#include "core/io/import/torch_names.h"
#include "core/io/stored_spec.h"

namespace attn {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int largest = 1'000'000'000;

std::string quoted(const std::string& text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// ---- writing

/// JSON as YAML of one field a line; short lists and objects stay on their line.
void writeFields(const ordered_json& object, const std::string& indent, std::string& text) {
    for (const auto& [name, value] : object.items()) {
        const bool nested = value.is_object() && value.size() > 0 && value.dump().size() > 90;
        text += indent + name + ":" + (nested ? "" : " " + value.dump()) + "\n";
        if (nested) writeFields(value, indent + "  ", text);
    }
}

std::string pieceJson(const ArrayPiece& piece) {
    ordered_json object{{"array", piece.name}};
    if (piece.transpose) object["transpose"] = true;
    if (piece.firstRow != 0 || piece.rows >= 0) object["rows"] = {piece.firstRow, piece.rows};
    if (piece.firstColumn != 0 || piece.columns >= 0) object["columns"] = {piece.firstColumn, piece.columns};
    if (piece.scale != 1) object["scale"] = piece.scale;
    return object.size() == 1 ? quoted(piece.name)
                              : object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string sourceJson(const ParameterSource& source) {
    if (source.fill != PieceFill::None) return "{\"fill\": " + quoted(std::string(toText(source.fill))) + "}";
    if (source.pieces.size() == 1) return pieceJson(source.pieces.front());
    std::string text = "{\"join\": " + quoted(std::string(toText(source.join))) + ", \"pieces\": [";
    for (std::size_t i = 0; i < source.pieces.size(); ++i)
        text += (i ? ", " : "") + pieceJson(source.pieces[i]);
    return text + "]}";
}

void writeSpecial(const char* side, const std::optional<Vocabulary>& vocabulary, std::string& text) {
    if (!vocabulary) return;
    text += std::string("  ") + side + ":\n";
    const SpecialTokens& special = vocabulary->special();
    for (const auto& [role, id] :
         {std::pair{"pad", special.pad}, {"bos", special.bos}, {"eos", special.eos}, {"unk", special.unk}})
        if (id >= 0) text += std::string("    ") + role + ": " + quoted(vocabulary->text(id)) + "\n";
}

const char* const head =
    "# A mapping file: which arrays of a checkpoint a model is made of.\n"
    "#   spec        the wiring; core/io/FORMAT.md, section 3, says what each field means\n"
    "#   parameters  ours: theirs. An array's name as it stands, or {array, transpose, rows: [first, "
    "count],\n"
    "#               columns: [first, count], scale}, or {join: rows|columns|sum, pieces: [...]},\n"
    "#               or {fill: zeros|ones|identity}. Our matrices are out x in (PyTorch's Linear.weight).\n"
    "# Use: attn convert CHECKPOINT --mapping THIS_FILE -o model.safetensors\n";

// ---- reading

/// A document's node as JSON; texts that are JSON numbers, truths or null are those.
json toTyped(const DataView& view) {
    if (view.kind() == DatumKind::List) {
        json list = json::array();
        for (std::size_t i = 0; i < view.size(); ++i) list.push_back(toTyped(view[i]));
        return list;
    }
    if (view.kind() == DatumKind::Dict) {
        json object = json::object();
        for (const auto& [key, value] : view.entries()) object[key.text().value_or("")] = toTyped(value);
        return object;
    }
    const std::optional<std::string> text = view.text();
    if (!text) return nullptr;
    const json value = json::parse(*text, nullptr, false);
    return value.is_number() || value.is_boolean() || value.is_null() ? value : json(*text);
}

class Reader {
public:
    Reader(ImportPlan& plan) : m_plan(plan) {}

    void readParameters(const DataView& parameters);

private:
    void fault(const std::string& where, const std::string& text) {
        m_plan.findings.push_back({Severity::Fault, "mapping, " + where, text});
    }
    void unknownFields(const DataView& view, const std::string& where,
                       std::initializer_list<std::string_view> known);
    ArrayPiece readPiece(const DataView& view, const std::string& where);
    void readRange(const DataView& view, const std::string& where, int& first, int& count);

    ImportPlan& m_plan;
};

void Reader::unknownFields(const DataView& view, const std::string& where,
                           std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : view.entries())
        if (std::find(known.begin(), known.end(), key.text().value_or("")) == known.end())
            fault(where, "has an unknown field " + quoted(key.text().value_or("")));
}

void Reader::readRange(const DataView& view, const std::string& where, int& first, int& count) {
    if (!view) return;
    const auto from = view[std::size_t(0)].integer(), number = view[std::size_t(1)].integer();
    if (view.size() != 2 || !from || !number || *from < 0 || *from > largest || *number < -1 ||
        *number > largest)
        return fault(where, "expected [first, count], counted from 0; a count of -1 is all that follow");
    first = static_cast<int>(*from);
    count = static_cast<int>(*number);
}

ArrayPiece Reader::readPiece(const DataView& view, const std::string& where) {
    if (const auto name = view.text()) return {*name};
    ArrayPiece piece;
    unknownFields(view, where, {"array", "transpose", "rows", "columns", "scale"});
    if (const auto name = view["array"].text())
        piece.name = *name;
    else
        fault(where, "expected an array's name, or a mapping with the field array");
    piece.transpose = view["transpose"].truth().value_or(false);
    readRange(view["rows"], where + ".rows", piece.firstRow, piece.rows);
    readRange(view["columns"], where + ".columns", piece.firstColumn, piece.columns);
    piece.scale = view["scale"].real().value_or(1);
    return piece;
}

void Reader::readParameters(const DataView& parameters) {
    for (const auto& [key, value] : parameters.entries()) {
        ParameterSource source{key.text().value_or(""), {}, PieceJoin::Rows, PieceFill::None};
        const std::string where = "parameters." + source.ours;
        if (value["fill"]) {
            unknownFields(value, where, {"fill"});
            const auto fill = fromText<PieceFill>(value["fill"].text().value_or(""));
            if (!fill || *fill == PieceFill::None)
                fault(where + ".fill", "expected zeros, ones or identity");
            else
                source.fill = *fill;
        } else if (value["pieces"]) {
            unknownFields(value, where, {"join", "pieces"});
            const auto join = fromText<PieceJoin>(value["join"].text().value_or("rows"));
            if (!join) fault(where + ".join", "expected " + allNames<PieceJoin>());
            source.join = join.value_or(PieceJoin::Rows);
            for (std::size_t i = 0; i < value["pieces"].size(); ++i)
                source.pieces.push_back(
                    readPiece(value["pieces"][i], where + ".pieces[" + std::to_string(i) + "]"));
        } else {
            source.pieces = {readPiece(value, where)};
        }
        m_plan.parameters.push_back(std::move(source));
    }
}

SpecialNames specialNames(const DataView& side) {
    const auto one = [&](const char* role) {
        const auto name = side[role].text();
        return name ? std::vector<std::string>{*name} : std::vector<std::string>{};
    };
    return {one("pad"), one("bos"), one("eos"), one("unk")};
}

/// The words: of files that the person or the mapping names, else those that the checkpoint's convention
/// finds.
void readVocabularies(const DataView& root, ImportPlan& plan, ImportSource& source,
                      const ImportOptions& options) {
    const DataView files = root["vocabulary"], special = root["special"];
    const std::string given[] = {options.sourceVocabulary, options.targetVocabulary};
    const char* const sides[] = {"source", "target"};
    std::optional<ImportPlan> known;
    for (std::size_t i = 0; i < 2; ++i) {
        const int rows = i ? plan.spec.targetVocabulary : plan.spec.sourceVocabulary;
        std::string named = given[i];
        if (named.empty() && files[sides[i]])
            named = folderOf(source.path()) + files[sides[i]].text().value_or("");
        std::optional<Vocabulary>& words = i ? plan.target : plan.source;
        if (named.empty()) {
            for (const Convention& convention : conventions())
                if (!known && convention.recognises(source)) known = convention.plan(source, options);
            const std::optional<Vocabulary>* found = known ? (i ? &known->target : &known->source) : nullptr;
            if (found && *found) {
                words = **found;
                continue;
            }
        }
        const auto tokens = companionTokens(plan, sides[i], named, folderOf(source.path()),
                                            {i ? "tgt_vocab.txt" : "src_vocab.txt"}, rows);
        words = vocabularyOf(tokens, rows, specialNames(special[sides[i]]), sides[i], plan.findings);
    }
}

} // namespace

std::string mappingText(const ImportPlan& plan, const ImportSource& source) {
    std::string text = head;
    text += "toolkit: " + quoted(plan.toolkit) + "\nspec:\n";
    writeFields(toJson(plan.spec), "  ", text);
    text += "special:\n";
    writeSpecial("source", plan.source, text);
    writeSpecial("target", plan.target, text);
    text +=
        "search:\n  never: " + json(plan.card.never).dump(-1, ' ', false, json::error_handler_t::replace) +
        "\n  end_not_first: " + (plan.card.endNotFirst ? "true" : "false") +
        "\n  reversed: " + (plan.card.reversed ? "true" : "false") + "\n";
    text += "tokeniser:\n  source: " + std::string(toText(plan.sourceTokeniser.kind)) +
            "\n  target: " + std::string(toText(plan.targetTokeniser.kind)) +
            "\n  lowercase: " + (plan.lowercase ? "true" : "false") + "\n";
    text += "parameters:\n";
    std::set<std::string> used;
    for (const ParameterSource& parameter : plan.parameters) {
        text += "  " + parameter.ours + ": " + sourceJson(parameter) + "\n";
        for (const ArrayPiece& piece : parameter.pieces) used.insert(piece.name);
    }
    text += "ignore:\n";
    for (const auto& [name, why] : plan.ignored) text += "  " + quoted(name) + ": " + quoted(why) + "\n";
    for (const std::string& name : source.names()) {
        const bool left = std::any_of(plan.ignored.begin(), plan.ignored.end(), [&](const auto& entry) {
            const std::string& key = entry.first;
            return key.ends_with('*') ? name.starts_with(std::string_view(key).substr(0, key.size() - 1))
                                      : key == name;
        });
        if (!left && !used.contains(name))
            text += "  # unused: " + quoted(name) + " " + shapeText(*source.find(name)) + "\n";
    }
    return text;
}

std::string mappingDraft(const ImportSource& source) {
    ImportPlan plan;
    PlanMaker make(plan, source);
    std::string embeddings[2];
    bool encoderFound = false;
    for (const std::string& name : source.names()) {
        constexpr std::string_view cell = "weight_hh_l0", lookup = "embed";
        if (name.ends_with(cell)) {
            const std::string prefix = name.substr(0, name.size() - cell.size());
            const bool decoder = prefix.find("dec") != std::string::npos || encoderFound;
            if (decoder)
                make.takeDecoder(plan.spec.decoder, prefix);
            else
                make.takeEncoder(plan.spec.encoder, prefix);
            encoderFound |= !decoder;
        } else if (name.find(lookup) != std::string::npos && source.rows(name) > 1) {
            std::string& place = embeddings[embeddings[0].empty() ? 0 : 1];
            if (place.empty()) place = name;
        }
    }
    if (!embeddings[0].empty())
        setEmbeddings(plan, source, embeddings[0], embeddings[1].empty() ? embeddings[0] : embeddings[1]);
    EncoderDecoderSpec& spec = plan.spec;
    spec.attention->attentionWidth = spec.readout.width = spec.decoder.cell.width;
    setAttentionWidths(spec);
    plan.findings.clear();
    std::string text =
        "# A draft: nothing is known of this checkpoint but its arrays. What was not found is \"?\"; correct "
        "the\n"
        "# spec first, then `attn convert CHECKPOINT --mapping THIS_FILE` reports what does not fit.\n";
    text += mappingText(plan, source);
    const std::size_t at = text.find("ignore:\n");
    std::string open;
    for (const ParameterShape& shape : spec.schema()) {
        const bool known = std::any_of(plan.parameters.begin(), plan.parameters.end(),
                                       [&](const ParameterSource& p) { return p.ours == shape.name; });
        std::string extents;
        for (const int extent : shape.shape)
            extents += (extents.empty() ? "" : " x ") + std::to_string(extent);
        if (!known) open += "  " + shape.name + ": \"?\" # " + extents + "\n";
    }
    return text.insert(at, open);
}

ImportPlan readMapping(const std::string& path, ImportSource& source, const ImportOptions& options) {
    ImportPlan plan;
    plan.toolkit = "a mapping file";
    DataTree tree;
    try {
        tree = readYaml(readTextFile(path), path);
    } catch (const Error& error) {
        plan.findings.push_back({Severity::Fault, "mapping", error.what()});
        return plan;
    }
    const DataView root = tree.root();
    if (const auto toolkit = root["toolkit"].text(); toolkit && !toolkit->empty()) plan.toolkit = *toolkit;
    plan.evidence = {"the mapping file " + path + " says so"};
    Findings faults;
    json spec = toTyped(root["spec"]);
    upgradeSpec(spec, faults);
    fromJson(spec, plan.spec, "spec", faults);
    if (!root["parameters"]) faults.push_back({Severity::Fault, "parameters", "is missing"});
    for (Finding fault : faults) {
        fault.where = "mapping, " + fault.where;
        plan.findings.push_back(fault);
    }
    if (!faults.empty()) return plan;
    Reader(plan).readParameters(root["parameters"]);
    for (const auto& [name, why] : root["ignore"].entries())
        plan.ignored[name.text().value_or("")] = why.text().value_or("");
    plan.card.never = root["search"]["never"].texts();
    plan.card.endNotFirst = root["search"]["end_not_first"].truth().value_or(false);
    plan.card.reversed = root["search"]["reversed"].truth().value_or(false);
    plan.lowercase = root["tokeniser"]["lowercase"].truth().value_or(false);
    for (const auto& [side, kind] :
         {std::pair{"source", &plan.sourceTokeniser.kind}, {"target", &plan.targetTokeniser.kind}}) {
        *kind = TokeniserKind::Spaces;
        if (const auto name = root["tokeniser"][side].text()) {
            if (const auto found = fromText<TokeniserKind>(*name))
                *kind = *found;
            else
                plan.findings.push_back(
                    {Severity::Fault, std::string("mapping, tokeniser.") + side,
                     "is \"" + *name + "\"; expected one of " + allNames<TokeniserKind>()});
        }
    }
    readVocabularies(root, plan, source, options);
    return plan;
}

} // namespace attn
