// SPDX-License-Identifier: GPL-3.0-or-later
// OpenNMT-py, 1.x to 3.x: recurrent models of the encoders rnn and brnn.
#include "core/io/import/conventions.h"
#include "core/io/import/torch_names.h"

namespace attn {

namespace {

const char* const toolkit = "OpenNMT-py";
constexpr std::string_view embedding = "make_embedding.emb_luts.0.weight";

/// What stands before the names of the model's own arrays: a pickled checkpoint keeps them under "model".
std::string modelPrefix(const ImportSource& source) {
    for (const char* prefix : {"model.", ""})
        if (source.has(std::string(prefix) + "encoder.embeddings." + std::string(embedding)) ||
            source.has(std::string(prefix) + "decoder.embeddings." + std::string(embedding)))
            return prefix;
    return "";
}

bool recognises(const ImportSource& source) {
    const std::string model = modelPrefix(source);
    return source.has(model + "encoder.embeddings." + std::string(embedding)) ||
           (source.data()["opt"] && source.data()["vocab"]);
}

class Maker {
public:
    Maker(ImportSource& source, const ImportOptions& options)
        : m_source(source), m_options(options), m_make(m_plan, m_source) {}

    ImportPlan plan();

private:
    bool option(const char* name) const { return m_opt[name].truth().value_or(false); }
    std::string optionText(const char* name, const char* otherwise) const {
        return m_opt[name].text().value_or(otherwise);
    }
    /// A checkpoint in two files: the arrays as safetensors, vocabulary and options in a .pt file beside
    /// them.
    void findPartner();
    bool supported();
    void addEncoder();
    void addDecoder();
    /// The scores of an attention under `theirs` for `ours`.
    void addScores(AttentionSpec& attention, const std::string& type, const std::string& function,
                   const std::string& ours, const std::string& theirs);
    void addReadout();
    void addGenerator();
    void addVocabularies();
    std::vector<std::string> tokens(const char* side) const;

