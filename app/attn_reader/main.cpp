// SPDX-License-Identifier: GPL-3.0-or-later
// attn-reader hdf5 | sentencepiece  <FILE  >RESULT
// Reads kinds of file whose libraries can crash on damaged or hostile ones, apart from the program that wants
// them and confined. It exits with 0 and the result on standard output, or with the value of an ErrorKind and
// what is wrong on standard error.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string_view>

#include "app/attn_reader/confine.h"
#include "app/attn_reader/hdf5_reader.h"
#include "app/attn_reader/sentence_piece_check.h"
#include "core/base/error.h"

namespace {

void read(std::string_view kind) {
    if (kind == "hdf5")
        attn_reader::readHdf5();
    else if (kind == "sentencepiece")
        attn_reader::checkSentencePiece();
    else
        throw attn::Error(attn::ErrorKind::Argument,
                          "is for Attentoscope's own use: attn-reader hdf5 | sentencepiece <FILE");
}

} // namespace

int main(int count, char** arguments) {
    int status = 0;
    try {
        read(count == 2 ? arguments[1] : "");
        if (std::fflush(stdout) != 0) status = static_cast<int>(attn::ErrorKind::Output);
    } catch (const attn::Error& error) {
        std::fputs(error.what(), stderr);
        status = static_cast<int>(error.kind());
    } catch (const std::bad_alloc&) {
        std::fputs("takes more memory to read than a sound file of its size", stderr);
        status = static_cast<int>(attn::ErrorKind::Limit);
    } catch (const std::exception& error) {
        std::fputs(error.what(), stderr);
        status = static_cast<int>(attn::ErrorKind::Data);
    }
    std::fflush(stderr);
    ::_exit(status); // past the libraries' own clearing up, which damaged data can crash too
}
