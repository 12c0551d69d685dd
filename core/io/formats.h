// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/io/container/archive.h"
#include "core/io/dump/dump.h"
#include "core/io/import/import.h"

namespace attn {

/// What a file is to a person who opens it.
enum class FileKind {
    Model,      ///< a native model file
    Checkpoint, ///< a model of another toolkit
    Attention,  ///< attention or a word alignment that another program wrote
    Vocabulary, ///< belongs to a checkpoint; opens nothing by itself
    Subwords,   ///< a SentencePiece model or BPE codes; belongs to a checkpoint
};
template <>
struct EnumNames<FileKind> {
    static constexpr std::array names{std::pair{FileKind::Model, std::string_view("model")},
                                      std::pair{FileKind::Checkpoint, std::string_view("checkpoint")},
                                      std::pair{FileKind::Attention, std::string_view("attention")},
                                      std::pair{FileKind::Vocabulary, std::string_view("vocabulary")},
                                      std::pair{FileKind::Subwords, std::string_view("subword model")}};
};

/// A file that is being recognised. What several formats ask about it is read once.
class FileProbe {
public:
    /// Throws Error(Data) if the file cannot be opened or is not a regular file. A pipe is never waited for.
    explicit FileProbe(std::string path);

    const std::string& path() const { return m_path; }
    /// The first bytes, at most 512.
    const std::string& head() const { return m_head; }
    /// The dump format that the content shows.
    std::optional<DumpFormat> dumpFormat();
    /// The file as a container of arrays; nullptr if it is not one that can be read.
    ArchivePtr archive();
    /// archive(), or the error for which there is none.
    ArchivePtr archiveOrThrow();

private:
    std::string m_path;
    std::string m_head;
    std::optional<std::optional<DumpFormat>> m_dump;
    ArchivePtr m_archive;
    std::exception_ptr m_archiveError;
};

/// What a person may state about a file that is opened.
struct OpenOptions {
    ImportOptions import; ///< of a checkpoint
    DumpOptions dump;     ///< of attention
};

/// An open file: one of the three.
struct OpenedFile {
    ModelPtr model; ///< of a native file
    /// Of a checkpoint; its model is nullptr while something is missing.
    ImportReportPtr report;
    DumpPtr dump; ///< of attention
};

/// One format: an entry of the table behind dialogs, drag and drop and the command line.
struct FileFormat {
    FileKind kind;
    std::string name;                  ///< the toolkit, the dump format: "Joey NMT", "pharaoh"
    std::vector<std::string> patterns; ///< of usual names, for file dialogs; never used to recognise a file
    std::function<bool(FileProbe&)> recognises;
    /// Empty if files of this kind are not opened by themselves. Throws what the format's reader throws.
    std::function<OpenedFile(FileProbe&, const OpenOptions&)> open;
};

/// Every format, in the order in which a file is tried.
const std::vector<FileFormat>& fileFormats();

/// The format that the file's content shows; nullptr if it is none of ours. Throws as FileProbe.
const FileFormat* recognise(const std::string& path);
const FileFormat* recognise(FileProbe& probe);

/// Recognises a file and opens it. A mapping file in the options says that the file is a checkpoint. Throws
/// Error(Argument) for a file that is not opened by itself, Error(Data) or Error(Unsupported) for one that is
/// not recognised or is damaged, and what the reader throws.
OpenedFile openFile(const std::string& path, const OpenOptions& options = {});
OpenedFile openFile(FileProbe& probe, const OpenOptions& options = {});

/// The usual names of files of these kinds, each once, in the order of the table.
std::vector<std::string> filePatterns(std::initializer_list<FileKind> kinds);

} // namespace attn
