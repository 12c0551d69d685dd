// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/french_morphology.h"

#include <algorithm>
#include <vector>

#include "core/tasks/english_french/lexicon.h"

namespace attn::english_french {
namespace {

std::string without(std::string_view word, std::size_t bytes) {
    return std::string(word.substr(0, word.size() - bytes));
}

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Verbs whose forms no rule gives: present je il nous vous ils, past participle, stem of the future.
struct Irregular {
    const char* infinitive;
    const char* present;
    const char* participle;
    const char* futureStem;
};
const Irregular irregulars[] = {
    {"être", "suis est sommes êtes sont", "été", "ser"},
    {"avoir", "ai a avons avez ont", "eu", "aur"},
    {"aller", "vais va allons allez vont", "allé", "ir"},
    {"venir", "viens vient venons venez viennent", "venu", "viendr"},
    {"soutenir", "soutiens soutient soutenons soutenez soutiennent", "soutenu", "soutiendr"},
    {"voir", "vois voit voyons voyez voient", "vu", "verr"},
    {"envoyer", "envoie envoie envoyons envoyez envoient", "envoyé", "enverr"},
    {"prendre", "prends prend prenons prenez prennent", "pris", "prendr"},
    {"comprendre", "comprends comprend comprenons comprenez comprennent", "compris", "comprendr"},
    {"écrire", "écris écrit écrivons écrivez écrivent", "écrit", "écrir"},
    {"boire", "bois boit buvons buvez boivent", "bu", "boir"},
    {"dormir", "dors dort dormons dormez dorment", "dormi", "dormir"},
    {"partir", "pars part partons partez partent", "parti", "partir"},
    {"ouvrir", "ouvre ouvre ouvrons ouvrez ouvrent", "ouvert", "ouvrir"},
    {"construire", "construis construit construisons construisez construisent", "construit", "construir"},
    {"traduire", "traduis traduit traduisons traduisez traduisent", "traduit", "traduir"},
    {"peindre", "peins peint peignons peignez peignent", "peint", "peindr"},
    {"dire", "dis dit disons dites disent", "dit", "dir"},
    {"croire", "crois croit croyons croyez croient", "cru", "croir"},
    {"pouvoir", "peux peut pouvons pouvez peuvent", "pu", "pourr"},
    {"devoir", "dois doit devons devez doivent", "dû", "devr"},
    {"vouloir", "veux veut voulons voulez veulent", "voulu", "voudr"},
};

std::array<std::string, 5> futureOf(const std::string& stem) {
    return {stem + "ai", stem + "a", stem + "ons", stem + "ez", stem + "ont"};
}

/// The stem of an -er verb before a mute e: achèt-, appell-, protèg-, nettoi-.
std::string muteStem(std::string_view infinitive, const std::string& stem) {
    if (isOneOf(infinitive, {"appeler", "rejeter", "jeter"})) return stem + stem.back();
    if (isOneOf(infinitive, {"acheter", "lever"})) {
        const std::size_t e = stem.rfind('e');
        return stem.substr(0, e) + "è" + stem.substr(e + 1);
    }
    if (stem.ends_with("oy")) return without(stem, 1) + "i";
    if (stem.ends_with("ég")) return without(stem, 3) + "èg";
    return stem;
}

FrenchVerb firstGroup(std::string_view infinitive) {
    const std::string stem = without(infinitive, 2), mute = muteStem(infinitive, stem);
    std::string we = stem;
    if (stem.ends_with("g")) we += "e";
    if (stem.ends_with("c")) we = without(stem, 1) + "ç";
    const bool acute = stem.ends_with("ég"); // protéger keeps its é in the future
    return {std::string(infinitive),
            {mute + "e", mute + "e", we + "ons", stem + "ez", mute + "ent"},
            futureOf((acute ? stem : mute) + "er"),
            stem + "é"};
}

} // namespace

std::string frenchPlural(std::string_view word) {
    const std::string w(word);
    if (w.ends_with("s") || w.ends_with("x") || w.ends_with("z")) return w;
    if (isOneOf(w, {"hibou", "bijou", "genou"})) return w + "x";
    if (w == "bleu") return w + "s";
    if (w.ends_with("eau") || w.ends_with("eu")) return w + "x";
    if (w.ends_with("al") && w != "festival") return without(w, 1) + "ux";
    return w + "s";
}

std::string frenchFeminine(std::string_view word) {
    const std::string w(word);
    if (w.ends_with("e")) return w;
    if (w.ends_with("er")) return without(w, 2) + "ère";
    if (w.ends_with("eux")) return without(w, 1) + "se";
    if (w.ends_with("f")) return without(w, 1) + "ve";
    if (w.ends_with("el") || w.ends_with("en") || w.ends_with("on")) return w + w.back() + "e";
    return w + "e";
}

std::string frenchAgreed(std::string_view masculine, std::string_view feminine, Gender gender, bool plural) {
    std::string form(masculine);
    if (gender == Gender::Feminine) form = feminine.empty() ? frenchFeminine(masculine) : feminine;
    return plural ? frenchPlural(form) : form;
}

FrenchVerb conjugate(std::string_view infinitive) {
    for (const Irregular& irregular : irregulars)
        if (infinitive == irregular.infinitive) {
            const std::vector<std::string> present = tokensOf(irregular.present);
            FrenchVerb verb{
                std::string(infinitive), {}, futureOf(irregular.futureStem), irregular.participle};
            std::copy_n(present.begin(), 5, verb.present.begin());
            return verb;
        }
    if (infinitive.ends_with("er")) return firstGroup(infinitive);
    const std::string stem = without(infinitive, 2);
    if (infinitive.ends_with("ir"))
        return {std::string(infinitive),
                {stem + "is", stem + "it", stem + "issons", stem + "issez", stem + "issent"},
                futureOf(std::string(infinitive)),
                stem + "i"};
    return {std::string(infinitive),
            {stem + "s", stem, stem + "ons", stem + "ez", stem + "ent"},
            futureOf(without(infinitive, 1)),
            stem + "u"};
}

std::string imperfectOfBeing(Person5 person) {
    static constexpr const char* forms[] = {"étais", "était", "étions", "étiez", "étaient"};
    return forms[static_cast<int>(person)];
}

bool elides(std::string_view word) {
    if (word.empty() || isOneOf(word, {"onze", "onzième"})) return false;
    for (std::string_view aspirate : {"héros", "hibou", "huit", "haut", "hasard", "honte", "hors", "haricot"})
        if (word.starts_with(aspirate)) return false;
    if (std::string_view("aeiouhAEIOUH").find(word[0]) != std::string_view::npos) return true;
    for (std::string_view vowel : {"à", "â", "é", "è", "ê", "î", "ô", "û", "œ", "É", "Î", "À", "Œ"})
        if (word.starts_with(vowel)) return true;
    return false;
}

} // namespace attn::english_french
