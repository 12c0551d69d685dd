// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/npy_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t mostTextBytes = 1'000'000; // of one element

/// The dictionary, word by word:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } and nothing behind it but blanks.
class DictionaryReader {
public:
    DictionaryReader(std::string_view text, const std::string& where) : m_text(text), m_where(where) {}

    std::string descr;
    bool fortranOrder = false;
    std::vector<std::int64_t> shape;

    void read() {
        bool seen[3] = {};
        expect('{');
        while (!at('}')) {
            const std::string key = quoted();
            const int index = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
            if (index < 0 || seen[index])
                fault("the key '" + shortened(key, 40) + "' is unknown or stands twice");
            seen[index] = true;
            expect(':');
            if (index == 0)
                descr = type();
            else if (index == 1)
                fortranOrder = truth();
            else
                shape = tuple();
            if (!at('}')) expect(',');
        }
        expect('}');
        skipBlanks();
        if (!m_text.empty()) fault("something follows the dictionary");
        if (!seen[0] || !seen[1] || !seen[2]) fault("descr, fortran_order or shape is missing");
    }

private:
    [[noreturn]] void fault(const std::string& what) const {
        throw Error(ErrorKind::Data, m_where + ": the header of the NumPy array is not one: " + what);
    }
    void skipBlanks() { m_text.remove_prefix(std::min(m_text.find_first_not_of(" \t\r\n"), m_text.size())); }
    bool at(char letter) {
        skipBlanks();
        return m_text.starts_with(letter);
    }
    void expect(char letter) {
        if (!at(letter))
            fault(std::string("expected ") + letter + ", found \"" + soundUtf8(m_text.substr(0, 10)) + "\"");
        m_text.remove_prefix(1);
    }
    std::string quoted() {
        const char quote = at('"') ? '"' : '\'';
        expect(quote);
        const std::size_t end = m_text.find(quote);
        if (end == std::string_view::npos) fault("a text does not end");
        const std::string text = soundUtf8(m_text.substr(0, end));
        m_text.remove_prefix(end + 1);
        return text;
    }
    std::string type() {
        if (at('[') || at('('))
            throw Error(ErrorKind::Unsupported,
                        m_where + ": is an array of records; arrays of numbers and of text are read");
        return quoted();
    }
    bool truth() {
        skipBlanks();
        for (const std::string_view word : {"True", "False"})
            if (m_text.starts_with(word)) {
                m_text.remove_prefix(word.size());
                return word == "True";
            }
        fault("fortran_order is neither True nor False");
    }
    std::vector<std::int64_t> tuple() {
        std::vector<std::int64_t> numbers;
        expect('(');
        while (!at(')')) {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), number);
            if (error != std::errc() || number < 0) fault("a size is no whole number from 0 to 2^63 - 1");
            m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
            if (m_text.starts_with('L')) m_text.remove_prefix(1); // as Python 2 wrote long ones
            numbers.push_back(number);
            if (!at(')')) expect(',');
        }
        expect(')');
        return numbers;
    }

    std::string_view m_text;
    const std::string& m_where;
};

/// Fills in what the type's text, "<f4", says of the elements.
void readType(const std::string& descr, NpyHeader& header, const std::string& where) {
    const auto refuse = [&](const std::string& what) {
        throw Error(ErrorKind::Unsupported,
                    where + ": has elements of type '" + shortened(descr, 40) + "'" + what);
    };
    std::string_view type = descr;
    if (!type.empty() && std::string_view("<>|=").find(type[0]) != std::string_view::npos) {
        header.layout.bigEndian = type[0] == '>';
        type.remove_prefix(1);
    }
    constexpr std::array numbers{std::pair{std::string_view("f8"), ElementType::F64},
                                 std::pair{std::string_view("f4"), ElementType::F32},
                                 std::pair{std::string_view("f2"), ElementType::F16},
                                 std::pair{std::string_view("i8"), ElementType::I64},
                                 std::pair{std::string_view("i4"), ElementType::I32},
                                 std::pair{std::string_view("i2"), ElementType::I16},
                                 std::pair{std::string_view("i1"), ElementType::I8},
                                 std::pair{std::string_view("u1"), ElementType::U8},
                                 std::pair{std::string_view("b1"), ElementType::Bool}};
    for (const auto& [name, element] : numbers)
        if (type == name) {
            header.layout.type = element;
            header.elementBytes = static_cast<std::size_t>(bytesOf(element));
            return;
        }
    header.isText = type.starts_with('U');
    header.isByteText = type.starts_with('S');
    if (header.isText || header.isByteText) {
        const char* end = type.data() + type.size();
        const auto [at, error] = std::from_chars(type.data() + 1, end, header.elementBytes);
        if (error != std::errc() || at != end || header.elementBytes > mostTextBytes)
            refuse(", which is no length of text that is read");
        if (header.isText) header.elementBytes *= 4;
        return;
    }
    if (type.starts_with('O'))
        refuse(": Python objects, which are not read; save it as an array of numbers or of text");
    refuse("; float16 to float64, int8 to int64, uint8, bool and text are read");
}

