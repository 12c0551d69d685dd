// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/typed_text.h"

#include <algorithm>
#include <utility>

#include "core/model/networks.h"

namespace attn {

int wordId(const Model& model, const Vocabulary& vocabulary, const std::string& word) {
    return model.card().foldCase ? vocabulary.idFolding(word) : vocabulary.id(word);
}

int typedId(const Model& model, const Vocabulary& vocabulary, const std::string& word) {
    const int id = wordId(model, vocabulary, word);
    const SpecialTokens& special = vocabulary.special();
    return id == special.pad || id == special.bos || id == special.eos ? special.unk : id;
}

namespace {

/// Throws Error(Argument) naming the words whose id is -1.
template <typename Words>
void requireKnown(const Words& words, const char* side) {
    std::string unknown;
    for (const auto& [text, id] : words)
        if (id < 0) unknown += (unknown.empty() ? "\"" : ", \"") + text + "\"";
    if (!unknown.empty())
        throw Error(ErrorKind::Argument, "the model does not know " + unknown + ", and its " + side +
                                             " vocabulary has no symbol for unknown words; use other words");
}

} // namespace

std::vector<SourceToken> typedSource(const Model& model, const std::string& text) {
    const EncoderDecoder<float>& network = encoderDecoder(model);
    const Vocabulary& vocabulary = model.source()->vocabulary;
    std::vector<SourceToken> tokens;
    std::vector<std::pair<std::string, int>> words;
    for (const Token& token : model.source()->tokeniser.tokenise(text)) {
        const int id = typedId(model, vocabulary, token.text);
        tokens.push_back(
            {token.text, id, id != vocabulary.special().unk, false, token.begin, token.end, token.word});
        words.emplace_back(token.text, id);
    }
    if (tokens.empty()) throw Error(ErrorKind::Argument, "the sentence is empty; type at least one word");
    requireKnown(words, "source");
    if (model.card().reversed) std::reverse(tokens.begin(), tokens.end());
    const auto symbol = [&](int id, int at) {
        return SourceToken{vocabulary.text(id), id, true, true, at, at};
    };
    const int end = static_cast<int>(text.size());
    if (network.spec().sourceStart) tokens.insert(tokens.begin(), symbol(vocabulary.special().bos, 0));
    if (network.spec().sourceEnd) tokens.push_back(symbol(vocabulary.special().eos, end));
    const std::size_t positions =
        static_cast<std::size_t>(network.attention().positionsFor(static_cast<int>(tokens.size())));
    while (tokens.size() < positions) tokens.push_back({"\u2205", -1, true, true, end, end});
    return tokens;
}

TypedTarget typedTarget(const Model& model, const std::string& text) {
    const Vocabulary& vocabulary = model.target().vocabulary;
    TypedTarget target;
    std::vector<std::pair<std::string, int>> words;
    for (const Token& token : model.target().tokeniser.tokenise(text)) {
        target.words.push_back(token.text);
        target.ids.push_back(typedId(model, vocabulary, token.text));
        words.emplace_back(token.text, target.ids.back());
    }
    if (target.words.empty())
        throw Error(ErrorKind::Argument,
                    "the forced target is empty; type the translation to be followed, or choose greedy");
    requireKnown(words, "target");
    if (model.card().reversed) {
        std::reverse(target.words.begin(), target.words.end());
        std::reverse(target.ids.begin(), target.ids.end());
    }
    const int eos = vocabulary.special().eos;
    target.words.push_back(vocabulary.text(eos));
    target.ids.push_back(eos);
    return target;
}

std::vector<std::string> inReadingOrder(const Model& model, std::vector<std::string> words) {
    if (model.card().reversed) std::reverse(words.begin(), words.end());
    return words;
}

std::string targetText(const Model& model, const std::vector<std::string>& words) {
    return model.target().tokeniser.detokenise(inReadingOrder(model, words));
}

} // namespace attn
