// SPDX-License-Identifier: GPL-3.0-or-later
// Malformed model files: each is refused in words that name the file and the fault, all faults at once, and
// no flipped byte does worse than that.
#include <doctest/doctest.h>

#include <functional>

#include "core/base/random.h"
#include "core/io/model_file.h"
#include "core/io/stored_parameters.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using fixture::edit;
using fixture::Parts;
using fixture::poke;
using fixture::soundModel;
using fixture::testedModel;
using nlohmann::ordered_json;

struct ModelFileMalformedFixture {
    fixture::TemporaryFolder m_folder;
    std::string path() const { return m_folder.filePath("model.safetensors"); }
    ModelPtr modelOf(const std::string& bytes) const {
        fixture::writeAll(path(), bytes);
        return openModel(path());
    }
    /// The error's message, "" if none; its kind in `kind`.
    std::string messageOf(const std::string& bytes, ErrorKind* kind = nullptr) const {
        try {
            modelOf(bytes);
        } catch (const Error& error) {
            if (kind) *kind = error.kind();
            return error.what();
        }
        return "";
    }
};

namespace {

struct RefusesRow {
    std::string row;
    std::string bytes;
    ErrorKind kind;
    std::string fragment;
};

std::vector<RefusesRow> refusesRows() {
    std::vector<RefusesRow> rows;
    const auto row = [&](const char* name, ErrorKind kind, const std::string& fragment,
                         const std::function<void(Parts&)>& spoil, Parts parts = Parts(soundModel())) {
        spoil(parts);
        rows.push_back({name, parts.bytes(), kind, fragment});
    };
    const auto data = ErrorKind::Data, unsupported = ErrorKind::Unsupported;
    const auto meta = [](const char* key, const std::string& value) {
        return [=](Parts& p) { p.header["__metadata__"][key] = value; };
    };
    const auto without = [](const char* key) {
        return [=](Parts& p) { p.header["__metadata__"].erase(key); };
    };
    const auto json = [](const char* key, std::function<void(ordered_json&)> change) {
        return [=](Parts& p) { edit(p, key, change); };
    };

    row("no metadata", unsupported, "not a model file", [](Parts& p) { p.header.erase("__metadata__"); });
    row("another format", unsupported, "\"pt\", expected \"attentoscope-model\"", meta("format", "pt"));
    row("no container version", data, "container_version is missing", without("container_version"));
    row("container version 2", unsupported, "container_version is 2; this program reads 1 to 1",
        meta("container_version", "2"));
    row("content version 0", unsupported, "content_version is 0; this program reads 1 to 4",
        meta("content_version", "0"));
    row("content version beyond an int", unsupported, "this program reads 1 to 4",
        meta("content_version", "99999999999999999999"));
    row("version is a word", data, "content_version is \"one\"", meta("content_version", "one"));
    row("version is empty", data, "content_version is \"\"", meta("content_version", ""));

    row("no spec", data, "spec: is missing", without("spec"));
    row("no card", data, "card: is missing", without("card"));
    row("no vocabulary", data, "target_vocabulary: is missing", without("target_vocabulary"));
    row("spec is not JSON", data, "spec: not valid JSON", meta("spec", "gru"));
    row("spec is a list", data, "spec: expected an object", meta("spec", "[]"));
    row("spec is deep", data, "spec: nested more than", meta("spec", std::string(100'000, '[')));
    row("a spec key twice", data, "stands twice", meta("spec", R"({"order":"x","order":"y"})"));
    row("bad enum", data, "spec.attention.score: expected one of dot, scaled_dot",
        json("spec", [](auto& s) { s["attention"]["score"] = "bahdanau"; }));
    row("unknown field", data, "unknown field \"bidirectonal\"",
        json("spec", [](auto& s) { s["encoder"]["bidirectonal"] = true; }));
    row("width as text", data, "spec.decoder.cell.width: expected a whole number",
        json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = "8"; }));
    row("negative width", data, "spec.decoder.cell.width: expected a whole number from 0",
        json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = -8; }));
    row("width 2^64 - 1", data, "spec.decoder.cell.width: expected a whole number from 0",
        json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = ~0ULL; }));
    row("a thousand million layers", data, "spec.encoder.layers: is 1000000000; at most",
        json("spec", [](auto& s) { s["encoder"]["layers"] = 1'000'000'000; }));
    row("a thousand million heads", data, "spec.attention.heads: is 1000000000; at most",
        json("spec", [](auto& s) { s["attention"]["heads"] = 1'000'000'000; }));
    row("widths whose product overflows", data, "spec.decoder.cell.width: is 1000000000; at most",
        json("spec", [](auto& s) { s["decoder"]["cell"]["width"] = 1'000'000'000; }));
    row("no layers", data, "spec.encoder.layers", json("spec", [](auto& s) { s["encoder"]["layers"] = 0; }));
    row("wrong gate order", data, "spec.encoder.cell.gate_order",
        json("spec", [](auto& s) { s["encoder"]["cell"]["gate_order"] = "rzz"; }));
    row("widths that do not fit", data, "spec.attention.query_width: is 9; expected 8",
        json("spec", [](auto& s) { s["attention"]["query_width"] = 9; }));
    row("temperature 0", data, "spec.attention.temperature",
        json("spec", [](auto& s) { s["attention"]["temperature"] = 0; }));
    row("temperature 1e999", data, "spec: not valid JSON", [](Parts& p) {
        auto& text = p.header["__metadata__"]["spec"];
        std::string spec = text;
        text = spec.replace(spec.find("\"score\""), 0, "\"temperature\": 1e999, ");
    });
    row("card without a name", data, "card.name: is empty", meta("card", "{}"));
    row("unknown tokeniser", data, "card.source_tokeniser: expected one of",
        json("card", [](auto& c) { c["source_tokeniser"] = "syllables"; }));

    row("vocabulary too small for the spec", data, "source_vocabulary: has 18 tokens; the spec says 19",
        json("source_vocabulary", [](auto& v) { v["tokens"].erase(18); }));
    row("spec too large for the vocabulary", data, "source_vocabulary: has 19 tokens; the spec says 20",
        json("spec", [](auto& s) { s["source_vocabulary"] = 20; }));
    row("a word twice", data, "source_vocabulary.tokens[6]: \"the\" stands twice",
        json("source_vocabulary", [](auto& v) { v["tokens"][6] = "the"; }));
    row("an empty word", data, "target_vocabulary.tokens[5]: is empty",
        json("target_vocabulary", [](auto& v) { v["tokens"][5] = ""; }));
    row("a number among the words", data, "target_vocabulary.tokens[5]: expected text, found 7",
        json("target_vocabulary", [](auto& v) { v["tokens"][5] = 7; }));
    row("no words", data, "source_vocabulary.pad: is 0; there are 0 tokens",
        json("source_vocabulary", [](auto& v) { v["tokens"] = ordered_json::array(); }));
    row("special row outside", data, "source_vocabulary.eos: is 19",
        json("source_vocabulary", [](auto& v) { v["eos"] = 19; }));
    row("two special words in one row", data, "source_vocabulary.unk: is 2",
        json("source_vocabulary", [](auto& v) { v["unk"] = 2; }));
    row("vocabulary is a list", data, "source_vocabulary: expected an object",
        json("source_vocabulary", [](auto& v) { v = v["tokens"]; }));

    row("missing parameter", data, "attention.v: is missing; expected shape [7]", [](Parts& p) {
        auto& zeros = p.header["attention.v"];
        p.header["elsewhere"] = zeros;
        p.header.erase("attention.v");
    });
    row("unused parameter", data, "elsewhere: is not a parameter of this spec", [](Parts& p) {
        p.header["elsewhere"] = p.header["attention.v"];
        p.header.erase("attention.v");
    });
    row("misspelt parameter", data, "the unused attention.W_keys may be meant", [](Parts& p) {
        p.header["attention.W_keys"] = p.header["attention.W_key"];
        p.header.erase("attention.W_key");
    });
    row("transposed parameter", data, "attention.W_key: has shape [12, 7]; expected [7, 12]", [](Parts& p) {
        p.header["attention.W_key"]["shape"] = {12, 7};
    });
    row("vector as a matrix", data, "attention.v: has shape [1, 7]; expected [7]", [](Parts& p) {
        p.header["attention.v"]["shape"] = {1, 7};
    });
    row("an empty tensor beside the others", data, "free: is not a parameter", [](Parts& p) {
        const auto end = p.header["attention.v"]["data_offsets"][1];
        p.header["free"] = {{"dtype", "F32"}, {"shape", {0}}, {"data_offsets", {end, end}}};
    });
    row("whole numbers", data, "attention.v: unsupported dtype I32",
        [](Parts& p) { p.header["attention.v"]["dtype"] = "I32"; });
    row("not a number", data, "decoder.layer0.b_input: 1 of 24 numbers are not finite",
        [](Parts& p) { poke(p, "decoder.layer0.b_input", std::string("\0\0\xC0\x7F", 4)); });
    row("infinity", data, "attention.v: 1 of 7 numbers are not finite",
        [](Parts& p) { poke(p, "attention.v", std::string("\0\0\x80\x7F", 4)); });
    row("cut in the last tensor", data, "may have been cut short", [](Parts& p) { p.data.pop_back(); });
    row("cut in half", data, "may have been cut short", [](Parts& p) { p.data.resize(p.data.size() / 2); });
    row("bytes at the end", data, "belong to no tensor", [](Parts& p) { p.data += "x"; });

    const auto test = [&](const char* name, const std::string& fragment,
                          const std::function<void(ordered_json&)>& change) {
        row(name, data, fragment, json("self_test", change), testedModel());
    };
    test("self-test with another word", "fails its own self-test", [](auto& t) { t["target"][0] = "chat"; });
    test("self-test with another probability", "step 1 gives",
         [](auto& t) { t["log_probs"][1] = t["log_probs"][1].template get<double>() - 0.01; });
    test("self-test that goes on", "gives the end, expected \"chat\"", [](auto& t) {
        t["target"].push_back("chat");
        t["log_probs"].push_back(-1);
    });
    test("self-test without a sentence", "self_test.source: is empty", [](auto& t) { t["source"] = ""; });
    test("self-test of spaces", "fails its own self-test", [](auto& t) { t["source"] = "   "; });
    test("self-test of a book", "self_test.source: has 100000 bytes; at most",
         [](auto& t) { t["source"] = std::string(100'000, 'a'); });
    test("self-test without words", "self_test.target: is empty",
         [](auto& t) { t["target"] = t["log_probs"] = ordered_json::array(); });
    test("self-test with fewer numbers", "self_test.log_probs: has",
         [](auto& t) { t["log_probs"].erase(0); });
    test("self-test with an improbable probability", "at most 0, found 0.5",
         [](auto& t) { t["log_probs"][0] = 0.5; });
    test("self-test that allows everything", "self_test.tolerance: is 1000000",
         [](auto& t) { t["tolerance"] = 1e6; });
    row("another gate order", data, "fails its own self-test",
        json("spec", [](auto& s) { s["encoder"]["cell"]["gate_order"] = "zrn"; }), testedModel());
    row("another update gate", data, "fails its own self-test",
        json("spec", [](auto& s) { s["decoder"]["cell"]["update_keeps"] = false; }), testedModel());
    row("another reset gate", data, "fails its own self-test",
        json("spec", [](auto& s) { s["decoder"]["cell"]["reset_after"] = false; }), testedModel());
    return rows;
}

} // namespace

TEST_CASE_FIXTURE(ModelFileMalformedFixture, "refuses") {
    for (const RefusesRow& row : refusesRows()) {
        CAPTURE(row.row);
        const std::string& bytes = row.bytes;
        const ErrorKind kind = row.kind;
        const std::string& fragment = row.fragment;
        ErrorKind found{};
        const std::string message = messageOf(bytes, &found);
        REQUIRE_MESSAGE(message.starts_with(path() + ": "), message);
        REQUIRE_MESSAGE(message.find(fragment) != std::string::npos, message);
        REQUIRE_MESSAGE(message.size() < 5000, "a message longer than anybody reads");
        REQUIRE(found == kind);
    }
}

TEST_CASE_FIXTURE(ModelFileMalformedFixture, "all faults are told at once") {
    Parts parts(soundModel());
    edit(parts, "source_vocabulary", [](auto& v) { v["tokens"][6] = "the"; });
    parts.header["attention.W_key"]["shape"] = {12, 7};
    parts.header["attention.V"] = parts.header["attention.v"];
    parts.header.erase("attention.v");
    poke(parts, "output.b", std::string("\0\0\xC0\x7F", 4));
    const std::string message = messageOf(parts.bytes());
    for (const char* fragment : {"stands twice", "attention.W_key: has shape", "attention.v: is missing",
                                 "attention.V: is not a parameter", "output.b: 1 of 20"})
        REQUIRE_MESSAGE(message.find(fragment) != std::string::npos, (message + "\nlacks " + fragment));
}

/// A file may ask for any number of parameters and hold names that are nearly theirs: only the first are
/// compared, or comparing would take for ever.
TEST_CASE_FIXTURE(ModelFileMalformedFixture, "misspellings are sought for the first missing names only") {
    Parts parts(fixture::container("{}", ""));
    Schema schema;
    for (int i = 1000; i < 1200; ++i) {
        const std::string name = "parameter" + std::to_string(i);
        schema.push_back({name, {3}});
        parts.header[name + "s"] = {{"dtype", "F32"}, {"shape", {0}}, {"data_offsets", {0, 0}}};
    }
    fixture::writeAll(path(), parts.bytes());
    Findings faults;
    readParameters(SafetensorsFile(path()), schema, faults);
    REQUIRE(faults.size() == 400); // each is missing, each is no parameter
    for (std::size_t i = 0; i < 200; ++i) {
        const std::string expected = i < 50 ? "the unused " + schema[i].name + "s may be meant" : "";
        const auto at = faults[i].text.find("the unused");
        REQUIRE((at == std::string::npos ? "" : faults[i].text.substr(at)) == expected);
    }
}

TEST_CASE_FIXTURE(ModelFileMalformedFixture, "a true self test and strange metadata are accepted") {
    Parts parts = testedModel();
    parts.header["__metadata__"]["made_by"] = "somebody";
    const ModelPtr model = modelOf(parts.bytes());
    REQUIRE(model->selfTest().has_value());
    REQUIRE(model->selfTest()->target.back() == "</s>");
}

TEST_CASE_FIXTURE(ModelFileMalformedFixture, "truncations are refused") {
    const std::string whole = soundModel();
    for (std::size_t length = 0; length < whole.size(); length += 97)
        REQUIRE_MESSAGE(messageOf(whole.substr(0, length)).starts_with(path() + ": "),
                        std::to_string(length));
}

TEST_CASE_FIXTURE(ModelFileMalformedFixture, "flipped bytes are refused or run") {
    const std::string whole = testedModel().bytes();
    std::uint64_t header = 0;
    std::memcpy(&header, whole.data(), 8);
    Random random(11);
    int opened = 0;
    for (int i = 0; i < 500; ++i) {
        // Half of the flips hit the header, where a byte means more than in a number.
        const auto range = static_cast<int>(i % 2 ? 8 + header : whole.size());
        std::string bytes = whole;
        bytes[static_cast<std::size_t>(random.below(range))] = static_cast<char>(random.below(256));
        try {
            const ModelPtr model = modelOf(bytes);
            REQUIRE(model->parameterCount() == attn::parameterCount(modelSchema(model->spec())));
            ++opened;
        } catch (const Error& error) {
            REQUIRE_MESSAGE((error.kind() == ErrorKind::Data || error.kind() == ErrorKind::Unsupported),
                            error.what());
            REQUIRE_MESSAGE(std::string(error.what()).starts_with(path() + ": "), error.what());
        }
    }
    REQUIRE((opened > 0 && opened < 500));
}
