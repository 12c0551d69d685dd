// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dump/dump.h"

#include <filesystem>

#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

RawDump readRaw(const std::string& path, DumpFormat format, const DumpOptions& options) {
    switch (format) {
        case DumpFormat::Marian:
            return readMarian(readLines(path));
        case DumpFormat::Pharaoh:
            return readPharaoh(readLines(path));
        case DumpFormat::Talp:
            return readTalp(readLines(path));
        case DumpFormat::OpenNmt:
            return readOpenNmt(readLines(path));
        case DumpFormat::Fairseq:
            return readFairseq(readLines(path));
        case DumpFormat::Nematus:
        case DumpFormat::Sockeye:
            return readBlocks(readLines(path), format);
        case DumpFormat::SockeyeText:
            return readSockeyeText(readLines(path));
        case DumpFormat::Numpy:
            return readNumpy(path, options);
        default:
            return readJsonDump(path, format);
    }
}

} // namespace

DumpPtr readDump(const std::string& path, const DumpOptions& options) {
    if (options.base && *options.base != 0 && *options.base != 1)
        throw Error(ErrorKind::Argument,
                    "Links count from 0 or from 1, not from " + std::to_string(*options.base) + ".");
    std::error_code failed;
    const auto size = std::filesystem::file_size(path, failed);
    if (failed) throw Error(ErrorKind::Data, path + " cannot be read: " + failed.message() + ".");
    if (size > mostDumpBytes)
        throw Error(ErrorKind::Limit, path + " holds " + std::to_string(size) + " bytes; more than " +
                                          std::to_string(mostDumpBytes) + " are not read as attention.");
    const auto format = options.format ? options.format : formatOf(path);
    if (!format)
        throw DumpQuestion(DumpField::Format,
                           path + " is not recognised as a dump of attention. State its format: " +
                               allNames<DumpFormat>() + ".");
    auto dump = std::make_shared<Dump>();
    dump->path = path;
    RawDump raw = readRaw(path, *format, options);
    if (raw.sentences.empty()) throw Error(ErrorKind::Data, path + " holds no sentence.");
    if (raw.sentences.size() > mostDumpSentences)
        throw Error(ErrorKind::Limit,
                    path + " holds more than " + std::to_string(mostDumpSentences) + " sentences.");
    raw.statements.insert(raw.statements.begin(),
                          "Format " + std::string(toText(*format)) + ": " +
                              (options.format ? "as stated." : "told by the content."));
    settle(std::move(raw), options, *dump);
    return dump;
}

bool looksLikeDump(const std::string& path) {
    try {
        return formatOf(path).has_value();
    } catch (const Error&) {
        return false;
    }
}

TracePtr dumpTrace(const Dump& dump, std::size_t index) {
    const DumpSentence& sentence = dump.sentences.at(index);
    auto trace = std::make_shared<Trace>();
    trace->modelName = std::filesystem::path(dump.path).filename().string();
    trace->axes = {{AxisKind::Source}, {AxisKind::Target}};
    trace->sites = {{SiteKind::Cross, 0, false, 1, 0, static_cast<int>(sentence.heads.size())}};
    trace->gold = sentence.gold;
    for (std::size_t j = 0; j < sentence.source.size(); ++j) {
        const std::string& word = sentence.source[j];
        const bool end = sentence.sourceEnd && j + 1 == sentence.source.size();
        if (!end && j > 0) trace->sourceText += ' ';
        const int begin = static_cast<int>(trace->sourceText.size());
        if (!end) trace->sourceText += word;
        trace->axes[0].positions.push_back({word, -1, end ? TokenRole::End : TokenRole::Word, begin,
                                            static_cast<int>(trace->sourceText.size()),
                                            end ? -1 : static_cast<int>(j)});
    }
    for (std::size_t t = 0; t < sentence.target.size(); ++t) {
        const int time = static_cast<int>(t);
        Pass pass;
        pass.inputId = -1;
        if (t > 0) pass.inputText = sentence.target[t - 1];
        if (t == 0) pass.inputRole = TokenRole::Start;
        Row row{0, time, {}, {}, {}, {}};
        for (const Matrix<float>& map : sentence.heads)
            row.heads.emplace_back().weights.assign(map.row(time), map.row(time) + map.cols());
        pass.rows.push_back(std::move(row));
        trace->passes.push_back(std::move(pass));
        StepTrace step;
        step.parent = time - 1;
        step.time = time;
        step.pass = time;
        step.wordId = -1;
        step.wordText = sentence.target[t];
        if (sentence.targetEnd && t + 1 == sentence.target.size()) {
            step.role = TokenRole::End;
            step.fate = Fate::Finished;
        }
        trace->steps.push_back(std::move(step));
    }
    if (!trace->steps.empty()) trace->leaves.push_back(static_cast<int>(trace->steps.size()) - 1);
    trace->complete = sentence.targetEnd;
    return trace;
}

} // namespace attn
