// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_french/sampler.h"

#include <string_view>

#include "core/tasks/english_french/word_sampler.h"

namespace attn::english_french {
namespace {

class Sampler : private WordSampler {
public:
    explicit Sampler(Random& random) : WordSampler(random) {}

    Sentence sentence() {
        Sentence tree;
        const double joined = m_random.uniform();
        m_rich = joined < 0.05;
        if (joined < 0.09) {
            tree.joint = m_random.chance(0.5) ? "and" : "but";
            tree.clause = clause(anyTense(), true);
            tree.other.push_back(clause(anyTense(), true));
        } else if (joined < 0.13) {
            tree.joint = "because";
            tree.clause = clause(anyTense(), false);
            tree.other.push_back(clause(anyTense(), false));
        } else if (joined < 0.155) {
            tree.joint = "when";
            const Tense tense = m_random.chance(0.6) ? Tense::Past : Tense::Present;
            tree.clause = clause(tense, false);
            tree.other.push_back(clause(tense, false));
        } else if (joined < 0.18) {
            tree.joint = "if";
            tree.clause = clause(Tense::Future, false);
            tree.other.push_back(clause(Tense::Present, false));
        } else {
            m_rich = m_random.chance(0.3);
            const Tense tense = anyTense();
            tree.clause = clause(tense, true);
            if (!m_timed && m_random.chance(0.12) && tense != Tense::Perfect)
                tree.opening.push_back(time(tense, tree.clause));
        }
        tree.fullStop = m_random.chance(0.5);
        return tree;
    }

private:
    void complete(NounPhrase& phrase, const Room& room) {
        const Noun& noun = *phrase.noun;
        const bool plain =
            phrase.determiner == Determiner::Definite || phrase.determiner == Determiner::Indefinite;
        if (room.complement && plain && m_random.chance(m_rich ? 0.4 : 0.25)) {
            if ((noun.classes & About) && m_random.chance(0.7)) {
                const Noun& topic = pickNoun(Topic);
                const bool ill = isOneOf(topic.english, {"unemployment", "climate change"});
                const bool against = ill && (noun.classes & Legal) && m_random.chance(0.5);
                phrase.link = &preposition(against ? "against" : "on");
                phrase.complement.push_back(the(topic));
            } else if ((noun.classes & Official) ||
                       ((noun.classes & Institution) && noun.count == Count::Countable &&
                        m_random.chance(0.3))) {
                phrase.link = &preposition("of");
                phrase.complement.push_back(named(Name::Kind::Country));
                if (noun.classes & Official) phrase.determiner = Determiner::Definite;
            } else if (noun.classes & (Thing | Vehicle | Text | Home | Animal | Legal)) {
                phrase.link = &preposition("of");
                const unsigned owner = (noun.classes & Legal) ? Institution : Person;
                phrase.complement.push_back(
                    owner == Person && m_random.chance(0.2) ? named(Name::Kind::Person) : simple(owner));
                phrase.determiner = Determiner::Definite;
            }
        }
        if (phrase.complement.empty() && room.relative && noun.count == Count::Countable &&
            m_random.chance(m_rich ? 0.3 : 0.12))
            addRelative(phrase);
    }

    /// The man, this old woman: nothing that would need "de" to merge with an indefinite article.
    NounPhrase simple(unsigned classes) {
        NounPhrase phrase = the(pickNoun(classes));
        phrase.plural = phrase.noun->count == Count::Countable && m_random.chance(0.2);
        if (phrase.noun->count == Count::Countable && m_random.chance(0.15))
            phrase.determiner = Determiner::This;
        addAdjectives(phrase, 0.6);
        return phrase;
    }

    NounPhrase placeToGo() {
        for (;;)
            if (NounPhrase place = simple(Place); !isOneOf(place.noun->english, {"bridge", "street"}))
                return place;
    }

