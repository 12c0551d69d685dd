// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/io/container/archive.h"
#include "core/io/import/import_plan.h"

namespace attn {

/// What a person may name beside the checkpoint. What is empty is looked for beside it by the toolkit's own
/// names.
struct ImportOptions {
    std::string config;  ///< the toolkit's settings: Joey NMT's config.yaml, Keras' architecture JSON
    std::string mapping; ///< a mapping file (README): names in place of a toolkit's convention
    std::string sourceVocabulary; ///< vocabulary files of any toolkit
    std::string targetVocabulary;
    std::string sourcePieces; ///< a SentencePiece model, or subword-nmt codes
    std::string targetPieces;
    std::string partner; ///< the other of two files: decoder.pt where encoder.pt was given
    /// How typed text is split: a name of TokeniserKind; empty: as the checkpoint says, else at blanks.
    std::string sourceTokeniser, targetTokeniser;
    std::string sentence;     ///< of the self-test; empty: one of the model's own words
    bool makeSelfTest = true; ///< false: the model is to be run at once

    bool operator==(const ImportOptions&) const = default;
};

/// What became of one array.
enum class ParameterState { Used, Missing, Misshapen, Unused, Ignored };
template <>
struct EnumNames<ParameterState> {
    static constexpr std::array names{std::pair{ParameterState::Used, std::string_view("used")},
                                      std::pair{ParameterState::Missing, std::string_view("missing")},
                                      std::pair{ParameterState::Misshapen, std::string_view("misshapen")},
                                      std::pair{ParameterState::Unused, std::string_view("unused")},
                                      std::pair{ParameterState::Ignored, std::string_view("left out")}};
};

struct ParameterReport {
    ParameterState state = ParameterState::Used;
    std::string ours;     ///< empty for unused and ignored
    std::string theirs;   ///< their name or names, with what is done to them; empty for a fill
    std::string expected; ///< shape of ours: "288 x 96"
    std::string found;    ///< shape of theirs; empty if missing
    std::string note;     ///< why it is left out, what is wrong
};

/// Everything that importing a file came to, whether there is a model in the end or not.
struct ImportReport {
    std::string path;
    std::string container; ///< "PyTorch zip, 24 arrays, 1,234,567 numbers"
    std::string toolkit;   ///< empty: not recognised
    std::vector<std::string> evidence;
    std::vector<std::string> wiring; ///< the model in words, a line a part (describeWiring)
    std::vector<ParameterReport> parameters;
    std::vector<CompanionFile> files;
    Findings findings; ///< faults stand in the way of a model; warnings and notes do not
    ModelPtr model;    ///< nullptr while something is missing; carries a self-test
    /// The plan as a mapping file, to be edited and given back by --mapping; a draft where nothing was
    /// recognised.
    std::string mapping;
};

using ImportReportPtr = std::shared_ptr<const ImportReport>;

/// Opens a checkpoint of another program, with what belongs to it beside it. Throws what openArchive()
/// throws; everything after that stands in the report.
ImportReport importModel(const std::string& path, const ImportOptions& options = {});
/// The same for a file that is open already.
ImportReport importModel(const ArchivePtr& archive, const ImportOptions& options = {});

/// Throws Error(Unsupported) where nothing was recognised, Error(Data) where there is no model for another
/// reason, with everything that stands in the way; nothing if there is a model.
void throwIfIncomplete(const ImportReport& report);

/// All of a report in text, as `attn convert` prints it.
std::string toText(const ImportReport& report);

/// A native model file (openModel) or a checkpoint of another program. Throws Error(Data) or
/// Error(Unsupported) with everything that stands in the way.
ModelPtr openAnyModel(const std::string& path, const ImportOptions& options = {});

/// The wiring in words, one line a part: embeddings, encoder, first state, decoder, attention, readout,
/// output.
std::vector<std::string> describeWiring(const EncoderDecoderSpec& spec);

} // namespace attn
