// SPDX-License-Identifier: GPL-3.0-or-later
// Keras: encoder-decoders of recurrent layers with Attention or AdditiveAttention, of the functional API.
// Dense is x K + b and a recurrent layer's gates stand side by side in its kernel's columns, so every K is
// turned.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/json_text.h"
#include "core/io/import/conventions.h"
#include "core/io/import/keras_graph.h"
#include "core/io/import/keras_vocabulary.h"
#include "core/io/import/keras_weights.h"
#include "core/io/import/keras_wiring.h"
#include "core/io/import/torch_names.h"

namespace attn {

namespace {

const char* const toolkit = "Keras";

bool recognises(const ImportSource& source) {
    const Archive& archive = source.main();
    if (archive.kind() == ContainerKind::KerasZip) return true;
    if (archive.kind() != ContainerKind::Hdf5) return false;
    if (archive.documents().contains("model_config") || archive.data()[""]["layer_names"].exists())
        return true;
    return std::ranges::any_of(archive.arrays(), [](const ArrayInfo& info) {
        return info.name.starts_with("layers/") || info.name.starts_with("_layer_checkpoint_dependencies/");
    });
}

ArrayPiece turned(const std::string& name, int firstRow = 0, int rows = -1) {
    ArrayPiece piece{name};
    piece.transpose = true;
    piece.firstRow = firstRow;
    piece.rows = rows;
    return piece;
}

class Maker {
public:
    Maker(ImportSource& source, const ImportOptions& options)
        : m_source(source), m_options(options), m_make(m_plan, source) {}

    ImportPlan plan();

private:
    std::optional<std::string> architecture();
    void addEvidence(const KerasGraph& graph);
    void addEmbedding(const KerasSide& side, const std::string& ours, int& vocabulary, int& width);
    void addStack(const KerasSide& side, const std::string& ours, RnnSpec& rnn);
    void addCell(const KerasLayer& layer, const std::string& part, const std::string& ours,
                 const CellSpec& cell);
    CellSpec cellOf(const KerasLayer& layer);
    void addStart();
    void addAttention();
    void addScore(const std::string& ours, bool projected);
    void addHeads();
    void addReadout();
    void addPaddingNote();

    std::vector<std::string> weights(const KerasLayer& layer, std::size_t count,
                                     std::string_view part = "") const {
        return m_weights->of(layer, part, count);
    }
    /// Kernel and bias of a Dense layer under our names; without a layer an identity and zeros.
    void addDense(const KerasLayer* layer, const std::string& W, const std::string& b) {
        if (!layer) {
            m_make.fill(W, PieceFill::Identity);
            return m_make.fill(b, PieceFill::Zeros);
        }
        const auto names = denseWeights(*layer);
        m_make.take(W, turned(names[0]));
        addBias(*layer, b);
    }
    std::vector<std::string> denseWeights(const KerasLayer& layer) const {
        return weights(layer, layer.truth("use_bias", true) ? 2 : 1);
    }
    void addBias(const KerasLayer& layer, const std::string& ours) {
        const auto names = denseWeights(layer);
        if (names.size() > 1)
            m_make.take(ours, names[1]);
        else
            m_make.fill(ours, PieceFill::Zeros);
    }
    /// A kernel that reads the joined features, which are in our order [context, state] or [state, context].
    void addJoined(const std::string& ours, const std::string& kernel, bool oursContextFirst) {
        if (m_wiring.contextFirst == oursContextFirst) return m_make.take(ours, turned(kernel));
        const int first = m_wiring.contextFirst ? m_plan.spec.contextWidth() : m_plan.spec.decoder.cell.width;
        m_make.join(ours, PieceJoin::Columns, {turned(kernel, first), turned(kernel, 0, first)});
    }

