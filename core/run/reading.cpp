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

TypedReading<EncoderDecoder<float>> readTyped(const EncoderDecoder<float>& network, const Model& model,
                                              const std::string& text) {
    TypedReading<EncoderDecoder<float>> reading;
    reading.positions = typedSource(model, text);
    std::vector<int> ids;
    std::vector<std::string> words;
    for (const Position& position : reading.positions) {
        if (position.role == TokenRole::Empty) continue;
        ids.push_back(position.id);
        words.push_back(position.text);
    }
    reading.words = static_cast<int>(ids.size());
    auto batch = readBatch(network, model, {&ids}, {&words});
    reading.input = std::move(batch.input);
    if (!batch.extra.empty()) reading.extra = std::move(batch.extra.front());
    return reading;
}

TypedReading<LanguageModel<float>> readTyped(const LanguageModel<float>&, const Model& model,
                                             const std::string& text) {
    TypedReading<LanguageModel<float>> reading;
    reading.input = 1;
    reading.prompt = typedPrompt(model, text);
    reading.words = static_cast<int>(reading.prompt.ids.size());
    return reading;
}

BatchReading<EncoderDecoder<float>> readBatch(const EncoderDecoder<float>& network, const Model& model,
                                              const std::vector<const std::vector<int>*>& texts,
                                              const std::vector<const std::vector<std::string>*>& words) {
    const Vocabulary& source = model.source()->vocabulary;
    BatchReading<EncoderDecoder<float>> reading;
    reading.input = paddedBatch(texts, source.special().pad);
    if (network.spec().copy == CopyKind::None) return reading;
    std::vector<std::vector<std::string>> written;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        written.emplace_back();
        if (words[i])
            written.back() = *words[i];
        else
            for (const int id : *texts[i]) written.back().push_back(source.text(id));
    }
    reading.extra = setCopyIds(written, model.target().vocabulary, reading.input);
    return reading;
}

BatchReading<LanguageModel<float>> readBatch(const LanguageModel<float>&, const Model&,
                                             const std::vector<const std::vector<int>*>& texts,
                                             const std::vector<const std::vector<std::string>*>&) {
    BatchReading<LanguageModel<float>> reading;
    reading.input = static_cast<int>(texts.size());
    for (const std::vector<int>* text : texts) reading.given.push_back(*text);
    return reading;
}

int stepLimit(int asked, int typedWords, int given) {
    return asked > 0 ? asked : 2 * typedWords + 20 + given;
}

} // namespace attn
