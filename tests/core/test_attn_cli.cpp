// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a person or a script meets it: the program is started, and its exit code, output
// and messages are looked at. Numbers are compared with those PyTorch gave for the same weights.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <tuple>

#include "tests/core/attn_program.h"

using namespace attn::tests;

namespace {

std::vector<std::string> runArguments(const std::string& model, const json& expected) {
    std::vector<std::string> arguments{"run", model, expected["source"].get<std::string>()};
    if (expected["target"].is_string()) {
        arguments.push_back("--target");
        arguments.push_back(expected["target"].get<std::string>());
    } else {
        arguments.push_back("--max-steps");
        arguments.push_back(std::to_string(expected["max_steps"].get<int>()));
    }
    return arguments;
}

/// A dump of attention: what it states is printed; for what it leaves open, the option is named.
TEST_CASE("dump") {
    const std::string dump = inFolder("out.txt"), source = inFolder("src.txt"), gold = inFolder("gold.txt");
    writeFile(dump, "le chat ||| 0.75,0.25,0 0.125,0.75,0.125 0,0,1\nil ||| 0.5,0.5 0,1\n");
    writeFile(source, "the cat\nhe\n");
    writeFile(gold, "0-0 1p1\n0-0\n");
    const std::string shown = expectDone({"dump", dump, "--source", source, "--gold", gold}).out;
    for (const char* part :
         {"Rows are target words: ", "last column is the source's end symbol", "Sentence 1 of 2",
          "the  cat  </s>", "12   75    12", "precision 1.000, recall 1.000, alignment error rate 0.000"})
        check(holds(shown, part), std::string("attn dump does not say \"") + part + "\":\n" + shown);
    check(expectDone({"dump", dump, "--source", source, "--pharaoh"}).out == "0-0 1-1\n0-0\n",
          "dump --pharaoh");
    check(holds(expectDone({"dump", dump, "--list"}).out, "2  2: il"), "dump --list");
    const std::string lines =
        expectDone({"dump", dump, "--source", source, "--sentence", "2", "--json", "-"}).out;
    const json run = parsed(lines, "dump --json");
    check(run["weights"] == json::parse("[[[0.5, 0.5], [0, 1]]]"), "weights of dump --json: " + lines);
    check(run["log_probs"].is_null() && run["scores"].is_null() && run["attention"].is_null() &&
              !run.contains("gold"),
          "a dump's JSON says what it does not know: " + lines);
    check(run["source_word"] == json::parse("[0, null]") && run["target_word"] == json::parse("[0, null]"),
          "words of dump --json: " + lines);
    // It is a dump itself, and the same.
    writeFile(inFolder("again.json"), lines);
    check(expectDone({"dump", inFolder("again.json"), "--json", "-"})
                  .out.find("\"weights\":[[[0.5,0.5],[0.0,1.0]]]") != std::string::npos,
          "JSON of a dump, read again");

    expectRefused(2, {"dump", dump, "--source", source, "--rows", "source", "--end-symbol", "no"},
                  {"end symbol"});
    expectRefused(2, {"dump", dump, "--sentence", "3"}, {"no sentence 3", "holds 2"});
    expectRefused(2, {"dump", dump, "--rows", "columns"}, {"target", "source"});
    expectRefused(3, {"dump", inFolder("absent.txt")}, {"absent.txt", "cannot be read"});
    expectRefused(2, {"dump", g_models + "torch_gru_additive.safetensors"}, {"--format NAME", "marian"});
    writeFile(dump, "1-1 2-2\n");
    expectRefused(2, {"dump", dump}, {"0 or 1", "--base 0 or --base 1"});
    expectDone({"dump", dump, "--base", "1"});
    writeFile(dump, "le ||| 0.5,x\n");
    expectRefused(3, {"dump", dump, "--format", "marian"}, {"line 1, row 1, column 2"});
}

/// A target word that no source word was weighed for has no link.
TEST_CASE("rows without weight") {
    // The window of radius 0 leaves step t position t alone, and none past the source's end.
    const std::string model =
        withAttention("torch_gru_additive.safetensors", "diagonal.safetensors", {{"scope", "window"}});
    const std::vector<std::string> forced{"run", model, "the dog", "--target", "le chien dort ici"};
    std::vector<std::string> links = forced, numbers = forced;
    links.push_back("--pharaoh");
    numbers.insert(numbers.end(), {"--json", "-"});
    const json run = parsed(expectDone(numbers).out, shown(numbers));
    for (const json& weight : run["weights"][0][3])
        check(weight == 0.0, "past the source's end no weight is left: " + run["weights"].dump());
    check(expectDone(links).out == "0-0 1-1\n",
          "words without weight have no link: " + expectDone(links).out);
    // Gold links are the diagonal: nothing was missed and nothing was made up.
    writeFile(inFolder("diagonal.tsv"), "the dog\tle chien dort ici\t0-0 1-1\n");
    const json figures =
        parsed(expectDone({"eval", model, "--pairs", inFolder("diagonal.tsv"), "--json", "-"}).out, "eval");
    check(figures["alignment_error_rate"] == 0.0, "the diagonal is without error: " + figures.dump());
}

/// Every run of every peer model: words, log-probabilities and weights are PyTorch's.
TEST_CASE("run against peer") {
    for (const auto& entry : fs::directory_iterator(g_models)) {
        if (entry.path().extension() != ".json") continue;
        const json peer = parsed(readFile(entry.path().string()), entry.path().string());
        const std::string model = g_models + peer["model"].get<std::string>() + ".safetensors";
        for (const json& expected : peer["runs"]) {
            std::vector<std::string> arguments = runArguments(model, expected);
            arguments.insert(arguments.end(), {"--json", "-"});
            const std::string what = shown(arguments);
            const json found = parsed(expectDone(arguments).out, what);
            if (!found.is_object()) continue;
            const json& steps = expected["steps"];
            const std::size_t T = steps.size(), S = expected["ids"].size(), H = found["weights"].size();
            check(found["source"].size() == S && found["source_known"].size() == S &&
                      found["source_word"].size() == S,
                  what + ": source");
            check(found["target"].size() == T && found["target_word"].size() == T &&
                      found["log_probs"].size() == T && found["entropy"].size() == T,
                  what + ": lengths of target, log_probs and entropy, expected " + std::to_string(T));
            check(found["forced"] == expected["target"].is_string(), what + ": forced");
            check(H == steps[0]["weights"].size() && found["scores"].size() == H, what + ": heads");
            double worst = 0;
            for (std::size_t t = 0; t < T && t < found["log_probs"].size(); ++t) {
                const std::size_t word = steps[t]["word"].get<std::size_t>();
                worst = std::max(worst, std::abs(found["log_probs"][t].get<double>() -
                                                 steps[t]["log_probs"][word].get<double>()));
                for (std::size_t h = 0; h < H; ++h) {
                    check(found["weights"][h].size() == T && found["weights"][h][t].size() == S &&
                              found["scores"][h][t].size() == S,
                          what + ": shape of weights and scores");
                    for (std::size_t j = 0; j < S; ++j)
                        worst = std::max(worst, std::abs(found["weights"][h][t][j].get<double>() -
                                                         steps[t]["weights"][h][j].get<double>()));
                }
            }
            check(worst < 1e-4, what + ": off from PyTorch by " + std::to_string(worst));
        }
    }
}

TEST_CASE("run text") {
    const std::string model = g_models + "torch_four_heads.safetensors";
    const std::vector<std::string> forced{"run", model, "the dog sleeps", "--target", "le chien dort ici"};
    const std::string text = expectDone(forced).out;
    check(text.starts_with("le chien dort ici\n"), "run prints the target first: " + text);
    for (const char* word : {"the", "dog", "sleeps", "mean of 4 heads"})
        check(holds(text, word), std::string("the alignment names \"") + word + "\": " + text);

    // Each link is the heaviest source word of a row of the JSON; the mean of the heads by default.
    for (const int head : {-1, 2}) {
        std::vector<std::string> arguments = forced, links = forced;
        arguments.insert(arguments.end(), {"--json", "-"});
        links.push_back("--pharaoh");
        if (head >= 0) links.insert(links.end(), {"--head", std::to_string(head)});
        const json run = parsed(expectDone(arguments).out, shown(arguments));
        std::string expected;
        for (std::size_t t = 0; t < 4; ++t) {
            std::size_t heaviest = 0;
            std::vector<double> row(run["source"].size());
            for (std::size_t j = 0; j < row.size(); ++j) {
                for (std::size_t h = 0; h < 4; ++h)
                    if (head < 0 || h == static_cast<std::size_t>(head))
                        row[j] += run["weights"][h][t][j].get<double>();
                if (row[j] > row[heaviest]) heaviest = j;
            }
            if (heaviest < 3) // the fourth position is the end symbol
                expected +=
                    (expected.empty() ? "" : " ") + std::to_string(heaviest) + "-" + std::to_string(t);
        }
        const std::string found = expectDone(links).out;
        check(found == expected + "\n", shown(links) + ": " + found + "expected " + expected);
    }

    // A table that would be too wide becomes a list, with every target word.
    setenv("COLUMNS", "20", 1);
    const std::string narrow = expectDone(forced).out;
    unsetenv("COLUMNS");
    check(holds(narrow, "Heaviest source words") && holds(narrow, "chien"),
          "the narrow alignment: " + narrow);

    const Result unknown = runProgram({"run", model, "the xylophone sleeps", "--max-steps", "2"});
    check(unknown.code == 0 && holds(unknown.err, "xylophone"), "an unknown word is named on standard error");
    check(holds(unknown.err, "--max-steps"),
          "an unfinished sentence is told on standard error: " + unknown.err);
}

TEST_CASE("json file") {
    const std::string model = g_models + "torch_lstm_general_feed.safetensors", file = inFolder("run.json");
    const std::vector<std::string> arguments{"run", model, "the cat sleeps", "--json", file, "--states"};
    const std::string text = expectDone(arguments).out;
    check(holds(text, "cat"), "with --json FILE the alignment is printed too");
    const json run = parsed(readFile(file), file);
    const std::size_t S = run["source"].size(), T = run["target"].size();
    check(run["encoder_states"].size() == S, "a state for each source position");
    check(!run["decoder_states"].empty(), "decoder states by layer");
    for (const json& layer : run["decoder_states"]) check(layer.size() == T, "a decoder state for each step");
    check(run["attention"]["score"] == "general", "the attention mechanism is in the JSON");
    double sum = 0;
    for (const json& value : run["log_probs"]) sum += value.get<double>();
    check(std::abs(sum - run["log_prob"].get<double>()) < 1e-4, "log_prob is the sum of log_probs");

    const json &axes = run["axes"], &sites = run["sites"];
    REQUIRE((axes.size() == 2 && sites.size() == 1));
    check(axes[0]["kind"] == "source" && axes[1]["kind"] == "target", "source and target are the axes");
    for (const auto& [axis, tokens, roles] :
         {std::tuple{axes[0], run["source"], "source"}, std::tuple{axes[1], run["target"], "target"}}) {
        check(axis["read"] == false, std::string(roles) + " holds the tokens chosen, not those read");
        REQUIRE(axis["positions"].size() == tokens.size());
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            check(axis["positions"][i]["text"] == tokens[i], std::string(roles) + ": texts of positions");
            const bool end = tokens[i] == "</s>";
            check((axis["positions"][i]["role"] == "end") == end, std::string(roles) + ": the end's role");
        }
    }
    check(sites[0]["kind"] == "cross" && sites[0]["query_axis"] == 1 && sites[0]["key_axis"] == 0,
          "the cross attention goes from target to source");
    check(sites[0]["heads"] == 1 && sites[0]["rule"] == run["attention"], "its rule is the attention");
}

