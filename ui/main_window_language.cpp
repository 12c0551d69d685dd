// SPDX-License-Identifier: GPL-3.0-or-later
#include <QActionGroup>
#include <QApplication>
#include <QLineEdit>
#include <algorithm>
#include <array>

#include "ui/main_window.h"
#include "ui/panels/source_panel.h"
#include "ui/views/alignment_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_card_widget.h"
#include "ui/views/step_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/transport.h"

namespace attn::ui {

namespace {
constexpr std::array stages{Stage::Score,   Stage::Scope, Stage::Normaliser,
                            Stage::Factors, Stage::Mix,   Stage::Gate};

/// Where the cursor stands in a line of text.
struct Cursor {
    explicit Cursor(const QLineEdit* edit)
        : focus(edit->window()->focusWidget() == edit), place(edit->cursorPosition()) {}
    void putBack(QLineEdit* edit) const {
        edit->setCursorPosition(place);
        if (focus) edit->setFocus();
    }
    bool focus;
    int place;
};
} // namespace

void MainWindow::setLanguage(Language choice) {
    m_settings.language = choice;
    applyLanguage(choice);
    for (QAction* action : m_languages->actions()) action->setChecked(action->data().toInt() == int(choice));
}

void MainWindow::rebuild() {
    setUpdatesEnabled(false);
    collectSettings();
    const Cursor source(m_source->source()), target(m_source->target());
    const auto active = std::find(m_views.begin(), m_views.end(), m_activeView) - m_views.begin();
    const bool playing = m_transport->isPlaying();
    std::array<bool, stages.size()> folded{};
    for (std::size_t i = 0; i < stages.size(); ++i) folded[i] = m_step->card(stages[i])->isFolded();
    const bool decoderUnit = m_states->showsDecoderUnit();
    const std::array states{m_states->strip(false)->choiceShown(), m_states->strip(true)->choiceShown()};

    takeDown();
    build();
    m_states->setShowsDecoderUnit(decoderUnit);
    for (const bool decoder : {false, true}) m_states->strip(decoder)->setChoice(states[decoder]);
    applySettings();
    centralWidget()->show(); // a child of a window that is shown would appear only later
    showModels();
    showQuestion();
    showTrace();
    showFault();
    showWork();

    for (std::size_t i = 0; i < stages.size(); ++i) m_step->card(stages[i])->setFolded(folded[i]);
    if (playing) m_transport->playPause();
    m_alignment->map()->setFocus();
    source.putBack(m_source->source());
    target.putBack(m_source->target());
    setActiveView(m_views[static_cast<std::size_t>(active)]);
    refreshActions();
    setUpdatesEnabled(true);
}

} // namespace attn::ui
