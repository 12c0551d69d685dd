// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attn {

/// Kind of a node. A List is a list, tuple or set; a Record is an object of a foreign class: the class's name
/// and the stored data, nothing else; an Array names one of the container's arrays.
enum class DatumKind { None, Bool, Integer, Real, Text, Bytes, List, Dict, Record, Array };

/// One node. It refers to other nodes by their index in the tree: shared and self-referencing data need no
/// special case, and building or destroying a tree does not recurse.
struct Datum {
    DatumKind kind = DatumKind::None;
    bool truth = false;
    std::int64_t integer = 0;
    double real = 0;
    /// Text; the bytes of Bytes; a Record's class ("argparse.Namespace"); an Integer beyond 64 bits in
    /// decimal.
    std::string text{};
    std::vector<int> items{}; ///< List; a Record's constructor arguments, then its list items
    std::vector<std::pair<int, int>> entries{}; ///< Dict: key, value; a Record's state and dict items
    int array = -1;                             ///< Array: index in Archive::arrays()
};

class DataView;

/// The data of a container beside its arrays: a pickle's object, a YAML or JSON document. Immutable once
/// built.
class DataTree {
public:
    /// Index of the new node.
    int add(Datum datum);
    Datum& node(int index) { return m_nodes[static_cast<std::size_t>(index)]; }
    const Datum& node(int index) const { return m_nodes[static_cast<std::size_t>(index)]; }
    int size() const { return static_cast<int>(m_nodes.size()); }
    void setRoot(int index) { m_root = index; }
    /// Absent if nothing was set.
    DataView root() const;

private:
    std::deque<Datum> m_nodes; // grows without a copy of all that there is
    int m_root = -1;
};

/// A place in a tree, or an absent one: looking up a missing key gives an absent view, and lookups can be
/// chained on it. Valid as long as the tree.
class DataView {
public:
    DataView() = default;
    DataView(const DataTree& tree, int index) : m_tree(&tree), m_index(index) {}

    bool exists() const { return m_tree != nullptr && m_index >= 0; }
    explicit operator bool() const { return exists(); }
    int index() const { return m_index; }
    /// None if absent.
    DatumKind kind() const;
    /// The entry of a Dict or of a Record's state; the last one if a key occurs twice. An integer key is
    /// written in decimal.
    DataView operator[](std::string_view key) const;
    /// The item of a List or of a Record's arguments.
    DataView operator[](std::size_t item) const;
    /// Items of a List or Record, entries of a Dict, 0 otherwise.
    std::size_t size() const;
    std::vector<std::pair<DataView, DataView>> entries() const;
    /// A Record's class, else empty.
    std::string className() const;
    /// An Array's index, else -1.
    int array() const;

    /// The value if it has that type. Text that spells a number or a boolean ("true", "False", "yes", "1")
    /// counts, as YAML and command lines write them; an integer also counts as a boolean.
    std::optional<std::string> text() const;
    std::optional<std::int64_t> integer() const;
    std::optional<double> real() const;
    std::optional<bool> truth() const;
    /// The texts of a List, in order; empty for an item that is not text.
    std::vector<std::string> texts() const;

private:
    const DataTree* m_tree = nullptr;
    int m_index = -1;
};

} // namespace attn
