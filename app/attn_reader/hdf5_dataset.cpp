// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn_reader/hdf5_dataset.h"

#include <algorithm>
#include <array>

#include "app/attn_reader/hdf5_attributes.h"
#include "app/attn_reader/hdf5_handle.h"

namespace attn_reader {

namespace {

using attn::Error;
using attn::ErrorKind;

/// Bytes that one deflated byte stands for at most (RFC 1951: 258 for 2 bits).
constexpr std::uint64_t deflateRatio = 1032;

[[noreturn]] void unsupported(const std::string& path, const std::string& what) {
    throw Error(ErrorKind::Unsupported, path + ": " + what);
}

/// How an element type is handed on.
struct Element {
    std::string_view dtype;
    hid_t memory = -1; ///< the type that the library converts to
    std::uint64_t size = 0;
};

hid_t half() {
    const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
    return type;
}

Element elementOf(hid_t dataset, const std::string& path) {
    const Handle stored(H5Dget_type(dataset), H5Tclose, path + ": its element type");
    const std::size_t size = H5Tget_size(stored);
    switch (H5Tget_class(stored)) {
        case H5T_FLOAT: {
            const Handle ordered(H5Tcopy(stored), H5Tclose, path + ": its element type");
            H5Tset_order(ordered, H5T_ORDER_LE);
            if (H5Tequal(ordered, H5T_IEEE_F32LE) > 0) return {"F32", H5T_IEEE_F32LE, 4};
            if (H5Tequal(ordered, H5T_IEEE_F64LE) > 0) return {"F64", H5T_IEEE_F64LE, 8};
            static const hid_t f16 = half();
            if (H5Tequal(ordered, f16) > 0) return {"F16", f16, 2};
            break;
        }
        case H5T_INTEGER: {
            const bool isSigned = H5Tget_sign(stored) == H5T_SGN_2;
            if (size == 1) return isSigned ? Element{"I8", H5T_STD_I8LE, 1} : Element{"U8", H5T_STD_U8LE, 1};
            if (isSigned && size == 2) return {"I16", H5T_STD_I16LE, 2};
            if (isSigned && size == 4) return {"I32", H5T_STD_I32LE, 4};
            if (size == 2 || size == 4 || size == 8) return {"I64", H5T_STD_I64LE, 8};
            break;
        }
        case H5T_OPAQUE:
            if (size == 2 && readTexts(dataset, "dtype", path) == std::vector<std::string>{"bfloat16"})
                return {"BF16", H5Tcopy(stored), 2};
            break;
        case H5T_ENUM: // numpy's bool, as h5py writes it
            if (size == 1) return {"I8", H5Tcopy(stored), 1};
            break;
        default:
            break;
    }
    unsupported(path, "holds elements that are no plain numbers (of " + std::to_string(size) +
                          " bytes); integers and 16, 32 or 64-bit floats are read");
}

/// Refuses data that lie elsewhere or pass through filters whose output cannot be bounded.
bool deflated(hid_t dataset, const std::string& path) {
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose, path + ": its layout");
    const H5D_layout_t layout = H5Pget_layout(properties);
    if (layout == H5D_VIRTUAL)
        unsupported(path, "is a virtual dataset, made of parts of other files, which are not opened");
    if (sound(H5Pget_external_count(properties), path + ": its storage") > 0)
        unsupported(path, "keeps its data in another file, which is not opened");
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        throw Error(ErrorKind::Data, path + ": its layout cannot be read; the file is damaged");
    bool deflates = false;
    const int filters = sound(H5Pget_nfilters(properties), path + ": its filters");
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0, configuration = 0;
        std::size_t values = 0;
        const H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values,
                                                   nullptr, 0, nullptr, &configuration);
        const bool again = filter == H5Z_FILTER_DEFLATE && deflates;
        if (again ||
            (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32))
            unsupported(path, "is packed by filter " + std::to_string(filter) +
                                  "; deflate (once), shuffle and checksums are read");
        deflates = deflates || filter == H5Z_FILTER_DEFLATE;
    }
    if (layout == H5D_CHUNKED) {
        std::array<hsize_t, H5S_MAX_RANK> chunk{};
        const int rank = sound(H5Pget_chunk(properties, H5S_MAX_RANK, chunk.data()), path + ": its chunks");
        std::uint64_t elements = 1;
        for (int i = 0; i < rank; ++i)
            if (__builtin_mul_overflow(elements, chunk[static_cast<std::size_t>(i)], &elements) ||
                elements > std::uint64_t{1} << 32)
                throw Error(ErrorKind::Limit, path + ": its chunks have more than 4 GiB");
    }
    return deflates;
}

std::string numbersText(const std::vector<std::uint64_t>& numbers) {
    std::string text;
    for (const std::uint64_t number : numbers) text += (text.empty() ? "" : " x ") + std::to_string(number);
    return text.empty() ? "one number" : text;
}

} // namespace

DatasetInfo inspectDataset(hid_t dataset, const std::string& path, std::uint64_t fileSize) {
    DatasetInfo info;
    info.path = path;
    const bool packed = deflated(dataset, path);
    const Element element = elementOf(dataset, path);
    info.dtype = element.dtype;

    const Handle space(H5Dget_space(dataset), H5Sclose, path + ": its shape");
    const int rank = sound(H5Sget_simple_extent_ndims(space), path + ": its shape");
    std::array<hsize_t, H5S_MAX_RANK> extents{};
    sound(H5Sget_simple_extent_dims(space, extents.data(), nullptr), path + ": its shape");
    info.shape.assign(extents.begin(), extents.begin() + rank);
    std::uint64_t elements = H5Sget_simple_extent_type(space) == H5S_NULL ? 0 : 1;
    bool overflow = false;
    for (const std::uint64_t extent : info.shape)
        overflow = __builtin_mul_overflow(elements, extent, &elements) || overflow;
    overflow = __builtin_mul_overflow(elements, element.size, &info.bytes) || overflow;

    const Handle stored(H5Dget_type(dataset), H5Tclose, path + ": its element type");
    const std::uint64_t storage = H5Dget_storage_size(dataset);
    const std::uint64_t most = std::min(storage, fileSize) * (packed ? deflateRatio : 1);
    if (overflow || elements > most / std::max<std::size_t>(1, H5Tget_size(stored)))
        throw Error(ErrorKind::Limit, path + ": says that it has " + numbersText(info.shape) +
                                          " elements, but only " + std::to_string(storage) +
                                          " bytes are stored for it in a file of " +
                                          std::to_string(fileSize));
    return info;
}

std::vector<char> readDataset(hid_t dataset, const DatasetInfo& info) {
    std::vector<char> numbers(info.bytes);
    const Element element = elementOf(dataset, info.path);
    if (!numbers.empty())
        sound(H5Dread(dataset, element.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()),
              info.path + ": its numbers");
    return numbers;
}

} // namespace attn_reader
