// SPDX-License-Identifier: GPL-3.0-or-later
// Joey NMT: recurrent encoder and decoder.
#include <cmath>

#include "core/io/container/yaml_data.h"
#include "core/io/import/conventions.h"
#include "core/io/import/torch_names.h"

namespace attn {

namespace {

const char* const toolkit = "Joey NMT";
const std::string model = "model_state.";

bool recognises(const ImportSource& source) {
    return source.has(model + "src_embed.lut.weight") && source.has(model + "trg_embed.lut.weight");
}

std::string textOr(const DataView& view, const std::string& otherwise) {
    return view.text().value_or(otherwise);
}

class Maker {
public:
    Maker(ImportSource& source, const ImportOptions& options)
        : m_source(source), m_options(options), m_make(m_plan, m_source) {}

    ImportPlan plan();

private:
    void readConfig();
    void addEmbedding(const char* ours, const char* theirs, const DataView& settings);
    void addFirstState();
    void addAttention();
    void addReadout();
    void addVocabularies();
    void setTokeniser(TokeniserKind& kind, bool& lowercase, const DataView& side, const char* name);

    ImportSource& m_source;
    const ImportOptions& m_options;
    ImportPlan m_plan;
    PlanMaker m_make;
    DataTree m_tree;
    DataView m_data, m_encoder, m_decoder, m_config;
};

void Maker::readConfig() {
    CompanionFile file{"settings",
                       m_options.config.empty()
                           ? firstFile(folderOf(m_source.path()), {"config.yaml", "config.yml"})
                           : m_options.config,
                       "", true};
    if (file.path.empty()) {
        file.note = "looked for config.yaml";
    } else {
        try {
            m_tree = readYaml(readTextFile(file.path), file.path);
            m_config = m_tree.root();
        } catch (const Error& error) {
            m_make.fault("settings", error.what());
            file.path.clear();
        }
    }
    m_plan.files.push_back(file);
    m_data = m_config["data"];
    m_encoder = m_config["model"]["encoder"];
    m_decoder = m_config["model"]["decoder"];
}

/// The lookup, times sqrt(columns) where the settings say so.
void Maker::addEmbedding(const char* ours, const char* theirs, const DataView& settings) {
    ArrayPiece lookup{model + theirs};
    if (settings["embeddings"]["scale"].truth().value_or(false))
        lookup.scale = std::sqrt(static_cast<double>(m_source.cols(lookup.name)));
    std::erase_if(m_plan.parameters, [&](const ParameterSource& p) { return p.ours == ours; });
    m_make.take(ours, lookup);
}

void Maker::addFirstState() {
    EncoderDecoderSpec& spec = m_plan.spec;
    const bool hasBridge = m_source.has(model + "decoder.bridge_layer.weight");
    const std::string kind = textOr(m_decoder["init_hidden"], hasBridge ? "bridge" : "last");
    spec.bridgeCell = BridgeCell::Hidden;
    if (kind == "bridge") {
        spec.bridge = BridgeKind::Last;
        spec.bridgeShared = true;
        m_make.take("bridge.W", model + "decoder.bridge_layer.weight");
        m_make.take("bridge.b", model + "decoder.bridge_layer.bias");
    } else if (kind == "last") {
        spec.bridge = BridgeKind::First;
    } else if (kind == "zero") {
        spec.bridge = BridgeKind::Zero;
        spec.bridgeCell = BridgeCell::Own;
    } else {
        m_make.fault("model.decoder.init_hidden", "is " + kind + "; expected bridge, last or zero");
    }
}

void Maker::addAttention() {
    AttentionSpec& attention = *m_plan.spec.attention;
    const std::string theirs = model + "decoder.attention.";
    const bool additive = m_source.has(theirs + "energy_layer.weight");
    const std::string kind = textOr(m_decoder["attention"], additive ? "bahdanau" : "luong");
    if ((kind == "bahdanau") != additive || (kind != "bahdanau" && kind != "luong"))
        m_make.fault("model.decoder.attention", "is " + kind + ", but the arrays are those of " +
                                                    (additive ? "bahdanau" : "luong") +
                                                    "; the settings belong to another checkpoint");
    if (!additive) {
        attention.score = Score::General;
        m_make.take("attention.W", theirs + "key_layer.weight");
        return;
    }
    attention.score = Score::Additive;
    attention.attentionWidth = m_source.rows(theirs + "key_layer.weight");
    m_make.take("attention.W_key", theirs + "key_layer.weight");
    m_make.take("attention.W_query", theirs + "query_layer.weight");
    m_make.take("attention.v", theirs + "energy_layer.weight");
    m_make.fill("attention.b", PieceFill::Zeros);
}

void Maker::addReadout() {
    EncoderDecoderSpec& spec = m_plan.spec;
    spec.readout.kind = ReadoutKind::Attentional;
    spec.readout.width = m_source.rows(model + "decoder.att_vector_layer.weight");
    // [state, context] there, [context, state] here.
    m_make.takeSwapped("readout.W", model + "decoder.att_vector_layer.weight", spec.decoder.cell.width);
    m_make.take("readout.b", model + "decoder.att_vector_layer.bias");
    const std::string activation = textOr(m_decoder["activation"], "tanh");
    const auto readout = fromText<ReadoutActivation>(activation == "linear" ? "identity" : activation);
    const auto bridge = fromText<Activation>(activation == "linear" ? "identity" : activation);
    if (!readout || !bridge)
        return m_make.fault("model.decoder.activation",
                            "is " + activation + "; this program runs tanh, relu, sigmoid and linear");
    spec.readout.activation = *readout;
    spec.bridgeActivation = *bridge;
    const bool scaled = m_decoder["embeddings"]["scale"].truth().value_or(false);
    if (m_config["model"]["tied_softmax"].truth().value_or(false) && !scaled) {
        spec.tiedEmbeddings = true;
        m_make.ignore(model + "decoder.output_layer.weight", "the target embedding once more (tied_softmax)");
    } else {
        m_make.take("output.W", model + "decoder.output_layer.weight");
    }
    m_make.takeOrZeros("output.b", model + "decoder.output_layer.bias");
}

void Maker::setTokeniser(TokeniserKind& kind, bool& lowercase, const DataView& side, const char* name) {
    const std::string level = textOr(side["level"], textOr(m_data["level"], "word"));
    lowercase |= side["lowercase"].truth().value_or(m_data["lowercase"].truth().value_or(false));
    kind = level == "char" ? TokeniserKind::Characters : TokeniserKind::Spaces;
    std::string& pieces = std::string_view(name) == "source" ? m_plan.sourcePieces : m_plan.targetPieces;
    for (const char* key : {"codes", "model_file"})
        if (const auto file = side["tokenizer_cfg"][key].text(); file && pieces.empty())
            pieces = companionOf(folderOf(m_source.path()), *file);
    if (level == "bpe" && pieces.empty() &&
        (std::string_view(name) == "source" ? m_options.sourcePieces : m_options.targetPieces).empty())
        m_make.warn(
            std::string(name) + " tokeniser",
            "the settings say bpe: type pieces between blanks, or name the codes or SentencePiece model");
}

void Maker::addVocabularies() {
    const auto one = [&](const char* key, const char* side, int rows, const std::string& named) {
        std::vector<std::string> names;
        for (const DataView& place : {m_data[key]["voc_file"], m_data[std::string(key) + "_vocab"]})
            if (const auto file = place.text()) names.push_back(fileName(*file));
        names.push_back(std::string(key) + "_vocab.txt");
        const auto tokens = companionTokens(m_plan, side, named, folderOf(m_source.path()), names, rows);
        const DataView symbols = m_data["special_symbols"];
        return vocabularyOf(tokens, rows,
                            {{textOr(symbols["pad_token"], "<pad>")},
                             {textOr(symbols["bos_token"], "<s>")},
                             {textOr(symbols["eos_token"], "</s>")},
                             {textOr(symbols["unk_token"], "<unk>")}},
                            side, m_plan.findings);
    };
    m_plan.source = one("src", "source", m_plan.spec.sourceVocabulary, m_options.sourceVocabulary);
    m_plan.target = one("trg", "target", m_plan.spec.targetVocabulary, m_options.targetVocabulary);
    if (m_plan.target)
        for (const int id : {m_plan.target->special().bos, m_plan.target->special().pad})
            if (id >= 0) m_plan.card.never.push_back(m_plan.target->text(id));
    m_plan.card.endNotFirst = true;
    bool lowerTarget = false;
    setTokeniser(m_plan.sourceTokeniser.kind, m_plan.lowercase, m_data["src"], "source");
    setTokeniser(m_plan.targetTokeniser.kind, lowerTarget, m_data["trg"], "target");
}

ImportPlan Maker::plan() {
    m_plan.toolkit = toolkit;
    m_plan.evidence = {"arrays are named as Joey NMT names them: " + model + "src_embed.lut.weight"};
    readConfig();
    for (const char* ignored : {"optimizer_state.*", "scheduler_state.*", "scaler_state.*",
                                "train_iter_state*", "stats_state.*", "amp_state.*"})
        m_make.ignore(ignored, "the training's");
    if (!m_source.has(model + "encoder.rnn.weight_hh_l0") ||
        !m_source.has(model + "decoder.rnn.weight_hh_l0")) {
        m_make.fault(
            model + "encoder.rnn.weight_hh_l0",
            "is missing: of Joey NMT's models this program runs those with recurrent encoder and decoder");
        return std::move(m_plan);
    }
    EncoderDecoderSpec& spec = m_plan.spec;
    setEmbeddings(m_plan, m_source, model + "src_embed.lut.weight", model + "trg_embed.lut.weight");
    addEmbedding("source_embedding.W", "src_embed.lut.weight", m_encoder);
    addEmbedding("target_embedding.W", "trg_embed.lut.weight", m_decoder);
    m_make.takeEncoder(spec.encoder, model + "encoder.rnn.");
    m_make.takeDecoder(spec.decoder, model + "decoder.rnn.");
    spec.order = AttentionOrder::CurrentState;
    spec.inputFeeding = m_source.cols(model + "decoder.rnn.weight_ih_l0") > spec.targetEmbedding;
    addFirstState();
    addAttention();
    addReadout();
    setAttentionWidths(spec);
    addVocabularies();
    return std::move(m_plan);
}

} // namespace

Convention joeyNmt() {
    return {toolkit, {"*.ckpt"}, recognises, [](ImportSource& source, const ImportOptions& options) {
                return Maker(source, options).plan();
            }};
}

} // namespace attn