    ImportSource& m_source;
    const ImportOptions& m_options;
    ImportPlan m_plan;
    PlanMaker m_make;
    KerasWiring m_wiring;
    std::optional<KerasWeights> m_weights;
};

/// The JSON of the architecture: in the file, named, or beside weights that were saved alone.
std::optional<std::string> Maker::architecture() {
    const auto& documents = m_source.main().documents();
    if (m_options.config.empty())
        for (const char* name : {"model_config", "config.json"})
            if (const auto at = documents.find(name); at != documents.end()) return at->second;
    std::string stem = fileStem(m_source.path());
    if (stem.ends_with(".weights")) stem.resize(stem.size() - 8);
    const std::vector<std::string> names{stem + ".json", "architecture.json", "model.json", "config.json"};
    CompanionFile file{"architecture", m_options.config, "", true};
    if (file.path.empty()) file.path = firstFile(folderOf(m_source.path()), names);
    std::optional<std::string> text;
    if (file.path.empty()) {
        for (const std::string& name : names) file.note += (file.note.empty() ? "looked for " : ", ") + name;
        m_make.fault("architecture",
                     "is missing: the file holds weights alone; name the JSON that "
                     "model.to_json() gave");
    } else {
        try {
            text = readTextFile(file.path);
        } catch (const Error& error) {
            m_make.fault("architecture", error.what());
        }
    }
    m_plan.files.push_back(file);
    return text;
}

void Maker::addEvidence(const KerasGraph& graph) {
    const Archive& archive = m_source.main();
    std::optional<std::string> version, backend;
    for (const char* place : {"", "model_weights"}) {
        if (!version) version = archive.data()[place]["keras_version"].text();
        if (!backend) backend = archive.data()[place]["backend"].text();
    }
    if (const auto at = archive.documents().find("metadata.json"); at != archive.documents().end()) {
        Findings faults;
        const auto metadata = parseJson(at->second, "metadata.json", faults);
        if (metadata.is_object() && metadata.contains("keras_version") &&
            metadata["keras_version"].is_string())
            version = metadata["keras_version"].get<std::string>();
    }
    m_plan.evidence.push_back(
        "an architecture of the class " + graph.type + " with " + std::to_string(graph.layers.size()) +
        " layers" + (version ? ", written by Keras " + *version : "") + (backend ? " on " + *backend : ""));
    m_plan.evidence.push_back("weights under " + m_weights->layout());
}

void Maker::addEmbedding(const KerasSide& side, const std::string& ours, int& vocabulary, int& width) {
    if (side.embedding) {
        const std::string name = weights(*side.embedding, 1)[0];
        vocabulary = m_source.rows(name);
        width = m_source.cols(name);
        return m_make.take(ours, name);
    }
    // Vectors of one 1: the first kernel reads them as an identity embedding would give them.
    const KerasLayer& bottom = *side.recurrent.front();
    vocabulary = width =
        m_source.rows(weights(bottom, 1, bottom.bidirectionalOf.empty() ? "" : "forward_layer")[0]);
    m_make.fill(ours, PieceFill::Identity);
}

CellSpec Maker::cellOf(const KerasLayer& layer) {
    const std::string type = layer.bidirectionalOf.empty() ? layer.type : layer.bidirectionalOf;
    CellSpec cell;
    cell.kind = type == "LSTM" ? CellKind::Lstm : type == "GRU" ? CellKind::Gru : CellKind::Elman;
    cell.gateOrder = type == "LSTM" ? "ifgo" : type == "GRU" ? "zrn" : "";
    cell.updateKeeps = true;
    cell.resetAfter = cell.kind != CellKind::Gru || layer.truth("reset_after", false);
    cell.twoBiases = cell.kind == CellKind::Gru && cell.resetAfter;
    cell.width = m_source.rows(weights(layer, 2, layer.bidirectionalOf.empty() ? "" : "forward_layer")[1]);
    if (cell.width == 0) cell.width = static_cast<int>(layer.number("units").value_or(0));
    const std::string activation = layer.text("activation").value_or("linear");
    if (const auto named = fromText<Activation>(activation == "linear" ? "identity" : activation))
        cell.activation = *named;
    else
        m_make.fault(layer.where(),
                     "has the activation " + activation + "; run are tanh, relu, sigmoid, linear");
    const std::string gates = layer.text("recurrent_activation").value_or("sigmoid");
    if (cell.kind != CellKind::Elman && gates != "sigmoid")
        m_make.fault(layer.where(), "has gates of " + gates +
                                        " (recurrent_activation); run are those of sigmoid" +
                                        (gates == "hard_sigmoid" ? ", of which it is an approximation" : ""));
    if (layer.truth("go_backwards", false))
        m_make.fault(layer.where(), "reads backwards (go_backwards); run are forwards and Bidirectional");
    return cell;
}

void Maker::addCell(const KerasLayer& layer, const std::string& part, const std::string& ours,
                    const CellSpec& cell) {
    const bool hasBias = layer.truth("use_bias", true);
    const auto names = weights(layer, hasBias ? 3 : 2, part);
    m_make.take(ours + "W_input", turned(names[0]));
    m_make.take(ours + "W_hidden", turned(names[1]));
    for (const bool hidden : {false, true}) {
        const std::string bias = ours + (hidden ? "b_hidden" : "b_input");
        if (hidden && !cell.twoBiases) continue;
        if (!hasBias) {
            m_make.fill(bias, PieceFill::Zeros);
            continue;
        }
        ArrayPiece piece{names[2]};
        if (cell.twoBiases) {
            piece.firstRow = hidden ? 1 : 0;
            piece.rows = 1;
        }
        m_make.take(bias, piece);
    }
}

void Maker::addStack(const KerasSide& side, const std::string& ours, RnnSpec& rnn) {
    const auto& layers = side.recurrent;
    rnn.cell = cellOf(*layers.front());
    rnn.layers = static_cast<int>(layers.size());
    const auto both = [](const KerasLayer* layer) { return !layer->bidirectionalOf.empty(); };
    rnn.bidirectional = both(layers.front());
    const auto ways = std::ranges::count_if(layers, both);
    if (ways == 1 && rnn.layers > 1 && rnn.bidirectional)
        rnn.stacking = Stacking::Bottom;
    else if (ways != 0 && ways != rnn.layers)
        m_make.fault(layers.front()->where(),
                     "and the layers above it: run are Bidirectional in all of them, in none, or in "
                     "the bottom one");
    const bool decoder = &side == &m_wiring.decoder;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const KerasLayer& layer = *layers[i];
        const std::string at = ours + "layer" + std::to_string(i) + ".";
        if (!(cellOf(layer) == rnn.cell))
            m_make.fault(layer.where(), "is of another kind or width than " + layers.front()->where() +
                                            "; the layers of one side have to be alike");
        if (!both(&layer)) {
            addCell(layer, "", at + (decoder ? "" : "forward."), rnn.cell);
            continue;
        }
        if (decoder) m_make.fault(layer.where(), "stands in the decoder, which reads in one direction");
        addCell(layer, "forward_layer", at + "forward.", rnn.cell);
        addCell(layer, "backward_layer", at + "backward.", rnn.cell);
        const auto mode = layer.wrapper->find("merge_mode");
        const std::string merge =
            mode != layer.wrapper->end() && mode->is_string() ? mode->get<std::string>() : "none";
        if (merge == "sum" && rnn.layers == 1)
            rnn.output = DirectionJoin::Sum;
        else if (merge != "concat")
            m_make.fault(layer.where(),
                         "merges its directions by " + merge + "; run is concat, and sum in a single layer");
    }
}

void Maker::addStart() {
    EncoderDecoderSpec& spec = m_plan.spec;
    switch (m_wiring.start) {
        case KerasStart::Zero:
            spec.bridge = BridgeKind::Zero;
            return;
        case KerasStart::Copy:
            spec.bridge = BridgeKind::Copy;
            return;
        case KerasStart::Top:
            spec.bridge = BridgeKind::First;
            return;
        case KerasStart::Dense:
            break;
    }
    spec.bridge = m_wiring.startCellFromHidden ? BridgeKind::Last : BridgeKind::Layers;
    const std::string activation = m_wiring.startHidden->text("activation").value_or("linear");
    spec.bridgeActivation =
        fromText<Activation>(activation == "linear" ? "identity" : activation).value_or(Activation::Tanh);
    addDense(m_wiring.startHidden, "bridge.layer0.W", "bridge.layer0.b");
    if (m_wiring.startCell) addDense(m_wiring.startCell, "bridge.layer0.W_cell", "bridge.layer0.b_cell");
}

/// Attention with Dense layers before it as one head, which projects queries, keys and values.
void Maker::addHeads() {
    AttentionSpec& attention = *m_plan.spec.attention;
    const KerasAttention& found = *m_wiring.attention;
    const auto width = [&](const KerasLayer* layer, int plain) {
        return layer ? m_source.cols(weights(*layer, 1)[0]) : plain;
    };
    attention.heads = 1;
    attention.headWidth = width(found.value, attention.valueWidth);
    attention.outputWidth = attention.headWidth;
    for (const auto& [layer, plain, what] : {std::tuple{found.query, attention.queryWidth, "queries"},
                                             std::tuple{found.key, attention.keyWidth, "keys"}})
        if (width(layer, plain) != attention.headWidth)
            m_make.fault(found.layer->where(),
                         std::string("reads ") + what + " of " + std::to_string(width(layer, plain)) +
                             " columns and values of " + std::to_string(attention.headWidth) +
                             "; with Dense layers that have biases both have to be of one width");
    addDense(found.query, "attention.W_q", "attention.b_q");
    addDense(found.key, "attention.W_k", "attention.b_k");
    addDense(found.value, "attention.W_v", "attention.b_v");
    m_make.fill("attention.W_o", PieceFill::Identity);
    m_make.fill("attention.b_o", PieceFill::Zeros);
}

/// `projected`: queries and keys are what comes out of addHeads() already.
void Maker::addScore(const std::string& ours, bool projected) {
    AttentionSpec& attention = *m_plan.spec.attention;
    const KerasAttention& found = *m_wiring.attention;
    const auto plain = [](const KerasLayer* layer) { return !layer || !layer->truth("use_bias", true); };
    if (found.layer->type == "AdditiveAttention") {
        attention.score = Score::Additive;
        const bool scaled = found.layer->truth("use_scale", true);
        if (scaled)
            m_make.take(ours + "v", weights(*found.layer, 1)[0]);
        else
            m_make.fill(ours + "v", PieceFill::Ones);
        attention.attentionWidth = projected     ? attention.headWidth
                                   : found.query ? m_source.cols(weights(*found.query, 1)[0])
                                                 : attention.queryWidth;
        std::vector<ArrayPiece> biases;
        for (const auto& [layer, name] : {std::pair{found.query, "W_query"}, std::pair{found.key, "W_key"}}) {
            if (projected || !layer) {
                m_make.fill(ours + name, PieceFill::Identity);
                continue;
            }
            m_make.take(ours + name, turned(weights(*layer, 1)[0]));
            if (!plain(layer)) biases.push_back(ArrayPiece{denseWeights(*layer)[1]});
        }
        if (biases.empty()) return m_make.fill(ours + "b", PieceFill::Zeros);
        return m_make.join(ours + "b", PieceJoin::Sum, std::move(biases));
    }
    attention.score = Score::Dot;
    if (!projected && (found.query || found.key)) { // q K_q . k = q . (k K_q'), one matrix between the two
        attention.score = Score::General;
        if (found.query)
            m_make.take(ours + "W", weights(*found.query, 1)[0]);
        else
            m_make.take(ours + "W", turned(weights(*found.key, 1)[0]));
    }
    if (found.layer->type != "Attention" || !found.layer->truth("use_scale", false)) return;
    const std::string name = weights(*found.layer, 1)[0];
    float scale = 0;
    if (const ArrayInfo* info = m_source.find(name); info && info->elements() == 1)
        m_source.read(name, {&scale, 1});
    m_make.ignore(name, "is the scale of the scores; the softmax's temperature is 1 / scale");
    if (!(scale >= 1e-3F && scale <= 1e3F))
        return m_make.fault(found.layer->where(), "has the scale " + std::to_string(scale) + " (" + name +
                                                      "); scales from 0.001 to 1000 are run");
    attention.temperature = 1.0 / static_cast<double>(scale);
}

void Maker::addAttention() {
    EncoderDecoderSpec& spec = m_plan.spec;
    setAttentionWidths(spec);
    if (!m_wiring.attention) {
        spec.attention.reset();
        return;
    }
    const KerasAttention& found = *m_wiring.attention;
    const auto biased = [](const KerasLayer* layer) { return layer && layer->truth("use_bias", true); };
    const bool additive = found.layer->type == "AdditiveAttention";
    // What can be said by the score's own matrices is; the rest is a head.
    const bool heads =
        found.value ||
        (!additive && (biased(found.query) || biased(found.key) || (found.query && found.key)));
    if (heads) addHeads();
    addScore(heads && additive ? "attention.head0." : "attention.", heads);
}

void Maker::addReadout() {
    EncoderDecoderSpec& spec = m_plan.spec;
    const KerasLayer& output = *m_wiring.output;
    const std::string outputKernel = denseWeights(output)[0];
    spec.readout.kind = m_wiring.attention ? ReadoutKind::Join : ReadoutKind::State;
    if (m_wiring.attentional && !m_wiring.attention)
        m_make.fault(m_wiring.attentional->where(),
                     "stands between a decoder without attention and the output; run there is Dropout alone");
    if (m_wiring.attentional) {
        const KerasLayer& dense = *m_wiring.attentional;
        const std::string kernel = denseWeights(dense)[0];
        spec.readout.kind = ReadoutKind::Attentional;
        spec.readout.width = m_source.cols(kernel);
        spec.readout.bias = true;
        const std::string activation = dense.text("activation").value_or("linear");
        spec.readout.activation =
            fromText<ReadoutActivation>(activation == "linear" ? "identity" : activation)
                .value_or(ReadoutActivation::Tanh);
        addJoined("readout.W", kernel, true);
        addBias(dense, "readout.b");
        m_make.take("output.W", turned(outputKernel));
    } else if (m_wiring.attention) {
        addJoined("output.W", outputKernel, false);
    } else {
        m_make.take("output.W", turned(outputKernel));
    }
    addBias(output, "output.b");
}

/// Where padding is read as words, a padded batch gives other numbers than a sentence by itself.
void Maker::addPaddingNote() {
    const KerasSide& encoder = m_wiring.encoder;
    if (encoder.embedding && encoder.embedding->truth("mask_zero", false)) return;
    m_plan.findings.push_back({Severity::Note,
                               encoder.embedding ? encoder.embedding->where() : encoder.input->where(),
                               "does not mask padding. If sentences were padded in training, the model read "
                               "the padding as words; here "
                               "sentences are not padded"});
}

ImportPlan Maker::plan() {
    m_plan.toolkit = toolkit;
    for (const char* optimiser : {"optimizer_weights/*", "optimizer/*"})
        m_make.ignore(optimiser, "the optimiser's");
    m_make.ignore("top_level_model_weights/*", "belongs to no layer");
    const auto text = architecture();
    if (!text) return std::move(m_plan);
    const std::size_t before = m_plan.findings.size();
    const KerasGraph graph = readKerasGraph(*text, "architecture", m_plan.findings);
    if (m_plan.findings.size() > before) return std::move(m_plan);
    m_weights.emplace(m_source.main(), graph);
    addEvidence(graph);
    const auto wiring = findKerasWiring(graph, m_plan.findings);
    if (!wiring) return std::move(m_plan);
    m_wiring = *wiring;

    EncoderDecoderSpec& spec = m_plan.spec;
    spec.order = AttentionOrder::CurrentState;
    addEmbedding(m_wiring.encoder, "source_embedding.W", spec.sourceVocabulary, spec.sourceEmbedding);
    addEmbedding(m_wiring.decoder, "target_embedding.W", spec.targetVocabulary, spec.targetEmbedding);
    addStack(m_wiring.encoder, "encoder.", spec.encoder);
    addStack(m_wiring.decoder, "decoder.", spec.decoder);
    addStart();
    addAttention();
    addReadout();
    addPaddingNote();
    for (const ArrayInfo& info : m_source.main().arrays())
        if (info.name.find("/seed_generator/") != std::string::npos)
            m_make.ignore(info.name, "a state of random numbers, for dropout");
    addKerasVocabularies(m_plan, m_source, m_options);
    return std::move(m_plan);
}

} // namespace

Convention keras() {
    return {toolkit,
            {"*.h5", "*.hdf5", "*.keras"},
            recognises,
            [](ImportSource& source, const ImportOptions& options) { return Maker(source, options).plan(); }};
}

} // namespace attn
