// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace attn::cli {

/// Writes to standard output, whole. Throws Error(Output) with the system's reason: a full disk, a
/// closed pipe.
void print(std::string_view text);
/// A message for the person, to standard error: one line or several, printableLines().
void say(std::string_view text);
/// Control characters and what is not UTF-8 written out, so that a terminal shows a text of a file and obeys
/// nothing of it.
std::string printable(std::string_view text);
/// The same, ends of lines and tabs kept.
std::string printableLines(std::string_view text);
/// Writes to a file, or to standard output for "-". A regular file is replaced as a whole; anything
/// else (a pipe, a device) is written to. Throws Error(Output).
void writeTo(const std::string& path, std::string_view text);

/// Columns a text takes on a terminal: two for a Chinese character, none for a combining mark.
int displayWidth(std::string_view text);
/// Padded with spaces to this many columns, on the left or on the right.
std::string padLeft(std::string_view text, int width);
std::string padRight(std::string_view text, int width);
/// A number with this many decimals, whatever the locale.
std::string decimal(double value, int decimals);
/// 1,234,567.
std::string grouped(long long value);

} // namespace attn::cli
