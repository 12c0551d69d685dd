// SPDX-License-Identifier: GPL-3.0-or-later
// fairseq's lstm family.
#include "core/io/import/conventions.h"
#include "core/io/import/torch_names.h"

namespace attn {

namespace {

const char* const toolkit = "fairseq";

bool recognises(const ImportSource& source) {
    return source.has("model.encoder.embed_tokens.weight") || source.has("model.decoder.embed_tokens.weight");
}

/// The dictionary of a side beside the checkpoint: dict.<language>.txt with the languages of the task, or the
/// only two there are.
std::string dictionaryName(const ImportSource& source, bool target) {
    const DataView cfg = source.data()["cfg"], args = source.data()["args"];
    const char* key = target ? "target_lang" : "source_lang";
    for (const DataView& place : {cfg["task"][key], args[key], cfg["model"][key]})
        if (const auto language = place.text()) return "dict." + *language + ".txt";
    return "";
}

void addVocabularies(ImportPlan& plan, const ImportSource& source, const ImportOptions& options) {
    const std::string folder = folderOf(source.path());
    const auto one = [&](bool target, int rows) {
        const std::string side = target ? "target" : "source";
        std::vector<std::string> names;
        if (const std::string name = dictionaryName(source, target); !name.empty()) names = {name};
        const std::vector<std::string> found = filesLike(folder, "dict.", ".txt");
        if (names.empty() && found.size() == 1) names = found;
        if (names.empty()) names = {"dict." + side + ".txt"};
        const auto tokens = companionTokens(
            plan, side, target ? options.targetVocabulary : options.sourceVocabulary, folder, names, rows);
        // The decoder's first word is the end symbol.
        return vocabularyOf(tokens, rows, {{"<pad>"}, {"</s>"}, {"</s>"}, {"<unk>"}}, side, plan.findings);
    };
    const DataView cfg = source.data()["cfg"], args = source.data()["args"];
    for (const DataView& place : {cfg["bpe"]["codes"], cfg["bpe"]["sentencepiece_model"], args["bpe_codes"],
                                  args["sentencepiece_model"]})
        if (const auto file = place.text(); file && plan.sourcePieces.empty())
            plan.sourcePieces = plan.targetPieces = companionOf(folder, *file);
    plan.source = one(false, plan.spec.sourceVocabulary);
    plan.target = one(true, plan.spec.targetVocabulary);
    if (plan.source && plan.source->special().unk >= 0) plan.card.never = {"<pad>"};
    plan.card.endNotFirst = true;
}

ImportPlan makePlan(ImportSource& source, const ImportOptions& options) {
    ImportPlan plan;
    plan.toolkit = toolkit;
    plan.evidence = {
        "arrays are named as fairseq's lstm names them: model.encoder.embed_tokens.weight, "
        "model.decoder.layers.0.weight_ih"};
    PlanMaker make(plan, source);
    EncoderDecoderSpec& spec = plan.spec;
    const std::string decoder = "model.decoder.";
    if (!source.has("model.encoder.embed_tokens.weight")) {
        make.fault("model.encoder", "is missing: a language model has no source to attend to");
        return plan;
    }
    if (!source.has("model.encoder.lstm.weight_hh_l0")) {
        make.fault("model.encoder.lstm.weight_hh_l0",
                   "is missing: of fairseq's architectures this program runs the lstm family");
        return plan;
    }
    for (const std::string& name : source.names())
        if (name.starts_with(decoder + "adaptive_softmax.")) {
            make.fault(name, "is an adaptive softmax, which this program does not run");
            break;
        }
    for (const char* ignored : {"last_optimizer_state.*", "extra_state.*", "optimizer_history.*",
                                "task_state.*", "criterion.*", "cfg.*", "args.*"})
        make.ignore(ignored, "the training's");
    make.ignore("model.encoder.version", "a version number");
    make.ignore("model.decoder.version", "a version number");

    setEmbeddings(plan, source, "model.encoder.embed_tokens.weight", decoder + "embed_tokens.weight");
    make.takeEncoder(spec.encoder, "model.encoder.lstm.");
    const std::string layers = decoder + "layers.";
    if (!make.cellFrom(spec.decoder.cell, layers + "0.weight_hh")) return plan;
    for (spec.decoder.layers = 0; source.has(layers + std::to_string(spec.decoder.layers) + ".weight_hh");
         ++spec.decoder.layers) {
        const std::string layer = std::to_string(spec.decoder.layers) + ".";
        make.takeCell("decoder.layer" + layer, layers + layer, "");
    }
    spec.bridge = BridgeKind::Copy;
    if (source.has(decoder + "encoder_hidden_proj.weight")) {
        spec.bridge = BridgeKind::Layers;
        spec.bridgeActivation = Activation::Identity;
        spec.bridgeShared = true;
        make.take("bridge.W", decoder + "encoder_hidden_proj.weight");
        make.take("bridge.b", decoder + "encoder_hidden_proj.bias");
        make.take("bridge.W_cell", decoder + "encoder_cell_proj.weight");
        make.take("bridge.b_cell", decoder + "encoder_cell_proj.bias");
    }
    spec.order = AttentionOrder::CurrentState;
    spec.inputFeeding = true;
    if (source.has(decoder + "attention.input_proj.weight")) {
        spec.attention->score = Score::General;
        ArrayPiece in{decoder + "attention.input_proj.weight"};
        in.transpose = true;
        make.take("attention.W", in);
        spec.readout = {};
        spec.readout.kind = ReadoutKind::Attentional;
        spec.readout.width = source.rows(decoder + "attention.output_proj.weight");
        spec.readout.bias = false;
        make.take("readout.W", decoder + "attention.output_proj.weight");
    } else { // --decoder-attention 0: the state itself
        spec.attention.reset();
        spec.readout.kind = ReadoutKind::State;
    }
    if (source.has(decoder + "additional_fc.weight")) {
        spec.readout.projection = source.rows(decoder + "additional_fc.weight");
        make.take("readout.W_projection", decoder + "additional_fc.weight");
        make.takeOrZeros("readout.b_projection", decoder + "additional_fc.bias");
    }
    if (source.has(decoder + "fc_out.weight")) {
        make.take("output.W", decoder + "fc_out.weight");
        make.takeOrZeros("output.b", decoder + "fc_out.bias");
    } else { // share_decoder_input_output_embed
        spec.tiedEmbeddings = true;
        make.fill("output.b", PieceFill::Zeros);
    }
    setAttentionWidths(spec);
    addVocabularies(plan, source, options);
    return plan;
}

} // namespace

Convention fairseq() {
    return {toolkit, {"*.pt"}, recognises, makePlan};
}

} // namespace attn
