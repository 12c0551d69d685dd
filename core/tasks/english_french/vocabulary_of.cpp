// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/vocabulary_of.h"

#include <set>

#include "core/tasks/english_french/english_morphology.h"

namespace attn::english_french {
namespace {

class Collector {
public:
    void add(std::string_view text) {
        for (std::string& token : tokensOf(text)) m_tokens.insert(std::move(token));
    }
    std::vector<std::string> take() const { return {m_tokens.begin(), m_tokens.end()}; }

private:
    std::set<std::string> m_tokens;
};

bool hasPlural(const Noun& noun) {
    return noun.count == Count::Countable;
}

void addYears(Collector& tokens) {
    for (int year = firstYear; year <= lastYear; ++year) tokens.add(std::to_string(year));
}

bool isPassive(const Verb& verb) {
    return verb.frame == Frame::Transitive;
}

} // namespace

std::vector<std::string> englishTokens() {
    Collector tokens;
    tokens.add(
        "the a an some this these that those my your his her our their every several many all "
        "I you he she we they me him us them who and but because when if than more very "
        "not cannot can must want wants wanted to do does did have has will be am is are was were been "
        "in on ago , .");
    for (const auto* table : {&placePrepositions(), &eventPrepositions(), &otherPrepositions()})
        for (const Preposition& word : *table) tokens.add(word.english);
    for (const VerbAdverb& word : verbAdverbs()) tokens.add(word.english);
    for (const auto* table : {&timeAdverbials(), &mannerAdverbials()})
        for (const FixedAdverbial& word : *table) tokens.add(word.english);
    for (const auto* table : {&months(), &weekdays(), &numbers(), &timeUnits()})
        for (const WordPair& word : *table) tokens.add(word.english);
    addYears(tokens);
    for (const Noun& noun : nouns()) {
        tokens.add(noun.english);
        if (hasPlural(noun)) tokens.add(englishPlural(noun));
    }
    for (const Name& name : names()) tokens.add(name.english);
    for (const Adjective& word : adjectives()) tokens.add(word.english);
    for (const Verb& verb : verbs()) {
        tokens.add(verb.english);
        tokens.add(verb.particle);
        tokens.add(englishThirdPerson(verb));
        tokens.add(englishPast(verb));
        tokens.add(englishParticiple(verb));
    }
    return tokens.take();
}

std::vector<std::string> frenchTokens() {
    Collector tokens;
    tokens.add(
        "le la l' les un une des du de d' au aux à ce cet cette ces mon ma mes votre vos son sa ses notre "
        "nos "
        "leur leurs chaque plusieurs beaucoup tous toutes je j' vous il elle nous ils me m' se s' qui que "
        "qu' "
        "et mais parce quand si plus très ne n' pas ai a avons avez ont suis est sommes êtes sont été "
        "serai sera serons serez seront étais était étions étiez étaient être voulu en y dans sur , .");
    for (const auto* table : {&placePrepositions(), &eventPrepositions(), &otherPrepositions()})
        for (const Preposition& word : *table) tokens.add(word.french);
    for (const VerbAdverb& word : verbAdverbs()) tokens.add(word.french);
    for (const auto* table : {&timeAdverbials(), &mannerAdverbials()})
        for (const FixedAdverbial& word : *table) tokens.add(word.french);
    for (const auto* table : {&months(), &weekdays(), &numbers(), &timeUnits()})
        for (const WordPair& word : *table) tokens.add(word.french);
    addYears(tokens);
    for (const Noun& noun : nouns()) {
        tokens.add(noun.french);
        if (hasPlural(noun)) tokens.add(*noun.frenchPlural ? noun.frenchPlural : frenchPlural(noun.french));
    }
    for (const Name& name : names()) tokens.add(name.french);
    for (const Adjective& word : adjectives()) {
        tokens.add(word.prevocalic);
        for (Gender gender : {Gender::Masculine, Gender::Feminine})
            for (bool plural : {false, true})
                tokens.add(frenchAgreed(word.french, word.feminine, gender, plural));
    }
    const auto persons = [&](const std::array<std::string, 5>& forms, bool all) {
        for (int person = 0; person < 5; ++person)
            if (all || person == static_cast<int>(Person5::He) || person == static_cast<int>(Person5::They))
                tokens.add(forms[static_cast<std::size_t>(person)]);
    };
    for (const Verb& verb : verbs()) {
        const FrenchVerb french = conjugate(verb.french);
        persons(french.present, verb.personal);
        if (verb.frame != Frame::Clausal) { // which is never in the future nor under a modal
            persons(french.future, verb.personal);
            tokens.add(french.infinitive);
        }
        const bool agrees = isPassive(verb) || verb.etre || verb.reflexive;
        for (Gender gender : {Gender::Masculine, Gender::Feminine})
            for (bool plural : {false, true})
                if ((agrees && !(verb.objects == Drink && gender == Gender::Feminine && plural)) ||
                    (gender == Gender::Masculine && !plural)) // of drinks, only water is feminine
                    tokens.add(frenchAgreed(french.participle, "", gender, plural));
    }
    persons(conjugate("pouvoir").present, true);
    persons(conjugate("devoir").present, true);
    persons(conjugate("vouloir").present, true);
    return tokens.take();
}

} // namespace attn::english_french
