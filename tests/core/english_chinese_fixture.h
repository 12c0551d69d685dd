// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/tasks/english_chinese/english_chinese.h"
#include "core/tasks/english_chinese/realiser.h"
#include "core/text/tokeniser.h"

/// Builders of English-Chinese sentence trees for tests: small functions that read like the sentence.
namespace attn::english_chinese {

inline std::string joined(const std::vector<std::string>& tokens) {
    return detokenise(TokeniserKind::Whitespace, tokens);
}

inline NounPhrase np(const char* english, Determiner determiner = Determiner::Definite, bool plural = false,
                     int number = 2) {
    NounPhrase phrase;
    phrase.noun = &noun(english);
    phrase.determiner = determiner;
    phrase.plural = plural;
    phrase.number = number;
    return phrase;
}
inline NounPhrase with(NounPhrase phrase, const char* first, const char* colour = nullptr) {
    if (first) phrase.first = &adjective(first, phrase.noun->classes);
    if (colour) phrase.colour = &adjective(colour, phrase.noun->classes);
    return phrase;
}
inline NounPhrase of(NounPhrase phrase, NounPhrase whose) {
    phrase.complement.push_back(std::move(whose));
    return phrase;
}
inline NounPhrase pronoun(Pronoun which) {
    NounPhrase phrase;
    phrase.pronoun = which;
    return phrase;
}
inline NounPhrase named(const char* english) {
    NounPhrase phrase;
    phrase.name = &name(english);
    return phrase;
}
inline NounPhrase related(NounPhrase phrase, Clause clause, Clause::Gap gap) {
    clause.gap = gap;
    phrase.relative.push_back(std::move(clause));
    return phrase;
}

inline Clause act(NounPhrase subject, const char* word, Tense tense, std::optional<NounPhrase> object = {},
                  Frame frame = Frame::Transitive) {
    Clause clause;
    clause.subject = std::move(subject);
    clause.verb = &verb(word, frame);
    clause.tense = tense;
    clause.object = std::move(object);
    return clause;
}
inline Clause alone(NounPhrase subject, const char* word, Tense tense) {
    return act(std::move(subject), word, tense, {}, Frame::Intransitive);
}
inline Clause being(NounPhrase subject, Predicate predicate, const char* quality = nullptr) {
    Clause clause;
    clause.subject = std::move(subject);
    clause.predicate = predicate;
    if (quality)
        clause.quality = &adjective(quality, clause.subject.noun ? clause.subject.noun->classes : Person);
    return clause;
}
inline Clause negated(Clause clause) {
    clause.negated = true;
    return clause;
}
inline Clause can(Clause clause, Modal modal) {
    clause.modal = modal;
    return clause;
}
inline Clause ask(Clause clause, Question question) {
    clause.question = question;
    return clause;
}
inline Clause at(Clause clause, const char* preposition, NounPhrase where) {
    clause.place = Place{&english_chinese::preposition(preposition), std::move(where)};
    return clause;
}
inline Clause on(Clause clause, const char* when) {
    clause.time = Time{};
    clause.time->fixed = &english_chinese::time(when);
    return clause;
}
inline Clause adverb(Clause clause, const char* word) {
    clause.adverb = &verbAdverb(word);
    return clause;
}

inline Example said(const Clause& clause) {
    Sentence sentence;
    sentence.clause = clause;
    return realise(sentence);
}
inline Example said(const Clause& clause, const char* word, const Clause& other, bool otherFirst = false) {
    Sentence sentence;
    sentence.clause = clause;
    sentence.joint = &joint(word);
    sentence.other.push_back(other);
    sentence.otherFirst = otherFirst;
    return realise(sentence);
}

/// "0-1 2?3": a sure and a possible link, source first.
inline std::string written(const std::vector<GoldLink>& links) {
    std::string text;
    for (const GoldLink& link : links)
        text += (text.empty() ? "" : " ") + std::to_string(link.source) + (link.sure ? "-" : "?") +
                std::to_string(link.target);
    return text;
}

inline const std::set<std::string>& punctuation() {
    static const std::set<std::string> marks = {",", ".", "?"};
    return marks;
}

} // namespace attn::english_chinese
