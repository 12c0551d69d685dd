// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/container/archive.h"

namespace attn {

std::int64_t ArrayInfo::elements() const {
    std::int64_t product = 1;
    for (const std::int64_t size : shape) {
        if (size == 0) return 0;
        product *= size;
    }
    return product;
}

int Archive::find(std::string_view name) const {
    const auto at = m_byName.find(std::string(name));
    return at == m_byName.end() ? -1 : at->second;
}

void Archive::addArray(ArrayInfo info) {
    const std::string name = info.name;
    for (int again = 2; m_byName.contains(info.name); ++again) info.name = name + "#" + std::to_string(again);
    m_byName.emplace(info.name, static_cast<int>(m_arrays.size()));
    m_arrays.push_back(std::move(info));
}

} // namespace attn
