// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/output.h"

#include <wchar.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/io/atomic_file.h"

namespace attn::cli {

namespace {

std::string withoutControls(std::string_view text, std::string_view kept) {
    std::string shown;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // C2 80 to C2 9F are control characters, too.
        const bool second =
            byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if ((byte >= 0x20 && byte != 0x7F && !second) || kept.find(text[i]) != std::string_view::npos) {
            shown += text[i];
            continue;
        }
        std::array<char, 8> code{};
        std::snprintf(code.data(), code.size(), "\\x%02x",
                      second ? static_cast<unsigned char>(text[++i]) : byte);
        shown += code.data();
    }
    // The writer of JSON replaces what is not UTF-8.
    using nlohmann::json;
    return json::parse(json(shown).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

} // namespace

void print(std::string_view text) {
    errno = 0;
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!written || std::fflush(stdout) != 0)
        throw Error(ErrorKind::Output,
                    std::string("Could not write to standard output: ") + std::strerror(errno) + ".");
}

void say(std::string_view text) {
    std::fprintf(stderr, "%s\n", printableLines(text).c_str());
}

std::string printable(std::string_view text) {
    return withoutControls(text, "");
}

std::string printableLines(std::string_view text) {
    return withoutControls(text, "\n\t");
}

void writeTo(const std::string& path, std::string_view text) {
    if (path == "-") return print(text);
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) {
        AtomicFile file(path);
        file.write(text);
        file.commit();
        return;
    }
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << text << std::flush;
    if (!out)
        throw Error(ErrorKind::Output, "Could not write to \"" + path + "\": " + std::strerror(errno) + ".");
}

int displayWidth(std::string_view text) {
    int width = 0;
    std::mbstate_t state{};
    while (!text.empty()) {
        wchar_t character = 0;
        std::size_t bytes = mbrtowc(&character, text.data(), text.size(), &state);
        if (bytes == 0 || bytes > text.size()) {
            state = {};
            bytes = 1;
            ++width;
        } else {
            width += std::max(0, wcwidth(character));
        }
        text.remove_prefix(bytes);
    }
    return width;
}

std::string padLeft(std::string_view text, int width) {
    return std::string(static_cast<std::size_t>(std::max(0, width - displayWidth(text))), ' ') +
           std::string(text);
}

std::string padRight(std::string_view text, int width) {
    return std::string(text) +
           std::string(static_cast<std::size_t>(std::max(0, width - displayWidth(text))), ' ');
}

std::string decimal(double value, int decimals) {
    char buffer[64];
    const auto [end, error] =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
    return error == std::errc() ? std::string(buffer, end) : std::to_string(value);
}

std::string grouped(long long value) {
    std::string text = std::to_string(value);
    for (int i = static_cast<int>(text.size()) - 3; i > (value < 0 ? 1 : 0); i -= 3)
        text.insert(static_cast<std::size_t>(i), 1, ',');
    return text;
}

} // namespace attn::cli
