// SPDX-License-Identifier: GPL-3.0-or-later
// FORMAT.md names every field, parameter and limit of model files; its example writes one.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <regex>
#include <set>
#include <sstream>

#include "core/base/fields_json.h"
#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/core/file_fixture.h"

using namespace attn;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

const std::string fixtures = ATTENTOSCOPE_FIXTURES "/models/";
const std::string formatPage = ATTENTOSCOPE_SOURCE "/core/io/FORMAT.md";

/// A regular expression that matches this text alone.
std::string escaped(const std::string& text) {
    return std::regex_replace(text, std::regex("[.*+?^${}()|\\[\\]\\\\]"), "\\$&");
}

/// "1000000" as "1,000,000".
std::string grouped(std::string digits) {
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

/// Whether the pattern matches at the start of a line.
bool anyLineMatches(const std::string& text, const std::regex& pattern) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (std::regex_search(line, pattern, std::regex_constants::match_continuous)) return true;
    return false;
}

} // namespace

struct FormatPageFixture {
    fixture::TemporaryFolder m_folder;
    std::string path(const char* name = "model.safetensors") const { return m_folder.filePath(name); }
};

TEST_CASE_FIXTURE(FormatPageFixture, "the example of the format page writes a model") {
    const std::string page = fixture::readAll(formatPage);
    const std::string script = fixture::readAll(ATTENTOSCOPE_FIXTURES "/write_model.py");
    const auto begin = page.find("```python\n") + 10;
    const std::string block = page.substr(begin, page.find("```\n", begin) - begin);
    REQUIRE(block == script.substr(script.find('\n') + 1)); // all but the licence line
    REQUIRE(std::count(block.begin(), block.end(), '\n') < 60);

    const ModelPtr model = openModel(fixtures + "numpy.safetensors");
    REQUIRE(model->name() == "numpy");
    Recipe recipe;
    recipe.source = model->card().examples.front();
    REQUIRE(!run(*model, recipe)->steps.empty());

    if (fixture::runProgram({"/usr/bin/python3", "-c", "import numpy"}).code != 0) {
        std::puts("skipped: no python3 with numpy to run the example");
        return;
    }
    fixture::writeAll(path("example.py"), block);
    const auto written = fixture::runProgram({"/usr/bin/python3", path("example.py"), path()});
    REQUIRE_MESSAGE(written.code == 0, written.output);
    REQUIRE(fixture::readAll(path()) == fixture::readAll(fixtures + "numpy.safetensors"));
}

TEST_CASE_FIXTURE(FormatPageFixture, "the format page names every field and parameter") {
    const std::string page = fixture::readAll(formatPage);
    const auto named = [&](const std::string& word) {
        return page.find("`" + word + "`") != std::string::npos ||
               page.find("\"" + word + "\"") != std::string::npos ||
               page.find("." + word + "`") != std::string::npos;
    };
    const std::function<void(const ordered_json&)> fields = [&](const ordered_json& object) {
        for (const auto& [key, value] : object.items()) {
            REQUIRE_MESSAGE(named(key), key);
            if (value.is_object()) fields(value);
        }
    };
    fields(toJson(EncoderDecoderSpec{}));
    fields(toJson(LanguageModelSpec{}));
    fields(toJson(ModelCard{}));
    fields(toJson(SelfTest{}));
    const auto values = [&]<typename E>(E) {
        for (const auto& [value, name] : EnumNames<E>::names)
            REQUIRE_MESSAGE(named(std::string(name)), std::string(name));
    };
    values(CellKind{}), values(LstmnQuery{}), values(Activation{}), values(BridgeKind{}), values(AttentionOrder{});
    values(ReadoutKind{}), values(ReadoutActivation{}), values(Score{}), values(Scope{}), values(StateSplit{});
    values(Normaliser{}), values(Gate{}), values(TokeniserKind{});

    std::set<std::string> parameters;
    const auto collect = [&](const EncoderDecoderSpec& spec) {
        for (const ParameterShape& shape : spec.schema())
            parameters.insert(shape.name.substr(shape.name.rfind('.') + 1));
    };
    EncoderDecoderSpec spec;
    spec.bridge = BridgeKind::Mean;
    spec.decoder.cell.kind = CellKind::Lstm;
    spec.attention->coverage = spec.attention->relevance = true;
    spec.attention->scope = Scope::LocalP;
    spec.attention->gate = Gate::Scalar;
    spec.attention->heads = 1;
    for (const auto& [score, scoreName] : EnumNames<Score>::names)
        for (const auto& [readout, readoutName] : EnumNames<ReadoutKind>::names) {
            spec.attention->score = score;
            spec.readout.kind = readout;
            collect(spec);
        }
    LanguageModelSpec text;
    text.rnn.layers = 1;
    text.attention.emplace();
    for (const ParameterShape& shape : text.schema())
        parameters.insert(shape.name.substr(shape.name.rfind('.') + 1));
    REQUIRE(parameters.size() > 30);
    for (const std::string& name : parameters) REQUIRE_MESSAGE(named(name), name);
}

TEST_CASE_FIXTURE(FormatPageFixture, "the format page names every limit") {
    const std::string page = fixture::readAll(formatPage);
    int limits = 0;
    const std::function<void(const ordered_json&, const std::string&)> look = [&](const ordered_json& object,
                                                                                  const std::string& where) {
        for (const auto& [key, value] : object.items()) {
            if (value.is_object()) look(value, where + key + ".");
            // Those three are other widths of the spec over again.
            if (!value.is_number_integer() || key == "query_width" || key == "key_width" ||
                key == "value_width")
                continue;
            fixture::Parts parts(fixture::soundModel());
            fixture::edit(parts, "spec", [&](ordered_json& spec) {
                std::string pointer = "/" + where + key;
                std::replace(pointer.begin(), pointer.end(), '.', '/');
                const ordered_json::json_pointer at(pointer);
                spec[at] = 1'000'000'000;
            });
            fixture::writeAll(path(), parts.bytes());
            try {
                openModel(path());
                FAIL((where + key));
            } catch (const Error& error) {
                const std::string name = escaped(where + key), message = error.what();
                std::smatch found;
                REQUIRE_MESSAGE(std::regex_search(message, found,
                                                  std::regex("spec\\." + name +
                                                             ": is 1000000000; at most (\\d+) can be read")),
                                message);
                const std::string limit = grouped(found[1]);
                const std::regex line("\\|[^\\n]*`" + name + "`[^\\n]*\\| " + limit + " \\|");
                REQUIRE_MESSAGE(anyLineMatches(page, line), (where + key + " " + limit));
                ++limits;
            }
        }
    };
    look(toJson(EncoderDecoderSpec{}), "");
    REQUIRE(limits == 27);
}
