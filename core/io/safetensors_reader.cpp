// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/json_text.h"
#include "core/io/safetensors.h"

static_assert(std::endian::native == std::endian::little,
              "the format is little-endian, and so is this reader");

namespace attn {

namespace {

using nlohmann::json;

constexpr std::size_t lengthBytes = 8;

/// A tensor's entry of the header, once its types are known to be right.
struct Entry {
    TensorView view;
    std::uint64_t begin = 0, end = 0; ///< bytes after the header
};

std::string bytesText(std::uint64_t n) {
    return std::to_string(n) + (n == 1 ? " byte" : " bytes");
}

/// What a file that is no safetensors file probably is.
std::string guess(std::span<const std::byte> bytes) {
    const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                                 std::min<std::size_t>(bytes.size(), 8));
    if (start.starts_with("PK\x03\x04"))
        return " (it is a zip archive, as PyTorch's .pt and NumPy's .npz files are)";
    if (start.starts_with("\x89HDF")) return " (it is an HDF5 file, as Keras's .h5 files are)";
    if (start.starts_with("\x80\x02") || start.starts_with("\x80\x03") || start.starts_with("\x80\x04"))
        return " (it is a Python pickle, as old .pt files are)";
    if (!start.empty() && std::all_of(start.begin(), start.end(), [](unsigned char c) {
            return c >= 0x20 || c == '\n' || c == '\r' || c == '\t';
        }))
        return " (it looks like text)";
    return "";
}

/// The header's text, copied so that it cannot change under the parser.
std::string readHeader(const MappedFile& file) {
    const auto bytes = file.bytes();
    const auto refuse = [&](ErrorKind kind, const std::string& why) {
        throw Error(kind, file.path() + ": is not a safetensors file: " + why + guess(bytes));
    };
    if (bytes.empty()) refuse(ErrorKind::Data, "it is empty");
    if (bytes.size() < lengthBytes)
        refuse(ErrorKind::Data,
               "it has " + bytesText(bytes.size()) + ", fewer than the 8 of a header's length");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), lengthBytes);
    if (length == 0) refuse(ErrorKind::Data, "the header's length is 0");
    if (length > bytes.size() - lengthBytes)
        refuse(ErrorKind::Data, "the header's length is given as " + bytesText(length) + ", but only " +
                                    bytesText(bytes.size() - lengthBytes) +
                                    " follow; it may have been cut short");
    if (length > longestHeader)
        refuse(ErrorKind::Limit, "the header has " + bytesText(length) + ", more than the " +
                                     std::to_string(longestHeader) + " the format allows");
    std::string header(reinterpret_cast<const char*>(bytes.data()) + lengthBytes,
                       static_cast<std::size_t>(length));
    if (header.front() != '{') refuse(ErrorKind::Data, "the header does not start with '{'");
    return header;
}

void readMetadata(const json& object, std::map<std::string, std::string>& metadata, Findings& faults) {
    if (!object.is_object()) {
        faults.push_back({Severity::Fault, "__metadata__", "expected an object, found " + brief(object)});
        return;
    }
    for (const auto& [key, value] : object.items()) {
        if (value.is_string())
            metadata[key] = value.get<std::string>();
        else
            faults.push_back(
                {Severity::Fault, "__metadata__." + key, "expected a string, found " + brief(value)});
    }
}

/// A list of whole numbers from 0; the library would turn -1 and 2^64 into something else silently.
std::optional<std::vector<std::uint64_t>> wholeNumbers(const json& list) {
    if (!list.is_array()) return std::nullopt;
    std::vector<std::uint64_t> numbers;
    for (const json& item : list) {
        if (!item.is_number_unsigned()) return std::nullopt;
        numbers.push_back(item.get<std::uint64_t>());
    }
    return numbers;
}

/// How many bytes a tensor of that shape takes; nothing if the number does not fit 64 bits.
std::optional<std::uint64_t> bitsOf(const std::vector<std::uint64_t>& shape, Dtype dtype) {
    std::uint64_t product = static_cast<std::uint64_t>(bits(dtype));
    bool overflow = false;
    for (const std::uint64_t size : shape) {
        if (size == 0) return 0;
        overflow = overflow || __builtin_mul_overflow(product, size, &product);
    }
    if (overflow) return std::nullopt;
    return product;
}

