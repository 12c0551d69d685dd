// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/tasks/english_french/derivation.h"
#include "core/tasks/english_french/syntax.h"

namespace attn::english_french {

/// What agrees with a noun phrase.
struct Agreement {
    Gender gender = Gender::Masculine;
    bool plural = false;
    Person5 person = Person5::He;
};

/// Writes trees as phrases of one derivation.
class Realiser {
public:
    Phrase sentence(const Sentence& tree);
    Derivation& derivation() { return m_derivation; }

private:
    /// The verb's tokens while a clause is built, each side in its own order.
    struct VerbGroup {
        std::vector<int> englishAuxiliaries; ///< before "not": finite does, will, has, is, can
        std::vector<int> englishRest;        ///< the verb and what follows its first auxiliary
        std::vector<int> frenchFinite;       ///< voit, a, peut
        std::vector<int> frenchRest;         ///< vu, été signé, voulu
        std::vector<int> frenchInfinitive;   ///< after the clitics of a modal: voir, être signé
        int cannot = -1;                     ///< "cannot", which is its own "not"
    };

    Agreement agreementOf(const NounPhrase& tree) const;
    Phrase nounPhrase(const NounPhrase& tree);
    Phrase simpleNounPhrase(const NounPhrase& tree);
    Phrase named(const Name& name, bool article);
    void determiner(const NounPhrase& tree, const Agreement& agreement, Phrase& phrase,
                    std::vector<int>& unlinkedFrench);
    Phrase prepositional(const Preposition& preposition, const Phrase& governed);
    Phrase prepositionAlone(const Preposition& preposition);
    Phrase atPlace(const NounPhrase& place, const char* english);
    Phrase adverbial(const Adverbial& tree);

    Phrase clause(const Clause& tree);
    Phrase relative(const Clause& tree, const NounPhrase& antecedent);
    Phrase verbPhrase(const Clause& tree, const Agreement& subject, const Agreement* antecedentObject);
    void quality(const Clause& tree, const Agreement& subject, Phrase& phrase);
    void object(const Clause& tree, const std::vector<int>& englishVerb, Phrase& phrase);
    void complements(const Clause& tree, const Agreement& subject, Phrase& phrase);
    VerbGroup activeGroup(const Clause& tree, const Agreement& subject, const Agreement* precedingObject);
    VerbGroup beingGroup(const Clause& tree, const Agreement& subject);
    void modalGroup(const Clause& tree, const Agreement& subject, VerbGroup& group);
    void linkAll(const std::vector<int>& english, int french, bool sure);

    Derivation m_derivation;
};

} // namespace attn::english_french
