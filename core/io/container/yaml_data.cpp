// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/yaml_data.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/json_text.h"
#include "core/io/container/utf8.h"

namespace attn {

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// Makes the tree as the parser meets its parts.
class TreeMaker : public YAML::EventHandler {
public:
    TreeMaker(std::string_view text, const std::string& where, const YamlLimits& limits)
        : m_text(text), m_where(where), m_limits(limits) {}

    DataTree take() { return std::move(m_tree); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (m_documents++) fail(ErrorKind::Data, mark, "a second document starts here; expected one");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        // Where nothing stands the parser points at what follows, which may be spelt like a null itself:
        // then it points there twice, and the first time was for the nothing.
        if (m_lastNull >= 0 && mark.pos == m_lastNullAt) m_tree.node(m_lastNull).text.clear();
        Datum null;
        null.text = nullAt(static_cast<std::size_t>(std::max(mark.pos, 0)));
        if (isKey()) null.kind = DatumKind::Text;
        m_lastNull = add(mark, std::move(null), anchor);
        m_lastNullAt = mark.pos;
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto named = m_anchors.find(anchor);
        if (named == m_anchors.end() || !named->second.closed)
            fail(ErrorKind::Data, mark, "an alias of the very thing that it stands in");
        m_mark = mark;
        place(named->second.node, named->second.weight);
    }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  const std::string& value) override {
        Datum scalar;
        scalar.kind = DatumKind::Text;
        scalar.text = value;
        add(mark, std::move(scalar), anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, DatumKind::List, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, DatumKind::Dict, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    /// A list or mapping that is not complete yet.
    struct Open {
        int node = 0;
        YAML::anchor_t anchor = YAML::NullAnchor;
        std::size_t weight = 1; ///< nodes in it, aliases counted in full
        int key = -1;           ///< of a mapping, whose value comes next
        std::unordered_set<std::string> keys{};
    };
    struct Anchored {
        int node = 0;
        std::size_t weight = 1;
        bool closed = true;
    };

    [[noreturn]] void fail(ErrorKind kind, const YAML::Mark& mark, const std::string& text) const {
        throw Error(kind, m_where + ", line " + std::to_string(mark.line + 1) + ", column " +
                              std::to_string(mark.column + 1) + ": " + text);
    }

    std::string nullAt(std::size_t at) const {
        for (const std::string_view spelling : {"null", "Null", "NULL", "~"})
            if (m_text.substr(std::min(at, m_text.size())).starts_with(spelling))
                return std::string(spelling);
        return {};
    }

    bool isKey() const {
        return !m_open.empty() && m_tree.node(m_open.back().node).kind == DatumKind::Dict &&
               m_open.back().key < 0;
    }

    int add(const YAML::Mark& mark, Datum datum, YAML::anchor_t anchor) {
        m_mark = mark;
        const int node = m_tree.add(std::move(datum));
        if (anchor != YAML::NullAnchor) m_anchors[anchor] = {node};
        place(node, 1);
        return node;
    }

    void open(const YAML::Mark& mark, DatumKind kind, YAML::anchor_t anchor) {
        if (m_open.size() >= static_cast<std::size_t>(m_limits.depth))
            fail(ErrorKind::Limit, mark, "nested more than " + std::to_string(m_limits.depth) + " deep");
        if (isKey()) fail(ErrorKind::Data, mark, "a key is a list or mapping; expected text");
        Datum datum;
        datum.kind = kind;
        m_mark = mark;
        const int node = m_tree.add(std::move(datum));
        if (anchor != YAML::NullAnchor) m_anchors[anchor] = {node, 0, false};
        count(1);
        m_open.push_back({node, anchor});
    }

    void close() {
        const Open done = std::move(m_open.back());
        m_open.pop_back();
        if (done.anchor != YAML::NullAnchor) m_anchors[done.anchor] = {done.node, done.weight};
        m_nodes -= done.weight; // place() counts them for what is around it
        place(done.node, done.weight);
    }

    void count(std::size_t weight) {
        m_nodes += weight;
        if (m_nodes > m_limits.nodes)
            fail(ErrorKind::Limit, m_mark, "more than " + std::to_string(m_limits.nodes) + " values");
    }

    /// Puts a node of so many nodes where the document has it.
    void place(int node, std::size_t weight) {
        count(weight);
        if (m_open.empty()) return m_tree.setRoot(node);
        Open& around = m_open.back();
        around.weight += weight;
        Datum& datum = m_tree.node(around.node);
        if (datum.kind == DatumKind::List) {
            datum.items.push_back(node);
        } else if (around.key < 0) {
            const Datum& key = m_tree.node(node);
            if (key.kind != DatumKind::Text)
                fail(ErrorKind::Data, m_mark, "a key is a list or mapping; expected text");
            if (!around.keys.insert(key.text).second)
                fail(ErrorKind::Data, m_mark, "the key \"" + shortened(key.text, 60) + "\" stands twice");
            around.key = node;
        } else {
            if (m_tree.node(around.key).text == "<<" && m_tree.node(node).kind != DatumKind::Text)
                fail(ErrorKind::Unsupported, m_mark,
                     "the merge key << is not read; write out what it stands for");
            datum.entries.emplace_back(around.key, node);
            around.key = -1;
        }
    }

    std::string_view m_text;
    const std::string& m_where;
    const YamlLimits& m_limits;
    DataTree m_tree;
    std::vector<Open> m_open;
    std::unordered_map<YAML::anchor_t, Anchored> m_anchors;
    YAML::Mark m_mark;
    std::size_t m_nodes = 0;
    int m_documents = 0;
    int m_lastNull = -1, m_lastNullAt = -1;
};

/// Throws for what is not UTF-8 and for control characters, one of which the library takes for the end.
void checkCharacters(std::string_view text, const std::string& where) {
    std::size_t line = 1;
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text[0]);
        const std::size_t bytes = characterBytes(text);
        const auto refuse = [&](const std::string& what) {
            throw Error(ErrorKind::Data, where + ", line " + std::to_string(line) + ": " + what);
        };
        if (bytes == 0) refuse("is not UTF-8; save it as UTF-8 and try again");
        if ((first < 0x20 && first != '\t' && first != '\n' && first != '\r') || first == 0x7F)
            refuse("holds the control character " + std::to_string(first) + "; not a YAML text");
        line += first == '\n';
        text.remove_prefix(bytes);
    }
}

} // namespace

DataTree readYaml(std::string_view text, const std::string& where, const YamlLimits& limits) {
    if (text.size() > limits.bytes)
        throw Error(ErrorKind::Limit, where + ": has " + std::to_string(text.size()) + " bytes; at most " +
                                          std::to_string(limits.bytes) + " of YAML are read");
    if (text.starts_with(byteOrderMark)) text.remove_prefix(byteOrderMark.size());
    checkCharacters(text, where);
    TreeMaker maker(text, where, limits);
    std::istringstream stream{std::string(text)};
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(maker)) {
        }
    } catch (const YAML::Exception& error) {
        throw Error(ErrorKind::Data, where + ", line " + std::to_string(error.mark.line + 1) + ", column " +
                                         std::to_string(error.mark.column + 1) +
                                         ": not valid YAML: " + error.msg);
    }
    return maker.take();
}

} // namespace attn
