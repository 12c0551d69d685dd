// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/attn/bench_models.h"
#include "app/attn/commands.h"
#include "app/attn/import_options.h"
#include "app/attn/model_choice.h"
#include "app/attn/output.h"
#include "core/autograd/machine_limits.h"
#include "core/autograd/row_product.h"
#include "core/io/import/import.h"
#include "core/io/model_file.h"
#include "core/model/networks.h"
#include "core/run/search/search.h"
#include "core/train/adam.h"
#include "core/train/workers.h"

namespace attn::cli {

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

const Clock::time_point programStart = Clock::now();

const char* const examples =
    R"(Prints one line of JSON: what, size, attention, threads, params, median_s over --repeat runs, tokens_per_s.
Sizes: small (vocabulary 4,000, embedding 96, hidden 128), medium (10,000, 256, 512), large (30,000, 620, 1,000).
additive is wired as Bahdanau 2015 (GRU), dot and general as Luong 2015 (LSTM, input feeding). Weights are random,
and a fixed number of words is decoded (tokens_per_s counts those of one hypothesis, whatever the beam).

Examples:
  attn bench decode --size medium --attention general
  attn bench decode --size large --weights 16
  attn bench decode --size medium --beam 5
  attn bench train --size small --batch 32 --src 20 --steps 20 --threads 2
  attn bench machine --megabytes 24
  attn bench open model_step_3600.pt)";

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct BenchOptions {
    std::string size = "small", attention = "additive", model;
    ImportOptions import; ///< of the model
    int source = 30, steps = 30, batch = 32, threads = 1, repeat = 7;
    int beam = 1;       ///< width when decoding; 1: greedy
    int vocabulary = 0; ///< 0: the size's own
    int bits = 32;      ///< of a weight, when decoding
    double megabytes = 24;
};

