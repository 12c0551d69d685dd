// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/open_named.h"

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/io/model_file.h"

namespace attn::cli {

namespace {

/// Insertions, deletions, replacements (Levenshtein 1966) and swaps of neighbours between two names.
int editDistance(const std::string& a, const std::string& b) {
    std::vector<std::vector<int>> distance(a.size() + 1, std::vector<int>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) distance[i][0] = static_cast<int>(i);
    for (std::size_t j = 0; j <= b.size(); ++j) distance[0][j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int replaced = distance[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            distance[i][j] = std::min({replaced, distance[i - 1][j] + 1, distance[i][j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
        }
    return distance[a.size()][b.size()];
}

} // namespace

std::string closestName(const std::string& name, const std::vector<std::string>& candidates) {
    std::string closest;
    int fewest = std::max(2, static_cast<int>(name.size()) / 3) + 1;
    for (const std::string& candidate : candidates) {
        const bool starts = name.size() >= 2 && candidate.starts_with(name);
        const int edits = starts ? 1 : editDistance(name, candidate);
        if (edits < fewest) {
            fewest = edits;
            closest = candidate;
        }
    }
    return closest;
}

ModelPtr openNamed(const std::string& nameOrPath) {
    const std::vector<std::string> bundled = bundledModels();
    std::error_code ignored;
    const bool known = std::find(bundled.begin(), bundled.end(), nameOrPath) != bundled.end() ||
                       std::filesystem::exists(nameOrPath, ignored);
    if (!known) {
        std::string text = "There is no model \"" + nameOrPath + "\": neither a bundled model nor a file.";
        if (const std::string closest = closestName(nameOrPath, bundled); !closest.empty())
            text += "\n  Did you mean " + closest + "?";
        text += bundled.empty() ? "\n  No bundled models were found; set ATTENTOSCOPE_MODELS to their folder."
                                : "\n  Bundled models:";
        for (const std::string& name : bundled) text += "\n    " + name;
        throw Error(ErrorKind::Data, text);
    }
    return openModel(resolveModel(nameOrPath));
}

} // namespace attn::cli
