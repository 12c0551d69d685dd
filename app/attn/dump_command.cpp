// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <numeric>

#include "app/attn/alignment.h"
#include "app/attn/commands.h"
#include "app/attn/output.h"
#include "core/io/dump/dump.h"

namespace attn::cli {

namespace {

struct DumpCommand {
    std::string path, json, head = "mean";
    DumpOptions options;
    std::string format, rows, end, axis;
    int base = -1;
    int sentence = 0; ///< from 1; 0: the first, or all where lines are written
    bool list = false, pharaoh = false;
};

const char* const examples =
    R"(A dump is attention, or a word alignment, that another program saved to a file. What the file determines is
used and reported; what it leaves open must be stated. Formats, recognised by content:
  marian        text ||| 0.9,0.1 0.2,0.8   text ||| 0-0 1-1   n-best lines, marian-scorer lines (the links also of
                OpenNMT-py -report_align, and of Sockeye with a tab in place of |||)
  pharaoh       0-0 1p2 2?3: - sure, p or ? possible
  talp          sentence source target S|P, a link a line
  opennmt       the tables of -attn_debug; whole words with -verbose
  fairseq       S-, H- and A- lines of fairseq-generate --print-alignment hard or soft
  nematus, nematus-json, sockeye, sockeye-text
                alignments of nematus, sockeye's translation_with_alignment_matrix and align_text
  neat-vision, bertviz, native
                JSON: neat-vision's samples, BertViz' left_text, right_text and attn, attn run --json
  numpy         .npy and .npz; words by --source and --target

Examples:
  attn dump out.nbest --source test.en
  attn dump attention.npy --source test.en --target out.fr --rows target --end-symbol yes --axis sentences
  attn dump soft.txt --source test.en --gold test.talp --sentence 3
  attn dump soft.txt --pharaoh                       the heaviest links of every sentence, a line each

)";

/// A name of an option's value; CLI11 has checked that it is one.
template <NamedEnum E>
std::optional<E> chosen(const std::string& name) {
    return name.empty() ? std::nullopt : fromText<E>(name);
}

template <NamedEnum E>
CLI::Option* addChoice(CLI::App& command, const std::string& name, std::string& value,
                       const std::string& text) {
    std::vector<std::string> names;
    for (const auto& [unused, known] : EnumNames<E>::names) names.emplace_back(known);
    return command.add_option(name, value, text)->check(CLI::IsMember(names));
}

/// Which option answers a question.
std::string answerTo(DumpField field) {
    switch (field) {
        case DumpField::Format:
            return "--format NAME";
        case DumpField::Rows:
            return "--rows target or --rows source";
        case DumpField::End:
            return "--end-symbol yes (both sides), no, source or target";
        case DumpField::Base:
            return "--base 0 or --base 1";
        case DumpField::Axis:
            return "--axis sentences or --axis heads";
    }
    return "";
}

DumpPtr open(const DumpCommand& command) {
    try {
        return readDump(command.path, command.options);
    } catch (const DumpQuestion& question) {
        throw Error(ErrorKind::Argument,
                    std::string(question.what()) + "\nAnswer with " + answerTo(question.field()) + ".");
    }
}

int headIndex(const std::string& text) {
    return text == "mean" ? meanOfHeads : std::atoi(text.c_str());
}

/// $COLUMNS if the shell exports it, else 100.
int columns() {
    const char* const text = std::getenv("COLUMNS");
    const int wished = text ? std::atoi(text) : 0;
    return wished > 0 ? wished : 100;
}

std::string words(const std::vector<std::string>& tokens, bool ended) {
    std::string text;
    for (std::size_t i = 0; i + (ended ? 1 : 0) < tokens.size(); ++i) text += (i ? " " : "") + tokens[i];
    return text;
}

std::string listText(const Dump& dump) {
    std::string text;
    for (std::size_t i = 0; i < dump.sentences.size(); ++i) {
        const DumpSentence& sentence = dump.sentences[i];
        text += padLeft(std::to_string(i + 1), 5) + "  " + sentence.name + ": " +
                words(sentence.target, sentence.targetEnd) + "\n";
    }
    return text;
}

std::string goldText(const Trace& trace, const std::vector<int>& path, int head) {
    if (trace.gold.empty()) return "";
    AlignmentError error;
    error.add(trace.gold, heaviestLinks(trace, path, head));
    return "\nAgainst the gold links (" + std::to_string(error.sure) + " sure, " +
           std::to_string(static_cast<long long>(trace.gold.size()) - error.sure) +
           " possible), the heaviest link of each word: precision " + decimal(error.precision(), 3) +
           ", recall " + decimal(error.recall(), 3) + ", alignment error rate " + decimal(error.rate(), 3) +
           "\n";
}

void showDump(const DumpCommand& command) {
    const DumpPtr dump = open(command);
    for (const Finding& finding : dump->findings) say("Note: " + finding.where + ": " + finding.text + ".");
    if (command.list) return print(listText(*dump));
    const std::size_t count = dump->sentences.size();
    if (command.sentence > static_cast<int>(count))
        throw Error(ErrorKind::Argument, "There is no sentence " + std::to_string(command.sentence) + ": " +
                                             command.path + " holds " + std::to_string(count) +
                                             ", counted from 1.");
    const int head = headIndex(command.head);
    std::string json, pharaoh;
    const bool lines = command.pharaoh || !command.json.empty();
    for (std::size_t i = 0; lines && i < count; ++i) {
        if (command.sentence > 0 && i + 1 != static_cast<std::size_t>(command.sentence)) continue;
        const TracePtr trace = dumpTrace(*dump, i);
        const std::vector<int> path = trace->bestPath();
        const DumpSentence& sentence = dump->sentences[i];
        if (!command.json.empty()) {
            // A token is a word of its own: what a dump holds stands between blanks.
            std::vector<int> targetWords(sentence.target.size() - (sentence.targetEnd ? 1 : 0));
            std::iota(targetWords.begin(), targetWords.end(), 0);
            const FoundText text{path.empty() ? -1 : path.back(), words(sentence.target, sentence.targetEnd)};
            json += runJson(*trace, path, {text}, targetWords, false);
        }
        if (command.pharaoh) pharaoh += pharaohText(heaviestLinks(*trace, path, head)) + "\n";
    }
    if (!command.json.empty()) writeTo(command.json, json);
    if (command.pharaoh) return print(pharaoh);
    if (command.json == "-") return;

    const std::size_t shown = command.sentence > 0 ? static_cast<std::size_t>(command.sentence) - 1 : 0;
    const DumpSentence& sentence = dump->sentences[shown];
    const TracePtr trace = dumpTrace(*dump, shown);
    const std::vector<int> path = trace->bestPath();
    std::string text;
    for (const std::string& statement : dump->statements) text += statement + "\n";
    text += "\nSentence " + std::to_string(shown + 1) + " of " + std::to_string(count) + " (" +
            sentence.name + ")\n" + words(sentence.source, sentence.sourceEnd) + "\n" +
            words(sentence.target, sentence.targetEnd) + "\n\n" +
            alignmentText(*trace, path, head, columns()) + goldText(*trace, path, head);
    if (count > 1 && command.sentence == 0)
        text += "\n--sentence N shows another sentence, --list lists them all.\n";
    print(text);
}

} // namespace

