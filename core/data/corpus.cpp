// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/corpus.h"

#include "core/data/corpus_parts.h"

namespace attn {

std::optional<TokeniserKind> learnedKind(const std::string& tokens) {
    if (tokens == kPieceBpe) return TokeniserKind::SentencePiece;
    const std::optional<TokeniserKind> kind = fromText<TokeniserKind>(tokens);
    return kind == TokeniserKind::Moses || kind == TokeniserKind::Bpe ? std::nullopt : kind;
}

namespace {

/// The names that learnedKind() knows.
std::string allKinds() {
    std::string all;
    for (const auto& [kind, name] : EnumNames<TokeniserKind>::names)
        if (learnedKind(std::string(name))) all += std::string(name) + ", ";
    return all + kPieceBpe;
}

} // namespace

Findings DataRecipe::validate() const {
    Findings faults;
    const auto fault = [&](const char* where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    checkBounds(*this, "", faults);
    if (!tokens.empty() && !learnedKind(tokens))
        fault("tokens", "is \"" + tokens + "\"; expected one of " + allKinds());
    for (const auto& [where, files] : {std::pair{"pairs", &pairs}, std::pair{"validation", &validation}})
        if (files->size() > 2)
            fault(where, "names " + std::to_string(files->size()) +
                             " files; expected one with TABs, or a source and a target file");
    if (pairs.empty() && !validation.empty())
        fault("validation", "names files, but a task brings its own validation; give pairs too");
    return faults;
}

std::unique_ptr<Corpus> makeCorpus(const DataRecipe& recipe, std::uint64_t seed, const TextForm& form) {
    throwFaults(ErrorKind::Argument, "this corpus cannot be made:", recipe.validate());
    return recipe.pairs.empty() ? makeTaskCorpus(recipe, seed, form) : makeFileCorpus(recipe, seed, form);
}

} // namespace attn
