// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/formats.h"

#include <algorithm>

#include "core/io/dump/raw_dump.h"
#include "core/io/import/conventions.h"
#include "core/io/import/side_pieces.h"
#include "core/io/mapped_file.h"
#include "core/io/model_file.h"
#include "core/io/vocabulary_file.h"

namespace attn {

namespace {

using Patterns = std::vector<std::string>;

constexpr std::size_t headBytes = 512;

FileFormat nativeModel() {
    return {FileKind::Model,
            "Attentoscope",
            {"*.safetensors"},
            [](FileProbe& probe) { return isNativeModel(probe.path()); },
            [](FileProbe& probe, const OpenOptions& options) {
                return OpenedFile{openAnyModel(probe.path(), options.import), nullptr, nullptr};
            }};
}

OpenedFile openCheckpoint(FileProbe& probe, const OpenOptions& options) {
    return {nullptr,
            std::make_shared<const ImportReport>(importModel(probe.archiveOrThrow(), options.import)),
            nullptr};
}

FileFormat checkpoint(const Convention& convention) {
    return {FileKind::Checkpoint, convention.toolkit,
            Patterns(convention.patterns.begin(), convention.patterns.end()),
            [recognises = convention.recognises](FileProbe& probe) {
                return probe.archive() && recognises(ImportSource(probe.archive()));
            },
            openCheckpoint};
}

/// Arrays of names that no convention knows: the import explains what it found, and a mapping file helps.
FileFormat unknownArrays() {
    return {FileKind::Checkpoint,
            "arrays of an unknown program",
            {},
            [](FileProbe& probe) { return probe.archive() != nullptr; },
            openCheckpoint};
}

FileFormat attention(DumpFormat format, Patterns patterns) {
    return {FileKind::Attention, std::string(toText(format)), std::move(patterns),
            [format](FileProbe& probe) { return probe.dumpFormat() == format; },
            [](FileProbe& probe, const OpenOptions& options) {
                return OpenedFile{nullptr, nullptr, readDump(probe.path(), options.dump)};
            }};
}

/// Plain lines are a vocabulary only if one of them is a special symbol: any text is made of lines.
bool isVocabulary(const std::string& path) {
    try {
        const VocabularyFile file = readVocabularyFile(path);
        return file.style != VocabularyStyle::Lines ||
               std::any_of(file.tokens.begin(), file.tokens.end(), [](const std::string& token) {
                   return token == "<unk>" || token == "</s>" || token == "<pad>";
               });
    } catch (const Error&) {
        return false;
    }
}

FileFormat vocabulary() {
    return {FileKind::Vocabulary,
            "vocabulary",
            {"*.txt", "*.json", "*.yml", "*.yaml", "*.vocab"},
            [](FileProbe& probe) { return !probe.archive() && isVocabulary(probe.path()); },
            {}};
}

FileFormat sentencePiece() {
    return {FileKind::Subwords,
            "SentencePiece",
            {"*.model", "*.spm"},
            [](FileProbe& probe) { return !probe.archive() && looksLikeSentencePiece(probe.path()); },
            {}};
}

FileFormat bpeCodes() {
    return {FileKind::Subwords,
            "subword-nmt",
            {"*.codes", "*.bpe"},
            [](FileProbe& probe) { return probe.head().starts_with("#version:"); },
            {}};
}

std::vector<FileFormat> makeTable() {
    std::vector<FileFormat> table{nativeModel()};
    for (const Convention& convention : conventions()) table.push_back(checkpoint(convention));
    for (FileFormat& format : std::vector<FileFormat>{
             attention(DumpFormat::Marian, {"*.align", "*.nbest", "*.txt"}),
             attention(DumpFormat::Pharaoh, {"*.align", "*.gdfa", "*.txt"}),
             attention(DumpFormat::Talp, {"*.talp", "*.wa"}),
             attention(DumpFormat::OpenNmt, {"*.log", "*.txt"}),
             attention(DumpFormat::Fairseq, {"*.out", "*.txt"}),
             attention(DumpFormat::Nematus, {"*.txt"}),
             attention(DumpFormat::NematusJson, {"*.json"}),
             attention(DumpFormat::Sockeye, {"*.txt"}),
             attention(DumpFormat::SockeyeText, {"*.txt"}),
             attention(DumpFormat::NeatVision, {"*.json"}),
             attention(DumpFormat::BertViz, {"*.json"}),
             attention(DumpFormat::Native, {"*.json"}),
             attention(DumpFormat::Numpy, {"*.npy", "*.npz"}),
         })
        table.push_back(std::move(format));
    table.push_back(unknownArrays());
    table.push_back(bpeCodes());
    table.push_back(sentencePiece());
    table.push_back(vocabulary());
    return table;
}

} // namespace

FileProbe::FileProbe(std::string path) : m_path(std::move(path)) {
    const MappedFile file(m_path);
    m_head.resize(std::min(file.bytes().size(), headBytes));
    file.read(0, std::as_writable_bytes(std::span(m_head)));
}

std::optional<DumpFormat> FileProbe::dumpFormat() {
    if (!m_dump) m_dump = formatOf(m_path);
    return *m_dump;
}

ArchivePtr FileProbe::archive() {
    if (m_archive || m_archiveError) return m_archive;
    try {
        m_archive = openArchive(m_path);
    } catch (const Error&) {
        m_archiveError = std::current_exception();
    }
    return m_archive;
}

ArchivePtr FileProbe::archiveOrThrow() {
    if (!archive()) std::rethrow_exception(m_archiveError);
    return m_archive;
}

const std::vector<FileFormat>& fileFormats() {
    static const std::vector<FileFormat> table = makeTable();
    return table;
}

const FileFormat* recognise(FileProbe& probe) {
    for (const FileFormat& format : fileFormats())
        if (format.recognises(probe)) return &format;
    return nullptr;
}

const FileFormat* recognise(const std::string& path) {
    FileProbe probe(path);
    return recognise(probe);
}

OpenedFile openFile(FileProbe& probe, const OpenOptions& options) {
    if (!options.import.mapping.empty() && !isNativeModel(probe.path()))
        return openCheckpoint(probe, options);
    const FileFormat* format = recognise(probe);
    if (!format) return openCheckpoint(probe, options); // says what the file is instead
    if (format->open) return format->open(probe, options);
    throw Error(ErrorKind::Argument,
                probe.path() + ": is a " + std::string(toText(format->kind)) + " (" + format->name +
                    "), which belongs to a model; open the model's own file, and name this one there");
}

OpenedFile openFile(const std::string& path, const OpenOptions& options) {
    FileProbe probe(path);
    return openFile(probe, options);
}

std::vector<std::string> filePatterns(std::initializer_list<FileKind> kinds) {
    std::vector<std::string> patterns;
    for (const FileFormat& format : fileFormats()) {
        if (std::find(kinds.begin(), kinds.end(), format.kind) == kinds.end()) continue;
        for (const std::string& pattern : format.patterns)
            if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end())
                patterns.push_back(pattern);
    }
    return patterns;
}

} // namespace attn
