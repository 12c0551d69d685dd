// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/tasks/english_chinese/realiser.h"
#include "core/tasks/english_chinese/word_sampler.h"

namespace attn::english_chinese {

inline bool isOneOf(std::string_view word, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

inline bool has(const Verb& verb, VerbFlag flag) {
    return (verb.flags & flag) != 0;
}

/// Draws clauses: a verb with what fits it, its tense and setting, its relative clauses.
class ClauseSampler : protected WordSampler {
protected:
    explicit ClauseSampler(Random& random) : WordSampler(random) {}

    static constexpr Room subjectRoom{true, true, false, true, true};

    NounPhrase subject(unsigned classes, bool relatives) {
        NounPhrase phrase = some(classes, subjectRoom);
        if (relatives && isDefinite(phrase)) relate(phrase, 0.24);
        return phrase;
    }

    /// A relative clause, where the phrase has a noun and room for one.
    void relate(NounPhrase& phrase, double chance) {
        if (!phrase.noun || !phrase.complement.empty() || !phrase.conjunct.empty() || phrase.container)
            return;
        if (phrase.noun->count != Count::Countable || (phrase.noun->classes & (Kin | Quality))) return;
        switch (phrase.determiner) {
            case Determiner::Definite:
            case Determiner::Indefinite:
            case Determiner::This:
            case Determiner::That:
            case Determiner::Number:
                break;
            default:
                return;
        }
        if (!m_random.chance(chance)) return;
        const unsigned classes = phrase.noun->classes;
        Clause clause;
        const bool agent =
            (classes & Person) ? m_random.chance(0.7) : (classes & Animal) && m_random.chance(0.5);
        if (agent) {
            clause = action(phrase, false);
            clause.gap = Clause::Gap::Subject;
        } else {
            std::vector<const Verb*> fitting;
            for (const Verb& verb : verbs())
                if (verb.frame == Frame::Transitive && (verb.objects & classes)) fitting.push_back(&verb);
            if (fitting.empty()) return;
            const Verb& verb = *m_random.pick(fitting);
            clause.verb = &verb;
            clause.gap = Clause::Gap::Object;
            clause.subject = some(Person & verb.subjects, Room{false, false, false, false, false});
            tense(clause, true);
            if (!has(verb, Nowhere) && m_random.chance(0.15)) clause.place = drawPlace();
        }
        clause.subject.relative.clear();
        phrase.relative.push_back(std::move(clause));
    }

    /// Tense, modal, negation, adverb and time. In a relative clause adverbs of frequency and 已经 stay away.
    void tense(Clause& clause, bool relative, unsigned only = 0) {
        const Verb& verb = *clause.verb;
        if (has(verb, Stative)) {
            if (m_random.chance(0.2)) {
                clause.negated = true;
            } else if (!relative && m_random.chance(0.2)) {
                clause.adverb = &verbAdverb(allSubject(clause) || m_random.chance(0.5) ? "always" : "also");
            }
            settle(clause);
            return;
        }
        const double u = m_random.uniform();
        if (only == InPast || (only == 0 && u < 0.45)) {
            clause.tense = Tense::Past;
            clause.negated = m_random.chance(0.18);
            if (!clause.negated && !relative && !allSubject(clause) && m_random.chance(0.06))
                clause.adverb = &verbAdverb("also");
            if (m_random.chance(0.4)) clause.time = drawTime(InPast);
        } else if (only == InFuture || (only == 0 && u < 0.6)) {
            clause.tense = Tense::Future;
            clause.negated = m_random.chance(0.2);
            if (m_random.chance(0.6)) clause.time = drawTime(InFuture);
        } else if (u < 0.75 && !has(verb, Unwilled)) {
            clause.modal = static_cast<Modal>(1 + m_random.below(4));
            clause.negated = clause.modal != Modal::Must && m_random.chance(0.25);
            if (clause.modal == Modal::Can && has(verb, Punctual)) clause.negated = false;
            if (m_random.chance(0.35)) clause.time = drawTime(InFuture);
        } else if (u < 0.84 && !relative) {
            clause.tense = Tense::Perfect;
            if (has(verb, Experienced) && m_random.chance(0.6)) {
                const double v = m_random.uniform();
                if (v < 0.25)
                    clause.adverb = &verbAdverb("never");
                else
                    clause.negated = v < 0.5;
            } else {
                clause.adverb = &verbAdverb("already");
            }
        } else if (has(verb, Punctual)) {
            clause.tense = Tense::Past;
            if (m_random.chance(0.5)) clause.time = drawTime(InPast);
        } else if (u < 0.9 && !has(verb, Moving)) {
            clause.tense = Tense::Progressive;
            if (m_random.chance(0.3)) clause.time = drawTime(InProgress);
        } else {
            habit(clause, relative);
        }
        settle(clause);
    }

    /// The simple present of what is done again and again.
    void habit(Clause& clause, bool relative) {
        clause.tense = Tense::Present;
        if (!relative && m_random.chance(0.5)) {
            clause.adverb = &pickWhere(verbAdverbs(), [](const VerbAdverb& a) { return a.frequency; });
            if (!m_random.chance(0.3) || clause.adverb->negative) return;
        } else if (m_random.chance(0.25)) {
            clause.negated = true;
            return;
        }
        clause.time = drawTime(InPresent);
    }

    bool allSubject(const Clause& clause) const {
        const Determiner determiner = clause.subject.determiner;
        return clause.gap == Clause::Gap::None && clause.subject.noun &&
               (determiner == Determiner::Every || determiner == Determiner::All);
    }
    /// "every boy did not" could be read in two ways.
    void settle(Clause& clause) const {
        if (!allSubject(clause)) return;
        clause.negated = false;
        if (clause.adverb && clause.adverb->negative) clause.adverb = nullptr;
    }
    static bool isNegative(const Clause& clause) {
        return clause.negated || (clause.adverb && clause.adverb->negative);
    }

    /// What that subject does.
    Clause action(const NounPhrase& who, bool relatives, unsigned only = 0) {
        Clause clause;
        clause.subject = who;
        const unsigned classes = who.noun ? who.noun->classes : static_cast<unsigned>(Person);
        const double u = m_random.uniform();
        const Frame frame = !(classes & Person) ? (u < 0.75 ? Frame::Transitive : Frame::Intransitive)
                            : u < 0.56          ? Frame::Transitive
                            : u < 0.72          ? Frame::Intransitive
                            : u < 0.83          ? Frame::Goal
                            : u < 0.89          ? Frame::Give
                            : u < 0.95          ? Frame::Benefit
                                                : Frame::Put;
        clause.verb = &pickWhere(verbs(), [&](const Verb& v) {
            return v.frame == frame && (v.subjects & classes) && !(only && has(v, Stative));
        });
        tense(clause, !relatives && only == 0, only);
        complete(clause, relatives);
        return clause;
    }

    /// Objects and settings; a relative clause in the object lets nothing come after it but what is its own.
    void complete(Clause& clause, bool relatives) {
        const Verb& verb = *clause.verb;
        const Room room{false, !isNegative(clause) && !has(verb, Stative), relatives, true, relatives};
        switch (verb.frame) {
            case Frame::Transitive: {
                clause.object = some(verb.objects, room);
                if (relatives && !clause.time) relate(*clause.object, 0.3);
                if (!clause.object->relative.empty()) return;
                break;
            }
            case Frame::Goal: {
                if (m_random.chance(0.5)) {
                    clause.object = named(cities | countries);
                } else {
                    clause.object = landmark(Inside | Stop);
                }
                if (clause.object->name && m_random.chance(0.6)) clause.vehicle = &m_random.pick(vehicles());
                break;
            }
            case Frame::Give:
            case Frame::Benefit: {
                Room plain = room;
                plain.complement = plain.conjunct = false;
                clause.object = some(verb.objects, plain);
                plain.indefinite = false;
                clause.recipient = some(Person, plain);
                if (clause.recipient->noun && !clause.time && relatives) relate(*clause.recipient, 0.15);
                return;
            }
            case Frame::Put: {
                clause.object = some(verb.objects, Room{false, false, false, false, false});
                clause.place = furniture();
                clause.place->preposition = &preposition("on");
                return;
            }
            default:
                break;
        }
        if (has(verb, Manner) && m_random.chance(0.12)) clause.manner = &m_random.pick(manners());
        if (has(verb, Sociable) && m_random.chance(0.25))
            clause.companion = some(Person, Room{false, false, false, true, false});
        const bool still = !has(verb, Nowhere) && !has(verb, Moving) && !has(verb, Stative);
        if (still && !clause.companion && m_random.chance(verb.frame == Frame::Intransitive ? 0.5 : 0.2))
            clause.place = drawPlace();
    }

    Clause anyClause(bool relatives, bool timed) {
        const double u = m_random.uniform();
        Clause clause = u < 0.66
                            ? action(subject(m_random.chance(0.85) ? Person : Animal, relatives), relatives)
                        : u < 0.74 ? passive(relatives)
                        : u < 0.93 ? being(relatives)
                                   : existence(relatives);
        if (!timed) clause.time.reset();
        if (!timed && clause.verb && clause.verb->frame != Frame::Put && clause.tense == Tense::Present &&
            clause.modal == Modal::None && !has(*clause.verb, Stative) && !clause.adverb && !clause.negated)
            clause.adverb = &verbAdverb("often"); // the simple present of an action wants one
        if (!timed && clause.predicate == Predicate::Quality && clause.tense != Tense::Present)
            clause.tense = Tense::Present;
        return clause;
    }

    Clause passive(bool relatives) {
        Clause clause;
        clause.predicate = Predicate::Passive;
        clause.tense = Tense::Past;
        clause.verb = &pickWhere(verbs(), [](const Verb& v) { return has(v, Undergone); });
        clause.subject = subject(clause.verb->objects, relatives);
        if (clause.subject.pronoun != Pronoun::None) clause.subject = named(people);
        if (m_random.chance(0.7)) {
            clause.agent = some(clause.verb->subjects & Person, Room{false, false, false, false, false});
            if (relatives) relate(*clause.agent, 0.2);
        }
        const bool closed = clause.agent && !clause.agent->relative.empty();
        if (!closed && m_random.chance(0.4)) clause.time = drawTime(InPast);
        clause.negated = m_random.chance(0.12);
        settle(clause);
        return clause;
    }

    Clause being(bool relatives) {
        Clause clause;
        const double u = m_random.uniform();
        if (u < 0.16) {
            clause.predicate = Predicate::Place;
            const bool small = m_random.chance(0.6);
            clause.subject = subject(small ? Thing | Clothes | Text : Person, relatives);
            clause.place = small ? furniture() : drawPlace();
            clause.negated = m_random.chance(0.2);
            settle(clause);
            return clause;
        }
        if (u < 0.34) {
            clause.predicate = Predicate::Identity;
            clause.subject = subject(Person, relatives);
            const bool plural = !isSingular(clause.subject) && clause.subject.pronoun != Pronoun::I &&
                                clause.subject.pronoun != Pronoun::You;
            NounPhrase what;
            what.noun = &pickWhere(nouns(), [](const Noun& n) {
                const bool trade = !isOneOf(n.english, {"man", "woman", "boy", "girl", "child", "guest"});
                return (n.classes & Person) && !(n.classes & Kin) && n.count == Count::Countable && trade;
            });
            what.plural = plural;
            what.determiner = plural ? Determiner::Bare : Determiner::Indefinite;
            describe(what, 0.4);
            clause.object = what;
            clause.negated = m_random.chance(0.2);
            if (!clause.negated && !allSubject(clause) && m_random.chance(0.12))
                clause.adverb = &verbAdverb("also");
            settle(clause);
            return clause;
        }
        constexpr unsigned describable = Person | Animal | Thing | Clothes | Text | Show | Topic | Vehicle |
                                         Bike | Inside | Building | Sight | Opening | Surface | Food |
                                         Fragile | Tall;
        const bool compared = u < 0.56;
        clause.subject =
            subject(m_random.chance(0.45) ? static_cast<unsigned>(Person) : describable, relatives);
        const unsigned classes =
            clause.subject.noun ? clause.subject.noun->classes : static_cast<unsigned>(Person);
        clause.quality = &pickWhere(adjectives(), [&](const Adjective& a) {
            return (a.classes & classes) && (!compared || a.graded);
        });
        const Adjective& quality = *clause.quality;
        if (compared) {
            clause.predicate = Predicate::Comparison;
            clause.standard = some(classes & quality.classes, Room{false, false, false, true, false});
            if (relatives) relate(*clause.standard, 0.15);
            clause.negated = m_random.chance(0.2);
            settle(clause);
            return clause;
        }
        clause.predicate = Predicate::Quality;
        const double v = m_random.uniform();
        if (quality.graded && v < 0.25) {
            clause.degree = Degree::Very;
        } else if (quality.graded && v < 0.33) {
            clause.degree = Degree::Too;
        } else if (v < 0.5) {
            clause.negated = true;
        } else if (!quality.colour && quality.use == Adjective::Predicate && (classes & Person) && v < 0.8) {
            if (v < 0.62) {
                clause.tense = Tense::Past;
                clause.time = drawTime(InPast);
            } else if (v < 0.7) {
                clause.tense = Tense::Future;
                if (m_random.chance(0.6)) clause.time = drawTime(InFuture);
            } else {
                clause.adverb =
                    &pickWhere(verbAdverbs(), [](const VerbAdverb& a) { return a.frequency && !a.negative; });
            }
        } else if (v < 0.6 && !allSubject(clause)) {
            clause.adverb = &verbAdverb("also");
        }
        settle(clause);
        return clause;
    }

    Clause existence(bool relatives) {
        Clause clause;
        clause.predicate = Predicate::Existence;
        const bool small = m_random.chance(0.5);
        clause.place = small ? furniture() : drawPlace();
        const bool in = isOneOf(clause.place->preposition->english, {"in", "at"});
        const unsigned wanted = small ? Thing | Clothes | Text
                                : in  ? Person | Animal | Vehicle
                                      : Person | Inside | Sight;
        NounPhrase what;
        what.noun = &pickWhere(nouns(), [&](const Noun& n) {
            return (n.classes & wanted) && !(n.classes & Kin) && n.count == Count::Countable;
        });
        const double u = m_random.uniform();
        what.determiner = u < 0.4   ? Determiner::Indefinite
                          : u < 0.5 ? Determiner::Several
                          : u < 0.6 ? Determiner::Many
                                    : Determiner::Number;
        what.plural = what.determiner != Determiner::Indefinite || m_random.chance(0.2);
        what.number = 2 + m_random.below(11);
        describe(what, 0.4);
        clause.object = what;
        if (relatives && !clause.place->where.name) relate(clause.place->where, 0.2);
        return clause;
    }
};

} // namespace attn::english_chinese