void addDump(CLI::App& app, Session& session) {
    CLI::App* command = app.add_subcommand("dump", "Show attention that another program saved to a file");
    auto options = std::make_shared<DumpCommand>();
    command->add_option("FILE", options->path, "The dump")->required();
    command->add_option("--sentence", options->sentence, "Which sentence, from 1")
        ->check(CLI::Range(1, 100000000));
    command->add_flag("--list", options->list, "List the sentences");
    command->add_option("--source", options->options.source,
                        "Text file of the source words, one sentence per line");
    command->add_option("--target", options->options.target, "Text file of the target words");
    command->add_option("--gold", options->options.gold, "Gold links, a sentence a line: 0-0 1p2");
    addChoice<DumpRows>(*command, "--rows", options->rows,
                        "What the rows of a matrix, or the first number of a link, stand for");
    addChoice<DumpEnd>(*command, "--end-symbol", options->end,
                       "Whether the last position is the end symbol: yes is both sides");
    CLI::Option* base = command->add_option("--base", options->base, "What links count from")
                            ->check(CLI::IsMember({0, 1}))
                            ->type_name("INT");
    addChoice<DumpAxis>(*command, "--axis", options->axis,
                        "What the first axis of a three-axis array counts");
    addChoice<DumpFormat>(*command, "--format", options->format,
                          "The format, if the content does not determine it");
    command
        ->add_option("--head", options->head, "Head whose weights are shown, from 0, or mean (the default)")
        ->check([](const std::string& text) {
            const bool number =
                !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string::npos;
            return number || text == "mean" ? "" : "expected mean or a head's number, found " + text;
        });
    command->add_option("--json", options->json,
                        "Write the sentences as JSON, one per line (attn run --help), to a file or to -");
    command->add_flag("--pharaoh", options->pharaoh,
                      "Print the heaviest links, one sentence per line: 0-0 1-2");
    command->footer(examples);
    command->callback([&session, options, base] {
        if (options->pharaoh && options->json == "-")
            throw CLI::ValidationError("--pharaoh and --json -",
                                       "both would go to standard output; choose one");
        DumpOptions& stated = options->options;
        stated.format = chosen<DumpFormat>(options->format);
        stated.rows = chosen<DumpRows>(options->rows);
        stated.end = chosen<DumpEnd>(options->end);
        stated.axis = chosen<DumpAxis>(options->axis);
        if (base->count() > 0) stated.base = options->base;
        session.action = [options] { showDump(*options); };
    });
}

} // namespace attn::cli
