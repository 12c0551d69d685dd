// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/random.h"
#include "core/tasks/english_chinese/syntax.h"

namespace attn::english_chinese {

/// What a noun phrase may hold where it stands.
struct Room {
    bool subject = false;   ///< every, all; nothing indefinite but in the plural
    bool indefinite = true; ///< a, some, several, numbers
    bool relative = false;
    bool complement = true;
    bool conjunct = false;
};

/// Draws words, noun phrases without relative clauses, times.
class WordSampler {
protected:
    explicit WordSampler(Random& random) : m_random(random) {}

    template <typename Entry, typename Test>
    const Entry& pickWhere(const std::vector<Entry>& table, Test test) {
        std::vector<const Entry*> fitting;
        for (const Entry& entry : table)
            if (test(entry)) fitting.push_back(&entry);
        return *m_random.pick(fitting);
    }
    template <typename Entry, typename Test>
    const Entry* pickOrNone(const std::vector<Entry>& table, double chance, Test test) {
        if (!m_random.chance(chance)) return nullptr;
        std::vector<const Entry*> fitting;
        for (const Entry& entry : table)
            if (test(entry)) fitting.push_back(&entry);
        return fitting.empty() ? nullptr : m_random.pick(fitting);
    }

    NounPhrase named(unsigned kinds) {
        NounPhrase phrase;
        phrase.name =
            &pickWhere(names(), [&](const Name& n) { return (1u << static_cast<unsigned>(n.kind)) & kinds; });
        return phrase;
    }
    static constexpr unsigned people = 1, cities = 2, countries = 4;

    NounPhrase pronoun() {
        NounPhrase phrase;
        phrase.pronoun = static_cast<Pronoun>(1 + m_random.below(6));
        return phrase;
    }

    Determiner owner() {
        return static_cast<Determiner>(static_cast<int>(Determiner::My) + m_random.below(6));
    }

    /// A person, thing or place of one of these classes.
    NounPhrase some(unsigned classes, const Room& room) {
        const double u = m_random.uniform();
        if ((classes & Person) && !(classes & (Animal | Text))) {
            if (u < (room.subject ? 0.2 : 0.12)) return pronoun();
            if (u < (room.subject ? 0.32 : 0.24)) return named(people);
        }
        NounPhrase phrase;
        phrase.noun = &pickWhere(nouns(), [&](const Noun& n) { return (n.classes & classes) != 0; });
        const Noun& noun = *phrase.noun;
        if (noun.count == Count::Single || (noun.classes & Kin)) {
            if ((noun.classes & Kin) && m_random.chance(0.8)) {
                phrase.determiner = owner();
            } else {
                complement(phrase);
            }
            return phrase;
        }
        if (noun.count == Count::Owned) {
            phrase.plural = m_random.chance(0.2);
            if ((noun.owners & Person) && m_random.chance(0.6))
                phrase.determiner = owner();
            else
                complement(phrase);
            describe(phrase, 0.2);
            return phrase;
        }
        if (noun.count == Count::Mass)
            massDeterminer(phrase, room);
        else
            determiner(phrase, room);
        if (noun.classes & Language) return phrase;
        if (noun.owners && room.complement && phrase.determiner == Determiner::Definite &&
            m_random.chance(0.5))
            complement(phrase);
        describe(phrase, room.complement ? 0.36 : 0.2);
        if (room.conjunct && phrase.complement.empty() && !phrase.colour && m_random.chance(0.05)) {
            NounPhrase other = phrase;
            other.first = nullptr;
            other.noun = pickOrNone(nouns(), 1, [&](const Noun& n) {
                return (n.classes & noun.classes) && n.count == Count::Countable && !(n.classes & Kin) &&
                       &n != &noun;
            });
            const bool fits = noun.count == Count::Countable && phrase.determiner == Determiner::Definite;
            if (fits && other.noun) phrase.conjunct.push_back(other);
        }
        return phrase;
    }

    /// Of whom or what; a chain of at most two.
    void complement(NounPhrase& phrase, int depth = 0) {
        const unsigned owners = phrase.noun->owners;
        phrase.determiner = Determiner::Definite;
        NounPhrase whose;
        if (owners & (Town | Land)) {
            whose = named(((owners & Town) ? cities : 0u) | ((owners & Land) ? countries : 0u));
        } else if ((owners & Person) && m_random.chance(0.25)) {
            whose = named(people);
        } else {
            whose.noun = &pickWhere(nouns(), [&](const Noun& n) {
                return (n.classes & owners) && n.count == Count::Countable && !(n.classes & Kin) &&
                       n.english != std::string_view(phrase.noun->english);
            });
            if (depth == 0 && whose.noun->owners && m_random.chance(0.12)) {
                complement(whose, 1);
            } else {
                const double u = m_random.uniform();
                if (u < 0.12) whose.determiner = m_random.chance(0.5) ? Determiner::This : Determiner::That;
                if (u > 0.85 && !(whose.noun->classes & Person)) whose.determiner = owner();
                describe(whose, 0.25);
            }
        }
        phrase.complement.push_back(std::move(whose));
    }

