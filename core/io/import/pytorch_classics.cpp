// SPDX-License-Identifier: GPL-3.0-or-later
// The models of the well-known PyTorch tutorials. No file says which of them it is: the arrays' names tell.
#include <nlohmann/json.hpp>

#include "core/base/json_text.h"
#include "core/io/import/conventions.h"
#include "core/io/import/torch_names.h"

namespace attn {

namespace {

const char* const toolkit = "PyTorch tutorial";

/// The tutorials, each by the arrays that no other has in its decoder.
enum class Graph {
    FixedLength, ///< translation with attention over a fixed number of positions (until 2023)
    Bahdanau,    ///< the same tutorial since 2023
    Chatbot,     ///< the chatbot tutorial, Luong's scores
    Bentrevett,  ///< "neural machine translation by jointly learning to align and translate", notebooks 3 and
                 ///< 4
};
struct GraphSign {
    Graph graph;
    const char* array; ///< of the decoder
    const char* title;
};
constexpr GraphSign signs[] = {
    {Graph::FixedLength, "attn_combine.weight", "attention over a fixed number of positions"},
    {Graph::Bahdanau, "attention.Ua.weight", "Bahdanau attention"},
    {Graph::Bentrevett, "attention.attn_fc.weight", "bidirectional GRU with additive attention"},
    {Graph::Bentrevett, "attention.attn.weight", "bidirectional GRU with additive attention"},
    {Graph::Chatbot, "concat.weight", "chatbot with Luong attention"},
};

/// A decoder: what stands before its arrays' names, and which tutorial's it is.
struct Found {
    std::string prefix;
    const GraphSign* sign = nullptr;
};

Found findDecoder(const ImportSource& source) {
    const std::vector<std::string> names = source.names();
    for (const GraphSign& sign : signs)
        for (const std::string& name : names)
            if (name.ends_with(sign.array) &&
                (name.size() == std::string_view(sign.array).size() ||
                 name[name.size() - std::string_view(sign.array).size() - 1] == '.')) {
                const std::string prefix = name.substr(0, name.size() - std::string_view(sign.array).size());
                if (source.has(prefix + "embedding.weight")) return {prefix, &sign};
            }
    return {};
}

/// An encoder by itself: an embedding and a GRU, nothing else.
bool isEncoder(const ImportSource& source) {
    if (!source.has("embedding.weight") || !source.has("gru.weight_hh_l0")) return false;
    for (const std::string& name : source.names())
        if (name != "embedding.weight" && !name.starts_with("gru.")) return false;
    return true;
}

bool recognises(const ImportSource& source) {
    return findDecoder(source).sign || isEncoder(source);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.rfind(from);
    return at == std::string::npos ? "" : text.replace(at, from.size(), to);
}

class Maker {
public:
    Maker(ImportSource& source, const ImportOptions& options)
        : m_source(source), m_options(options), m_make(m_plan, m_source) {}

    ImportPlan plan();

private:
    /// The other half of a model in two files, beside the first by its name: encoder.pt, decoder.pt.
    bool findPartner(bool haveEncoder);
    void addFixedLength();
    void addBahdanau();
    void addChatbot();
    void addBentrevett();
    void addOutput(const std::string& layer);
    void addVocabularies();
    std::vector<std::string> tokens(bool target);
    void readVocabularyFile();

