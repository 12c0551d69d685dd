// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/english_french/french_morphology.h"

namespace attn::english_french {

/// What a noun can name; a bit each, so that verbs and adjectives can say what fits them.
enum NounClass : unsigned {
    Person = 1,
    Animal = 2,
    Thing = 4,
    Food = 8,
    Drink = 16,
    Place = 32,
    Text = 64,
    Legal = 128,
    Institution = 256,
    Event = 512,
    Topic = 1024,
    Vehicle = 2048,
    Opening = 4096,
    Kin = 8192,       ///< people and things one calls one's own: my brother
    Official = 16384, ///< of a country: the president of France
    About = 32768,    ///< on a topic: the agreement on trade
    Home = 65536,     ///< where one lives
    Building = 131072,
    Planned = 262144, ///< an event that is organised, unlike a war
};

enum class Count {
    Countable, ///< a cat, two cats
    Mass,      ///< some bread
    Bare,      ///< peace: no article in English, "la" in French
    Unique,    ///< the European Parliament: always "the", singular
};

/// The preposition with which a place is a place to be.
enum class Locative { None, At, In, On };

/// A noun or compound noun. Texts are tokens separated by blanks; an empty plural is formed by rule.
struct Noun {
    const char* english;
    const char* englishPlural;
    const char* french;
    const char* frenchPlural;
    Gender gender;
    unsigned classes;
    Count count = Count::Countable;
    Locative locative = Locative::None;
    /// "0-1 1-0 0?2": sure and possible links between the tokens; empty: one token each, linked.
    const char* links = "";
};

enum class Position {
    Before,     ///< before the French noun: petit, vieux
    After,      ///< after it, outside relational adjectives: noir, important
    Relational, ///< directly after it: politique, italien
};

struct Adjective {
    const char* english;
    const char* french;
    const char* feminine;   ///< empty: by rule
    const char* prevocalic; ///< masculine singular before a vowel, where it differs
    Position position;
    unsigned classes;
    bool gradable = false; ///< "more ... than" is good English
    bool predicative = true;
};

enum class Frame {
    Intransitive,
    Transitive,
    Recipient, ///< gives a thing to a person
    Dative,    ///< talks to a person
    Goal,      ///< goes to a place
    Origin,    ///< comes from a place
    Located,   ///< lives in a place
    Clausal,   ///< says that ...
};

struct Verb {
    const char* english;
    const char* past;       ///< empty: by rule
    const char* participle; ///< empty: the past
    const char* particle;   ///< "at" of "look at"; part of the verb
    const char* french;
    Frame frame;
    unsigned subjects;
    unsigned objects = 0;
    bool personal = false; ///< may have I, you, we as its subject
    bool etre = false;     ///< passé composé with être
    bool reflexive = false;
};

/// A proper name. Countries have the article in French; cities and people have none.
struct Name {
    enum class Kind { Person, City, Country };
    const char* english;
    const char* french;
    Gender gender;
    Kind kind;
};

/// A preposition; the words at `englishHead` and `frenchHead` are surely linked.
struct Preposition {
    const char* english;
    const char* french;
    int englishHead = 0;
    int frenchHead = 0;
};

/// An adverb that stands beside the finite verb; a negative one is "ne ... jamais".
struct VerbAdverb {
    const char* english;
    const char* french;
    bool negative = false;
    bool presentOrPastOnly = false;
};

enum TenseMask : unsigned { InPresent = 1, InPast = 2, InFuture = 4, InAny = 7 };

/// A whole adverbial of time or manner; links as in Noun.
struct FixedAdverbial {
    const char* english;
    const char* french;
    const char* links;
    unsigned tenses;
};

const std::vector<Noun>& nouns();
const std::vector<Adjective>& adjectives();
const std::vector<Verb>& verbs();
const std::vector<Name>& names();
/// Prepositions before a place or thing: behind, near, ...
const std::vector<Preposition>& placePrepositions();
/// Prepositions before an event: before, after, during.
const std::vector<Preposition>& eventPrepositions();
/// Other prepositions, found by their English: of, on, with, for, by, to, from, in, at, against, without.
const std::vector<Preposition>& otherPrepositions();
const std::vector<VerbAdverb>& verbAdverbs();
const std::vector<FixedAdverbial>& timeAdverbials();
const std::vector<FixedAdverbial>& mannerAdverbials();

/// January, janvier ... as pairs; days of the week from Monday; two, deux ... twenty, vingt (from 2).
struct WordPair {
    const char* english;
    const char* french;
};
const std::vector<WordPair>& months();
const std::vector<WordPair>& weekdays();
const std::vector<WordPair>& numbers();
/// Units of "two days ago": plural in both languages.
const std::vector<WordPair>& timeUnits();

inline constexpr int firstYear = 1900, lastYear = 2030;
/// A year after this one is told in the future tense, others in the past.
inline constexpr int lastPastYear = 2025;

/// The entry with this English text. Throws Error(Argument) when there is none.
const Noun& noun(std::string_view english);
const Adjective& adjective(std::string_view english);
const Verb& verb(std::string_view english);
const Name& name(std::string_view english);
const Preposition& preposition(std::string_view english);
const VerbAdverb& verbAdverb(std::string_view english);
const FixedAdverbial& adverbial(std::string_view english);

/// The tokens of a text whose tokens are separated by single blanks.
std::vector<std::string> tokensOf(std::string_view text);

} // namespace attn::english_french
