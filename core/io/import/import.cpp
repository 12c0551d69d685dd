// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/import/import.h"

#include <algorithm>

#include "core/io/import/apply_plan.h"
#include "core/io/import/conventions.h"
#include "core/io/import/mapping_file.h"
#include "core/io/import/report_text.h"
#include "core/io/import/side_pieces.h"
#include "core/io/import/torch_names.h"
#include "core/io/model_file.h"
#include "core/model/other_weights.h"
#include "core/run/run.h"
#include "core/run/self_test.h"

namespace attn {

namespace {

std::string grouped(long long value) {
    std::string digits = std::to_string(value);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::string containerText(const Archive& archive) {
    long long numbers = 0;
    for (const ArrayInfo& info : archive.arrays()) numbers += info.elements();
    return std::string(toText(archive.kind())) + ", " +
           grouped(static_cast<long long>(archive.arrays().size())) + " arrays, " + grouped(numbers) +
           " numbers";
}

/// Why a container without a known model is none, as far as its arrays tell.
void explainUnknown(const ImportSource& source, ImportReport& report) {
    const std::vector<std::string> names = source.names();
    std::string seen;
    for (std::size_t i = 0; i < names.size() && i < 4; ++i) seen += (i ? ", " : "") + names[i];
    const auto has = [&](std::string_view part) {
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return name.find(part) != std::string::npos; });
    };
    std::string text = names.empty() ? "the file holds no arrays"
                                     : "no toolkit's names are among its " + std::to_string(names.size()) +
                                           " arrays (" + seen + (names.size() > 4 ? ", ..." : "") + ")";
    if (has("self_attn") || has("in_proj_weight"))
        text += ". It looks like a Transformer; this program runs recurrent encoder-decoders";
    else if (has("exp_avg"))
        text += ". It looks like an optimiser's state; the model is in another file";
    else if (!names.empty())
        text +=
            ". attn convert --explain drafts a mapping file from them, to be filled in and given by "
            "--mapping";
    report.findings.push_back({Severity::Fault, "toolkit", text});
}

/// Reports once each vocabulary without which a plan cannot be run.
void askForWords(const ImportPlan& plan, ImportReport& report) {
    for (const bool target : {false, true}) {
        const std::string side = target ? "target" : "source", where = side + " vocabulary";
        const auto fault = [&](const std::string& text) {
            report.findings.push_back({Severity::Fault, where, text});
        };
        const auto file = std::find_if(plan.files.begin(), plan.files.end(),
                                       [&](const CompanionFile& f) { return f.role == where; });
        const bool known = file != plan.files.end();
        if (const auto& vocabulary = target ? plan.target : plan.source) {
            const SpecialTokens& special = vocabulary->special();
            const std::string place = known && !file->path.empty() ? file->path + " " : "";
            if (special.eos < 0 && (target || plan.spec.sourceEnd))
                fault(place + "has no end symbol, which the model reads; is it the right file?");
            if (special.bos < 0 && !target && plan.spec.sourceStart)
                fault(place + "has no start symbol, which the model reads; is it the right file?");
            continue;
        }
        const bool told = std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) {
            return f.severity == Severity::Fault && f.where.starts_with(where);
        });
        if (!told)
            fault("is missing: name the file that came with the checkpoint (--" + side + "-vocab)" +
                  (known && !file->note.empty() ? "; " + file->note + " beside it" : ""));
    }
}

/// A sentence of the model's own: the first words of its source vocabulary that are words.
std::string madeUpSentence(const Vocabulary& vocabulary, const Tokeniser& tokeniser) {
    std::vector<std::string> words;
    for (int id = 0; id < vocabulary.size() && words.size() < 4; ++id) {
        const std::string& token = vocabulary.text(id);
        const SpecialTokens& s = vocabulary.special();
        const bool special = id == s.pad || id == s.bos || id == s.eos || id == s.unk || token.front() == '<';
        const bool letters = std::any_of(token.begin(), token.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0xC3;
        });
        if (!special && letters && token.size() > 1) words.push_back(token);
    }
    return words.empty() ? "" : tokeniser.detokenise(words);
}

/// The model with a self-test, of the sentence that was asked for or one of its own; a sentence that cannot
/// be run is a finding.
ModelPtr tested(const ModelPtr& model, const std::string& wanted, Findings& findings) {
    std::string sentence = wanted;
    if (sentence.empty() && !model->card().examples.empty()) sentence = model->card().examples.front();
    if (sentence.empty()) sentence = madeUpSentence(model->source()->vocabulary, model->source()->tokeniser);
    if (sentence.empty()) return model;
    constexpr int mostSteps = 40;
    try {
        SelfTest test = makeSelfTest(*model, sentence, mostSteps);
        return withSelfTest(*model, std::move(test));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Bug) throw;
        findings.push_back({wanted.empty() ? Severity::Warning : Severity::Fault, "self-test",
                            "\"" + sentence + "\": " + error.what()});
        return model;
    }
}