    void massDeterminer(NounPhrase& phrase, const Room& room) {
        const Noun& noun = *phrase.noun;
        if (noun.classes & Language) {
            phrase.determiner = Determiner::Bare;
            return;
        }
        const double u = m_random.uniform();
        if (room.subject || u < 0.3) {
            phrase.determiner = Determiner::Definite;
        } else if (noun.classes & Job) {
            phrase.determiner = owner();
        } else if (u < 0.6 || !room.indefinite || (noun.classes & Sound)) {
            phrase.determiner = Determiner::Bare;
        } else if (const Container* container = pickOrNone(containers(), 0.8, [&](const Container& c) {
                       return (c.classes & noun.classes) != 0;
                   })) {
            phrase.container = container;
            phrase.determiner = Determiner::Indefinite;
            phrase.number = m_random.chance(0.6) ? 1 : 2 + m_random.below(4);
        } else {
            phrase.determiner = Determiner::Indefinite;
        }
    }

    void determiner(NounPhrase& phrase, const Room& room) {
        constexpr unsigned own = Thing | Clothes | Vehicle | Bike | Text | Animal | Work;
        const unsigned classes = phrase.noun->classes;
        const double u = m_random.uniform();
        phrase.plural = m_random.chance(0.25);
        if (u < 0.4) {
            phrase.determiner = Determiner::Definite;
        } else if (u < 0.55) {
            phrase.determiner = m_random.chance(0.5) ? Determiner::This : Determiner::That;
        } else if (u < 0.67) {
            phrase.determiner = (classes & own) ? owner() : Determiner::Definite;
        } else if (room.subject && u < 0.75) {
            phrase.plural = m_random.chance(0.5);
            phrase.determiner = phrase.plural ? Determiner::All : Determiner::Every;
        } else if (!room.indefinite) {
            phrase.determiner = Determiner::Definite;
        } else if (u < 0.86) {
            phrase.determiner = Determiner::Indefinite;
            if (room.subject) phrase.plural = true;
        } else {
            phrase.plural = true;
            phrase.determiner = u < 0.89   ? Determiner::Several
                                : u < 0.92 ? Determiner::Many
                                           : Determiner::Number;
            phrase.number = 2 + m_random.below(11);
        }
    }

    void describe(NounPhrase& phrase, double chance) {
        const unsigned classes = phrase.noun->classes;
        phrase.first = pickOrNone(adjectives(), chance, [&](const Adjective& a) {
            return (a.classes & classes) && !a.colour && a.use != Adjective::Predicate;
        });
        const bool room = !phrase.first || phrase.first->use == Adjective::Bare;
        phrase.colour = pickOrNone(adjectives(), room ? 0.4 * chance : 0,
                                   [&](const Adjective& a) { return (a.classes & classes) && a.colour; });
    }

    Time drawTime(unsigned mask) {
        Time time;
        const double u = m_random.uniform();
        if (u < 0.5 || (mask & (InPresent | InProgress))) {
            time.fixed = &pickWhere(times(), [&](const FixedTime& t) { return (t.tenses & mask) != 0; });
        } else if (u < 0.65) {
            time.weekday = m_random.below(7);
        } else if (u < 0.82 || mask != InPast) {
            if (u < 0.75) time.month = m_random.below(12);
            if (time.month < 0 || m_random.chance(0.7))
                time.year = mask == InPast ? firstYear + m_random.below(lastPastYear - firstYear + 1)
                                           : lastPastYear + 1 + m_random.below(lastYear - lastPastYear);
        } else {
            time.ago = 2 + m_random.below(11);
            time.unit = m_random.below(4);
        }
        return time;
    }

    Place drawPlace() {
        Place place;
        const double u = m_random.uniform();
        if (u < 0.25) {
            place.preposition = &preposition("in");
            place.where = named(cities | countries);
            return place;
        }
        const bool in = u < 0.6, at = !in && u < 0.7;
        place.preposition =
            in   ? &preposition("in")
            : at ? &preposition("at")
                 : &pickWhere(prepositions(), [](const Preposition& p) { return isBeside(p); });
        place.where = landmark(in ? Inside : at ? Stop : (Building | Tall));
        return place;
    }
    static bool isBeside(const Preposition& p) {
        const std::string_view word = p.english;
        return word == "behind" || word == "in front of" || word == "near" || word == "next to";
    }
    /// On or under the furniture.
    Place furniture() {
        Place place;
        place.preposition = m_random.chance(0.7) ? &preposition("on") : &preposition("under");
        place.where = landmark(Surface);
        return place;
    }
    NounPhrase landmark(unsigned classes) {
        NounPhrase phrase;
        phrase.noun = &pickWhere(nouns(), [&](const Noun& n) { return (n.classes & classes) != 0; });
        const double u = m_random.uniform();
        if (u > 0.8) phrase.determiner = m_random.chance(0.5) ? Determiner::This : Determiner::That;
        if (m_random.chance(0.5)) describe(phrase, 0.3);
        return phrase;
    }

    Random& m_random;
};

} // namespace attn::english_chinese