std::optional<Entry> readEntry(const std::string& name, const json& object, Findings& faults) {
    const std::size_t before = faults.size();
    const auto fault = [&](const std::string& text) { faults.push_back({Severity::Fault, name, text}); };
    Entry entry;
    entry.view.name = name;
    if (name.empty()) fault("a tensor has an empty name");
    if (!object.is_object()) {
        fault("expected an object with dtype, shape and data_offsets, found " + brief(object));
        return std::nullopt;
    }
    std::optional<Dtype> dtype;
    std::optional<std::vector<std::uint64_t>> shape, offsets;
    if (const auto at = object.find("dtype"); at == object.end()) {
        fault("dtype is missing");
    } else {
        if (at->is_string()) dtype = fromText<Dtype>(at->get_ref<const std::string&>());
        if (!dtype) fault("unknown dtype " + brief(*at) + "; known are " + allNames<Dtype>());
    }
    if (const auto at = object.find("shape"); at == object.end())
        fault("shape is missing");
    else if (shape = wholeNumbers(*at); !shape)
        fault("shape must be a list of whole numbers from 0 to 2^64 - 1, found " + brief(*at));
    if (const auto at = object.find("data_offsets"); at == object.end())
        fault("data_offsets is missing");
    else if (offsets = wholeNumbers(*at); !offsets || offsets->size() != 2) {
        fault("data_offsets must be two whole numbers from 0 to 2^64 - 1, found " + brief(*at));
        offsets.reset();
    }
    for (const auto& [key, ignored] : object.items())
        if (key != "dtype" && key != "shape" && key != "data_offsets")
            fault("unknown field " + brief(json(key)));
    if (offsets) {
        entry.begin = (*offsets)[0];
        entry.end = (*offsets)[1];
        if (entry.begin > entry.end)
            fault("data_offsets end at " + std::to_string(entry.end) + ", before they begin at " +
                  std::to_string(entry.begin));
    }
    if (dtype && shape) {
        entry.view.dtype = *dtype;
        entry.view.shape = *shape;
        const auto expected = bitsOf(*shape, *dtype);
        const std::string what = std::string(toText(*dtype)) + " of shape " + brief(object["shape"]);
        if (!expected)
            fault(what + " takes more bytes than 64 bits can count");
        else if (*expected % 8 != 0)
            fault(what + " does not fill whole bytes");
        else if (offsets && entry.begin <= entry.end && entry.end - entry.begin != *expected / 8)
            fault(what + " takes " + bytesText(*expected / 8) + ", but data_offsets span " +
                  bytesText(entry.end - entry.begin));
    }
    if (faults.size() != before) return std::nullopt;
    return entry;
}

/// Every byte after the header belongs to exactly one tensor.
void checkLayout(const std::vector<Entry>& entries, std::uint64_t available, Findings& faults) {
    std::uint64_t position = 0;
    std::string previous;
    for (const Entry& entry : entries) {
        const std::string after = previous.empty() ? "the header's end" : "the end of " + previous;
        if (entry.begin > position)
            faults.push_back({Severity::Fault, entry.view.name,
                              "begins at " + std::to_string(entry.begin) + " and leaves a hole of " +
                                  bytesText(entry.begin - position) + " after " + after});
        if (entry.begin < position)
            faults.push_back({Severity::Fault, entry.view.name,
                              "begins at " + std::to_string(entry.begin) + " and overlaps " + previous +
                                  ", which ends at " + std::to_string(position)});
        if (entry.end > available)
            faults.push_back({Severity::Fault, entry.view.name,
                              "ends at " + std::to_string(entry.end) + ", but only " + bytesText(available) +
                                  " follow the header; the file may have been cut short"});
        if (entry.end >= position) {
            position = entry.end;
            previous = entry.view.name;
        }
    }
    if (position < available)
        faults.push_back({Severity::Fault, "",
                          bytesText(available - position) + " at the end of the file belong to no tensor"});
}

template <typename Stored, typename ToFloat>
void copyOut(std::span<const std::byte> bytes, Matrix<float>& to, ToFloat&& toFloat) {
    for (std::size_t i = 0; i < to.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
        to.data()[i] = toFloat(stored);
    }
}

} // namespace

int bits(Dtype type) {
    switch (type) {
        case Dtype::F4:
            return 4;
        case Dtype::F6E2M3:
        case Dtype::F6E3M2:
            return 6;
        case Dtype::Bool:
        case Dtype::U8:
        case Dtype::I8:
        case Dtype::F8E5M2:
        case Dtype::F8E4M3:
        case Dtype::F8E8M0:
        case Dtype::F8E4M3Fnuz:
        case Dtype::F8E5M2Fnuz:
            return 8;
        case Dtype::I16:
        case Dtype::U16:
        case Dtype::F16:
        case Dtype::BF16:
            return 16;
        case Dtype::I32:
        case Dtype::U32:
        case Dtype::F32:
            return 32;
        case Dtype::C64:
        case Dtype::F64:
        case Dtype::I64:
        case Dtype::U64:
            return 64;
    }
    throw Error(ErrorKind::Bug, "a dtype without a size");
}

