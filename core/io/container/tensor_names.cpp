// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/tensor_names.h"

#include "core/base/error.h"
#include "core/base/json_text.h"

namespace attn {

namespace {

constexpr unsigned char mostWays = 8;             // to one part of the tree
constexpr std::size_t mostDepth = 100;            // steps from the root
constexpr std::size_t longestName = 4'000;        // bytes
constexpr std::size_t mostNameBytes = 16'000'000; // of all names together

std::string keyText(const Datum& key) {
    if (key.kind == DatumKind::Text) return key.text;
    if (key.kind == DatumKind::Integer) return key.text.empty() ? std::to_string(key.integer) : key.text;
    return "?";
}

class Namer {
public:
    Namer(const DataTree& tree, const std::string& where)
        : m_tree(tree), m_where(where), m_ways(static_cast<std::size_t>(tree.size()), 0) {}

    std::vector<NamedTensor> run() {
        const int root = m_tree.root().index();
        if (root >= 0) visit(root, false);
        while (!m_frames.empty()) {
            Frame& frame = m_frames.back();
            if (frame.next == frame.children.size()) {
                m_frames.pop_back();
                if (!m_frames.empty()) m_name.resize(m_frames.back().nameSize);
                continue;
            }
            const Child& child = frame.children[frame.next++];
            m_name.resize(frame.nameSize);
            if (!child.transparent) {
                if (!m_name.empty()) m_name += '.';
                m_name += child.step;
            }
            visit(child.node, child.secondary);
        }
        return std::move(m_result);
    }

private:
    struct Child {
        int node = 0;
        std::string step;         ///< of the name
        bool secondary = false;   ///< to be named only if it has no name yet
        bool transparent = false; ///< its own steps follow directly
    };
    struct Frame {
        std::vector<Child> children;
        std::size_t next = 0;
        std::size_t nameSize = 0;
    };

    bool leadsOn(int index) const {
        const DatumKind kind = m_tree.node(index).kind;
        return kind == DatumKind::Array || kind == DatumKind::Dict || kind == DatumKind::List ||
               kind == DatumKind::Record;
    }

    void visit(int index, bool secondary) {
        const Datum& datum = m_tree.node(index);
        unsigned char& ways = m_ways[static_cast<std::size_t>(index)];
        if (!leadsOn(index) || ways >= mostWays) return;
        if (datum.kind == DatumKind::Array) {
            if (secondary && ways > 0) return;
            ++ways;
            addName(index);
            return;
        }
        if (m_frames.size() >= mostDepth) return;
        ++ways;
        Frame frame;
        frame.nameSize = m_name.size();
        listChildren(datum, secondary, frame.children);
        m_frames.push_back(std::move(frame));
    }

    void addName(int index) {
        const std::string name = m_name.empty() ? "value" : m_name;
        if (name.size() > longestName)
            throw Error(ErrorKind::Limit, m_where + ": an array's name has " + std::to_string(name.size()) +
                                              " bytes: " + shortened(name, 100));
        m_nameBytes += name.size() + sizeof(NamedTensor);
        if (m_nameBytes > mostNameBytes)
            throw Error(ErrorKind::Limit, m_where + ": the names of its arrays take more than " +
                                              std::to_string(mostNameBytes) + " bytes");
        m_result.push_back({name, index});
    }

    void listChildren(const Datum& datum, bool secondary, std::vector<Child>& children) const {
        const auto find = [&](const char* key) {
            for (const auto& [k, value] : datum.entries)
                if (m_tree.node(k).kind == DatumKind::Text && m_tree.node(k).text == key) return value;
            return -1;
        };
        const int parameters = find("_parameters"), buffers = find("_buffers"), modules = find("_modules");
        const bool isModule = datum.kind == DatumKind::Record && parameters >= 0 && modules >= 0;
        if (isModule)
            for (const int part : {parameters, buffers, modules})
                if (part >= 0) children.push_back({part, "", secondary, true});
        for (const auto& [key, value] : datum.entries) {
            if (!leadsOn(value)) continue;
            if (isModule && (value == parameters || value == buffers || value == modules)) continue;
            children.push_back({value, keyText(m_tree.node(key)), secondary || isModule, false});
        }
        for (std::size_t i = 0; i < datum.items.size(); ++i)
            if (leadsOn(datum.items[i]))
                children.push_back({datum.items[i], std::to_string(i), secondary, false});
    }

    const DataTree& m_tree;
    const std::string& m_where;
    std::vector<unsigned char> m_ways; ///< by node: how often it was reached
    std::vector<Frame> m_frames;
    std::string m_name;
    std::vector<NamedTensor> m_result;
    std::size_t m_nameBytes = 0;
};

} // namespace

std::vector<NamedTensor> nameTensors(const DataTree& tree, const std::string& where) {
    return Namer(tree, where).run();
}

} // namespace attn
