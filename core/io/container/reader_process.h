// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/enum_text.h"
#include "core/io/mapped_file.h"

namespace attn {

/// What the helper process attn-reader reads, by the names on its command line. The libraries for these can
/// crash on damaged files, and a file can make them read other files: they run in a separate process that
/// cannot open anything and has limits (app/attn_reader).
enum class ReaderTask { Hdf5, SentencePiece };
template <>
struct EnumNames<ReaderTask> {
    static constexpr std::array names{
        std::pair{ReaderTask::Hdf5, std::string_view("hdf5")},
        std::pair{ReaderTask::SentencePiece, std::string_view("sentencepiece")}};
};

struct ReaderLimits {
    std::uint64_t outputBytes = 0; ///< maximum size of the output
    /// Wall-clock time; the helper itself limits its processor time more tightly.
    std::chrono::milliseconds time{20'000};
    std::stop_token stop; ///< ends the helper, with Error(Interrupted)
};

/// A file or bytes for the helper to read.
class ReaderInput {
public:
    explicit ReaderInput(const MappedFile& file);
    /// Bytes in memory, copied; `name` is used in messages.
    ReaderInput(std::span<const std::byte> bytes, std::string name);
    ~ReaderInput();
    ReaderInput(const ReaderInput&) = delete;
    ReaderInput& operator=(const ReaderInput&) = delete;

    int descriptor() const { return m_descriptor; }
    const std::string& name() const { return m_name; }
    std::uint64_t size() const { return m_size; }

private:
    std::string m_name;
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
};

/// Runs attn-reader, found beside this program or at the path in ATTENTOSCOPE_READER, and returns its output.
/// May be called from any thread. Throws Error(Data), Error(Unsupported) or Error(Limit) with the helper's
/// reason, and Error(Data) if it ended otherwise (a signal, its limits, too much output), naming the input;
/// Error(Bug) if it cannot be started.
std::vector<std::byte> runReader(ReaderTask task, const ReaderInput& input, const ReaderLimits& limits);

} // namespace attn
