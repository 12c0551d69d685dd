// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/tasks/task.h"
#include "core/text/tokeniser.h"
#include "core/text/vocabulary.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;

TEST_CASE("words split punctuation and elision") {
    const auto words = [](const char* text) { return tokeniseTexts(TokeniserKind::Words, text); };
    REQUIRE(words("Hello, (old) world!") == (Texts{"Hello", ",", "(", "old", ")", "world", "!"}));
    REQUIRE(words("\"well-known\"?") == (Texts{"\"", "well-known", "\"", "?"}));
    REQUIRE(words("l'accord qu'il n’a pas vu") ==
            (Texts{"l'", "accord", "qu'", "il", "n'", "a", "pas", "vu"}));
    REQUIRE(words("aujourd'hui does'nt") == (Texts{"aujourd'hui", "does'nt"}));
    REQUIRE(words("L’été") == (Texts{"L'", "été"}));
    REQUIRE(words("3.5, end...") == (Texts{"3.5", ",", "end", ".", ".", "."}));
    REQUIRE(words("(l'eau).") == (Texts{"(", "l'", "eau", ")", "."}));
    REQUIRE(words(" \t\n") == Texts{});
    REQUIRE(words("a\xC2\xA0: b") == (Texts{"a", ":", "b"}));
    REQUIRE(tokeniseTexts(TokeniserKind::Whitespace, " l'accord,  oui ") == (Texts{"l'accord,", "oui"}));
}

TEST_CASE("offsets are bytes of the surface") {
    const std::string text = "  été, qu’il (« d’or »)";
    for (TokeniserKind kind : {TokeniserKind::Whitespace, TokeniserKind::Words, TokeniserKind::Characters}) {
        int before = 0;
        for (const Token& token : tokenise(kind, text)) {
            REQUIRE(token.begin >= before);
            REQUIRE(token.end > token.begin);
            before = token.end;
            std::string surface = text.substr(static_cast<std::size_t>(token.begin),
                                              static_cast<std::size_t>(token.end - token.begin));
            if (kind == TokeniserKind::Words)
                if (const std::size_t at = surface.find("’"); at != std::string::npos)
                    surface.replace(at, 3, "'");
            REQUIRE(surface == token.text);
        }
        REQUIRE(before <= static_cast<int>(text.size()));
    }
    const std::vector<Token> words = tokenise(TokeniserKind::Words, "é l’eau");
    REQUIRE(words.size() == std::size_t{3});
    REQUIRE(words[1] == (Token{"l'", 3, 7, 1}));
    REQUIRE(words[2] == (Token{"eau", 7, 10, 1}));
}

TEST_CASE("characters keep combining marks") {
    REQUIRE(tokeniseTexts(TokeniserKind::Characters, "a é") == (Texts{"a", " ", "é"}));
    REQUIRE(tokeniseTexts(TokeniserKind::Characters, "e\xCC\x81x") == (Texts{"e\xCC\x81", "x"}));
    REQUIRE(tokeniseTexts(TokeniserKind::Characters, "\xF0\x9F\x98\x80!") ==
            (Texts{"\xF0\x9F\x98\x80", "!"}));
}

namespace {

struct IllFormedTextIsRefusedWithItsOffsetRow {
    std::string row;
    std::string text;
    int offset;
};

std::vector<IllFormedTextIsRefusedWithItsOffsetRow> illFormedTextIsRefusedWithItsOffsetRows() {
    std::vector<IllFormedTextIsRefusedWithItsOffsetRow> rows;
    rows.push_back({"stray continuation", std::string("ab\x80"), 2});
    rows.push_back({"cut short", std::string("abc\xC3"), 3});
    rows.push_back({"overlong", std::string("\xC0\xAF"), 0});
    rows.push_back({"overlong three", std::string("x\xE0\x80\x80"), 1});
    rows.push_back({"surrogate", std::string("x\xED\xA0\x80"), 1});
    rows.push_back({"beyond Unicode", std::string("\xF4\x90\x80\x80"), 0});
    rows.push_back({"Latin-1", std::string("caf\xE9 noir"), 3});
    return rows;
}

} // namespace

