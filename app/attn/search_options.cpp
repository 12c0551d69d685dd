// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/search_options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace attn::cli {

const char* const searchHelp =
    R"(Beam search keeps the --beam best hypotheses at each step. They are ranked by
  score = (log-probability - word penalty x length) / divisor + coverage
with the length in tokens, the end symbol included, and by default a divisor of 1 and no coverage:
  --length-norm gnmt       divisor ((5 + length) / 6) ^ length penalty (Wu et al. 2016)
  --length-norm power      divisor length ^ length penalty
  --coverage gnmt          coverage penalty x sum over source positions of log(min(attention received, 1))
  --coverage summary       - coverage penalty x sum of max(attention received, 1) - 1
A hypothesis that ends gives up its place, and the search ends when no place is left (--places freed); or its place
is filled again, and the search ends when the best of a step has ended (--places refilled). The greedy hypothesis is
followed too where the beam drops it, so that the best one never scores less than greedy; not with --beam-alone.
The search of
  Marian, -b 6 --normalize 0.6        --beam 6 --length-norm power --length-penalty 0.6 --beam-alone
  OpenNMT-py, -length_penalty wu      --length-norm gnmt --count-start --places refilled --beam-alone
  OpenNMT-py, -length_penalty avg     --length-norm power --length-penalty 1 and the same three
and of OpenNMT-py with -coverage_penalty wu or summary: --coverage gnmt or summary, with -stepwise_penalty --stepwise.
)";

namespace {

template <typename Enum>
CLI::Option* addEnum(CLI::App& command, const char* name, Enum& field, const std::string& text) {
    return command
        .add_option_function<std::string>(
            name, [&field](const std::string& value) { field = *fromText<Enum>(value); },
            text + ": " + allNames<Enum>() + " (default: " + std::string(toText(field)) + ")")
        ->check([](const std::string& value) {
            return fromText<Enum>(value) ? "" : "expected one of " + allNames<Enum>() + ", found " + value;
        });
}

} // namespace

SearchKind SearchOptionValues::kind() const {
    return beamWidth > 0 ? SearchKind::Beam : sampled ? SearchKind::Sample : SearchKind::Greedy;
}

void addBeamOptions(CLI::App& command, SearchOptionValues& values, bool nBest) {
    CLI::Option* width =
        command.add_option("--beam", values.beamWidth, "Beam search: how many hypotheses are kept")
            ->check(CLI::Range(1, 1000));
    BeamOptions& beam = values.beam;
    if (nBest)
        command.add_option("--n-best", beam.nBest, "Print this many of the hypotheses found (default: 1)")
            ->check(CLI::Range(1, 1000))
            ->needs(width);
    command
        .add_option(
            "--length-penalty", beam.lengthPenalty,
            "Exponent of the length penalty, which favours long hypotheses; 0 to 10 (default: 0, off)")
        ->check(CLI::Range(0.0, 10.0))
        ->needs(width);
    addEnum(command, "--length-norm", beam.length,
            "Form of the length that the log-probability is divided by")
        ->needs(width);
    command
        .add_option("--word-penalty", beam.wordPenalty,
                    "Subtracted from the log-probability for each token (default: 0)")
        ->check(CLI::Range(-100.0, 100.0))
        ->needs(width);
    command
        .add_option("--coverage-penalty", beam.coveragePenalty,
                    "Weight of the coverage penalty, 0 to 100 (default: 0)")
        ->check(CLI::Range(0.0, 100.0))
        ->needs(width);
    addEnum(command, "--coverage", beam.coverage, "Form of the coverage penalty")->needs(width);
    command
        .add_flag("--stepwise", beam.stepwise, "Apply the coverage penalty at each step, not only at the end")
        ->needs(width);
    command.add_flag("--count-start", beam.countStart, "Count the start symbol in the length")->needs(width);
    addEnum(command, "--places", beam.places, "What happens to the place of a hypothesis that has ended")
        ->needs(width);
    command
        .add_flag("--beam-alone", values.beamAlone,
                  "Do not follow the greedy hypothesis where the beam drops it")
        ->needs(width);
}

void addSampleOptions(CLI::App& command, SearchOptionValues& values) {
    CLI::Option* sample =
        command.add_flag("--sample", values.sampled, "Draw each token from the model's distribution")
            ->excludes(command.get_option("--beam"));
    SampleOptions& s = values.sample;
    command
        .add_option("--temperature", s.temperature,
                    "Logits are divided by this; 0 takes the most probable token (default: 1)")
        ->check(CLI::Range(0.0, 100.0))
        ->needs(sample);
    command.add_option("--top-k", s.topK, "Draw from this many most probable tokens (default: 0, all)")
        ->check(CLI::Range(0, 1'000'000'000))
        ->needs(sample);
    command
        .add_option("--top-p", s.topP,
                    "Draw from the fewest tokens whose probabilities reach this sum (default: 1, all)")
        ->check([](const std::string& text) {
            const double p = std::atof(text.c_str());
            return p > 0 && p <= 1 ? "" : "expected a number above 0 and at most 1, found " + text;
        })
        ->needs(sample);
    command.add_option("--seed", s.seed, "Seed; the same seed gives the same draws (default: 1)")
        ->needs(sample);
}

void settleSearchOptions(SearchOptionValues& values) {
    if (values.beamWidth == 0) return;
    BeamOptions& beam = values.beam;
    beam.width = values.beamWidth;
    beam.keepGreedy = !values.beamAlone;
    const auto text = [](int n) { return std::to_string(n); };
    if (beam.nBest > beam.width)
        throw CLI::ValidationError("--n-best " + text(beam.nBest),
                                   "a beam of " + text(beam.width) + " finds at most " + text(beam.width) +
                                       " hypotheses; ask for fewer, or give --beam " + text(beam.nBest));
}

} // namespace attn::cli
