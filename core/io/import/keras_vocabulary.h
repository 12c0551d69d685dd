// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/import/import_source.h"

namespace attn {

/// Fills in a Keras model's vocabularies and tokenisers. They do not stand in its file: the files that
/// `options` names are read, or source_vocabulary and target_vocabulary (.json, .txt) beside it. Besides the
/// styles of readVocabularyFile() the JSON of Tokenizer.to_json() is one, by whose word_index ids count
/// from 1. The target's start and end symbol are recognised by their usual names; the source has an end
/// symbol where its vocabulary knows one. What was assumed is among the findings.
void addKerasVocabularies(ImportPlan& plan, const ImportSource& source, const ImportOptions& options);

} // namespace attn
