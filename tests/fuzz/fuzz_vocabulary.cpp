// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>
#include <unordered_set>

#include "core/io/container/yaml_data.h"
#include "core/io/vocabulary_file.h"

/// The first byte says how the rest is read: as YAML, or as a vocabulary of a style, given or to be told.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto& styles = attn::EnumNames<attn::VocabularyStyle>::names;
    const std::size_t choice = data[0] % (styles.size() + 2);
    try {
        if (choice > styles.size()) {
            const attn::DataTree tree = attn::readYaml(text, "input");
            for (const auto& [key, value] : tree.root().entries())
                if (!key.text() || !value.exists()) __builtin_trap();
            return 0;
        }
        std::optional<attn::VocabularyStyle> style;
        if (choice < styles.size()) style = styles[choice].first;
        const attn::VocabularyFile found = attn::readVocabulary(text, "input", style, data[0] / 32);
        const std::unordered_set<std::string> all(found.tokens.begin(), found.tokens.end());
        if (all.size() != found.tokens.size() || all.contains("")) __builtin_trap();
    } catch (const attn::Error& error) {
        if (error.kind() == attn::ErrorKind::Bug) __builtin_trap();
    }
    return 0;
}
