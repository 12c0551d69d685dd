// SPDX-License-Identifier: GPL-3.0-or-later
// attn eval and attn score against numbers computed here or by PyTorch from the same weights.
#include <zlib.h>

#include <array>
#include <cmath>

#include "tests/core/attn_program.h"

using namespace attn::tests;

namespace {

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

TEST_CASE("score") {
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

TEST_CASE("eval") {
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
}

TEST_CASE("eval names the line of a malformed pair") {
    const std::string model = g_models + "torch_gru_additive.safetensors", pairs = inFolder("pairs.tsv");
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
}

/// Ctrl+C is answered the same way between two sentences and within one.
TEST_CASE("eval is interrupted") {
    const std::string model = g_models + "torch_gru_additive.safetensors", pairs = inFolder("pairs.tsv");
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
}

TEST_CASE("eval refuses options that contradict each other") {
    const std::string model = g_models + "torch_gru_additive.safetensors", pairs = inFolder("pairs.tsv");
    writeFile(pairs, "the dog\tle chien\n");
    expectRefused(3, {"eval", model, "--pairs", inFolder("absent.tsv")}, {"absent.tsv"});
    expectRefused(2, {"eval", model}, {"--task", "--pairs"});
    expectRefused(2, {"eval", model, "--task", "chess"}, {"chess", "en-fr"});
    expectRefused(2, {"eval", model, "--task", "dates"}, {"dates"});
    expectRefused(2, {"eval", model, "--task", "en-fr", "--pairs", pairs}, {"--pairs"});
    expectRefused(2, {"eval", model, "--pairs", pairs, "--tokens", "14a"}, {"--tokens", "13a"});
    expectRefused(2, {"eval", model, "--pairs", pairs, "--threads", "0"}, {"--threads"});
}

} // namespace
