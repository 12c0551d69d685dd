// SPDX-License-Identifier: GPL-3.0-or-later
// Marian's recurrent models: s2s, nematus and amun.
#include "core/io/container/yaml_data.h"
#include "core/io/import/conventions.h"
#include "core/io/import/torch_names.h"

namespace attn {

namespace {

const char* const toolkit = "Marian";
const char* const modelYaml = "special:model.yml";

bool recognises(const ImportSource& source) {
    return source.has(modelYaml) || (source.has("decoder_W_comb_att") && source.has("decoder_U_att"));
}

/// `text` without `begin` at its head; nothing if it has none.
std::optional<std::string> after(const std::string& text, std::string_view begin) {
    if (!text.starts_with(begin)) return std::nullopt;
    return text.substr(begin.size());
}

/// "cell3_U" -> 3 and "U"; 0 and the text itself where no cell is numbered.
std::pair<int, std::string> numberedCell(const std::string& text) {
    const auto rest = after(text, "cell");
    const std::size_t bar = rest ? rest->find('_') : std::string::npos;
    if (bar == std::string::npos || bar == 0 || bar > 3) return {0, text};
    return {std::stoi(rest->substr(0, bar)), rest->substr(bar + 1)};
}

/// What Nematus calls the array that Marian's s2s calls so.
std::string nematusName(const std::string& name) {
    if (name == "encoder_Wemb") return "Wemb";
    if (name == "decoder_Wemb") return "Wemb_dec";
    for (const char* ln : {"_lns", "_lnb"})
        if (name.ends_with(ln)) return nematusName(name.substr(0, name.size() - 4)) + ln;
    for (const auto& [ours, theirs] : {std::pair{"encoder_bi_r_", "encoder_r_"}, {"encoder_bi_", "encoder_"}})
        if (const auto rest = after(name, ours)) {
            const auto [cell, part] = numberedCell(*rest);
            return theirs + part + (cell > 1 ? "_drt_" + std::to_string(cell - 1) : "");
        }
    if (const auto rest = after(name, "decoder_cell")) {
        const auto [cell, part] = numberedCell("cell" + *rest);
        if (cell == 1) return "decoder_" + part;
        if (cell == 2 && (part == "W" || part == "Wx")) return part == "W" ? "decoder_Wc" : "decoder_Wcx";
        return "decoder_" + part + "_nl" + (cell > 2 ? "_drt_" + std::to_string(cell - 2) : "");
    }
    if (const auto rest = after(name, "decoder_ff_logit_l1_")) {
        const char* const of[] = {"prev", "lstm", "ctx"};
        const int which = rest->back() - '0';
        if (which >= 0 && which < 3)
            return std::string("ff_logit_") + of[which] + "_" + rest->substr(0, rest->size() - 1);
    }
    if (const auto rest = after(name, "decoder_ff_logit_l2_")) return "ff_logit_" + *rest;
    if (const auto rest = after(name, "decoder_ff_state_")) return "ff_state_" + *rest;
    return name;
}

class Maker {
public:
    Maker(ImportSource& source, const ImportOptions& options)
        : m_source(source), m_options(options), m_make(m_plan, m_source) {}

    ImportPlan plan();

private:
    void readSettings();
    bool supported();
    std::string setting(const char* key, const char* otherwise) const {
        return m_yaml[key].text().value_or(otherwise);
    }
    bool flag(const char* key) const { return m_yaml[key].truth().value_or(false); }
    int number(const char* key, int otherwise) const;

    /// The array that is called so, by Marian or by Nematus; Marian's name where there is neither.
    std::string nameOf(const std::string& name) const;
    ArrayPiece piece(const std::string& name, bool transpose = false) const {
        ArrayPiece p{nameOf(name)};
        p.transpose = transpose;
        return p;
    }
    void take(const std::string& ours, const std::string& theirs, bool transpose = false) {
        m_make.take(ours, piece(theirs, transpose));
    }

