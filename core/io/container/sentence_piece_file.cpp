// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/sentence_piece_file.h"

#include <span>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/io/container/reader_process.h"
#include "core/io/mapped_file.h"

namespace attn {

SentencePiecePtr openSentencePieceFile(const std::string& path) {
    std::string bytes;
    {
        const MappedFile file(path);
        if (file.bytes().size() > largestSentencePiece)
            throw Error(ErrorKind::Limit, path + ": has " + std::to_string(file.bytes().size()) +
                                              " bytes; a SentencePiece model may have " +
                                              std::to_string(largestSentencePiece));
        bytes.assign(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    }
    // The helper tries these bytes, not the file, which may change meanwhile.
    const ReaderInput input(std::as_bytes(std::span(bytes)), path);
    runReader(ReaderTask::SentencePiece, input, {.outputBytes = 1000, .stop = {}});
    const std::uint64_t hash = fnv1a(bytes);
    try {
        return SentencePiece::read(std::move(bytes), hash);
    } catch (const Error& error) {
        throw Error(error.kind(), path + ": " + error.what());
    }
}

} // namespace attn
