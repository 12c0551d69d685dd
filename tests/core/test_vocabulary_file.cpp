// SPDX-License-Identifier: GPL-3.0-or-later
// Vocabularies as toolkits write them become tokens by id; what does not fit is told with its line.
#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "core/io/vocabulary_file.h"
#include "core/text/vocabulary.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using Texts = std::vector<std::string>;

namespace {

const std::string shared = ATTENTOSCOPE_SOURCE "/../shared/fixtures/";

Texts tokensOf(std::string_view text, VocabularyStyle style) {
    const VocabularyFile found = readVocabulary(text, "t");
    REQUIRE_MESSAGE(found.style == style, toText(found.style));
    REQUIRE_MESSAGE(found.findings.empty(), toText(found.findings));
    return found.tokens;
}

std::string thrown(const std::function<void()>& act, ErrorKind kind = ErrorKind::Data) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "of another kind: " + std::string(error.what());
    }
    return "nothing was thrown";
}

Texts linesOf(const std::string& path) {
    const std::string text = fixture::readAll(path);
    Texts lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

} // namespace

struct VocabularyFileFixture {
    fixture::TemporaryFolder m_folder;
};

TEST_CASE_FIXTURE(VocabularyFileFixture, "a token a line") {
    // Other Unicode spaces, and a lone carriage return, are characters of tokens.
    REQUIRE(tokensOf("<unk>\na\xC2\xA0"
                     "b\nc\xE2\x80\xA8"
                     "d\n\r\n \n",
                     VocabularyStyle::Lines) == (Texts{"<unk>",
                                                       "a\xC2\xA0"
                                                       "b",
                                                       "c\xE2\x80\xA8"
                                                       "d",
                                                       "\r", " "}));
    REQUIRE(tokensOf("<unk>\r\na\r\nb", VocabularyStyle::Lines) == (Texts{"<unk>", "a", "b"}));
    REQUIRE(tokensOf("\xEF\xBB\xBF<s>\n[\n]\n", VocabularyStyle::Lines) == (Texts{"<s>", "[", "]"}));
    REQUIRE(tokensOf("[PAD]\n{x}\n", VocabularyStyle::Lines) == (Texts{"[PAD]", "{x}"}));
    REQUIRE(tokensOf("[\n]\n", VocabularyStyle::Lines) == (Texts{"[", "]"}));
    REQUIRE(tokensOf("a\nb\n\n\n", VocabularyStyle::Lines) == (Texts{"a", "b"}));
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "tokens with counts") {
    REQUIRE(tokensOf("the\t120\n,\t99\n\t\t3\n", VocabularyStyle::Counts) == (Texts{"the", ",", "\t"}));
    REQUIRE(tokensOf("<unk>\t0\n<s>\t0\n▁the\t-3.25\n▁\t-4e-05\n", VocabularyStyle::SentencePiece) ==
            (Texts{"<unk>", "<s>", "▁the", "▁"}));
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "fairseq puts its own first") {
    REQUIRE(tokensOf("the 120\n, 99\nmadeupword0000 0\n", VocabularyStyle::Fairseq) ==
            (Texts{"<s>", "<pad>", "</s>", "<unk>", "the", ",", "madeupword0000"}));
    const VocabularyFile own = readVocabulary("the 9\n<unk> 3 #fairseq:overwrite\na 1\n", "dict.txt");
    REQUIRE(own.style == VocabularyStyle::Fairseq);
    REQUIRE(own.tokens == (Texts{"<s>", "<pad>", "</s>", "<unk>", "the", "<row 5>", "a"}));
    REQUIRE(own.findings.size() == 1u);
    REQUIRE(own.findings[0].where == "dict.txt, line 2");
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "yaml keys are words") {
    REQUIRE(
        tokensOf(
            "</s>: 0\n<unk>: 1\non: 2\nno: 3\nnull: 5\n~: 4\n\",\": 6\n\"\\\"\": 7\n\"&apos;s\": 8\n2: 9\n"
            "été: 10\n\":\": 11\n? x y\n: 12\n",
            VocabularyStyle::Yaml) ==
        (Texts{"</s>", "<unk>", "on", "no", "~", "null", ",", "\"", "&apos;s", "2", "été", ":", "x y"}));
    REQUIRE(readVocabulary("- a\n- null\n- no\n", "t", VocabularyStyle::Yaml).tokens ==
            (Texts{"a", "null", "no"}));
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "json of several programs") {
    const auto json = VocabularyStyle::Json;
    REQUIRE(tokensOf("{\n  \"eos\": 0,\n  \"UNK\": 1,\n  \"caf\\u00e9\": 2\n}\n", json) ==
            (Texts{"eos", "UNK", "café"}));
    REQUIRE(tokensOf("[\"<unk>\", \"a\"]", json) == (Texts{"<unk>", "a"}));
    // The chatbot tutorial's vocabulary: the words of one map, all tokens in the other.
    REQUIRE(tokensOf(R"({"name": "x", "word2index": {"hi": 3},
                          "index2word": {"0": "PAD", "1": "SOS", "2": "EOS", "3": "hi"}})",
                     VocabularyStyle::Json) == (Texts{"PAD", "SOS", "EOS", "hi"}));
    REQUIRE(tokensOf(R"({"word2index": {"SOS": 0, "tokens": 1}})", json) == (Texts{"SOS", "tokens"}));
    REQUIRE(tokensOf(R"({"SOS": 0, "tokens": 1, "itos": 2})", json) == (Texts{"SOS", "tokens", "itos"}));
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "ids without tokens get names") {
    REQUIRE(tokensOf("{\"the\": 1, \"<row 0>\": 3}", VocabularyStyle::Json) ==
            (Texts{"<row 0>*", "the", "<row 2>", "<row 0>"}));
    const VocabularyFile blank = readVocabulary("a\n\nb\n", "t");
    REQUIRE(blank.tokens == (Texts{"a", "<row 1>", "b"}));
    REQUIRE(blank.findings.size() == 1u);
    Texts tokens{"a", "<row 3>"};
    addMadeUpTokens(tokens, 4);
    REQUIRE(tokens == (Texts{"a", "<row 3>", "<row 2>", "<row 3>*"}));
    addMadeUpTokens(tokens, 2);
    REQUIRE(tokens.size() == 4u);
    // A stray id would cost rows for nothing.
    REQUIRE(thrown([] { readVocabulary("{\"a\": 0, \"b\": 900000}", "t"); }).find("900000 for 2 tokens") !=
            std::string::npos);
    REQUIRE(thrown([] { readVocabulary("{\"a\": 0, \"b\": 4000000000}", "t"); }, ErrorKind::Limit)
                .find("token \"b\"") != std::string::npos);
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "what stands twice is told") {
    const VocabularyFile lines = readVocabulary("a\nb\na\n", "words.txt");
    REQUIRE(lines.tokens == (Texts{"a", "b", "<row 2>"}));
    REQUIRE(lines.findings.size() == 1u);
    REQUIRE(lines.findings[0].severity == Severity::Warning);
    REQUIRE(lines.findings[0].where == "words.txt, line 3");
    const VocabularyFile ids = readVocabulary("a: 0\nb: 1\nc: 1\n", "t");
    REQUIRE(ids.tokens == (Texts{"a", "b"}));
    REQUIRE(ids.findings.size() == 1u);
    REQUIRE(ids.findings[0].text.find("\"c\" has the id of \"b\"") != std::string::npos);
    std::string same;
    for (int i = 0; i < 1000; ++i) same += "a\n";
    const VocabularyFile many = readVocabulary(same, "t");
    REQUIRE(many.tokens.size() == 1000u);
    REQUIRE(many.findings.size() <= 21);
    REQUIRE(many.findings.back().text.find("979 more") != std::string::npos);
    Vocabulary(many.tokens); // has no faults
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "ids beyond the model are left out") {
    const VocabularyFile found = readVocabulary("</s>: 0\n<unk>: 1\na: 2\nb: 900000\nc: 3\n", "t", {}, 3);
    REQUIRE(found.tokens == (Texts{"</s>", "<unk>", "a"}));
    REQUIRE(found.findings.size() == 1u);
    REQUIRE(found.findings[0].text.find("2 tokens from id 3 on") != std::string::npos);
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "a given style is taken") {
    REQUIRE(readVocabulary("a 1\nb 2\n", "t", VocabularyStyle::Lines).tokens == (Texts{"a 1", "b 2"}));
    REQUIRE(readVocabulary("a\t1\nb\t2\n", "t", VocabularyStyle::Lines).tokens == (Texts{"a\t1", "b\t2"}));
    REQUIRE(readVocabulary("a: 1\n", "t", VocabularyStyle::Fairseq).tokens.back() == "a:");
    REQUIRE(thrown([] { readVocabulary("a\n", "t", VocabularyStyle::Counts); }).find("line 1") !=
            std::string::npos);
    REQUIRE(thrown([] { readVocabulary("\n", "t", VocabularyStyle::Fairseq); }).find("holds no tokens") !=
            std::string::npos);
    for (const auto& [style, name] : EnumNames<VocabularyStyle>::names)
        REQUIRE(fromText<VocabularyStyle>(name) == style);
}