TEST_CASE("a dump's JSON has nulls for what it does not hold") {
    const std::string dump = inFolder("attention.nbest");
    std::ofstream(dump) << "x y ||| 0.25,0.75 0.5,0.5 0,1\n";
    std::ofstream(inFolder("attention.source")) << "a\n";
    const json run = parsed(
        expectDone({"dump", dump, "--source", inFolder("attention.source"), "--json", "-"}).out, "dump");
    for (const char* unknown : {"log_probs", "log_prob", "entropy", "attention", "scores"})
        check(run.contains(unknown) && run[unknown].is_null(), std::string(unknown) + " of a dump is null");
    check(run["weights"] == json::parse("[[[0.25, 0.75], [0.5, 0.5], [0, 1]]]"), "the weights of a dump");
    check(run["sites"][0]["rule"].is_null(), "the site of a dump has no rule");
}

TEST_CASE("trace as text") {
    const std::string model = g_models + "torch_four_heads.safetensors";
    const std::string text = expectDone({"run", model, "the dog", "--trace"}).out;
    for (const char* part :
         {"trace \"", "axis 0 source: \"the\" ", "site 0 cross: axis 1 to axis 0, 4 heads, ",
          "\n    head 3 weights ", "\npass 0 reads ", "\nstep 1 after 0 ", "\nleaf "})
        check(holds(text, part), std::string(part) + " is in the text: " + text);
    check(holds(expectDone({"run", "--help"}).out, "--trace"), "the help names --trace");
    expectRefused(2, {"run", model, "the dog", "--trace", "--json", "-"}, {"--trace", "--json"});
    expectRefused(2, {"run", model, "the dog", "--trace", "--pharaoh"}, {"--trace", "--pharaoh"});
}

