// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/tasks/english_french/lexicon.h"
#include "core/tasks/task.h"

/// The trees of the language. A tree holds the choices of one derivation and no word order;
/// realise() walks it once and writes both sides and the links between them.
namespace attn::english_french {

enum class Determiner {
    Definite,   ///< the: le la les
    Indefinite, ///< a, some: un une des, du de la
    This,       ///< this these: ce cet cette ces
    That,       ///< that those: the same in French
    My,
    Your,
    His,
    Her,
    Our,
    Their,
    Every,   ///< every: chaque; singular
    Several, ///< several: plusieurs; plural
    Many,    ///< many: beaucoup de; plural
    All,     ///< all the: tous les; plural
    Number,  ///< two .. twenty; plural
};

enum class Pronoun { None, I, You, He, She, We, They };

struct Clause;

struct NounPhrase {
    Determiner determiner = Determiner::Definite;
    int number = 2; ///< for Determiner::Number
    bool plural = false;
    const Adjective* before = nullptr;
    const Adjective* after = nullptr;
    const Adjective* relational = nullptr;
    const english_french::Noun* noun = nullptr;
    const english_french::Name* name = nullptr; ///< instead of a noun
    Pronoun pronoun = Pronoun::None;            ///< instead of a noun
    const Preposition* link = nullptr;          ///< of the complement: "agreement on trade"
    std::vector<NounPhrase> complement;         ///< none or one
    std::vector<Clause> relative;               ///< none or one; its subject or object is this phrase
    const char* conjunction = "";               ///< "and" or "or" before the conjunct
    std::vector<NounPhrase> conjunct;           ///< none or one
};

enum class Tense { Present, Past, Perfect, Future };
enum class Modal { None, Can, Must, Want };
enum class Predicate { Verb, Passive, Adjective, Comparison, Place };

struct Adverbial {
    const FixedAdverbial* fixed = nullptr;
    const Preposition* preposition = nullptr; ///< with `phrase`; null: at, in or on as the place asks
    std::vector<NounPhrase> phrase;
    int month = -1;   ///< from 0: "in August", with `year` "in August 1992"
    int year = 0;     ///< "in 1992"
    int weekday = -1; ///< from 0: "on Monday"
    int ago = 0;      ///< "two weeks ago": how many,
    int unit = 0;     ///< of which of timeUnits()
};

struct Clause {
    enum class Gap { None, Subject, Object } gap = Gap::None; ///< of a relative clause
    NounPhrase subject;                                       ///< unused when the gap is the subject
    Predicate predicate = Predicate::Verb;
    Tense tense = Tense::Present;
    Modal modal = Modal::None;
    bool negated = false;
    const VerbAdverb* adverb = nullptr;
    const english_french::Verb* verb = nullptr;
    std::vector<NounPhrase> object;    ///< direct object, or what the verb's preposition governs
    std::vector<NounPhrase> recipient; ///< of Frame::Recipient
    std::vector<NounPhrase> agent;     ///< of the passive
    const english_french::Adjective* quality = nullptr; ///< of Predicate::Adjective and Comparison
    bool very = false;
    std::vector<NounPhrase> standard; ///< "than" whom or what
    std::vector<Adverbial> adverbials;
    std::vector<Clause> content; ///< that-clause of Frame::Clausal
    std::vector<Clause> second;  ///< a second verb phrase with the same subject, joined by "and"
};

struct Sentence {
    std::vector<Adverbial> opening; ///< none or one, set off by a comma
    Clause clause;
    const char* joint = "";    ///< "and", "but", "or", "because", "when", "if" before the second clause
    std::vector<Clause> other; ///< none or one
    bool fullStop = false;
};

/// Both sides of the sentence with their links. Throws Error(Argument) for a tree without its parts.
Example realise(const Sentence& sentence);

} // namespace attn::english_french
