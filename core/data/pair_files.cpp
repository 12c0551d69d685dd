// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pair_files.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "core/data/links.h"
#include "core/text/line_reader.h"

namespace attn {

namespace {

bool isBlank(const std::string& text) {
    return tokenise(TokeniserKind::Whitespace, text).empty();
}

/// Called with each pair, those with blank sides too.
void readTabbed(const std::string& path, const std::function<void(TextPair)>& take) {
    LineReader reader(path);
    while (const std::optional<std::string> line = reader.next()) {
        TextPair pair;
        pair.line = reader.number();
        const auto tabs = std::count(line->begin(), line->end(), '\t');
        if (!isBlank(*line)) {
            if (tabs < 1 || tabs > 2)
                throw Error(ErrorKind::Data,
                            reader.where() +
                                ": expected source, TAB, target, and perhaps TAB and links; found " +
                                std::to_string(tabs) + " TABs");
            const std::size_t first = line->find('\t'), second = line->find('\t', first + 1);
            pair.source = line->substr(0, first);
            pair.target = line->substr(first + 1, second == std::string::npos ? second : second - first - 1);
            if (second != std::string::npos) pair.links = line->substr(second + 1);
        }
        take(std::move(pair));
    }
}

void readParallel(const std::string& sourcePath, const std::string& targetPath,
                  const std::function<void(TextPair)>& take) {
    LineReader sources(sourcePath), targets(targetPath);
    for (;;) {
        std::optional<std::string> source = sources.next(), target = targets.next();
        if (!source && !target) return;
        if (source && target) {
            take({std::move(*source), std::move(*target), "", sources.number()});
            continue;
        }
        while (source) source = sources.next();
        while (target) target = targets.next();
        throw Error(ErrorKind::Data, sourcePath + " has " + std::to_string(sources.number() - 1) +
                                         " lines but " + targetPath + " has " +
                                         std::to_string(targets.number() - 1) +
                                         "; line i of one has to belong to line i of the other");
    }
}

void noteBlank(const std::string& path, long long blank, const std::string& text, Findings& findings) {
    if (blank > 0)
        findings.push_back({Severity::Note, path,
                            std::to_string(blank) + (blank == 1 ? " line is " : " lines are ") + text});
}

} // namespace

std::vector<TextPair> readTexts(const std::vector<std::string>& paths, TextSides side, Findings& findings) {
    const bool target = side == TextSides::Target;
    if (paths.empty() || paths.size() > 2)
        throw Error(ErrorKind::Argument, "found " + std::to_string(paths.size()) +
                                             " files of texts; expected one, or a source and a target file");
    const std::string& path = paths[paths.size() == 2 && target ? 1 : 0];
    LineReader reader(path);
    std::vector<TextPair> texts;
    long long blank = 0;
    while (std::optional<std::string> line = reader.next()) {
        std::size_t begin = 0, end = line->find('\t');
        if (target && end != std::string::npos) {
            begin = end + 1;
            end = line->find('\t', begin);
        }
        std::string text = line->substr(begin, end == std::string::npos ? end : end - begin);
        if (isBlank(text))
            ++blank;
        else
            texts.push_back({"", std::move(text), "", reader.number()});
    }
    if (texts.empty()) throw Error(ErrorKind::Data, path + ": holds no texts; expected one on each line");
    noteBlank(path, blank, "blank and left out", findings);
    return texts;
}

std::vector<TextPair> readPairFiles(const std::vector<std::string>& paths, Findings& findings,
                                    HalfBlank halfBlank) {
    std::vector<TextPair> pairs;
    long long blank = 0;
    const auto take = [&](TextPair pair) {
        const bool noSource = isBlank(pair.source), noTarget = isBlank(pair.target);
        if (noSource != noTarget && halfBlank == HalfBlank::Refuse)
            throw Error(ErrorKind::Data, paths[0] + ", line " + std::to_string(pair.line) + ": the " +
                                             (noSource ? "source" : "target") + " is empty");
        if (noSource || noTarget)
            ++blank;
        else
            pairs.push_back(std::move(pair));
    };
    if (paths.size() == 1)
        readTabbed(paths[0], take);
    else if (paths.size() == 2)
        readParallel(paths[0], paths[1], take);
    else
        throw Error(ErrorKind::Argument, "found " + std::to_string(paths.size()) +
                                             " files of pairs; expected one with TABs, or a source and a "
                                             "target file");
    if (pairs.empty())
        throw Error(ErrorKind::Data, paths[0] + ": no sentence pairs" +
                                         (paths.size() == 1 ? "; expected source, TAB, target on each line."
                                                            : " that have words on both sides."));
    noteBlank(paths[0], blank, "blank on a side and left out", findings);
    return pairs;
}

Example splitPair(const TextPair& pair, const Tokeniser& source, const Tokeniser& target) {
    Example example;
    Resplit sides[2];
    const auto split = [&](const std::string& text, const Tokeniser& tokeniser, Resplit& side,
                           std::vector<std::string>& texts) {
        side.to = tokeniser.tokenise(text);
        for (const Token& token : side.to) texts.push_back(token.text);
        if (pair.links.empty()) return;
        side.from = makesPieces(tokeniser.kind()) ? tokenise(TokeniserKind::Whitespace, text) : side.to;
    };
    split(pair.source, source, sides[0], example.source);
    split(pair.target, target, sides[1], example.target);
    if (pair.links.empty()) return example;
    example.links = parseLinks(pair.links, sides[0].from.size(), sides[1].from.size());
    if (makesPieces(source.kind()) || makesPieces(target.kind()))
        example.links = carryLinks(example.links, sides[0], sides[1]);
    return example;
}

} // namespace attn
