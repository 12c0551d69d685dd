// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/batch.h"

#include <algorithm>

#include "core/run/reading.h"

namespace attn {

EncodedPair encodePair(const Example& example, const EncoderDecoderSpec& spec, const Vocabulary& source,
                       const Vocabulary& target) {
    EncodedPair pair;
    const auto encode = [](const std::vector<std::string>& words, const Vocabulary& vocabulary) {
        const SpecialTokens& special = vocabulary.special();
        std::vector<int> ids = vocabulary.ids(words);
        for (int& id : ids)
            if (id == special.pad || id == special.bos || id == special.eos) id = special.unk;
        return ids;
    };
    pair.source = encode(example.source, source);
    if (spec.sourceStart) pair.source.insert(pair.source.begin(), source.special().bos);
    pair.target = encode(example.target, target);
    if (spec.sourceEnd) pair.source.push_back(source.special().eos);
    pair.target.push_back(target.special().eos);
    pair.links = example.links;
    return pair;
}

void addCopyIds(TokenBatch& batch, const Vocabulary& source, const Vocabulary& target) {
    std::vector<std::vector<std::string>> words;
    for (std::size_t b = 0; b < batch.lengths.size(); ++b) {
        words.emplace_back();
        for (std::size_t s = 0; s < static_cast<std::size_t>(batch.lengths[b]); ++s)
            words.back().push_back(source.text(batch.ids[b * static_cast<std::size_t>(batch.positions) + s]));
    }
    setCopyIds(words, target, batch);
}

PairBatch makeBatch(const std::vector<EncodedPair>& pairs, const Vocabulary& source,
                    const Vocabulary& target) {
    PairBatch batch;
    const std::size_t B = pairs.size();
    std::vector<const std::vector<int>*> sources;
    for (const EncodedPair& pair : pairs) {
        sources.push_back(&pair.source);
        batch.steps = std::max(batch.steps, static_cast<int>(pair.target.size()));
        batch.words += static_cast<int>(pair.target.size());
    }
    batch.source = paddedBatch(sources, source.special().pad);
    const auto T = static_cast<std::size_t>(batch.steps);
    batch.previous.assign(T * B, target.special().pad);
    batch.gold.assign(T * B, -1);
    for (std::size_t b = 0; b < B; ++b) {
        batch.links.push_back(pairs[b].links);
        for (std::size_t t = 0; t < pairs[b].target.size(); ++t) {
            batch.previous[t * B + b] = t == 0 ? target.special().bos : pairs[b].target[t - 1];
            batch.gold[t * B + b] = pairs[b].target[t];
        }
    }
    return batch;
}

std::vector<PairBatch> batchesByWords(std::vector<EncodedPair> pairs, int batchWords,
                                      const Vocabulary& source, const Vocabulary& target,
                                      std::optional<std::uint64_t> seed) {
    std::stable_sort(pairs.begin(), pairs.end(), [](const EncodedPair& a, const EncodedPair& b) {
        return std::pair(a.source.size(), a.target.size()) < std::pair(b.source.size(), b.target.size());
    });
    const auto most = static_cast<std::size_t>(std::max(1, batchWords));
    std::vector<PairBatch> batches;
    std::vector<EncodedPair> together;
    std::size_t S = 0, T = 0; // of the pairs together
    for (EncodedPair& pair : pairs) {
        const std::size_t longerS = std::max(S, pair.source.size()),
                          longerT = std::max(T, pair.target.size());
        if (!together.empty() && (together.size() + 1) * std::max(longerS, longerT) > most) {
            batches.push_back(makeBatch(together, source, target));
            together.clear();
            S = T = 0;
        }
        S = std::max(S, pair.source.size());
        T = std::max(T, pair.target.size());
        together.push_back(std::move(pair));
    }
    if (!together.empty()) batches.push_back(makeBatch(together, source, target));
    if (seed) Random(*seed).shuffle(batches);
    return batches;
}

} // namespace attn
