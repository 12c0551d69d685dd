// SPDX-License-Identifier: GPL-3.0-or-later
// Byte pair codes split as subword-nmt does, give their text back, and live in a model's file.
#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/random.h"
#include "core/io/model_file.h"
#include "core/io/stored_codes.h"
#include "core/run/run.h"
#include "core/text/tokeniser.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;

namespace {

std::string thrown(const std::function<void()>& act, ErrorKind kind) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

Texts split(const BpeCodes& codes, const std::string& text) {
    Texts texts;
    for (const Token& token : codes.tokenise(text)) texts.push_back(token.text);
    return texts;
}

Tokeniser tokeniserOf(BpeCodes codes, bool lowercase = false) {
    return Tokeniser(TokeniserKind::Bpe, lowercase, nullptr,
                     std::make_shared<const BpeCodes>(std::move(codes)));
}

/// The definition word for word: strings, and one search for each merge. For words of ASCII.
Texts slowSplit(const std::string& word, const Texts& merges, BpeVersion version) {
    if (word.size() == 1) return {word};
    Texts symbols;
    for (const char c : word) symbols.emplace_back(1, c);
    if (version == BpeVersion::Apart)
        symbols.push_back("</w>");
    else
        symbols.back() += "</w>";
    for (bool found = true; found;) {
        found = false;
        for (const std::string& merge : merges) {
            for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
                if (symbols[i] + " " + symbols[i + 1] != merge) continue;
                symbols[i] += symbols[i + 1];
                symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                found = true;
            }
            if (found) break; // and start again with the first merge
        }
    }
    if (symbols.back() == "</w>")
        symbols.pop_back();
    else if (symbols.back().ends_with("</w>"))
        symbols.back().resize(symbols.back().size() - 4);
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) symbols[i] += "@@";
    return symbols;
}

/// An untrained model whose source is of pieces and whose target is of words.
Model bpeModel(const BpeCodesPtr& codes) {
    const Vocabulary source = Vocabulary::ofWords({"lo@@", "w@@", "er", "low", "n@@"}),
                     target = Vocabulary::ofWords({"a", "b"});
    EncoderDecoderSpec spec;
    spec.sourceVocabulary = source.size();
    spec.targetVocabulary = target.size();
    spec.sourceEmbedding = spec.targetEmbedding = 3;
    spec.encoder.cell.width = spec.decoder.cell.width = 4;
    spec.attention->score = Score::Dot;
    spec.attention->queryWidth = spec.attention->keyWidth = spec.attention->valueWidth = 4;
    spec.attention->attentionWidth = 0;
    spec.readout.width = 3;
    ModelCard card;
    card.name = "codes";
    Random random(1);
    return Model(card, spec,
                 {makeSide(SideRole::Source, source, {TokeniserKind::Bpe, false, nullptr, codes}),
                  makeSide(SideRole::Target, target)},
                 Parameters<float>::initialised(spec.schema(), random));
}

} // namespace

struct BpeFixture {
    fixture::TemporaryFolder m_folder;
};

TEST_CASE_FIXTURE(BpeFixture, "merges in their order") {
    // The example of the paper: low, lower, newest, widest.
    const BpeCodes codes({"e s", "es t</w>", "l o", "lo w", "n e", "ne w", "new est</w>"});
    REQUIRE(split(codes, "lowest newest low") == (Texts{"low@@", "est", "newest", "lo@@", "w"}));
    // "lo w</w>" is not "lo w"; what is earlier in the list is joined first, wherever it stands.
    REQUIRE(split(BpeCodes({"b c", "a b"}), "abcx abd abc") ==
            (Texts{"a@@", "bc@@", "x", "ab@@", "d", "ab@@", "c"}));
    REQUIRE(split(BpeCodes({"b c</w>", "a b"}), "abc") == (Texts{"a@@", "bc"}));
    REQUIRE(split(BpeCodes({"a b", "b c</w>", "a b"}), "abc") == (Texts{"ab@@", "c"}));
    REQUIRE(split(BpeCodes({"a b"}, BpeVersion::Together, "_"), "abx") == (Texts{"ab_", "x"}));
    REQUIRE(split(codes, "").empty());
    REQUIRE(split(codes, " \n").empty());
}

