// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/english_chinese/derivation.h"
#include "core/tasks/english_chinese/syntax.h"

namespace attn::english_chinese {

/// Writes trees as phrases of one derivation.
class Realiser {
public:
    Phrase sentence(const Sentence& tree);
    const Derivation& derivation() const { return m_derivation; }

private:
    /// What of 了 a clause keeps where it stands.
    enum class Where { Main, Relative, Subordinate };
    /// The pieces of a clause; each language joins them in an order of its own.
    struct Parts {
        Tokens asked;                                      ///< English: what, where; before all else
        Tokens subject, auxiliary, negation, adverb, rest; ///< English: is, not, often, been built
        Tokens after;                                      ///< English: what follows the verb
        Tokens topic, when, why, all, chineseAdverb, no;   ///< 老师 昨天 为什么 都 经常 没有
        Tokens modal;                                      ///< 想, 会, 正在
        Tokens setting; ///< 跟 朋友 一起 坐 火车 在 公园 里 仔细 地, 把 书, 被 老师
        Tokens core;    ///< 买 了 一 本 书
    };

    Phrase nounPhrase(const NounPhrase& tree, bool object = false, bool classified = true);
    Phrase simpleNounPhrase(const NounPhrase& tree, bool object, bool classified);
    Phrase time(const Time& tree);
    /// `dropped`: 在 is not written; `beside`: English tokens that 在 renders, "is".
    Phrase place(const Place& tree, bool dropped = false, const Tokens& beside = {});

    Phrase clause(const Clause& tree, Where where = Where::Main);
    void verbParts(const Clause& tree, Where where, Parts& parts);
    void passiveParts(const Clause& tree, Where where, Parts& parts);
    void beingParts(const Clause& tree, Parts& parts);
    /// The English verb in its form with auxiliaries; negation, modal or 正在 in Chinese.
    Tokens finite(const Clause& tree, const Tokens& chineseVerb, Parts& parts);
    /// With whom, by what, where, how: after the object in English, before the verb in Chinese.
    void settingParts(const Clause& tree, Parts& parts, const Phrase& object);
    void adverbParts(const Clause& tree, Parts& parts);
    void negate(const Clause& tree, const char* chinese, Parts& parts);
    Phrase existence(const Clause& tree);

    Derivation m_derivation;
};

/// Whether the verb agrees with it as with "he"; I and you are told apart by pronoun.
bool isSingular(const NounPhrase& tree);
/// 把 may stand before it.
bool isDefinite(const NounPhrase& tree);

} // namespace attn::english_chinese
