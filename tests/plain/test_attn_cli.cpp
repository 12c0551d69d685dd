// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a person or a script meets it: the program is started, and its exit code, output
// and messages are looked at. Numbers are compared with those PyTorch gave for the same weights.
#include <zlib.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "tests/plain/attn_program.h"

using namespace attn::tests;

namespace {

const std::string g_models = ATTENTOSCOPE_FIXTURES "/models/";
/// A copy of a peer's model with another attention in its spec.
std::string withAttention(const std::string& peer, const std::string& name, const json& attention) {
    const std::string whole = readFile(g_models + peer);
    std::uint64_t length = 0;
    std::memcpy(&length, whole.data(), sizeof length);
    json header = parsed(whole.substr(8, length), peer);
    json spec = parsed(header["__metadata__"]["spec"].get<std::string>(), peer);
    spec["attention"].update(attention);
    header["__metadata__"]["spec"] = spec.dump();
    const std::string text = header.dump();
    std::string bytes(8, '\0');
    const std::uint64_t written = text.size();
    std::memcpy(bytes.data(), &written, sizeof written);
    writeFile(inFolder(name), bytes + text + whole.substr(8 + length));
    return inFolder(name);
}

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

/// A dump of attention: what is told is printed, what is open is asked for with the option that answers it.
void testDump() {
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
void testRowsWithoutWeight() {
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
void testRunAgainstPeer() {
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

void testRunText() {
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

void testJsonFile() {
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
}

void testUsage() {
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

void testBadModels() {
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

void testOutputFaults() {
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

/// A training so small that it takes a moment.
std::vector<std::string> smallTraining(const std::string& output, const std::string& steps) {
    return {"train", "--task",           "reverse", "--output",
            output,  "--steps",          steps,     "--batch-words",
            "96",    "--embedding",      "8",       "--encoder-width",
            "8",     "--decoder-width",  "8",       "--attention-width",
            "8",     "--readout-width",  "8",       "--validation-pairs",
            "10",    "--validate-every", "20"};
}

void testTrain() {
    const std::string file = inFolder("reverse.safetensors");
    const Result trained = runProgram(smallTraining(file, "40"));
    check(trained.code == 0 && trained.out.starts_with(file),
          "train names its file: " + trained.out + trained.err);
    for (const char* part : {"step      20", "step      40", "validation"})
        check(holds(trained.err, part), std::string("train tells ") + part + ": " + trained.err);
    const std::string info = expectDone({"info", file}).out;
    check(info.starts_with("reverse\n") && holds(info, "Self-test passed"), "the trained model: " + info);
    expectDone(smallTraining(inFolder("again.safetensors"), "40"));
    std::vector<std::string> other = smallTraining(inFolder("other.safetensors"), "40");
    other.insert(other.end(), {"--seed", "2", "--name", "again"});
    expectDone(other);
    const std::string a = expectDone({"eval", file, "--count", "20"}).out;
    // All but the model's name in the first line, and its speed.
    const auto figures = [](const std::string& text) {
        const std::size_t first = text.find('\n'), speed = text.find("words per second");
        return text.substr(first, speed - first) + text.substr(text.find('\n', speed));
    };
    check(figures(a) == figures(expectDone({"eval", inFolder("again.safetensors"), "--count", "20"}).out),
          "the same recipe gives the same model");
    check(figures(a) != figures(expectDone({"eval", inFolder("other.safetensors"), "--count", "20"}).out),
          "another seed gives another model");

    // Stopped by Ctrl+C, the training says so and leaves a model that can be used.
    const std::string stopped = inFolder("stopped.safetensors");
    std::vector<std::string> endless = smallTraining(stopped, "1000000000");
    endless.insert(endless.end(), {"--patience", "1000000000"});
    const Result result = runProgram(
        endless, {.stdoutPath = "", .closedPipe = false, .interruptAt = "step      20", .terminal = false});
    check(result.code == 130 && holds(result.err, "Stopped"),
          "interrupted training: " + std::to_string(result.code) + result.err);
    expectDone({"info", stopped});

    expectDone({"info", inFolder("stopped.training")});
    expectRefused(4, {"eval", inFolder("stopped.training")}, {"training", ".safetensors"});

    // Patience is told as what it is, and no alignment or entropy of a model without attention.
    const std::string fixed = inFolder("fixed.safetensors");
    std::vector<std::string> hasty = smallTraining(fixed, "4000");
    hasty.insert(hasty.end(), {"--learning-rate", "0.5", "--patience", "1", "--attention", "none"});
    const std::string early = expectDone(hasty).out;
    check(holds(early, "stopped early") && holds(early, "1 validation without a better loss"), early);
    check(holds(expectDone({"info", inFolder("fixed.training")}).out, "stopped early"), "info tells of it");
    const json without = parsed(expectDone({"eval", fixed, "--count", "5", "--json", "-"}).out, "none");
    check(without["alignment_error_rate"].is_null() && without["attention_entropy"].is_null(),
          "no attention: " + without.dump());
    check(holds(result.err, "--resume " + inFolder("stopped.training")), "how to go on: " + result.err);
    expectRefused(2, {"train", "--resume", inFolder("stopped.training"), "--seed", "7"},
                  {"--seed", "7", "1"});
    expectRefused(4, {"train", "--resume", stopped}, {"stopped.training"});
    expectRefused(3, {"train", "--resume", inFolder("none.training")}, {"none.training"});

    // Files of pairs, one of two columns; the output layer and the embedding are one.
    std::string pairs;
    for (const char* line :
         {"the cat sleeps\tle chat dort", "the dog sleeps\tle chien dort", "a cat\tun chat"})
        for (int i = 0; i < 20; ++i) pairs += std::string(line) + " " + std::to_string(i) + "\n";
    writeFile(inFolder("train.tsv"), pairs);
    std::vector<std::string> onFiles = smallTraining(inFolder("files.safetensors"), "20");
    onFiles.erase(onFiles.begin() + 1, onFiles.begin() + 3);
    onFiles.insert(onFiles.end(), {"--pairs", inFolder("train.tsv"), "--lowercase", "--tied", "--threads",
                                   "2", "--probe", "the cat sleeps"});
    const std::string made = expectDone(onFiles).out;
    check(holds(made, "files.safetensors"), "train on files: " + made);
    onFiles.insert(onFiles.end(), {"--max-length", "3"});
    check(holds(runProgram(onFiles).err, "left out of training"), "what is left out is told");
    check(holds(readFile(inFolder("files.probes.jsonl")), "\"cat\""), "probes of a training on files");

    const std::vector<std::string> to{"train", "--output", inFolder("x.safetensors")};
    const auto with = [](std::vector<std::string> arguments, const std::vector<std::string>& more) {
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    expectRefused(2, with(to, {"--steps", "0", "--layer-dropout", "1.5"}), {"steps", "layer_dropout"});
    expectRefused(2, with(to, {"--task", "reverse", "--pairs", inFolder("train.tsv")}),
                  {"--task", "--pairs"});
    expectRefused(3, with(to, {"--pairs", inFolder("absent.tsv")}), {"absent.tsv"});
    expectRefused(2, with(to, {"--decay", "linear"}), {"linear", "cosine"});
    expectRefused(2, with(to, {"--threads", "0"}), {"threads", "1 to 256"});
    expectRefused(2, with(to, {"--attention", "{\"score\": \"dote\"}"}), {"dote"});
    expectRefused(2, {"train", "--steps", "20"}, {"--output"});
    expectRefused(2, with(to, {"--steps", "many"}), {"--steps", "many"});
    expectRefused(2, with(to, {"--task", "chess"}), {"chess", "en-fr"});
    expectRefused(2, with(to, {"--attention", "full"}), {"full", "bahdanau2015"});
    expectRefused(5, {"train", "--output", inFolder("no-folder/x.safetensors")}, {"no-folder"});
    expectRefused(2, smallTraining("", "20"), {"--output"});
    expectRefused(2, with(smallTraining(inFolder("x.safetensors"), "20"), {"--name", ""}),
                  {"name", "is empty"});
}

/// Figures of eval against the same sentences run one by one.
/// The translations that an evaluation wrote are those of single runs, and score as it says.
void checkTranslations(const std::string& model, const std::string& pairs,
                       const std::vector<std::string>& sources, const json& found) {
    const std::string output = inFolder("translations.txt"), references = inFolder("references.txt");
    expectDone({"eval", model, "--pairs", pairs, "--output", output});
    std::string expected, targets, line;
    for (const std::string& source : sources)
        expected +=
            parsed(expectDone({"run", model, source, "--json", "-"}).out, source)["text"].get<std::string>() +
            "\n";
    check(readFile(output) == expected, "translations: " + readFile(output) + "expected " + expected);
    for (std::istringstream text(readFile(pairs)); std::getline(text, line);)
        targets += line.substr(line.find('\t') + 1, line.rfind('\t') - line.find('\t') - 1) + "\n";
    writeFile(references, targets);
    const json score = parsed(expectDone({"score", output, references, "--json", "-"}).out, "score");
    for (const char* name : {"bleu", "chrf", "bleu_signature", "chrf_signature", "bleu_precisions"})
        check(score[name] == found[name], std::string(name) + ": " + score.dump() + found.dump());
}

/// Two files are read as one with tabs is; threads change nothing.
void testFilesOfPairs(const std::string& model, const std::vector<std::array<std::string, 2>>& sentences) {
    const std::string tabbed = inFolder("both.tsv"), source = inFolder("pairs.en"),
                      target = inFolder("pairs.fr");
    std::string sides[3];
    for (const auto& [from, to] : sentences) {
        sides[0] += from + "\n";
        sides[1] += to + "\n";
        sides[2] += from + "\t" + to + "\n";
    }
    writeFile(source, sides[0]);
    writeFile(target, sides[1]);
    writeFile(tabbed, sides[2]);
    json one = parsed(expectDone({"eval", model, "--pairs", tabbed, "--json", "-"}).out, "tabs");
    json two = parsed(
        expectDone({"eval", model, "--pairs", source, target, "--threads", "2", "--json", "-"}).out, "files");
    check(one["alignment_error_rate"].is_null(), "without gold links there is no error rate: " + one.dump());
    for (const char* name : {"data", "words_per_second", "threads"}) {
        one.erase(name);
        two.erase(name);
    }
    check(one == two, "two files: " + two.dump() + ", expected " + one.dump());
    writeFile(target, sides[1] + "une phrase de trop\n");
    expectRefused(3, {"eval", model, "--pairs", source, target}, {"pairs.en", "2", "3"});
}

void testScore() {
    const std::string made = inFolder("made.txt"), one = inFolder("one.txt"), other = inFolder("other.txt");
    writeFile(made, "a b c d e\n");
    writeFile(one, "a b c d e f\r\n");
    // By hand: all n-grams match; the brevity penalty is exp(1 - 6/5).
    const Result plain = expectDone({"score", made, one});
    check(holds(plain.out, "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:attn-") &&
              holds(plain.out,
                    " = 81.87 100.0/100.0/100.0/100.0 (BP = 0.819 ratio = 0.833 hyp_len = 5 "
                    "ref_len = 6)\n"),
          "BLEU: " + plain.out);
    check(holds(plain.out, "\nchrF2|nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:attn-"),
          "chrF: " + plain.out);
    writeFile(other, "A B C D E\n");
    const json found =
        parsed(expectDone({"score", made, one, other, "--lowercase", "--tokens", "char", "--json", "-"}).out,
               "score");
    check(std::abs(found["bleu"].get<double>() - 100) < 1e-9 &&
              holds(found["bleu_signature"].get<std::string>(), "nrefs:2|case:lc|eff:no|tok:char"),
          "two references in lower case: " + found.dump());
    const std::string packed = inFolder("one.txt.gz");
    const gzFile zipped = gzopen(packed.c_str(), "wb");
    gzputs(zipped, "a b c d e f\n");
    gzclose(zipped);
    check(expectDone({"score", made, packed}).out == plain.out,
          "a gzipped reference scores as its text does");
    writeFile(other, "a\nb\n");
    expectRefused(3, {"score", made, other}, {"made.txt", "other.txt", "1", "2"});
    expectRefused(3, {"score", made, inFolder("absent.txt")}, {"absent.txt"});
    writeFile(other, "\n");
    expectRefused(3, {"score", made, other}, {"sentence 1", "reference"});
    writeFile(other, "");
    expectRefused(3, {"score", made, other}, {"other.txt", "empty"});
    expectRefused(2, {"score", made}, {"REFERENCES"});
    expectRefused(2, {"score", "-", "-"}, {"standard input"});
    expectRefused(2, {"score", made, one, "--tokens", "14a"}, {"--tokens", "13a", "zh"});
    expectRefused(2, {"score", made, one, "--smoothing", "much"}, {"--smoothing", "add-k"});
}

void testEval() {
    const std::string model = g_models + "torch_gru_additive.safetensors", pairs = inFolder("pairs.tsv");
    const std::vector<std::array<std::string, 2>> sentences{
        {"the small cat sees a bird", "le petit chat voit un oiseau"},
        {"the dog sleeps", "le chien dort ici"}};
    std::string text, links;
    double logProb = 0;
    int words = 0;
    for (const auto& [source, target] : sentences) {
        const json run =
            parsed(expectDone({"run", model, source, "--target", target, "--json", "-"}).out, source);
        links = expectDone({"run", model, source, "--target", target, "--pharaoh"}).out;
        logProb += run["log_prob"].get<double>();
        words += static_cast<int>(run["target"].size());
        text += source + "\t" + target + "\t" + links; // the model's own links as gold: no error
    }
    writeFile(pairs, text + "\nthe dog sleeps\tle chien xylophone\r\n");
    const std::vector<std::string> arguments{"eval", model, "--pairs", pairs, "--json", "-"};
    json found = parsed(expectDone(arguments).out, shown(arguments));
    check(found["sentences"] == 3 && found["unknown_words"] == 1, "counts: " + found.dump());
    check(found["alignment_error_rate"] == 0.0,
          "links of the model's own are without error: " + found.dump());
    writeFile(pairs, text);
    found = parsed(expectDone(arguments).out, shown(arguments));
    check(found["words"] == words, "words with their end symbols: " + found.dump());
    check(std::abs(found["loss"].get<double>() + logProb / words) < 1e-5,
          "loss " + found.dump() + ", expected " + std::to_string(-logProb / words));
    check(std::abs(found["perplexity"].get<double>() - std::exp(-logProb / words)) < 1e-4,
          "perplexity " + found.dump());
    check(found["attention_entropy"].get<double>() > 0 && found["words_per_second"].get<double>() > 0,
          "entropy and speed: " + found.dump());
    const std::string before = readFile(model);
    const json half = parsed(
        expectDone({"eval", model, "--pairs", pairs, "--weights", "16", "--json", "-"}).out, "16 bits");
    const double difference = std::abs(half["loss"].get<double>() - found["loss"].get<double>());
    check(difference > 0 && difference < 0.02 * found["loss"].get<double>() && half["weights_bits"] == 16,
          "weights of 16 bits: " + half.dump() + found.dump());
    check(readFile(model) == before, "the model's file is not written to");
    expectRefused(2, {"eval", model, "--pairs", pairs, "--weights", "8"}, {"--weights", "8"});
    expectDone({"run", model, sentences[0][0], "--weights", "16"});
    checkTranslations(model, pairs, {sentences[0][0], sentences[1][0]}, found);
    testFilesOfPairs(model, sentences);

    const struct {
        const char *text, *message;
    } malformed[] = {{"no tab\n", "line 1"},
                     {"the dog\tle chien\n\nthe dog\t\n", "line 3"},
                     {"the dog\tle chien\t0-9\n", "0-9"},
                     {"the dog\tle chien\t0:1\n", "0:1"},
                     {"a\tb\t0-0\td\n", "line 1"},
                     {"\n\n", "no sentence pairs"}};
    for (const auto& [content, message] : malformed) {
        writeFile(pairs, content);
        expectRefused(3, {"eval", model, "--pairs", pairs}, {"pairs.tsv", message});
    }
    // A pair that the model cannot run is named by file and line: this one knows 8 positions.
    const std::string located = withAttention("torch_lstm_general_feed.safetensors", "located.safetensors",
                                              {{"score", "location"}, {"max_positions", 8}});
    writeFile(pairs, "the dog\tle chien\n\nthe dog the dog the dog the dog the dog\tle chien\n");
    expectRefused(6, {"eval", located, "--pairs", pairs}, {"pairs.tsv, line 3: ", "8"});
    // Ctrl+C is answered the same way between two sentences and within one.
    std::string many, longest = "the";
    for (int i = 0; i < 500; ++i) many += "dog\tchien\n";
    for (int i = 0; i < 5000; ++i) longest += " cat";
    writeFile(pairs, many + longest + "\tle chien\n");
    if (hasTerminals()) {
        const Result stopped = runProgram(
            {"eval", model, "--pairs", pairs},
            {.stdoutPath = "", .closedPipe = false, .interruptAt = "500 sentences", .terminal = true});
        check(stopped.code == 130 && stopped.out.empty() && holds(stopped.err, "after 500 of 501 sentences"),
              "interrupted evaluation: " + std::to_string(stopped.code) + stopped.err);
    } else {
        std::puts("skipped: an evaluation interrupted at a terminal, as this system gives out none");
    }
    expectRefused(3, {"eval", model, "--pairs", inFolder("absent.tsv")}, {"absent.tsv"});
    expectRefused(2, {"eval", model}, {"--task", "--pairs"});
    expectRefused(2, {"eval", model, "--task", "chess"}, {"chess", "en-fr"});
    expectRefused(2, {"eval", model, "--task", "dates"}, {"dates"});
    expectRefused(2, {"eval", model, "--task", "en-fr", "--pairs", pairs}, {"--pairs"});
    expectRefused(2, {"eval", model, "--pairs", pairs, "--tokens", "14a"}, {"--tokens", "13a"});
    expectRefused(2, {"eval", model, "--pairs", pairs, "--threads", "0"}, {"--threads"});
}

} // namespace

int main() {
    return runTests({testRunAgainstPeer, testRunText, testDump, testRowsWithoutWeight, testJsonFile,
                     testUsage, testBadModels, testOutputFaults, testTrain, testEval, testScore});
}
