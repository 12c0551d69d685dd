// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/typed_text.h"

namespace attn {

int wordId(const Model& model, const Vocabulary& vocabulary, const std::string& word) {
    return model.card().foldCase ? vocabulary.idFolding(word) : vocabulary.id(word);
}

int typedId(const Model& model, const Vocabulary& vocabulary, const std::string& word) {
    const int id = wordId(model, vocabulary, word);
    const SpecialTokens& special = vocabulary.special();
    return id == special.pad || id == special.bos || id == special.eos ? special.unk : id;
}

std::vector<SourceToken> typedSource(const Model& model, const std::string& text) {
    const Vocabulary& vocabulary = model.sourceVocabulary();
    std::vector<SourceToken> tokens;
    for (const Token& token : model.sourceTokeniser().tokenise(text)) {
        const int id = typedId(model, vocabulary, token.text);
        tokens.push_back(
            {token.text, id, id != vocabulary.special().unk, false, token.begin, token.end, token.word});
    }
    if (tokens.empty()) throw Error(ErrorKind::Argument, "the sentence is empty; type at least one word");
    if (model.spec().sourceEnd) {
        const int end = static_cast<int>(text.size());
        const int eos = vocabulary.special().eos;
        tokens.push_back({vocabulary.text(eos), eos, true, true, end, end});
    }
    return tokens;
}

TypedTarget typedTarget(const Model& model, const std::string& text) {
    const Vocabulary& vocabulary = model.targetVocabulary();
    TypedTarget target;
    for (const Token& token : model.targetTokeniser().tokenise(text)) {
        target.words.push_back(token.text);
        target.ids.push_back(typedId(model, vocabulary, token.text));
    }
    if (target.words.empty())
        throw Error(ErrorKind::Argument,
                    "the forced target is empty; type the translation to be followed, or choose greedy");
    const int eos = vocabulary.special().eos;
    target.words.push_back(vocabulary.text(eos));
    target.ids.push_back(eos);
    return target;
}

} // namespace attn
