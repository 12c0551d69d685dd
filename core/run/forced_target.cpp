// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/forced_target.h"

#include <algorithm>

#include "core/run/typed_text.h"

namespace attn {

namespace {

/// Whether typing `text` gives the tokens of `steps`, and an end symbol after them.
bool givesAgain(const Model& model, const std::string& text, const std::vector<const StepTrace*>& steps) {
    TypedTarget typed;
    try {
        typed = typedTarget(model, text);
    } catch (const Error&) {
        return false; // a text that cannot be typed
    }
    if (typed.ids.size() != steps.size() + 1) return false;
    for (std::size_t t = 0; t < steps.size(); ++t) {
        const StepTrace& step = *steps[t];
        // A copied word beyond the vocabulary is known by its text.
        const bool copied = step.wordId >= model.target().vocabulary.size();
        if (copied ? typed.words[t] != step.wordText : typed.ids[t] != step.wordId) return false;
    }
    return true;
}

} // namespace

void ForcedTarget::applyTo(Recipe& recipe) const {
    recipe.search = SearchKind::Forced;
    recipe.target = tokens.empty() ? text : "";
    recipe.prefix = tokens;
}

ForcedTarget forcedTarget(const Model& model, const Trace& trace, const std::vector<int>& path) {
    std::vector<const StepTrace*> steps;
    std::vector<std::string> words;
    // The prompt is typed with the question.
    const auto afterPrompt = [&](const auto& list) {
        return list.begin() + std::min(static_cast<std::ptrdiff_t>(trace.prompt), std::ssize(list));
    };
    for (const int index : path) steps.push_back(&trace.steps[static_cast<std::size_t>(index)]);
    if (!steps.empty() && steps.back()->isEnd()) steps.pop_back();
    steps.erase(steps.begin(), afterPrompt(steps));
    for (const StepTrace* step : steps) words.push_back(step->wordText);
    ForcedTarget forced{targetText(model, words), {}};
    if (givesAgain(model, forced.text, steps)) return forced;
    // Tokens between blanks: what a person would write only where a word's own text has a blank or a mark
    // that the tokeniser takes off.
    std::string apart;
    for (const std::string& word : inReadingOrder(model, words)) apart += (apart.empty() ? "" : " ") + word;
    if (givesAgain(model, apart, steps))
        forced.text = apart;
    else
        forced.tokens = trace.words({afterPrompt(path), path.end()});
    return forced;
}

} // namespace attn