    NounPhrase phrase(unsigned classes, const Room& room) {
        if ((classes & Person) && m_random.chance(0.1)) return named(Name::Kind::Person);
        if ((classes & Institution) && m_random.chance(0.15)) return named(Name::Kind::Country);
        NounPhrase made = the(pickNoun(classes));
        chooseDeterminer(made, room);
        addAdjectives(made, m_rich ? 1.2 : 0.9);
        complete(made, room);
        if (room.conjunct && made.complement.empty() && made.relative.empty() && m_random.chance(0.08)) {
            made.conjunction = "and";
            Room bare = room;
            bare.complement = bare.relative = bare.conjunct = false;
            NounPhrase other =
                phrase(made.noun->classes & ~(Kin | Official | About | Home | Building | Planned), bare);
            if (other.noun != made.noun) made.conjunct.push_back(other);
        }
        return made;
    }

    NounPhrase subject(unsigned classes, bool personal, bool relative) {
        if ((classes & Person) && m_random.chance(personal ? 0.5 : 0.2)) {
            static constexpr Pronoun third[] = {Pronoun::He, Pronoun::She, Pronoun::They};
            static constexpr Pronoun close[] = {Pronoun::I, Pronoun::You, Pronoun::We};
            return pronoun(personal && m_random.chance(0.68) ? close[m_random.below(3)]
                                                             : third[m_random.below(3)]);
        }
        Room room;
        room.relative = relative;
        room.conjunct = true;
        return phrase(classes, room);
    }

    static bool isPlural(const NounPhrase& phrase) {
        return phrase.plural || !phrase.conjunct.empty() || phrase.pronoun == Pronoun::We ||
               phrase.pronoun == Pronoun::They;
    }

    Adverbial time(Tense tense, const Clause& clause) {
        m_timed = true;
        return drawTime(tense, clause);
    }
    Adverbial prepositional(const Preposition* word, NounPhrase governed) {
        Adverbial adverb;
        adverb.preposition = word;
        adverb.phrase.push_back(std::move(governed));
        return adverb;
    }
    Room smallRoom() {
        Room room;
        room.complement = m_rich;
        return room;
    }
    Adverbial somewhere() {
        if (m_random.chance(0.2))
            return prepositional(nullptr,
                                 named(m_random.chance(0.6) ? Name::Kind::City : Name::Kind::Country));
        if (m_random.chance(0.3)) {
            const Preposition& where = m_random.pick(placePrepositions()); // drawn before the phrase
            return prepositional(&where, phrase(Place, smallRoom()));
        }
        NounPhrase place = the(pickNoun(Place));
        addAdjectives(place, 0.7);
        if (m_random.chance(0.25))
            place.determiner = m_random.chance(0.5) ? Determiner::Indefinite : Determiner::This;
        return prepositional(nullptr, place);
    }

