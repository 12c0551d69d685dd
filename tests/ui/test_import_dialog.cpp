// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include "core/io/model_file.h"
#include "core/run/run.h"
#include "tests/ui/window_fixture.h"
#include "ui/panels/import_dialog.h"
#include "ui/panels/import_files.h"
#include "ui/panels/import_parameters.h"
#include "ui/panels/model_panel.h"
#include "ui/present/numbers.h"

using namespace attn;
using namespace attn::ui;

namespace {
const QString checkpoints = QStringLiteral(ATTENTOSCOPE_FIXTURES "/checkpoints/");
const QString complete = checkpoints + QStringLiteral("opennmt-py/brnn-lstm2-general/model.pt");
const QString joey = checkpoints + QStringLiteral("joeynmt/gru-bahdanau-bridge/");

/// Answers the next file dialog as a person would: types the path and presses Enter.
void answerFileDialog(const QString& path) {
    auto* timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, timer, [timer, path] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (!dialog) return;
        timer->deleteLater();
        timer->stop();
        auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        name->setText(path);
        QTest::keyClick(name, Qt::Key_Return);
    });
    timer->start(20);
}

QPushButton* buttonNamed(const QWidget* widget, const QString& accessibleName) {
    for (auto* button : widget->findChildren<QPushButton*>())
        if (button->accessibleName() == accessibleName && button->isVisible()) return button;
    return nullptr;
}
} // namespace

class TestImportDialog : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;
    std::unique_ptr<QTemporaryDir> m_folder;

    Session& session() const { return m_window->session(); }
    ImportDialog* dialog() const {
        for (auto* dialog : m_window->findChildren<ImportDialog*>())
            if (dialog->isVisible()) return dialog;
        return nullptr;
    }
    QString copied(const QString& from, const QString& name) const {
        const QString to = m_folder->filePath(name);
        return QFile::copy(from, to) ? to : QString();
    }
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
    /// The Joey NMT checkpoint without its vocabularies, dropped on the window.
    ImportDialog* droppedIncomplete() const {
        const QString path = copied(joey + "60.ckpt", "60.ckpt");
        copied(joey + "config.yaml", "config.yaml");
        drop(path);
        return QTest::qWaitFor([&] { return dialog() != nullptr; }, 20000) ? dialog() : nullptr;
    }
    /// Chooses a file with the button of that name; the import that follows is done at the end.
    void choose(ImportDialog* dialog, const QString& button, const QString& path) const {
        QPushButton* choose = buttonNamed(dialog, button);
        QVERIFY2(choose, qPrintable(button));
        const ImportReportPtr before = dialog->report();
        answerFileDialog(path);
        QTest::mouseClick(choose, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->isBusy() && dialog->report() != before, 20000);
    }

