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

    /// The pieces of a noun phrase.
    struct NounParts {
        Phrase head;                    ///< the noun
        Tokens english;                 ///< in order
        Tokens counted, owner, shown;   ///< 三 本; 我 的, 老师 的; 这 本
        Tokens marked, bare, described; ///< adjectives with 的 and without; a relative clause
    };

    Phrase nounPhrase(const NounPhrase& tree, bool object = false, bool classified = true);
    Phrase simpleNounPhrase(const NounPhrase& tree, bool object, bool classified);
    void containerParts(const NounPhrase& tree, NounParts& parts);
    void determinerParts(const NounPhrase& tree, bool classified, NounParts& parts);
    /// A Chinese word that renders the determiner, put in `place`, and the measure word if one is needed.
    void determine(const NounPhrase& tree, const char* english, const char* chinese, bool measured,
                   Tokens& place, NounParts& parts);
    void determineOwner(const NounPhrase& tree, NounParts& parts);
    void adjectiveParts(const NounPhrase& tree, NounParts& parts);
    void relativeParts(const NounPhrase& tree, NounParts& parts);
    Phrase time(const Time& tree);
    /// `dropped`: 在 is not written; `beside`: English tokens that 在 renders, "is".
    Phrase place(const Place& tree, bool dropped = false, const Tokens& beside = {});

    Phrase clause(const Clause& tree, Where where = Where::Main);
    void verbParts(const Clause& tree, Where where, Parts& parts);
    void passiveParts(const Clause& tree, Where where, Parts& parts);
    void beingParts(const Clause& tree, Parts& parts);
    void placeParts(const Clause& tree, const Tokens& be, Parts& parts);
    void identityParts(const Clause& tree, const Tokens& be, Parts& parts);
    void comparisonParts(const Clause& tree, const Tokens& be, Parts& parts);
    void qualityParts(const Clause& tree, const Tokens& be, Parts& parts);
    /// The English verb in its form with auxiliaries; negation, modal or 正在 in Chinese.
    Tokens finite(const Clause& tree, const Tokens& chineseVerb, Parts& parts);
    Tokens aspectOf(const Clause& tree, Where where, const Tokens& verbTokens, const Parts& parts);
    Phrase recipientParts(const Clause& tree, const Tokens& did, Parts& parts);
    /// With whom, by what, where, how: after the object in English, before the verb in Chinese.
    void settingParts(const Clause& tree, Parts& parts, const Phrase& object);
    void negate(const Clause& tree, const char* chinese, Parts& parts);
    Phrase existence(const Clause& tree);

    Derivation m_derivation;
};

/// Whether the verb agrees with it as with "he"; I and you are told apart by pronoun.
bool isSingular(const NounPhrase& tree);
/// 把 may stand before it.
bool isDefinite(const NounPhrase& tree);

} // namespace attn::english_chinese
