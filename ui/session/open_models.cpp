// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/open_models.h"

#include <algorithm>

namespace attn::ui {

namespace {
const OpenModel* findIn(const std::vector<OpenModel>& models, auto&& matches) {
    const auto at = std::find_if(models.begin(), models.end(), matches);
    return at == models.end() ? nullptr : &*at;
}
} // namespace

const OpenModel* OpenModels::find(int id) const {
    return findIn(m_open, [id](const OpenModel& model) { return model.id == id; });
}

const OpenModel* OpenModels::findKnown(int id) const {
    const OpenModel* open = find(id);
    return open ? open : findIn(m_closed, [id](const OpenModel& model) { return model.id == id; });
}

const OpenModel* OpenModels::findPlace(const QString& place) const {
    return findIn(m_open, [&](const OpenModel& model) { return model.place == place; });
}

const OpenModel* OpenModels::findHash(std::uint64_t hash) const {
    return hash == 0 ? nullptr : findIn(m_open, [=](const OpenModel& model) { return model.hash == hash; });
}

int OpenModels::indexOf(int id) const {
    const OpenModel* model = find(id);
    return model ? static_cast<int>(model - m_open.data()) : -1;
}

int OpenModels::add(OpenModel opened) {
    if (const OpenModel* same = findPlace(opened.place)) {
        opened.id = same->id;
        const bool native = !opened.report && !same->report;
        if (native && opened.hash != 0 && opened.hash == same->hash) return same->id;
        m_open[static_cast<std::size_t>(indexOf(same->id))] = std::move(opened);
        return same->id;
    }
    const auto closed = std::find_if(m_closed.begin(), m_closed.end(),
                                     [&](const OpenModel& model) { return model.place == opened.place; });
    opened.id = closed != m_closed.end() ? closed->id : m_nextId++;
    if (closed != m_closed.end()) m_closed.erase(closed);
    m_open.push_back(std::move(opened));
    return m_open.back().id;
}

void OpenModels::close(int index) {
    const auto at = m_open.begin() + index;
    at->model.reset();
    at->report.reset();
    m_closed.push_back(std::move(*at));
    m_open.erase(at);
}

} // namespace attn::ui
