// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/tasks/english_french/english_morphology.h"
#include "core/tasks/english_french/realiser.h"

namespace attn::english_french {
namespace {

struct PronounForms {
    const char* english;
    const char* french;
    Agreement agreement;
};

const PronounForms& subjectForms(Pronoun pronoun) {
    static const PronounForms table[] = {
        {"", "", {}},
        {"I", "je", {Gender::Masculine, false, Person5::I}},
        {"you", "vous", {Gender::Masculine, false, Person5::You}},
        {"he", "il", {Gender::Masculine, false, Person5::He}},
        {"she", "elle", {Gender::Feminine, false, Person5::He}},
        {"we", "nous", {Gender::Masculine, true, Person5::We}},
        {"they", "ils", {Gender::Masculine, true, Person5::They}},
    };
    return table[static_cast<int>(pronoun)];
}

/// English and French of the determiners that are one word on both sides:
/// masculine, feminine, feminine or masculine before a vowel, plural.
struct DeterminerForms {
    const char* english;
    const char* englishPlural;
    const char* masculine;
    const char* masculinePrevocalic;
    const char* feminine;
    const char* femininePrevocalic;
    const char* plural;
};

const DeterminerForms& formsOf(Determiner determiner) {
    static const DeterminerForms table[] = {
        {"the", "the", "le", "l'", "la", "l'", "les"},
        {"a", "some", "un", "", "une", "", "des"},
        {"this", "these", "ce", "cet", "cette", "", "ces"},
        {"that", "those", "ce", "cet", "cette", "", "ces"},
        {"my", "my", "mon", "", "ma", "mon", "mes"},
        {"your", "your", "votre", "", "votre", "", "vos"},
        {"his", "his", "son", "", "sa", "son", "ses"},
        {"her", "her", "son", "", "sa", "son", "ses"},
        {"our", "our", "notre", "", "notre", "", "nos"},
        {"their", "their", "leur", "", "leur", "", "leurs"},
        {"every", "", "chaque", "", "chaque", "", ""},
        {"", "several", "", "", "", "", "plusieurs"},
    };
    return table[static_cast<int>(determiner)];
}

} // namespace

Agreement Realiser::agreementOf(const NounPhrase& tree) const {
    if (tree.pronoun != Pronoun::None) return subjectForms(tree.pronoun).agreement;
    Agreement agreement;
    if (tree.name) {
        agreement.gender = tree.name->gender;
    } else if (tree.noun) {
        agreement = {tree.noun->gender, tree.plural, tree.plural ? Person5::They : Person5::He};
    } else {
        throw Error(ErrorKind::Argument, "a noun phrase has neither noun, name nor pronoun; give it one");
    }
    if (!tree.conjunct.empty()) {
        const Agreement other = agreementOf(tree.conjunct[0]);
        const bool feminine = agreement.gender == Gender::Feminine && other.gender == Gender::Feminine;
        agreement = {feminine ? Gender::Feminine : Gender::Masculine, true, Person5::They};
    }
    return agreement;
}

Phrase Realiser::named(const Name& name, bool article) {
    Phrase phrase = m_derivation.pair(name.english, name.french);
    if (name.kind == Name::Kind::Country && article) {
        const bool feminine = name.gender == Gender::Feminine;
        const int word = m_derivation.french(feminine ? "la" : "le", "l'", Role::Le);
        m_derivation.link(phrase.english[0], word, false);
        phrase.french.insert(phrase.french.begin(), word);
    }
    return phrase;
}

/// Appends the determiner to `phrase`; French words that no English word calls for go to `unlinkedFrench`.
void Realiser::determiner(const NounPhrase& tree, const Agreement& agreement, Phrase& phrase,
                          std::vector<int>& unlinkedFrench) {
    Derivation& d = m_derivation;
    const bool feminine = agreement.gender == Gender::Feminine;
    const Noun& noun = *tree.noun;
    const auto article = [&](bool plural) {
        return plural ? d.french("les", "", Role::Les) : d.french(feminine ? "la" : "le", "l'", Role::Le);
    };
    const auto add = [&](const char* english, std::vector<int> french, bool sure = true) {
        const int word = d.english(english);
        phrase.english.push_back(word);
        for (int f : french) {
            d.link(word, f, sure);
            phrase.french.push_back(f);
        }
    };
    const auto numeral = [&] {
        const WordPair& pair = numbers().at(static_cast<std::size_t>(tree.number - 2));
        phrase += d.pair(pair.english, pair.french);
    };
    if (noun.count == Count::Bare) {
        unlinkedFrench.push_back(article(false));
        phrase.french.push_back(unlinkedFrench.back());
        return;
    }
    switch (tree.determiner) {
        case Determiner::Definite:
            add("the", {article(tree.plural)});
            return;
        case Determiner::Indefinite:
            if (noun.count == Count::Mass)
                add("some", {d.french("de", "d'", Role::De), article(false)});
            else if (tree.plural && tree.before) // des before a preposed adjective is de
                add("some", {d.french("de", "d'")});
            else if (tree.plural)
                add("some", {d.french("de", "d'", Role::De), article(true)});
            else
                add("a", {d.french(feminine ? "une" : "un")});
            return;
        case Determiner::Many: {
            const int much = d.french("beaucoup"), of = d.french("de", "d'");
            add("many", {much});
            d.link(phrase.english.back(), of, false);
            phrase.french.push_back(of);
            return;
        }
        case Determiner::All:
            add("all", {d.french(feminine ? "toutes" : "tous")});
            add("the", {article(true)});
            return;
        case Determiner::Number:
            numeral();
            return;
        default: {
            const DeterminerForms& forms = formsOf(tree.determiner);
            if (tree.plural)
                add(forms.englishPlural, {d.french(forms.plural)});
            else
                add(forms.english, {feminine ? d.french(forms.feminine, forms.femininePrevocalic)
                                             : d.french(forms.masculine, forms.masculinePrevocalic)});
        }
    }
}

Phrase Realiser::simpleNounPhrase(const NounPhrase& tree) {
    Derivation& d = m_derivation;
    if (tree.pronoun != Pronoun::None) {
        const PronounForms& forms = subjectForms(tree.pronoun);
        const Phrase phrase{{d.english(forms.english)},
                            {d.french(forms.french, tree.pronoun == Pronoun::I ? "j'" : "")}};
        d.link(phrase.english[0], phrase.french[0]);
        return phrase;
    }
    if (tree.name) return named(*tree.name, true);

    Agreement agreement{tree.noun->gender, tree.plural, Person5::He};
    Phrase phrase;
    std::vector<int> unlinked;
    determiner(tree, agreement, phrase, unlinked);
    const auto adjective = [&](const Adjective* word) {
        if (!word) return Phrase{};
        const bool special = *word->prevocalic && agreement.gender == Gender::Masculine && !agreement.plural;
        const Phrase made{
            {d.english(word->english)},
            {d.french(frenchAgreed(word->french, word->feminine, agreement.gender, agreement.plural),
                      special ? word->prevocalic : "")}};
        d.link(made.english[0], made.french[0]);
        return made;
    };
    const Phrase before = adjective(tree.before), after = adjective(tree.after),
                 relational = adjective(tree.relational);
    const Noun& word = *tree.noun;
    const std::string plural = *word.frenchPlural ? word.frenchPlural : frenchPlural(word.french);
    const Phrase head = d.pairs(tree.plural ? englishPlural(word) : word.english,
                                tree.plural ? plural : word.french, word.links);
    for (int f : unlinked) d.link(head.english.back(), f, false);
    for (const Phrase* part : {&before, &after, &relational, &head})
        phrase.english.insert(phrase.english.end(), part->english.begin(), part->english.end());
    // adjectives agree with the first word of "loi sur la protection des données" and stand by it
    const std::vector<std::string> headWords = tokensOf(word.french);
    const auto own = std::find(headWords.begin(), headWords.end(), "sur") - headWords.begin();
    const auto append = [&](auto begin, auto end) { phrase.french.insert(phrase.french.end(), begin, end); };
    append(before.french.begin(), before.french.end());
    append(head.french.begin(), head.french.begin() + own);
    append(relational.french.begin(), relational.french.end());
    append(after.french.begin(), after.french.end());
    append(head.french.begin() + own, head.french.end());
    return phrase;
}

Phrase Realiser::nounPhrase(const NounPhrase& tree) {
    Phrase phrase = simpleNounPhrase(tree);
    if (!tree.complement.empty()) phrase += prepositional(*tree.link, nounPhrase(tree.complement[0]));
    if (!tree.relative.empty()) phrase += relative(tree.relative[0], tree);
    if (!tree.conjunct.empty()) {
        phrase +=
            m_derivation.pair(tree.conjunction, std::string_view(tree.conjunction) == "or" ? "ou" : "et");
        phrase += nounPhrase(tree.conjunct[0]);
    }
    return phrase;
}

Phrase Realiser::prepositionAlone(const Preposition& preposition) {
    Derivation& d = m_derivation;
    Phrase phrase;
    for (const std::string& token : tokensOf(preposition.english)) phrase.english.push_back(d.english(token));
    for (const std::string& token : tokensOf(preposition.french))
        phrase.french.push_back(token == "de"  ? d.french("de", "d'", Role::De)
                                : token == "à" ? d.french("à", "", Role::A)
                                               : d.french(token));
    for (std::size_t e = 0; e < phrase.english.size(); ++e)
        for (std::size_t f = 0; f < phrase.french.size(); ++f)
            d.link(phrase.english[e], phrase.french[f],
                   static_cast<int>(e) == preposition.englishHead &&
                       static_cast<int>(f) == preposition.frenchHead);
    return phrase;
}

Phrase Realiser::prepositional(const Preposition& preposition, const Phrase& governed) {
    Phrase phrase = prepositionAlone(preposition);
    phrase += governed;
    return phrase;
}

/// "in", "at", "on" or "to" before a place, as the place asks in French: dans, à, sur; à Paris, en France, au
/// Canada.
Phrase Realiser::atPlace(const NounPhrase& place, const char* english) {
    if (!place.name) {
        const Preposition toPlace{english, std::string_view(english) == "in"   ? "dans"
                                           : std::string_view(english) == "on" ? "sur"
                                                                               : "à"};
        return prepositional(toPlace, nounPhrase(place));
    }
    const Name& name = *place.name;
    const bool en =
        name.kind == Name::Kind::Country && (name.gender == Gender::Feminine || elides(name.french));
    return prepositional(Preposition{english, en ? "en" : "à"}, named(name, !en));
}

Phrase Realiser::adverbial(const Adverbial& tree) {
    Derivation& d = m_derivation;
    if (tree.fixed) return d.pairs(tree.fixed->english, tree.fixed->french, tree.fixed->links);
    if (!tree.phrase.empty()) {
        const NounPhrase& phrase = tree.phrase[0];
        if (!tree.preposition) {
            const Locative where = phrase.noun ? phrase.noun->locative : Locative::In;
            return atPlace(phrase, where == Locative::At ? "at" : where == Locative::On ? "on" : "in");
        }
        if (std::string_view(tree.preposition->english) == "to" &&
            (phrase.name || (phrase.noun->classes & Place)))
            return atPlace(phrase, "to");
        if (std::string_view(tree.preposition->english) == "from" && phrase.name)
            return prepositional(*tree.preposition,
                                 named(*phrase.name, phrase.name->gender == Gender::Masculine));
        return prepositional(*tree.preposition, nounPhrase(phrase));
    }
    if (tree.weekday >= 0) {
        const WordPair& day = weekdays().at(static_cast<std::size_t>(tree.weekday));
        return d.pairs(std::string("on ") + day.english, day.french, "0?0 1-0");
    }
    if (tree.ago > 0) {
        const WordPair& number = numbers().at(static_cast<std::size_t>(tree.ago - 2));
        const WordPair& unit = timeUnits().at(static_cast<std::size_t>(tree.unit));
        return d.pairs(std::string(number.english) + " " + unit.english + " ago",
                       std::string("il y a ") + number.french + " " + unit.french, "2-0 2-1 2-2 0-3 1-4");
    }
    Phrase phrase = d.pair("in", "en");
    if (tree.month >= 0) {
        const WordPair& month = months().at(static_cast<std::size_t>(tree.month));
        phrase += d.pair(month.english, month.french);
    }
    if (tree.year > 0) phrase += d.pair(std::to_string(tree.year), std::to_string(tree.year));
    return phrase;
}

} // namespace attn::english_french
