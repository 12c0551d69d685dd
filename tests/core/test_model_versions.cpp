// SPDX-License-Identifier: GPL-3.0-or-later
// Every released version of the model file opens, computes what its release computed (the self-tests in the
// files) and is the same model when it is written in the last version. Version 4: families and lists of
// sides.
#include <doctest/doctest.h>

#include <functional>

#include "core/io/model_file.h"
#include "core/model/networks.h"
#include "core/run/run.h"
#include "core/trace/trace_text.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using fixture::edit;
using fixture::Parts;
using nlohmann::ordered_json;

namespace {

const std::string folder = ATTENTOSCOPE_FIXTURES "/models/";

std::string versionOf(const std::string& path) {
    return Parts(fixture::readAll(path)).header["__metadata__"]["content_version"];
}

struct VersionFixture {
    fixture::TemporaryFolder m_folder;

    std::string path() const { return m_folder.filePath("model.safetensors"); }
    /// A file of version 4.
    Parts sound() const {
        saveModel(*openModel(folder + "version_3.safetensors"), path(), StoredType::F32);
        return Parts(fixture::readAll(path()));
    }
    /// The message with which a file is refused.
    std::string refusal(const Parts& parts, ErrorKind kind) const {
        fixture::writeAll(path(), parts.bytes());
        try {
            openModel(path());
        } catch (const Error& error) {
            CHECK(error.kind() == kind);
            return error.what();
        }
        return "";
    }
};

} // namespace

TEST_CASE_FIXTURE(VersionFixture, "every version opens, and is the same model in the last") {
    const std::pair<const char*, const char*> files[] = {{"version_1.safetensors", "1"},
                                                         {"version_2.safetensors", "2"},
                                                         {"version_3.safetensors", "3"},
                                                         {"numpy.safetensors", "4"}};
    for (const auto& [name, version] : files) {
        CAPTURE(name);
        REQUIRE(versionOf(folder + name) == version);
        const ModelPtr model = openModel(folder + name);
        saveModel(*model, path(), StoredType::F32);
        CHECK(versionOf(path()) == "4");
        const ModelPtr again = openModel(path());
        CHECK(again->card() == model->card());
        CHECK(again->spec() == model->spec());
        CHECK(again->selfTest() == model->selfTest());
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(again->sides()[i].role == model->sides()[i].role);
            CHECK(again->sides()[i].vocabulary == model->sides()[i].vocabulary);
            CHECK(again->sides()[i].tokeniser.kind() == model->sides()[i].tokeniser.kind());
            CHECK(again->sides()[i].tokeniser.lowercase() == model->sides()[i].tokeniser.lowercase());
        }
        Recipe recipe;
        recipe.source = model->selfTest() ? model->selfTest()->source : model->card().examples.front();
        recipe.maxSteps = 8;
        CHECK(traceText(*run(*again, recipe)) == traceText(*run(*model, recipe)));
    }
    CHECK(openModel(folder + "version_2.safetensors")->selfTest().has_value());
    CHECK(openModel(folder + "version_3.safetensors")->selfTest().has_value());
}

TEST_CASE("versions 1 and 4 of one model differ in nothing but the file") {
    const ModelPtr first = openModel(folder + "version_1.safetensors"),
                   last = openModel(folder + "numpy.safetensors");
    CHECK(first->card() == last->card());
    CHECK(first->spec() == last->spec());
    for (const auto& entry : first->parameters().entries())
        CHECK(entry.var.value() == last->parameters()[entry.shape.name].value());
}

TEST_CASE("what earlier versions said otherwise") {
    const ModelPtr second = openModel(folder + "version_2.safetensors"),
                   third = openModel(folder + "version_3.safetensors");
    const auto& spec = std::get<EncoderDecoderSpec>(second->spec());
    CHECK_FALSE(spec.attention); // the score none
    CHECK(spec.summaryGate == Gate::Scalar);
    CHECK(second->sites().empty());
    CHECK(encoderDecoder(*second).attention() == nullptr);
    CHECK(second->source()->tokeniser.kind() == TokeniserKind::Whitespace);
    CHECK((second->source()->tokeniser.lowercase() && second->target().tokeniser.lowercase()));
    CHECK(third->source()->tokeniser.kind() == TokeniserKind::Bpe);
    CHECK(third->target().tokeniser.kind() == TokeniserKind::Spaces);
    REQUIRE(third->sites().size() == 2);
    CHECK(third->sites()[1].kind == SiteKind::Copy);
}

