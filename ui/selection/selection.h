// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFlags>
#include <QObject>

#include "ui/selection/pointing.h"

namespace attn::ui {

/// Where the views look: the current step, what is pinned and what is hovered, by axis of the trace.
/// Transient, never undone. Effective is hover over pinned over the current step. Slots that change nothing
/// emit nothing.
///
/// A trace may have two axes along the steps of one path: the tokens decoded and the tokens read. A position
/// on either is the index of a step, but they are pointed at separately: row t of a map is what step t
/// decoded, column t what it read. Only the axis of decoded tokens moves the current step.
class Selection : public QObject {
    Q_OBJECT
public:
    enum Aspect {
        Step = 1,    ///< the current step
        Pointed = 2, ///< the effective positions, unit or stage
        Pinned = 4,
        Head = 8,  ///< the promoted head
        Place = 16 ///< the site of the main map
    };
    Q_DECLARE_FLAGS(Aspects, Aspect)

    explicit Selection(QObject* parent = nullptr) : QObject(parent) {}

    const PointingBounds& bounds() const { return m_bounds; }
    /// The axis of the tokens decoded; -1 if there is none.
    int stepAxis() const { return m_bounds.stepAxis; }
    /// The step the transport stands at; -1 if there is none.
    int currentStep() const { return m_step; }
    const Pointing& pinned() const { return m_pinned; }
    const Pointing& hovered() const { return m_hovered; }
    /// Hover over pinned; the step falls back to the current one, the site to that of the main map.
    Pointing effective() const;
    /// The effective position on the axis of the tokens decoded; -1 if there are no steps.
    int effectiveStep() const { return effective().at[stepAxis()]; }
    /// The site of the main map; -1 if the trace has none.
    int site() const;
    /// The axis along which moveKey() moves: the key axis of the main map's site; without a site the first
    /// axis that is not decoded.
    int keyAxis() const;
    /// How many heads the main map's site has; 0 without a site.
    int heads() const;
    /// The head whose map is the main one; -1: the mean of all.
    int promotedHead() const { return m_pinned.head; }

public slots:
    /// Keeps what still exists, drops the rest.
    void setBounds(const attn::ui::PointingBounds& bounds);
    /// Goes to a step, clamped; a pinned step goes along.
    void setStep(int step);
    void stepBy(int steps) { setStep(m_step + steps); }
    /// Moves the pinned position on the key axis, clamped; the first call pins the first position.
    void moveKey(int positions);
    void hover(const attn::ui::Pointing& at);
    void clearHover() { hover({}); }
    /// Pins these positions in place of all others, and makes a step among them current; the same ones again
    /// are released.
    void togglePin(const attn::ui::AxisPositions& at);
    void togglePinnedUnit(int unit);
    void togglePinnedStage(attn::Stage stage);
    /// Makes a site's map the main one. The promoted head stays if that site has it.
    void chooseSite(int site);
    void promoteHead(int head);
    /// Mean, first head, ..., last head, mean again. Nothing happens with one head.
    void cycleHead();
    /// Releases everything that is pinned or hovered; the main map's site and the promoted head stay.
    void letGo();

signals:
    void changed(attn::ui::Selection::Aspects what);

private:
    int headsOf(int site) const;
    AxisPositions within(const AxisPositions& at) const;
    void apply(int step, const Pointing& pinned, const Pointing& hovered);
    void applyAfter(const Pointing& before, int siteBefore, int step, const Pointing& pinned,
                    const Pointing& hovered);

    PointingBounds m_bounds;
    int m_step = -1;
    Pointing m_pinned;
    Pointing m_hovered;
};
Q_DECLARE_OPERATORS_FOR_FLAGS(Selection::Aspects)

} // namespace attn::ui
