// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/selection.h"

#include <algorithm>

namespace attn::ui {

Pointing Selection::effective() const {
    Pointing at;
    at.step = m_hovered.step >= 0 ? m_hovered.step : m_pinned.step >= 0 ? m_pinned.step : m_step;
    at.source = m_hovered.source >= 0 ? m_hovered.source : m_pinned.source;
    at.head = m_hovered.head >= 0 ? m_hovered.head : m_pinned.head;
    at.unit = m_hovered.unit >= 0 ? m_hovered.unit : m_pinned.unit;
    at.stage = m_hovered.stage ? m_hovered.stage : m_pinned.stage;
    return at;
}

void Selection::setBounds(const PointingBounds& bounds) {
    m_bounds = bounds;
    Pointing pinned = m_pinned;
    if (pinned.step >= bounds.steps) pinned.step = -1;
    if (pinned.source >= bounds.sources) pinned.source = -1;
    if (pinned.head >= bounds.heads) pinned.head = -1;
    apply(std::min(std::max(m_step, 0), bounds.steps - 1), pinned, {});
}

void Selection::setStep(int step) {
    step = std::clamp(step, std::min(0, m_bounds.steps - 1), std::max(m_bounds.steps - 1, -1));
    Pointing pinned = m_pinned;
    if (pinned.step >= 0) pinned.step = step;
    apply(step, pinned, m_hovered);
}

void Selection::moveSource(int positions) {
    if (m_bounds.sources == 0) return;
    Pointing pinned = m_pinned;
    pinned.source = pinned.source < 0 ? 0 : std::clamp(pinned.source + positions, 0, m_bounds.sources - 1);
    apply(m_step, pinned, {});
}

void Selection::hover(const Pointing& at) {
    Pointing hovered = at;
    if (hovered.step >= m_bounds.steps) hovered.step = -1;
    if (hovered.source >= m_bounds.sources) hovered.source = -1;
    if (hovered.head >= m_bounds.heads) hovered.head = -1;
    apply(m_step, m_pinned, hovered);
}

void Selection::togglePin(int step, int source) {
    Pointing pinned = m_pinned;
    if (pinned.step == step && pinned.source == source) {
        pinned.step = pinned.source = -1;
        return apply(m_step, pinned, m_hovered);
    }
    pinned.step = step < m_bounds.steps ? step : -1;
    pinned.source = source < m_bounds.sources ? source : -1;
    apply(pinned.step >= 0 ? pinned.step : m_step, pinned, m_hovered);
}

void Selection::togglePinnedUnit(int unit) {
    Pointing pinned = m_pinned;
    pinned.unit = pinned.unit == unit ? -1 : unit;
    apply(m_step, pinned, m_hovered);
}

void Selection::togglePinnedStage(Stage stage) {
    Pointing pinned = m_pinned;
    pinned.stage = pinned.stage == stage ? std::optional<Stage>() : stage;
    apply(m_step, pinned, m_hovered);
}

void Selection::promoteHead(int head) {
    Pointing pinned = m_pinned;
    pinned.head = head < m_bounds.heads ? head : -1;
    apply(m_step, pinned, m_hovered);
}

void Selection::cycleHead() {
    if (m_bounds.heads < 2) return;
    promoteHead(m_pinned.head + 1 < m_bounds.heads ? m_pinned.head + 1 : -1);
}

void Selection::letGo() {
    Pointing pinned;
    pinned.head = m_pinned.head;
    apply(m_step, pinned, {});
}

void Selection::apply(int step, const Pointing& pinned, const Pointing& hovered) {
    const Pointing before = effective();
    Aspects what;
    if (step != m_step) what |= Step;
    if (pinned.head != m_pinned.head) what |= Head;
    if (pinned != m_pinned) what |= Pinned;
    m_step = step;
    m_pinned = pinned;
    m_hovered = hovered;
    if (effective() != before) what |= Pointed;
    if (what) emit changed(what);
}

} // namespace attn::ui
