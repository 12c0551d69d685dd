// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace attn::english_french {

enum class Gender { Masculine, Feminine };

/// The persons the language speaks of (there is no tu): je, il/elle, nous, vous, ils/elles.
enum class Person5 { I, He, We, You, They };

/// Plural of a noun or masculine adjective of one token: chat chats, journal journaux, bateau bateaux.
std::string frenchPlural(std::string_view singular);
/// Feminine singular of an adjective by rule: petit petite, heureux heureuse, européen européenne.
std::string frenchFeminine(std::string_view masculine);
/// The adjective or participle with masculine `masculine` and feminine `feminine` (empty: by rule), agreed.
std::string frenchAgreed(std::string_view masculine, std::string_view feminine, Gender gender, bool plural);

/// The simple forms of a verb, indexed by Person5.
struct FrenchVerb {
    std::string infinitive;
    std::array<std::string, 5> present;
    std::array<std::string, 5> future;
    std::string participle; ///< masculine singular
};
/// Conjugates regular verbs in -er, -ir, -re by rule, the others from a table of their irregular stems.
FrenchVerb conjugate(std::string_view infinitive);
/// était ...: the imperfect of être, the only imperfect used.
std::string imperfectOfBeing(Person5 person);

/// Whether le, de, que are elided before the word: it starts with a vowel or an h muet.
bool elides(std::string_view word);

} // namespace attn::english_french
