// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFlags>
#include <QObject>
#include <optional>

#include "core/attention/stage.h"

namespace attn::ui {

/// What a person points at; -1 and no stage mean "nothing". All count from 0.
struct Pointing {
    int step = -1;   ///< position on the shown path
    int source = -1; ///< source position
    int head = -1;   ///< hovered: a head; pinned: the promoted head, -1 for the mean of all
    int unit = -1;   ///< unit of the states that are shown
    std::optional<Stage> stage;

    bool operator==(const Pointing&) const = default;
};

/// The bounds of what can be pointed at. A dimension of 0 cannot be pointed at.
struct PointingBounds {
    int steps = 0;
    int sources = 0;
    int heads = 0;

    bool operator==(const PointingBounds&) const = default;
};

/// Where the views look: the current step, what is pinned and what is hovered. Transient, never undone.
/// Effective is hover over pinned over the current step. Slots that change nothing emit nothing.
class Selection : public QObject {
    Q_OBJECT
public:
    enum Aspect {
        Step = 1,    ///< the current step
        Pointed = 2, ///< the effective step, source, unit or stage
        Pinned = 4,
        Head = 8, ///< the promoted head
    };
    Q_DECLARE_FLAGS(Aspects, Aspect)

    explicit Selection(QObject* parent = nullptr) : QObject(parent) {}

    const PointingBounds& bounds() const { return m_bounds; }
    /// The step the transport stands at; -1 if there is none.
    int currentStep() const { return m_step; }
    const Pointing& pinned() const { return m_pinned; }
    const Pointing& hovered() const { return m_hovered; }
    /// Hover over pinned; the step falls back to the current one.
    Pointing effective() const;
    /// The head whose map is the main one; -1: the mean of all.
    int promotedHead() const { return m_pinned.head; }

public slots:
    /// Keeps what still exists, drops the rest.
    void setBounds(const attn::ui::PointingBounds& bounds);
    /// Goes to a step, clamped; a pinned step goes along.
    void setStep(int step);
    void stepBy(int steps) { setStep(m_step + steps); }
    /// Moves the pinned source position, clamped; the first call pins the first position.
    void moveSource(int positions);
    void hover(const attn::ui::Pointing& at);
    void clearHover() { hover({}); }
    /// Pins a step and a source position and makes the step current; the same pair again lets go.
    void togglePin(int step, int source);
    void togglePinnedUnit(int unit);
    void togglePinnedStage(attn::Stage stage);
    void promoteHead(int head);
    /// Mean, first head, ..., last head, mean again. Nothing happens with one head.
    void cycleHead();
    /// Lets go of everything that is pinned or hovered; the promoted head stays.
    void letGo();

signals:
    void changed(attn::ui::Selection::Aspects what);

private:
    void apply(int step, const Pointing& pinned, const Pointing& hovered);

    PointingBounds m_bounds;
    int m_step = -1;
    Pointing m_pinned;
    Pointing m_hovered;
};
Q_DECLARE_OPERATORS_FOR_FLAGS(Selection::Aspects)

} // namespace attn::ui