SafetensorsFile::SafetensorsFile(MappedFile file) : m_file(std::move(file)) {
    const std::string headline = path() + ": is not a sound safetensors file:";
    const std::string header = readHeader(m_file);
    Findings faults;
    const json root = parseJson(header, "the header", faults, {.depth = 4, .values = 10'000'000});
    throwFaults(ErrorKind::Data, headline, firstOf(faults));

    std::vector<Entry> entries;
    for (const auto& [name, value] : root.items()) {
        if (name == "__metadata__")
            readMetadata(value, m_metadata, faults);
        else if (auto entry = readEntry(name, value, faults))
            entries.push_back(std::move(*entry));
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    const auto data = m_file.bytes().subspan(lengthBytes + header.size());
    // A tensor that was refused leaves a hole that is not one: the layout is judged only when all are known.
    if (faults.empty()) checkLayout(entries, data.size(), faults);
    throwFaults(ErrorKind::Data, headline, firstOf(faults));

    for (Entry& entry : entries) {
        entry.view.bytes = data.subspan(entry.begin, entry.end - entry.begin);
        m_tensors.push_back(std::move(entry.view));
    }
}

const TensorView* SafetensorsFile::find(std::string_view name) const {
    const auto at = std::find_if(m_tensors.begin(), m_tensors.end(),
                                 [&](const TensorView& tensor) { return tensor.name == name; });
    return at == m_tensors.end() ? nullptr : &*at;
}

Matrix<float> toFloat(const TensorView& tensor, Findings& faults) {
    const auto refuse = [&](const std::string& why) {
        faults.push_back({Severity::Fault, tensor.name, why});
        return Matrix<float>();
    };
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    if (tensor.shape.size() > 2)
        return refuse("has shape " + shapeText(tensor.shape) + "; expected at most two dimensions");
    for (const std::uint64_t size : tensor.shape)
        if (size > largest)
            return refuse("has shape " + shapeText(tensor.shape) + "; a dimension may be at most " +
                          std::to_string(largest));
    const int rows = tensor.shape.size() == 2 ? static_cast<int>(tensor.shape[0]) : 1;
    const int cols = tensor.shape.empty() ? 1 : static_cast<int>(tensor.shape.back());

    Matrix<float> values(rows, cols);
    switch (tensor.dtype) {
        case Dtype::F32:
            copyOut<float>(tensor.bytes, values, [](float x) { return x; });
            break;
        case Dtype::F64:
            copyOut<double>(tensor.bytes, values, [](double x) { return static_cast<float>(x); });
            break;
        case Dtype::F16:
            copyOut<std::uint16_t>(tensor.bytes, values, [](std::uint16_t x) {
                return static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(x));
            });
            break;
        case Dtype::BF16: // the upper half of a single-precision number
            copyOut<std::uint16_t>(tensor.bytes, values, [](std::uint16_t x) {
                return std::bit_cast<float>(static_cast<std::uint32_t>(x) << 16);
            });
            break;
        default:
            return refuse("unsupported dtype " + std::string(toText(tensor.dtype)) +
                          "; expected F32, F16, BF16 or F64");
    }
    std::size_t wrong = 0, first = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values.data()[i]) && wrong++ == 0) first = i;
    if (wrong == 0) return values;
    const auto columns = static_cast<std::size_t>(cols);
    const std::string index =
        rows > 1 ? "row " + std::to_string(first / columns) + ", column " + std::to_string(first % columns)
                 : "index " + std::to_string(first);
    return refuse(std::to_string(wrong) + " of " + std::to_string(values.size()) +
                  " numbers are not finite in single precision, the first at " + index);
}

Findings firstOf(const Findings& findings, std::size_t most) {
    constexpr std::size_t longest = 500; // bytes: names and texts come from the file and may be endless
    Findings first(findings.begin(),
                   findings.begin() + static_cast<std::ptrdiff_t>(std::min(most, findings.size())));
    for (Finding& finding : first) {
        finding.where = shortened(std::move(finding.where), longest);
        finding.text = shortened(std::move(finding.text), longest);
    }
    if (findings.size() > most)
        first.push_back({Severity::Fault, "", "and " + std::to_string(findings.size() - most) + " more"});
    return first;
}

} // namespace attn