TEST_CASE_FIXTURE(VersionFixture, "malformed files of version 4 are refused by name") {
    struct Row {
        const char* name;
        const char* fragment;
        std::function<void(Parts&)> spoil;
    };
    const auto json = [](const char* key, const std::function<void(ordered_json&)>& change) {
        return [=](Parts& parts) { edit(parts, key, change); };
    };
    const Row rows[] = {
        {"no family", "family: is missing", [](Parts& p) { p.header["__metadata__"].erase("family"); }},
        {"no sides", "sides: is missing", [](Parts& p) { p.header["__metadata__"].erase("sides"); }},
        {"sides are an object", "sides: expected a list", json("sides", [](auto& s) { s = s[0]; })},
        {"a side is a text", "sides[1]: expected an object", json("sides", [](auto& s) { s[1] = "target"; })},
        {"no role", "sides[0].role: is missing; expected one of source, target",
         json("sides", [](auto& s) { s[0].erase("role"); })},
        {"an unknown role", "sides[0].role: expected one of source, target",
         json("sides", [](auto& s) { s[0]["role"] = "input"; })},
        {"one side", "no side has the role target", json("sides", [](auto& s) { s.erase(1); })},
        {"a side twice", "a side with the role source stands twice",
         json("sides", [](auto& s) { s.push_back(s[0]); })},
        {"no vocabulary", "sides[1].vocabulary: is missing",
         json("sides", [](auto& s) { s[1].erase("vocabulary"); })},
        {"a word twice", "sides[1].vocabulary.tokens[5]: \"bas\" stands twice",
         json("sides", [](auto& s) { s[1]["vocabulary"]["tokens"][5] = "bas"; })},
        {"a vocabulary too small", "sides[0].vocabulary: has 8 tokens; the spec says 9",
         json("sides", [](auto& s) { s[0]["vocabulary"]["tokens"].erase(8); })},
        {"no codes", "sides[0].codes: is missing; the side's tokeniser is bpe",
         json("sides", [](auto& s) { s[0].erase("codes"); })},
        {"codes beside another tokeniser", "sides[0].codes: stands beside the tokeniser words",
         json("sides", [](auto& s) { s[0]["tokeniser"] = "words"; })},
        {"an unknown field", "sides[0]: unknown field \"lower\"",
         json("sides", [](auto& s) { s[0]["lower"] = true; })},
        {"the card of version 3", "card: unknown field \"source_tokeniser\"",
         json("card", [](auto& c) { c["source_tokeniser"] = "bpe"; })},
        {"the score none", "spec.attention.score: expected one of",
         json("spec", [](auto& s) { s["attention"]["score"] = "none"; })},
        {"a gate without a place", "spec.summary_gate: is scalar; it belongs to models without attention",
         json("spec", [](auto& s) { s["summary_gate"] = "scalar"; })},
    };
    const Parts whole = sound();
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Parts parts = whole;
        row.spoil(parts);
        const std::string message = refusal(parts, ErrorKind::Data);
        CHECK_MESSAGE(message.find(row.fragment) != std::string::npos, message);
        CHECK(message.starts_with(path() + ": "));
    }
}

TEST_CASE_FIXTURE(VersionFixture, "what this program does not know is refused with what it does") {
    Parts parts = sound();
    parts.header["__metadata__"]["family"] = "memory_palace";
    std::string message = refusal(parts, ErrorKind::Unsupported);
    CHECK_MESSAGE(
        message.find("family is \"memory_palace\"; this program runs encoder_decoder") != std::string::npos,
        message);
    parts.header["__metadata__"]["family"] = "encoder_decoder";
    parts.header["__metadata__"]["content_version"] = "5";
    message = refusal(parts, ErrorKind::Unsupported);
    CHECK_MESSAGE(message.find("content_version is 5; this program reads 1 to 4") != std::string::npos,
                  message);
}