TEST_CASE("usage") {
    expectRefused(2, {}, {"--help"});
    expectRefused(2, {}, {"models", "bench"});
    expectRefused(2, {"rnu", "x"}, {"rnu", "Did you mean run?"});
    expectRefused(2, {"bench"}, {"decode", "machine"});
    expectRefused(2, {"bench", "decod"}, {"decod", "Did you mean decode?"});
    expectRefused(2, {"run"}, {"MODEL"});
    expectRefused(2, {"run", "model"}, {"SENTENCE"});
    const std::string model = g_models + "torch_four_heads.safetensors";
    expectRefused(2, {"run", model, "the", "dog"}, {"dog", "in quotes", "attn run --help"});
    expectRefused(2, {"run", model, "the dog", "--colour"}, {"--colour"});
    expectRefused(2, {"run", model, "the dog", "--max-steps", "0"}, {"--max-steps"});
    expectRefused(2, {"run", model, "the dog", "--head", "left"}, {"--head", "left"});
    expectRefused(2, {"run", model, "the dog", "--head", "4"}, {"head 4", "4"});
    expectRefused(2, {"run", model, "the dog", "--states"}, {"--json"});
    expectRefused(2, {"run", model, "the dog", "--pharaoh", "--json", "-"}, {"--pharaoh", "--json"});
    expectRefused(2, {"run", model, "   "}, {});
    for (const char* nothing : {"", " "}) {
        expectRefused(2, {"run", model, "the dog", "--target", nothing}, {"--target"});
        const std::string message = runProgram({"run", model, "the dog", "--target", nothing}).err;
        check(!holds(message, "greedy"), "advice that the command line has an option for: " + message);
    }
    expectRefused(2, {"run", model, "the dog", "--target", "le chien", "--max-steps", "3"},
                  {"--max-steps", "--target"});
    // Nothing is written before all that was asked is known to be there.
    expectRefused(2, {"run", model, "the dog", "--head", "9", "--json", inFolder("headless.json")},
                  {"head 9"});
    check(!fs::exists(inFolder("headless.json")), "a refused head left a file behind");
    for (const char* command : {"models", "info", "run", "train", "eval"}) {
        const Result help = expectDone({command, "--help"});
        check(help.err.empty() && holds(help.out, "Usage"), std::string("help of ") + command);
    }
    const Result all = expectDone({"--help"});
    check(holds(all.out, "Examples") && holds(all.out, "Exit codes"), "--help has examples and exit codes");
    check(holds(expectDone({"run", "--help"}).out, "[H][T][S]"), "run --help tells the shapes of the JSON");
    check(expectDone({"--version"}).out == "attn " ATTENTOSCOPE_VERSION "\n", "--version");
}