    void addAdverbials(Clause& tree, Tense tense, unsigned subjectClasses) {
        const Verb* verb = tree.verb;
        const std::string_view word = verb ? verb->english : "";
        const double more = m_rich ? 1.4 : 1.0;
        const bool active = tree.predicate == Predicate::Verb;
        const bool calm = isOneOf(word, {"sleep", "work", "sing", "dance", "eat", "drink", "open", "close",
                                         "leave", "clean", "paint"});
        if (active && calm && !tree.adverb && m_random.chance(0.2)) {
            const FixedAdverbial& manner = m_random.pick(mannerAdverbials());
            const std::string_view how = manner.english;
            if (how == "well" ? isOneOf(word, {"sleep", "work", "sing", "dance"})
                              : how != "together" || isPlural(tree.subject)) {
                Adverbial adverb;
                adverb.fixed = &manner;
                tree.adverbials.push_back(adverb);
            }
        }
        if (active && isOneOf(word, {"open", "close"}) && m_random.chance(0.3)) {
            NounPhrase key = the(noun("key"));
            addAdjectives(key, 0.8);
            tree.adverbials.push_back(prepositional(&preposition("with"), key));
        } else if (active && tree.gap == Clause::Gap::None &&
                   isOneOf(word, {"eat", "drink", "work", "sing", "dance", "leave", "arrive", "live", "visit",
                                  "go"}) &&
                   m_random.chance(0.15)) {
            const Preposition& beside = preposition(m_random.chance(0.75) ? "with" : "without");
            tree.adverbials.push_back(prepositional(&beside, phrase(Person, definiteRoom())));
        }
        if (active && isOneOf(word, {"work", "buy", "write", "sing"}) && m_random.chance(0.2))
            tree.adverbials.push_back(
                prepositional(&preposition("for"),
                              phrase(word == "work" ? Institution | Person : unsigned{Person}, smallRoom())));
        const bool placed =
            isOneOf(word, {"see", "find", "buy", "sell", "eat", "drink", "look", "sleep", "work", "sing",
                           "dance", "arrive", "fall", "stop", "talk", "help", "write"});
        const bool objectIsPlace =
            !tree.object.empty() && tree.object[0].noun && (tree.object[0].noun->classes & Place);
        if (active && placed && !objectIsPlace && m_random.chance(0.3 * more)) {
            tree.adverbials.push_back(somewhere());
        } else if (isOneOf(word, {"sign", "adopt", "organise", "publish", "begin"}) && m_random.chance(0.2)) {
            tree.adverbials.push_back(
                prepositional(nullptr, named(m_random.chance(0.6) ? Name::Kind::City : Name::Kind::Country)));
        }
        if ((subjectClasses & (Person | Institution)) && !(subjectClasses & Animal) &&
            m_random.chance(0.07 * more)) {
            const Preposition& when = m_random.pick(eventPrepositions());
            tree.adverbials.push_back(prepositional(&when, phrase(Event, smallRoom())));
        }
        if (!tree.adverb && tense != Tense::Perfect && tree.content.empty() && m_random.chance(0.28 * more)) {
            const bool copula = tree.predicate != Predicate::Verb && tree.predicate != Predicate::Passive;
            if (!copula || tense != Tense::Present) tree.adverbials.push_back(time(tense, tree));
        }
    }

    /// Negation, modal and adverb of a clause whose subject and verb are chosen.
    void colour(Clause& tree, Tense& tense, bool person) {
        const bool clausal = tree.verb && tree.verb->frame == Frame::Clausal;
        const bool verbal = tree.predicate == Predicate::Verb || tree.predicate == Predicate::Passive;
        if (!clausal && verbal && (tense == Tense::Present || tense == Tense::Past) && m_random.chance(0.2)) {
            if (tense == Tense::Present && m_random.chance(0.75))
                tree.modal = m_random.chance(0.5) ? Modal::Can : Modal::Must;
            else if (person && tree.predicate == Predicate::Verb)
                tree.modal = Modal::Want;
        }
        tree.tense = tense;
        tree.negated = !clausal && m_random.chance(0.17);
        if (m_random.chance(0.1) && tree.modal != Modal::Must) {
            const VerbAdverb& adverb = m_random.pick(verbAdverbs());
            const bool fits = !(adverb.negative && (tree.negated || clausal || tree.modal != Modal::None)) &&
                              !(adverb.presentOrPastOnly &&
                                (tense == Tense::Future || tree.negated || tree.modal != Modal::None));
            if (fits) tree.adverb = &adverb;
        }
    }
    static bool denied(const Clause& tree) { return tree.negated || (tree.adverb && tree.adverb->negative); }
    Room definiteRoom() {
        Room room;
        room.complement = room.indefinite = false;
        return room;
    }

