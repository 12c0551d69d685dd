// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attentoscope/bench.h"

#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPaintEvent>
#include <QWindow>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "core/base/random.h"
#include "ui/panels/source_panel.h"
#include "ui/shell/main_window.h"
#include "ui/views/alignment_view.h"
#include "ui/widgets/cell_map.h"
#include "ui/workspaces/inspect/inspect_workspace.h"

namespace attn::ui {

namespace {
/// Counts the paintings of a widget.
class PaintCount : public QObject {
public:
    explicit PaintCount(QWidget* widget) { widget->installEventFilter(this); }
    int count = 0;
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) ++count;
        return false;
    }
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? NAN : values[values.size() / 2];
}

/// A sentence of `words` words out of the model's own vocabulary.
QString sentence(const Model& model, int words) {
    const std::string example = model.card().examples.empty() ? "a" : model.card().examples.front();
    const QStringList from = QString::fromStdString(example).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QStringList text;
    for (int i = 0; i < words; ++i) text << from[i % from.size()];
    return text.join(QLatin1Char(' '));
}

void pressKey(MainWindow& window, int key, const QString& text) {
    QKeyEvent press(QEvent::KeyPress, key, Qt::NoModifier, text);
    QKeyEvent release(QEvent::KeyRelease, key, Qt::NoModifier, text);
    QCoreApplication::sendEvent(window.windowHandle(), &press);
    QCoreApplication::sendEvent(window.windowHandle(), &release);
}

void benchMap() {
    Random random(7);
    std::vector<float> values(1000 * 1000);
    for (float& value : values) value = static_cast<float>(random.uniform());
    CellMap map;
    map.resize(1000, 900);
    std::vector<double> fresh, hover;
    for (int i = 0; i < 20; ++i) {
        map.setData(1000, 1000, values);
        QElapsedTimer timer;
        timer.start();
        map.grab();
        fresh.push_back(timer.nsecsElapsed() / 1e6);
        map.setHoveredCell(i, i);
        timer.restart();
        map.grab();
        hover.push_back(timer.nsecsElapsed() / 1e6);
    }
    std::printf(
        "map of 1000 x 1000 on 1000 x 900 pixels, median of 20: %.1f ms for new data, %.1f ms for a hover\n",
        median(fresh), median(hover));
}
} // namespace

double secondsSinceStart() {
    QFile stat(QStringLiteral("/proc/self/stat"));
    timespec now{};
    if (!stat.open(QIODevice::ReadOnly) || clock_gettime(CLOCK_BOOTTIME, &now) != 0) return NAN;
    // The name may hold blanks; the fields after its closing bracket do not. Field 22 is the start time.
    const QByteArray text = stat.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 20) return NAN;
    const double start = fields[19].toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - start;
}

bool waitForAnswer(MainWindow& window, double seconds) {
    QElapsedTimer timer;
    timer.start();
    Session& session = window.session();
    const auto waiting = [&] {
        return session.work().state != Work::State::Idle ||
               (session.model() && !session.isUpToDate() && session.fault().where == Fault::Where::None);
    };
    while (waiting() && timer.elapsed() < seconds * 1000)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    return !waiting();
}

int bench(MainWindow& window, double firstPicture) {
    if (!window.session().model()) {
        std::fprintf(stderr, "attentoscope: --bench needs a model; give one as MODEL\n");
        return 2;
    }
    std::printf("process start to the first painted map: %.0f ms\n", firstPicture * 1000);
    Session& session = window.session();
    Recipe recipe = session.recipe();
    recipe.source = sentence(*session.model(), 30).toStdString();
    session.setRecipe(recipe, Session::Edit::Choice);
    if (!waitForAnswer(window, 60)) return 1;
    window.activateWindow();
    QLineEdit* line = window.inspect().sourcePanel()->source();
    line->setFocus();
    line->end(false);
    PaintCount paints(window.inspect().alignmentView()->map());
    std::vector<double> whole, engine;
    bool rested = false;
    int painted = -1; // paintings before the new answer; -1: it is not there yet
    QObject::connect(&session, &Session::changed, &paints, [&](Session::Changes what) {
        if (what & Session::TraceChange) painted = paints.count;
    });
    for (int i = 0; i < 25; ++i) {
        painted = -1;
        QElapsedTimer timer;
        timer.start();
        const QChar letter(QLatin1Char(static_cast<char>('a' + i % 26)));
        pressKey(window, Qt::Key_A + i % 26, letter);
        while (timer.elapsed() < 10000) {
            if (painted >= 0 && paints.count > painted) break;
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
        }
        if (painted < 0 || paints.count == painted) {
            std::fprintf(stderr, "attentoscope: no new picture came within 10 s of a keystroke\n");
            return 1;
        }
        whole.push_back(timer.nsecsElapsed() / 1e6);
        engine.push_back(session.trace()->seconds * 1000);
        rested = rested || session.trace()->seconds > Answer::fastRun;
    }
    std::printf("keystroke to the new picture, 30 words, median of %zu: %.1f ms (largest %.1f ms)\n",
                whole.size(), median(whole), *std::max_element(whole.begin(), whole.end()));
    std::printf("  of it the engine: %.1f ms\n", median(engine));
    if (rested)
        std::printf("  including %d ms of rest, which runs of more than %.0f ms wait for\n",
                    Answer::typingRestMs, Answer::fastRun * 1000);
    else
        std::printf("  no rest in it: runs under %.0f ms start with the keystroke\n", Answer::fastRun * 1000);
    benchMap();
    return 0;
}

} // namespace attn::ui
