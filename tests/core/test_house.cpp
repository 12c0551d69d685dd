// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the house that a program can check: sizes of files and functions, the ladder of folders, what
// headers may include, and that views know no family of models. Each violation is printed with file and line.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/core/file_fixture.h"

namespace fs = std::filesystem;

namespace {

constexpr int mostLines = 450, mostFunctionLines = 80;

/// Files that may be longer, each with the reason.
const std::map<std::string, std::string> longFiles{
    {"tests/core/test_gradients.cpp", "a table: every option of a model's specification, one row each"},
};

/// Functions that may be longer: "file: function", each with the reason. Tables of rows (tests, names ending
/// in "Rows") are allowed without being listed.
const std::map<std::string, std::string> longFunctions{
    {"core/tasks/english_chinese/noun_lexicon.cpp: nouns", "a table of words"},
    {"core/tasks/english_chinese/verb_lexicon.cpp: verbs", "a table of words"},
    {"core/tasks/english_chinese/showcase.cpp: showcaseTrees", "a table of sentence trees"},
    {"core/tasks/english_french/noun_lexicon.cpp: nouns", "a table of words"},
    {"core/train/preset.cpp: entries", "a table of presets"},
};

/// The ladder of CONTRIBUTING.md: a folder may include its own files and those of the rungs above it. Folders
/// on one rung may include each other. A file belongs to the longest prefix that matches.
const std::vector<std::vector<std::string>> ladder{
    {"core/base/"},
    {"core/autograd/"},
    {"core/nn/"},
    {"core/text/"},
    {"core/tasks/"},
    {"core/attention/"},
    {"core/recurrent/"},
    {"core/trace/"},
    {"core/model/"}, // with the families, which core/model joins in a variant
    {"core/run/"},
    {"core/measure/"},
    {"core/data/"},
    {"core/evaluate/"},
    {"core/io/"},
    {"core/train/"}, // its checkpoints are files
    {"ui/selection/"},
    {"ui/session/"},
    {"ui/present/"},
    {"ui/widgets/", "ui/views/", "ui/panels/"},
    {"ui/workspaces/"},
    {"ui/shell/"},
    {"app/"},
    {"tests/"},
};

/// Includes that go up the ladder all the same, "file: included", each with the reason.
const std::map<std::string, std::string> upwardIncludes{
    {"core/tasks/task.h: core/trace/gold_link.h",
     "plain data: the pair of positions that tasks, traces and measures share"},
    {"ui/present/attention_map.h: ui/widgets/cell_map_content.h",
     "plain data: what the map shows, no widget"},
    {"ui/session/open_models.h: ui/present/import_report.h", "plain data: the importer's questions"},
    {"ui/session/opener.h: ui/present/import_report.h", "plain data: the importer's questions"},
};

/// Headers that may include the named library: they are for .cpp files only, and say so.
const std::map<std::string, std::set<std::string>> heavyHeaders{
    {"core/autograd/eigen_map.h", {"Eigen"}},
    {"core/autograd/ops_common.h", {"Eigen"}},
    {"core/base/fields_json.h", {"nlohmann"}},
    {"core/io/stored_parts.h", {"nlohmann"}},
};

struct Source {
    std::string path;               ///< from the checkout's top
    std::string text;               ///< comments, strings and characters blanked, of the same length
    std::vector<std::string> lines; ///< as written
};

/// Blanks comments and the insides of literals; lines stay where they are.
std::string blanked(const std::string& text) {
    std::string out = text;
    const auto blank = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < std::min(to, out.size()); ++i)
            if (out[i] != '\n') out[i] = ' ';
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        if (text.compare(i, 2, "//") == 0) {
            end = std::min(text.find('\n', i), text.size());
            blank(i, end);
        } else if (text.compare(i, 2, "/*") == 0) {
            end = text.find("*/", i) + 2;
            blank(i, end);
        } else if (text.compare(i, 2, "R\"") == 0) {
            const std::size_t open = text.find('(', i);
            end = text.find(")" + text.substr(i + 2, open - i - 2) + "\"", open) + open - i;
            blank(i, end);
        } else if (text[i] == '"' ||
                   (text[i] == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]))))) {
            while (end < text.size() && text[end] != text[i]) end += text[end] == '\\' ? 2 : 1;
            blank(i + 1, end);
            ++end;
        } else if (text[i] == '#' && (i == 0 || text[i - 1] == '\n') && text.compare(i, 8, "#include") != 0) {
            end = i; // a directive with its continued lines
            do end = std::min(text.find('\n', end + 1), text.size());
            while (end < text.size() && text[end - 1] == '\\');
            blank(i, end);
        }
        i = end;
    }
    return out;
}