TEST_CASE("ill formed text is refused with its offset") {
    for (const IllFormedTextIsRefusedWithItsOffsetRow& row : illFormedTextIsRefusedWithItsOffsetRows()) {
        CAPTURE(row.row);
        const std::string& text = row.text;
        const int offset = row.offset;
        for (TokeniserKind kind :
             {TokeniserKind::Whitespace, TokeniserKind::Words, TokeniserKind::Characters}) {
            try {
                tokenise(kind, text);
                FAIL("the text was accepted");
            } catch (const Error& error) {
                REQUIRE(error.kind() == ErrorKind::Data);
                REQUIRE_MESSAGE(fixture::contains(error.what(), "byte " + std::to_string(offset) + ";"),
                                error.what());
            }
        }
    }
}

TEST_CASE("detokenised text reads as written") {
    REQUIRE(detokenise(TokeniserKind::Words, {"l'", "accord", "n'", "a", "pas", "été", "signé", "."}) ==
            "l'accord n'a pas été signé.");
    REQUIRE(detokenise(TokeniserKind::Words, {"hier", ",", "(", "oui", ")", "!"}) == "hier, (oui)!");
    REQUIRE(detokenise(TokeniserKind::Whitespace, {"a", ",", "b"}) == "a , b");
    REQUIRE(detokenise(TokeniserKind::Characters, {"3", " ", "M"}) == "3 M");
    REQUIRE(detokenise(TokeniserKind::Words, {}) == "");
}

TEST_CASE("tokens know their words") {
    const auto wordsOf = [](TokeniserKind kind, const char* text) {
        std::vector<int> words;
        for (const Token& token : tokenise(kind, text)) words.push_back(token.word);
        return words;
    };
    const auto words = TokeniserKind::Words, characters = TokeniserKind::Characters,
               pieces = TokeniserKind::SentencePiece;
    // l' eau , ( non )
    REQUIRE(wordsOf(words, " l'eau,  (non)") == (std::vector<int>{0, 0, 0, 1, 1, 1}));
    REQUIRE(wordsOf(TokeniserKind::Whitespace, "a\tb\xC2\xA0 c") == (std::vector<int>{0, 1, 2}));
    REQUIRE(wordsOf(TokeniserKind::Spaces, "a\tb\xC2\xA0 c") == (std::vector<int>{0, 1}));
    REQUIRE(wordsOf(characters, " ab  é") == (std::vector<int>{-1, 0, 0, -1, -1, 1}));
    REQUIRE(wordsOfPieces(words, {"l'", "eau", ",", "(", "non", ")"}) ==
            (std::vector<int>{0, 0, 0, 1, 1, 1}));
    REQUIRE(wordsOfPieces(characters, {"a", "b", " ", "é"}) == (std::vector<int>{0, 0, -1, 1}));
    REQUIRE(wordsOfPieces(TokeniserKind::Spaces, {"a", "b", "\xFF"}) == (std::vector<int>{0, 1, 2}));
    REQUIRE(wordsOfPieces(pieces, {"▁le", "▁ch", "at", "▁", "noir", "▁de▁la", "▁"}) ==
            (std::vector<int>{0, 1, 1, 2, 2, 3, -1}));
    REQUIRE(wordsOfPieces(pieces, {"▁", "▁x", "y"}) == (std::vector<int>{0, 0, 0}));
    REQUIRE(wordsOfPieces(words, {}).empty());
    // What was split and joined again has the same words.
    Random random(11);
    for (const std::string& name : taskNames()) {
        const auto task = makeTask(name);
        const TokeniserKind kind = *fromText<TokeniserKind>(task->tokeniser());
        for (int i = 0; i < 300; ++i) {
            const Example example = task->generate(random);
            const std::vector<std::string>& text = task->isSingle() ? example.target : example.source;
            REQUIRE(wordsOfPieces(kind, text) == wordsOf(kind, detokenise(kind, text).c_str()));
        }
    }
}

