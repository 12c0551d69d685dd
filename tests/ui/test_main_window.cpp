// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QUndoStack>
#include <functional>

#include "tests/ui/window_fixture.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/figure_file.h"
#include "ui/present/axis_text.h"
#include "ui/present/numbers.h"
#include "ui/views/step_card_widget.h"

using namespace attn;
using namespace attn::ui;

class TestMainWindow : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;

    static QSettings store() {
        return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                         QStringLiteral("attentoscope"));
    }
    QLineEdit* line() const { return m_window->sourcePanel()->source(); }
    Selection& selection() const { return m_window->selection(); }
    const TracePtr& trace() const { return m_window->session().trace(); }
    void drop(const QString& path) const {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(path)});
        const QPoint middle = m_window->rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(middle, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &event);
    }

private slots:
    void init() {
        QSettings settings = store();
        settings.clear();
        m_window = shownWindow("torch_gru_additive", "the small cat sees a bird");
        QVERIFY(m_window);
    }
    void cleanup() { m_window.reset(); }

    void theAlignmentHasHalfTheWindow() {
        m_window->resize(1440, 900);
        m_window->resetLayout();
        QCoreApplication::processEvents();
        const QSize hero = m_window->alignmentView()->size();
        QVERIFY2(2 * hero.width() * hero.height() >= 1440 * 900,
                 qPrintable(QStringLiteral("%1 x %2").arg(hero.width()).arg(hero.height())));
    }

    void theTextSizeReachesEveryText() {
        const TracePtr before = trace();
        m_window->setTextSize(2);
        const auto smallest = [&] {
            int pixels = 1000;
            for (const QLabel* label : m_window->findChildren<QLabel*>())
                if (label->isVisible() && !label->text().isEmpty())
                    pixels = std::min(pixels, label->fontInfo().pixelSize());
            return pixels;
        };
        QTRY_VERIFY(smallest() >= 22);
        for (const QDockWidget* dock : m_window->findChildren<QDockWidget*>())
            QVERIFY(dock->fontInfo().pixelSize() >= 22);
        QTRY_VERIFY(m_window->stepView()->width() > 1.3 * 252);
        QVERIFY(m_window->alignmentView()->width() > m_window->stepView()->width());
        QCOMPARE(trace(), before);
        QVERIFY(!m_window->alignmentView()->showsNotice());
        m_window->setTextSize(1);
        QTRY_VERIFY(smallest() < 15);
    }

    void typingRuns() {
        line()->setFocus();
        line()->end(false);
        QTest::keyClicks(line(), " quux");
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(trace()->sourceText, std::string("the small cat sees a bird quux"));
        const std::vector<TokenChip>& chips = m_window->sourcePanel()->chips()->tokens();
        QCOMPARE(chips.size(), trace()->axes[0].positions.size());
        QVERIFY(chips[6].unknown);
        QVERIFY(!chips[0].unknown);
        QCOMPARE(m_window->alignmentView()->map()->cols(), int(trace()->axes[0].positions.size()));
        QCOMPARE(m_window->transport()->steps(), int(trace()->bestPath().size()));
    }

    void lettersAndBlanksAreText() {
        line()->setFocus();
        line()->end(false);
        const int head = selection().promotedHead();
        QTest::keyClicks(line(), " h h");
        QVERIFY(line()->text().endsWith(" h h"));
        QCOMPARE(selection().promotedHead(), head);
        QVERIFY(!m_window->transport()->isPlaying());
        QTest::keyClick(line(), Qt::Key_Left);
        QCOMPARE(line()->cursorPosition(), int(line()->text().size()) - 1);
        QVERIFY(waitForWindow(*m_window));
    }

    void arrowsStepAndSpacePlays() {
        CellMap* map = m_window->alignmentView()->map();
        QTest::mouseClick(map, Qt::LeftButton, {}, cellPoint(map, 0, 0));
        QTest::mouseClick(map, Qt::LeftButton, {}, cellPoint(map, 0, 0)); // and let go
        QCOMPARE(selection().currentStep(), 0);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Right);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Right);
        QCOMPARE(selection().currentStep(), 2);
        QCOMPARE(m_window->alignmentView()->map()->currentRow(), 2);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Left);
        QCOMPARE(m_window->transport()->step(), 1);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Down);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Down);
        QCOMPARE(selection().pinned().at[0], 1);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Space);
        QVERIFY(m_window->transport()->isPlaying());
        QCOMPARE(m_window->alignmentView()->map()->content().validRows, selection().currentStep() + 1);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Space);
        QVERIFY(!m_window->transport()->isPlaying());
        QCOMPARE(m_window->alignmentView()->map()->content().validRows, -1);
    }

    void undoTakesTheSentenceBack() {
        line()->setFocus();
        line()->end(false);
        QTest::keyClicks(line(), " and");
        QVERIFY(waitForWindow(*m_window));
        QTest::keyClick(line(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(line()->text(), QString("the small cat sees a bird"));
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(trace()->sourceText, std::string("the small cat sees a bird"));
        QTest::keyClick(line(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(line()->text(), QString("the small cat sees a bird and"));
    }

    void aDroppedModelOpens() {
        drop(fixtureModel("torch_four_heads"));
        QVERIFY(QTest::qWaitFor([&] { return m_window->session().modelIndex() == 1; }, 20000));
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(selection().heads(), 4);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_H);
        QCOMPARE(m_window->alignmentView()->shown().head, 0);
    }

    void aBadFileIsNamedAndTheWorkStays() {
        QTemporaryDir folder;
        const QString path = folder.filePath("notes.txt");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("shopping list");
        file.close();
        const TracePtr before = trace();
        drop(path);
        QVERIFY(QTest::qWaitFor([&] { return !m_window->sourcePanel()->fault().isEmpty(); }, 20000));
        QVERIFY(m_window->sourcePanel()->fault().contains("notes.txt"));
        QCOMPARE(trace(), before);
        QVERIFY(!m_window->alignmentView()->showsNotice());
        QVERIFY(QApplication::activeModalWidget() == nullptr);
        // The next question clears the message.
        line()->end(false);
        QTest::keyClicks(line(), " a");
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(m_window->sourcePanel()->fault(), QString());
    }

    void aCandidateForcesItsWord() {
        selection().setStep(1);
        QTableView* table = m_window->candidatesView()->table();
        QAbstractItemModelTester tester(table->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(table->model()->rowCount() > 1);
        const std::string first = trace()->steps[trace()->bestPath()[0]].wordText;
        const std::string wanted = trace()->passOf(trace()->bestPath()[1]).output->candidates[1].text;
        const QRect cell = table->visualRect(table->model()->index(1, 0));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell.center());
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(m_window->session().recipe().prefix, (std::vector<std::string>{first, wanted}));
        const StepTrace& step = trace()->steps[trace()->bestPath()[1]];
        QCOMPARE(step.wordText, wanted);
        QVERIFY(step.forced);
        m_window->session().undoStack()->undo();
        QVERIFY(waitForWindow(*m_window));
        QVERIFY(m_window->session().recipe().prefix.empty());
    }

    void aForcedTargetIsDecoded() {
        QComboBox* search = m_window->sourcePanel()->search();
        QVERIFY(!m_window->sourcePanel()->target()->isVisible());
        search->setFocus();
        QTest::keyClick(search, Qt::Key_End);
        QVERIFY(waitForWindow(*m_window));
        QLineEdit* target = m_window->sourcePanel()->target();
        QVERIFY(target->isVisible());
        target->setFocus();
        target->selectAll();
        QTest::keyClicks(target, "le chat");
        QTest::keyClick(target, Qt::Key_Return);
        QVERIFY(waitForWindow(*m_window));
        const std::vector<std::string> words = trace()->words(trace()->bestPath());
        QVERIFY(words.size() >= 2);
        QCOMPARE(words[0], std::string("le"));
        QCOMPARE(words[1], std::string("chat"));
    }

    void anEmptyWindowTeaches() {
        line()->setFocus();
        line()->selectAll();
        QTest::keyClick(line(), Qt::Key_Delete);
        QVERIFY(waitForWindow(*m_window));
        for (TraceView* view : m_window->findChildren<TraceView*>()) {
            QVERIFY(view->showsNotice());
            QVERIFY(!view->notice().isEmpty());
        }
    }

    void everyCommandHasTextAndDoesSomething() {
        const std::function<void(QMenu*)> check = [&](QMenu* menu) {
            for (QAction* action : menu->actions()) {
                if (action->isSeparator()) continue;
                QVERIFY(!action->text().isEmpty());
                if (action->menu()) {
                    QVERIFY(!action->menu()->actions().isEmpty());
                    check(action->menu());
                } else if (!action->isEnabled()) {
                    // Only what has nothing to act on now may be off.
                    const QString text = QString(action->text()).remove('&');
                    QVERIFY2(
                        (QStringList{"Undo", "Redo", "Stop", "Next head", "Import details…"}.contains(text)),
                        qPrintable(text));
                }
            }
        };
        for (QAction* top : m_window->menuBar()->actions()) check(top->menu());
        QList<QKeySequence> seen;
        for (QAction* action : m_window->findChildren<QAction*>())
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!seen.contains(key), qPrintable(key.toString()));
                seen << key;
            }
    }

    void everyControlHasAName() {
        for (QWidget* widget : m_window->findChildren<QWidget*>()) {
            if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus)) continue;
            const bool named = !widget->accessibleName().isEmpty() ||
                               !widget->property("text").toString().isEmpty() ||
                               !widget->toolTip().isEmpty() || widget->inherits("QScrollArea") ||
                               widget->inherits("QTabBar");
            QVERIFY2(named, widget->metaObject()->className());
        }
    }

    void layoutAndSettingsAreRemembered() {
        auto* heads = m_window->findChild<QDockWidget*>(QStringLiteral("heads"));
        auto* states = m_window->findChild<QDockWidget*>(QStringLiteral("states"));
        states->close();
        heads->raise();
        m_window->alignmentView()->setColours(MapName::Cividis, Scale::SquareRoot);
        m_window->setTheme(ThemeChoice::Dark);
        m_window->close();
        m_window = shownWindow("torch_gru_additive", "the small cat");
        QVERIFY(m_window);
        QVERIFY(!m_window->findChild<QDockWidget*>(QStringLiteral("states"))->isVisible());
        QCOMPARE(m_window->alignmentView()->mapName(), MapName::Cividis);
        QCOMPARE(m_window->alignmentView()->scale(), Scale::SquareRoot);
        m_window->resetLayout();
        QVERIFY(m_window->findChild<QDockWidget*>(QStringLiteral("states"))->isVisible());
        m_window->setTheme(ThemeChoice::System);
    }

    void everySettingGoesThereAndBack() {
        WindowSettings changed;
        changed.theme = ThemeChoice::Dark;
        changed.language = Language::Chinese;
        changed.textScale = 1.5;
        AlignmentDisplay& display = changed.inspect.display;
        display.map = MapName::Viridis;
        display.scale = Scale::Log;
        display.showValues = display.showRowMaxima = true;
        display.showOutOfScope = display.showGold = false;
        changed.inspect.stepsPerSecond = 7;
        changed.geometry = "g";
        changed.inspect.layout = "l";
        // Each field differs from its default, so none can be forgotten.
        WindowSettings fallback;
        QSet<QString> keys;
        visitSettings(changed, [&](const SettingInfo& info, const auto& field) {
            visitSettings(fallback, [&](const SettingInfo& other, const auto& standard) {
                if constexpr (std::is_same_v<decltype(field), decltype(standard)>)
                    if (QLatin1String(info.key) == QLatin1String(other.key))
                        QVERIFY2(!(field == standard), info.key);
            });
            using Field = std::remove_cvref_t<decltype(field)>;
            if constexpr (std::is_same_v<Field, double>) QVERIFY2(info.least < info.most, info.key);
            QVERIFY2(*info.text, info.key);
            keys << QLatin1String(info.key);
        });
        int fields = 0;
        visitSettings(changed, [&](const SettingInfo&, const auto&) { ++fields; });
        QCOMPARE(int(keys.size()), fields);
        QTemporaryDir folder;
        QSettings file(folder.filePath("s.ini"), QSettings::IniFormat);
        saveSettings(file, changed);
        const LoadedSettings loaded = loadSettings(file);
        QCOMPARE(loaded.settings == changed, true);
        QVERIFY(loaded.problems.isEmpty());
        // Whatever a setting cannot be is told by name, and its default holds; a number is tried beyond both
        // of its bounds.
        visitSettings(changed, [&](const SettingInfo& info, const auto& field) {
            using Field = std::remove_cvref_t<decltype(field)>;
            if constexpr (std::is_same_v<Field, QByteArray>) return; // Qt judges these itself
            QList<QVariant> wrong{QStringLiteral("mauve")};
            if constexpr (std::is_same_v<Field, double>) wrong << info.least - 0.01 << info.most + 0.01;
            for (const QVariant& value : wrong) {
                saveSettings(file, changed);
                file.setValue(QLatin1String(info.key), value);
                const LoadedSettings refused = loadSettings(file);
                QCOMPARE(int(refused.problems.size()), 1);
                QVERIFY2(refused.problems.first().startsWith(QLatin1String(info.text)), info.key);
                QVERIFY2(refused.problems.first().contains(value.toString()), info.key);
                WindowSettings expected = changed;
                visitSettings(expected, [&](const SettingInfo& other, auto& kept) {
                    visitSettings(fallback, [&](const SettingInfo& third, const auto& standard) {
                        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(kept)>,
                                                     std::remove_cvref_t<decltype(standard)>>)
                            if (QLatin1String(other.key) == QLatin1String(info.key) &&
                                QLatin1String(third.key) == QLatin1String(info.key))
                                kept = standard;
                    });
                });
                QCOMPARE(refused.settings == expected, true);
            }
        });
    }

    void everyViewHasAMenuThatCopiesTheValue() {
        const auto menuAt = [](QWidget* widget, const QPoint& at) {
            QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget->mapToGlobal(at));
            QCoreApplication::sendEvent(widget, &event);
            return qobject_cast<QMenu*>(QApplication::activePopupWidget());
        };
        CellMap* map = m_window->alignmentView()->map();
        CellMap* states = m_window->statesView()->strip(true)->map();
        QTableView* table = m_window->candidatesView()->table();
        StepCardWidget* card = m_window->stepView()->card(Stage::Normaliser);
        const HeadTrace& head = trace()->row(0, 0, trace()->bestPath())->heads[0];
        const QString first = axisText(trace()->steps[trace()->bestPath()[0]]);
        const struct {
            QWidget* widget;
            QPoint at;
            QString contains;
        } places[] = {
            {map, cellPoint(map, 0, 1), weightText(head.weights[1])},
            {states, cellPoint(states, 2, 0), QString("unit 2")},
            {table->viewport(), table->visualRect(table->model()->index(0, 0)).center(), first},
            {card, QPoint(10, 10), card->resultText()},
        };
        for (const auto& place : places) {
            QMenu* menu = menuAt(place.widget, place.at);
            QVERIFY(menu);
            const QList<QAction*> actions = menu->actions();
            for (const char* command : {"Copy figure", "Copy numbers", "Export figure", "Export numbers"})
                QVERIFY(std::any_of(actions.begin(), actions.end(), [&](const QAction* action) {
                    return QString(action->text()).remove('&').startsWith(QLatin1String(command));
                }));
            actions.first()->trigger();
            QVERIFY2(QApplication::clipboard()->text().contains(place.contains),
                     qPrintable(QApplication::clipboard()->text()));
            menu->close();
            QTRY_VERIFY(!QApplication::activePopupWidget());
        }
    }

    void thePngsSizeIsChosen() {
        ExportDialog dialog("figure", QSizeF(600, 300));
        QVERIFY(!dialog.pixels()->isEnabled());
        dialog.format()->setCurrentIndex(dialog.format()->findData("png"));
        QCOMPARE(dialog.suffix(), QString("png"));
        QVERIFY(dialog.pixels()->isEnabled());
        dialog.pixels()->setValue(2540);
        dialog.resolution()->setValue(254);
        QCOMPARE(dialog.pngSize().width, 2540);
        QCOMPARE(dialog.pngSize().dotsPerInch, 254);
        bool told = false;
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            told |= label->text().contains("25.4 × 12.7 cm");
        QVERIFY(told);
    }

    void figuresAndNumbersAreWritten() {
        QTemporaryDir folder;
        AlignmentView* view = m_window->alignmentView();
        const auto paint = [&](QPainter& painter, const QSizeF& size) {
            view->paintFigure(painter, size, lightTheme());
        };
        for (const char* name : {"a.png", "a.svg", "a.pdf"}) {
            writeFigure(folder.filePath(name), QSizeF(600, 500), {1234, 300}, paint);
            QVERIFY(QFile(folder.filePath(name)).size() > 1000);
        }
        const QImage png(folder.filePath("a.png"));
        QCOMPARE(png.size(), QSize(1234, 1028));
        QCOMPARE(qRound(png.dotsPerMeterX() * 0.0254), 300);
        writeNumbers(folder.filePath("a.csv"), view->numbers());
        QFile csv(folder.filePath("a.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = csv.readAll().split('\n');
        const HeadTrace& head = trace()->row(0, 0, trace()->bestPath())->heads[0];
        QCOMPARE(lines[1].split(',')[1].toFloat(), head.weights[0]);
        QVERIFY(lines[0].contains("softmax"));
        // NPY holds the weights alone.
        writeNumbers(folder.filePath("a.npy"), view->numbers());
        QFile npy(folder.filePath("a.npy"));
        QVERIFY(npy.open(QIODevice::ReadOnly));
        QVERIFY(npy.readAll().contains(QStringLiteral("'shape': (%1, %2)")
                                           .arg(trace()->bestPath().size())
                                           .arg(trace()->axes[0].positions.size())
                                           .toLatin1()));
        QVERIFY_EXCEPTION_THROWN(writeFigure(folder.filePath("a.bmp"), QSizeF(9, 9), {9, 96}, paint), Error);
        QVERIFY_EXCEPTION_THROWN(writeNumbers(folder.filePath("none/a.csv"), view->numbers()), Error);
        m_window->exporter().copyNumbers();
        QVERIFY(QApplication::clipboard()->text().contains("entropy, bits"));
        m_window->exporter().copyFigure();
        QVERIFY(QApplication::clipboard()->mimeData()->hasImage());
        QVERIFY(QApplication::clipboard()->mimeData()->hasFormat("image/svg+xml"));
    }
};

QTEST_MAIN(TestMainWindow)
#include "test_main_window.moc"