TEST_CASE_FIXTURE(BpeFixture, "versions differ at the end of a word") {
    const Texts merges{"e r", "er </w>", "w er</w>"};
    REQUIRE(split(BpeCodes(merges, BpeVersion::Apart), "lower") == (Texts{"l@@", "o@@", "wer"}));
    REQUIRE(split(BpeCodes(merges, BpeVersion::Together), "lower") ==
            (Texts{"l@@", "o@@", "w@@", "e@@", "r"}));
    // An end that joined nothing leaves no piece.
    REQUIRE(split(BpeCodes({"a b"}, BpeVersion::Apart), "ab a") == (Texts{"ab", "a"}));
    // A word of one character is left alone whatever the merges say.
    REQUIRE(split(BpeCodes({"a </w>"}, BpeVersion::Apart), "a") == (Texts{"a"}));
}

TEST_CASE_FIXTURE(BpeFixture, "repeated pairs join from the left") {
    const BpeCodes codes({"x x", "xx xx"});
    REQUIRE(split(codes, "xxxxxxy") == (Texts{"xxxx@@", "xx@@", "y"}));
    REQUIRE(split(codes, "xxxy") == (Texts{"xx@@", "x@@", "y"}));
}

TEST_CASE_FIXTURE(BpeFixture, "character is a code point") {
    const BpeCodes codes({"é t", "😀 é</w>"});
    REQUIRE(split(codes, "été 😀é e\xCC\x81") == (Texts{"ét@@", "é", "😀é", "e@@", "\xCC\x81"}));
}

TEST_CASE_FIXTURE(BpeFixture, "only spaces part words") {
    const BpeCodes codes({"a b</w>"});
    REQUIRE(split(codes, "  ab  a\tb\nab\xC2\xA0") ==
            (Texts{"ab", "a@@", "\t@@", "b", "a@@", "b@@", "\xC2\xA0"}));
    REQUIRE(tokeniseTexts(TokeniserKind::Spaces, " ab  a\tb\r\nab\xC2\xA0x ") ==
            (Texts{"ab", "a\tb", "ab\xC2\xA0x"}));
}

TEST_CASE_FIXTURE(BpeFixture, "equals the definition") {
    Random random(5);
    const auto letters = [&](int most) {
        std::string text;
        for (int n = 1 + random.below(most); n > 0; --n) text += static_cast<char>('a' + random.below(3));
        return text;
    };
    int pieces = 0;
    for (int round = 0; round < 60; ++round) {
        Texts merges;
        for (int i = 0; i < 40; ++i) {
            const int end = random.below(4);
            merges.push_back(letters(2) + " " + (end == 0 ? "</w>" : letters(2) + (end == 1 ? "</w>" : "")));
        }
        for (const BpeVersion version : {BpeVersion::Apart, BpeVersion::Together}) {
            const BpeCodes codes(merges, version);
            for (int i = 0; i < 40; ++i) {
                const std::string word = letters(12);
                const Texts expected = slowSplit(word, merges, version);
                REQUIRE(split(codes, word) == expected);
                pieces += static_cast<int>(expected.size());
            }
        }
    }
    REQUIRE(pieces > 60 * 2 * 40 * 2); // words did come apart
}

