// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tasks/english_chinese/morphology.h"
#include "core/tasks/english_chinese/realiser.h"

namespace attn::english_chinese {
namespace {

const char* presentOfBe(const NounPhrase& subject) {
    return subject.pronoun == Pronoun::I ? "am" : isSingular(subject) ? "is" : "are";
}
const char* pastOfBe(const NounPhrase& subject) {
    return subject.pronoun == Pronoun::I || isSingular(subject) ? "was" : "were";
}

/// The auxiliary goes before the subject: in every question but one about the subject.
bool isInverted(const Clause& tree) {
    return tree.question != Question::None && tree.question != Question::Who;
}

NounPhrase subjectOf(const Clause& tree) {
    if (tree.question != Question::Who) return tree.subject;
    NounPhrase he;
    he.pronoun = Pronoun::He;
    return he;
}

} // namespace

/// not: 不 or 没有; never: 从来 不 or 从来 没有.
void Realiser::negate(const Clause& tree, const char* chinese, Parts& parts) {
    const bool never = tree.adverb && tree.adverb->negative;
    if (!tree.negated && !never) return;
    parts.no = m_derivation.chinese(chinese);
    if (never) m_derivation.link(parts.adverb, parts.no);
    if (!tree.negated) return;
    if (parts.negation.empty()) parts.negation = m_derivation.english("not");
    m_derivation.link(parts.negation, parts.no);
    if (!parts.auxiliary.empty() && parts.auxiliary != parts.negation)
        m_derivation.possible(parts.auxiliary, parts.no);
}

Tokens Realiser::finite(const Clause& tree, const Tokens& chineseVerb, Parts& parts) {
    Derivation& d = m_derivation;
    const Verb& verb = *tree.verb;
    const NounPhrase subject = subjectOf(tree);
    const bool third = isSingular(subject);
    const bool supported = tree.negated || isInverted(tree); // by "do"
    const auto form = [&](VerbForm which) {
        Tokens tokens = d.english(englishForm(verb, which));
        if (verb.frame == Frame::Goal && tree.question == Question::Where)
            tokens.pop_back(); // go, without to
        d.match(tokens, chineseVerb);
        return tokens;
    };
    const auto helped = [&](const char* english, const char* chinese) {
        const Phrase word = d.pair(english, chinese);
        parts.auxiliary = word.english;
        parts.modal = word.chinese;
    };
    switch (tree.modal) {
        case Modal::None:
            break;
        case Modal::Can:
            helped(tree.negated ? "cannot" : "can", "能");
            if (tree.negated) {
                parts.no = d.chinese("不");
                d.link(parts.auxiliary, parts.no);
            }
            return form(VerbForm::Base);
        case Modal::Must:
        case Modal::Should:
            helped(tree.modal == Modal::Must ? "must" : "should",
                   tree.modal == Modal::Must ? "必须" : "应该");
            negate(tree, "不", parts);
            return form(VerbForm::Base);
        case Modal::Want: {
            if (supported) parts.auxiliary = d.english(third ? "does" : "do");
            const Phrase want = d.pair(third && !supported ? "wants" : "want", "想");
            const Tokens to = d.english("to");
            d.possible(to, chineseVerb);
            negate(tree, "不", parts);
            parts.modal = want.chinese;
            Tokens tokens = want.english;
            tokens += to;
            return tokens += form(VerbForm::Base);
        }
    }
    switch (tree.tense) {
        case Tense::Present:
            if (supported) parts.auxiliary = d.english(third ? "does" : "do");
            negate(tree, "不", parts);
            return form(third && !supported ? VerbForm::ThirdPerson : VerbForm::Base);
        case Tense::Progressive:
            helped(presentOfBe(subject), "正在");
            break;
        case Tense::Past:
            if (supported) parts.auxiliary = d.english("did");
            negate(tree, "没有", parts);
            return form(supported ? VerbForm::Base : VerbForm::Past);
        case Tense::Perfect:
            parts.auxiliary = d.english(third ? "has" : "have");
            negate(tree, "没有", parts);
            return form(VerbForm::Participle);
        case Tense::Future:
            helped("will", "会");
            negate(tree, "不", parts);
            return form(VerbForm::Base);
    }
    Tokens tokens = form(VerbForm::Ing);
    d.possible(tokens, parts.modal);
    return tokens;
}

void Realiser::settingParts(const Clause& tree, Parts& parts, const Phrase& object) {
    Derivation& d = m_derivation;
    parts.after += object.english;
    if (tree.manner) {
        const Phrase how = d.pair(tree.manner->english, tree.manner->chinese);
        parts.after += how.english;
        parts.setting += how.chinese;
    }
    Tokens before; // of the manner
    if (tree.companion) {
        const Phrase with = d.pair("with", "跟"), whom = nounPhrase(*tree.companion, true);
        const Tokens together = d.chinese("一起");
        d.possible(with.english, together);
        parts.after += with.english;
        parts.after += whom.english;
        before += with.chinese;
        before += whom.chinese;
        before += together;
    }
    if (tree.place && tree.verb->frame != Frame::Put) {
        // 正在 公园 里: the 在 of the place is that of 正在
        const bool merged = tree.modal == Modal::None && tree.tense == Tense::Progressive && before.empty();
        const Phrase where = place(*tree.place, merged);
        if (merged) d.possible({where.english.front()}, parts.modal);
        parts.after += where.english;
        before += where.chinese;
    }
    if (tree.vehicle) {
        const Phrase by = d.pair("by", "坐"), what = d.pair(tree.vehicle->english, tree.vehicle->chinese);
        parts.after += by.english;
        parts.after += what.english;
        before += by.chinese;
        before += what.chinese;
    }
    if (tree.question == Question::Where && tree.verb->frame != Frame::Goal) {
        const Tokens zai = d.chinese("在"), where = d.chinese("哪里");
        d.possible(parts.asked, zai);
        d.link(parts.asked, where);
        before += zai;
        before += where;
    }
    before += parts.setting;
    parts.setting = before;
}

void Realiser::verbParts(const Clause& tree, Where where, Parts& parts) {
    Derivation& d = m_derivation;
    if (!tree.verb) throw Error(ErrorKind::Argument, "a clause with a verb needs the verb");
    const Verb& verb = *tree.verb;
    const Tokens did = d.chinese(verb.chinese);
    const Tokens verbTokens = finite(tree, did, parts);
    parts.rest = verbTokens;

    // what follows the Chinese verb: 了 for what is done, 过 for what has once been done
    Tokens aspect;
    const bool alone = verb.frame == Frame::Intransitive;
    if (tree.modal == Modal::None && verb.frame != Frame::Clausal) {
        const bool already = tree.adverb && std::string_view(tree.adverb->english) == "already";
        const bool setting = tree.place || tree.manner || tree.companion;
        const bool lively = !alone || (verb.flags & Punctual) || !setting;
        const bool kept =
            where == Where::Main || (where == Where::Relative && tree.gap == Clause::Gap::Subject && !alone);
        if (tree.tense == Tense::Perfect && !already) {
            aspect = d.chinese("过");
            d.link(parts.auxiliary, aspect);
        } else if (tree.tense == Tense::Perfect) {
            aspect = d.chinese("了");
            d.possible(parts.auxiliary, aspect);
        } else if (tree.tense == Tense::Past && !tree.negated && kept && lively) {
            aspect = d.chinese("了");
            d.possible(parts.auxiliary, aspect);
        }
        d.possible(verbTokens, aspect);
    }

    Phrase object, recipient;
    const bool whither = tree.question == Question::Where && verb.frame == Frame::Goal;
    if (tree.question == Question::What || tree.question == Question::Whom || whither) {
        object.chinese = d.chinese(whither ? "哪里" : tree.question == Question::What ? "什么" : "谁");
        d.link(parts.asked, object.chinese);
    } else if (tree.object && tree.gap != Clause::Gap::Object) {
        object = nounPhrase(*tree.object, true);
    }
    settingParts(tree, parts, object);
    if (tree.recipient) {
        const Tokens to = d.english("to");
        const Phrase whom = nounPhrase(*tree.recipient, true);
        if (verb.frame == Frame::Benefit) {
            const Tokens gei = d.chinese("给");
            d.link(to, gei);
            parts.setting += gei;
            parts.setting += whom.chinese;
        } else {
            d.possible(to, did);
        }
        parts.after += to;
        parts.after += whom.english;
        recipient = whom;
    }
    const bool taken = tree.object && tree.gap != Clause::Gap::Object &&
                       (verb.frame == Frame::Put || (verb.frame == Frame::Give && isDefinite(*tree.object)));
    if (taken) {
        const Tokens ba = d.chinese("把");
        d.possible(verbTokens, ba);
        d.possible(object.english, ba);
        parts.setting += ba;
        parts.setting += object.chinese;
    }
    parts.core = did;
    if (verb.frame == Frame::Put) {
        if (!tree.place) throw Error(ErrorKind::Argument, "a clause with \"place\" needs a place");
        const Phrase on = place(*tree.place);
        parts.after += on.english;
        parts.core.push_back(on.chinese.front());
        parts.core += aspect;
        parts.core.insert(parts.core.end(), on.chinese.begin() + 1, on.chinese.end());
        return;
    }
    parts.core += aspect;
    if (verb.frame == Frame::Give) parts.core += recipient.chinese;
    if (!taken) parts.core += object.chinese;
    for (const Clause& content : tree.content) {
        const Tokens that = d.english("that");
        d.possible(that, did);
        const Phrase said = clause(content);
        parts.after += that;
        parts.after += said.english;
        parts.core += said.chinese;
    }
}

/// was stolen by the man: 被 男人 偷走 了
void Realiser::passiveParts(const Clause& tree, Where where, Parts& parts) {
    Derivation& d = m_derivation;
    if (!tree.verb) throw Error(ErrorKind::Argument, "a passive clause needs its verb");
    const Phrase done = d.pair(englishForm(*tree.verb, VerbForm::Participle), tree.verb->chinese);
    parts.auxiliary = d.english(pastOfBe(tree.subject));
    parts.rest = done.english;
    negate(tree, "没有", parts);
    parts.setting = d.chinese("被");
    d.possible(parts.auxiliary, parts.setting);
    if (tree.agent) {
        const Tokens by = d.english("by");
        d.link(by, parts.setting);
        const Phrase agent = nounPhrase(*tree.agent, true);
        parts.after += by;
        parts.after += agent.english;
        parts.setting += agent.chinese;
    } else {
        d.link(done.english, parts.setting, false);
    }
    parts.core = done.chinese;
    if (!tree.negated && where == Where::Main) {
        const Tokens le = d.chinese("了");
        d.possible(parts.auxiliary, le);
        d.possible(done.english, le);
        parts.core += le;
    }
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
    const bool asked = tree.question != Question::None && tree.question != Question::Who;
    if (tree.predicate == Predicate::Place) {
        if (!tree.place) throw Error(ErrorKind::Argument, "a clause about a place needs the place");
        negate(tree, "不", parts);
        const Phrase where = place(*tree.place, false, be);
        parts.after += where.english;
        parts.core = where.chinese;
        return;
    }
    if (tree.predicate == Predicate::Identity) {
        if (!tree.object) throw Error(ErrorKind::Argument, "a clause about what something is needs it");
        negate(tree, "不", parts);
        const NounPhrase& what = *tree.object;
        const bool described = what.first || what.colour || !what.relative.empty();
        const Tokens shi = d.chinese("是");
        d.link(be, shi);
        const Phrase object = nounPhrase(what, true, described && !asked && !tree.negated);
        parts.after += object.english;
        parts.core = shi;
        parts.core += object.chinese;
        return;
    }
    if (!tree.quality) throw Error(ErrorKind::Argument, "a clause about a quality needs the adjective");
    const Adjective& quality = *tree.quality;
    if (tree.predicate == Predicate::Comparison) {
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
        return;
    }
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
        if (!tree.negated && !asked && !(tree.adverb && tree.adverb->negative)) {
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
