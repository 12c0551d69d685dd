// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees in the workspace as a value, and back.
#include <QDockWidget>
#include <QLineEdit>
#include <QMainWindow>
#include <algorithm>
#include <array>
#include <utility>

#include "ui/panels/source_panel.h"
#include "ui/views/alignment_view.h"
#include "ui/views/heads_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_card_widget.h"
#include "ui/views/step_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/transport.h"
#include "ui/workspaces/inspect/inspect_workspace.h"

namespace attn::ui {

namespace {
constexpr std::array stages{Stage::Score,   Stage::Scope, Stage::Normaliser,
                            Stage::Factors, Stage::Mix,   Stage::Gate};
} // namespace

ViewState InspectWorkspace::viewState() const {
    ViewState state;
    state.hypothesis = m_hypothesis;
    state.step = m_selection.currentStep();
    state.pinned = m_selection.pinned();
    state.display = {m_alignment->mapName(),        m_alignment->scale(),        m_alignment->showsValues(),
                     m_alignment->showsRowMaxima(), m_alignment->showsAllowed(), m_alignment->showsGold()};
    state.frame = m_alignment->map()->frame();
    for (const bool decoder : {false, true}) {
        const StateStrip::Shown shown = m_states->strip(decoder)->choiceShown();
        state.strips[decoder] = {shown.cell, shown.part};
    }
    state.decoderUnit = m_states->showsDecoderUnit();
    for (std::size_t i = 0; i < stages.size(); ++i)
        state.foldedCards[i] = m_step->card(stages[i])->isFolded();
    state.stepsPerSecond = m_transport->speed();
    state.playing = m_transport->isPlaying();
    state.layout = m_dockArea->saveState();
    for (const QDockWidget* dock : m_docks)
        if (dock->widget() == m_activeView) state.activeView = dock->objectName();
    const QWidget* focus = window()->focusWidget();
    state.cursors = {m_source->source()->cursorPosition(), m_source->target()->cursorPosition(),
                     focus == m_source->source()   ? TextCursors::Focus::Source
                     : focus == m_source->target() ? TextCursors::Focus::Target
                                                   : TextCursors::Focus::None};
    return state;
}

void InspectWorkspace::restore(const ViewState& state) {
    restoreLayout(state.layout);
    chooseHypothesis(state.hypothesis);
    const AlignmentDisplay& display = state.display;
    m_alignment->setColours(display.map, display.scale);
    m_alignment->setOverlays(display.showValues, display.showRowMaxima, display.showOutOfScope,
                             display.showGold);
    m_alignment->map()->setFrame(state.frame);
    m_heads->setColours(display.map, display.scale);
    m_states->setShowsDecoderUnit(state.decoderUnit);
    for (const bool decoder : {false, true})
        m_states->strip(decoder)->setChoice({state.strips[decoder].cell, state.strips[decoder].part});
    for (std::size_t i = 0; i < stages.size(); ++i) m_step->card(stages[i])->setFolded(state.foldedCards[i]);
    restorePointing(state);
    m_transport->setSpeed(state.stepsPerSecond);
    if (state.playing != m_transport->isPlaying()) m_transport->playPause();
    m_activeView = m_alignment;
    for (std::size_t i = 0; i < m_docks.size(); ++i)
        if (m_docks[i]->objectName() == state.activeView)
            m_activeView = static_cast<TraceView*>(m_docks[i]->widget());
    restoreCursors(state.cursors);
    emit exportChanged();
}

void InspectWorkspace::restoreCursors(const TextCursors& cursors) {
    if (cursors.source >= 0) m_source->source()->setCursorPosition(cursors.source);
    if (cursors.target >= 0) m_source->target()->setCursorPosition(cursors.target);
    // What is hidden cannot have the keyboard yet.
    if (!isVisible()) {
        m_wantedCursors = cursors;
        return;
    }
    QWidget* focus = m_alignment->map();
    if (cursors.focus == TextCursors::Focus::Source) focus = m_source->source();
    if (cursors.focus == TextCursors::Focus::Target) focus = m_source->target();
    focus->setFocus();
}

void InspectWorkspace::showEvent(QShowEvent* event) {
    Workspace::showEvent(event);
    if (m_wantedCursors) restoreCursors(*std::exchange(m_wantedCursors, std::nullopt));
}

void InspectWorkspace::restorePointing(const ViewState& state) {
    const auto at = [this] { return m_selection.pinned(); };
    m_selection.chooseSite(state.pinned.site);
    if (at().at != state.pinned.at) m_selection.togglePin(state.pinned.at);
    if (at().unit != state.pinned.unit) m_selection.togglePinnedUnit(state.pinned.unit);
    if (at().stage != state.pinned.stage)
        m_selection.togglePinnedStage(state.pinned.stage ? *state.pinned.stage : *at().stage);
    m_selection.promoteHead(state.pinned.head);
    if (state.step >= 0) m_selection.setStep(state.step);
}

void InspectWorkspace::restoreLayout(const QByteArray& layout) {
    if (!layout.isEmpty()) m_dockArea->restoreState(layout);
}

void InspectWorkspace::resetLayout() {
    restoreLayout(m_firstLayout);
    sizePanels();
}

void InspectWorkspace::sizePanels() {
    // The alignment keeps half of the window, and something of it at a projector's text size.
    const int whole = window()->width();
    const auto side = [whole](double share, int least) {
        const int wanted = std::clamp(static_cast<int>(whole * share), scaled(least), scaled(420));
        return std::min(wanted, std::max(least, whole / 4));
    };
    m_dockArea->resizeDocks({m_docks[0], m_docks[1]}, {side(0.175, 252), side(0.185, 266)}, Qt::Horizontal);
    m_dockArea->resizeDocks({m_docks[1], m_docks[2]}, {2, 1}, Qt::Vertical);
}

} // namespace attn::ui
