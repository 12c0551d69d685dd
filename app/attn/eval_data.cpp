// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/eval_data.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/tasks/split.h"
#include "core/text/tokeniser.h"

namespace attn::cli {

namespace {

std::vector<std::string> splitAt(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text)
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

/// "3-0" or "3p0", both numbers within the sentences.
GoldLink readLink(const std::string& text, std::size_t sourceSize, std::size_t targetSize) {
    GoldLink link;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, link.source);
    const bool separated =
        first.ec == std::errc() && first.ptr != end && (*first.ptr == '-' || *first.ptr == 'p');
    const auto second = separated ? std::from_chars(first.ptr + 1, end, link.target) : first;
    if (!separated || second.ec != std::errc() || second.ptr != end)
        throw Error(ErrorKind::Data, "expected links like 0-0 or 1p2, found \"" + text + "\"");
    link.sure = *first.ptr == '-';
    if (link.source < 0 || link.target < 0 || link.source >= static_cast<int>(sourceSize) ||
        link.target >= static_cast<int>(targetSize))
        throw Error(ErrorKind::Data, "link " + text + " points past the sentences of " +
                                         std::to_string(sourceSize) + " and " + std::to_string(targetSize) +
                                         " tokens");
    return link;
}

EvalPair readLine(const Model& model, const std::string& line) {
    const std::vector<std::string> fields = splitAt(line, '\t');
    if (fields.size() < 2 || fields.size() > 3)
        throw Error(ErrorKind::Data, "expected source, TAB, target, and perhaps TAB and links; found " +
                                         std::to_string(fields.size() - 1) + " TABs");
    const std::size_t sourceSize = tokenise(model.card().sourceTokeniser, fields[0]).size();
    EvalPair pair{fields[0], fields[1], tokeniseTexts(model.card().targetTokeniser, fields[1]), {}, 0};
    if (sourceSize == 0 || pair.targetTokens.empty()) throw Error(ErrorKind::Data, "a sentence is empty");
    if (fields.size() == 3) {
        std::istringstream links(fields[2]);
        for (std::string text; links >> text;)
            pair.links.push_back(readLink(text, sourceSize, pair.targetTokens.size()));
    }
    return pair;
}

} // namespace

std::vector<EvalPair> taskPairs(const Model& model, const std::string& name, int count, std::uint64_t seed) {
    const std::unique_ptr<Task> task = makeTask(name);
    const ModelCard& card = model.card();
    Random random(seed);
    std::vector<EvalPair> pairs;
    for (int i = 0; i < count; ++i) {
        Example example = generateFrom(*task, Split::Test, random);
        EvalPair pair{detokenise(card.sourceTokeniser, example.source),
                      detokenise(card.targetTokeniser, example.target), example.target,
                      std::move(example.links), 0};
        if (tokeniseTexts(card.sourceTokeniser, pair.source) != example.source ||
            tokeniseTexts(card.targetTokeniser, pair.target) != example.target)
            throw Error(ErrorKind::Argument, "The model " + card.name + " splits sentences of the task " +
                                                 name + " otherwise than the task does, for instance \"" +
                                                 pair.source + "\". Choose a task that fits the model" +
                                                 (card.task.empty() ? "." : ": " + card.task + "."));
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

std::vector<EvalPair> filePairs(const Model& model, const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::vector<EvalPair> pairs;
    std::string line;
    for (long long number = 1; std::getline(file, line); ++number) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        try {
            pairs.push_back(readLine(model, line));
            pairs.back().line = number;
        } catch (const Error& error) {
            throw Error(error.kind(), path + ", line " + std::to_string(number) + ": " + error.what());
        }
    }
    if (!file.is_open() || file.bad())
        throw Error(ErrorKind::Data, "Could not read \"" + path + "\": " + std::strerror(errno) + ".");
    if (pairs.empty())
        throw Error(ErrorKind::Data,
                    path + ": no sentence pairs; expected source, TAB, target on each line.");
    return pairs;
}

} // namespace attn::cli
