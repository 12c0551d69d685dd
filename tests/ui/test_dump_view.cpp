// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QUndoStack>

#include "core/measure/attention_measures.h"
#include "tests/core/file_fixture.h"
#include "tests/ui/window_fixture.h"
#include "ui/panels/dump_bar.h"
#include "ui/panels/dump_dialog.h"
#include "ui/panels/model_panel.h"

using namespace attn::ui;

class TestDumpView : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<InspectedWindow> m_window;

    QString write(const char* name, const std::string& text) {
        const QString path = m_folder.filePath(QLatin1String(name));
        fixture::writeAll(path.toStdString(), text);
        return path;
    }
    QString marian() {
        return write("out.txt", "le chat ||| 0.75,0.25,0 0.125,0.75,0.125 0,0,1\nil ||| 0.5,0.5 0,1\n");
    }
    DumpDialog* dialog() const { return m_window->findChild<DumpDialog*>(); }
    DumpBar* bar() const { return m_window->sourcePanel()->dumpBar(); }
    CellMap* map() const { return m_window->alignmentView()->map(); }
    /// Chooses an entry of a combo box as a person does with the keys.
    static void choose(QComboBox* box, int value) {
        box->setFocus();
        box->setCurrentIndex(0);
        while (box->currentData().isNull() || box->currentData().toInt() != value) {
            const int before = box->currentIndex();
            QTest::keyClick(box, Qt::Key_Down);
            if (box->currentIndex() == before) return;
        }
    }
    static void type(QLineEdit* line, const QString& text) {
        line->window()->activateWindow();
        line->setFocus();
        QTRY_VERIFY(line->hasFocus());
        line->selectAll();
        QTest::keyClicks(line, text);
        QTest::keyClick(line, Qt::Key_Tab);
    }
    static void click(QPushButton* button) {
        QVERIFY(button->isVisible() && button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        QCoreApplication::processEvents();
    }
    void open(const QString& path) {
        m_window->openModel(path);
        QTRY_VERIFY(dialog() && dialog()->isVisible());
        click(dialog()->opening());
        QVERIFY(m_window->session().dump());
    }
    QAction* action(const QString& text) const {
        for (QAction* action : m_window->findChildren<QAction*>())
            if (action->text().remove('&').startsWith(text)) return action;
        return nullptr;
    }

private slots:
    void init() {
        QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                  QStringLiteral("attentoscope"))
            .clear();
        m_window = shownWindow("torch_gru_additive", "the small cat sees a bird");
        QVERIFY(m_window);
    }
    void cleanup() { m_window.reset(); }

    void aDroppedDumpIsShownAfterItWasAccepted() {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(marian())});
        const QPoint middle = m_window->rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QDropEvent drop(middle, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &drop);
        QTRY_VERIFY(dialog());
        QVERIFY(!m_window->session().dump()); // nothing changes before it is accepted
        QVERIFY(dialog()->statements()->text().contains("Rows are target words"));
        QVERIFY(dialog()->statements()->text().contains("end symbol"));
        QCOMPARE(dialog()->preview()->rows(), 3);
        click(dialog()->opening());
        QCOMPARE(map()->rows(), 3);
        QCOMPARE(map()->cols(), 3);
        QCOMPARE(map()->content().value(1, 1), 0.75F);
        QCOMPARE(map()->content().rowLabels, (QStringList{"le", "chat", QString::fromUtf8("⟨end⟩")}));
        QVERIFY(map()->content().allowed.empty());
        QVERIFY(m_window->windowTitle().contains("out.txt"));
        QVERIFY(m_window->statusText().contains("2 sentences"));
        QVERIFY(!m_window->sourcePanel()->source()->isVisible() && bar()->isVisible());
    }

    void cancellingChangesNothing() {
        const auto before = m_window->session().trace();
        m_window->openModel(marian());
        QTRY_VERIFY(dialog());
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QCoreApplication::processEvents();
        QCOMPARE(m_window->session().trace(), before);
        QVERIFY(m_window->sourcePanel()->source()->isVisible());
    }

    void theMarginsAreEntropyAndCoverage() {
        open(marian());
        const float rows[3][3] = {{0.75F, 0.25F, 0}, {0.125F, 0.75F, 0.125F}, {0, 0, 1}};
        for (int row = 0; row < 3; ++row)
            QCOMPARE(map()->content().rowMargin.values[std::size_t(row)],
                     float(attn::attentionEntropy(rows[row], 3) / std::log(2.0)));
        QCOMPARE(map()->content().columnMargin.values, (std::vector<float>{0.875F, 1, 1.125F}));
    }

    void theOtherViewsSayWhatAFileCannotKnow() {
        open(marian());
        for (TraceView* view :
             {static_cast<TraceView*>(m_window->stepView()), static_cast<TraceView*>(m_window->statesView()),
              static_cast<TraceView*>(m_window->candidatesView())}) {
            QVERIFY(view->showsNotice());
            QVERIFY2(view->notice().startsWith("This file holds weights only"),
                     qUtf8Printable(view->notice()));
            QVERIFY(view->notice().contains("Open the model")); // what to do
            QVERIFY(!view->trace() && view->numbers().isEmpty());
        }
        QVERIFY(!m_window->alignmentView()->showsNotice() && !m_window->headsView()->showsNotice());
        QCOMPARE(m_window->alignmentView()->caption(), QString("out.txt · weights from a file"));
        QVERIFY(!action("Run")->isEnabled());
        QVERIFY(action("Copy numbers: Alignment")->isEnabled());
        QTest::mouseClick(m_window->statesView(), Qt::LeftButton);
        QVERIFY(action("Copy numbers: Hidden states"));
        QVERIFY(!action("Copy numbers: Hidden states")->isEnabled());
    }

    void sentencesAreChosenInTheBar() {
        open(marian());
        QSpinBox* box = bar()->sentence();
        QCOMPARE(box->maximum(), 2);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_Up);
        QCOMPARE(m_window->session().dumpSentence(), 1);
        QCOMPARE(map()->rows(), 2);
        QCOMPARE(int(m_window->sourcePanel()->chips()->tokens().size()), 2);
        QTest::mouseClick(map(), Qt::LeftButton, {}, cellPoint(map(), 1, 1));
        QCOMPARE(m_window->selection().currentStep(), 1);
        QCOMPARE(m_window->transport()->steps(), 2);
    }

    void closingLeadsBackToTheQuestion() {
        const auto answer = m_window->session().trace();
        const int undo = m_window->session().undoStack()->count();
        open(marian());
        click(bar()->closing());
        QCOMPARE(m_window->session().trace(), answer);
        QCOMPARE(map()->rows(), int(answer->bestPath().size()));
        QVERIFY(!m_window->statesView()->showsNotice() && m_window->statesView()->trace());
        QCOMPARE(m_window->session().undoStack()->count(), undo);
        QVERIFY(action("Run")->isEnabled());
    }

    void choosingAModelClosesTheFile() {
        open(marian());
        QCOMPARE(m_window->modelPanel()->box()->currentIndex(), -1);
        m_window->session().chooseModel(0);
        QVERIFY(!m_window->session().dump());
        QVERIFY(m_window->modelPanel()->box()->currentIndex() >= 0);
    }

    void whatAFileLeavesOpenIsAskedFor() {
        m_window->openModel(write("links.txt", "1-1 2p2 3?3\n"));
        QTRY_VERIFY(dialog());
        QVERIFY(!dialog()->opening()->isEnabled());
        QVERIFY(dialog()->problem()->isVisible());
        QVERIFY(dialog()->problem()->text().contains("0 or 1"));
        QTRY_VERIFY(dialog()->choice(attn::DumpField::Base)->hasFocus());
        choose(dialog()->choice(attn::DumpField::Base), 1);
        QVERIFY2(dialog()->opening()->isEnabled(), qUtf8Printable(dialog()->problem()->text()));
        QVERIFY(dialog()->statements()->text().contains("Links count from 1: as stated"));
        click(dialog()->opening());
        QCOMPARE(map()->content().gold.size(), std::size_t(3));
        QVERIFY(map()->content().gold[0].sure && !map()->content().gold[1].sure);
        // The overlay can be switched off, and on again.
        QAction* gold = action("Gold links");
        QVERIFY(gold && gold->isChecked());
        gold->trigger();
        QVERIFY(map()->content().gold.empty());
        gold->trigger();
        QCOMPARE(map()->content().gold.size(), std::size_t(3));
        QCOMPARE(map()->content().gold[2].row, 2);
    }

    void wordsAndOrientationCanBeStatedAndCorrected() {
        const QString words = write("words.txt", "the cat\nhe\n");
        m_window->openModel(marian());
        QTRY_VERIFY(dialog());
        QVERIFY(QTest::qWaitForWindowActive(dialog()));
        type(dialog()->source(), words);
        QVERIFY(dialog()->opening()->isEnabled());
        QCOMPARE(dialog()->preview()->content().columnLabels.value(1), QString("cat"));
        choose(dialog()->choice(attn::DumpField::End), int(attn::DumpEnd::None));
        QVERIFY(!dialog()->opening()->isEnabled());
        QVERIFY(dialog()->problem()->text().contains("has to be the target's end symbol"));
        QVERIFY(dialog()->statements()->text().isEmpty());
        choose(dialog()->choice(attn::DumpField::End), int(attn::DumpEnd::Both));
        QVERIFY(dialog()->opening()->isEnabled());
        click(dialog()->opening());
        QCOMPARE(map()->content().columnLabels.value(0), QString("the"));
        // The bar asks again with what was stated before.
        QTRY_VERIFY(!dialog());
        click(bar()->options());
        QVERIFY(dialog());
        QCOMPARE(dialog()->source()->text(), words);
        QVERIFY(dialog()->statements()->text().contains("as stated"));
    }

    void aFileThatIsNoneIsRefusedInTheDialog() {
        m_window->openDump(write("prose.txt", "This is a text and no attention.\n"));
        QVERIFY(dialog()->problem()->text().contains("not recognised"));
        choose(dialog()->choice(attn::DumpField::Format), int(attn::DumpFormat::Pharaoh));
        QVERIFY(dialog()->problem()->text().contains("line 1"));
        QVERIFY(!dialog()->opening()->isEnabled());
        QVERIFY(dialog()->preview()->content().isEmpty());
    }

    void severalHeadsAreCompared() {
        open(write(
            "heads.json",
            "{\"tokens\": [\"a\", \"b\"], \"attention\": [[[1, 0], [0, 1]], [[0.5, 0.5], [0.25, 0.75]]]}"));
        QCOMPARE(m_window->selection().heads(), 2);
        QCOMPARE(map()->content().value(0, 0), 0.75F); // the mean
        QVERIFY(m_window->alignmentView()->caption().contains("mean of 2 heads"));
        m_window->selection().promoteHead(1);
        QCOMPARE(map()->content().value(1, 0), 0.25F);
    }
};

QTEST_MAIN(TestDumpView)
#include "test_dump_view.moc"
