// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/io/container/archive.h"

/// What a toolkit computed for some sentences, read from the files beside its checkpoint.
namespace toolkit {

using Rows = std::vector<std::vector<double>>;

/// One decoding. What a toolkit did not tell is empty.
struct Run {
    std::vector<std::string> tokens;
    std::vector<int> ids;
    std::vector<double> logProbs;
    Rows attention;     ///< T x S
    Rows copyAttention; ///< T x S
    std::vector<double> copyGate;
    std::vector<Rows> hidden, cell; ///< T x layers x units, after each step
};

struct Sentence {
    int index = 0;
    int maxSteps = 0;
    std::string source, reference;
    std::vector<std::string> sourceTokens;
    std::vector<int> sourceIds;
    Run greedy, forced;
    Rows initialHidden, initialCell; ///< layers x units
};

struct Reference {
    std::vector<Sentence> sentences;
    int targetVocabulary = 0; ///< ids from here on are words copied from the source
};

namespace detail {

inline std::vector<std::string> linesOf(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

inline std::vector<std::string> split(const std::string& text, const std::string& between) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find(between, begin)) != std::string::npos;) {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + between.size();
    }
    parts.push_back(text.substr(begin));
    return parts;
}

inline std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> result;
    for (std::string word; in >> word;) result.push_back(word);
    return result;
}

/// "0.1,0.2 0.3,0.4": rows between blanks.
inline Rows matrix(const std::string& text) {
    Rows rows;
    for (const std::string& row : words(text)) {
        rows.emplace_back();
        for (const std::string& number : split(row, ",")) rows.back().push_back(std::stod(number));
    }
    return rows;
}

/// "WordScores= -0.1 -0.2"
inline std::vector<double> scores(const std::string& text) {
    std::vector<double> numbers;
    for (const std::string& word : words(text))
        if (word != "WordScores=") numbers.push_back(std::stod(word));
    return numbers;
}

template <typename T>
T get(const nlohmann::json& json, const char* key) {
    return json.contains(key) ? json.at(key).get<T>() : T();
}

inline Run run(const nlohmann::json& json) {
    return {get<std::vector<std::string>>(json, "tokens"),
            get<std::vector<int>>(json, "ids"),
            get<std::vector<double>>(json, "logprobs"),
            get<Rows>(json, "attention"),
            get<Rows>(json, "attention_copy"),
            get<std::vector<double>>(json, "p_copy"),
            get<std::vector<Rows>>(json, "dec_hidden"),
            get<std::vector<Rows>>(json, "dec_cell")};
}

/// An array of reference.npz as matrices of its last two extents; empty if it is not there.
inline std::vector<Rows> stack(const attn::Archive& archive, const std::string& name) {
    const int index = archive.find(name);
    if (index < 0) return {};
    const attn::ArrayInfo& info = archive.arrays()[static_cast<std::size_t>(index)];
    std::vector<float> numbers(static_cast<std::size_t>(info.elements()));
    archive.read(index, numbers);
    const std::size_t extents = info.shape.size();
    const auto units = static_cast<std::size_t>(info.shape.at(extents - 1));
    const auto layers = static_cast<std::size_t>(info.shape.at(extents - 2));
    std::vector<Rows> result(numbers.size() / (units * layers), Rows(layers));
    for (std::size_t i = 0; i < numbers.size(); i += units)
        result[i / units / layers][i / units % layers].assign(numbers.begin() + static_cast<long>(i),
                                                              numbers.begin() + static_cast<long>(i + units));
    return result;
}

/// The states that stand in a file of their own.
inline void addStates(Sentence& sentence, const attn::Archive& archive) {
    std::string at = std::to_string(sentence.index);
    at = "s" + std::string(at.size() < 2 ? "0" : "") + at + "/";
    for (Run* run : {&sentence.greedy, &sentence.forced}) {
        const std::string kind = at + (run == &sentence.greedy ? "greedy/" : "forced/");
        run->hidden = stack(archive, kind + "dec_hidden");
        run->cell = stack(archive, kind + "dec_cell");
    }
    for (const auto& [name, rows] : {std::pair{"enc/dec_init_hidden", &sentence.initialHidden},
                                     std::pair{"enc/dec_init_cell", &sentence.initialCell}})
        if (std::vector<Rows> found = stack(archive, at + name); !found.empty()) *rows = found.front();
}

/// Marian tells what it computed as text: greedy.nbest and forced.scores, a line a sentence.
inline Reference ofText(const std::filesystem::path& folder) {
    const auto sources = linesOf(folder / "sample.src"), references = linesOf(folder / "sample.ref"),
               greedy = linesOf(folder / "greedy.nbest"), forced = linesOf(folder / "forced.scores");
    Reference result;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        Sentence s;
        s.index = static_cast<int>(i);
        s.source = sources[i], s.reference = references.at(i);
        s.sourceTokens = words(s.source);
        s.sourceTokens.emplace_back("</s>");
        s.maxSteps = 3 * static_cast<int>(s.sourceTokens.size());
        const auto chosen = split(greedy.at(i), " ||| "), scored = split(forced.at(i), " ||| ");
        s.greedy.tokens = words(chosen.at(1));
        s.greedy.attention = matrix(chosen.at(2)), s.greedy.logProbs = scores(chosen.at(3));
        if (s.greedy.tokens.size() < s.greedy.logProbs.size()) s.greedy.tokens.emplace_back("</s>");
        s.forced.attention = matrix(scored.at(1)), s.forced.logProbs = scores(scored.at(2));
        result.sentences.push_back(std::move(s));
    }
    return result;
}

} // namespace detail

/// Throws where the files are not what they should be.
inline Reference reference(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder / "reference.json")) return detail::ofText(folder);
    std::ifstream file(folder / "reference.json");
    const auto json = nlohmann::json::parse(file);
    const nlohmann::json& meta = json.at("meta");
    attn::ArchivePtr states;
    if (const auto path = folder / "reference.npz"; std::filesystem::exists(path))
        states = attn::openArchive(path.string());
    Reference result;
    result.targetVocabulary = meta.value("tgt_vocab", 0);
    for (const nlohmann::json& item : json.at("sentences")) {
        Sentence s;
        s.index = item.at("index"), s.maxSteps = meta.value("max_steps", meta.value("max_length", 50));
        s.source = item.at("source"), s.reference = item.at("reference");
        s.sourceTokens = item.at("src_tokens").get<std::vector<std::string>>();
        s.sourceIds = item.at("src_ids").get<std::vector<int>>();
        s.greedy = detail::run(item.at("greedy")), s.forced = detail::run(item.at("forced"));
        s.initialHidden = detail::get<Rows>(item, "init_hidden");
        s.initialCell = detail::get<Rows>(item, "init_cell");
        if (states) detail::addStates(s, *states);
        result.sentences.push_back(std::move(s));
    }
    return result;
}

} // namespace toolkit
