// SPDX-License-Identifier: GPL-3.0-or-later
// attn train: what it writes, that it is repeatable, interruptions, options that contradict each other.
#include "tests/core/attn_program.h"

using namespace attn::tests;

namespace {

/// A training run so small that it takes a moment.
std::vector<std::string> smallTraining(const std::string& output, const std::string& steps) {
    return {"train", "--task",           "reverse", "--output",
            output,  "--steps",          steps,     "--batch-words",
            "96",    "--embedding",      "8",       "--encoder-width",
            "8",     "--decoder-width",  "8",       "--attention-width",
            "8",     "--readout-width",  "8",       "--validation-pairs",
            "10",    "--validate-every", "20"};
}

TEST_CASE("train") {
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
}

TEST_CASE("a training run stopped by Ctrl+C says so, leaves a model and can be resumed") {
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

    check(holds(result.err, "--resume " + inFolder("stopped.training")), "how to go on: " + result.err);
    expectRefused(2, {"train", "--resume", inFolder("stopped.training"), "--seed", "7"},
                  {"--seed", "7", "1"});
    expectRefused(4, {"train", "--resume", stopped}, {"stopped.training"});
    expectRefused(3, {"train", "--resume", inFolder("none.training")}, {"none.training"});
}

TEST_CASE("train reports patience, and no alignment or entropy of a model without attention") {
    const std::string fixed = inFolder("fixed.safetensors");
    std::vector<std::string> hasty = smallTraining(fixed, "4000");
    hasty.insert(hasty.end(), {"--learning-rate", "0.5", "--patience", "1", "--attention", "none"});
    const std::string early = expectDone(hasty).out;
    check(holds(early, "stopped early") && holds(early, "1 validation without a better loss"), early);
    check(holds(expectDone({"info", inFolder("fixed.training")}).out, "stopped early"), "info tells of it");
    const json without = parsed(expectDone({"eval", fixed, "--count", "5", "--json", "-"}).out, "none");
    check(without["alignment_error_rate"].is_null() && without["attention_entropy"].is_null(),
          "no attention: " + without.dump());
}

/// Sixty pairs in a file of two columns.
std::string fileOfPairs() {
    std::string pairs;
    for (const char* line :
         {"the cat sleeps\tle chat dort", "the dog sleeps\tle chien dort", "a cat\tun chat"})
        for (int i = 0; i < 20; ++i) pairs += std::string(line) + " " + std::to_string(i) + "\n";
    writeFile(inFolder("train.tsv"), pairs);
    return inFolder("train.tsv");
}

TEST_CASE("train reads files of pairs, with one matrix for output layer and embedding") {
    const std::string file = fileOfPairs();
    std::vector<std::string> onFiles = smallTraining(inFolder("files.safetensors"), "20");
    onFiles.erase(onFiles.begin() + 1, onFiles.begin() + 3);
    onFiles.insert(onFiles.end(),
                   {"--pairs", file, "--lowercase", "--tied", "--threads", "2", "--probe", "the cat sleeps"});
    const std::string made = expectDone(onFiles).out;
    check(holds(made, "files.safetensors"), "train on files: " + made);
    onFiles.insert(onFiles.end(), {"--max-length", "3"});
    check(holds(runProgram(onFiles).err, "left out of training"), "what is left out is told");
    check(holds(readFile(inFolder("files.probes.jsonl")), "\"cat\""), "probes of a training on files");
}

TEST_CASE("train refuses options that contradict each other") {
    const std::vector<std::string> to{"train", "--output", inFolder("x.safetensors")};
    const auto with = [](std::vector<std::string> arguments, const std::vector<std::string>& more) {
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    expectRefused(2, with(to, {"--steps", "0", "--layer-dropout", "1.5"}), {"steps", "layer_dropout"});
    expectRefused(2, with(to, {"--task", "reverse", "--pairs", fileOfPairs()}), {"--task", "--pairs"});
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

} // namespace