TEST_CASE("tasks survive the round trip") {
    for (const std::string& name : taskNames()) {
        const auto task = makeTask(name);
        const TokeniserKind kind = *fromText<TokeniserKind>(task->tokeniser()),
                            targetKind = *fromText<TokeniserKind>(task->targetTokeniser());
        Random random(7);
        for (int i = 0; i < 3000; ++i) {
            const Example example = task->generate(random);
            REQUIRE(tokeniseTexts(kind, detokenise(kind, example.source)) == example.source);
            REQUIRE(tokeniseTexts(targetKind, detokenise(targetKind, example.target)) == example.target);
        }
    }
}

TEST_CASE("kinds have names") {
    REQUIRE(allNames<TokeniserKind>() == "whitespace, words, characters, sentencepiece, spaces, moses, bpe");
    for (const auto& [kind, name] : EnumNames<TokeniserKind>::names)
        REQUIRE(fromText<TokeniserKind>(name) == kind);
}

TEST_CASE("vocabulary is a bijection") {
    const Vocabulary vocabulary = Vocabulary::ofWords({"le", "chat", "été"});
    REQUIRE(vocabulary.size() == 7);
    REQUIRE(vocabulary.text(vocabulary.special().pad) == "<pad>");
    REQUIRE(vocabulary.text(vocabulary.special().bos) == "<s>");
    REQUIRE(vocabulary.text(vocabulary.special().eos) == "</s>");
    REQUIRE(vocabulary.text(vocabulary.special().unk) == "<unk>");
    for (int id = 0; id < vocabulary.size(); ++id) REQUIRE(vocabulary.id(vocabulary.text(id)) == id);
    REQUIRE(vocabulary.id("chien") == 3);
    REQUIRE(vocabulary.contains("été"));
    REQUIRE(!vocabulary.contains("chien"));
    REQUIRE(vocabulary.ids({"chat", "chien"}) == (std::vector<int>{5, 3}));
    REQUIRE_THROWS_AS(vocabulary.text(7), Error);
    REQUIRE_THROWS_AS(vocabulary.text(-1), Error);
}

TEST_CASE("vocabulary refuses duplicates and stray specials") {
    try {
        Vocabulary({"a", "b", "a", "b"}, {0, 1, 2, 9});
        FAIL("accepted");
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::Data);
        for (const char* part : {"tokens[2]", "tokens[3]", "unk"})
            REQUIRE_MESSAGE(fixture::contains(error.what(), part), error.what());
    }
    const Vocabulary elsewhere({"x", "</s>", "<s>", "?", "<pad>"}, {4, 2, 1, 3});
    REQUIRE(elsewhere.id("absent") == 3);
}

TEST_CASE("folding tries the word itself first") {
    const Vocabulary vocabulary = Vocabulary::ofWords({"may", "May", "the", "été", "État", "œuf", "paris"});
    REQUIRE(vocabulary.text(vocabulary.idFolding("May")) == "May");
    REQUIRE(vocabulary.text(vocabulary.idFolding("MAY")) == "may");
    REQUIRE(vocabulary.text(vocabulary.idFolding("The")) == "the");
    REQUIRE(vocabulary.text(vocabulary.idFolding("PARIS")) == "paris");
    REQUIRE(vocabulary.text(vocabulary.idFolding("Été")) == "été");
    REQUIRE(vocabulary.text(vocabulary.idFolding("ÉTÉ")) == "été");
    REQUIRE(vocabulary.text(vocabulary.idFolding("État")) == "État");
    REQUIRE(vocabulary.text(vocabulary.idFolding("Œuf")) == "œuf");
    REQUIRE(vocabulary.idFolding("Nowhere") == 3);
}
