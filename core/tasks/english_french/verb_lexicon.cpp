// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/lexicon.h"

namespace attn::english_french {
namespace {

constexpr unsigned living = Person | Animal;
constexpr unsigned portable = Thing | Text;
constexpr unsigned bodies = Institution | Person;

} // namespace

const std::vector<Verb>& verbs() {
    using enum Frame;
    static const std::vector<Verb> table = {
        // what people do
        {"see", "saw", "seen", "", "voir", Transitive, living, living | Thing | Vehicle | Place, true},
        {"love", "", "", "", "aimer", Transitive, Person, living | Text | Place, true},
        {"find", "found", "", "", "trouver", Transitive, living, living | portable, true},
        {"buy", "bought", "", "", "acheter", Transitive, Person, Thing | Vehicle | Food, true},
        {"sell", "sold", "", "", "vendre", Transitive, Person, Thing | Vehicle | Food, false},
        {"open", "", "", "", "ouvrir", Transitive, Person, Opening, true},
        {"close", "", "", "", "fermer", Transitive, Person, Opening, false},
        {"eat", "ate", "eaten", "", "manger", Transitive, living, Food, true},
        {"drink", "drank", "drunk", "", "boire", Transitive, living, Drink, false},
        {"write", "wrote", "written", "", "écrire", Transitive, Person, Text, true},
        {"look", "", "", "for", "chercher", Transitive, living, living | portable, true},
        {"watch", "", "", "", "regarder", Transitive, living, living | Vehicle, false},
        {"help", "", "", "", "aider", Transitive, Person, Person | Animal, false},
        {"wait", "", "", "for", "attendre", Transitive, Person, Person | Vehicle, true},
        {"visit", "", "", "", "visiter", Transitive, Person, Place, false},
        {"forget", "forgot", "forgotten", "", "oublier", Transitive, Person, portable, false},
        {"clean", "", "", "", "nettoyer", Transitive, Person, Thing | Opening | Vehicle, false},
        {"paint", "", "", "", "peindre", Transitive, Person, Opening | Thing, false},
        {"translate", "", "", "", "traduire", Transitive, Person, Text, false},
        {"invite", "", "", "", "inviter", Transitive, Person, Person, false},
        // what bodies do
        {"sign", "", "", "", "signer", Transitive, bodies, Legal, false},
        {"adopt", "", "", "", "adopter", Transitive, Institution, Legal, false},
        {"reject", "", "", "", "rejeter", Transitive, bodies, Legal, false},
        {"accept", "", "", "", "accepter", Transitive, bodies, Legal, false},
        {"support", "", "", "", "soutenir", Transitive, bodies, Legal, false},
        {"defend", "", "", "", "défendre", Transitive, bodies, Legal | Topic, false},
        {"publish", "", "", "", "publier", Transitive, bodies, Text, false},
        {"prepare", "", "", "", "préparer", Transitive, bodies, Planned | Legal, false},
        {"organise", "", "", "", "organiser", Transitive, bodies, Planned, false},
        {"finance", "", "", "", "financer", Transitive, Institution, Planned | Legal, false},
        {"protect", "", "", "", "protéger", Transitive, bodies, Topic | Person, false},
        {"build", "built", "", "", "construire", Transitive, bodies, Building | Vehicle, false},
        {"choose", "chose", "chosen", "", "choisir", Transitive, bodies, Person | Legal, false},
        // gifts and talk
        {"give", "gave", "given", "", "donner", Recipient, Person, Thing | Text | Food, true},
        {"send", "sent", "", "", "envoyer", Recipient, Person, Text | Thing, false},
        {"show", "", "shown", "", "montrer", Recipient, Person, Text | Thing, false},
        {"talk", "", "", "to", "parler", Dative, Person, Person, true},
        {"answer", "", "", "", "répondre", Dative, bodies, Person, false},
        // alone
        {"sleep", "slept", "", "", "dormir", Intransitive, living, 0, true},
        {"work", "", "", "", "travailler", Intransitive, Person, 0, true},
        {"sing", "sang", "sung", "", "chanter", Intransitive, Person, 0, false},
        {"dance", "", "", "", "danser", Intransitive, Person, 0, false},
        {"leave", "left", "", "", "partir", Intransitive, Person | Vehicle, 0, true, true},
        {"arrive", "", "", "", "arriver", Intransitive, Person | Vehicle, 0, false, true},
        {"fall", "fell", "fallen", "", "tomber", Intransitive, living, 0, false, true},
        {"stop", "", "", "", "arrêter", Intransitive, Vehicle | living, 0, false, true, true},
        {"end", "", "", "", "terminer", Intransitive, Event, 0, false, true, true},
        {"begin", "began", "begun", "", "commencer", Intransitive, Event, 0, false},
        // places
        {"go", "went", "gone", "", "aller", Goal, Person, 0, true, true},
        {"return", "", "", "", "retourner", Goal, Person, 0, false, true},
        {"come", "came", "come", "", "venir", Origin, Person, 0, false, true},
        {"live", "", "", "", "habiter", Located, Person, 0, true},
        // clauses
        {"say", "said", "", "", "dire", Clausal, bodies, 0, false},
        {"think", "thought", "", "", "penser", Clausal, Person, 0, true},
        {"believe", "", "", "", "croire", Clausal, Person, 0, false},
        {"explain", "", "", "", "expliquer", Clausal, bodies, 0, false},
        {"announce", "", "", "", "annoncer", Clausal, bodies, 0, false},
    };
    return table;
}

} // namespace attn::english_french
