// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/io/container/archive.h"
#include "core/io/dump/raw_dump.h"

namespace attn {

namespace {

std::string shapeText(const ArrayInfo& array) {
    std::string text;
    for (const std::int64_t extent : array.shape)
        text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text.empty() ? "a single number" : text;
}

/// Whether an array's name speaks of attention: its last part holds "attention", "attn" or "align", is "att",
/// "alpha" or "weights", or is one that np.savez gives by itself.
bool speaksOfAttention(const std::string& name) {
    const std::string last = name.substr(name.find_last_of("./") + 1);
    const auto has = [&](const char* part) { return last.find(part) != std::string::npos; };
    return has("attention") || has("attn") || has("align") || last == "att" || last == "alpha" ||
           last == "weights" || last.starts_with("arr_");
}

bool isFloat(ElementType type) {
    return type == ElementType::F64 || type == ElementType::F32 || type == ElementType::F16 ||
           type == ElementType::BF16;
}

/// Texts of a list; "" fills lists up to a common length.
Words textsOf(const DataView& list) {
    Words words = list.texts();
    while (!words.empty() && words.back().empty()) words.pop_back();
    return words;
}

/// A side's words out of an array of text whose name holds one of `names`: of a single sentence a word each;
/// of several, a list or a text of words each.
void takeTexts(const DataView& data, const char* side, std::initializer_list<const char*> names,
               std::optional<Words> RawSentence::*words, RawDump& raw) {
    for (const auto& [key, list] : data.entries()) {
        const std::string name = key.text().value_or("");
        if (list.kind() != DatumKind::List || std::none_of(names.begin(), names.end(), [&](const char* part) {
                return name.find(part) != std::string::npos;
            }))
            continue;
        const bool nested = list.size() > 0 && list[std::size_t(0)].kind() == DatumKind::List;
        if (raw.sentences.size() == 1 && !nested) {
            raw.sentences.front().*words = textsOf(list);
        } else if (list.size() != raw.sentences.size()) {
            continue;
        } else {
            for (std::size_t i = 0; i < list.size(); ++i)
                raw.sentences[i].*words = nested ? textsOf(list[i]) : wordsOf(list[i].text().value_or(""));
        }
        raw.statements.push_back(std::string("The ") + side + " words are those of the array " + name + ".");
        return;
    }
}

/// Adds the sentences of one array, of shape (sentences or heads,) rows, columns. `total` counts the numbers
/// of all arrays against the limit; with `several` arrays a sentence's name has the array's in front.
void takeArray(const Archive& archive, std::size_t index, bool several, const std::string& path,
               const DumpOptions& options, std::size_t& total, RawDump& raw) {
    const ArrayInfo& array = archive.arrays()[index];
    const auto& shape = array.shape;
    const std::size_t axes = shape.size();
    const std::int64_t rows = shape[axes - 2], columns = shape[axes - 1];
    const auto count = static_cast<std::size_t>(array.elements());
    if (rows < 1 || columns < 1 || rows > mostDumpWords || columns > mostDumpWords ||
        (total += count) > mostDumpNumbers)
        throw Error(ErrorKind::Limit, path + ", array " + array.name + ": " + shapeText(array) +
                                          "; read are 1 to " + std::to_string(mostDumpWords) +
                                          " words a side and " + std::to_string(mostDumpNumbers) +
                                          " weights altogether.");
    std::int64_t sentences = 1, heads = 1;
    if (axes == 4) {
        sentences = shape[0];
        heads = shape[1];
    } else if (axes == 3) {
        if (shape[0] > 1 && !options.axis)
            throw DumpQuestion(DumpField::Axis,
                               path + ", array " + array.name + ", is " + shapeText(array) +
                                   ": state whether its first axis counts sentences or heads.");
        (options.axis == DumpAxis::Heads ? heads : sentences) = shape[0];
    }
    if (sentences > static_cast<std::int64_t>(mostDumpSentences) || raw.sentences.size() > mostDumpSentences)
        throw Error(ErrorKind::Limit,
                    path + " holds more than " + std::to_string(mostDumpSentences) + " sentences.");
    raw.padded = raw.padded || sentences > 1;
    std::vector<float> numbers(count);
    archive.read(static_cast<int>(index), numbers);
    for (std::size_t i = 0; i < count; ++i)
        if (!std::isfinite(numbers[i]) || numbers[i] < 0)
            throw Error(ErrorKind::Data,
                        path + ", array " + array.name + ", number " + std::to_string(i + 1) +
                            ": a weight is a number from 0 on, found " + std::to_string(numbers[i]) + ".");
    const float* at = numbers.data();
    for (std::int64_t s = 0; s < sentences; ++s) {
        RawSentence sentence;
        sentence.where = path + ", array " + array.name;
        sentence.name = array.name;
        if (sentences > 1) {
            sentence.where += ", sentence " + std::to_string(s + 1);
            sentence.name = (several ? array.name + ", " : "") + std::to_string(s + 1);
        } else if (archive.kind() == ContainerKind::Npy) {
            sentence.name = "1";
        }
        sentence.line = raw.sentences.size();
        for (std::int64_t h = 0; h < heads; ++h) {
            Matrix<float> map(static_cast<int>(rows), static_cast<int>(columns));
            std::copy(at, at + map.size(), map.data());
            at += map.size();
            sentence.maps.push_back(std::move(map));
        }
        raw.sentences.push_back(std::move(sentence));
    }
}

} // namespace

RawDump readNumpy(const std::string& path, const DumpOptions& options) {
    const ArchivePtr archive = openArchive(path);
    if (archive->kind() != ContainerKind::Npy && archive->kind() != ContainerKind::Npz)
        throw Error(ErrorKind::Data, path + " is no .npy or .npz file but a file of " +
                                         std::string(toText(archive->kind())) + ".");
    const auto& arrays = archive->arrays();
    std::vector<std::size_t> chosen;
    std::string names;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        if (i < 10) names += "\n  " + arrays[i].name + ": " + shapeText(arrays[i]);
        const std::size_t axes = arrays[i].shape.size();
        if (axes >= 2 && axes <= 4 && isFloat(arrays[i].type) &&
            (arrays.size() == 1 || speaksOfAttention(arrays[i].name)))
            chosen.push_back(i);
    }
    if (chosen.empty())
        throw Error(ErrorKind::Data,
                    path +
                        " holds no array of attention: one of real numbers with two to four axes, "
                        "and, among several, with \"attention\", \"attn\" or \"align\" in its name. "
                        "It holds:" +
                        names);
    RawDump raw;
    raw.format = DumpFormat::Numpy;
    std::size_t total = 0;
    for (const std::size_t index : chosen)
        takeArray(*archive, index, chosen.size() > 1, path, options, total, raw);
    takeTexts(archive->data(), "source", {"source", "src", "encoder"}, &RawSentence::source, raw);
    takeTexts(archive->data(), "target", {"target", "tgt", "trg", "hyp", "decoder"}, &RawSentence::target,
              raw);
    const ArrayInfo& first = arrays[chosen.front()];
    raw.statements.push_back(
        (chosen.size() == 1 ? "One array, " + shapeText(first)
                            : std::to_string(chosen.size()) + " arrays, the first, " + first.name + ", " +
                                  shapeText(first)) +
        (first.shape.size() == 4   ? ": sentences (or layers), heads, rows, columns."
         : first.shape.size() == 2 ? ": rows, columns."
         : options.axis == DumpAxis::Heads
             ? ": heads, rows, columns; as stated."
             : ": sentences, rows, columns" + std::string(options.axis ? "; as stated." : ".")));
    return raw;
}

} // namespace attn
