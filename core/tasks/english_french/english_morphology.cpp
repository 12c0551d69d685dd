// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/english_morphology.h"

namespace attn::english_french {
namespace {

bool endsInConsonantAndY(const std::string& word) {
    return word.size() > 1 && word.back() == 'y' &&
           std::string_view("aeiou").find(word[word.size() - 2]) == std::string_view::npos;
}

/// boxes, cities, cats; goes, watches, sees.
std::string withS(const std::string& word) {
    if (endsInConsonantAndY(word)) return word.substr(0, word.size() - 1) + "ies";
    for (std::string_view hiss : {"s", "x", "ch", "sh", "go"})
        if (word.ends_with(hiss)) return word + "es";
    return word + "s";
}

} // namespace

std::string englishPlural(const Noun& noun) {
    return *noun.englishPlural ? noun.englishPlural : withS(noun.english);
}

std::string englishThirdPerson(const Verb& verb) {
    return withS(verb.english);
}

std::string englishPast(const Verb& verb) {
    if (*verb.past) return verb.past;
    const std::string base = verb.english;
    if (base == "stop") return "stopped";
    if (base.ends_with("e")) return base + "d";
    if (endsInConsonantAndY(base)) return base.substr(0, base.size() - 1) + "ied";
    return base + "ed";
}

std::string englishParticiple(const Verb& verb) {
    return *verb.participle ? verb.participle : englishPast(verb);
}

} // namespace attn::english_french
