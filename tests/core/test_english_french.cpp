// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/tasks/english_french/sampler.h"
#include "core/tasks/english_french/showcase.h"
#include "core/text/tokeniser.h"
#include "tests/core/english_french_fixture.h"

using namespace attn;
using namespace attn::english_french;

namespace {

/// Leaves of a sentence little but its structure: one noun per gender, one verb per frame, the past,
/// no adjectives or adverbials, so that different structures meet in the same English words.
void collapse(Clause& clause);
void collapse(NounPhrase& phrase) {
    if (phrase.noun && phrase.noun->count == Count::Countable) {
        const bool person = phrase.noun->classes & Person, feminine = phrase.noun->gender == Gender::Feminine;
        phrase.noun =
            &english_french::noun(person ? (feminine ? "woman" : "man") : (feminine ? "door" : "book"));
        phrase.before = phrase.after = phrase.relational = nullptr;
        phrase.determiner = Determiner::Definite;
        phrase.plural = false;
    }
    if (phrase.name) phrase.name = &english_french::name("Paul");
    if (phrase.pronoun != Pronoun::None) phrase.pronoun = Pronoun::She;
    for (NounPhrase& each : phrase.complement) collapse(each);
    for (NounPhrase& each : phrase.conjunct) collapse(each);
    for (Clause& each : phrase.relative) collapse(each);
}
void collapse(Clause& clause) {
    if (clause.gap != Clause::Gap::Subject) collapse(clause.subject);
    if (clause.verb) {
        const Frame frame = clause.verb->frame;
        if (frame == Frame::Transitive) clause.verb = &english_french::verb("find");
        if (frame == Frame::Dative) clause.verb = &english_french::verb("answer");
        if (frame == Frame::Recipient) clause.verb = &english_french::verb("give");
        if (frame == Frame::Clausal) clause.verb = &english_french::verb("say");
        if (frame == Frame::Intransitive || frame == Frame::Goal || frame == Frame::Origin)
            clause.verb = &english_french::verb("leave");
    }
    if (clause.quality) clause.quality = &english_french::adjective("old");
    clause.tense = Tense::Past;
    clause.modal = Modal::None;
    clause.negated = clause.very = false;
    clause.adverb = nullptr;
    clause.adverbials.clear();
    for (auto* list : {&clause.object, &clause.recipient, &clause.agent, &clause.standard})
        for (NounPhrase& each : *list) collapse(each);
    for (Clause& each : clause.content) collapse(each);
    for (Clause& each : clause.second) collapse(each);
}

} // namespace

TEST_CASE("structure alone decides") {
    std::map<std::string, std::string> meaning;
    Random random(23);
    int met = 0;
    for (int i = 0; i < 12000; ++i) {
        Sentence tree = sampleSentence(random);
        collapse(tree.clause);
        for (Clause& other : tree.other) collapse(other);
        tree.opening.clear();
        tree.fullStop = false;
        const Example example = realise(tree);
        const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
        met += !fresh;
        REQUIRE_MESSAGE((fresh || entry->second == joined(example.target)),
                        (entry->first + " | " + entry->second + " | " + joined(example.target)));
    }
    REQUIRE(met > 2000);
}

/// Every pair of small clauses, joined in every way: none reads as another with other French.
TEST_CASE("joined clauses stay apart") {
    std::vector<NounPhrase> phrases = {pronoun(Pronoun::She), np("man"), np("woman")};
    for (const auto& [one, other] : {std::pair{"man", "woman"}, std::pair{"woman", "man"}}) {
        NounPhrase couple = np(one);
        couple.conjunction = "and";
        couple.conjunct.push_back(np(other));
        phrases.push_back(couple);
    }
    NounPhrase related = np("woman");
    related.relative.push_back(act(np("woman"), "leave", Tense::Past));
    related.relative[0].gap = Clause::Gap::Subject;
    phrases.push_back(related);

    std::vector<Clause> clauses;
    for (const NounPhrase& subject : phrases) {
        clauses.push_back(act(subject, "leave", Tense::Past));
        for (std::size_t object = 1; object < phrases.size(); ++object) {
            clauses.push_back(act(subject, "find", Tense::Past, {phrases[object]}));
            if (!phrases[object].relative.empty()) continue;
            Clause twice = clauses.back();
            twice.second.push_back(act(subject, "leave", Tense::Past));
            clauses.push_back(twice);
        }
    }
    const std::size_t plain = clauses.size();
    for (std::size_t i = 0; i < plain; ++i) {
        Clause saying = act(np("man"), "say", Tense::Past);
        if (clauses[i].second.empty()) saying.content.push_back(clauses[i]);
        if (!saying.content.empty()) clauses.push_back(saying);
    }

    std::map<std::string, std::string> meaning;
    for (const Clause& first : clauses)
        for (const Clause& second : clauses)
            for (const char* joint : {"and", "because"}) {
                Sentence tree;
                tree.clause = first;
                tree.joint = joint;
                tree.other.push_back(second);
                const Example example = realise(tree);
                const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
                REQUIRE_MESSAGE((fresh || entry->second == joined(example.target)),
                                (entry->first + " | " + entry->second + " | " + joined(example.target)));
            }
}

