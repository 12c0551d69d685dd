// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include "core/base/error.h"
#include "core/tasks/english_french/lexicon.h"

namespace attn::english_french {
namespace {

template <typename Entry>
const Entry* find(const std::vector<Entry>& table, std::string_view english) {
    for (const Entry& entry : table)
        if (english == entry.english) return &entry;
    return nullptr;
}

template <typename Entry>
const Entry& need(const Entry* entry, std::string_view english) {
    if (!entry)
        throw Error(ErrorKind::Argument,
                    "the en-fr lexicon has no \"" + std::string(english) + "\" of this kind; see its tables");
    return *entry;
}

} // namespace

const std::vector<Preposition>& placePrepositions() {
    static const std::vector<Preposition> table = {
        {"near", "près de"},
        {"behind", "derrière"},
        {"in front of", "devant", 1, 0},
        {"next to", "à côté de", 0, 1},
    };
    return table;
}

const std::vector<Preposition>& eventPrepositions() {
    static const std::vector<Preposition> table = {
        {"before", "avant"}, {"after", "après"}, {"during", "pendant"}};
    return table;
}

const std::vector<Preposition>& otherPrepositions() {
    static const std::vector<Preposition> table = {
        {"of", "de"},  {"on", "sur"},         {"with", "avec"},    {"for", "pour"},
        {"by", "par"}, {"to", "à"},           {"from", "de"},      {"in", "dans"},
        {"at", "à"},   {"against", "contre"}, {"without", "sans"},
    };
    return table;
}

const std::vector<VerbAdverb>& verbAdverbs() {
    static const std::vector<VerbAdverb> table = {{"often", "souvent"},
                                                  {"always", "toujours"},
                                                  {"never", "jamais", true},
                                                  {"already", "déjà", false, true}};
    return table;
}

const std::vector<FixedAdverbial>& timeAdverbials() {
    static const std::vector<FixedAdverbial> table = {
        {"yesterday", "hier", "", InPast},
        {"last week", "la semaine dernière", "0-2 1-1 1?0", InPast},
        {"last month", "le mois dernier", "0-2 1-1 1?0", InPast},
        {"last year", "l' année dernière", "0-2 1-1 1?0", InPast},
        {"today", "aujourd'hui", "", InPresent | InPast},
        {"now", "maintenant", "", InPresent},
        {"every day", "chaque jour", "0-0 1-1", InPresent},
        {"in the morning", "le matin", "1-0 2-1 0?0", InPresent},
        {"in the evening", "le soir", "1-0 2-1 0?0", InAny},
        {"at night", "la nuit", "1-1 0?0 1?0", InPresent},
        {"tomorrow", "demain", "", InFuture},
        {"soon", "bientôt", "", InFuture},
        {"next week", "la semaine prochaine", "0-2 1-1 1?0", InFuture},
        {"next month", "le mois prochain", "0-2 1-1 1?0", InFuture},
        {"next year", "l' année prochaine", "0-2 1-1 1?0", InFuture},
    };
    return table;
}

const std::vector<FixedAdverbial>& mannerAdverbials() {
    static const std::vector<FixedAdverbial> table = {
        {"slowly", "lentement", "", InAny},  {"quickly", "rapidement", "", InAny},
        {"quietly", "calmement", "", InAny}, {"together", "ensemble", "", InAny},
        {"well", "bien", "", InAny},
    };
    return table;
}

const std::vector<WordPair>& months() {
    static const std::vector<WordPair> table = {
        {"January", "janvier"}, {"February", "février"},  {"March", "mars"},
        {"April", "avril"},     {"May", "mai"},           {"June", "juin"},
        {"July", "juillet"},    {"August", "août"},       {"September", "septembre"},
        {"October", "octobre"}, {"November", "novembre"}, {"December", "décembre"}};
    return table;
}

const std::vector<WordPair>& weekdays() {
    static const std::vector<WordPair> table = {
        {"Monday", "lundi"},    {"Tuesday", "mardi"},   {"Wednesday", "mercredi"}, {"Thursday", "jeudi"},
        {"Friday", "vendredi"}, {"Saturday", "samedi"}, {"Sunday", "dimanche"}};
    return table;
}

const std::vector<WordPair>& numbers() {
    static const std::vector<WordPair> table = {
        {"two", "deux"},          {"three", "trois"},       {"four", "quatre"},   {"five", "cinq"},
        {"six", "six"},           {"seven", "sept"},        {"eight", "huit"},    {"nine", "neuf"},
        {"ten", "dix"},           {"eleven", "onze"},       {"twelve", "douze"},  {"thirteen", "treize"},
        {"fourteen", "quatorze"}, {"fifteen", "quinze"},    {"sixteen", "seize"}, {"seventeen", "dix-sept"},
        {"eighteen", "dix-huit"}, {"nineteen", "dix-neuf"}, {"twenty", "vingt"}};
    return table;
}

const std::vector<WordPair>& timeUnits() {
    static const std::vector<WordPair> table = {
        {"days", "jours"}, {"weeks", "semaines"}, {"months", "mois"}, {"years", "ans"}};
    return table;
}

const Noun& noun(std::string_view english) {
    return need(find(nouns(), english), english);
}
const Adjective& adjective(std::string_view english) {
    return need(find(adjectives(), english), english);
}
const Verb& verb(std::string_view english) {
    return need(find(verbs(), english), english);
}
const Name& name(std::string_view english) {
    return need(find(names(), english), english);
}
const VerbAdverb& verbAdverb(std::string_view english) {
    return need(find(verbAdverbs(), english), english);
}

const Preposition& preposition(std::string_view english) {
    for (const auto* table : {&otherPrepositions(), &placePrepositions(), &eventPrepositions()})
        if (const Preposition* found = find(*table, english)) return *found;
    return need<Preposition>(nullptr, english);
}

const FixedAdverbial& adverbial(std::string_view english) {
    const FixedAdverbial* time = find(timeAdverbials(), english);
    return time ? *time : need(find(mannerAdverbials(), english), english);
}

std::vector<std::string> tokensOf(std::string_view text) {
    std::istringstream words{std::string(text)};
    std::vector<std::string> tokens;
    for (std::string word; words >> word;) tokens.push_back(word);
    return tokens;
}

} // namespace attn::english_french
