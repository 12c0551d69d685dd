// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/data_tree.h"

#include <algorithm>
#include <charconv>

namespace attn {

namespace {

template <typename Number>
std::optional<Number> spelled(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool isKey(const Datum& datum, std::string_view key) {
    if (datum.kind == DatumKind::Text) return datum.text == key;
    if (datum.kind != DatumKind::Integer) return false;
    return (datum.text.empty() ? std::to_string(datum.integer) : datum.text) == key;
}

} // namespace

int DataTree::add(Datum datum) {
    m_nodes.push_back(std::move(datum));
    return size() - 1;
}

DataView DataTree::root() const {
    return m_root < 0 ? DataView() : DataView(*this, m_root);
}

DatumKind DataView::kind() const {
    return exists() ? m_tree->node(m_index).kind : DatumKind::None;
}

DataView DataView::operator[](std::string_view key) const {
    if (!exists()) return {};
    const auto& entries = m_tree->node(m_index).entries;
    const auto at = std::find_if(entries.rbegin(), entries.rend(),
                                 [&](const auto& entry) { return isKey(m_tree->node(entry.first), key); });
    return at == entries.rend() ? DataView() : DataView(*m_tree, at->second);
}

DataView DataView::operator[](std::size_t item) const {
    if (!exists()) return {};
    const auto& items = m_tree->node(m_index).items;
    return item < items.size() ? DataView(*m_tree, items[item]) : DataView();
}

std::size_t DataView::size() const {
    if (!exists()) return 0;
    const Datum& datum = m_tree->node(m_index);
    return datum.kind == DatumKind::Dict ? datum.entries.size() : datum.items.size();
}

std::vector<std::pair<DataView, DataView>> DataView::entries() const {
    std::vector<std::pair<DataView, DataView>> views;
    if (!exists()) return views;
    for (const auto& [key, value] : m_tree->node(m_index).entries)
        views.emplace_back(DataView(*m_tree, key), DataView(*m_tree, value));
    return views;
}

std::string DataView::className() const {
    return kind() == DatumKind::Record ? m_tree->node(m_index).text : std::string();
}

int DataView::array() const {
    return kind() == DatumKind::Array ? m_tree->node(m_index).array : -1;
}

std::optional<std::string> DataView::text() const {
    if (kind() != DatumKind::Text) return std::nullopt;
    return m_tree->node(m_index).text;
}

std::optional<std::int64_t> DataView::integer() const {
    if (!exists()) return std::nullopt;
    const Datum& datum = m_tree->node(m_index);
    if (datum.kind == DatumKind::Text) return spelled<std::int64_t>(datum.text);
    if (datum.kind != DatumKind::Integer || !datum.text.empty()) return std::nullopt;
    return datum.integer;
}

std::optional<double> DataView::real() const {
    if (!exists()) return std::nullopt;
    const Datum& datum = m_tree->node(m_index);
    if (datum.kind == DatumKind::Real) return datum.real;
    if (datum.kind == DatumKind::Integer && datum.text.empty()) return static_cast<double>(datum.integer);
    if (datum.kind == DatumKind::Text || datum.kind == DatumKind::Integer) return spelled<double>(datum.text);
    return std::nullopt;
}

std::optional<bool> DataView::truth() const {
    if (kind() == DatumKind::Bool) return m_tree->node(m_index).truth;
    if (kind() == DatumKind::Text) {
        std::string word = m_tree->node(m_index).text;
        for (char& letter : word)
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        if (word == "true" || word == "yes" || word == "on") return true;
        if (word == "false" || word == "no" || word == "off") return false;
    }
    if (const auto number = integer()) return *number != 0;
    return std::nullopt;
}

std::vector<std::string> DataView::texts() const {
    std::vector<std::string> texts;
    if (kind() != DatumKind::List) return texts;
    for (std::size_t i = 0; i < size(); ++i) texts.push_back((*this)[i].text().value_or(""));
    return texts;
}

} // namespace attn
