// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/batch.h"

#include <algorithm>

#include "core/run/reading.h"

namespace attn {

TextForm textFormOf(const ModelSpec& spec) {
    TextForm form{false, false, false, true};
    for (const SideNeed& side : sidesOf(spec)) form.single = form.single && side.role != SideRole::Source;
    if (const auto* s = std::get_if<EncoderDecoderSpec>(&spec)) {
        form.sourceStart = s->sourceStart;
        form.sourceEnd = s->sourceEnd;
        form.copies = s->copy != CopyKind::None;
    }
    return form;
}

EncodedPair encodePair(const Example& example, const TextForm& form, const Vocabulary& source,
                       const Vocabulary& target) {
    EncodedPair pair;
    const auto encode = [](const std::vector<std::string>& words, const Vocabulary& vocabulary) {
        const SpecialTokens& special = vocabulary.special();
        std::vector<int> ids = vocabulary.ids(words);
        for (int& id : ids)
            if (id == special.pad || id == special.bos || id == special.eos) id = special.unk;
        return ids;
    };
    pair.target = encode(example.target, target);
    if (!example.source.empty()) {
        std::vector<std::string> words = example.source; // as they are written, the symbols included
        pair.source = encode(example.source, source);
        if (form.sourceStart) {
            pair.source.insert(pair.source.begin(), source.special().bos);
            words.insert(words.begin(), source.text(source.special().bos));
        }
        if (form.sourceEnd) {
            pair.source.push_back(source.special().eos);
            words.push_back(source.text(source.special().eos));
        }
        if (form.copies) {
            TokenBatch copied;
            copied.positions = static_cast<int>(words.size());
            const std::vector<std::string> extra = setCopyIds({words}, target, copied).front();
            pair.copyIds = std::move(copied.copyIds);
            pair.extraWords = copied.extraWords;
            for (std::size_t t = 0; t < pair.target.size(); ++t) {
                const auto at = std::find(extra.begin(), extra.end(), example.target[t]);
                if (pair.target[t] == target.special().unk && at != extra.end())
                    pair.target[t] = target.size() + static_cast<int>(at - extra.begin());
            }
        }
    }
    pair.target.push_back(target.special().eos);
    pair.links = example.links;
    return pair;
}

PairBatch makeBatch(const std::vector<EncodedPair>& pairs, const Vocabulary& source,
                    const Vocabulary& target) {
    PairBatch batch;
    const std::size_t B = pairs.size();
    for (const EncodedPair& pair : pairs) {
        batch.source.lengths.push_back(static_cast<int>(pair.source.size()));
        batch.source.positions = std::max(batch.source.positions, batch.source.lengths.back());
        batch.steps = std::max(batch.steps, static_cast<int>(pair.target.size()));
        batch.words += static_cast<int>(pair.target.size());
    }
    const auto S = static_cast<std::size_t>(batch.source.positions),
               T = static_cast<std::size_t>(batch.steps);
    batch.source.ids.assign(B * S, source.special().pad);
    const bool copies = B > 0 && !pairs.front().copyIds.empty();
    if (copies) batch.source.copyIds.assign(B * S, -1);
    batch.previous.assign(T * B, target.special().pad);
    batch.gold.assign(T * B, -1);
    for (std::size_t b = 0; b < B; ++b) {
        batch.links.push_back(pairs[b].links);
        std::copy(pairs[b].source.begin(), pairs[b].source.end(),
                  batch.source.ids.begin() + static_cast<std::ptrdiff_t>(b * S));
        if (copies) {
            std::copy(pairs[b].copyIds.begin(), pairs[b].copyIds.end(),
                      batch.source.copyIds.begin() + static_cast<std::ptrdiff_t>(b * S));
            batch.source.extraWords = std::max(batch.source.extraWords, pairs[b].extraWords);
        }
        for (std::size_t t = 0; t < pairs[b].target.size(); ++t) {
            const int before = t == 0 ? target.special().bos : pairs[b].target[t - 1];
            batch.previous[t * B + b] = before < target.size() ? before : target.special().unk;
            batch.gold[t * B + b] = pairs[b].target[t];
        }
    }
    return batch;
}

PairBatch shardOf(const PairBatch& batch, int first, int stride) {
    const int B = batch.source.batch();
    PairBatch shard;
    std::vector<int> members;
    for (int b = first; b < B; b += stride) {
        members.push_back(b);
        shard.source.lengths.push_back(batch.source.lengths[static_cast<std::size_t>(b)]);
        shard.source.positions = std::max(shard.source.positions, shard.source.lengths.back());
        if (!batch.links.empty()) shard.links.push_back(batch.links[static_cast<std::size_t>(b)]);
        for (int t = shard.steps; t < batch.steps; ++t)
            if (batch.gold[static_cast<std::size_t>(t * B + b)] >= 0) shard.steps = t + 1;
    }
    for (const int b : members) {
        const auto from = batch.source.ids.begin() + static_cast<std::ptrdiff_t>(b) * batch.source.positions;
        shard.source.ids.insert(shard.source.ids.end(), from, from + shard.source.positions);
        if (batch.source.copyIds.empty()) continue;
        const auto copies =
            batch.source.copyIds.begin() + static_cast<std::ptrdiff_t>(b) * batch.source.positions;
        shard.source.copyIds.insert(shard.source.copyIds.end(), copies, copies + shard.source.positions);
    }
    shard.source.extraWords = batch.source.extraWords;
    for (int t = 0; t < shard.steps; ++t)
        for (const int b : members) {
            const auto at = static_cast<std::size_t>(t * B + b);
            shard.previous.push_back(batch.previous[at]);
            shard.gold.push_back(batch.gold[at]);
            shard.words += batch.gold[at] >= 0;
        }
    return shard;
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

void dropWords(PairBatch& batch, double rate, const SpecialTokens& source, const SpecialTokens& target,
               Random& random) {
    if (rate <= 0) return;
    const auto drop = [&](std::vector<int>& ids, const SpecialTokens& special) {
        for (int& id : ids)
            if (id != special.pad && id != special.bos && id != special.eos && random.chance(rate))
                id = special.unk;
    };
    if (batch.source.positions > 0) drop(batch.source.ids, source);
    drop(batch.previous, target);
}

} // namespace attn
