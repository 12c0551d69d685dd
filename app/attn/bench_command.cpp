// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/attn/bench_models.h"
#include "app/attn/commands.h"
#include "app/attn/output.h"
#include "core/autograd/ops.h"
#include "core/model/encoder_decoder.h"
#include "core/train/adam.h"
#include "core/train/loss.h"

namespace attn::cli {

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

const Clock::time_point programStart = Clock::now();

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct BenchOptions {
    std::string size = "small", attention = "additive";
    int source = 30, steps = 30, batch = 32, threads = 1, repeat = 7;
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

/// Greedy decoding of `batch` random sources over a fixed number of steps, encoder included; the end symbol is
/// a word like others. Returns the sum of the chosen words' log-probabilities.
double decode(const EncoderDecoder<float>& network, const TokenBatch& source, int steps) {
    const Encoding<float> encoding = network.encode(nullptr, source);
    DecoderState<float> state = network.start(nullptr, encoding);
    std::vector<int> previous(static_cast<std::size_t>(source.batch()), 1);
    double total = 0;
    for (int t = 0; t < steps; ++t) {
        DecoderStep<float> step = network.step(nullptr, encoding, state, previous);
        const Matrix<float> logits = network.logits(nullptr, step.features).value();
        for (int b = 0; b < logits.rows(); ++b) {
            const auto best = std::max_element(logits.row(b), logits.row(b) + logits.cols());
            previous[static_cast<std::size_t>(b)] = static_cast<int>(best - logits.row(b));
            total += static_cast<double>(*best);
        }
        state = std::move(step.state);
    }
    return total;
}

TokenBatch randomSource(int batch, int positions, int vocabulary, Random& random) {
    TokenBatch source;
    source.positions = positions;
    source.lengths.assign(static_cast<std::size_t>(batch), positions);
    for (int i = 0; i < batch * positions; ++i) source.ids.push_back(random.below(vocabulary));
    return source;
}

void bench(const std::string& what, const BenchOptions& o) {
    const ModelSpec spec = benchSpec(benchSize(o.size), o.attention);
    const Parameters<float> parameters = benchParameters(spec);
    const EncoderDecoder<float> network(spec, parameters);
    Random random(2);
    Json json = {{"what", what},
                 {"size", o.size},
                 {"attention", o.attention},
                 {"threads", o.threads},
                 {"params", parameterCount(modelSchema(spec))}};
    if (what == "train") {
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
            Tape<float> tape;
            tape.backward(batchLoss(&tape, network, batch));
            adam.step(1e-3, 1.0 / batch.words, 5.0);
        });
        json["median_s"] = seconds;
        json["tokens_per_s"] = batch.words / seconds;
    } else {
        const TokenBatch source = randomSource(1, o.source, spec.sourceVocabulary, random);
        if (what == "cold") {
            decode(network, source, o.steps);
            json["median_s"] = secondsSince(programStart);
        } else {
            const double seconds = medianSeconds(o.repeat, [&] { decode(network, source, o.steps); });
            json["median_s"] = seconds;
            json["tokens_per_s"] = o.steps / seconds;
        }
    }
    print(json.dump() + "\n");
}

} // namespace

void addBench(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("bench", "Time the engine");
    command->require_subcommand(1);
    for (const auto& [what, help] :
         {std::pair{"decode", "Greedy decoding of one sentence, encoder included"},
          std::pair{"train", "One update: forward, backward, clipping, Adam"},
          std::pair{"cold", "From the start of the program to the first sentence"}}) {
        CLI::App* sub = command->add_subcommand(what, help);
        auto options = std::make_shared<BenchOptions>();
        sub->add_option("--size", options->size, "small, medium or large")->capture_default_str();
        sub->add_option("--attention", options->attention, "additive, dot or general")->capture_default_str();
        sub->add_option("--src", options->source, "Words of the source")->capture_default_str();
        sub->add_option("--steps", options->steps, "Words of the target")->capture_default_str();
        sub->add_option("--batch", options->batch, "Sentences in a batch (train)")->capture_default_str();
        sub->add_option("--threads", options->threads, "Threads")->capture_default_str();
        sub->add_option("--repeat", options->repeat, "Measurements; the median is told")
            ->capture_default_str();
        sub->callback([&session, what = std::string(what), options] {
            session.action = [what, options] { bench(what, *options); };
        });
    }
}

} // namespace attn::cli
