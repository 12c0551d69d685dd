// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/sampler.h"

#include "core/tasks/english_chinese/clause_sampler.h"

namespace attn::english_chinese {
namespace {

/// Draws sentences: one clause or two, a statement or a question.
class Sampler : ClauseSampler {
public:
    explicit Sampler(Random& random) : ClauseSampler(random) {}

    Sentence sentence() {
        Sentence tree;
        tree.fullStop = m_random.chance(0.5);
        const double u = m_random.uniform();
        if (u < 0.16) {
            tree.clause = question();
        } else if (u < 0.4) {
            joined(tree);
        } else if (u < 0.5) {
            tree.clause = saying();
        } else {
            tree.clause = anyClause(true, true);
            if (tree.clause.time && m_random.chance(0.3)) {
                tree.opening = tree.clause.time;
                tree.clause.time.reset();
            }
        }
        return tree;
    }

private:
    Clause saying() {
        Clause clause;
        clause.subject = subject(Person, m_random.chance(0.3));
        clause.verb = &pickWhere(verbs(), [](const Verb& v) { return v.frame == Frame::Clausal; });
        if (!has(*clause.verb, Stative)) clause.tense = Tense::Past;
        clause.content.push_back(anyClause(m_random.chance(0.3), true));
        return clause;
    }

    /// Two clauses. The first has no relative clause at its end, to which the second could belong.
    void joined(Sentence& tree) {
        tree.joint = &m_random.pick(joints());
        const std::string_view word = tree.joint->english;
        if (tree.joint->relativeLike) {
            tree.clause = action(subject(Person, false), false, InPast);
            tree.clause.time.reset();
            Clause other;
            other.subject = some(Person, Room{false, false, false, false, false});
            other.verb = &pickWhere(verbs(), [](const Verb& v) {
                return (v.frame == Frame::Transitive || v.frame == Frame::Goal || has(v, Punctual)) &&
                       v.frame != Frame::Give && v.frame != Frame::Put && !has(v, Stative) &&
                       (v.subjects & Person);
            });
            other.tense = Tense::Past;
            if (other.verb->frame == Frame::Transitive)
                other.object = some(other.verb->objects, Room{false, false, false, false, false});
            if (other.verb->frame == Frame::Goal) other.object = named(cities);
            tree.other.push_back(std::move(other));
            tree.otherFirst = m_random.chance(0.4);
        } else if (word == "if") {
            tree.clause = action(subject(Person, false), false, InFuture);
            tree.clause.time.reset();
            Clause other;
            if (m_random.chance(0.5)) {
                other = being(false);
                other.tense = Tense::Present;
                other.time.reset();
                other.adverb = nullptr;
            } else {
                other.subject = some(Person, Room{false, false, false, false, false});
                other.verb = &pickWhere(verbs(), [](const Verb& v) {
                    return (v.frame == Frame::Transitive || v.frame == Frame::Goal) && !has(v, Punctual);
                });
                other.negated = m_random.chance(0.3);
                other.object = other.verb->frame == Frame::Goal
                                   ? named(cities | countries)
                                   : some(other.verb->objects, Room{false, false, false, false, false});
                if (!(other.verb->subjects & Person)) other.subject = landmark(Animal);
            }
            tree.other.push_back(std::move(other));
            tree.otherFirst = m_random.chance(0.4);
        } else {
            tree.clause = anyClause(false, m_random.chance(0.3));
            tree.other.push_back(anyClause(m_random.chance(0.2), m_random.chance(0.3)));
            tree.otherFirst = !tree.joint->coordinate && m_random.chance(0.4);
        }
    }

    Clause question() {
        const double u = m_random.uniform();
        Clause clause;
        if (u < 0.5) {
            for (;;) {
                clause = anyClause(m_random.chance(0.3), true);
                const bool also = clause.adverb && !clause.adverb->frequency;
                if (!isNegative(clause) && !also && clause.degree == Degree::Plain) break;
            }
            clause.question = Question::YesNo;
            return clause;
        }
        clause.subject = some(Person, Room{false, false, false, true, false});
        const auto doing = [&](auto test) { clause.verb = &pickWhere(verbs(), test); };
        if (u < 0.6) {
            clause.question = Question::Who;
            NounPhrase he;
            he.pronoun = Pronoun::He;
            clause = action(he, true);
            clause.question = Question::Who;
            if (isNegative(clause)) {
                clause.negated = false;
                if (clause.adverb) clause.adverb = &verbAdverb("often");
                if (clause.tense == Tense::Perfect) clause.adverb = &verbAdverb("already");
            }
            return clause;
        }
        if (u < 0.78) {
            clause.question = m_random.chance(0.65) ? Question::What : Question::Whom;
            const unsigned asked = clause.question == Question::Whom
                                       ? static_cast<unsigned>(Person)
                                       : ~static_cast<unsigned>(Person | Animal);
            doing([&](const Verb& v) {
                const bool whom = clause.question == Question::Whom;
                return v.frame == Frame::Transitive && (v.objects & asked) && (v.subjects & Person) &&
                       (whom || !(v.objects & Person));
            });
        } else if (u < 0.88) {
            clause.question = Question::Where;
            const bool past = m_random.chance(0.3);
            doing([&](const Verb& v) {
                return (v.frame == Frame::Goal && v.english == std::string_view("go to")) ||
                       (!past && v.frame == Frame::Intransitive && !has(v, Nowhere) && !has(v, Punctual));
            });
            clause.tense = past ? Tense::Past : m_random.chance(0.5) ? Tense::Future : Tense::Present;
            if (clause.verb->frame == Frame::Goal && clause.tense == Tense::Present)
                clause.tense = Tense::Future;
            if (m_random.chance(0.4))
                clause.time = drawTime(past ? InPast : clause.tense == Tense::Present ? InPresent : InFuture);
            return clause;
        } else {
            clause.question = u < 0.94 ? Question::When : Question::Why;
            clause = action(clause.subject, false, u < 0.94 ? InFuture : InPast);
            clause.question = u < 0.94 ? Question::When : Question::Why;
            clause.negated = false;
            if (u < 0.94) clause.time.reset();
            clause.adverb = nullptr;
            return clause;
        }
        tense(clause, true);
        clause.negated = false;
        return clause;
    }
};

} // namespace

Sentence sampleSentence(Random& random) {
    return Sampler(random).sentence();
}

} // namespace attn::english_chinese
