// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>
#include <QTest>
#include <memory>

#include "ui/panels/source_panel.h"
#include "ui/shell/exporter.h"
#include "ui/shell/main_window.h"
#include "ui/views/alignment_view.h"
#include "ui/views/candidates_view.h"
#include "ui/views/heads_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/widgets/token_chips.h"
#include "ui/widgets/transport.h"
#include "ui/workspaces/inspect/inspect_workspace.h"

namespace attn::ui {

/// The window, with short names for the parts that tests look at. They are looked up each time: the window
/// builds them anew.
class InspectedWindow : public MainWindow {
public:
    Selection& selection() const { return inspect().selection(); }
    AlignmentView* alignmentView() const { return inspect().alignmentView(); }
    StepView* stepView() const { return inspect().stepView(); }
    StatesView* statesView() const { return inspect().statesView(); }
    HeadsView* headsView() const { return inspect().headsView(); }
    CandidatesView* candidatesView() const { return inspect().candidatesView(); }
    SourcePanel* sourcePanel() const { return inspect().sourcePanel(); }
    ModelPanel* modelPanel() const { return inspect().modelPanel(); }
    Transport* transport() const { return inspect().transport(); }
};

inline QString fixtureModel(const char* name) {
    return QStringLiteral(ATTENTOSCOPE_FIXTURES "/models/") + QLatin1String(name) +
           QStringLiteral(".safetensors");
}

inline bool waitForWindow(MainWindow& window) {
    Session& session = window.session();
    return QTest::qWaitFor(
        [&] {
            return session.work().state == Work::State::Idle &&
                   (session.isUpToDate() || session.fault().where != Fault::Where::None);
        },
        20000);
}

/// The real window on a real model with a sentence that has run.
inline std::unique_ptr<InspectedWindow> shownWindow(const char* model, const std::string& text) {
    auto window = std::make_unique<InspectedWindow>();
    window->resize(1440, 900);
    Recipe recipe;
    recipe.source = text;
    window->session().setRecipe(recipe, Session::Edit::Choice);
    window->show();
    window->openModel(fixtureModel(model));
    if (!QTest::qWaitForWindowActive(window.get()) ||
        !QTest::qWaitFor([&] { return window->session().trace() != nullptr; }, 20000))
        return nullptr;
    QCoreApplication::processEvents();
    return window;
}

inline QPoint cellPoint(const CellMap* map, int row, int col) {
    return map->cellRect(row, col).center().toPoint();
}

} // namespace attn::ui
