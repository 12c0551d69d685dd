// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/reading.h"

#include <algorithm>
#include <utility>

#include "core/run/typed_text.h"

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

TypedReading<TokenBatch> readTyped(const EncoderDecoder<float>& network, const Model& model,
                                   const std::string& text, Trace& trace) {
    std::vector<Position>& positions = trace.axes.front().positions;
    positions = typedSource(model, text);
    SourceWords source = sourceWords(positions);
    auto read = readSources(network, model, {&source.ids}, {std::move(source.words)});
    return {std::move(read.input),
            read.extra.empty() ? std::vector<std::string>() : read.extra.front(),
            {},
            static_cast<int>(source.ids.size())};
}

TypedReading<int> readTyped(const LanguageModel<float>&, const Model& model, const std::string& text,
                            Trace&) {
    TypedReading<int> reading{1};
    for (const Token& token : model.target().tokeniser.tokenise(text))
        reading.prompt.push_back({token.text, typedId(model, model.target().vocabulary, token.text)});
    if (model.card().reversed) std::reverse(reading.prompt.begin(), reading.prompt.end());
    reading.words = static_cast<int>(reading.prompt.size());
    return reading;
}

BatchReading<TokenBatch> readSources(const EncoderDecoder<float>& network, const Model& model,
                                     const std::vector<const std::vector<int>*>& sources,
                                     std::vector<std::vector<std::string>> words) {
    const Vocabulary& vocabulary = model.source()->vocabulary;
    BatchReading<TokenBatch> read{paddedBatch(sources, vocabulary.special().pad)};
    if (network.spec().copy == CopyKind::None) return read;
    for (std::size_t b = words.size(); b < sources.size(); ++b) {
        words.emplace_back();
        for (const int id : *sources[b]) words.back().push_back(vocabulary.text(id));
    }
    read.extra = setCopyIds(words, model.target().vocabulary, read.input);
    return read;
}

BatchReading<int> readSources(const LanguageModel<float>&, const Model&,
                              const std::vector<const std::vector<int>*>& sources,
                              const std::vector<std::vector<std::string>>&) {
    return {static_cast<int>(sources.size())};
}

std::vector<int> promptOf(const EncoderDecoder<float>&, const std::vector<int>&) {
    return {};
}

std::vector<int> promptOf(const LanguageModel<float>&, const std::vector<int>& source) {
    return source;
}

int stepLimit(int asked, int sourceWords, int given) {
    return asked > 0 ? asked : 2 * sourceWords + 20 + given;
}

} // namespace attn