void setTokenisers(ImportPlan& plan, const ImportOptions& options, Findings& findings) {
    const auto set = [&](const std::string& name, TokeniserKind& kind, const char* side) {
        if (name.empty()) return;
        if (const auto found = fromText<TokeniserKind>(name))
            kind = *found;
        else
            findings.push_back({Severity::Fault, std::string(side) + " tokeniser",
                                "is \"" + name + "\"; expected one of " + allNames<TokeniserKind>()});
    };
    set(options.sourceTokeniser, plan.sourceTokeniser.kind, "source");
    set(options.targetTokeniser, plan.targetTokeniser.kind, "target");
}

/// Fills in the report from a plan, the model too if nothing stands in its way.
void realise(ImportPlan& plan, const ImportSource& source, const ImportOptions& options,
             ImportReport& report) {
    addPieces(plan, options);
    report.toolkit = plan.toolkit;
    report.evidence = plan.evidence;
    report.files = plan.files;
    report.findings = plan.findings;
    const auto stopped = [&] {
        return std::any_of(report.findings.begin(), report.findings.end(),
                           [](const Finding& f) { return f.severity == Severity::Fault; });
    };
    for (const CompanionFile& file : plan.files)
        if (file.needed && file.path.empty() && file.role.find("vocabulary") == std::string::npos)
            report.findings.push_back(
                {Severity::Fault, file.role,
                 "is missing beside the checkpoint" + (file.note.empty() ? "" : ": " + file.note)});
    if (stopped() && plan.parameters.empty()) return;
    for (Finding fault : plan.spec.validate()) {
        fault.where = "wiring, " + fault.where;
        report.findings.push_back(fault);
    }
    askForWords(plan, report);
    setTokenisers(plan, options, report.findings);
    report.wiring = describeWiring(plan.spec);
    AppliedPlan applied = applyPlan(plan, source);
    report.parameters = std::move(applied.report);
    report.mapping = mappingText(plan, source);
    if (!applied.complete || stopped()) return;

    plan.card.name = fileStem(report.path);
    if (plan.card.description.empty()) plan.card.description = "Imported from " + plan.toolkit;
    plan.card.provenance.insert(plan.card.provenance.begin(),
                                {"imported from " + plan.toolkit + ": " + fileName(report.path)});
    try {
        const auto model = std::make_shared<const Model>(plan.card, plan.spec, makeSides(plan),
                                                         std::move(applied.parameters));
        report.model = options.makeSelfTest ? tested(model, options.sentence, report.findings) : model;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Bug) throw;
        report.findings.push_back({Severity::Fault, "model", error.what()});
    }
}

} // namespace

const std::vector<Convention>& conventions() {
    static const std::vector<Convention> all{openNmtPy(), joeyNmt(),         fairseq(),
                                             marian(),    pytorchClassics(), keras()};
    return all;
}

ImportReport importModel(const std::string& path, const ImportOptions& options) {
    return importModel(openArchive(path), options);
}

ImportReport importModel(const ArchivePtr& archive, const ImportOptions& options) {
    ImportReport report;
    report.path = archive->path();
    ImportSource source(archive);
    report.container = containerText(source.main());
    if (!options.mapping.empty()) {
        ImportPlan plan = readMapping(options.mapping, source, options);
        realise(plan, source, options, report);
        return report;
    }
    for (const Convention& convention : conventions()) {
        if (!convention.recognises(source)) continue;
        ImportPlan plan = convention.plan(source, options);
        realise(plan, source, options, report);
        return report;
    }
    explainUnknown(source, report);
    report.mapping = mappingDraft(source);
    return report;
}

void throwIfIncomplete(const ImportReport& report) {
    if (report.model) return;
    std::string text = report.path + ": " +
                       (report.toolkit.empty() ? "cannot be opened as a model"
                                               : "a model of " + report.toolkit + ", cannot be run yet") +
                       ":";
    for (const Finding& finding : report.findings)
        if (finding.severity == Severity::Fault) text += "\n  " + finding.where + ": " + finding.text;
    int told = 0;
    for (const ParameterReport& p : report.parameters) {
        if (p.state != ParameterState::Missing && p.state != ParameterState::Misshapen) continue;
        if (++told > 20) continue;
        text += "\n  " + parameterLine(p);
    }
    if (told > 20) text += "\n  and " + std::to_string(told - 20) + " more parameters";
    throw Error(report.toolkit.empty() ? ErrorKind::Unsupported : ErrorKind::Data, text);
}

ModelPtr openAnyModel(const std::string& path, const ImportOptions& options) {
    if (isNativeModel(path)) {
        if (options == ImportOptions()) return openModel(path);
        throw Error(
            ErrorKind::Argument,
            path +
                ": is a model file of this program, which holds all it needs; vocabularies, settings and "
                "mappings are named for checkpoints of other programs");
    }
    ImportOptions bare = options;
    bare.makeSelfTest = false;
    const ImportReport report = importModel(path, bare);
    throwIfIncomplete(report);
    return report.model;
}

} // namespace attn