    ImportSource& m_source;
    const ImportOptions& m_options;
    ImportPlan m_plan;
    PlanMaker m_make;
    std::string m_encoder, m_decoder; ///< before the arrays' names
    nlohmann::json m_words;           ///< model.json or vocab.json beside the checkpoint
    std::string m_wordsPath;
};

bool Maker::findPartner(bool haveEncoder) {
    const std::string wanted = haveEncoder ? "decoder" : "encoder",
                      given = haveEncoder ? "encoder" : "decoder";
    const std::string name = replaced(fileName(m_source.path()), given, wanted);
    std::vector<std::string> names;
    if (!name.empty()) names.push_back(name);
    for (const char* ending : {".pt", ".pth", ".bin", ".safetensors"}) names.push_back(wanted + ending);
    const std::string path =
        !m_options.partner.empty() ? m_options.partner : firstFile(folderOf(m_source.path()), names);
    m_plan.files.push_back({wanted, path, path.empty() ? "looked for " + names.front() : "", true});
    if (path.empty()) return false;
    m_source.setPrefix(given + ".");
    m_source.add(openArchive(path), wanted + ".");
    return true;
}

void Maker::addOutput(const std::string& layer) {
    m_make.take("output.W", m_decoder + layer + ".weight");
    m_make.take("output.b", m_decoder + layer + ".bias");
}

void Maker::addFixedLength() {
    EncoderDecoderSpec& spec = m_plan.spec;
    m_make.takeEncoder(spec.encoder, m_encoder + "gru.");
    m_make.takeDecoder(spec.decoder, m_decoder + "gru.");
    spec.bridge = BridgeKind::Copy;
    spec.queryInput = true;
    spec.attention->score = Score::Location;
    spec.attention->locationBias = spec.attention->allPositions = true;
    spec.attention->maxPositions = m_source.rows(m_decoder + "attn.weight");
    m_make.take("attention.W", m_decoder + "attn.weight");
    m_make.take("attention.b", m_decoder + "attn.bias");
    spec.inputLayer = {m_source.rows(m_decoder + "attn_combine.weight"), Activation::Relu};
    m_make.take("decoder.input.W", m_decoder + "attn_combine.weight");
    m_make.take("decoder.input.b", m_decoder + "attn_combine.bias");
    spec.readout.kind = ReadoutKind::State;
    addOutput("out");
}

void Maker::addBahdanau() {
    EncoderDecoderSpec& spec = m_plan.spec;
    m_make.takeEncoder(spec.encoder, m_encoder + "gru.");
    m_make.takeDecoder(spec.decoder, m_decoder + "gru.");
    spec.bridge = BridgeKind::Copy;
    const std::string attention = m_decoder + "attention.";
    spec.attention->attentionWidth = m_source.rows(attention + "Ua.weight");
    m_make.take("attention.W_query", attention + "Wa.weight");
    m_make.take("attention.W_key", attention + "Ua.weight");
    m_make.join("attention.b", PieceJoin::Sum, {{attention + "Wa.bias"}, {attention + "Ua.bias"}});
    m_make.take("attention.v", attention + "Va.weight");
    m_make.ignore(attention + "Va.bias", "the same for every position: the softmax does not change by it");
    spec.readout.kind = ReadoutKind::State;
    addOutput("out");
}

void Maker::addChatbot() {
    EncoderDecoderSpec& spec = m_plan.spec;
    m_make.takeEncoder(spec.encoder, m_encoder + "gru.");
    m_make.takeDecoder(spec.decoder, m_decoder + "gru.");
    if (spec.encoder.bidirectional) spec.encoder.output = DirectionJoin::Sum;
    spec.bridge = BridgeKind::InOrder;
    spec.order = AttentionOrder::CurrentState;
    const std::string attention = m_decoder + "attn.attn.", v = m_decoder + "attn.v";
    const int width = spec.decoder.cell.width;
    if (!m_source.has(attention + "weight")) {
        spec.attention->score = Score::Dot;
    } else if (m_source.has(v)) {
        spec.attention->attentionWidth = m_source.rows(attention + "weight");
        if (m_source.find(v)->shape.size() != 1)
            m_make.fault(v, "is " + shapeText(*m_source.find(v)) +
                                ": the older notebook's concat score, which has no tanh, is not run");
        ArrayPiece query{attention + "weight"}, key{attention + "weight"};
        query.columns = key.firstColumn = width;
        m_make.take("attention.W_query", query);
        m_make.take("attention.W_key", key);
        m_make.take("attention.b", attention + "bias");
        m_make.take("attention.v", v);
    } else {
        spec.attention->score = Score::General;
        m_make.take("attention.W", attention + "weight");
        m_make.ignore(attention + "bias",
                      "adds the same to every position: the softmax does not change by it");
    }
    spec.readout.kind = ReadoutKind::Attentional;
    spec.readout.width = m_source.rows(m_decoder + "concat.weight");
    m_make.takeSwapped("readout.W", m_decoder + "concat.weight", width); // [state, context] there
    m_make.take("readout.b", m_decoder + "concat.bias");
    addOutput("out");
    for (const char* optimiser : {"en_opt.*", "de_opt.*"}) m_make.ignore(optimiser, "the optimiser's");
    m_make.ignore("embedding.weight", "the embedding once more");
}

void Maker::addBentrevett() {
    EncoderDecoderSpec& spec = m_plan.spec;
    m_make.takeEncoder(spec.encoder, m_encoder + "rnn.");
    m_make.takeDecoder(spec.decoder, m_decoder + "rnn.");
    spec.sourceStart = true;
    spec.bridge = BridgeKind::Last;
    spec.bridgeShared = true;
    m_make.take("bridge.W", m_encoder + "fc.weight");
    m_make.take("bridge.b", m_encoder + "fc.bias");
    const bool now = m_source.has(m_decoder + "attention.attn_fc.weight");
    const std::string layer = m_decoder + (now ? "attention.attn_fc." : "attention.attn.");
    spec.attention->attentionWidth = m_source.rows(layer + "weight");
    ArrayPiece query{layer + "weight"}, key{layer + "weight"};
    query.columns = key.firstColumn = spec.decoder.cell.width;
    m_make.take("attention.W_query", query);
    m_make.take("attention.W_key", key);
    m_make.take("attention.b", layer + "bias");
    m_make.take("attention.v", m_decoder + (now ? "attention.v_fc.weight" : "attention.v.weight"));
    spec.readout.kind = ReadoutKind::JoinInput; // [state, context, embedding]
    addOutput("fc_out");
}

/// The tutorials keep their words in Python objects that they do not save; a JSON file beside the checkpoint
/// may hold them as {"src_vocab": [...], "tgt_vocab": [...]}.
void Maker::readVocabularyFile() {
    m_wordsPath = firstFile(folderOf(m_source.path()),
                            {fileStem(m_source.path()) + ".vocab.json", "vocab.json", "model.json"});
    if (m_wordsPath.empty()) return;
    try {
        m_words = parseJson(readTextFile(m_wordsPath), m_wordsPath, m_plan.findings);
    } catch (const Error& error) {
        m_make.warn("vocabularies", error.what());
    }
}

std::vector<std::string> Maker::tokens(bool target) {
    std::vector<std::string> all;
    const std::string side = target ? "target vocabulary" : "source vocabulary";
    const DataView words = m_source.data()["voc_dict"]["index2word"]; // of the chatbot: both sides'
    for (const auto& [key, word] : words.entries()) {
        const auto id = key.integer();
        if (!id || *id < 0 || *id >= static_cast<std::int64_t>(words.size())) continue;
        all.resize(words.size());
        all[static_cast<std::size_t>(*id)] = word.text().value_or("");
    }
    if (!all.empty()) {
        m_plan.files.push_back(
            {side, m_source.path(), std::to_string(all.size()) + " tokens, in the checkpoint", true});
        return all;
    }
    const char* key = target ? "tgt_vocab" : "src_vocab";
    if (m_words.is_object() && m_words.contains(key) && m_words[key].is_array())
        for (const auto& token : m_words[key])
            all.push_back(token.is_string() ? token.get<std::string>() : "");
    if (!all.empty())
        m_plan.files.push_back(
            {side, m_wordsPath, std::to_string(all.size()) + " tokens, under " + key, true});
    return all;
}

void Maker::addVocabularies() {
    readVocabularyFile();
    const auto one = [&](bool target, const std::string& named) {
        const std::string side = target ? "target" : "source";
        const int rows = target ? m_plan.spec.targetVocabulary : m_plan.spec.sourceVocabulary;
        std::vector<std::string> all;
        if (named.empty()) all = tokens(target);
        if (all.empty())
            all = companionTokens(m_plan, side, named, folderOf(m_source.path()),
                                  {target ? "tgt_vocab.txt" : "src_vocab.txt",
                                   target ? "trg_vocab.txt" : "source_vocab.txt", "vocab.json"},
                                  rows);
        return vocabularyOf(
            all, rows,
            {{"<pad>", "PAD"}, {"<sos>", "SOS", "<s>", "<bos>"}, {"<eos>", "EOS", "</s>"}, {"<unk>", "UNK"}},
            side, m_plan.findings);
    };
    m_plan.source = one(false, m_options.sourceVocabulary);
    m_plan.target = one(true, m_options.targetVocabulary);
}

ImportPlan Maker::plan() {
    m_plan.toolkit = toolkit;
    Found found = findDecoder(m_source);
    const bool alone = !found.sign || found.prefix.empty();
    if (alone && !findPartner(!found.sign)) {
        m_plan.evidence = {found.sign ? "a decoder by itself: " + std::string(found.sign->title)
                                      : "an encoder by itself: an embedding and a GRU"};
        return std::move(m_plan);
    }
    if (alone) found = findDecoder(m_source);
    if (!found.sign) {
        m_make.fault("decoder", "has the arrays of no tutorial that is known");
        return std::move(m_plan);
    }
    m_decoder = found.prefix;
    m_encoder = replaced(m_decoder, "decoder", "encoder");
    if (m_encoder.empty()) m_encoder = replaced(m_decoder, "de.", "en.");
    m_plan.evidence = {std::string(found.sign->title) + ": " + m_decoder + found.sign->array + " is there"};
    setEmbeddings(m_plan, m_source, m_encoder + "embedding.weight", m_decoder + "embedding.weight");
    switch (found.sign->graph) {
        case Graph::FixedLength:
            addFixedLength();
            break;
        case Graph::Bahdanau:
            addBahdanau();
            break;
        case Graph::Chatbot:
            addChatbot();
            break;
        case Graph::Bentrevett:
            addBentrevett();
            break;
    }
    setAttentionWidths(m_plan.spec);
    addVocabularies();
    return std::move(m_plan);
}

} // namespace

Convention pytorchClassics() {
    return {toolkit,
            {"*.pt", "*.pth", "*.tar", "*.bin", "*.safetensors"},
            recognises,
            [](ImportSource& source, const ImportOptions& options) { return Maker(source, options).plan(); }};
}

} // namespace attn
