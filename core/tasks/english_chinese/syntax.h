// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/tasks/english_chinese/lexicon.h"
#include "core/tasks/task.h"

/// The trees of the language. A tree holds the choices of one derivation and no word order;
/// realise() walks it once and writes both sides and the links between them.
namespace attn::english_chinese {

enum class Determiner {
    Definite,   ///< the: nothing in Chinese, 们 after people in the plural
    Indefinite, ///< a: 一 and the measure word; some: 一些
    Bare,       ///< tea; doctors
    This,       ///< this: 这 and the measure word; these: 这些
    That,
    My,
    Your,
    His,
    Her,
    Our,
    Their,
    Every,   ///< every: 每 and the measure word, 都 before the verb; only in subjects
    Several, ///< several: 几 and the measure word
    Many,    ///< many: 很多
    All,     ///< all the: 所有 的, 都 before the verb; only in subjects
    Number,  ///< two .. twelve with the measure word
};

enum class Pronoun { None, I, You, He, She, We, They };

struct Clause;

struct NounPhrase {
    Determiner determiner = Determiner::Definite;
    int number = 2; ///< for Determiner::Number; of containers too, where 1 is a
    bool plural = false;
    const Adjective* first = nullptr;  ///< not a colour
    const Adjective* colour = nullptr; ///< after it in English, before it in Chinese if that one is bare
    const english_chinese::Noun* noun = nullptr;
    const Container* container = nullptr;        ///< a cup of tea
    const english_chinese::Name* name = nullptr; ///< instead of a noun
    Pronoun pronoun = Pronoun::None;             ///< instead of a noun
    std::vector<NounPhrase> complement;          ///< of whom or what; none or one
    std::vector<Clause> relative;                ///< none or one; its subject or object is this phrase
    std::vector<NounPhrase> conjunct;            ///< and; none or one
};

enum class Tense { Present, Progressive, Past, Perfect, Future };
enum class Modal { None, Can, Must, Should, Want };
enum class Predicate {
    Verb,
    Passive,
    Quality,    ///< is tired
    Comparison, ///< is bigger than
    Identity,   ///< is a doctor
    Place,      ///< is on the table
    Existence,  ///< there is a book on the table; the book is the object
};
enum class Degree { Plain, Very, Too };
enum class Question { None, YesNo, Who, What, Whom, Where, When, Why };

/// When: one of the fields that is set.
struct Time {
    const FixedTime* fixed = nullptr;
    int weekday = -1; ///< from 0: on Monday
    int month = -1;   ///< from 0: in August, with a year in August 2019
    int year = 0;
    int ago = 0;  ///< two weeks ago: how many,
    int unit = 0; ///< of which of timeUnits()
};

struct Place {
    const english_chinese::Preposition* preposition = nullptr;
    NounPhrase where;
};

struct Clause {
    enum class Gap { None, Subject, Object } gap = Gap::None; ///< of a relative clause
    NounPhrase subject;                                       ///< unused when the gap is the subject
    Predicate predicate = Predicate::Verb;
    Tense tense = Tense::Present;
    Modal modal = Modal::None;
    Question question = Question::None;
    bool negated = false;
    const VerbAdverb* adverb = nullptr;
    const english_chinese::Verb* verb = nullptr;
    std::optional<NounPhrase> object; ///< of the verb; where it goes; what something is
    std::optional<NounPhrase> recipient;
    std::optional<NounPhrase> agent; ///< of the passive
    const english_chinese::Adjective* quality = nullptr;
    Degree degree = Degree::Plain;
    std::optional<NounPhrase> standard; ///< than whom or what
    std::optional<Time> time;
    std::optional<english_chinese::Place> place;
    std::optional<NounPhrase> companion; ///< with whom
    const WordPair* vehicle = nullptr;   ///< by train
    const FixedTime* manner = nullptr;
    std::vector<Clause> content; ///< that-clause of Frame::Clausal
};

struct Sentence {
    std::optional<Time> opening; ///< set off by a comma
    Clause clause;
    const english_chinese::Joint* joint = nullptr; ///< before the other clause
    std::vector<Clause> other;                     ///< none or one
    bool otherFirst = false;                       ///< "because it rained , he left"
    bool fullStop = false;
};

/// Both sides of the sentence with their links. Throws Error(Argument) for a tree without its parts.
Example realise(const Sentence& sentence);

} // namespace attn::english_chinese
