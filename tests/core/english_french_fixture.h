// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "core/tasks/english_french/sampler.h"
#include "core/text/tokeniser.h"

/// Builders of English-French sentence trees for tests: small functions that read like the sentence.
namespace attn::english_french {

inline std::string joined(const std::vector<std::string>& tokens) {
    return detokenise(TokeniserKind::Whitespace, tokens);
}

/// The English phrase with these words, read from the left: an independent small builder of trees.
inline NounPhrase np(const char* noun, bool plural = false,
                     std::initializer_list<const char*> adjectives = {},
                     Determiner determiner = Determiner::Definite) {
    NounPhrase phrase;
    phrase.noun = &english_french::noun(noun);
    phrase.plural = plural;
    phrase.determiner = determiner;
    for (const char* word : adjectives) {
        const Adjective& adjective = english_french::adjective(word);
        if (adjective.position == Position::Before) phrase.before = &adjective;
        if (adjective.position == Position::After) phrase.after = &adjective;
        if (adjective.position == Position::Relational) phrase.relational = &adjective;
    }
    return phrase;
}

inline NounPhrase pronoun(Pronoun which) {
    NounPhrase phrase;
    phrase.pronoun = which;
    return phrase;
}

inline Clause act(NounPhrase subject, const char* verb, Tense tense, std::vector<NounPhrase> object = {}) {
    Clause clause;
    clause.subject = std::move(subject);
    clause.verb = &english_french::verb(verb);
    clause.tense = tense;
    clause.object = std::move(object);
    return clause;
}

inline Clause negated(Clause clause) {
    clause.negated = true;
    return clause;
}

inline Example said(const Clause& clause) {
    Sentence sentence;
    sentence.clause = clause;
    return realise(sentence);
}

} // namespace attn::english_french
