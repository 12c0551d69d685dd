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

std::vector<Position> typedSource(const Model& model, const std::string& text) {
    const EncoderDecoder<float>& network = encoderDecoder(model);
    const Vocabulary& vocabulary = model.source()->vocabulary;
    std::vector<Position> positions;
    std::vector<std::pair<std::string, int>> words;
    for (const Token& token : model.source()->tokeniser.tokenise(text)) {
        const int id = typedId(model, vocabulary, token.text);
        const TokenRole role = id == vocabulary.special().unk ? TokenRole::Unknown : TokenRole::Word;
        positions.push_back({token.text, id, role, token.begin, token.end, token.word});
        words.emplace_back(token.text, id);
    }
    if (positions.empty()) throw Error(ErrorKind::Argument, "the sentence is empty; type at least one word");
    requireKnown(words, "source");
    if (model.card().reversed) std::reverse(positions.begin(), positions.end());
    const auto symbol = [&](int id, TokenRole role, int at) {
        return Position{vocabulary.text(id), id, role, at, at};
    };
    const int end = static_cast<int>(text.size());
    if (network.spec().sourceStart)
        positions.insert(positions.begin(), symbol(vocabulary.special().bos, TokenRole::Start, 0));
    if (network.spec().sourceEnd) positions.push_back(symbol(vocabulary.special().eos, TokenRole::End, end));
    const int all = network.positionsFor(static_cast<int>(positions.size()));
    while (static_cast<int>(positions.size()) < all)
        positions.push_back({"\u2205", -1, TokenRole::Empty, end, end});
    return positions;
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
                    "the forced target is empty; type the text to be followed, or choose greedy");
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
