// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tasks/english_french/english_morphology.h"
#include "core/tasks/english_french/realiser.h"

namespace attn::english_french {
namespace {

int at(Person5 person) {
    return static_cast<int>(person);
}

const char* present(Person5 person) {
    return person == Person5::I ? "am" : person == Person5::He ? "is" : "are";
}
const char* past(Person5 person) {
    return person == Person5::I || person == Person5::He ? "was" : "were";
}
bool takesS(Person5 person) {
    return person == Person5::He;
}

/// A finite form of avoir, être or another helper, with je a matter of elision of the pronoun only.
std::string form(const char* infinitive, Person5 person) {
    return conjugate(infinitive).present[static_cast<std::size_t>(at(person))];
}

struct ObjectForms {
    const char* english;
    const char* french;
    const char* prevocalic;
};
const ObjectForms& objectForms(Pronoun pronoun) {
    static const ObjectForms table[] = {
        {"", "", ""},        {"me", "me", "m'"}, {"you", "vous", ""}, {"him", "le", "l'"},
        {"her", "la", "l'"}, {"us", "nous", ""}, {"them", "les", ""},
    };
    return table[static_cast<int>(pronoun)];
}

/// me, te ... se: the pronoun of a reflexive verb.
const ObjectForms& reflexiveForms(Person5 person) {
    static const ObjectForms table[] = {
        {"", "me", "m'"}, {"", "se", "s'"}, {"", "nous", ""}, {"", "vous", ""}, {"", "se", "s'"}};
    return table[at(person)];
}

} // namespace

void Realiser::linkAll(const std::vector<int>& english, int french, bool sure) {
    for (int e : english) m_derivation.link(e, french, sure);
}

/// Puts can, must, want to before the infinitive already in group.frenchInfinitive and group.englishRest.
void Realiser::modalGroup(const Clause& tree, const Agreement& subject, VerbGroup& group) {
    Derivation& d = m_derivation;
    const auto person = static_cast<std::size_t>(at(subject.person));
    if (tree.modal != Modal::Want) {
        const bool can = tree.modal == Modal::Can;
        const bool cannot = can && tree.negated;
        const int english = d.english(cannot ? "cannot" : can ? "can" : "must");
        const int french = d.french(conjugate(can ? "pouvoir" : "devoir").present[person]);
        d.link(english, french);
        group.englishAuxiliaries = {english};
        group.frenchFinite = {french};
        if (cannot) group.cannot = english;
        return;
    }
    const FrenchVerb vouloir = conjugate("vouloir");
    const bool isPast = tree.tense == Tense::Past;
    const int want = d.english(tree.negated             ? "want"
                               : isPast                 ? "wanted"
                               : takesS(subject.person) ? "wants"
                                                        : "want");
    const int to = d.english("to");
    if (tree.negated) {
        group.englishAuxiliaries = {d.english(isPast ? "did" : takesS(subject.person) ? "does" : "do")};
    }
    if (isPast) {
        group.frenchFinite = {d.french(form("avoir", subject.person))};
        group.frenchRest = {d.french(vouloir.participle)};
        d.link(want, group.frenchFinite[0], false);
        d.link(want, group.frenchRest[0]);
    } else {
        group.frenchFinite = {d.french(vouloir.present[person])};
        d.link(want, group.frenchFinite[0]);
    }
    linkAll(group.englishAuxiliaries, group.frenchFinite[0], false);
    if (isPast) linkAll(group.englishAuxiliaries, group.frenchRest[0], false);
    d.link(to, group.frenchInfinitive[0], false);
    group.englishRest.insert(group.englishRest.begin(), {want, to});
}

Realiser::VerbGroup Realiser::activeGroup(const Clause& tree, const Agreement& subject,
                                          const Agreement* precedingObject) {
    Derivation& d = m_derivation;
    const Verb& verb = *tree.verb;
    const FrenchVerb french = conjugate(verb.french);
    const auto person = static_cast<std::size_t>(at(subject.person));
    VerbGroup group;
    const auto main = [&](const std::string& text) {
        group.englishRest = {d.english(text)};
        if (*verb.particle && verb.frame != Frame::Dative)
            group.englishRest.push_back(d.english(verb.particle));
    };
    const auto helper = [&](const char* text) { group.englishAuxiliaries = {d.english(text)}; };

    if (tree.modal != Modal::None) {
        main(verb.english);
        group.frenchInfinitive = {d.french(french.infinitive)};
        linkAll(group.englishRest, group.frenchInfinitive[0], true);
        modalGroup(tree, subject, group);
        return group;
    }
    const bool bare = tree.negated; // do-support leaves the infinitive
    switch (tree.tense) {
        case Tense::Present:
            if (bare) helper(takesS(subject.person) ? "does" : "do");
            main(!bare && takesS(subject.person) ? englishThirdPerson(verb) : verb.english);
            break;
        case Tense::Past:
            if (bare) helper("did");
            main(bare ? verb.english : englishPast(verb));
            break;
        case Tense::Perfect:
            helper(takesS(subject.person) ? "has" : "have");
            main(englishParticiple(verb));
            break;
        case Tense::Future:
            helper("will");
            main(verb.english);
            break;
    }
    if (tree.tense == Tense::Present || tree.tense == Tense::Future) {
        const auto& forms = tree.tense == Tense::Present ? french.present : french.future;
        group.frenchFinite = {d.french(forms[person])};
        linkAll(group.englishRest, group.frenchFinite[0], true);
        linkAll(group.englishAuxiliaries, group.frenchFinite[0], false);
        return group;
    }
    // passé composé: with être the participle agrees with the subject, with avoir with a preceding object
    const bool etre = verb.etre || verb.reflexive;
    const Agreement agreed = etre ? subject : precedingObject ? *precedingObject : Agreement{};
    group.frenchFinite = {d.french(form(etre ? "être" : "avoir", subject.person))};
    group.frenchRest = {
        d.french(frenchAgreed(french.participle, verb.french == std::string_view("devoir") ? "due" : "",
                              agreed.gender, agreed.plural))};
    linkAll(group.englishRest, group.frenchRest[0], true);
    if (tree.tense == Tense::Perfect) {
        linkAll(group.englishAuxiliaries, group.frenchFinite[0], true);
    } else {
        linkAll(group.englishRest, group.frenchFinite[0], false);
        linkAll(group.englishAuxiliaries, group.frenchFinite[0], false);
        linkAll(group.englishAuxiliaries, group.frenchRest[0], false);
    }
    return group;
}

/// The passive and the copula: forms of be and être, and for the passive the participle.
/// The past of the copula is the imperfect (was old: était), that of the passive the passé composé (a été
/// signé).
Realiser::VerbGroup Realiser::beingGroup(const Clause& tree, const Agreement& subject) {
    Derivation& d = m_derivation;
    const auto person = static_cast<std::size_t>(at(subject.person));
    const FrenchVerb etre = conjugate("être");
    const bool passive = tree.predicate == Predicate::Passive;
    VerbGroup group;
    std::vector<int>* last = &group.frenchRest;
    if (tree.modal != Modal::None) {
        const int be = d.english("be");
        group.englishRest = {be};
        group.frenchInfinitive = {d.french("être")};
        d.link(be, group.frenchInfinitive[0]);
        modalGroup(tree, subject, group);
        last = &group.frenchInfinitive;
    } else if (tree.tense == Tense::Present || tree.tense == Tense::Past) {
        const bool isPast = tree.tense == Tense::Past;
        const int be = d.english(isPast ? past(subject.person) : present(subject.person));
        group.englishAuxiliaries = {be};
        if (isPast && passive) {
            group.frenchFinite = {d.french(form("avoir", subject.person))};
            group.frenchRest = {d.french("été")};
            d.link(be, group.frenchRest[0]);
        } else {
            group.frenchFinite = {d.french(isPast ? imperfectOfBeing(subject.person) : etre.present[person])};
        }
        d.link(be, group.frenchFinite[0]);
    } else if (tree.tense == Tense::Perfect) {
        const int has = d.english(takesS(subject.person) ? "has" : "have"), been = d.english("been");
        group.englishAuxiliaries = {has};
        group.englishRest = {been};
        group.frenchFinite = {d.french(form("avoir", subject.person))};
        group.frenchRest = {d.french("été")};
        d.link(has, group.frenchFinite[0]);
        d.link(been, group.frenchRest[0]);
    } else {
        const int will = d.english("will"), be = d.english("be");
        group.englishAuxiliaries = {will};
        group.englishRest = {be};
        group.frenchFinite = {d.french(etre.future[person])};
        d.link(be, group.frenchFinite[0]);
        d.link(will, group.frenchFinite[0], false);
    }
    if (passive) {
        const int english = d.english(englishParticiple(*tree.verb));
        const int french = d.french(
            frenchAgreed(conjugate(tree.verb->french).participle, "", subject.gender, subject.plural));
        d.link(english, french);
        group.englishRest.push_back(english);
        last->push_back(french);
        if (*tree.verb->particle) {
            group.englishRest.push_back(d.english(tree.verb->particle));
            d.link(group.englishRest.back(), french);
        }
    }
    return group;
}

/// old, very old, more old than the cat: vieux, très vieux, plus vieux que le chat
void Realiser::quality(const Clause& tree, const Agreement& subject, Phrase& phrase) {
    Derivation& d = m_derivation;
    const bool comparison = tree.predicate == Predicate::Comparison;
    if (comparison) phrase += d.pair("more", "plus");
    if (tree.very) phrase += d.pair("very", "très");
    phrase += d.pair(tree.quality->english, frenchAgreed(tree.quality->french, tree.quality->feminine,
                                                         subject.gender, subject.plural));
    if (comparison) {
        const Phrase than{{d.english("than")}, {d.french("que", "qu'")}};
        d.link(than.english[0], than.french[0]);
        phrase += than;
        phrase += nounPhrase(tree.standard.at(0));
    }
}

/// An object that is not a clitic: after the verb in both languages, in French with à where the verb takes
/// it.
void Realiser::object(const Clause& tree, const std::vector<int>& englishVerb, Phrase& phrase) {
    Derivation& d = m_derivation;
    const NounPhrase& what = tree.object[0];
    if (tree.verb->frame != Frame::Dative) {
        phrase += nounPhrase(what);
    } else if (*tree.verb->particle) {
        phrase += prepositional(preposition(tree.verb->particle), nounPhrase(what));
    } else {
        const int to = d.french("à", "", Role::A);
        d.link(englishVerb.back(), to, false);
        phrase.french.push_back(to);
        phrase += nounPhrase(what);
    }
}

/// To whom, by whom, where and when; what is said; a second verb.
void Realiser::complements(const Clause& tree, const Agreement& subject, Phrase& phrase) {
    Derivation& d = m_derivation;
    if (!tree.recipient.empty()) phrase += prepositional(preposition("to"), nounPhrase(tree.recipient[0]));
    if (!tree.agent.empty()) phrase += prepositional(preposition("by"), nounPhrase(tree.agent[0]));
    for (const Adverbial& adverb : tree.adverbials) phrase += adverbial(adverb);
    if (!tree.content.empty()) {
        const Phrase that{{d.english("that")}, {d.french("que", "qu'")}};
        d.link(that.english[0], that.french[0]);
        phrase += that;
        phrase += clause(tree.content[0]);
    }
    if (!tree.second.empty()) {
        phrase += d.pair("and", "et");
        phrase += verbPhrase(tree.second[0], subject, nullptr);
    }
}

Phrase Realiser::verbPhrase(const Clause& tree, const Agreement& subject, const Agreement* antecedentObject) {
    Derivation& d = m_derivation;
    const bool active = tree.predicate == Predicate::Verb;
    if ((active || tree.predicate == Predicate::Passive) && !tree.verb)
        throw Error(ErrorKind::Argument, "a clause has no verb; give it one");
    const bool clitic = active && !tree.object.empty() && tree.object[0].pronoun != Pronoun::None;
    Agreement preceding;
    const Agreement* precedingObject = antecedentObject;
    if (clitic) {
        preceding = agreementOf(tree.object[0]);
        precedingObject = &preceding;
    }
    const VerbGroup group = active ? activeGroup(tree, subject, precedingObject) : beingGroup(tree, subject);

    Phrase phrase;
    phrase.english = group.englishAuxiliaries;
    const bool never = tree.adverb && tree.adverb->negative;
    int not_ = -1;
    if (tree.negated) {
        not_ = group.cannot >= 0 ? group.cannot : d.english("not");
        if (group.cannot < 0) phrase.english.push_back(not_);
    }
    int adverbWord = -1;
    if (tree.adverb) {
        adverbWord = d.english(tree.adverb->english);
        phrase.english.push_back(adverbWord);
    }
    phrase.english.insert(phrase.english.end(), group.englishRest.begin(), group.englishRest.end());

    if (tree.negated || never) {
        const int ne = d.french("ne", "n'");
        d.link(tree.negated ? not_ : adverbWord, ne);
        phrase.french.push_back(ne);
    }
    std::vector<int> clitics;
    if (clitic) {
        const ObjectForms& forms = objectForms(tree.object[0].pronoun);
        const int english = d.english(forms.english);
        phrase.english.push_back(english);
        clitics.push_back(d.french(forms.french, forms.prevocalic));
        d.link(english, clitics.back());
    } else if (active && tree.verb->reflexive) {
        const ObjectForms& forms = reflexiveForms(subject.person);
        clitics.push_back(d.french(forms.french, forms.prevocalic));
        d.link(group.englishRest.back(), clitics.back(), false);
    }
    const auto append = [&](const std::vector<int>& words) {
        phrase.french.insert(phrase.french.end(), words.begin(), words.end());
    };
    if (group.frenchInfinitive.empty()) append(clitics);
    append(group.frenchFinite);
    if (tree.negated) {
        phrase.french.push_back(d.french("pas"));
        d.link(not_, phrase.french.back());
    }
    if (tree.adverb) {
        phrase.french.push_back(d.french(tree.adverb->french));
        d.link(adverbWord, phrase.french.back());
    }
    append(group.frenchRest);
    if (!group.frenchInfinitive.empty()) {
        append(clitics);
        append(group.frenchInfinitive);
    }

    if (tree.quality) quality(tree, subject, phrase);
    if (active && !clitic && !tree.object.empty()) object(tree, group.englishRest, phrase);
    complements(tree, subject, phrase);
    return phrase;
}

Phrase Realiser::clause(const Clause& tree) {
    Phrase phrase = nounPhrase(tree.subject);
    phrase += verbPhrase(tree, agreementOf(tree.subject), nullptr);
    return phrase;
}

/// who and that before a verb: qui; that before a subject: que, with which an avoir participle agrees.
Phrase Realiser::relative(const Clause& tree, const NounPhrase& antecedent) {
    Derivation& d = m_derivation;
    NounPhrase head = antecedent;
    head.conjunct.clear();
    const Agreement agreement = agreementOf(head);
    if (tree.gap == Clause::Gap::Subject) {
        const bool person = antecedent.noun && (antecedent.noun->classes & Person);
        Phrase phrase = d.pair(person ? "who" : "that", "qui");
        phrase += verbPhrase(tree, agreement, nullptr);
        return phrase;
    }
    Phrase phrase{{d.english("that")}, {d.french("que", "qu'")}};
    d.link(phrase.english[0], phrase.french[0]);
    phrase += nounPhrase(tree.subject);
    phrase += verbPhrase(tree, agreementOf(tree.subject), &agreement);
    return phrase;
}

Phrase Realiser::sentence(const Sentence& tree) {
    Derivation& d = m_derivation;
    Phrase phrase;
    if (!tree.opening.empty()) {
        phrase += adverbial(tree.opening[0]);
        phrase += d.pair(",", ",");
    }
    phrase += clause(tree.clause);
    if (!tree.other.empty()) {
        const std::string_view joint = tree.joint;
        if (joint == "and" || joint == "but" || joint == "or") phrase += d.pair(",", ",");
        if (joint == "because") {
            const Phrase because{{d.english("because")}, {d.french("parce"), d.french("que", "qu'")}};
            linkAll(because.english, because.french[0], true);
            linkAll(because.english, because.french[1], true);
            phrase += because;
        } else {
            phrase += d.pair(joint, joint == "and"    ? "et"
                                    : joint == "but"  ? "mais"
                                    : joint == "or"   ? "ou"
                                    : joint == "when" ? "quand"
                                                      : "si");
        }
        phrase += clause(tree.other[0]);
    }
    if (tree.fullStop) phrase += d.pair(".", ".");
    return phrase;
}

Example realise(const Sentence& sentence) {
    Realiser realiser;
    const Phrase phrase = realiser.sentence(sentence);
    return realiser.derivation().finish(phrase);
}

} // namespace attn::english_french
