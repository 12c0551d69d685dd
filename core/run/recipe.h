// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/enum_text.h"

namespace attn {

enum class SearchKind { Greedy, Forced };
template <>
struct EnumNames<SearchKind> {
    static constexpr std::array names{
        std::pair{SearchKind::Greedy, std::string_view("greedy")},
        std::pair{SearchKind::Forced, std::string_view("forced")},
    };
};

/// The question put to a model: a small value, the only thing that undo touches.
struct Recipe {
    std::string source; ///< as typed; tokenised by the model's tokeniser
    SearchKind search = SearchKind::Greedy;
    /// Forced: the target to decode, as typed. The model's choices are not followed.
    std::string target;
    /// Greedy: the first words are these (target tokens), then the search goes on by itself.
    std::vector<std::string> prefix;
    int maxSteps = 0; ///< 0: 2 x source length + 20, the prefix and the end symbol counted
    int topK = 10;    ///< candidates recorded at each step

    bool operator==(const Recipe&) const = default;
    /// The same for equal recipes, on every machine.
    std::uint64_t hash() const;
};

template <typename Visitor>
void visitFields(auto& recipe,
                 Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(recipe)>, Recipe> {
    visit("source", recipe.source);
    visit("search", recipe.search);
    visit("target", recipe.target);
    visit("prefix", recipe.prefix);
    visit("max_steps", recipe.maxSteps);
    visit("top_k", recipe.topK);
}

} // namespace attn
