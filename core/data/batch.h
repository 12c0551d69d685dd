// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/model/encoder_decoder/values.h"
#include "core/model/model_spec.h"
#include "core/tasks/task.h"
#include "core/text/vocabulary.h"

namespace attn {

/// What a model asks of the sentences it is given, beside its vocabularies.
struct TextForm {
    bool sourceStart = false; ///< the start symbol stands before the source
    bool sourceEnd = true;    ///< the end symbol stands after it
    bool copies = false;      ///< source words that the target vocabulary lacks are outputs, too
    bool single = false;      ///< it reads no source: its examples are single texts
};
TextForm textFormOf(const ModelSpec& spec);

/// A pair of sentences as word ids, with the symbols that the model asks for; of a single text the source
/// is empty and the target the text.
struct EncodedPair {
    /// With copies, the target holds ids from the target vocabulary's size on: the source's words that the
    /// vocabulary lacks, by first appearance.
    std::vector<int> source, target;
    std::vector<GoldLink> links = {}; ///< positions in source and target; empty where unknown
    std::vector<int> copyIds = {};    ///< with copies: the output that each source position stands for
    int extraWords = 0;               ///< with copies: outputs beyond the target vocabulary

    bool operator==(const EncodedPair&) const = default;
};

/// A word that is spelt like a special token ("</s>") is an unknown word.
EncodedPair encodePair(const Example& example, const TextForm& form, const Vocabulary& source,
                       const Vocabulary& target);

/// A batch ready for one training step: row t*B + b of the targets is word t of sentence b.
struct PairBatch {
    TokenBatch source;                        ///< of single texts: B lengths of 0, no positions
    int steps = 0;                            ///< T, the longest target
    std::vector<int> previous;                ///< T*B ids that enter the decoder; the start symbol first
    std::vector<int> gold;                    ///< T*B ids to be predicted; -1 beyond a sentence's end
    int words = 0;                            ///< entries of gold that count
    std::vector<std::vector<GoldLink>> links; ///< of each of the B sentences; empty where unknown

    int batch() const { return source.batch(); }
};

PairBatch makeBatch(const std::vector<EncodedPair>& pairs, const Vocabulary& source,
                    const Vocabulary& target);

/// The sentences first, first + stride, ... of a batch as a batch, padded as little as they need.
PairBatch shardOf(const PairBatch& batch, int first, int stride);

/// Sorts by length and cuts into batches in which B*T is at most `batchWords`, padding included, and so is
/// B*S; a longer pair is a batch by itself. With a seed the batches stand in an order that it decides.
std::vector<PairBatch> batchesByWords(std::vector<EncodedPair> pairs, int batchWords,
                                      const Vocabulary& source, const Vocabulary& target,
                                      std::optional<std::uint64_t> seed = std::nullopt);

/// Makes each source word and each target word that enters the decoder <unk> with probability `rate`; special
/// tokens, and what is to be predicted, stay.
void dropWords(PairBatch& batch, double rate, const SpecialTokens& source, const SpecialTokens& target,
               Random& random);

} // namespace attn