/// The text of one element without its zeros at the end.
std::string textOf(const NpyHeader& header, const std::byte* bytes) {
    std::string text(reinterpret_cast<const char*>(bytes), header.elementBytes);
    if (header.isByteText) {
        text.erase(text.find_last_not_of('\0') + 1);
        return soundUtf8(text);
    }
    std::u32string characters(header.elementBytes / 4, U'\0');
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (header.layout.bigEndian)
            std::reverse(text.begin() + static_cast<std::ptrdiff_t>(4 * i),
                         text.begin() + static_cast<std::ptrdiff_t>(4 * i + 4));
        std::uint32_t character = 0;
        std::memcpy(&character, text.data() + 4 * i, sizeof character);
        characters[i] = character;
    }
    characters.erase(characters.find_last_not_of(U'\0') + 1);
    std::string utf8;
    for (const char32_t character : characters) appendUtf8(utf8, character);
    return utf8;
}

} // namespace

NpyHeader readNpyHeader(std::span<const std::byte> start, std::uint64_t fileSize, const std::string& where) {
    const std::string_view bytes(reinterpret_cast<const char*>(start.data()), start.size());
    const auto fault = [&](const std::string& what) { throw Error(ErrorKind::Data, where + ": " + what); };
    const auto byte = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
    };
    if (!bytes.starts_with(magic) || bytes.size() < 12) fault("is no NumPy array: it does not begin as one");
    const std::size_t version = byte(6);
    if (version < 1 || version > 3)
        fault("is a NumPy array of version " + std::to_string(version) + "; 1 to 3 are read");
    NpyHeader header;
    header.begin = version == 1 ? 10 : 12;
    std::size_t length = byte(8) + (byte(9) << 8);
    if (version > 1) length += (byte(10) << 16) + (byte(11) << 24);
    if (length > longestNpyStart - 12)
        fault("the header of the NumPy array is said to have " + std::to_string(length) + " bytes; at most " +
              std::to_string(longestNpyStart - 12) + " are read");
    if (length > bytes.size() - header.begin)
        fault("the header of the NumPy array is cut short: " + std::to_string(length) + " bytes expected, " +
              std::to_string(bytes.size() - header.begin) + " found");
    DictionaryReader dictionary(bytes.substr(header.begin, length), where);
    dictionary.read();
    header.begin += length;
    readType(dictionary.descr, header, where);

    const bool bigEndian = header.layout.bigEndian;
    std::vector<std::int64_t> shape = std::move(dictionary.shape);
    if (dictionary.fortranOrder) std::reverse(shape.begin(), shape.end());
    header.layout = ArrayLayout::rowMajor(header.layout.type, std::move(shape));
    if (dictionary.fortranOrder) {
        std::reverse(header.layout.shape.begin(), header.layout.shape.end());
        std::reverse(header.layout.strides.begin(), header.layout.strides.end());
    }
    header.layout.bigEndian = bigEndian;

    const std::uint64_t payload = fileSize - header.begin;
    const std::int64_t present =
        header.elementBytes ? static_cast<std::int64_t>(payload / header.elementBytes) : 0;
    if (const std::string what = faultOf(header.layout, present); !what.empty()) fault(what);
    if (static_cast<std::uint64_t>(header.layout.elements()) * header.elementBytes != payload)
        fault("its header says " + std::to_string(header.layout.elements()) + " elements of " +
              std::to_string(header.elementBytes) + " bytes, but " + std::to_string(payload) +
              " bytes follow it");
    return header;
}

int addTexts(DataTree& tree, const NpyHeader& header, std::span<const std::byte> elements,
             const std::string& where, std::size_t mostMemory) {
    const auto& shape = header.layout.shape;
    const auto count = static_cast<std::size_t>(header.layout.elements());
    if (count > mostMemory / (2 * sizeof(Datum) + header.elementBytes))
        throw Error(ErrorKind::Limit, where + ": has " + std::to_string(count) +
                                          " texts, which take more than " + std::to_string(mostMemory >> 20) +
                                          " MB");
    std::vector<int> row;
    std::vector<std::int64_t> index(shape.size(), 0);
    for (std::size_t i = 0; i < count; ++i) {
        std::int64_t at = 0;
        for (std::size_t k = 0; k < shape.size(); ++k) at += index[k] * header.layout.strides[k];
        row.push_back(tree.add(
            {.kind = DatumKind::Text,
             .text = textOf(header, elements.data() + static_cast<std::size_t>(at) * header.elementBytes)}));
        for (std::size_t k = shape.size(); k-- > 0 && ++index[k] == shape[k];) index[k] = 0;
    }
    // From the last dimension on, lists of as many as it has.
    for (std::size_t k = shape.size(); k-- > 0;) {
        std::vector<int> lists;
        const auto length = static_cast<std::ptrdiff_t>(shape[k]);
        for (auto from = row.begin(); from != row.end(); from += length)
            lists.push_back(tree.add({.kind = DatumKind::List, .items = {from, from + length}}));
        if (row.empty()) return tree.add({.kind = DatumKind::List});
        row = std::move(lists);
    }
    return row.front();
}

} // namespace attn