TEST_CASE("bad models") {
    expectRefused(3, {"info", "no-such-model"}, {"no-such-model"});
    expectRefused(3, {"run", inFolder("absent.safetensors"), "x"}, {"absent.safetensors"});
    expectRefused(3, {"run", g_folder.string(), "x"}, {g_folder.string()});
    const std::string whole = readFile(g_models + "torch_gru_additive.safetensors");
    writeFile(inFolder("empty.safetensors"), "");
    writeFile(inFolder("text.safetensors"), "This is no model, but a sentence of some length.");
    writeFile(inFolder("cut.safetensors"), whole.substr(0, whole.size() - 100));
    for (const char* name : {"empty.safetensors", "text.safetensors", "cut.safetensors"})
        expectRefused(3, {"info", inFolder(name)}, {name});
    // A version from the future is well-formed, but not ours to read.
    std::string future = whole;
    if (const auto at = future.find("\"1\"", future.find("\"content_version\"")); at != std::string::npos) {
        future[at + 1] = '9';
        writeFile(inFolder("future.safetensors"), future);
        expectRefused(4, {"info", inFolder("future.safetensors")}, {"future.safetensors", "9"});
    } else {
        check(false, "the fixture's content version was not found");
    }

    // Bundled models are those of $ATTENTOSCOPE_MODELS; a slip of the pen finds the nearest.
    fs::create_directory(g_folder / "models");
    fs::copy_file(g_models + "torch_gru_additive.safetensors", g_folder / "models" / "tiny-gru.safetensors");
    setenv("ATTENTOSCOPE_MODELS", inFolder("models").c_str(), 1);
    const std::string list = expectDone({"models"}).out;
    check(holds(list, "tiny-gru") && holds(list, "Bahdanau 2015"),
          "models lists name and description: " + list);
    expectRefused(3, {"info", "tiny-gur"}, {"tiny-gur", "Did you mean tiny-gru?"});
    // One file that is no model does not hide the others.
    writeFile(inFolder("models/junk.safetensors"), "no model at all");
    const Result some = runProgram({"models"});
    check(some.code == 0 && holds(some.out, "tiny-gru") && !holds(some.out, "junk"),
          "models beside a junk file: " + std::to_string(some.code) + some.out);
    check(holds(some.err, "junk: ") && holds(some.err, "not a safetensors file"),
          "the junk file is named with its fault: " + some.err);
    fs::remove(g_folder / "models" / "junk.safetensors");
    const std::string info = expectDone({"info", "tiny-gru"}).out;
    for (const char* part : {"additive", "attention.score", "W_query", "7 x 8"})
        check(holds(info, part), std::string("info tells ") + part + ": " + info);
    unsetenv("ATTENTOSCOPE_MODELS");
}

TEST_CASE("output faults") {
    const std::string model = g_models + "torch_four_heads.safetensors";
    expectRefused(5, {"run", model, "the dog", "--json", inFolder("no-folder/run.json")}, {"no-folder"});
    expectRefused(5, {"run", model, "the dog", "--json", "/dev/full"}, {"/dev/full"});
    for (const Setting& setting :
         {Setting{.stdoutPath = "/dev/full", .closedPipe = false, .interruptAt = "", .terminal = false},
          Setting{.stdoutPath = "", .closedPipe = true, .interruptAt = "", .terminal = false}})
        for (const std::vector<std::string>& arguments :
             {std::vector<std::string>{"run", model, "the dog"}, {"info", model}, {"--help"}}) {
            const Result result = runProgram(arguments, setting);
            check(result.code == 5 && holds(result.err, "standard output"),
                  shown(arguments) + ": output that fails: exit code " + std::to_string(result.code) + " " +
                      result.err);
        }
}

} // namespace