namespace {

struct MalformedFilesAreToldRow {
    std::string row;
    std::string text;
    std::string message;
};

std::vector<MalformedFilesAreToldRow> malformedFilesAreToldRows() {
    std::vector<MalformedFilesAreToldRow> rows;
    const auto row = [&](const char* name, std::string text, const char* message) {
        rows.push_back({name, text, message});
    };
    row("empty", "", "holds no tokens");
    row("blank lines", "\n\n\n", "holds no tokens");
    row("not UTF-8", "a\ncaf\xE9\n", "line 2: is not UTF-8");
    row("zero bytes", std::string("a\n\0b\n", 5), "line 2: holds a zero byte");
    row("fairseq without count", "a 1\nb 2\nc\n",
        "line 3: expected a token, a blank and its count, found \"c\"");
    row("fairseq with a fraction", "a 1\nb 2\nc 3.5\n", "line 3: expected a token");
    row("count", "a\t1\nb\t2\nc\n", "line 3: expected a token, a TAB and its count, found \"c\"");
    row("score", "a\t-1.5\nb\t2\nc\tx\n", "line 3: expected a token, a TAB and its score");
    row("yaml id", "a: 0\nb: 1\nc: x\n", "token \"c\": expected an id, a whole number from 0, found \"x\"");
    row("yaml negative", "a: 0\nb: 1\nc: -1\n", "found \"-1\"");
    row("yaml twice", "a: 0\nb: 1\na: 2\n", "line 3, column 1: the key \"a\" stands twice");
    row("yaml nested", "a: 0\nb: 1\nc: [1]\n", "list or mapping");
    row("yaml syntax", "a: 0\nb: 1\n]: 2\n", "t, line 3");
    row("json cut off", "{\"a\": 0, \"b\"", "not valid JSON");
    row("json twice", "{\"a\": 0, \"a\": 1}", "stands twice");
    row("json real", "{\"a\": 0.5}", "token \"a\": expected an id, a whole number from 0, found 0.5");
    row("json negative", "{\"a\": -1}", "found -1");
    row("json large", "{\"a\": 18446744073709551615}", "found 18446744073709551615");
    row("json list", "[\"a\", 3]", "item 1: expected a token, found 3");
    row("json key", "{\"x\": \"a\"}", "expected an id, a whole number from 0, found \"x\"");
    row("json deep", "[\"" + fixture::repeated("a\",[\"", 100), "deep");
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(VocabularyFileFixture, "malformed files are told") {
    for (const MalformedFilesAreToldRow& row : malformedFilesAreToldRows()) {
        CAPTURE(row.row);
        const std::string& text = row.text;
        const std::string& message = row.message;
        const std::string path = m_folder.filePath("t");
        fixture::writeAll(path, text);
        const std::string found = thrown([&] { readVocabularyFile(path); });
        REQUIRE_MESSAGE(fixture::contains(found, message), found);
        REQUIRE_MESSAGE(found.starts_with(path), found);
    }
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "every prefix is read or refused") {
    const Texts files{"</s>: 0\n\"\\u00e9\": 1\n? \"x\"\n: 2\n",
                      "{\"index2word\": {\"0\": \"PAD\", \"1\": \"\\ud83d\\ude00\"}}",
                      "the 120\n<s> 3 #fairseq:overwrite\n", "é\t-1.5\n\xE2\x96\x81\t-2\n"};
    for (const std::string& file : files)
        for (std::size_t size = 0; size < file.size(); ++size)
            for (const int flip : {0, 1, 128}) {
                std::string text = file.substr(0, size);
                if (size > 0) text[size / 2] = static_cast<char>(text[size / 2] ^ flip);
                try {
                    const VocabularyFile found = readVocabulary(text, "t");
                    if (found.tokens.size() >= 4) Vocabulary(found.tokens); // throws if it has faults
                } catch (const Error& error) {
                    REQUIRE_MESSAGE(std::string(error.what()).starts_with("t"), error.what());
                }
            }
}

TEST_CASE_FIXTURE(VocabularyFileFixture, "real files give their ids") {
    if (!std::filesystem::exists(shared + "README.md")) {
        std::puts("skipped: no real files beside");
        return;
    }
    for (const char* name : {"opennmt-py/brnn-lstm2-general/src_vocab.by-id.txt",
                             "opennmt-py/brnn-lstm2-general/tgt_vocab.by-id.txt",
                             "opennmt-py/v120-rnn-lstm2-general-nofeed/src_vocab.by-id.txt",
                             "joeynmt/gru1-bahdanau/src_vocab.txt", "joeynmt/gru1-bahdanau/trg_vocab.txt"}) {
        const VocabularyFile found = readVocabularyFile(shared + name);
        REQUIRE((found.style == VocabularyStyle::Lines && found.findings.empty()));
        REQUIRE(found.tokens == linesOf(shared + name));
    }
    for (const char* name : {"dict.en.txt", "dict.fr.txt"}) {
        const std::string path = shared + "fairseq/lstm2-bidir/" + name;
        const VocabularyFile found = readVocabularyFile(path);
        const Texts lines = linesOf(path);
        REQUIRE((found.style == VocabularyStyle::Fairseq && found.findings.empty()));
        REQUIRE(found.tokens.size() == lines.size() + 4);
        for (std::size_t i = 0; i < lines.size(); ++i)
            REQUIRE(lines[i].starts_with(found.tokens[i + 4] + " "));
    }
    for (const char* name :
         {"s2s-gru-enfr/vocab.en.yml", "s2s-gru-enfr/vocab.fr.yml",
          "s2s-lstm2-ln-skip-tied-ende/vocab.de.yml", "tiny-nematus-ln-ende/vocab.en.yml"}) {
        const std::string path = shared + "marian/" + name;
        const VocabularyFile found = readVocabularyFile(path);
        REQUIRE((found.style == VocabularyStyle::Yaml && found.findings.empty()));
        const Texts lines = linesOf(path);
        REQUIRE(found.tokens.size() == lines.size());
        for (std::size_t id = 0; id < lines.size(); ++id) { // Marian writes its ids in order
            const std::string& token = found.tokens[id];
            REQUIRE_MESSAGE((lines[id] == token + ": " + std::to_string(id) ||
                             lines[id] == "\"" + token + "\": " + std::to_string(id)),
                            lines[id]);
        }
    }
    // What the references say of words and their ids.
    for (const auto& [folder, source, target] :
         {std::tuple{"fairseq/lstm2-bidir/", "dict.en.txt", "dict.fr.txt"},
          std::tuple{"joeynmt/gru1-bahdanau/", "src_vocab.txt", "trg_vocab.txt"}}) {
        const Vocabulary words[] = {Vocabulary(readVocabularyFile(shared + folder + source).tokens),
                                    Vocabulary(readVocabularyFile(shared + folder + target).tokens)};
        const auto reference =
            nlohmann::json::parse(fixture::readAll(shared + folder + "reference.json"))["sentences"];
        int compared = 0;
        for (const auto& sentence : reference)
            for (const auto& [tokens, ids, side] :
                 {std::tuple{sentence["src_tokens"], sentence["src_ids"], 0},
                  std::tuple{sentence["greedy"]["tokens"], sentence["greedy"]["ids"], 1}})
                for (std::size_t i = 0; i < tokens.size(); ++i, ++compared)
                    if (words[side].contains(tokens[i].get<std::string>()))
                        REQUIRE(words[side].id(tokens[i].get<std::string>()) == ids[i].get<int>());
        REQUIRE(compared > 500);
    }
}
