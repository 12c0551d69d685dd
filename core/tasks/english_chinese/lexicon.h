// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace attn::english_chinese {

/// What a noun can name; a bit each, so that verbs, adjectives and of-phrases can say what fits them.
enum NounClass : unsigned {
    Person = 1 << 0,
    Kin = 1 << 1, ///< my mother: 我 妈妈, without 的
    Animal = 1 << 2,
    Thing = 1 << 3, ///< what one buys, uses, loses
    Clothes = 1 << 4,
    Food = 1 << 5,
    Drink = 1 << 6,
    Text = 1 << 7,
    Letter = 1 << 8, ///< what one sends and receives
    Show = 1 << 9,   ///< films, matches: what one watches
    Language = 1 << 10,
    Vehicle = 1 << 11,
    Bike = 1 << 12, ///< what one rides
    Opening = 1 << 13,
    Inside = 1 << 14,  ///< in the park: 在 公园 里
    Stop = 1 << 15,    ///< at the station: 在 车站
    Surface = 1 << 16, ///< on the table: 在 桌子 上
    Building = 1 << 17,
    Topic = 1 << 18, ///< a question, a plan
    Job = 1 << 19,   ///< homework, a report: what one finishes
    Event = 1 << 20,
    Quality = 1 << 21, ///< price, colour: only with "of"
    Sight = 1 << 22,   ///< what tourists visit
    Sound = 1 << 23,
    Tall = 1 << 24, ///< trees and hills
    Town = 1 << 25, ///< named cities, as owners in of-phrases
    Land = 1 << 26, ///< named countries, likewise
    Fragile = 1 << 27,
    Work = 1 << 28, ///< organisations, which have managers
    Bowl = 1 << 29, ///< comes in bowls; likewise the next two
    Cup = 1 << 30,
    Glass = 1u << 31,
};

enum class Count {
    Countable, ///< a cat, two cats
    Owned,     ///< countable, but always somebody's: my friend, the author of the book
    Mass,      ///< tea, some tea
    Single,    ///< the weather: always definite and singular
};

/// English tokens are separated by blanks; the last one is inflected and all of them mean the one Chinese
/// word. The measure word is the one a numeral or a demonstrative needs.
struct Noun {
    const char* english;
    const char* plural; ///< empty: by rule
    const char* chinese;
    const char* measure;
    unsigned classes;
    Count count = Count::Countable;
    unsigned owners = 0; ///< classes of what may follow "of"
};

struct Adjective {
    const char* english;
    const char* comparative; ///< empty: more ... than, 比 ... 更
    const char* chinese;
    unsigned classes;
    /// Before the noun: bare (大 狗), with 的 (漂亮 的 狗), or not there at all (the boy is tired).
    enum Use { Bare, Marked, Predicate } use;
    bool colour = false; ///< may follow another adjective, and neither is compared nor graded
    bool graded = true;  ///< may have very and too, and be compared
};

enum class Frame {
    Intransitive,
    Transitive,
    Goal,    ///< goes to a place: 去 中国
    Give,    ///< gives a thing to a person: 把 ... 给 if the thing is definite, else 给 somebody something
    Benefit, ///< writes a letter to a person: 给 somebody 写 ...
    Put,     ///< places a thing somewhere: 把 ... 放 在 ...
    Clausal, ///< says that ...
};

enum VerbFlag : unsigned {
    Stative = 1,     ///< neither past nor progressive: 了 and 正在 do not go with it
    Punctual = 2,    ///< no plain present and no progressive; 不 能 does not go with it
    Experienced = 4, ///< perfect with 过: has eaten, 吃 过
    Undergone = 8,   ///< passive with 被
    Sociable = 16,   ///< something done with others: 跟 ... 一起
    Moving = 32,     ///< has a destination; takes a vehicle and no place
    Manner = 64,     ///< may have an adverb of manner
    Nowhere = 128,   ///< takes no place
    Unwilled = 256,  ///< takes no modal: nobody wants to lose a key
};

/// Tokens separated by blanks. The first English token is inflected. With as many tokens on one side as
/// on the other they are linked in order, otherwise each to each.
struct Verb {
    const char* english;
    const char* past;       ///< empty: by rule
    const char* participle; ///< empty: the past
    const char* ing;        ///< empty: by rule
    const char* chinese;
    Frame frame;
    unsigned subjects;
    unsigned objects = 0;
    unsigned flags = 0;
};

struct Name {
    enum class Kind { Person, City, Country };
    const char* english;
    const char* chinese;
    Kind kind;
};

/// "in the park": 在 公园 里; the localiser after the noun is empty before names and for "at".
struct Preposition {
    const char* english;
    const char* localiser;
};

/// Before the verb in both languages.
struct VerbAdverb {
    const char* english;
    const char* chinese;
    bool frequency = false; ///< goes with the simple present of an action
    bool negative = false;  ///< never
};

enum TimeMask : unsigned { InPresent = 1, InProgress = 2, InPast = 4, InFuture = 8 };

/// A whole adverbial; tokens are linked in order where there are as many on both sides, else each to each.
struct FixedTime {
    const char* english;
    const char* chinese;
    unsigned tenses;
};

struct WordPair {
    const char* english;
    const char* chinese;
};

/// A cup of tea: 一 杯 茶.
struct Container {
    const char* english;
    const char* chinese;
    unsigned classes;
};

/// Before a clause. Chinese has the subordinate clause first whatever English does.
struct Joint {
    const char* english;
    const char* opening;       ///< Chinese before the clause that the English word introduces
    const char* closing;       ///< after it: 的 时候
    const char* main;          ///< before the other clause: 所以
    bool coordinate = false;   ///< and, but, so: the order stays
    bool relativeLike = false; ///< no 了 in it: 他 来 的 时候
};

const std::vector<Noun>& nouns();
const std::vector<Adjective>& adjectives();
const std::vector<Verb>& verbs();
const std::vector<Name>& names();
const std::vector<Preposition>& prepositions();
const std::vector<VerbAdverb>& verbAdverbs();
const std::vector<FixedTime>& times();
const std::vector<FixedTime>& manners();
const std::vector<WordPair>& vehicles();
const std::vector<WordPair>& months();
const std::vector<WordPair>& weekdays();
/// two, 两 ... twelve, 十二 (from 2).
const std::vector<WordPair>& numbers();
/// Units of "two days ago"; 天 and 年 count by themselves, 星期 and 月 take 个.
const std::vector<WordPair>& timeUnits();
const std::vector<Container>& containers();
const std::vector<Joint>& joints();

inline constexpr int firstYear = 1990, lastPastYear = 2025, lastYear = 2030;

/// The entry with this English text. Throws Error(Argument) when there is none.
const Noun& noun(std::string_view english);
/// The adjective that means this of a noun of these classes: an old man is 老, an old car is 旧.
const Adjective& adjective(std::string_view english, unsigned classes = ~0u);
const Verb& verb(std::string_view english, Frame frame = Frame::Transitive);
const Name& name(std::string_view english);
const Preposition& preposition(std::string_view english);
const VerbAdverb& verbAdverb(std::string_view english);
const FixedTime& time(std::string_view english);
const FixedTime& manner(std::string_view english);
const Joint& joint(std::string_view english);

} // namespace attn::english_chinese