TEST_CASE_FIXTURE(BpeFixture, "pieces stand where they say") {
    const std::string text = "  İL était  là";
    for (const bool lowercase : {false, true}) {
        const Tokeniser tokeniser = tokeniserOf(BpeCodes({"i l</w>", "t a"}), lowercase);
        std::string joined;
        int before = 0;
        for (const Token& token : tokeniser.tokenise(text)) {
            REQUIRE((token.begin >= before && token.end > token.begin));
            before = token.end;
            joined += text.substr(static_cast<std::size_t>(token.begin),
                                  static_cast<std::size_t>(token.end - token.begin));
        }
        REQUIRE(joined == "İLétaitlà");
        REQUIRE(tokeniser.tokeniseTexts(text)[0] == std::string(lowercase ? "il" : "İ@@"));
    }
    REQUIRE(
        thrown([] { tokeniserOf(BpeCodes({"a b"})).tokenise("ab\xFF"); }, ErrorKind::Data).find("byte 2") !=
        std::string::npos);
    REQUIRE(
        thrown([] { tokeniserOf(BpeCodes({"a b"})).tokenise(std::string(10'001, 'a')); }, ErrorKind::Limit)
            .find("10000 characters") != std::string::npos);
}

TEST_CASE_FIXTURE(BpeFixture, "pieces give the text back") {
    const Tokeniser tokeniser = tokeniserOf(BpeCodes({"t h", "th e</w>", "a n"}));
    const std::string text = "the man , an anthem .";
    REQUIRE(tokeniser.detokenise(tokeniser.tokeniseTexts(text)) == text);
    REQUIRE(detokenise(TokeniserKind::Bpe, {"a@@", "b", "c@@"}) == "ab c");
    const Tokeniser other = tokeniserOf(BpeCodes({"a b"}, BpeVersion::Together, "_"));
    REQUIRE(other.detokenise({"a_", "b", "c@@"}) == "ab c@@");
    REQUIRE(other.wordsOfPieces({"a_", "b", "c@@"}) == (std::vector<int>{0, 0, 1}));
}

TEST_CASE_FIXTURE(BpeFixture, "pieces know their words") {
    const Tokeniser tokeniser = tokeniserOf(BpeCodes({"e r</w>", "l o"}));
    std::vector<int> words;
    for (const Token& token : tokeniser.tokenise(" lower  a ler ")) words.push_back(token.word);
    REQUIRE(words == (std::vector<int>{0, 0, 0, 1, 2, 2}));
    REQUIRE(wordsOfPieces(TokeniserKind::Bpe, {"lo@@", "w@@", "er", "a", "l@@", "er"}) == words);
}

TEST_CASE_FIXTURE(BpeFixture, "files of codes") {
    const std::string path = m_folder.filePath("codes");
    const auto opened = [&](const std::string& text) {
        fixture::writeAll(path, text);
        return *BpeCodes::open(path);
    };
    const Texts merges{"t h", "th e</w>"};
    REQUIRE(opened("#version: 0.2\nt h\nth e</w>\n") == BpeCodes(merges));
    REQUIRE(opened("#version: 0.2.0\r\nt h\r\nth e</w>\r\n\r\n") == BpeCodes(merges));
    REQUIRE(opened("#version: 0.1\nt h \nth e</w>") == BpeCodes(merges, BpeVersion::Apart));
    REQUIRE(opened("t h\nth e</w>\n") == BpeCodes(merges, BpeVersion::Apart));
    REQUIRE(opened("t h 5120\nth e</w> 99\n") == BpeCodes(merges)); // fastBPE
    REQUIRE(opened("#version: 0.2\n1 2\n") == BpeCodes({"1 2"}));
    REQUIRE(opened("1 2\n") == BpeCodes({"1 2"}, BpeVersion::Apart));
    REQUIRE(opened("1 2 3\n") == BpeCodes({"1 2"}));
    REQUIRE(BpeCodes::open(path, "_")->separator() == "_");

    const auto refused = [&](const std::string& text, ErrorKind kind = ErrorKind::Data) {
        const std::string message = thrown([&] { opened(text); }, kind);
        return message.starts_with(path) ? message.substr(path.size()) : message;
    };
    REQUIRE(refused("").find("no BPE codes") != std::string::npos);
    REQUIRE(refused("#version: 0.2\n").find("no BPE codes") != std::string::npos);
    REQUIRE(refused("#version: 0.3\na b\n", ErrorKind::Unsupported).find("0.3; read are 0.1, 0.2") !=
            std::string::npos);
    REQUIRE(refused("#version: 0.2\na b\nabc\n").find(", line 3: expected a merge") == 0);
    REQUIRE(refused("#version: 0.2\na b 7\n").find(", line 2: expected a merge") == 0);
    REQUIRE(refused("a b\na b c\n").find(", line 2: ") == 0);
    REQUIRE(refused("a b 5\nc d\n").find(", line 2: ") == 0);
    REQUIRE(refused("a b\n\nc d\n").find(", line 3: ") == 0);
    REQUIRE(refused("a \xFF\n").find(", line 1: ") == 0);
    REQUIRE(thrown([&] { BpeCodes::open(path + "none"); }, ErrorKind::Data).find("none") !=
            std::string::npos);
}

TEST_CASE_FIXTURE(BpeFixture, "malformed codes are told") {
    for (const char* merge : {"", "a", "a ", " b", "a  b", "a b c"})
        REQUIRE_MESSAGE(thrown(
                            [&] {
                                BpeCodes({"x y", merge});
                            },
                            ErrorKind::Data)
                                .find("merge 1 is") != std::string::npos,
                        merge);
    REQUIRE(thrown([] { BpeCodes({"a b"}, BpeVersion::Together, ""); }, ErrorKind::Data).find("separator") !=
            std::string::npos);
    REQUIRE(
        thrown([] { BpeCodes({"a b"}, BpeVersion::Together, "@ @"); }, ErrorKind::Data).find("separator") !=
        std::string::npos);
    REQUIRE(thrown([] { BpeCodes(Texts(mostBpeMerges + 1, "a b")); }, ErrorKind::Limit).find("at most") !=
            std::string::npos);
    REQUIRE(thrown([] { Tokeniser(TokeniserKind::Bpe); }, ErrorKind::Argument).find("needs BPE codes") !=
            std::string::npos);
    const auto codes = std::make_shared<const BpeCodes>(Texts{"a b"});
    REQUIRE(thrown([&] { Tokeniser(TokeniserKind::Words, false, nullptr, codes); }, ErrorKind::Argument)
                .find("BPE codes") != std::string::npos);
    const auto faultsOf = [](const std::string& json) {
        Findings faults;
        const bool refused = !codesFromJson(nlohmann::json::parse(json), "c", faults);
        return refused ? toText(faults, "") : "nothing was refused";
    };
    REQUIRE(faultsOf(R"({"merges": ["ab"]})").find("c: BPE merge 0") == 0);
    REQUIRE(faultsOf(R"({"merges": [1]})").find("c.merges[0]: expected text") == 0);
    REQUIRE(faultsOf(R"({"version": "0.3", "merges": []})").find("c.version: expected one of 0.1, 0.2") == 0);
    REQUIRE(faultsOf(R"({"separator": "", "merges": []})").find("separator") != std::string::npos);
    REQUIRE(faultsOf(R"({"codes": []})").find("unknown field") != std::string::npos);
    REQUIRE(faultsOf("[]").find("expected an object") != std::string::npos);
}

TEST_CASE_FIXTURE(BpeFixture, "a model file keeps its codes") {
    const std::string path = m_folder.filePath("codes.safetensors");
    const Texts merges{"l o", "e r</w>", "lo w</w>", "é é"};
    for (const BpeVersion version : {BpeVersion::Apart, BpeVersion::Together}) {
        const auto codes = std::make_shared<const BpeCodes>(merges, version);
        const Model model = bpeModel(codes);
        saveModel(model, path, StoredType::F32);
        const ModelPtr again = openModel(path);
        REQUIRE((again->source()->tokeniser.codes() && !again->target().tokeniser.codes() &&
                 !again->source()->tokeniser.pieces()));
        REQUIRE(*again->source()->tokeniser.codes() == *codes);
        REQUIRE(again->card() == model.card());
    }
    const ModelPtr model = openModel(path);
    Recipe recipe;
    recipe.source = "lower low new";
    recipe.maxSteps = 2;
    const TracePtr trace = run(*model, recipe);
    Texts texts;
    std::vector<int> words, known;
    for (const Position& token : trace->axes[0].positions) {
        texts.push_back(token.text);
        words.push_back(token.word);
        known.push_back(token.role != TokenRole::Unknown);
    }
    REQUIRE(texts == (Texts{"lo@@", "w@@", "er", "low", "n@@", "e@@", "w", "</s>"}));
    REQUIRE(words == (std::vector<int>{0, 0, 0, 1, 2, 2, 2, -1}));
    REQUIRE(known == (std::vector<int>{1, 1, 1, 1, 1, 0, 0, 1}));

    const std::string whole = fixture::readAll(path);
    const auto opened = [&](const std::string& from, const std::string& to) {
        std::string changed = whole;
        changed.replace(changed.find(from), from.size(), to);
        fixture::writeAll(path, changed);
        return thrown([&] { openModel(path); }, ErrorKind::Data);
    };
    const std::string without = opened("\\\"codes\\\":", "\\\"codeX\\\":");
    REQUIRE_MESSAGE(without.find("sides[0].codes: is missing") != std::string::npos, without);
    REQUIRE(opened("l o", "lXo").find("sides[0].codes: BPE merge 0 is \"lXo\"") != std::string::npos);
    const auto misfit = [&](TokeniserKind kind, const BpeCodesPtr& codes) {
        return thrown(
            [&] {
                makeSide(SideRole::Source, model->source()->vocabulary, {kind, false, nullptr, codes});
            },
            ErrorKind::Data);
    };
    REQUIRE(misfit(TokeniserKind::Bpe, nullptr).find("codes: is missing") != std::string::npos);
    REQUIRE(misfit(TokeniserKind::Spaces, model->source()->tokeniser.codes())
                .find("codes: stands beside the tokeniser spaces") != std::string::npos);
}
