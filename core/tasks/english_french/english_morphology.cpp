// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/english_morphology.h"

namespace attn::english_french {
namespace {

bool endsInConsonantAndY(const std::string& word) {
    return word.size() > 1 && word.back() == 'y' &&
           std::string_view("aeiou").find(word[word.size() - 2]) == std::string_view::npos;
}

} // namespace

std::string englishWithS(const std::string& word) {
    if (endsInConsonantAndY(word)) return word.substr(0, word.size() - 1) + "ies";
    for (std::string_view hiss : {"s", "x", "ch", "sh", "go"})
        if (word.ends_with(hiss)) return word + "es";
    return word + "s";
}

std::string englishWithEd(const std::string& word) {
    if (word.ends_with("e")) return word + "d";
    if (endsInConsonantAndY(word)) return word.substr(0, word.size() - 1) + "ied";
    return word + "ed";
}

bool takesAn(std::string_view word) {
    for (std::string_view consonant : {"uni", "use", "Euro"})
        if (word.starts_with(consonant)) return false;
    return word.starts_with("honest") ||
           std::string_view("aeiouAEIOU").find(word[0]) != std::string_view::npos;
}

std::string englishPlural(const Noun& noun) {
    return *noun.englishPlural ? noun.englishPlural : englishWithS(noun.english);
}

std::string englishThirdPerson(const Verb& verb) {
    return englishWithS(verb.english);
}

std::string englishPast(const Verb& verb) {
    if (*verb.past) return verb.past;
    const std::string base = verb.english;
    return base == "stop" ? "stopped" : englishWithEd(base);
}

std::string englishParticiple(const Verb& verb) {
    return *verb.participle ? verb.participle : englishPast(verb);
}

} // namespace attn::english_french
