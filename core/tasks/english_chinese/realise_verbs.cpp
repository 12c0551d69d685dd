// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tasks/english_chinese/agreement.h"
#include "core/tasks/english_chinese/morphology.h"
#include "core/tasks/english_chinese/realiser.h"

namespace attn::english_chinese {

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

/// What follows the Chinese verb: 了 for what is done, 过 for what has once been done.
Tokens Realiser::aspectOf(const Clause& tree, Where where, const Tokens& verbTokens, const Parts& parts) {
    Derivation& d = m_derivation;
    const Verb& verb = *tree.verb;
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
    return aspect;
}

/// "to whom", in Chinese 给 before the verb where somebody benefits, otherwise for the caller to place.
Phrase Realiser::recipientParts(const Clause& tree, const Tokens& did, Parts& parts) {
    Derivation& d = m_derivation;
    const Tokens to = d.english("to");
    const Phrase whom = nounPhrase(*tree.recipient, true);
    if (tree.verb->frame == Frame::Benefit) {
        const Tokens gei = d.chinese("给");
        d.link(to, gei);
        parts.setting += gei;
        parts.setting += whom.chinese;
    } else {
        d.possible(to, did);
    }
    parts.after += to;
    parts.after += whom.english;
    return whom;
}

void Realiser::verbParts(const Clause& tree, Where where, Parts& parts) {
    Derivation& d = m_derivation;
    if (!tree.verb) throw Error(ErrorKind::Argument, "a clause with a verb needs the verb");
    const Verb& verb = *tree.verb;
    const Tokens did = d.chinese(verb.chinese);
    const Tokens verbTokens = finite(tree, did, parts);
    parts.rest = verbTokens;

    const Tokens aspect = aspectOf(tree, where, verbTokens, parts);

    Phrase object, recipient;
    const bool whither = tree.question == Question::Where && verb.frame == Frame::Goal;
    if (tree.question == Question::What || tree.question == Question::Whom || whither) {
        object.chinese = d.chinese(whither ? "哪里" : tree.question == Question::What ? "什么" : "谁");
        d.link(parts.asked, object.chinese);
    } else if (tree.object && tree.gap != Clause::Gap::Object) {
        object = nounPhrase(*tree.object, true);
    }
    settingParts(tree, parts, object);
    if (tree.recipient) recipient = recipientParts(tree, did, parts);
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

} // namespace attn::english_chinese