TEST_CASE("language is a function and as large as said") {
    const auto task = makeTask("en-fr");
    Random random(29);
    std::set<std::string> english, french;
    std::map<std::string, std::string> meaning;
    constexpr int count = 20000;
    double words = 0;
    int beyond25 = 0, stops = 0;
    for (int i = 0; i < count; ++i) {
        const Example example = task->generate(random);
        const auto [entry, fresh] = meaning.emplace(joined(example.source), joined(example.target));
        REQUIRE_MESSAGE((fresh || entry->second == joined(example.target)), entry->first);
        english.insert(example.source.begin(), example.source.end());
        french.insert(example.target.begin(), example.target.end());
        const std::size_t length = example.source.size();
        REQUIRE((length >= 3 && length <= 40));
        words += static_cast<double>(length);
        beyond25 += length > 25;
        stops += example.source.back() == ".";
        REQUIRE((example.source.back() == ".") == (example.target.back() == "."));
    }
    REQUIRE(english.size() >= 600);
    REQUIRE(french.size() >= 800);
    REQUIRE((words / count > 11 && words / count < 12.5));
    REQUIRE((beyond25 > count / 100 && beyond25 < count / 20));
    REQUIRE((stops > count * 0.48 && stops < count * 0.52));
    const std::vector<std::string> all = task->targetTokens();
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* composed = icu::Normalizer2::getNFCInstance(status);
    REQUIRE(U_SUCCESS(status));
    for (const std::string& token : all) {
        CHECK_MESSAGE(composed->isNormalized(icu::UnicodeString::fromUTF8(token), status), token);
        REQUIRE(U_SUCCESS(status));
    }
}

TEST_CASE("gold links") {
    const auto task = makeTask("en-fr");
    Random random(31);
    for (int i = 0; i < 5000; ++i) {
        const Example example = task->generate(random);
        std::vector<int> links(example.target.size(), 0);
        for (const GoldLink& link : example.links) ++links[static_cast<std::size_t>(link.target)];
        for (int n : links) REQUIRE_MESSAGE(n > 0, joined(example.source));
        for (std::size_t s = 0; s < example.source.size(); ++s) {
            std::multiset<std::string> sure;
            for (const GoldLink& link : example.links)
                if (link.sure && link.source == static_cast<int>(s))
                    sure.insert(example.target[static_cast<std::size_t>(link.target)]);
            const std::string& word = example.source[s];
            if (word == "not")
                REQUIRE(((sure == std::multiset<std::string>{"ne", "pas"}) ||
                         (sure == std::multiset<std::string>{"n'", "pas"})));
            if (word == "," || word == "." || (word[0] >= '0' && word[0] <= '9'))
                REQUIRE(sure == std::multiset<std::string>{word});
        }
    }

    Clause clause = act(np("book"), "see", Tense::Present);
    clause.subject.link = &preposition("of");
    clause.subject.complement.push_back(np("king"));
    clause.predicate = Predicate::Adjective;
    clause.quality = &english_french::adjective("sad");
    const Example example = said(clause);
    REQUIRE(joined(example.source) == "the book of the king is sad");
    REQUIRE(joined(example.target) == "le livre du roi est triste");
    const std::vector<GoldLink> expected = {{0, 0}, {1, 1}, {2, 2}, {3, 2}, {4, 3}, {5, 4}, {6, 5}};
    REQUIRE(example.links == expected);

    const Example area = realise(showcaseTrees()[1]);
    for (const GoldLink& turned : {GoldLink{4, 6, true}, {5, 5, true}, {6, 4, true}, {3, 3, true}})
        REQUIRE(std::find(area.links.begin(), area.links.end(), turned) != area.links.end());
}

TEST_CASE("showcase is varied") {
    const auto task = makeTask("en-fr");
    std::set<std::size_t> lengths;
    for (const std::string& sentence : task->showcase())
        lengths.insert(tokeniseTexts(TokeniserKind::Words, sentence).size());
    REQUIRE(lengths.count(3));
    REQUIRE((*lengths.rbegin() >= 35 && *lengths.rbegin() <= 40));
    REQUIRE(task->showcase().size() >= 8);
}
