// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/lexicon.h"

namespace attn::english_french {
namespace {

constexpr unsigned living = Person | Animal;
constexpr unsigned objects = Thing | Vehicle | Opening;
constexpr unsigned civic = Legal | Institution | Event;

} // namespace

const std::vector<Adjective>& adjectives() {
    constexpr Position before = Position::Before, after = Position::After, relational = Position::Relational;
    static const std::vector<Adjective> table = {
        {"small", "petit", "", "", before, Animal | objects | Place | Institution},
        {"big", "grand", "", "", before, Animal | objects | Place | Institution},
        {"beautiful", "beau", "belle", "bel", before, Animal | objects | Place | Text, true},
        {"old", "vieux", "vieille", "vieil", before, living | objects | Place | Text | Legal},
        {"new", "nouveau", "nouvelle", "nouvel", before, objects | Place | Text | civic, false, false},
        {"young", "jeune", "", "", before, living},
        {"good", "bon", "", "", before, Food | Drink | Text | Legal},
        {"bad", "mauvais", "", "", before, Food | Drink | Text | Legal},
        {"pretty", "joli", "", "", before, Thing | Place | Animal},
        {"long", "long", "longue", "", before, Text | Event},
        {"first", "premier", "", "", before, Text | Planned, false, false},
        {"last", "dernier", "", "", before, Text | Planned, false, false},
        {"black", "noir", "", "", after, Animal | objects},
        {"white", "blanc", "blanche", "", after, Animal | objects},
        {"red", "rouge", "", "", after, objects},
        {"green", "vert", "", "", after, objects},
        {"blue", "bleu", "", "", after, objects},
        {"grey", "gris", "", "", after, Animal | objects},
        {"rich", "riche", "", "", after, Person},
        {"happy", "heureux", "", "", after, Person},
        {"sad", "triste", "", "", after, Person | Text},
        {"tired", "fatigué", "", "", after, living},
        {"brave", "courageux", "", "", after, Person},
        {"intelligent", "intelligent", "", "", after, living, true},
        {"famous", "célèbre", "", "", after, Person | Place | Text, true},
        {"honest", "honnête", "", "", after, Person, true},
        {"dangerous", "dangereux", "", "", after, Animal | Legal | Place, true},
        {"expensive", "cher", "", "", after, objects, true},
        {"empty", "vide", "", "", after, Place | Opening | Vehicle},
        {"modern", "moderne", "", "", after, Place | Vehicle | Legal, true},
        {"fresh", "frais", "fraîche", "", after, Food},
        {"important", "important", "", "", after, Text | civic, true},
        {"difficult", "difficile", "", "", after, Text | Legal | Event, true},
        {"useful", "utile", "", "", after, Thing | Text | Legal, true},
        {"necessary", "nécessaire", "", "", after, Legal | Planned, true},
        {"secret", "secret", "secrète", "", after, Text | Legal | Event},
        {"French", "français", "", "", relational, Person | Vehicle | Text | Institution},
        {"English", "anglais", "", "", relational, Person | Vehicle | Text | Institution},
        {"German", "allemand", "", "", relational, Person | Vehicle | Text | Institution},
        {"Italian", "italien", "", "", relational, Person | Vehicle | Text | Institution},
        {"political", "politique", "", "", relational, Text | Event | Legal, false, false},
        {"economic", "économique", "", "", relational, Text | Event | Legal, false, false},
        {"national", "national", "", "", relational, Legal | Institution | Planned, false, false},
        {"international", "international", "", "", relational, Legal | Institution | Planned, false, false},
        {"public", "public", "publique", "", relational, Place | Institution | Event, false, false},
    };
    return table;
}

} // namespace attn::english_french