    void addObjects(Clause& tree, bool relative) {
        const Verb& verb = *tree.verb;
        Room room;
        room.indefinite = !denied(tree);
        if (verb.frame == Frame::Transitive) {
            const bool animate = (verb.objects & (Person | Animal)) != 0;
            if (animate && tree.gap == Clause::Gap::None && m_random.chance(0.22)) {
                const Pronoun subject = tree.subject.pronoun;
                std::vector<Pronoun> fitting = {Pronoun::He, Pronoun::She, Pronoun::They};
                if (subject != Pronoun::I && subject != Pronoun::We) {
                    fitting.push_back(Pronoun::I);
                    fitting.push_back(Pronoun::We);
                }
                if (subject != Pronoun::You) fitting.push_back(Pronoun::You);
                tree.object.push_back(pronoun(m_random.pick(fitting)));
                return;
            }
            room.relative = relative;
            room.conjunct = true;
            tree.object.push_back(phrase(verb.objects, room));
        } else if (verb.frame == Frame::Recipient) {
            room.complement = false;
            tree.object.push_back(phrase(verb.objects, room));
            Room person;
            person.complement = m_rich;
            person.relative = relative;
            tree.recipient.push_back(phrase(Person, person));
        } else if (verb.frame == Frame::Dative) {
            room.indefinite = true;
            room.relative = relative;
            tree.object.push_back(phrase(verb.objects, room));
        } else if (verb.frame == Frame::Goal || verb.frame == Frame::Origin) {
            const Preposition& way = preposition(verb.frame == Frame::Goal ? "to" : "from");
            const bool proper = m_random.chance(0.35);
            tree.adverbials.push_back(prepositional(
                &way,
                proper ? named(m_random.chance(0.5) ? Name::Kind::City : Name::Kind::Country) : placeToGo()));
        } else if (verb.frame == Frame::Located) {
            tree.adverbials.push_back(prepositional(
                nullptr, m_random.chance(0.5)
                             ? named(m_random.chance(0.6) ? Name::Kind::City : Name::Kind::Country)
                             : simple(Home)));
        }
    }

    const Verb& pickVerb(Frame frame) {
        return pickWhere(verbs(), [&](const Verb& verb) { return verb.frame == frame; });
    }

    Clause clause(Tense tense, bool embed) {
        m_timed = false;
        const double u = m_random.uniform();
        if (u < 0.11) return passive(tense, embed);
        if (u < 0.27) return described(tense, embed);
        if (u < 0.34 && embed && tense != Tense::Future) return reporting(tense);
        const Frame frame = u < 0.68   ? Frame::Transitive
                            : u < 0.75 ? Frame::Recipient
                            : u < 0.79 ? Frame::Dative
                            : u < 0.90 ? Frame::Intransitive
                            : u < 0.95 ? Frame::Goal
                            : u < 0.97 ? Frame::Origin
                                       : Frame::Located;
        Clause tree;
        tree.verb = &pickVerb(frame);
        tree.subject = subject(tree.verb->subjects, tree.verb->personal, embed);
        const bool person = tree.subject.pronoun != Pronoun::None ||
                            (tree.subject.name && tree.subject.name->kind == Name::Kind::Person) ||
                            (tree.subject.noun && (tree.subject.noun->classes & Person));
        colour(tree, tense, person);
        addObjects(tree, embed);
        const bool closed = embed && tree.object.size() == 1 && tree.object[0].relative.empty() &&
                            tree.subject.relative.empty() && !tree.negated && !tree.adverb &&
                            tree.modal == Modal::None && person && m_random.chance(0.15);
        if (closed)
            tree.second.push_back(secondVerb(tense));
        else
            addAdverbials(tree, tense, tree.verb->subjects);
        return tree;
    }

    /// "... and closes the window": what anybody can do next, in the third person or by us.
    Clause secondVerb(Tense tense) {
        Clause tree;
        tree.tense = tense;
        tree.verb = &pickWhere(verbs(), [](const Verb& verb) {
            return verb.personal && (verb.frame == Frame::Transitive || verb.frame == Frame::Intransitive) &&
                   (verb.subjects & Person);
        });
        Room room;
        room.complement = m_rich;
        if (tree.verb->frame == Frame::Transitive) tree.object.push_back(phrase(tree.verb->objects, room));
        if (tense != Tense::Perfect && m_random.chance(0.2)) tree.adverbials.push_back(time(tense, tree));
        return tree;
    }

    Clause passive(Tense tense, bool embed) {
        Clause tree;
        tree.predicate = Predicate::Passive;
        tree.verb = &pickWhere(verbs(), [](const Verb& verb) {
            return verb.frame == Frame::Transitive && !*verb.particle &&
                   !isOneOf(verb.english, {"see", "love"});
        });
        Room room;
        room.relative = embed;
        room.conjunct = true;
        tree.subject = phrase(tree.verb->objects, room);
        colour(tree, tense, false);
        if (m_random.chance(0.5)) tree.agent.push_back(phrase(tree.verb->subjects, smallRoom()));
        addAdverbials(tree, tense, tree.verb->subjects);
        return tree;
    }

