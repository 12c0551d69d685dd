// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/array_layout.h"

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cstring>

#include "core/base/error.h"

static_assert(std::endian::native == std::endian::little,
              "what is not marked as big-endian is read as it is");

namespace attn {

namespace {

constexpr std::size_t mostDimensions = 64; // as many as any of the toolkits allows

/// `count` elements that stand `step` bytes apart.
template <typename Stored, typename Convert>
void convert(const std::byte* from, std::ptrdiff_t step, std::size_t count, bool bigEndian, float* out,
             Convert&& toFloat) {
    const auto read = [](const std::byte* at) {
        Stored stored;
        std::memcpy(&stored, at, sizeof stored);
        return stored;
    };
    if (bigEndian)
        for (std::size_t i = 0; i < count; ++i, from += step) {
            std::byte swapped[sizeof(Stored)];
            std::reverse_copy(from, from + sizeof(Stored), swapped);
            out[i] = toFloat(read(swapped));
        }
    else if (step == sizeof(Stored)) // a loop of its own, which the compiler makes vectors of
        for (std::size_t i = 0; i < count; ++i) out[i] = toFloat(read(from + i * sizeof(Stored)));
    else
        for (std::size_t i = 0; i < count; ++i, from += step) out[i] = toFloat(read(from));
}

void convertRow(ElementType type, const std::byte* from, std::ptrdiff_t step, std::size_t count,
                bool bigEndian, float* out) {
    const auto plain = [](auto x) { return static_cast<float>(x); };
    switch (type) {
        case ElementType::F64:
            return convert<double>(from, step, count, bigEndian, out, plain);
        case ElementType::F32:
            return convert<float>(from, step, count, bigEndian, out, plain);
        case ElementType::F16:
            return convert<std::uint16_t>(from, step, count, bigEndian, out, [](std::uint16_t x) {
                return static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(x));
            });
        case ElementType::BF16: // the upper half of a single-precision number
            return convert<std::uint16_t>(from, step, count, bigEndian, out, [](std::uint16_t x) {
                return std::bit_cast<float>(static_cast<std::uint32_t>(x) << 16);
            });
        case ElementType::I64:
            return convert<std::int64_t>(from, step, count, bigEndian, out, plain);
        case ElementType::I32:
            return convert<std::int32_t>(from, step, count, bigEndian, out, plain);
        case ElementType::I16:
            return convert<std::int16_t>(from, step, count, bigEndian, out, plain);
        case ElementType::I8:
            return convert<std::int8_t>(from, step, count, bigEndian, out, plain);
        case ElementType::U8:
            return convert<std::uint8_t>(from, step, count, bigEndian, out, plain);
        case ElementType::Bool:
            return convert<std::uint8_t>(from, step, count, bigEndian, out,
                                         [](std::uint8_t x) { return x ? 1.0F : 0.0F; });
    }
}

/// Calls row(first element of the row in the storage, its place in the result) for each row along the last
/// dimension.
template <typename Row>
void forEachRow(const ArrayLayout& layout, Row&& row) {
    const std::int64_t elements = layout.elements();
    if (elements == 0) return;
    const std::size_t rank = layout.shape.size();
    const std::int64_t length = rank ? layout.shape.back() : 1;
    std::vector<std::int64_t> index(rank, 0);
    std::int64_t from = layout.offset;
    for (std::int64_t to = 0; to < elements; to += length) {
        row(from, to);
        for (std::size_t k = rank; k-- > 1;) {
            const std::size_t d = k - 1;
            from += layout.strides[d];
            if (++index[d] < layout.shape[d]) break;
            from -= layout.strides[d] * layout.shape[d];
            index[d] = 0;
        }
    }
}

} // namespace

int bytesOf(ElementType type) {
    switch (type) {
        case ElementType::F64:
        case ElementType::I64:
            return 8;
        case ElementType::F32:
        case ElementType::I32:
            return 4;
        case ElementType::F16:
        case ElementType::BF16:
        case ElementType::I16:
            return 2;
        case ElementType::I8:
        case ElementType::U8:
        case ElementType::Bool:
            return 1;
    }
    throw Error(ErrorKind::Bug, "an element type without a size");
}

ArrayLayout ArrayLayout::rowMajor(ElementType type, std::vector<std::int64_t> shape) {
    ArrayLayout layout{type, std::move(shape), {}, 0, false};
    layout.strides.resize(layout.shape.size());
    std::int64_t stride = 1;
    for (std::size_t k = layout.shape.size(); k-- > 0;) {
        layout.strides[k] = stride;
        // Where the product is too large faultOf() says so; until then it must only be defined.
        if (__builtin_mul_overflow(stride, std::max<std::int64_t>(layout.shape[k], 1), &stride)) stride = 1;
    }
    return layout;
}

