// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tasks/english_chinese/agreement.h"
#include "core/tasks/english_chinese/realiser.h"

namespace attn::english_chinese {
/// is at home: 在 家
void Realiser::placeParts(const Clause& tree, const Tokens& be, Parts& parts) {
    if (!tree.place) throw Error(ErrorKind::Argument, "a clause about a place needs the place");
    negate(tree, "不", parts);
    const Phrase where = place(*tree.place, false, be);
    parts.after += where.english;
    parts.core = where.chinese;
}

/// is a teacher: 是 老师
void Realiser::identityParts(const Clause& tree, const Tokens& be, Parts& parts) {
    Derivation& d = m_derivation;
    if (!tree.object) throw Error(ErrorKind::Argument, "a clause about what something is needs it");
    negate(tree, "不", parts);
    const NounPhrase& what = *tree.object;
    const bool described = what.first || what.colour || !what.relative.empty();
    const Tokens shi = d.chinese("是");
    d.link(be, shi);
    const Phrase object = nounPhrase(what, true, described && !isInverted(tree) && !tree.negated);
    parts.after += object.english;
    parts.core = shi;
    parts.core += object.chinese;
}

/// is bigger than the dog: 比 狗 大
void Realiser::comparisonParts(const Clause& tree, const Tokens& be, Parts& parts) {
    Derivation& d = m_derivation;
    const Adjective& quality = *tree.quality;
    if (!tree.standard) throw Error(ErrorKind::Argument, "a comparison needs what it compares with");
    const bool more = !*quality.comparative;
    const Phrase word = d.pair(more ? quality.english : quality.comparative, quality.chinese);
    const Tokens than = d.english("than");
    const Phrase other = nounPhrase(*tree.standard, true);
    if (more) {
        const Tokens moreWord = d.english("more");
        if (tree.negated) {
            d.possible(moreWord, word.chinese);
        } else {
            parts.core = d.chinese("更");
            d.link(moreWord, parts.core);
        }
        parts.after = moreWord;
    }
    parts.after += word.english;
    parts.after += than;
    parts.after += other.english;
    parts.core += word.chinese;
    if (tree.negated) { // 没有 狗 大
        negate(tree, "没有", parts);
        d.possible(than, parts.no);
    } else {
        const Tokens bi = d.chinese("比");
        d.link(than, bi);
        d.possible(be, bi);
        parts.setting = bi;
    }
    parts.setting += other.chinese;
}

/// is big: 很 大; is red: 是 红色 的
void Realiser::qualityParts(const Clause& tree, const Tokens& be, Parts& parts) {
    Derivation& d = m_derivation;
    const Adjective& quality = *tree.quality;
    const Phrase word = d.pair(quality.english, quality.chinese);
    if (quality.colour) { // 是 红色 的
        negate(tree, "不", parts);
        const Tokens shi = d.chinese("是"), de = d.chinese("的");
        d.link(be, shi);
        d.possible(word.english, de);
        parts.after = word.english;
        parts.core = shi;
        parts.core += word.chinese;
        parts.core += de;
        return;
    }
    negate(tree, "不", parts);
    if (tree.degree == Degree::Plain) {
        if (!tree.negated && !isInverted(tree) && !(tree.adverb && tree.adverb->negative)) {
            parts.core = d.chinese("很");
            d.possible(be, parts.core);
            d.possible(word.english, parts.core);
        }
    } else {
        const bool very = tree.degree == Degree::Very;
        const Phrase degree = d.pair(very ? "very" : "too", very ? "非常" : "太");
        parts.after = degree.english;
        parts.core = degree.chinese;
    }
    parts.core += word.chinese;
    if (tree.degree == Degree::Too) {
        const Tokens le = d.chinese("了");
        d.possible(parts.after, le);
        parts.core += le;
    }
    parts.after += word.english;
}

void Realiser::beingParts(const Clause& tree, Parts& parts) {
    Derivation& d = m_derivation;
    const NounPhrase subject = subjectOf(tree);
    Tokens be;
    if (tree.tense == Tense::Future) {
        const Phrase will = d.pair("will", "会");
        be = d.english("be");
        parts.auxiliary = will.english;
        parts.modal = will.chinese;
        parts.rest = be;
    } else {
        be = d.english(tree.tense == Tense::Past ? pastOfBe(subject) : presentOfBe(subject));
        parts.auxiliary = be;
    }
    if (tree.predicate == Predicate::Place) return placeParts(tree, be, parts);
    if (tree.predicate == Predicate::Identity) return identityParts(tree, be, parts);
    if (!tree.quality) throw Error(ErrorKind::Argument, "a clause about a quality needs the adjective");
    if (tree.predicate == Predicate::Comparison) return comparisonParts(tree, be, parts);
    qualityParts(tree, be, parts);
}

/// there is a book on the table: 桌子 上 有 一 本 书
Phrase Realiser::existence(const Clause& tree) {
    Derivation& d = m_derivation;
    if (!tree.object || !tree.place)
        throw Error(ErrorKind::Argument, "\"there is\" needs a thing and a place");
    const Tokens there = d.english("there");
    const Phrase is = d.pair(isSingular(*tree.object) ? "is" : "are", "有");
    d.possible(there, is.chinese);
    const Phrase what = nounPhrase(*tree.object, true), where = place(*tree.place, true);
    Phrase phrase{isInverted(tree) ? is.english : there, where.chinese};
    phrase.english += isInverted(tree) ? there : is.english;
    phrase.english += what.english;
    phrase.english += where.english;
    phrase.chinese += is.chinese;
    phrase.chinese += what.chinese;
    return phrase;
}

Phrase Realiser::clause(const Clause& tree, Where where) {
    Derivation& d = m_derivation;
    if (tree.predicate == Predicate::Existence) return existence(tree);
    Parts parts;
    if (tree.question == Question::Who) {
        const Phrase who = d.pair("who", "谁");
        parts.subject = who.english;
        parts.topic = who.chinese;
    } else if (tree.gap != Clause::Gap::Subject) {
        const Phrase subject = nounPhrase(tree.subject);
        parts.subject = subject.english;
        parts.topic = subject.chinese;
        const Determiner determiner = tree.subject.determiner;
        if (tree.subject.noun && (determiner == Determiner::Every || determiner == Determiner::All)) {
            parts.all = d.chinese("都");
            d.possible({subject.english.front()}, parts.all);
        }
    }
    if (tree.adverb) {
        const Phrase adverb = d.pair(tree.adverb->english, tree.adverb->chinese);
        parts.adverb = adverb.english;
        parts.chineseAdverb = adverb.chinese;
    }
    if (tree.question == Question::Why) {
        const Phrase why = d.pair("why", "为什么");
        parts.asked = why.english;
        parts.why = why.chinese;
    } else if (tree.question == Question::When) {
        parts.asked = d.english("when");
        parts.when = d.chinese("什么 时候");
        d.link(parts.asked, parts.when);
    } else if (tree.question == Question::What || tree.question == Question::Whom ||
               tree.question == Question::Where) {
        parts.asked = d.english(tree.question == Question::What   ? "what"
                                : tree.question == Question::Whom ? "whom"
                                                                  : "where");
    }
    if (tree.predicate == Predicate::Verb)
        verbParts(tree, where, parts);
    else if (tree.predicate == Predicate::Passive)
        passiveParts(tree, where, parts);
    else
        beingParts(tree, parts);

    if (tree.time) {
        const Phrase when = time(*tree.time);
        parts.after += when.english;
        parts.when = when.chinese;
    }

    Phrase phrase;
    phrase.english = parts.asked;
    if (isInverted(tree)) {
        phrase.english += parts.auxiliary;
        phrase.english += parts.subject;
    } else {
        phrase.english += parts.subject;
        phrase.english += parts.auxiliary;
    }
    for (const Tokens* part : {&parts.negation, &parts.adverb, &parts.rest, &parts.after})
        phrase.english += *part;
    for (const Tokens* part : {&parts.topic, &parts.when, &parts.why, &parts.all, &parts.chineseAdverb,
                               &parts.no, &parts.modal, &parts.setting, &parts.core})
        phrase.chinese += *part;
    return phrase;
}

/// Clauses are joined in the English order for and, but, so; otherwise the subordinate one comes first in
/// Chinese, whichever is first in English.
Phrase Realiser::sentence(const Sentence& tree) {
    Derivation& d = m_derivation;
    Phrase phrase;
    if (tree.opening) {
        phrase += time(*tree.opening);
        phrase += d.pair(",", "，");
    }
    const Phrase main = clause(tree.clause);
    if (tree.other.empty()) {
        phrase += main;
    } else {
        if (!tree.joint) throw Error(ErrorKind::Argument, "two clauses need a word that joins them");
        const Joint& joint = *tree.joint;
        const Phrase other = clause(tree.other[0], joint.relativeLike ? Where::Subordinate : Where::Main);
        const Tokens word = d.english(joint.english);
        const Tokens opening = d.chinese(joint.opening), closing = d.chinese(joint.closing),
                     answer = d.chinese(joint.main), comma = d.chinese("，");
        d.link(word, opening);
        if (!closing.empty()) d.link(word, {closing.back()});
        if (closing.size() > 1) d.possible(word, {closing.front()});
        d.possible(word, answer);
        if (tree.otherFirst) {
            const Tokens mark = d.english(",");
            d.link(mark, comma);
            for (const Tokens* part : {&word, &other.english, &mark, &main.english}) phrase.english += *part;
        } else {
            d.possible(word, comma);
            for (const Tokens* part : {&main.english, &word, &other.english}) phrase.english += *part;
        }
        if (joint.coordinate) {
            for (const Tokens* part : {&main.chinese, &comma, &opening, &other.chinese})
                phrase.chinese += *part;
        } else {
            for (const Tokens* part : {&opening, &other.chinese, &closing, &comma, &answer, &main.chinese})
                phrase.chinese += *part;
        }
    }
    if (tree.clause.question != Question::None) {
        const Phrase mark = d.pair("?", "？");
        if (tree.clause.question == Question::YesNo) {
            const Tokens ma = d.chinese("吗");
            d.possible(mark.english, ma);
            d.possible({phrase.english.front()}, ma);
            phrase.chinese += ma;
        }
        phrase += mark;
    } else if (tree.fullStop) {
        phrase += d.pair(".", "。");
    }
    return phrase;
}

Example realise(const Sentence& sentence) {
    Realiser realiser;
    const Phrase phrase = realiser.sentence(sentence);
    return realiser.derivation().finish(phrase);
}

} // namespace attn::english_chinese