const std::vector<Source>& sources() {
    static const std::vector<Source> all = [] {
        std::vector<Source> found;
        const fs::path top = ATTENTOSCOPE_SOURCE;
        for (const char* folder : {"core", "ui", "app", "tests"})
            for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
                const std::string ending = entry.path().extension().string();
                if (!entry.is_regular_file() || (ending != ".cpp" && ending != ".h")) continue;
                Source source{fs::relative(entry.path(), top).generic_string(),
                              fixture::readAll(entry.path().string()),
                              {}};
                std::istringstream lines(source.text);
                for (std::string line; std::getline(lines, line);) source.lines.push_back(line);
                source.text = blanked(source.text);
                found.push_back(std::move(source));
            }
        std::sort(found.begin(), found.end(),
                  [](const Source& a, const Source& b) { return a.path < b.path; });
        return found;
    }();
    return all;
}

void violation(const Source& source, long line, const std::string& text) {
    FAIL_CHECK(source.path << ":" << line << ": " << text);
}

long lineOf(const std::string& text, std::size_t at) {
    return 1 + std::count(text.begin(), text.begin() + static_cast<long>(at), '\n');
}

/// The index of the brace that closes the one at `open`; the text's size if none does.
std::size_t closing(const std::string& text, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        if (text[i] == '{') ++depth;
        if (text[i] == '}' && --depth == 0) return i;
    }
    return text.size();
}

std::string trimmed(const std::string& text) {
    const std::size_t from = text.find_first_not_of(" \n\t"), to = text.find_last_not_of(" \n\t");
    return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

struct Function {
    std::string name;
    std::size_t begin = 0, end = 0; ///< of the signature and of the closing brace in the text
};

/// What a brace at the level of namespaces and classes opens, by the text in front of it.
enum class Opens { Scope, Body, Value };
Opens opens(const std::string& head) {
    static const std::regex scope(R"((^|\W)(namespace|class|struct|union|enum|extern)\b[^()=]*$)"),
        body(R"(\)\s*(const|noexcept|override|final|try|mutable|&|&&|->[^{}]*|requires[^{}]*)*\s*$)");
    if (std::regex_search(head, scope)) return Opens::Scope;
    // "X::X() : a{1}, b(2) {" ends with ')' or '}'; a member's own initialiser has its name in front.
    if (std::regex_search(head, body) || (!head.empty() && head.back() == '}')) return Opens::Body;
    return Opens::Value;
}

/// Definitions of functions, also in classes and namespaces, but not lambdas inside of functions.
std::vector<Function> functionsOf(const std::string& text) {
    std::vector<Function> found;
    std::string head;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '{') {
            const Opens what = opens(trimmed(head));
            if (what == Opens::Scope) {
                head.clear();
                continue;
            }
            const std::size_t end = closing(text, i);
            if (what == Opens::Value) { // an initialiser: the declaration goes on behind it
                head += "{}";
                i = end;
                continue;
            }
            const std::string signature = trimmed(head);
            static const std::regex name(R"(([~\w:]+(<[^()]*>)?|operator\S+)\s*\()");
            std::smatch match;
            found.push_back(
                {std::regex_search(signature, match, name) ? match[1].str() : signature, begin, end});
            i = end;
            head.clear();
        } else if (c == ';' || c == '}') {
            head.clear();
        } else {
            if (trimmed(head).empty() && !std::isspace(static_cast<unsigned char>(c))) begin = i;
            head += c;
        }
    }
    return found;
}

/// Where on the ladder a path stands; -1 if nowhere.
int rungOf(const std::string& path) {
    int rung = -1;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < ladder.size(); ++i)
        for (const std::string& folder : ladder[i])
            if (path.starts_with(folder) && folder.size() > longest) {
                rung = static_cast<int>(i);
                longest = folder.size();
            }
    return rung;
}

