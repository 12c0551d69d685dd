// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/showcase.h"

namespace attn::english_french {
namespace {

NounPhrase the(const char* english, bool plural = false) {
    NounPhrase phrase;
    phrase.noun = &noun(english);
    phrase.plural = plural;
    return phrase;
}

NounPhrase with(NounPhrase phrase, std::initializer_list<const char*> words) {
    for (const char* word : words) {
        const Adjective& found = adjective(word);
        (found.position == Position::Before  ? phrase.before
         : found.position == Position::After ? phrase.after
                                             : phrase.relational) = &found;
    }
    return phrase;
}

NounPhrase with(NounPhrase phrase, Determiner determiner, int number = 2) {
    phrase.determiner = determiner;
    phrase.number = number;
    return phrase;
}

NounPhrase with(NounPhrase phrase, const char* link, NounPhrase complement) {
    phrase.link = &preposition(link);
    phrase.complement.push_back(std::move(complement));
    return phrase;
}

NounPhrase with(NounPhrase phrase, Clause relative) {
    phrase.relative.push_back(std::move(relative));
    return phrase;
}

NounPhrase pronoun(Pronoun which) {
    NounPhrase phrase;
    phrase.pronoun = which;
    return phrase;
}

NounPhrase named(const char* english) {
    NounPhrase phrase;
    phrase.name = &name(english);
    return phrase;
}

Clause act(NounPhrase subject, const char* word, Tense tense) {
    Clause clause;
    clause.subject = std::move(subject);
    clause.verb = &verb(word);
    clause.tense = tense;
    return clause;
}

Clause act(NounPhrase subject, const char* word, Tense tense, NounPhrase object) {
    Clause clause = act(std::move(subject), word, tense);
    clause.object.push_back(std::move(object));
    return clause;
}

Adverbial when(const char* english) {
    Adverbial adverb;
    adverb.fixed = &adverbial(english);
    return adverb;
}

Adverbial date(int month, int year) {
    Adverbial adverb;
    adverb.month = month;
    adverb.year = year;
    return adverb;
}

Adverbial where(const Preposition* word, NounPhrase place) {
    Adverbial adverb;
    adverb.preposition = word;
    adverb.phrase.push_back(std::move(place));
    return adverb;
}

Sentence plain(Clause clause, bool fullStop = false) {
    Sentence sentence;
    sentence.clause = std::move(clause);
    sentence.fullStop = fullStop;
    return sentence;
}

Sentence longOne() {
    Clause relative;
    relative.gap = Clause::Gap::Subject;
    relative.verb = &verb("write");
    relative.tense = Tense::Past;
    relative.object.push_back(with(the("report"), {"long"}));

    Clause main = act(with(with(the("journalist"), {"young"}), relative), "say", Tense::Past);
    Clause inner;
    inner.predicate = Predicate::Passive;
    inner.subject = with(the("decision", true), {"political"});
    inner.subject.complement.push_back(the("European Commission"));
    inner.subject.link = &preposition("of");
    inner.verb = &verb("reject");
    inner.tense = Tense::Past;
    inner.adverb = &verbAdverb("often");
    inner.agent.push_back(with(the("member state", true), {"big"}));
    main.content.push_back(inner);

    Sentence sentence = plain(main, true);
    sentence.joint = "but";
    Clause other = act(with(the("minister"), {"old"}), "sign", Tense::Present);
    other.modal = Modal::Want;
    other.negated = true;
    other.object.push_back(with(with(the("trade agreement"), {"new"}), Determiner::This));
    sentence.other.push_back(other);
    return sentence;
}

} // namespace

std::vector<Sentence> showcaseTrees() {
    std::vector<Sentence> all;
    all.push_back(
        plain(act(with(the("cat"), {"small", "black"}), "see", Tense::Present, with(the("man"), {"old"}))));

    Clause signedThen;
    signedThen.predicate = Predicate::Passive;
    signedThen.subject = with(the("agreement"), "on", the("European Economic Area"));
    signedThen.verb = &verb("sign");
    signedThen.tense = Tense::Past;
    signedThen.adverbials = {date(7, 1992)};
    all.push_back(plain(signedThen));

    all.push_back(plain(act(named("Julia"), "leave", Tense::Past), false));
    all.back().clause.tense = Tense::Perfect;

    Clause unseen = act(pronoun(Pronoun::She), "see", Tense::Past, pronoun(Pronoun::They));
    unseen.negated = true;
    unseen.adverbials = {where(nullptr, with(the("beach"), {"beautiful"})), when("yesterday")};
    all.push_back(plain(unseen, true));

    Clause bought;
    bought.gap = Clause::Gap::Object;
    bought.subject = pronoun(Pronoun::We);
    bought.verb = &verb("buy");
    bought.tense = Tense::Past;
    Adverbial ago;
    ago.ago = 3;
    ago.unit = 0;
    bought.adverbials = {ago};
    Clause red;
    red.predicate = Predicate::Adjective;
    red.subject = with(the("flower", true), bought);
    red.quality = &adjective("red");
    all.push_back(plain(red, true));

    Clause gift = act(with(the("farmer", true), {"old"}), "give", Tense::Future,
                      with(with(the("apple", true), {"good"}), Determiner::Indefinite));
    gift.recipient.push_back(the("child", true));
    gift.adverbials = {when("tomorrow")};
    all.push_back(plain(gift));

    Clause must;
    must.predicate = Predicate::Passive;
    must.subject = with(with(the("data protection law"), {"new"}), Determiner::This);
    must.verb = &verb("adopt");
    must.modal = Modal::Must;
    must.agent.push_back(the("European Parliament"));
    all.push_back(plain(must, true));

    all.push_back(longOne());
    return all;
}

} // namespace attn::english_french