    /// The copula: with an adjective, a comparison or a place.
    Clause described(Tense tense, bool embed) {
        Clause tree;
        const double u = m_random.uniform();
        Room room;
        room.relative = embed;
        room.conjunct = u < 0.65;
        if (u > 0.82) {
            tree.predicate = Predicate::Place;
            tree.subject = m_random.chance(0.25) ? pronoun(Pronoun(1 + m_random.below(6)))
                                                 : phrase(Person | Animal | Thing | Vehicle, room);
            colour(tree, tense, false);
            tree.adverbials.push_back(somewhere());
            return tree;
        }
        const bool comparison = u > 0.68;
        tree.quality = &pickWhere(adjectives(), [&](const Adjective& word) {
            return word.predicative && (!comparison || word.gradable);
        });
        constexpr unsigned kinds[] = {Person, Animal, Thing,       Vehicle, Opening, Place,
                                      Text,   Legal,  Institution, Event,   Food,    Drink};
        std::vector<unsigned> fitting;
        for (unsigned kind : kinds)
            if (tree.quality->classes & kind) fitting.push_back(kind);
        const unsigned kind = m_random.pick(fitting);
        tree.predicate = comparison ? Predicate::Comparison : Predicate::Adjective;
        tree.subject = kind == Person && m_random.chance(0.4) ? pronoun(Pronoun(1 + m_random.below(6)))
                                                              : phrase(kind, room);
        for (const Adjective** word : {&tree.subject.before, &tree.subject.after, &tree.subject.relational})
            if (*word == tree.quality) *word = nullptr; // no small clock that is small
        colour(tree, tense, false);
        if (comparison) {
            tree.standard.push_back(phrase(kind, smallRoom()));
            return tree;
        }
        tree.very = tree.quality->position != Position::Relational && m_random.chance(0.3);
        if (m_random.chance(0.3)) addAdverbials(tree, tense, 0);
        return tree;
    }

    Clause reporting(Tense tense) {
        Clause tree;
        tree.verb = &pickVerb(Frame::Clausal);
        tree.subject = subject(tree.verb->subjects, tree.verb->personal, false);
        colour(tree, tense, false);
        tree.content.push_back(clause(tense == Tense::Present ? anyTense() : Tense::Past, false));
        return tree;
    }

    void addRelative(NounPhrase& head) {
        const unsigned classes = head.noun->classes;
        const bool rich = m_rich;
        m_rich = false;
        const Tense tense = m_random.chance(0.5)   ? Tense::Past
                            : m_random.chance(0.7) ? Tense::Present
                                                   : Tense::Future;
        const bool asSubject = (classes & (Person | Animal | Institution)) && m_random.chance(0.6);
        std::vector<const Verb*> fitting;
        for (const Verb& verb : verbs()) {
            const bool good = asSubject ? (verb.subjects & classes) && verb.frame != Frame::Clausal
                                        : (verb.objects & classes) && verb.frame == Frame::Transitive;
            if (good) fitting.push_back(&verb);
        }
        if (!fitting.empty()) {
            Clause tree;
            tree.gap = asSubject ? Clause::Gap::Subject : Clause::Gap::Object;
            tree.verb = m_random.pick(fitting);
            tree.tense = tense;
            tree.negated = m_random.chance(0.08);
            if (asSubject) {
                addObjects(tree, false);
            } else {
                tree.subject = subject(tree.verb->subjects, tree.verb->personal, false);
                if (tree.subject.noun) tree.subject.complement.clear();
            }
            if (m_random.chance(0.15)) tree.adverbials.push_back(time(tense, tree));
            head.relative.push_back(tree);
        }
        m_rich = rich;
    }

    bool m_rich = false;  ///< this sentence is a long one
    bool m_timed = false; ///< the clause last made says when
};

} // namespace

Sentence sampleSentence(Random& random) {
    constexpr std::size_t shortest = 3, longest = 40;
    for (;;) {
        Sentence tree = Sampler(random).sentence();
        const std::size_t length = realise(tree).source.size();
        if (length >= shortest && length <= longest) return tree;
    }
}

} // namespace attn::english_french
