// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/links.h"

#include <charconv>
#include <map>
#include <string>

#include "core/base/error.h"

namespace attn {

namespace {

GoldLink parseLink(std::string_view text, std::size_t sourceTokens, std::size_t targetTokens) {
    GoldLink link;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, link.source);
    const bool separated =
        first.ec == std::errc() && first.ptr != end && (*first.ptr == '-' || *first.ptr == 'p');
    const auto second = separated ? std::from_chars(first.ptr + 1, end, link.target) : first;
    if (!separated || second.ec != std::errc() || second.ptr != end)
        throw Error(ErrorKind::Data, "expected links like 0-0 or 1p2, found \"" + std::string(text) + "\"");
    link.sure = *first.ptr == '-';
    if (link.source < 0 || link.target < 0 || link.source >= static_cast<int>(sourceTokens) ||
        link.target >= static_cast<int>(targetTokens))
        throw Error(ErrorKind::Data, "link " + std::string(text) + " points past the sentences of " +
                                         std::to_string(sourceTokens) + " and " +
                                         std::to_string(targetTokens) + " tokens");
    return link;
}

/// For each token of `from` the tokens of `to` that share bytes with it.
std::vector<std::vector<int>> shared(const Resplit& sentence) {
    std::vector<std::vector<int>> partners(sentence.from.size());
    for (std::size_t i = 0; i < sentence.from.size(); ++i)
        for (std::size_t j = 0; j < sentence.to.size(); ++j)
            if (sentence.from[i].begin < sentence.to[j].end && sentence.to[j].begin < sentence.from[i].end)
                partners[i].push_back(static_cast<int>(j));
    return partners;
}

} // namespace

std::vector<GoldLink> parseLinks(std::string_view text, std::size_t sourceTokens, std::size_t targetTokens) {
    std::vector<GoldLink> links;
    for (const Token& token : tokenise(TokeniserKind::Whitespace, text))
        links.push_back(parseLink(token.text, sourceTokens, targetTokens));
    return links;
}

std::vector<GoldLink> carryLinks(const std::vector<GoldLink>& links, const Resplit& source,
                                 const Resplit& target) {
    const auto sources = shared(source), targets = shared(target);
    std::map<std::pair<int, int>, bool> sure;
    for (const GoldLink& link : links)
        for (const int s : sources.at(static_cast<std::size_t>(link.source)))
            for (const int t : targets.at(static_cast<std::size_t>(link.target))) {
                bool& known = sure[{s, t}];
                known = known || link.sure;
            }
    std::vector<GoldLink> carried;
    for (const auto& [at, isSure] : sure) carried.push_back({at.first, at.second, isSure});
    return carried;
}

} // namespace attn
