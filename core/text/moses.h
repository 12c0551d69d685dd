// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text/joined_token.h"

namespace attn {

struct Token;
class Vocabulary;

/// Where an apostrophe between two letters belongs: to the right (English: it 's), to the left (French: l'
/// eau), or to neither (German).
enum class Apostrophe { Right, Left, Alone };

/// What differs between corpora that the Moses tokeniser has split.
struct MosesRules {
    bool escapes = false; ///< ' is written &apos; and so on: & | < > ' " [ ]
    bool hyphens = false; ///< a hyphen between letters or digits is a token of its own, @-@
    Apostrophe apostrophe = Apostrophe::Right;

    bool operator==(const MosesRules&) const = default;
};

/// The rules that a vocabulary's own words show: escapes if one has &apos; &quot; &amp; ..., hyphens if there
/// is @-@ and no word with one inside, apostrophes as most of its words have them ('s, l').
MosesRules mosesRulesOf(const Vocabulary& vocabulary);

/// Words as the Moses tokeniser splits them: punctuation and symbols stand alone, but for commas within
/// numbers, apostrophes (above), hyphens, backticks and full stops inside words; a full stop at the end of a
/// word is split off at the end of the text, and elsewhere unless the word has another one, is one of A
/// to Z or a common title (Mr, Dr, ...), or a lower-case word follows; of Moses' lists of abbreviations
/// that is all there is here. Several full stops in a row are one token. At the start and the end of the text
/// an apostrophe stays with its word, as it does there, unless it is always alone. Control characters are
/// left out, a typographic apostrophe counts as '. The text has to be UTF-8.
std::vector<Token> mosesTokens(std::string_view utf8, const MosesRules& rules);

/// How such tokens join: escapes undone, no blank before closing punctuation and after opening one, quotation
/// marks in turn, apostrophes and @-@ where they came from.
std::vector<JoinedToken> joinedMoses(const std::vector<std::string>& tokens, const MosesRules& rules);

} // namespace attn
