// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "core/base/random.h"
#include "core/tasks/english_french/syntax.h"

namespace attn::english_french {

inline bool isOneOf(std::string_view word, std::initializer_list<std::string_view> list) {
    for (std::string_view item : list)
        if (item == word) return true;
    return false;
}

/// What a noun phrase may hold where it stands.
struct Room {
    bool indefinite = true; ///< a, some, several, many
    bool complement = true;
    bool relative = false;
    bool conjunct = false;
    bool plural = true;
};

/// Draws words, determiners, adjectives, tenses and times: all that embeds nothing.
class WordSampler {
protected:
    explicit WordSampler(Random& random) : m_random(random) {}

    Tense anyTense() {
        const double u = m_random.uniform();
        return u < 0.36 ? Tense::Present : u < 0.7 ? Tense::Past : u < 0.8 ? Tense::Perfect : Tense::Future;
    }

    template <typename Entry, typename Test>
    const Entry& pickWhere(const std::vector<Entry>& table, Test test) {
        std::vector<const Entry*> fitting;
        for (const Entry& entry : table)
            if (test(entry)) fitting.push_back(&entry);
        return *m_random.pick(fitting);
    }
    const Noun& pickNoun(unsigned classes) {
        return pickWhere(nouns(), [&](const Noun& noun) { return (noun.classes & classes) != 0; });
    }
    const Name& pickName(Name::Kind kind) {
        return pickWhere(names(), [&](const Name& name) { return name.kind == kind; });
    }
    const Adjective* pickAdjective(unsigned classes, Position position, double chance) {
        if (!m_random.chance(chance)) return nullptr;
        std::vector<const Adjective*> fitting;
        for (const Adjective& word : adjectives())
            if (word.position == position && (word.classes & classes)) fitting.push_back(&word);
        return fitting.empty() ? nullptr : m_random.pick(fitting);
    }

    NounPhrase named(Name::Kind kind) {
        NounPhrase phrase;
        phrase.name = &pickName(kind);
        return phrase;
    }
    NounPhrase the(const Noun& noun) {
        NounPhrase phrase;
        phrase.noun = &noun;
        return phrase;
    }
    NounPhrase pronoun(Pronoun which) {
        NounPhrase phrase;
        phrase.pronoun = which;
        return phrase;
    }

    void chooseDeterminer(NounPhrase& phrase, const Room& room) {
        const Noun& noun = *phrase.noun;
        if (noun.count == Count::Bare || noun.count == Count::Unique) return;
        const double u = m_random.uniform();
        if (noun.count == Count::Mass) {
            if (u < 0.5 && room.indefinite)
                phrase.determiner = Determiner::Indefinite;
            else if (u > 0.9)
                phrase.determiner = m_random.chance(0.5) ? Determiner::This : Determiner::That;
            return;
        }
        const bool own = (noun.classes & (Kin | Thing | Vehicle | Home | Text | Animal)) != 0;
        const bool plural = room.plural && m_random.chance(0.3);
        phrase.plural = plural;
        if (u < 0.5) return;
        if (u < 0.68) {
            if (room.indefinite) phrase.determiner = Determiner::Indefinite;
        } else if (u < 0.78) {
            phrase.determiner = m_random.chance(0.5) ? Determiner::This : Determiner::That;
        } else if (u < 0.88) {
            static constexpr Determiner owners[] = {Determiner::My,  Determiner::Your, Determiner::His,
                                                    Determiner::Her, Determiner::Our,  Determiner::Their};
            if (own) phrase.determiner = owners[m_random.below(6)];
        } else if (u < 0.9) {
            phrase.determiner = Determiner::Every;
            phrase.plural = false;
        } else if (room.plural) {
            phrase.plural = true;
            if (u < 0.92 && room.indefinite)
                phrase.determiner = Determiner::Several;
            else if (u < 0.94 && room.indefinite)
                phrase.determiner = Determiner::Many;
            else if (u < 0.96)
                phrase.determiner = Determiner::All;
            else {
                phrase.determiner = Determiner::Number;
                phrase.number = 2 + m_random.below(19);
            }
        }
    }

    void addAdjectives(NounPhrase& phrase, double scale) {
        const Noun& noun = *phrase.noun;
        if (noun.count == Count::Bare || noun.count == Count::Unique) return;
        phrase.before = pickAdjective(noun.classes, Position::Before, 0.28 * scale);
        phrase.after = pickAdjective(noun.classes, Position::After, 0.24 * scale);
        phrase.relational = pickAdjective(noun.classes, Position::Relational, 0.22 * scale);
        if (phrase.before && phrase.after && phrase.relational) phrase.after = nullptr;
        const bool ranked = phrase.before && isOneOf(phrase.before->english, {"first", "last"});
        if (ranked && phrase.determiner != Determiner::Definite) phrase.before = nullptr;
    }

    /// A time that goes with the tense; under a modal one to come.
    Adverbial drawTime(Tense tense, const Clause& clause) {
        Adverbial adverb;
        const unsigned mask = tense == Tense::Present  ? InPresent
                              : tense == Tense::Future ? InFuture
                                                       : InPast;
        const double u = m_random.uniform();
        const bool present = tense == Tense::Present, modal = clause.modal != Modal::None;
        if (present ? !modal || u < 0.7 : u < 0.36) {
            const unsigned wanted = present && modal ? static_cast<unsigned>(InFuture) : mask;
            adverb.fixed = &pickWhere(timeAdverbials(),
                                      [&](const FixedAdverbial& a) { return (a.tenses & wanted) != 0; });
        } else if (present || u < 0.46) {
            adverb.weekday = m_random.below(7);
        } else if (u < 0.86 || tense == Tense::Future) {
            if (u < 0.72) adverb.month = m_random.below(12);
            if (adverb.month < 0 || m_random.chance(0.8))
                adverb.year = tense == Tense::Past
                                  ? firstYear + m_random.below(lastPastYear - firstYear + 1)
                                  : lastPastYear + 1 + m_random.below(lastYear - lastPastYear);
        } else {
            adverb.ago = 2 + m_random.below(19);
            adverb.unit = m_random.below(4);
        }
        return adverb;
    }

    Random& m_random;
};

} // namespace attn::english_french
