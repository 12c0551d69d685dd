// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/showcase.h"

namespace attn::english_chinese {
namespace {

NounPhrase the(const char* english, Determiner determiner = Determiner::Definite, bool plural = false,
               int number = 2) {
    NounPhrase phrase;
    phrase.noun = &noun(english);
    phrase.determiner = determiner;
    phrase.plural = plural;
    phrase.number = number;
    return phrase;
}

NounPhrase with(NounPhrase phrase, const char* word, const char* colour = nullptr) {
    phrase.first = &adjective(word, phrase.noun->classes);
    if (colour) phrase.colour = &adjective(colour);
    return phrase;
}

NounPhrase of(NounPhrase phrase, NounPhrase whose) {
    phrase.complement.push_back(std::move(whose));
    return phrase;
}

NounPhrase related(NounPhrase phrase, Clause clause, Clause::Gap gap) {
    clause.gap = gap;
    phrase.relative.push_back(std::move(clause));
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

Clause act(NounPhrase subject, const char* word, Tense tense, Frame frame = Frame::Transitive) {
    Clause clause;
    clause.subject = std::move(subject);
    clause.verb = &verb(word, frame);
    clause.tense = tense;
    return clause;
}

Clause act(NounPhrase subject, const char* word, Tense tense, NounPhrase object,
           Frame frame = Frame::Transitive) {
    Clause clause = act(std::move(subject), word, tense, frame);
    clause.object = std::move(object);
    return clause;
}

Time fixed(const char* english) {
    Time when;
    when.fixed = &time(english);
    return when;
}

Sentence plain(Clause clause, bool fullStop = true) {
    Sentence sentence;
    sentence.clause = std::move(clause);
    sentence.fullStop = fullStop;
    return sentence;
}

} // namespace

std::vector<Sentence> showcaseTrees() {
    using enum Determiner;
    std::vector<Sentence> all;
    const NounPhrase she = pronoun(Pronoun::She);

    all.push_back(plain(act(she, "dance", Tense::Past, Frame::Intransitive), false));

    Clause there;
    there.predicate = Predicate::Existence;
    there.object = with(the("cat", Number, true, 3), "small", "black");
    there.place = Place{&preposition("under"), the("table")};
    all.push_back(plain(there));

    Clause bigger;
    bigger.predicate = Predicate::Comparison;
    bigger.subject = the("dog", This);
    bigger.quality = &adjective("big", Animal);
    bigger.standard = of(the("cat"), the("teacher"));
    bigger.subject.determiner = This;
    all.push_back(plain(bigger));
    all.back().clause.standard = the("horse", That);

    Clause what = act(of(the("friend"), the("boy")), "buy", Tense::Past);
    what.question = Question::What;
    what.time = fixed("yesterday");
    all.push_back(plain(what));

    Clause works = act(the("doctor", Definite, true), "work", Tense::Present, Frame::Intransitive);
    works.place = Place{&preposition("in"), the("hospital")};
    works.time = fixed("every day");
    all.push_back(plain(works));

    Clause gave = act(named("Li Ming"), "give", Tense::Past, with(the("book", His), "new"), Frame::Give);
    gave.recipient = the("student", This);
    all.push_back(plain(gave));

    Clause went = act(she, "go to", Tense::Past, named("Beijing"), Frame::Goal);
    went.companion = the("mother", Her);
    went.vehicle = &vehicles()[0];
    went.time = Time{};
    went.time->month = 7;
    went.time->year = 2019;
    all.push_back(plain(went));

    Clause wrote = act(pronoun(Pronoun::I), "buy", Tense::Past);
    wrote.time = fixed("last week");
    Clause dear;
    dear.predicate = Predicate::Quality;
    dear.subject = related(the("camera"), wrote, Clause::Gap::Object);
    dear.quality = &adjective("expensive");
    dear.degree = Degree::Too;
    all.push_back(plain(dear));

    Clause stolen;
    stolen.predicate = Predicate::Passive;
    stolen.subject = of(the("photo"), the("girl"));
    stolen.verb = &verb("steal");
    stolen.tense = Tense::Past;
    stolen.agent = related(
        the("man"),
        [&] {
            Clause work = act(the("man"), "work", Tense::Present, Frame::Intransitive);
            work.place = Place{&preposition("in"), the("park")};
            work.time = fixed("every evening");
            return work;
        }(),
        Clause::Gap::Subject);
    all.push_back(plain(stolen));

    Sentence because = plain(act(the("student", All, true), "like", Tense::Present, the("teacher", That)));
    because.joint = &joint("because");
    Clause friendly;
    friendly.predicate = Predicate::Quality;
    friendly.subject = she;
    friendly.quality = &adjective("friendly");
    friendly.degree = Degree::Very;
    because.other.push_back(friendly);
    all.push_back(because);

    Clause study = act(the("student"), "study", Tense::Present, [] {
        NounPhrase phrase;
        phrase.noun = &noun("Chinese");
        phrase.determiner = Determiner::Bare;
        return phrase;
    }());
    study.modal = Modal::Want;
    Clause met = act(related(the("student"), study, Clause::Gap::Subject), "meet", Tense::Past,
                     with(related(
                              the("professor", Indefinite),
                              [&] {
                                  Clause know = act(named("Wang Fang"), "know", Tense::Present);
                                  return know;
                              }(),
                              Clause::Gap::Object),
                          "young"));
    Sentence opened = plain(met);
    opened.opening = fixed("this morning");
    all.push_back(opened);

    Clause open = act(the("child", Definite, true), "open", Tense::Past,
                      of(with(the("window"), "big"), with(the("house"), "beautiful")));
    open.manner = &manner("slowly");
    Sentence when = plain(open);
    when.joint = &joint("when");
    when.other.push_back(
        act(the("grandmother", Their), "return to", Tense::Past, named("Shanghai"), Frame::Goal));
    all.push_back(when);
    return all;
}

} // namespace attn::english_chinese