private slots:
    void init() {
        QSettings settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                           QStringLiteral("attentoscope"));
        settings.clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = shownWindow("torch_gru_additive", "the black cat sees a dog .");
        QVERIFY(m_window);
    }
    void cleanup() { m_window.reset(); }

    void aCompleteCheckpointOpensByItself() {
        const TracePtr before = session().trace();
        drop(complete);
        QTRY_VERIFY_WITH_TIMEOUT(session().models().size() == 2, 20000);
        QVERIFY(waitForWindow(*m_window));
        QVERIFY(!dialog());
        QVERIFY(session().trace() != before);
        // The reference beside the checkpoint says what the model answers.
        QCOMPARE(session().trace()->words(session().trace()->bestPath()),
                 (std::vector<std::string>{"gato", "</s>"}));
        const QComboBox* box = m_window->modelPanel()->box();
        QCOMPARE(box->currentText(), QStringLiteral("model.pt (OpenNMT-py)"));

        // The notice leads to what was recognised.
        QLabel* notice = nullptr;
        for (auto* label : m_window->findChildren<QLabel*>())
            if (label->text().contains(QStringLiteral("Imported from OpenNMT-py"))) notice = label;
        QVERIFY(notice && notice->isVisible());
        emit notice->linkActivated(complete);
        QVERIFY(dialog());
        QVERIFY(dialog()->openButton()->isEnabled());
        QVERIFY(dialog()->report()->model == session().model());
        dialog()->reject();
        QVERIFY(!dialog());
        // So does the menu, for the model that is asked.
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(dialog());
        dialog()->reject();
        session().chooseModel(0);
        QVERIFY(waitForWindow(*m_window));
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QTest::qWait(50);
        QVERIFY(!dialog());
    }

    void anIncompleteOneAsksForWhatIsMissing() {
        const TracePtr before = session().trace();
        ImportDialog* dialog = droppedIncomplete();
        QVERIFY(dialog);
        QCOMPARE(session().trace(), before);
        QCOMPARE(session().models().size(), std::size_t(1));
        QVERIFY(dialog->windowTitle().contains("60.ckpt"));
        QVERIFY(!dialog->openButton()->isEnabled());
        QVERIFY(!dialog->saveButton()->isEnabled());
        QVERIFY(!dialog->sentence()->isEnabled());
        QVERIFY(m_window->sourcePanel()->fault().contains("source vocabulary"));
        // The keyboard stands where the next thing is to be done.
        QTRY_COMPARE(dialog->focusWidget(), dialog->files()->firstMissing());

        choose(dialog, QStringLiteral("Choose: source vocabulary"), joey + "src_vocab.txt");
        QVERIFY(!dialog->openButton()->isEnabled());
        choose(dialog, QStringLiteral("Choose: target vocabulary"), joey + "trg_vocab.txt");
        QVERIFY(dialog->openButton()->isEnabled());
        QVERIFY(!dialog->files()->firstMissing());
        QTest::mouseClick(dialog->openButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(session().models().size() == 2, 20000);
        QVERIFY(waitForWindow(*m_window));
        QVERIFY(!this->dialog());
        QCOMPARE(session().trace()->words(session().trace()->bestPath()),
                 (std::vector<std::string>{",", "</s>"}));
        QVERIFY(m_window->sourcePanel()->fault().isEmpty());
    }

    void aFileThatDoesNotFitIsToldInTheDialog() {
        ImportDialog* dialog = droppedIncomplete();
        QVERIFY(dialog);
        const QString path = m_folder->filePath("short.txt");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("the\ncat\n");
        file.close();
        choose(dialog, QStringLiteral("Choose: target vocabulary"), joey + "trg_vocab.txt");
        choose(dialog, QStringLiteral("Choose: source vocabulary"), path);
        QVERIFY(!dialog->openButton()->isEnabled());
        QVERIFY2(dialog->findingsText().contains("short.txt") || dialog->findingsText().contains("source"),
                 qPrintable(dialog->findingsText()));
        // It can be put right.
        choose(dialog, QStringLiteral("Choose: source vocabulary"), joey + "src_vocab.txt");
        QVERIFY(dialog->openButton()->isEnabled());
    }

    void aBrokenFileLeavesTheWork() {
        QFile whole(complete);
        QVERIFY(whole.open(QIODevice::ReadOnly));
        const QByteArray bytes = whole.readAll();
        const QString path = m_folder->filePath("cut.pt");
        QFile cut(path);
        QVERIFY(cut.open(QIODevice::WriteOnly));
        cut.write(bytes.left(bytes.size() / 2));
        cut.close();
        const TracePtr before = session().trace();
        drop(path);
        QTRY_VERIFY_WITH_TIMEOUT(session().fault().where == Fault::Where::Model, 20000);
        QVERIFY(m_window->sourcePanel()->fault().contains("cut.pt"));
        QVERIFY(!dialog());
        QCOMPARE(session().trace(), before);
        QCOMPARE(session().models().size(), std::size_t(1));
        QCOMPARE(session().work().state, Work::State::Idle);
    }

    void theTableHasEveryParameterAndFilters() {
        drop(complete);
        QTRY_VERIFY_WITH_TIMEOUT(session().models().size() == 2, 20000);
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(dialog());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog()->isBusy(), 20000);
        ImportParameters* parameters = dialog()->parameters();
        const QAbstractItemModel* model = parameters->table()->model();
        QAbstractItemModelTester tester(const_cast<QAbstractItemModel*>(model),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto& all = dialog()->report()->parameters;
        QCOMPARE(model->rowCount(), int(all.size()));
        // Every parameter of the model is told once.
        QSet<QString> ours;
        for (int row = 0; row < model->rowCount(); ++row)
            ours << model->index(row, ImportParametersModel::Ours).data().toString();
        for (const ParameterShape& shape : modelSchema(session().model()->spec()))
            QVERIFY2(ours.contains(QString::fromStdString(shape.name)), shape.name.c_str());
        const auto problems = std::count_if(all.begin(), all.end(), [](const ParameterReport& parameter) {
            return parameter.state != ParameterState::Used && parameter.state != ParameterState::Ignored;
        });
        QApplication::setActiveWindow(dialog()); // otherwise the arrow keys are the main window's
        QTest::keyClick(parameters->filter(), Qt::Key_Down);
        QCOMPARE(model->rowCount(), int(problems));
        QTest::keyClick(parameters->filter(), Qt::Key_Up);
        QCOMPARE(model->rowCount(), int(all.size()));
    }

    void theSelfTestIsTheModelsAnswer() {
        drop(complete);
        QTRY_VERIFY_WITH_TIMEOUT(session().models().size() == 2, 20000);
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(dialog());
        ImportDialog* dialog = this->dialog();
        QLineEdit* line = dialog->sentence();
        line->selectAll();
        QTest::keyClicks(line, "the purple cat sees zebra , 2 .");
        const ImportReportPtr before = dialog->report();
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(dialog->isVisible()); // Enter has not pressed Open
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->isBusy() && dialog->report() != before, 20000);
        Recipe recipe;
        recipe.source = "the purple cat sees zebra , 2 .";
        const TracePtr trace = run(*session().model(), recipe);
        double sum = 0;
        for (const int index : trace->bestPath())
            sum += trace->steps[static_cast<std::size_t>(index)].logProb;
        QVERIFY2(dialog->selfTestText().startsWith("gato "), qPrintable(dialog->selfTestText()));
        QVERIFY2(dialog->selfTestText().contains(number(sum, 4)), qPrintable(dialog->selfTestText()));
        QCOMPARE(line->text(), QString::fromStdString(recipe.source));
        QCOMPARE(dialog->report()->model->selfTest()->source, recipe.source);
    }

    void itIsSavedAsANativeModel() {
        ImportDialog* dialog = droppedIncomplete();
        QVERIFY(dialog);
        choose(dialog, QStringLiteral("Choose: source vocabulary"), joey + "src_vocab.txt");
        choose(dialog, QStringLiteral("Choose: target vocabulary"), joey + "trg_vocab.txt");
        const QString path = m_folder->filePath("native"); // the ending is added
        answerFileDialog(path);
        QTest::mouseClick(dialog->saveButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(dialog->findingsText().contains("native.safetensors"), 20000);
        const ModelPtr native = attn::openModel((path + ".safetensors").toStdString());
        QCOMPARE(native->parameterCount(), dialog->report()->model->parameterCount());
        QVERIFY(native->selfTest() == dialog->report()->model->selfTest());

        // A folder that is not there is told where it belongs, and everything stays.
        answerFileDialog(QStringLiteral("/proc/nowhere/native.safetensors"));
        QTest::mouseClick(dialog->saveButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->isBusy() && dialog->findingsText().contains("nowhere"), 20000);
        QVERIFY(dialog->openButton()->isEnabled());
    }

    void aTokeniserIsChosenAndTakenBack() {
        drop(complete);
        QTRY_VERIFY_WITH_TIMEOUT(session().models().size() == 2, 20000);
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(dialog());
        ImportDialog* dialog = this->dialog();
        QComboBox* box = dialog->files()->tokeniser(false);
        const TokeniserKind own = dialog->report()->model->source()->tokeniser.kind();
        QVERIFY(own != TokeniserKind::Characters);
        const auto pick = [&](const QString& name) {
            const ImportReportPtr before = dialog->report();
            box->setCurrentIndex(box->findData(name));
            emit box->activated(box->currentIndex());
            QVERIFY(dialog->isBusy());
            QVERIFY(!dialog->openButton()->isEnabled());
            QTRY_VERIFY_WITH_TIMEOUT(!dialog->isBusy() && dialog->report() != before, 20000);
        };
        pick(QStringLiteral("characters"));
        QCOMPARE(dialog->report()->model->source()->tokeniser.kind(), TokeniserKind::Characters);
        QCOMPARE(session().model()->source()->tokeniser.kind(), own); // until it is opened
        pick(QString());
        QCOMPARE(dialog->report()->model->source()->tokeniser.kind(), own);
    }

    void workThatIsStoppedChangesNothing() {
        ImportDialog* dialog = droppedIncomplete();
        QVERIFY(dialog);
        const ImportReportPtr before = dialog->report();
        ImportOptions wanted = dialog->options();
        wanted.sourceVocabulary = (joey + "src_vocab.txt").toStdString();
        emit dialog->importRequested(wanted);
        QVERIFY(dialog->isBusy());
        emit dialog->stopRequested();
        QVERIFY(!dialog->isBusy());
        QCOMPARE(session().work().state, Work::State::Idle);
        QTest::qWait(300);
        QCOMPARE(dialog->report(), before);

        // A dialog that is closed takes its import with it.
        emit dialog->importRequested(wanted);
        dialog->reject();
        QTest::qWait(300);
        QVERIFY(!this->dialog());
        QCOMPARE(session().models().size(), std::size_t(1));
    }

    void theTextsFollowTheLanguage() {
        ImportDialog* dialog = droppedIncomplete();
        QVERIFY(dialog);
        const QString english = dialog->openButton()->text();
        m_window->setLanguage(Language::Chinese);
        QTRY_COMPARE(dialog->openButton()->text(), QStringLiteral("打开(&O)"));
        QVERIFY(!dialog->openButton()->isEnabled());
        QTRY_VERIFY(
            buttonNamed(dialog, QStringLiteral("选择：源词表"))); // new widgets show when events are handled
        m_window->setLanguage(Language::English);
        QTRY_COMPARE(dialog->openButton()->text(), english);
        QTRY_VERIFY(buttonNamed(dialog, QStringLiteral("Choose: source vocabulary")));
        choose(dialog, QStringLiteral("Choose: source vocabulary"), joey + "src_vocab.txt");
    }

    /// The desktop's font grows while a button of the dialog has the keyboard.
    void aLargerFontBuildsItAnew() {
        drop(complete);
        QTRY_VERIFY_WITH_TIMEOUT(session().models().size() == 2, 20000);
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QTRY_VERIFY(dialog());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog()->isBusy(), 20000);
        QApplication::setActiveWindow(dialog());
        dialog()->openButton()->setFocus();
        QTRY_VERIFY(dialog()->openButton()->hasFocus());
        const QPointer<QPushButton> before = dialog()->openButton();
        const QFont font = QApplication::font();
        QFont larger = font;
        larger.setPixelSize(2 * QFontInfo(font).pixelSize());
        QApplication::setFont(larger);
        QTRY_VERIFY(!before);
        QVERIFY(dialog() && dialog()->openButton()->isEnabled());
        QApplication::setFont(font);
        QTRY_VERIFY(dialog()->openButton()->isVisible());
    }

    void everythingHasANameAndATip() {
        ImportDialog* dialog = droppedIncomplete();
        QVERIFY(dialog);
        for (const QWidget* widget : dialog->findChildren<QWidget*>()) {
            const bool control = widget->inherits("QPushButton") || widget->inherits("QComboBox") ||
                                 widget->inherits("QLineEdit");
            if (!control || !widget->isVisible() || widget->parentWidget()->inherits("QComboBox")) continue;
            const auto* button = qobject_cast<const QPushButton*>(widget);
            if (button && button->text().remove('&') == QLatin1String("Cancel")) continue; // Qt's own
            QVERIFY2(!widget->toolTip().isEmpty(), widget->metaObject()->className());
            QVERIFY(widget->focusPolicy() != Qt::NoFocus);
        }
        QVERIFY(!dialog->parameters()->table()->accessibleName().isEmpty());
    }

    void filesAreNamedByTheirRoles() {
        for (const ImportFile file : importFiles()) {
            const QString text = importFileText(file);
            QVERIFY(!text.isEmpty());
            QVERIFY2(importFileOf(text.toStdString()) == file, qPrintable(text));
        }
        QVERIFY(importFileOf("decoder") == &ImportOptions::partner);
        QVERIFY(importFileOf("something else") == nullptr);
    }
};

QTEST_MAIN(TestImportDialog)
#include "test_import_dialog.moc"
