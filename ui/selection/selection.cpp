// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/selection.h"

#include <algorithm>

namespace attn::ui {

Pointing Selection::effective() const {
    Pointing all;
    const int axes = static_cast<int>(m_bounds.positions.size());
    for (int axis = 0; axis < axes; ++axis) {
        const int hovered = m_hovered.at[axis], pinned = m_pinned.at[axis];
        const int otherwise = axis == stepAxis() ? m_step : -1;
        all.at.set(axis, hovered >= 0 ? hovered : pinned >= 0 ? pinned : otherwise);
    }
    all.site = m_hovered.site >= 0 ? m_hovered.site : site();
    // A head belongs to its site: while another site is hovered, the promoted head says nothing about it.
    all.head = m_hovered.head >= 0 || all.site != site() ? m_hovered.head : m_pinned.head;
    all.unit = m_hovered.unit >= 0 ? m_hovered.unit : m_pinned.unit;
    all.stage = m_hovered.stage ? m_hovered.stage : m_pinned.stage;
    return all;
}

int Selection::site() const {
    if (m_bounds.sites.empty()) return -1;
    return std::max(m_pinned.site, 0);
}

int Selection::headsOf(int site) const {
    const bool exists = site >= 0 && site < static_cast<int>(m_bounds.sites.size());
    return exists ? m_bounds.sites[static_cast<std::size_t>(site)].heads : 0;
}

int Selection::heads() const {
    return headsOf(site());
}

AxisPositions Selection::within(const AxisPositions& at) const {
    AxisPositions kept;
    for (int axis = 0; axis < at.size(); ++axis)
        if (at[axis] < m_bounds.length(axis)) kept.set(axis, at[axis]);
    return kept;
}

void Selection::setBounds(const PointingBounds& bounds) {
    // What was pointed at is what it was within the old bounds.
    const Pointing before = effective();
    const int siteBefore = site();
    m_bounds = bounds;
    Pointing pinned = m_pinned;
    pinned.at = within(pinned.at);
    if (pinned.site >= static_cast<int>(bounds.sites.size())) pinned.site = -1;
    if (pinned.head >= headsOf(std::max(pinned.site, 0))) pinned.head = -1;
    applyAfter(before, siteBefore, std::min(std::max(m_step, 0), bounds.steps() - 1), pinned, {});
}

void Selection::setStep(int step) {
    const int steps = m_bounds.steps();
    step = std::clamp(step, std::min(0, steps - 1), std::max(steps - 1, -1));
    Pointing pinned = m_pinned;
    if (pinned.at[stepAxis()] >= 0) pinned.at.set(stepAxis(), step);
    apply(step, pinned, m_hovered);
}

int Selection::keyAxis() const {
    const int at = site();
    if (at >= 0) return m_bounds.sites[static_cast<std::size_t>(at)].keyAxis;
    return stepAxis() == 0 ? 1 : 0;
}

void Selection::moveKey(int positions) {
    const int axis = keyAxis();
    const int length = m_bounds.length(axis);
    if (length == 0) return;
    Pointing pinned = m_pinned;
    const int now = pinned.at[axis];
    pinned.at.set(axis, now < 0 ? 0 : std::clamp(now + positions, 0, length - 1));
    apply(m_step, pinned, {});
}

void Selection::hover(const Pointing& at) {
    Pointing hovered = at;
    hovered.at = within(hovered.at);
    if (hovered.site >= static_cast<int>(m_bounds.sites.size())) hovered.site = -1;
    if (hovered.head >= headsOf(hovered.site >= 0 ? hovered.site : site())) hovered.head = -1;
    apply(m_step, m_pinned, hovered);
}

void Selection::togglePin(const AxisPositions& at) {
    Pointing pinned = m_pinned;
    if (pinned.at == at) {
        pinned.at = {};
        return apply(m_step, pinned, m_hovered);
    }
    pinned.at = within(at);
    const int step = pinned.at[stepAxis()];
    apply(step >= 0 ? step : m_step, pinned, m_hovered);
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

void Selection::chooseSite(int site) {
    if (site < 0 || site >= static_cast<int>(m_bounds.sites.size()) || site == this->site()) return;
    Pointing pinned = m_pinned;
    pinned.site = site;
    if (pinned.head >= headsOf(site)) pinned.head = -1;
    apply(m_step, pinned, {});
}

void Selection::promoteHead(int head) {
    Pointing pinned = m_pinned;
    pinned.head = head < heads() ? head : -1;
    apply(m_step, pinned, m_hovered);
}

void Selection::cycleHead() {
    if (heads() < 2) return;
    promoteHead(m_pinned.head + 1 < heads() ? m_pinned.head + 1 : -1);
}

void Selection::letGo() {
    Pointing pinned;
    pinned.site = m_pinned.site;
    pinned.head = m_pinned.head;
    apply(m_step, pinned, {});
}

void Selection::apply(int step, const Pointing& pinned, const Pointing& hovered) {
    applyAfter(effective(), site(), step, pinned, hovered);
}

void Selection::applyAfter(const Pointing& before, int siteBefore, int step, const Pointing& pinned,
                           const Pointing& hovered) {
    Aspects what;
    if (step != m_step) what |= Step;
    if (pinned.head != m_pinned.head) what |= Head;
    if (pinned != m_pinned) what |= Pinned;
    m_step = step;
    m_pinned = pinned;
    m_hovered = hovered;
    if (site() != siteBefore) what |= Place;
    if (effective() != before) what |= Pointed;
    if (what) emit changed(what);
}

} // namespace attn::ui
