// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/engine.h"

namespace attn::ui {

void Engine::insertColumn(int column) {
    m_columns.insert(m_columns.begin() + column, std::make_unique<Lane>());
}

void Engine::removeColumn(int column) {
    m_columns.erase(m_columns.begin() + column);
}

void Engine::stop() {
    m_opening.stop();
    m_background.stop();
    for (const auto& lane : m_columns) lane->stop();
}

} // namespace attn::ui