std::int64_t ArrayLayout::elements() const {
    std::int64_t product = 1;
    for (const std::int64_t size : shape) {
        if (size == 0) return 0;
        product *= size;
    }
    return product;
}

bool ArrayLayout::contiguous() const {
    std::int64_t stride = 1;
    for (std::size_t k = shape.size(); k-- > 0;) {
        if (shape[k] == 0) return true;
        if (shape[k] != 1 && strides[k] != stride) return false;
        stride *= shape[k];
    }
    return true;
}

std::string faultOf(const ArrayLayout& layout, std::int64_t storageElements) {
    const auto list = [](const std::vector<std::int64_t>& numbers) {
        std::string text = "[";
        for (std::size_t i = 0; i < numbers.size(); ++i) text += (i ? ", " : "") + std::to_string(numbers[i]);
        return text + "]";
    };
    const auto& [type, shape, strides, offset, bigEndian] = layout;
    if (shape.size() > mostDimensions)
        return "has " + std::to_string(shape.size()) + " dimensions; at most " +
               std::to_string(mostDimensions) + " are read";
    if (strides.size() != shape.size())
        return "has " + std::to_string(shape.size()) + " sizes, but " + std::to_string(strides.size()) +
               " strides";
    const auto negative = [](std::int64_t x) { return x < 0; };
    if (std::any_of(shape.begin(), shape.end(), negative))
        return "has shape " + list(shape) + "; a size cannot be negative";
    if (std::any_of(strides.begin(), strides.end(), negative))
        return "has strides " + list(strides) + "; negative ones are not read";
    if (offset < 0) return "begins at element " + std::to_string(offset) + " of its storage";
    if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return "";

    std::int64_t product = bytesOf(type), last = offset;
    bool overflow = false;
    for (std::size_t k = 0; k < shape.size(); ++k) {
        std::int64_t reach = 0;
        overflow = overflow || __builtin_mul_overflow(product, shape[k], &product) ||
                   __builtin_mul_overflow(shape[k] - 1, strides[k], &reach) ||
                   __builtin_add_overflow(last, reach, &last);
    }
    if (overflow) return "has shape " + list(shape) + ", which takes more bytes than 64 bits can count";
    if (last >= storageElements)
        return "of shape " + list(shape) + ", strides " + list(strides) + " and offset " +
               std::to_string(offset) + " reaches element " + std::to_string(last) +
               ", but its storage has only " + std::to_string(storageElements);
    return "";
}

bool allFinite(std::span<const float> values) {
    // An exponent of ones. Whole numbers, unlike sums, may be gathered in any order, so this is made of
    // vectors.
    constexpr std::uint32_t exponent = 0x7F800000U;
    std::uint32_t found = 0;
    for (const float x : values) found |= (std::bit_cast<std::uint32_t>(x) & exponent) == exponent ? 1U : 0U;
    return found == 0;
}

void toFloats(ElementType type, bool bigEndian, const std::byte* bytes, std::size_t count, float* out) {
    convertRow(type, bytes, bytesOf(type), count, bigEndian, out);
}

void gather(const ArrayLayout& layout, std::span<const std::byte> storage, std::span<float> out) {
    const std::ptrdiff_t size = bytesOf(layout.type);
    const std::int64_t length = layout.shape.empty() ? 1 : layout.shape.back();
    const std::int64_t stride = layout.strides.empty() ? 1 : layout.strides.back();
    forEachRow(layout, [&](std::int64_t from, std::int64_t to) {
        convertRow(layout.type, storage.data() + from * size, stride * size, static_cast<std::size_t>(length),
                   layout.bigEndian, out.data() + to);
    });
}

void gather(const ArrayLayout& layout, std::span<const std::byte> storage, std::string& out) {
    const std::int64_t length = layout.shape.empty() ? 1 : layout.shape.back();
    const std::int64_t stride = layout.strides.empty() ? 1 : layout.strides.back();
    out.resize(static_cast<std::size_t>(layout.elements()));
    forEachRow(layout, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = 0; i < length; ++i)
            out[static_cast<std::size_t>(to + i)] =
                static_cast<char>(storage[static_cast<std::size_t>(from + i * stride)]);
    });
}

} // namespace attn
