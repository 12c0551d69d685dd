// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of other toolkits on the command line: attn convert and attn inspect, and attn run, info, eval
// on such a file, with every mistake that a newcomer makes. Numbers are compared with those of the references
// beside the checkpoints.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "tests/core/attn_program.h"

using namespace attn::tests;

namespace {

const std::string g_checkpoints = ATTENTOSCOPE_FIXTURES "/checkpoints/";
const std::string g_complete = g_checkpoints + "opennmt-py/brnn-lstm2-general/model.pt";
const std::string g_joey = g_checkpoints + "joeynmt/gru-bahdanau-bridge/";
const std::string g_native = ATTENTOSCOPE_FIXTURES "/models/torch_gru_additive.safetensors";

/// Greedy decoding of the reference's sentences equals it, whatever file the model is opened from.
void expectReference(const std::vector<std::string>& model, const std::string& folder) {
    const json reference = parsed(readFile(folder + "/reference.json"), folder);
    const int steps = reference["meta"]["max_steps"];
    for (const json& sentence : reference["sentences"]) {
        std::vector<std::string> arguments{"run", model.front(), sentence["source"].get<std::string>()};
        arguments.insert(arguments.end(), model.begin() + 1, model.end());
        for (const char* more : {"--json", "-", "--max-steps"}) arguments.emplace_back(more);
        arguments.push_back(std::to_string(steps));
        const json run = parsed(expectDone(arguments).out, shown(arguments));
        const json& expected = sentence["greedy"];
        const auto tokens = run["target"].get<std::vector<std::string>>();
        double worst = 0;
        for (std::size_t i = 0; i < std::min(tokens.size(), expected["logprobs"].size()); ++i)
            worst = std::max(
                worst, std::abs(run["log_probs"][i].get<double>() - expected["logprobs"][i].get<double>()));
        check(tokens == expected["tokens"].get<std::vector<std::string>>(),
              shown(arguments) + ": tokens are " + json(tokens).dump() + ", expected " +
                  expected["tokens"].dump());
        check(worst < 2e-4, shown(arguments) + ": a log-probability is off by " + std::to_string(worst));
    }
}

TEST_CASE("convert") {
    const Result report = expectDone({"convert", g_complete});
    for (const char* part : {"OpenNMT-py", "PyTorch zip", "encoder.rnn.weight_ih_l1_reverse"})
        check(holds(report.out, part), std::string("convert does not tell ") + part + ":\n" + report.out);
    check(holds(report.err, "-o"), "convert without -o does not say that nothing was written");

    const std::string native = inFolder("converted.safetensors");
    check(holds(expectDone({"convert", g_complete, "-o", native}).out, native), "convert names no file");
    const std::string folder = g_checkpoints + "opennmt-py/brnn-lstm2-general";
    expectReference({g_complete}, folder);
    expectReference({native}, folder);
    const std::vector<std::string> question{"the black cat sees a dog .", "--json", "-", "--states"};
    const auto numbers = [&](const std::string& model) {
        std::vector<std::string> arguments{"run", model};
        arguments.insert(arguments.end(), question.begin(), question.end());
        json run = parsed(expectDone(arguments).out, shown(arguments));
        run.erase("seconds");
        return run.dump();
    };
    check(numbers(g_complete) == numbers(native), "the converted model gives other numbers");
    check(holds(expectDone({"info", native}).out, "Self-test passed"), "the native model has no self-test");
    check(holds(expectDone({"info", g_complete}).out, "OpenNMT-py"), "attn info names no toolkit");

    const std::string half = inFolder("half.safetensors");
    expectDone({"convert", g_complete, "-o", half, "--type", "f16", "--sentence", "the dog sees"});
    check(fs::file_size(half) < fs::file_size(native), "16-bit numbers take no less room");
    check(holds(expectDone({"info", half}).out, "\"the dog sees\""), "--sentence is not the self-test's");
}

TEST_CASE("explain") {
    const std::string mapping = inFolder("mapping.yaml"), native = inFolder("mapped.safetensors");
    const Result explained = expectDone({"convert", g_complete, "--explain"});
    check(holds(explained.out, "encoder.rnn.weight_ih_l0"), "--explain names no arrays:\n" + explained.out);
    writeFile(mapping, explained.out);
    expectReference({g_complete, "--mapping", mapping}, g_checkpoints + "opennmt-py/brnn-lstm2-general");
    writeFile(mapping, "this: [is no mapping");
    expectRefused(3, {"run", g_complete, "x", "--mapping", mapping}, {"mapping.yaml"});
}

/// A checkpoint whose vocabularies lie elsewhere.
TEST_CASE("missing vocabulary") {
    const std::string folder = inFolder("joey");
    fs::create_directory(folder);
    for (const char* name : {"60.ckpt", "config.yaml"}) fs::copy_file(g_joey + name, folder + "/" + name);
    const std::string model = folder + "/60.ckpt", source = g_joey + "src_vocab.txt",
                      target = g_joey + "trg_vocab.txt", native = inFolder("joey.safetensors");
    const Result asked = runProgram({"convert", model, "-o", native});
    check(asked.code == 3, "convert without vocabularies: exit code " + std::to_string(asked.code));
    for (const char* part : {"Joey NMT", "source vocabulary", "target vocabulary", "src_vocab.txt"})
        check(holds(asked.out, part), std::string("the report does not mention ") + part + ":\n" + asked.out);
    check(!fs::exists(native), "an incomplete model was written");
    expectRefused(3, {"run", model, "the cat"}, {"source vocabulary", "src_vocab.txt", "--vocab"});
    expectRefused(3, {"run", model, "the cat", "--source-vocab", source}, {"target vocabulary"});
    expectReference({model, "--vocab", source, target}, g_joey);
    expectReference({model, "--source-vocab", source, "--target-vocab", target}, g_joey);
    expectDone({"convert", model, "--vocab", source, target, "-o", native});
    expectReference({native}, g_joey);

    writeFile(inFolder("short.txt"), "the\ncat\n");
    expectRefused(3, {"run", model, "the cat", "--vocab", inFolder("short.txt"), target}, {"short.txt"});
    expectRefused(3, {"run", model, "the cat", "--vocab", inFolder("absent.txt"), target}, {"absent.txt"});
    expectRefused(3,
                  {"run", model, "the cat", "--vocab", source, target, "--config", inFolder("absent.yaml")},
                  {"absent.yaml"});
}

TEST_CASE("mistakes") {
    const std::string out = inFolder("x.safetensors");
    expectRefused(2, {"convert"}, {"CHECKPOINT"});
    expectRefused(3, {"convert", inFolder("absent.pt")}, {"absent.pt"});
    expectRefused(3, {"convert", g_folder.string()}, {g_folder.string(), "folder"});
    expectRefused(2, {"convert", g_native, "-o", out}, {g_native, "native"});
    expectRefused(2, {"run", g_native, "x", "--vocab", "a", "b"}, {g_native, "vocabularies"});
    expectRefused(2, {"convert", g_complete, "-o", inFolder("x.pt")}, {"x.pt", ".safetensors"});
    expectRefused(2, {"convert", g_complete, "-o", out, "--type", "f8"}, {"f32", "f16"});
    expectRefused(2, {"convert", g_complete, "--explain", "-o", out}, {"--explain"});
    expectRefused(2, {"run", g_complete, "x", "--tokeniser", "blanks"}, {"--tokeniser", "whitespace"});
    expectRefused(2, {"run", g_complete, "x", "--vocab", "a", "b", "--source-vocab", "c"},
                  {"--source-vocab"});
    check(!fs::exists(out), "a refusal left a file behind");
    const Result nowhere = runProgram({"convert", g_complete, "-o", inFolder("no-folder/x.safetensors")});
    check(nowhere.code == 5 && holds(nowhere.err, "no-folder"), "an output that cannot be: " + nowhere.err);

    // The checkpoint is kept even where it has a native model's ending.
    const std::string theirs = inFolder("theirs.safetensors");
    fs::copy_file(g_checkpoints + "pytorch-classics/bahdanau/encoder.safetensors", theirs);
    expectRefused(2, {"convert", theirs, "-o", theirs}, {"checkpoint itself"});

    const std::string whole = readFile(g_complete);
    writeFile(inFolder("cut.pt"), whole.substr(0, whole.size() / 2));
    writeFile(inFolder("empty.pt"), "");
    writeFile(inFolder("text.pt"), "This is a letter to a friend, and no checkpoint at all.");
    for (const char* name : {"cut.pt", "empty.pt", "text.pt"})
        for (const std::vector<std::string>& command : {std::vector<std::string>{"convert", inFolder(name)},
                                                        {"inspect", inFolder(name)},
                                                        {"run", inFolder(name), "x"},
                                                        {"info", inFolder(name)}}) {
            const Result result = runProgram(command);
            check((result.code == 3 || result.code == 4) && result.out.empty() && holds(result.err, name),
                  shown(command) + ": " + std::to_string(result.code) + " " + result.err);
        }
}

TEST_CASE("inspect") {
    // The listing is that of the file's own header, read here by itself.
    const std::string path = g_checkpoints + "pytorch-classics/bentrevett/tut3-model.safetensors";
    const std::string whole = readFile(path);
    std::uint64_t length = 0;
    std::memcpy(&length, whole.data(), sizeof length);
    json header = parsed(whole.substr(8, length), path);
    header.erase("__metadata__");
    const json told = parsed(expectDone({"inspect", path, "--json"}).out, "inspect --json");
    check(told["kind"] == "safetensors", "kind is " + told["kind"].dump());
    check(told["arrays"].size() == header.size(), "inspect lists " + std::to_string(told["arrays"].size()) +
                                                      " arrays, the file has " +
                                                      std::to_string(header.size()));
    std::int64_t sum = 0;
    for (const json& array : told["arrays"]) {
        const json& expected = header[array["name"].get<std::string>()];
        std::int64_t numbers = 1;
        for (const json& extent : expected["shape"]) numbers *= extent.get<std::int64_t>();
        check(array["shape"] == expected["shape"] && array["numbers"] == numbers,
              "inspect tells another shape of " + array.dump());
        check(array["type"] == "float32" && expected["dtype"] == "F32", "another type of " + array.dump());
        sum += numbers;
    }
    check(told["numbers"] == sum, "inspect counts " + told["numbers"].dump());

    const Result text = expectDone({"inspect", g_complete});
    check(holds(text.out, "encoder.rnn.weight_ih_l0") && holds(text.out, "PyTorch zip"),
          "inspect tells:\n" + text.out);
    check(holds(text.err, "--data"), "inspect does not say that there is more");
    const std::string data = expectDone({"inspect", g_complete, "--data"}).out;
    for (const char* part : {"rnn_type: LSTM", "argparse.Namespace", "<array model."})
        check(holds(data, part), std::string("--data does not show ") + part + ":\n" + data);
    const std::string cut = expectDone({"inspect", g_complete, "--data", "--depth", "1", "--items", "2"}).out;
    check(!holds(cut, "rnn_type") && holds(cut, "<more>"), "--depth and --items do not cut:\n" + cut);
    const json tree = parsed(expectDone({"inspect", g_complete, "--data", "--json"}).out, "--data --json");
    check(tree["data"]["data"]["opt"]["rnn_type"] == "LSTM", "the tree is " + tree["data"].dump());

    // A name may hold what a terminal would obey.
    const std::string named = R"({"a\u001b[31mb\u009bc":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
    std::string bytes(8, '\0');
    const std::uint64_t size = named.size();
    std::memcpy(bytes.data(), &size, sizeof size);
    writeFile(inFolder("named.safetensors"), bytes + named + std::string(4, '\0'));
    const Result listed = runProgram({"inspect", inFolder("named.safetensors")});
    for (const Result& result : {listed, runProgram({"run", inFolder("named.safetensors"), "x"})})
        check(!holds(result.out + result.err, "\x1b") && !holds(result.out + result.err, "\xC2\x9B"),
              "a control character reaches the terminal");
    check(listed.code == 0 && holds(listed.out, "\\x1b[31mb"), "the name is not shown: " + listed.out);
    expectRefused(3, {"inspect", g_folder.string()}, {g_folder.string()});
    expectRefused(2, {"inspect", g_complete, "--depth", "2"}, {"--data"});
}

} // namespace