    ImportSource& m_source;
    const ImportOptions& m_options;
    ImportPlan m_plan;
    PlanMaker m_make;
    std::string m_model; ///< before the model's names
    DataView m_opt, m_vocab;
};

void Maker::findPartner() {
    if (m_source.data()["vocab"] && m_source.has(m_model + "decoder.embeddings." + std::string(embedding)))
        return;
    const std::string other = m_source.main().kind() == ContainerKind::Safetensors ? ".pt" : ".safetensors";
    const std::string path = m_options.partner.empty()
                                 ? firstFile(folderOf(m_source.path()), {fileStem(m_source.path()) + other})
                                 : m_options.partner;
    CompanionFile file{other == ".pt" ? "vocabulary and options" : "arrays", path, "", true};
    if (path.empty()) {
        file.note = "looked for " + fileStem(m_source.path()) + other;
    } else {
        const ArchivePtr partner = openArchive(path);
        m_source.add(partner, "");
        if (other == ".pt") {
            m_opt = partner->data()["opt"];
            m_vocab = partner->data()["vocab"];
        }
    }
    m_plan.files.push_back(file);
    m_model = modelPrefix(m_source);
}

bool Maker::supported() {
    const std::size_t before = m_plan.findings.size();
    const auto only = [&](const char* name, std::initializer_list<const char*> known) {
        const std::string found = optionText(name, *known.begin());
        std::string all;
        for (const char* one : known) {
            if (found == one) return;
            all += std::string(all.empty() ? "" : ", ") + one;
        }
        m_make.fault(std::string("opt.") + name, "is " + found + "; this program runs " + all);
    };
    only("encoder_type", {"rnn", "brnn"});
    only("decoder_type", {"rnn"});
    only("rnn_type", {"LSTM", "GRU", "RNN"});
    only("global_attention", {"general", "dot", "mlp", "none"});
    only("global_attention_function", {"softmax", "sparsemax"});
    const std::string wordFeature = "embeddings.make_embedding.emb_luts.1.weight";
    for (const char* side : {"encoder.", "decoder."})
        if (m_source.has(m_model + side + wordFeature))
            m_make.fault(m_model + side + wordFeature, "are word features; this program runs words alone");
    return m_plan.findings.size() == before;
}

void Maker::addEncoder() {
    EncoderDecoderSpec& spec = m_plan.spec;
    setEmbeddings(m_plan, m_source, m_model + "encoder.embeddings." + std::string(embedding),
                  m_model + "decoder.embeddings." + std::string(embedding));
    spec.sourceEnd = false;
    m_make.takeEncoder(spec.encoder, m_model + "encoder.rnn.");
    spec.bridge = BridgeKind::Copy;
    const std::string bridge = m_model + "encoder.bridge.";
    if (!m_source.has(bridge + "0.weight")) return;
    spec.bridge = BridgeKind::Flat;
    spec.bridgeActivation = Activation::Relu;
    m_make.take("bridge.W", bridge + "0.weight");
    m_make.take("bridge.b", bridge + "0.bias");
    if (spec.encoder.cell.kind != CellKind::Lstm) return;
    m_make.take("bridge.W_cell", bridge + "1.weight");
    m_make.take("bridge.b_cell", bridge + "1.bias");
}

void Maker::addDecoder() {
    RnnSpec& rnn = m_plan.spec.decoder;
    m_plan.spec.order = AttentionOrder::CurrentState;
    const std::string stacked = m_model + "decoder.rnn.layers.";
    m_plan.spec.inputFeeding = m_source.has(stacked + "0.weight_hh");
    if (!m_plan.spec.inputFeeding) return m_make.takeDecoder(rnn, m_model + "decoder.rnn.");
    if (!m_make.cellFrom(rnn.cell, stacked + "0.weight_hh")) return;
    for (rnn.layers = 0; m_source.has(stacked + std::to_string(rnn.layers) + ".weight_hh"); ++rnn.layers) {
        const std::string layer = std::to_string(rnn.layers) + ".";
        m_make.takeCell("decoder.layer" + layer, stacked + layer, "");
    }
}

void Maker::addScores(AttentionSpec& attention, const std::string& type, const std::string& function,
                      const std::string& ours, const std::string& theirs) {
    if (function == "sparsemax") attention.normaliser = Normaliser::Sparsemax;
    if (type == "dot") {
        attention.score = Score::Dot;
    } else if (type == "general") {
        attention.score = Score::General;
        ArrayPiece in{theirs + "linear_in.weight"};
        in.transpose = true;
        m_make.take(ours + "W", in);
    } else {
        attention.score = Score::Additive;
        attention.attentionWidth = m_source.rows(theirs + "linear_query.weight");
        m_make.take(ours + "W_query", theirs + "linear_query.weight");
        m_make.take(ours + "b", theirs + "linear_query.bias");
        m_make.take(ours + "W_key", theirs + "linear_context.weight");
        m_make.take(ours + "v", theirs + "v.weight");
    }
    m_make.ignore(theirs + "linear_cover.weight",
                  "the toolkit never passes coverage to the attention, so this is not used there either");
}

void Maker::addReadout() {
    EncoderDecoderSpec& spec = m_plan.spec;
    const std::string attention = m_model + "decoder.attn.";
    // Without options, the arrays tell the score.
    const char* byNames = m_source.has(attention + "linear_query.weight") ? "mlp"
                          : m_source.has(attention + "linear_in.weight")  ? "general"
                          : m_source.has(attention + "linear_out.weight") ? "dot"
                                                                          : "none";
    const std::string type = optionText("global_attention", byNames);
    if (type == "none") {
        spec.attention.reset();
        spec.readout.kind = ReadoutKind::State;
        return;
    }
    addScores(*spec.attention, type, optionText("global_attention_function", "softmax"), "attention.",
              attention);
    spec.readout.kind = ReadoutKind::Attentional;
    spec.readout.width = m_source.rows(attention + "linear_out.weight");
    spec.readout.bias = m_source.has(attention + "linear_out.bias");
    if (type == "mlp") spec.readout.activation = ReadoutActivation::Identity;
    m_make.take("readout.W", attention + "linear_out.weight");
    if (spec.readout.bias) m_make.take("readout.b", attention + "linear_out.bias");

    const std::string gate = m_model + "decoder.context_gate.context_gate.";
    if (!m_source.has(gate + "gate.weight")) return;
    const auto kind = fromText<ContextGate>(optionText("context_gate", "both"));
    if (!kind || *kind == ContextGate::None)
        return m_make.fault("opt.context_gate", "is " + optionText("context_gate", "missing") +
                                                    "; expected source, target or both");
    spec.readout.contextGate = *kind;
    for (const auto& [ours, theirs] :
         {std::pair{"gate", "gate"}, {"source", "source_proj"}, {"target", "target_proj"}}) {
        m_make.take(std::string("readout.W_") + ours, gate + theirs + ".weight");
        m_make.take(std::string("readout.b_") + ours, gate + theirs + ".bias");
    }
}

void Maker::addGenerator() {
    EncoderDecoderSpec& spec = m_plan.spec;
    const bool copies = m_source.has("generator.linear_copy.weight");
    const std::string linear = copies                               ? "generator.linear."
                               : m_source.has("generator.0.weight") ? "generator.0."
                                                                    : "generator.";
    m_make.take("output.W", linear + "weight");
    m_make.takeOrZeros("output.b", linear + "bias");
    if (!copies) return;
    m_make.take("copy.W", "generator.linear_copy.weight");
    m_make.take("copy.b", "generator.linear_copy.bias");
    const std::string attention = m_model + "decoder.copy_attn.";
    spec.copy = m_source.has(attention + "linear_out.weight") ? CopyKind::Own : CopyKind::Attention;
    if (m_plan.target && m_plan.target->special().pad >= 0) spec.copyBlocked = m_plan.target->special().pad;
    if (spec.copy != CopyKind::Own) return;
    const char* byNames = m_source.has(attention + "linear_query.weight") ? "mlp"
                          : m_source.has(attention + "linear_in.weight")  ? "general"
                                                                          : "dot";
    std::string type = optionText("copy_attn_type", byNames);
    if (type != "dot" && type != "general" && type != "mlp")
        type = byNames; // none given: that of the attention
    addScores(spec.copyAttention, type, optionText("global_attention_function", "softmax"), "copy.attention.",
              attention);
    for (const char* dead : {"linear_out.weight", "linear_out.bias"})
        m_make.ignore(attention + dead, "only the copy attention's weights are used");
}

/// Tokens by id: a list (3.x), or what the pickled fields of torchtext keep (1.x, 2.x; a list of pairs in
/// 0.x).
std::vector<std::string> Maker::tokens(const char* side) const {
    DataView of = m_vocab[side];
    for (std::size_t i = 0; !of && i < m_vocab.size(); ++i)
        if (m_vocab[i][0].text() == side) of = m_vocab[i][1];
    if (of["fields"]) of = of["fields"][0][1]["vocab"];
    if (of["itos"]) of = of["itos"];
    return of.texts();
}

void Maker::addVocabularies() {
    const auto one = [&](const char* theirs, const char* side, int rows, const std::string& named) {
        std::vector<std::string> all = named.empty() ? tokens(theirs) : std::vector<std::string>();
        if (all.empty())
            all = companionTokens(m_plan, side, named, folderOf(m_source.path()),
                                  {std::string(theirs) + "_vocab.by-id.txt", std::string("vocab.") + theirs},
                                  rows);
        else
            m_plan.files.push_back({std::string(side) + " vocabulary", m_source.path(),
                                    std::to_string(all.size()) + " tokens, in the checkpoint", true});
        const std::string start = m_vocab["decoder_start_token"].text().value_or("<s>");
        return vocabularyOf(all, rows, {{"<blank>", "<pad>"}, {start, "<s>"}, {"</s>"}, {"<unk>"}}, side,
                            m_plan.findings);
    };
    const std::string folder = folderOf(m_source.path());
    m_plan.sourcePieces = companionOf(folder, optionText("src_subword_model", ""));
    m_plan.targetPieces = companionOf(folder, optionText("tgt_subword_model", ""));
    m_plan.source = one("src", "source", m_plan.spec.sourceVocabulary, m_options.sourceVocabulary);
    m_plan.target = one("tgt", "target", m_plan.spec.targetVocabulary, m_options.targetVocabulary);
}

ImportPlan Maker::plan() {
    m_plan.toolkit = toolkit;
    m_opt = m_source.data()["opt"];
    m_vocab = m_source.data()["vocab"];
    m_model = modelPrefix(m_source);
    findPartner();
    m_plan.evidence = {"arrays are named as OpenNMT-py names them: " + m_model + "encoder.embeddings." +
                       std::string(embedding)};
    if (m_opt)
        m_plan.evidence.push_back("its options say rnn_type " + optionText("rnn_type", "LSTM") +
                                  ", encoder_type " + optionText("encoder_type", "rnn") +
                                  ", global_attention " + optionText("global_attention", "general"));
    else
        m_make.warn("opt", "is not in the file; its contents are inferred from the arrays' names");
    m_make.ignore("optim.*", "the optimiser's");
    m_make.ignore("vocab.*", "masks of the vocabulary for training");
    if (!supported()) return std::move(m_plan);
    addEncoder();
    addVocabularies();
    addDecoder();
    addReadout();
    addGenerator();
    setAttentionWidths(m_plan.spec);
    if (option("copy_attn") && m_plan.spec.copy == CopyKind::None)
        m_make.warn("opt.copy_attn", "is true, but the file has no copy generator");
    return std::move(m_plan);
}

} // namespace

Convention openNmtPy() {
    return {toolkit, {"*.pt"}, recognises, [](ImportSource& source, const ImportOptions& options) {
                return Maker(source, options).plan();
            }};
}

} // namespace attn