/// The median over `repeat` calls, in seconds, after one call that is not counted.
double medianSeconds(int repeat, const std::function<void()>& work) {
    work();
    std::vector<double> times;
    for (int i = 0; i < repeat; ++i) {
        const auto begin = Clock::now();
        work();
        times.push_back(secondsSince(begin));
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

/// Decoding of a sentence over a fixed number of steps, encoder included; the end symbol is a word like
/// others. A beam of 1 is greedy.
void decode(const EncoderDecoder<float>& network, const TokenBatch& source, int steps, int beam) {
    static const WordChoice all;
    SearchOptions options;
    options.kind = beam > 1 ? SearchKind::Beam : SearchKind::Greedy;
    options.beam.width = beam;
    options.beam.keepGreedy = false;
    search(network, source,
           Hypotheses(options, all, {.pad = -1, .bos = 1, .eos = -1, .unk = -1},
                      network.spec().targetVocabulary, {{.limit = steps}}));
}

TokenBatch randomSource(int batch, int positions, int vocabulary, Random& random) {
    TokenBatch source;
    source.positions = positions;
    source.lengths.assign(static_cast<std::size_t>(batch), positions);
    for (int i = 0; i < batch * positions; ++i) source.ids.push_back(random.below(vocabulary));
    return source;
}

/// Bytes of the weights that one decoded word is computed from: all but the encoder's and the embeddings.
double bytesPerWord(const EncoderDecoderSpec& spec, int bits) {
    double numbers = 0;
    for (const ParameterShape& shape : spec.schema()) {
        const bool decodes = shape.name.rfind("encoder.", 0) != 0 && shape.name.rfind("bridge.", 0) != 0 &&
                             shape.name.find("embedding") == std::string::npos &&
                             shape.name != "attention.W_key";
        if (decodes) numbers += static_cast<double>(shape.rows()) * shape.cols();
    }
    return numbers * bits / 8;
}

/// The largest memory that this process has had, in megabytes; 0 where the system does not tell.
double peakMegabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1e3;
    return 0;
}

void checkOptions(const BenchOptions& o) {
    const auto within = [](const char* option, int value, int least, int most) {
        if (value < least || value > most)
            throw Error(ErrorKind::Argument, std::string(option) + " is " + std::to_string(value) +
                                                 "; expected " + grouped(least) + " to " + grouped(most));
    };
    within("--src", o.source, 1, 1'000'000);
    within("--steps", o.steps, 1, 1'000'000);
    within("--batch", o.batch, 1, 4096);
    within("--beam", o.beam, 1, 1000);
    within("--threads", o.threads, 1, 256);
    within("--repeat", o.repeat, 1, 10'000);
    within("--vocabulary", o.vocabulary == 0 ? 5 : o.vocabulary, 5, 10'000'000);
    if (o.bits != 32 && o.bits != 16)
        throw Error(ErrorKind::Argument, "--weights is " + std::to_string(o.bits) + "; expected 32 or 16");
    if (!(o.megabytes >= 0.1 && o.megabytes <= 4000))
        throw Error(ErrorKind::Argument, "--megabytes must be 0.1 to 4,000");
}

void benchMachine(const BenchOptions& o) {
    const double bandwidth = readBandwidth(o.megabytes * 1e6), peak = gemmRate();
    print(Json({{"what", "machine"},
                {"megabytes", o.megabytes},
                {"read_gb_per_s", bandwidth / 1e9},
                {"gemm_gflop_per_s", peak / 1e9}})
              .dump() +
          "\n");
}

/// Decoding by a model of a file.
void benchModel(const BenchOptions& o) {
    const ModelPtr model = openNamed(o.model, o.import);
    useThreads(o.threads);
    Random random(2);
    const EncoderDecoder<float>& network = encoderDecoder(*model);
    const TokenBatch source = randomSource(1, o.source, model->source()->vocabulary.size(), random);
    const double seconds = medianSeconds(o.repeat, [&] { decode(network, source, o.steps, o.beam); });
    print(Json({{"what", "decode"},
                {"model", model->name()},
                {"threads", o.threads},
                {"beam", o.beam},
                {"params", model->parameterCount()},
                {"median_s", seconds},
                {"tokens_per_s", o.steps / seconds}})
              .dump() +
          "\n");
}

/// Opening a checkpoint of another program. No opening goes uncounted: the first is the one that people wait
/// for.
void benchOpen(const std::string& path, int repeat) {
    std::vector<double> times;
    for (int i = 0; i < repeat; ++i) {
        const auto begin = Clock::now();
        const ModelPtr model = openAnyModel(path);
        times.push_back(secondsSince(begin));
    }
    std::sort(times.begin(), times.end());
    print(Json({{"what", "open"},
                {"median_s", times[times.size() / 2]},
                {"peak_megabytes", peakMegabytes()},
                {"file_megabytes", static_cast<double>(std::filesystem::file_size(path)) / 1e6}})
              .dump() +
          "\n");
}

void bench(const std::string& what, const BenchOptions& o) {
    checkOptions(o);
    if (what == "machine") return benchMachine(o);
    if (!o.model.empty()) return benchModel(o);
    BenchSize size = benchSize(o.size);
    if (o.vocabulary > 0) size.vocabulary = o.vocabulary;
    const EncoderDecoderSpec spec = benchSpec(size, o.attention);
    Parameters<float> parameters = benchParameters(spec);
    if (o.bits == 16) parameters.keepHalf();
    Random random(2);
    Json json = {{"what", what},
                 {"size", o.size},
                 {"attention", o.attention},
                 {"threads", o.threads},
                 {"params", parameterCount(spec.schema())}};
    if (what == "train") {
        Workers workers(spec, parameters, o.threads);
        Adam adam(parameters);
        PairBatch batch;
        batch.source = randomSource(o.batch, o.source, spec.sourceVocabulary, random);
        batch.steps = o.steps;
        batch.words = o.batch * o.steps;
        for (int i = 0; i < batch.words; ++i) {
            batch.previous.push_back(random.below(spec.targetVocabulary));
            batch.gold.push_back(random.below(spec.targetVocabulary));
        }
        const double seconds = medianSeconds(o.repeat, [&] {
            workers.gradients(batch);
            adam.step(1e-3, 1.0 / batch.words, 5.0, &workers);
        });
        json["median_s"] = seconds;
        json["tokens_per_s"] = batch.words / seconds;
    } else {
        useThreads(o.threads);
        const EncoderDecoder<float> network(spec, parameters);
        const TokenBatch source = randomSource(1, o.source, spec.sourceVocabulary, random);
        if (what == "cold") {
            decode(network, source, o.steps, o.beam);
            json["median_s"] = secondsSince(programStart);
        } else {
            const double seconds = medianSeconds(o.repeat, [&] { decode(network, source, o.steps, o.beam); });
            // One more step costs what the decoder alone takes for a word.
            const double longer =
                medianSeconds(o.repeat, [&] { decode(network, source, 2 * o.steps, o.beam); }) - seconds;
            json["beam"] = o.beam;
            json["median_s"] = seconds;
            json["tokens_per_s"] = o.steps / seconds;
            json["weights_bits"] = o.bits;
            json["megabytes_per_word"] = bytesPerWord(spec, o.bits) / 1e6;
            json["decoder_step_s"] = longer / o.steps;
            json["peak_megabytes"] = peakMegabytes();
        }
    }
    print(json.dump() + "\n");
}

} // namespace

void addBench(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("bench", "Time the engine");
    command->require_subcommand(1);
    command->footer(examples);
    for (const auto& [what, help] :
         {std::pair{"decode", "Decoding of one sentence, encoder included"},
          std::pair{"train", "One update: forward, backward, clipping, Adam"},
          std::pair{"cold", "From the start of the program to the first sentence"},
          std::pair{"machine", "The machine's limits: reading memory, multiplying matrices; one thread"}}) {
        const std::string name = what;
        CLI::App* sub = command->add_subcommand(name, help);
        auto options = std::make_shared<BenchOptions>();
        const auto add = [&](const char* option, auto& field, const char* text) {
            sub->add_option(option, field, text)->capture_default_str();
        };
        if (name == "machine") {
            add("--megabytes", options->megabytes, "Amount of memory read");
        } else {
            add("--size", options->size, "small, medium or large");
            add("--attention", options->attention, "additive, dot or general");
            add("--src", options->source, "Source length in words");
            add("--steps", options->steps, "Target length in words");
            add("--vocabulary", options->vocabulary, "Vocabulary size on each side; 0: the size's default");
            add("--threads", options->threads, "Threads");
            if (name != "train") add("--weights", options->bits, "Bits of a weight: 32 or 16 (bfloat16)");
            if (name == "decode") {
                add("--beam", options->beam, "Width of the beam; 1: greedy");
                add("--model", options->model, "A model's name or file instead of random weights");
                addImportOptions(*sub, options->import);
            }
            if (name == "train") add("--batch", options->batch, "Sentences in a batch");
            if (name != "cold")
                add("--repeat", options->repeat, "Number of measurements; the median is reported");
        }
        sub->callback(
            [&session, name, options] { session.action = [name, options] { bench(name, *options); }; });
    }
    CLI::App* open = command->add_subcommand("open", "Opening another toolkit's checkpoint");
    auto path = std::make_shared<std::string>();
    auto repeat = std::make_shared<int>(1);
    open->add_option("FILE", *path, "The checkpoint")->required();
    open->add_option("--repeat", *repeat, "Number of openings; the median is reported")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    open->callback(
        [&session, path, repeat] { session.action = [path, repeat] { benchOpen(*path, *repeat); }; });
}

} // namespace attn::cli
