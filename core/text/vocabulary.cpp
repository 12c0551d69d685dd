// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/vocabulary.h"

#include "core/base/error.h"

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

Vocabulary::Vocabulary(std::vector<std::string> tokens, SpecialTokens special)
    : m_tokens(std::move(tokens)), m_special(special) {
    Findings findings;
    for (int i = 0; i < size(); ++i) {
        const auto [entry, added] = m_ids.emplace(m_tokens[static_cast<std::size_t>(i)], i);
        if (!added)
            findings.push_back({Severity::Fault, "token " + std::to_string(i),
                                "\"" + entry->first + "\" is already token " + std::to_string(entry->second) +
                                    "; each token may stand once"});
    }
    const std::pair<const char*, int> roles[] = {
        {"pad", special.pad}, {"bos", special.bos}, {"eos", special.eos}, {"unk", special.unk}};
    for (const auto& [role, id] : roles)
        if (id < 0 || id >= size())
            findings.push_back({Severity::Fault, role,
                                "id " + std::to_string(id) + " is outside the " + std::to_string(size()) +
                                    " tokens; give the id of one of them"});
    throwFaults(ErrorKind::Data, "the vocabulary is not usable:", findings);
}

Vocabulary Vocabulary::ofWords(const std::vector<std::string>& words) {
    std::vector<std::string> tokens = {"<pad>", "<s>", "</s>", "<unk>"};
    tokens.insert(tokens.end(), words.begin(), words.end());
    return Vocabulary(std::move(tokens));
}

const std::string& Vocabulary::text(int id) const {
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