/// Calls f(line number, included path) for every #include.
template <typename F>
void eachInclude(const Source& source, F&& f) {
    static const std::regex include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        std::smatch match;
        if (std::regex_search(source.lines[i], match, include)) f(static_cast<long>(i + 1), match[1].str());
    }
}

} // namespace

TEST_CASE("the sources are found") {
    REQUIRE(sources().size() > 300);
}

TEST_CASE("functions are found with their names and lengths") {
    const std::string text = blanked(
        "namespace a {\nclass B {\n  B(int x) : m_x{x}, m_y(x) {\n    f();\n  }\n"
        "  int g() const {\n    const char c = '{'; /* { */\n    return \"{\"[0];\n  }\n"
        "  int m_x{}, m_y;\n};\nconst int t[] = {\n1,\n2};\n"
        "TEST_CASE(\"x\") {\n  auto l = [] {\n  };\n}\n} // namespace a\n");
    const std::vector<Function> found = functionsOf(text);
    REQUIRE(found.size() == 3);
    const std::pair<const char*, long> expected[] = {{"B", 3}, {"g", 4}, {"TEST_CASE", 4}};
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i].name == expected[i].first);
        CHECK(lineOf(text, found[i].end) - lineOf(text, found[i].begin) + 1 == expected[i].second);
    }
}

TEST_CASE("no file is too long") {
    for (const Source& source : sources()) {
        const auto lines = static_cast<int>(source.lines.size());
        const bool allowed = longFiles.contains(source.path);
        if (lines > mostLines && !allowed)
            violation(source, lines, std::to_string(lines) + " lines; at most " + std::to_string(mostLines));
        if (lines <= mostLines && allowed) violation(source, lines, "need not be in the list of long files");
    }
}

TEST_CASE("no function is too long") {
    for (const Source& source : sources())
        for (const Function& function : functionsOf(source.text)) {
            const long first = lineOf(source.text, function.begin),
                       lines = lineOf(source.text, function.end) - first + 1;
            const bool table = source.path.starts_with("tests/") && function.name.ends_with("Rows");
            if (lines > mostFunctionLines && !table &&
                !longFunctions.contains(source.path + ": " + function.name))
                violation(source, first,
                          function.name + " has " + std::to_string(lines) + " lines; at most " +
                              std::to_string(mostFunctionLines));
        }
}

TEST_CASE("views and what they draw know no family") {
    static const std::regex family(R"(EncoderDecoder|encoder_decoder|LanguageModel|language_model)");
    for (const Source& source : sources()) {
        if (!source.path.starts_with("ui/views/") && !source.path.starts_with("ui/present/")) continue;
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            std::smatch match;
            if (std::regex_search(source.lines[i], match, family))
                violation(source, static_cast<long>(i + 1), "mentions the family " + match.str());
        }
    }
}

TEST_CASE("core includes no Qt") {
    for (const Source& source : sources())
        if (source.path.starts_with("core/"))
            eachInclude(source, [&](long line, const std::string& path) {
                if (path.starts_with("Q") || path.starts_with("qcustomplot"))
                    violation(source, line, "core includes Qt's <" + path + ">");
            });
}

TEST_CASE("nothing includes what stands below it on the ladder") {
    for (const Source& source : sources()) {
        const int rung = rungOf(source.path);
        REQUIRE_MESSAGE(rung >= 0, source.path);
        eachInclude(source, [&](long line, const std::string& path) {
            const int other = rungOf(path);
            if (other > rung && !upwardIncludes.contains(source.path + ": " + path))
                violation(source, line, "includes " + path + ", which stands below it on the ladder");
            if (path.starts_with("ui/session/") && source.path.starts_with("ui/views/"))
                violation(source, line, "a view includes the session's " + path);
        });
    }
}

TEST_CASE("headers do not include Eigen, QCustomPlot or nlohmann's JSON") {
    for (const Source& source : sources()) {
        if (!source.path.ends_with(".h") || source.path.starts_with("tests/")) continue;
        eachInclude(source, [&](long line, const std::string& path) {
            for (const char* library : {"Eigen", "nlohmann", "qcustomplot"}) {
                const auto allowed = heavyHeaders.find(source.path);
                if (!path.starts_with(library) || path == "nlohmann/json_fwd.hpp") continue;
                if (allowed == heavyHeaders.end() || !allowed->second.contains(library))
                    violation(source, line, "a header includes <" + path + ">");
            }
        });
    }
}
