// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/enum_text.h"
#include "core/io/container/data_tree.h"

namespace attn {

enum class ContainerKind { Safetensors, TorchZip, TorchStream, Npy, Npz, Hdf5, KerasZip };
template <>
struct EnumNames<ContainerKind> {
    static constexpr std::array names{
        std::pair{ContainerKind::Safetensors, std::string_view("safetensors")},
        std::pair{ContainerKind::TorchZip, std::string_view("PyTorch zip")},
        std::pair{ContainerKind::TorchStream, std::string_view("PyTorch legacy stream")},
        std::pair{ContainerKind::Npy, std::string_view("npy")},
        std::pair{ContainerKind::Npz, std::string_view("npz")},
        std::pair{ContainerKind::Hdf5, std::string_view("HDF5")},
        std::pair{ContainerKind::KerasZip, std::string_view("Keras archive")},
    };
};

enum class ElementType { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };
template <>
struct EnumNames<ElementType> {
    static constexpr std::array names{
        std::pair{ElementType::F64, std::string_view("float64")},
        std::pair{ElementType::F32, std::string_view("float32")},
        std::pair{ElementType::F16, std::string_view("float16")},
        std::pair{ElementType::BF16, std::string_view("bfloat16")},
        std::pair{ElementType::I64, std::string_view("int64")},
        std::pair{ElementType::I32, std::string_view("int32")},
        std::pair{ElementType::I16, std::string_view("int16")},
        std::pair{ElementType::I8, std::string_view("int8")},
        std::pair{ElementType::U8, std::string_view("uint8")},
        std::pair{ElementType::Bool, std::string_view("bool")},
    };
};

/// One array: its name (nested names joined by dots, "model.encoder.rnn.weight_ih_l0"), type and shape.
struct ArrayInfo {
    std::string name;
    ElementType type = ElementType::F32;
    std::vector<std::int64_t> shape;

    std::int64_t elements() const;
};

/// A container's arrays by name, and its other data. What the names mean is not its business.
/// Opening checks every size and offset before anything is allocated; numbers are read on request.
class Archive {
public:
    virtual ~Archive() = default;
    Archive(const Archive&) = delete;
    Archive& operator=(const Archive&) = delete;

    const std::string& path() const { return m_path; }
    ContainerKind kind() const { return m_kind; }
    const std::vector<ArrayInfo>& arrays() const { return m_arrays; }
    /// Index of the array with this name, -1 if there is none.
    int find(std::string_view name) const;
    /// The pickled object; JSON metadata of safetensors; absent if the container has none.
    DataView data() const { return m_data.root(); }
    /// Documents inside: "config.json" of a Keras archive, "model_config" of a Keras HDF5 file.
    const std::map<std::string, std::string>& documents() const { return m_documents; }

    /// Converts the numbers to float, in row-major order. `out` has elements() entries. Returns whether all
    /// are finite. Throws Error(Data).
    virtual bool read(int index, std::span<float> out) const = 0;
    /// The bytes of an array of int8, uint8 or bool. Throws Error(Data) for another type.
    virtual std::string readBytes(int index) const = 0;

protected:
    Archive(std::string path, ContainerKind kind) : m_path(std::move(path)), m_kind(kind) {}
    /// A name that is taken gets the suffix "#2", "#3" and so on.
    void addArray(ArrayInfo info);

    DataTree m_data;
    std::map<std::string, std::string> m_documents;

private:
    std::string m_path;
    ContainerKind m_kind;
    std::vector<ArrayInfo> m_arrays;
    std::unordered_map<std::string, int> m_byName;
};
using ArchivePtr = std::shared_ptr<const Archive>;

/// Opens a file as the container that its first bytes identify; its name is ignored.
/// Throws Error(Data) naming the fault and its place, Error(Unsupported) for one that
/// ContainerKind or holds what is not read (TorchScript, quantised arrays), Error(Limit) for one beyond our
/// bounds.
ArchivePtr openArchive(const std::string& path);

} // namespace attn
