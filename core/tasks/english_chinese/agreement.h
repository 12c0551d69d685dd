// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tasks/english_chinese/realiser.h"

/// What the verb of an English clause agrees with.
namespace attn::english_chinese {

inline const char* presentOfBe(const NounPhrase& subject) {
    return subject.pronoun == Pronoun::I ? "am" : isSingular(subject) ? "is" : "are";
}
inline const char* pastOfBe(const NounPhrase& subject) {
    return subject.pronoun == Pronoun::I || isSingular(subject) ? "was" : "were";
}

/// The auxiliary goes before the subject: in every question but one about the subject.
inline bool isInverted(const Clause& tree) {
    return tree.question != Question::None && tree.question != Question::Who;
}

inline NounPhrase subjectOf(const Clause& tree) {
    if (tree.question != Question::Who) return tree.subject;
    NounPhrase he;
    he.pronoun = Pronoun::He;
    return he;
}

} // namespace attn::english_chinese
