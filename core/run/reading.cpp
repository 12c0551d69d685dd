// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/reading.h"

#include <algorithm>

namespace attn {

TokenBatch paddedBatch(const std::vector<const std::vector<int>*>& sentences, int pad) {
    TokenBatch batch;
    for (const std::vector<int>* ids : sentences) {
        batch.lengths.push_back(static_cast<int>(ids->size()));
        batch.positions = std::max(batch.positions, batch.lengths.back());
    }
    for (const std::vector<int>* ids : sentences) {
        batch.ids.insert(batch.ids.end(), ids->begin(), ids->end());
        batch.ids.insert(batch.ids.end(), static_cast<std::size_t>(batch.positions) - ids->size(), pad);
    }
    return batch;
}

std::vector<std::vector<std::string>> setCopyIds(const std::vector<std::vector<std::string>>& words,
                                                 const Vocabulary& target, TokenBatch& batch) {
    std::vector<std::vector<std::string>> extra(words.size());
    batch.copyIds.clear();
    batch.extraWords = 0;
    for (std::size_t b = 0; b < words.size(); ++b) {
        for (const std::string& word : words[b]) {
            int id = target.contains(word) ? target.id(word) : -1;
            if (id < 0 || id == target.special().unk) {
                const auto at = std::find(extra[b].begin(), extra[b].end(), word);
                id = target.size() + static_cast<int>(at - extra[b].begin());
                if (at == extra[b].end()) extra[b].push_back(word);
            }
            batch.copyIds.push_back(id);
        }
        batch.copyIds.resize((b + 1) * static_cast<std::size_t>(batch.positions), -1);
        batch.extraWords = std::max(batch.extraWords, static_cast<int>(extra[b].size()));
    }
    return extra;
}

SourceWords sourceWords(const std::vector<Position>& positions) {
    SourceWords source;
    for (const Position& position : positions) {
        if (position.role == TokenRole::Empty) continue;
        source.ids.push_back(position.id);
        source.words.push_back(position.text);
    }
    return source;
}

SourceReading readSource(const Model& model, const std::vector<Position>& positions) {
    const SourceWords words = sourceWords(positions);
    SourceReading source;
    source.tokens = paddedBatch({&words.ids}, model.source()->vocabulary.special().pad);
    if (encoderDecoder(model).spec().copy != CopyKind::None)
        source.extra = setCopyIds({words.words}, model.target().vocabulary, source.tokens).front();
    return source;
}

int stepLimit(int asked, int sourceWords, int given) {
    return asked > 0 ? asked : 2 * sourceWords + 20 + given;
}

} // namespace attn
