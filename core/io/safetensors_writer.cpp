// SPDX-License-Identifier: GPL-3.0-or-later
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/io/atomic_file.h"
#include "core/io/safetensors.h"

namespace attn {

namespace {

constexpr float largestHalf = 65504.0F;

/// Every number can be stored as asked; nothing was written yet.
void checkTensors(const std::string& path, const std::vector<TensorToWrite>& tensors, Dtype dtype) {
    Findings faults;
    std::unordered_set<std::string> names{"__metadata__"};
    for (const TensorToWrite& tensor : tensors) {
        const auto fault = [&](const std::string& text) {
            faults.push_back({Severity::Fault, tensor.name, text});
        };
        if (tensor.name.empty()) fault("a tensor has an empty name");
        if (!names.insert(tensor.name).second) fault("the name stands twice or is taken by the format");
        std::size_t count = 1;
        for (const int size : tensor.shape) count *= static_cast<std::size_t>(size);
        if (count != tensor.values.size())
            fault("shape " + shapeText(tensor.shape) + " but " + std::to_string(tensor.values.size()) +
                  " numbers");
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            const float x = tensor.values[i];
            if (std::isfinite(x) && (dtype != Dtype::F16 || std::abs(x) <= largestHalf)) continue;
            fault(
                "number " + std::to_string(i) + " is " + std::to_string(x) +
                (std::isfinite(x) ? ", beyond the 65504 of F16; store it as F32" : ", which is not finite"));
            break;
        }
    }
    throwFaults(ErrorKind::Argument, path + ": cannot be written:", firstOf(faults));
}

/// The JSON header, padded to a multiple of 8 bytes. Throws json::exception for ill-formed UTF-8.
std::string headerText(const std::vector<std::pair<std::string, std::string>>& metadata,
                       const std::vector<TensorToWrite>& tensors, Dtype dtype) {
    auto entries = nlohmann::ordered_json::object();
    for (const auto& [key, value] : metadata) entries[key] = value;
    // Joined by hand: an ordered object looks through all its keys at every insertion.
    std::string header = "{\"__metadata__\":" + entries.dump();
    std::uint64_t position = 0;
    for (const TensorToWrite& tensor : tensors) {
        const std::uint64_t begin = position;
        position += tensor.values.size() * static_cast<std::uint64_t>(bits(dtype) / 8);
        nlohmann::ordered_json entry;
        entry["dtype"] = toText(dtype);
        entry["shape"] = tensor.shape;
        entry["data_offsets"] = {begin, position};
        header += "," + nlohmann::json(tensor.name).dump() + ":" + entry.dump();
    }
    header += "}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    return header;
}

} // namespace

void writeSafetensors(const std::string& path,
                      const std::vector<std::pair<std::string, std::string>>& metadata,
                      const std::vector<TensorToWrite>& tensors, Dtype dtype) {
    if (dtype != Dtype::F32 && dtype != Dtype::F16)
        throw Error(ErrorKind::Bug, "safetensors are written as F32 or F16");
    checkTensors(path, tensors, dtype);

    std::string header;
    try {
        header = headerText(metadata, tensors, dtype);
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorKind::Argument, path + ": cannot be written: a name or text is not valid UTF-8");
    }

    if (header.size() > longestHeader)
        throw Error(ErrorKind::Argument, path + ": cannot be written: names and texts take a header of " +
                                             std::to_string(header.size()) + " bytes, more than the " +
                                             std::to_string(longestHeader) + " the format allows");

    AtomicFile file(path);
    const std::uint64_t length = header.size();
    file.write(std::as_bytes(std::span(&length, 1)));
    file.write(header);
    std::vector<Eigen::half> halves;
    for (const TensorToWrite& tensor : tensors) {
        if (dtype == Dtype::F32) {
            file.write(std::as_bytes(tensor.values));
            continue;
        }
        halves.resize(tensor.values.size());
        for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = Eigen::half(tensor.values[i]);
        file.write(std::as_bytes(std::span<const Eigen::half>(halves)));
    }
    file.commit();
}

Matrix<float> roundedToHalf(const Matrix<float>& values) {
    Matrix<float> rounded(values.rows(), values.cols());
    std::transform(values.begin(), values.end(), rounded.begin(), [](float x) {
        return std::abs(x) <= largestHalf ? static_cast<float>(Eigen::half(x)) : x;
    });
    return rounded;
}

} // namespace attn
