// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace attn_reader {

/// Loads the SentencePiece model on standard input and splits probes with it: each of its pieces, every
/// character of Unicode's basic plane as a word and within one, long runs, mixed scripts. Writes
/// {"pieces": how many} to standard output if the library survived that. Throws Error(Data) where it refuses
/// the model.
void checkSentencePiece();

} // namespace attn_reader
