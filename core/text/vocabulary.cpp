// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/vocabulary.h"

#include <algorithm>
#include <utility>

namespace attn {
namespace {

/// Lowers A-Z and the accented capitals of Latin-1 (C3 80 .. C3 9E but the multiplication sign) and Œ
/// in the first `letters` letters.
std::string lowered(std::string_view text, std::size_t letters) {
    std::string lower(text);
    for (std::size_t i = 0; i < lower.size() && letters > 0; ++i, --letters) {
        auto byte = static_cast<unsigned char>(lower[i]);
        if (byte >= 'A' && byte <= 'Z') {
            lower[i] = static_cast<char>(byte + 0x20);
        } else if (byte >= 0xC0 && i + 1 < lower.size()) {
            const auto next = static_cast<unsigned char>(lower[i + 1]);
            if (byte == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97)
                lower[i + 1] = static_cast<char>(next + 0x20);
            if (byte == 0xC5 && next == 0x92) lower[i + 1] = static_cast<char>(0x93);
            while (i + 1 < lower.size() && (static_cast<unsigned char>(lower[i + 1]) & 0xC0) == 0x80) ++i;
        }
    }
    return lower;
}

} // namespace

Findings vocabularyFaults(const std::vector<std::string>& tokens, const SpecialTokens& special) {
    Findings faults;
    const auto fault = [&](const std::string& where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    std::unordered_map<std::string_view, std::size_t> rows;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto [at, isNew] = rows.emplace(tokens[i], i);
        if (tokens[i].empty())
            fault("tokens[" + std::to_string(i) + "]", "is empty");
        else if (!isNew)
            fault("tokens[" + std::to_string(i) + "]",
                  "\"" + tokens[i] + "\" stands twice, first as row " + std::to_string(at->second));
    }
    const auto size = static_cast<int>(tokens.size());
    const std::pair<const char*, int> roles[] = {
        {"pad", special.pad}, {"bos", special.bos}, {"eos", special.eos}, {"unk", special.unk}};
    for (const auto& [role, row] : roles) {
        if (row < -1 || row >= size) {
            fault(role, "is " + std::to_string(row) + "; there are " + std::to_string(size) +
                            " tokens, counted from 0");
            continue;
        }
        for (const auto& [other, otherRow] : roles) {
            if (std::string_view(other) == role) break;
            const bool start = std::string_view(role) == "bos" || std::string_view(other) == "bos";
            const bool mayShare = start && row != special.unk;
            if (row >= 0 && row == otherRow && !mayShare)
                fault(role, "is " + std::to_string(row) + ", and so is " + other);
        }
    }
    return faults;
}

Vocabulary::Vocabulary(std::vector<std::string> tokens, SpecialTokens special)
    : m_tokens(std::move(tokens)), m_special(special) {
    throwFaults(ErrorKind::Data, "the vocabulary is not usable:", vocabularyFaults(m_tokens, special));
    for (int i = 0; i < size(); ++i) m_ids.emplace(m_tokens[static_cast<std::size_t>(i)], i);
}

Vocabulary Vocabulary::ofWords(const std::vector<std::string>& words) {
    std::vector<std::string> tokens = {"<pad>", "<s>", "</s>", "<unk>"};
    tokens.insert(tokens.end(), words.begin(), words.end());
    return Vocabulary(std::move(tokens));
}

Vocabulary Vocabulary::ofFrequent(const std::unordered_map<std::string, long long>& counts, int size) {
    std::vector<std::pair<std::string, long long>> ordered(counts.begin(), counts.end());
    const Vocabulary special = ofWords({});
    std::erase_if(ordered, [&](const auto& word) { return special.contains(word.first); });
    std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (size > 0 && ordered.size() > static_cast<std::size_t>(size))
        ordered.resize(static_cast<std::size_t>(size));
    std::vector<std::string> words;
    for (auto& [word, count] : ordered) words.push_back(std::move(word));
    return ofWords(words);
}

const std::string& Vocabulary::text(int id) const {
    static const std::string start = "(start)";
    if (id == -1 && m_special.bos == -1) return start;
    if (id < 0 || id >= size())
        throw Error(ErrorKind::Argument, "token id " + std::to_string(id) + " is outside the vocabulary of " +
                                             std::to_string(size()) + " tokens");
    return m_tokens[static_cast<std::size_t>(id)];
}

bool Vocabulary::contains(std::string_view token) const {
    return m_ids.find(token) != m_ids.end();
}

int Vocabulary::id(std::string_view token) const {
    const auto found = m_ids.find(token);
    return found == m_ids.end() ? m_special.unk : found->second;
}

int Vocabulary::idFolding(std::string_view token) const {
    for (const std::string& form : {std::string(token), lowered(token, 1), lowered(token, token.size())})
        if (const auto found = m_ids.find(form); found != m_ids.end()) return found->second;
    return m_special.unk;
}

std::vector<int> Vocabulary::ids(const std::vector<std::string>& tokens) const {
    std::vector<int> all;
    all.reserve(tokens.size());
    for (const std::string& token : tokens) all.push_back(id(token));
    return all;
}

} // namespace attn
