// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/enum_text.h"
#include "core/base/error.h"
#include "core/base/matrix.h"
#include "core/io/mapped_file.h"

namespace attn {

/// Bytes that the format allows a header.
inline constexpr std::uint64_t longestHeader = 100'000'000;

/// The element types that the safetensors format knows. F32, F16, BF16 and F64 can be turned to numbers here.
enum class Dtype {
    Bool,
    F4,
    F6E2M3,
    F6E3M2,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E8M0,
    F8E4M3Fnuz,
    F8E5M2Fnuz,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64,
};
template <>
struct EnumNames<Dtype> {
    static constexpr std::array names{
        std::pair{Dtype::Bool, std::string_view("BOOL")},
        std::pair{Dtype::F4, std::string_view("F4")},
        std::pair{Dtype::F6E2M3, std::string_view("F6_E2M3")},
        std::pair{Dtype::F6E3M2, std::string_view("F6_E3M2")},
        std::pair{Dtype::U8, std::string_view("U8")},
        std::pair{Dtype::I8, std::string_view("I8")},
        std::pair{Dtype::F8E5M2, std::string_view("F8_E5M2")},
        std::pair{Dtype::F8E4M3, std::string_view("F8_E4M3")},
        std::pair{Dtype::F8E8M0, std::string_view("F8_E8M0")},
        std::pair{Dtype::F8E4M3Fnuz, std::string_view("F8_E4M3FNUZ")},
        std::pair{Dtype::F8E5M2Fnuz, std::string_view("F8_E5M2FNUZ")},
        std::pair{Dtype::I16, std::string_view("I16")},
        std::pair{Dtype::U16, std::string_view("U16")},
        std::pair{Dtype::F16, std::string_view("F16")},
        std::pair{Dtype::BF16, std::string_view("BF16")},
        std::pair{Dtype::I32, std::string_view("I32")},
        std::pair{Dtype::U32, std::string_view("U32")},
        std::pair{Dtype::F32, std::string_view("F32")},
        std::pair{Dtype::C64, std::string_view("C64")},
        std::pair{Dtype::F64, std::string_view("F64")},
        std::pair{Dtype::I64, std::string_view("I64")},
        std::pair{Dtype::U64, std::string_view("U64")},
    };
};

/// Bits of one element.
int bits(Dtype type);

/// A tensor as it stands in a mapped file.
struct TensorView {
    std::string name;
    Dtype dtype = Dtype::F32;
    std::vector<std::uint64_t> shape; ///< empty: a scalar
    std::span<const std::byte> bytes; ///< row-major, little-endian
};

/// "[512, 64]"; "[]" for a scalar.
template <typename Integer>
std::string shapeText(const std::vector<Integer>& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

/// A safetensors file: eight bytes with the length of a JSON header, the header, the tensors end to end.
/// Stricter than the format's reference reader; nothing is read before it was checked.
class SafetensorsFile {
public:
    /// Throws Error(Data) that starts with the path and lists every fault by tensor (the first 50);
    /// Error(Limit) for a header above 100,000,000 bytes.
    explicit SafetensorsFile(const std::string& path) : SafetensorsFile(MappedFile(path)) {}
    explicit SafetensorsFile(MappedFile file);

    const std::string& path() const { return m_file.path(); }
    const std::map<std::string, std::string>& metadata() const { return m_metadata; }
    /// In the order of their bytes.
    const std::vector<TensorView>& tensors() const { return m_tensors; }
    /// nullptr if there is none.
    const TensorView* find(std::string_view name) const;
    /// To be called after the last number was copied out. Throws Error(Data).
    void throwIfChanged() const { m_file.throwIfChanged(); }

private:
    MappedFile m_file;
    std::map<std::string, std::string> m_metadata;
    std::vector<TensorView> m_tensors;
};

/// Copies a tensor of rank 0 (1 x 1), 1 (1 x n) or 2 out of the file. A type that is not F32, F16, BF16 or
/// F64, a higher rank, NaN, infinity, and an F64 beyond single precision are faults; the result is then
/// empty.
Matrix<float> toFloat(const TensorView& tensor, Findings& faults);

/// A tensor to be written. `values` is borrowed and has as many numbers as the shape says.
struct TensorToWrite {
    std::string name;
    std::vector<int> shape;
    std::span<const float> values;
};

/// Writes the tensors in the order given as `dtype` (F32 or F16), under a temporary name first (AtomicFile).
/// The header is padded with spaces so that numbers start at a multiple of 8 bytes.
/// Throws Error(Output) naming path and reason; Error(Argument) for a name that stands twice or is empty, a
/// number that is not finite, or one above 65504 in size where F16 is asked for, naming the tensor, and for a
/// header above the format's limit.
void writeSafetensors(const std::string& path,
                      const std::vector<std::pair<std::string, std::string>>& metadata,
                      const std::vector<TensorToWrite>& tensors, Dtype dtype);

/// What reading back gives after the numbers were written as F16; those beyond F16 stay as they are.
Matrix<float> roundedToHalf(const Matrix<float>& values);

/// The first `most` of the findings, their texts cut to a readable length, and how many more there are.
Findings firstOf(const Findings& findings, std::size_t most = 50);

} // namespace attn
