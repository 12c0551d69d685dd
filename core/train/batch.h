// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/model/encoder_decoder/network.h"
#include "core/tasks/task.h"
#include "core/text/vocabulary.h"

namespace attn {

/// A pair of sentences as word ids, with the end symbols that the model asks for.
struct EncodedPair {
    std::vector<int> source, target;
    std::vector<GoldLink> links = {}; ///< positions in source and target; empty where unknown

    bool operator==(const EncodedPair&) const = default;
};

/// A word that is spelt like a special token ("</s>") is an unknown word.
EncodedPair encodePair(const Example& example, const EncoderDecoderSpec& spec, const Vocabulary& source,
                       const Vocabulary& target);

/// A batch ready for one training step: row t*B + b of the targets is word t of sentence b.
struct PairBatch {
    TokenBatch source;
    int steps = 0;                            ///< T, the longest target
    std::vector<int> previous;                ///< T*B ids that enter the decoder; the start symbol first
    std::vector<int> gold;                    ///< T*B ids to be predicted; -1 beyond a sentence's end
    int words = 0;                            ///< entries of gold that count
    std::vector<std::vector<GoldLink>> links; ///< of each of the B sentences; empty where unknown
};

PairBatch makeBatch(const std::vector<EncodedPair>& pairs, const Vocabulary& source,
                    const Vocabulary& target);

/// Says which output each source word stands for, as a model that copies wants it (TokenBatch::copyIds).
void addCopyIds(TokenBatch& batch, const Vocabulary& source, const Vocabulary& target);

/// Sorts by length and cuts into batches in which B*T is at most `batchWords`, padding included, and so is
/// B*S; a longer pair is a batch by itself. With a seed the batches stand in an order that it decides.
std::vector<PairBatch> batchesByWords(std::vector<EncodedPair> pairs, int batchWords,
                                      const Vocabulary& source, const Vocabulary& target,
                                      std::optional<std::uint64_t> seed = std::nullopt);

} // namespace attn