    void setCell(CellSpec& cell, const char* key, const std::string& hidden);
    /// One cell. `final`: its bias stands beside the hidden state's product, not the input's.
    void addCell(const CellSpec& cell, const std::string& ours, const std::string& theirs, bool hasInput,
                 bool final);
    void addEncoder();
    void addDecoder();
    void addAttention();
    void addReadout();
    void addVocabularies();
    std::vector<std::string> vocabularyNames() const;

    ImportSource& m_source;
    const ImportOptions& m_options;
    ImportPlan m_plan;
    PlanMaker m_make;
    DataTree m_tree;
    DataView m_yaml;
    bool m_nematus = false;             ///< its layer normalisation in attention and feed-forward layers
    NormPlace m_norm = NormPlace::None; ///< of those
    double m_epsilon = 1e-9;
};

int Maker::number(const char* key, int otherwise) const {
    const auto found = m_yaml[key].integer();
    constexpr std::int64_t most = 100; // layers and cells
    return found && *found >= 0 && *found <= most ? static_cast<int>(*found) : otherwise;
}

std::string Maker::nameOf(const std::string& name) const {
    for (const std::string& candidate : {name, nematusName(name)})
        if (m_source.has(candidate)) return candidate;
    if (name.ends_with("coder_Wemb") && m_source.has("Wemb")) return "Wemb";
    return name;
}

void Maker::readSettings() {
    if (!m_source.has(modelYaml)) {
        m_make.fault(
            modelYaml,
            "is missing from the file: it says which architecture the arrays are of. A model of "
            "Nematus itself has to be converted to Marian's format first, or described by a mapping file");
        return;
    }
    std::string text = m_source.readBytes(modelYaml);
    if (const std::size_t end = text.find('\0'); end != std::string::npos) text.resize(end);
    try {
        m_tree = readYaml(text, modelYaml);
        m_yaml = m_tree.root();
    } catch (const Error& error) {
        m_make.fault(modelYaml, error.what());
    }
    m_make.ignore(modelYaml, "the architecture, read as text");
    m_make.ignore("decoder_c_tt", "holds no numbers");
}

bool Maker::supported() {
    const std::size_t before = m_plan.findings.size();
    const auto only = [&](const char* key, const char* otherwise, std::initializer_list<const char*> known) {
        const std::string found = setting(key, otherwise);
        std::string all;
        for (const char* one : known) {
            if (found == one) return;
            all += std::string(all.empty() ? "" : ", ") + one;
        }
        m_make.fault(std::string(modelYaml) + ": " + key, "is " + found + "; this program runs " + all);
    };
    only("type", "s2s", {"s2s", "nematus", "amun"});
    const auto cells = {"gru", "gru-nematus", "lstm", "tanh", "relu"};
    only("enc-cell", "gru", cells);
    only("dec-cell", "gru", cells);
    only("enc-type", "bidirectional", {"bidirectional", "alternating", "bi-unidirectional"});
    if (flag("ulr")) m_make.fault(std::string(modelYaml) + ": ulr", "is true; this program does not run it");
    if (number("dec-cell-base-depth", 2) < 2)
        m_make.fault(std::string(modelYaml) + ": dec-cell-base-depth",
                     "is below 2; a conditional cell has two");
    return m_plan.findings.size() == before && m_yaml.exists();
}

void Maker::setCell(CellSpec& cell, const char* key, const std::string& hidden) {
    const std::string kind = setting(key, "gru");
    cell.width = m_source.rows(nameOf(hidden));
    cell.twoBiases = false;
    const bool normalised = flag("layer-normalization");
    if (kind == "lstm") {
        cell.kind = CellKind::Lstm;
        cell.gateOrder = "figo";
    } else if (kind == "tanh" || kind == "relu") {
        cell.kind = CellKind::Elman;
        cell.activation = kind == "relu" ? Activation::Relu : Activation::Tanh;
    } else {
        cell.kind = CellKind::Gru;
        cell.twoBiases = true;
    }
    if (!normalised) return;
    const bool nematus = kind == "gru-nematus";
    cell.norm = nematus ? NormPlace::AfterBias : NormPlace::BeforeBias;
    cell.normEpsilon = nematus ? 1e-5 : 1e-9;
    if (cell.kind == CellKind::Elman)
        m_make.fault(std::string(modelYaml) + ": layer-normalization",
                     "with cells of kind " + kind + " is not run");
}

void Maker::addCell(const CellSpec& cell, const std::string& ours, const std::string& theirs, bool hasInput,
                    bool final) {
    const std::string p = theirs + "_";
    if (cell.kind != CellKind::Gru) {
        if (hasInput) take(ours + "W_input", p + "W", true);
        take(ours + "W_hidden", p + "U", true);
        take(ours + "b_input", p + "b");
    } else {
        if (hasInput)
            m_make.join(ours + "W_input", PieceJoin::Rows, {piece(p + "W", true), piece(p + "Wx", true)});
        m_make.join(ours + "W_hidden", PieceJoin::Rows, {piece(p + "U", true), piece(p + "Ux", true)});
        m_make.join(ours + (final ? "b_hidden" : "b_input"), PieceJoin::Columns,
                    {piece(p + "b"), piece(p + "bx")});
        m_make.fill(ours + (final ? "b_input" : "b_hidden"), PieceFill::Zeros);
    }
    if (cell.norm == NormPlace::BeforeBias) {
        if (hasInput) take(ours + "gain_input", p + "gamma1");
        take(ours + "gain_hidden", p + "gamma2");
    } else if (cell.norm == NormPlace::AfterBias) {
        const auto pair = [&](const char* name, const std::string& matrix, const char* part) {
            m_make.join(ours + name, PieceJoin::Columns,
                        {piece(p + matrix + part), piece(p + matrix + "x" + part)});
        };
        if (hasInput) {
            pair("gain_input", "W", "_lns");
            pair("shift_input", "W", "_lnb");
        }
        pair("gain_hidden", "U", "_lns");
        pair("shift_hidden", "U", "_lnb");
    }
}

void Maker::addEncoder() {
    RnnSpec& rnn = m_plan.spec.encoder;
    setCell(rnn.cell, "enc-cell", "encoder_bi_U");
    rnn.bidirectional = true;
    rnn.layers = std::max(1, number("enc-depth", 1));
    const std::string type = setting("enc-type", "bidirectional");
    if (rnn.layers > 1)
        rnn.stacking = type == "alternating"         ? Stacking::Alternating
                       : type == "bi-unidirectional" ? Stacking::Bottom
                                                     : Stacking::Separate;
    rnn.residual = flag("skip");
    const int transitions = std::max(1, number("enc-cell-depth", 1)) - 1;
    if (transitions > 0) rnn.transitions.assign(static_cast<std::size_t>(rnn.layers), transitions);
    for (int i = 0; i < rnn.layers; ++i)
        for (const bool backward : {false, true}) {
            if (backward && !rnn.hasBackward(i)) continue;
            const bool upper = rnn.stacking == Stacking::Bottom && i > 0;
            const std::string stack = (upper      ? "encoder"
                                       : backward ? "encoder_bi_r"
                                                  : "encoder_bi") +
                                      (i > 0 ? "_l" + std::to_string(i + 1) : std::string());
            const std::string layer =
                "encoder.layer" + std::to_string(i) + (backward ? ".backward." : ".forward.");
            for (int k = 0; k <= transitions; ++k) {
                const std::string cell = i > 0 || k > 0 ? "_cell" + std::to_string(k + 1) : "";
                addCell(rnn.cell, layer + (k > 0 ? "transition" + std::to_string(k) + "." : ""), stack + cell,
                        k == 0, false);
            }
        }
}

void Maker::addDecoder() {
    EncoderDecoderSpec& spec = m_plan.spec;
    spec.order = AttentionOrder::BetweenCells;
    RnnSpec& rnn = spec.decoder;
    setCell(rnn.cell, "dec-cell", "decoder_cell1_U");
    rnn.layers = std::max(1, number("dec-depth", 1));
    rnn.residual = flag("skip");
    const int base = number("dec-cell-base-depth", 2), high = std::max(1, number("dec-cell-high-depth", 1));
    if (base > 2 || (rnn.layers > 1 && high > 1)) {
        rnn.transitions.assign(static_cast<std::size_t>(rnn.layers), high - 1);
        rnn.transitions.front() = base - 2;
    }
    for (int k = 1; k <= base; ++k)
        addCell(rnn.cell,
                k == 1   ? "decoder.layer0."
                : k == 2 ? "decoder.cell2."
                         : "decoder.layer0.transition" + std::to_string(k - 2) + ".",
                "decoder_cell" + std::to_string(k), k <= 2, k >= 2);
    for (int i = 1; i < rnn.layers; ++i)
        for (int k = 0; k < high; ++k)
            addCell(
                rnn.cell,
                "decoder.layer" + std::to_string(i) + (k > 0 ? ".transition" + std::to_string(k) + "." : "."),
                "decoder_l" + std::to_string(i + 1) + "_cell" + std::to_string(k + 1), k == 0, false);

    spec.bridge = BridgeKind::Mean;
    spec.bridgeShared = true;
    spec.bridgeCell = BridgeCell::Hidden;
    spec.bridgeNorm = m_norm;
    spec.bridgeNormEpsilon = m_epsilon;
    take("bridge.W", "decoder_ff_state_W", true);
    take("bridge.b", "decoder_ff_state_b");
    if (m_norm == NormPlace::BeforeBias) take("bridge.gain", "decoder_ff_state_gamma");
    if (m_norm == NormPlace::AfterBias) {
        take("bridge.gain", "decoder_ff_state_ln_s");
        take("bridge.shift", "decoder_ff_state_ln_b");
    }
}

void Maker::addAttention() {
    AttentionSpec& attention = *m_plan.spec.attention;
    attention.score = Score::Additive;
    attention.attentionWidth = m_source.cols(nameOf("decoder_Wc_att"));
    attention.norm = m_norm;
    attention.normEpsilon = m_epsilon;
    take("attention.W_query", "decoder_W_comb_att", true);
    take("attention.W_key", "decoder_Wc_att", true);
    take("attention.b", "decoder_b_att");
    take("attention.v", "decoder_U_att");
    if (m_norm == NormPlace::BeforeBias) {
        take("attention.gain_key", "decoder_att_gamma1");
        take("attention.gain_query", "decoder_att_gamma2");
    } else if (m_norm == NormPlace::AfterBias) {
        for (const auto& [ours, theirs] :
             {std::pair{"key", "decoder_Wc_att"}, {"query", "decoder_W_comb_att"}}) {
            take(std::string("attention.gain_") + ours, theirs + std::string("_lns"));
            take(std::string("attention.shift_") + ours, theirs + std::string("_lnb"));
        }
    }
}

void Maker::addReadout() {
    EncoderDecoderSpec& spec = m_plan.spec;
    const std::string l1 = "decoder_ff_logit_l1_", l2 = "decoder_ff_logit_l2_";
    spec.readout.kind = ReadoutKind::DeepSum;
    spec.readout.width = m_source.cols(nameOf(l1 + "W1"));
    spec.readout.norm = m_norm;
    spec.readout.normEpsilon = m_epsilon;
    for (const auto& [ours, k] : {std::pair{"input", "0"}, {"state", "1"}, {"context", "2"}}) {
        const std::string name = ours;
        take("readout.W_" + name, l1 + "W" + k, true);
        if (m_norm == NormPlace::BeforeBias) take("readout.gain_" + name, l1 + "gamma" + k);
        if (m_norm != NormPlace::AfterBias) continue;
        take("readout.b_" + name, l1 + "b" + k);
        take("readout.gain_" + name, l1 + "ln_s" + k);
        take("readout.shift_" + name, l1 + "ln_b" + k);
    }
    if (m_norm != NormPlace::AfterBias)
        m_make.join("readout.b", PieceJoin::Sum, {piece(l1 + "b0"), piece(l1 + "b1"), piece(l1 + "b2")});
    spec.tiedEmbeddings = flag("tied-embeddings") || flag("tied-embeddings-all");
    if (!spec.tiedEmbeddings) {
        const bool turned = m_source.has(nameOf(l2 + "W"));
        take("output.W", turned ? l2 + "W" : l2 + "Wt", turned);
    }
    m_make.takeOrZeros("output.b", nameOf(l2 + "b"));
}

/// The vocabularies that the decoder's or the training's settings beside the model name.
std::vector<std::string> Maker::vocabularyNames() const {
    const std::string folder = folderOf(m_source.path()), name = fileName(m_source.path());
    for (const std::string& settings :
         {name + ".decoder.yml", name + ".yml", std::string("decoder.yml"), std::string("config.yml")}) {
        if (!isRegularFile(folder + settings)) continue;
        try {
            const DataTree tree = readYaml(readTextFile(folder + settings), settings);
            std::vector<std::string> names = tree.root()["vocabs"].texts();
            if (names.size() >= 2) return names;
        } catch (const Error&) {
            continue; // the next may do; without one the names are asked for
        }
    }
    std::vector<std::string> found = filesLike(folder, "vocab.", ".yml");
    return found.size() == 1 ? std::vector<std::string>{found[0], found[0]} : std::vector<std::string>{};
}

void Maker::addVocabularies() {
    const std::vector<std::string> names = vocabularyNames();
    const auto one = [&](std::size_t index, const char* side, int rows, const std::string& named) {
        const std::string name = index < names.size() ? names[index] : "";
        const std::vector<std::string> candidates =
            name.empty() ? std::vector<std::string>{std::string("vocab.") + (index ? "trg" : "src") + ".yml"}
                         : std::vector<std::string>{name, fileName(name)};
        const auto tokens = companionTokens(m_plan, side, named, folderOf(m_source.path()), candidates, rows);
        return vocabularyOf(tokens, rows, {{}, {}, {"</s>", "eos"}, {"<unk>", "UNK"}}, side, m_plan.findings);
    };
    m_plan.source = one(0, "source", m_plan.spec.sourceVocabulary, m_options.sourceVocabulary);
    m_plan.target = one(names.size() > 2 ? names.size() - 1 : 1, "target", m_plan.spec.targetVocabulary,
                        m_options.targetVocabulary);
    if (m_plan.target && m_plan.target->special().unk >= 0)
        m_plan.card.never = {m_plan.target->text(m_plan.target->special().unk)};
    m_plan.card.reversed = flag("right-left");
}

ImportPlan Maker::plan() {
    m_plan.toolkit = toolkit;
    readSettings();
    m_plan.evidence = {m_source.has(modelYaml)
                           ? std::string("the file holds ") + modelYaml + ", Marian's description"
                           : std::string("arrays are named as Nematus names them")};
    if (!supported()) return std::move(m_plan);
    m_plan.evidence.push_back("it says type " + setting("type", "s2s") + ", enc-cell " +
                              setting("enc-cell", "gru") + ", dec-cell " + setting("dec-cell", "gru") +
                              ", version " + setting("version", "unknown"));
    m_nematus = setting("type", "s2s") == "nematus";
    if (flag("layer-normalization")) {
        m_norm = m_nematus ? NormPlace::AfterBias : NormPlace::BeforeBias;
        m_epsilon = m_nematus ? 1e-5 : 1e-9;
    }
    setEmbeddings(m_plan, m_source, nameOf("encoder_Wemb"), nameOf("decoder_Wemb"));
    addEncoder();
    addDecoder();
    addAttention();
    addReadout();
    setAttentionWidths(m_plan.spec);
    addVocabularies();
    return std::move(m_plan);
}

} // namespace

Convention marian() {
    return {toolkit, {"*.npz"}, recognises, [](ImportSource& source, const ImportOptions& options) {
                return Maker(source, options).plan();
            }};
}

} // namespace attn
