// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QActionGroup>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDirIterator>
#include <QDockWidget>
#include <QLabel>
#include <QLibraryInfo>
#include <QLineEdit>
#include <QMenuBar>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QStyle>
#include <QTabBar>
#include <QTemporaryDir>
#include <QUndoStack>
#include <QXmlStreamReader>

#include "tests/ui/window_fixture.h"
#include "ui/panels/model_panel.h"
#include "ui/present/import_report.h"
#include "ui/present/rule_text.h"
#include "ui/present/states.h"
#include "ui/shell/language.h"
#include "ui/views/step_card_widget.h"

using namespace attn;
using namespace attn::ui;

namespace {
/// Chinese by context and text, as a .ts file has it. What is unfinished is an empty text.
using Texts = QMap<std::pair<QString, QString>, QString>;

Texts readTexts(const QString& path, QString* problem) {
    Texts texts;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        *problem = path + ": cannot be read";
        return texts;
    }
    QXmlStreamReader xml(&file);
    QString context, source;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) continue;
        if (xml.name() == QLatin1String("name")) context = xml.readElementText();
        if (xml.name() == QLatin1String("source")) source = xml.readElementText();
        if (xml.name() == QLatin1String("translation")) {
            const bool finished = !xml.attributes().hasAttribute(QLatin1String("type"));
            const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
            texts[{context, source}] = finished ? text : QString();
        }
    }
    if (xml.hasError()) *problem = path + ": " + xml.errorString();
    return texts;
}

/// All matches of `pattern` in order of the alphabet, in lower case.
QStringList found(const QString& text, const QString& pattern) {
    QStringList all;
    for (auto match = QRegularExpression(pattern).globalMatch(text); match.hasNext();)
        all << match.next().captured().toLower();
    all.sort();
    return all;
}

bool hasChinese(const QString& text) {
    return !found(text, QStringLiteral("\\p{Han}")).isEmpty();
}

const QString texts = QStringLiteral(ATTENTOSCOPE_SOURCE "/resources/i18n/attentoscope_zh_CN.ts");
} // namespace

class TestTranslation : public QObject {
    Q_OBJECT
    std::unique_ptr<InspectedWindow> m_window;

    void speak(Language language) {
        m_window->setLanguage(language);
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::processEvents();
        QCOMPARE(currentLanguage(), language);
    }
    Selection& selection() const { return m_window->selection(); }
    QDockWidget* dock(const char* name) const {
        return m_window->findChild<QDockWidget*>(QLatin1String(name));
    }
    QMenu* menu(int index) const { return m_window->menuBar()->actions().at(index)->menu(); }
    QList<QAction*> everyAction() const {
        QList<QAction*> all, open = m_window->menuBar()->actions();
        while (!open.isEmpty()) {
            const QAction* top = open.takeFirst();
            for (QAction* action : top->menu()->actions()) {
                all << action;
                if (action->menu()) open << action;
            }
        }
        return all;
    }
    QAction* languageAction(Language language) const {
        for (const QActionGroup* group : m_window->findChildren<QActionGroup*>())
            if (group->actions().size() == 3 && group->actions().at(1)->text() == QLatin1String("&English"))
                return group->actions().at(static_cast<int>(language));
        return nullptr;
    }
    /// What a person reads in the window, in the order of the alphabet.
    QStringList words() const {
        QStringList words{m_window->windowTitle(), m_window->statusText()};
        for (const QAction* action : everyAction()) words << action->text() << action->toolTip();
        for (const QDockWidget* dock : m_window->findChildren<QDockWidget*>()) words << dock->windowTitle();
        for (int stage = 0; stage < 6; ++stage)
            words << m_window->stepView()->card(static_cast<Stage>(stage))->card().title;
        for (const QLabel* label : m_window->findChildren<QLabel*>())
            if (label->isVisible()) words << label->text();
        for (const QAbstractButton* button : m_window->findChildren<QAbstractButton*>())
            if (button->isVisible()) words << button->text() << button->toolTip();
        words.sort();
        return words;
    }

private slots:
    void initTestCase() { QVERIFY(QFile::exists(texts)); }
    void init() {
        QSettings store(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("attentoscope"),
                        QStringLiteral("attentoscope"));
        store.clear();
        store.setValue(QStringLiteral("view/language"), QStringLiteral("en"));
        store.sync();
        m_window = shownWindow("torch_gru_additive", "the small cat sees a bird");
        QVERIFY(m_window);
        speak(Language::English);
    }
    void cleanup() {
        m_window.reset();
        applyLanguage(Language::English);
    }

    void theDesktopsFirstKnownLanguageIsTaken() {
        QCOMPARE(bestLanguage({QStringLiteral("zh-Hans-CN"), QStringLiteral("en")}), Language::Chinese);
        QCOMPARE(bestLanguage({QStringLiteral("en-GB"), QStringLiteral("zh-CN")}), Language::English);
        QCOMPARE(bestLanguage({QStringLiteral("fr-FR"), QStringLiteral("zh")}), Language::Chinese);
        QCOMPARE(bestLanguage({QStringLiteral("zha"), QStringLiteral("fr")}), Language::English);
        QCOMPARE(bestLanguage({}), Language::English);
    }

    void everyTextIsTranslated() {
        QString problem;
        const Texts all = readTexts(texts, &problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QVERIFY(all.size() > 200);
        for (auto at = all.begin(); at != all.end(); ++at) {
            const QString source = at.key().second, chinese = at.value();
            const QByteArray where = (at.key().first + ": " + source).toUtf8();
            QVERIFY2(!chinese.trimmed().isEmpty(), where);
            for (const char* pattern : {"%\\d+", "&\\w", "href=\"[^\"]*\"", "\\*\\.\\w+", "</?\\w+", ";;"})
                QVERIFY2(found(source, QLatin1String(pattern)) == found(chinese, QLatin1String(pattern)),
                         where + " does not keep its " + pattern);
            QCOMPARE(chinese.endsWith(QChar(0x2026)), source.endsWith(QChar(0x2026)));
        }
    }

    void everyRuleHasAName() {
        QString problem;
        const Texts all = readTexts(texts, &problem);
        const auto check = [&](auto names, const QString& context, auto text) {
            QStringList seen;
            for (const auto& [rule, name] : names) {
                const QString english = text(rule);
                QVERIFY2(!english.isEmpty(), name.data());
                QVERIFY2(!english.contains('_'), name.data()); // that is a name for files
                QVERIFY2(!seen.contains(english), name.data());
                QVERIFY2(all.contains({context, english}), name.data());
                seen << english;
            }
        };
        const auto rule = [](auto value) { return ruleText(value); };
        check(EnumNames<Score>::names, QStringLiteral("Rule"), rule);
        check(EnumNames<Scope>::names, QStringLiteral("Rule"), rule);
        check(EnumNames<Normaliser>::names, QStringLiteral("Rule"), rule);
        check(EnumNames<StatePart>::names, QStringLiteral("States"), partText);
        check(EnumNames<ParameterState>::names, QStringLiteral("Import"), parameterStateText);
        check(EnumNames<TokeniserKind>::names, QStringLiteral("Import"), tokeniserText);
        QCOMPARE(ruleText(Score::ScaledDot), QStringLiteral("scaled dot product"));
        QCOMPARE(ruleText(Scope::LocalP), QStringLiteral("local, predictive"));
    }

    void theTextsAreThoseOfTheSources() {
        QString tool;
        for (const auto path : {QLibraryInfo::BinariesPath, QLibraryInfo::LibraryExecutablesPath})
            if (const QString file = QLibraryInfo::path(path) + "/lupdate"; QFile::exists(file)) tool = file;
        if (tool.isEmpty()) QSKIP("lupdate is not installed");
        QStringList sources;
        for (const char* folder : {"ui", "app/attentoscope"}) {
            QDirIterator files(QStringLiteral(ATTENTOSCOPE_SOURCE "/") + QLatin1String(folder),
                               {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext()) sources << files.next();
        }
        QVERIFY(!sources.isEmpty());
        QTemporaryDir folder;
        const QString list = folder.filePath("sources"), now = folder.filePath("now.ts");
        QFile file(list);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(sources.join(QLatin1Char('\n')).toUtf8());
        file.close();
        QProcess lupdate;
        lupdate.setProcessChannelMode(QProcess::MergedChannels);
        lupdate.start(
            tool, {"-locations", "none", "-I", QStringLiteral(ATTENTOSCOPE_SOURCE), "@" + list, "-ts", now});
        QVERIFY(lupdate.waitForFinished(60000));
        const QByteArray told = lupdate.readAll();
        QVERIFY2(lupdate.exitCode() == 0, told);
        // A text outside a class that Qt knows is one that would never be found at run time.
        QVERIFY2(!told.contains("lacks Q_OBJECT") && !told.contains("without context"), told);
        QString problem;
        const auto here = readTexts(texts, &problem).keys(), there = readTexts(now, &problem).keys();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QStringList differing;
        for (const auto& key : here)
            if (!there.contains(key)) differing << "gone: " + key.first + ": " + key.second;
        for (const auto& key : there)
            if (!here.contains(key)) differing << "new: " + key.first + ": " + key.second;
        QVERIFY2(differing.isEmpty(), qUtf8Printable(differing.join(QLatin1Char('\n')) +
                                                     "\nBuild the target update_translations."));
    }

    void theWindowChangesItsLanguageAndBack() {
        const QStringList english = words();
        QCOMPARE(menu(0)->title(), QStringLiteral("&File"));
        languageAction(Language::Chinese)->trigger();
        QTRY_COMPARE(menu(0)->title(), QStringLiteral("文件(&F)"));
        QCOMPARE(currentLanguage(), Language::Chinese);
        QVERIFY(languageAction(Language::Chinese)->isChecked());
        QCOMPARE(dock("states")->windowTitle(), QStringLiteral("隐藏状态"));
        QCOMPARE(m_window->stepView()->card(Stage::Score)->card().title, QStringLiteral("分数 · 加性"));
        QCOMPARE(m_window->stepView()->card(Stage::Normaliser)->card().title,
                 QStringLiteral("权重 · softmax"));
        QVERIFY(m_window->statusText().startsWith(QStringLiteral("就绪")));
        QCOMPARE(m_window->sourcePanel()->search()->currentText(), QStringLiteral("贪心"));
        for (const QAction* action : everyAction())
            if (!action->isSeparator() && action->text() != QLatin1String("&English") &&
                action->text() != QLatin1String("Viridis") && action->text() != QLatin1String("Cividis"))
                QVERIFY2(hasChinese(action->text()), qUtf8Printable(action->text()));
        QCOMPARE(m_window->menuBar()->actions().size(), 5);
        const QDialogButtonBox buttons(QDialogButtonBox::Cancel);
        QVERIFY(hasChinese(buttons.button(QDialogButtonBox::Cancel)->text()));

        languageAction(Language::English)->trigger();
        QTRY_COMPARE(menu(0)->title(), QStringLiteral("&File"));
        QCoreApplication::processEvents();
        QCOMPARE(words(), english);
    }

    void theKeysStay() {
        const auto keys = [&] {
            QStringList all;
            for (const QAction* action : everyAction())
                all << QKeySequence::listToString(action->shortcuts(), QKeySequence::PortableText);
            return all;
        };
        const QStringList english = keys();
        QVERIFY(english.contains(QStringLiteral("Ctrl+K")));
        speak(Language::Chinese);
        QCOMPARE(keys(), english);
        // Each command has its keys once, so that none is ambiguous.
        QTest::keyClick(m_window.get(), Qt::Key_End);
        QCOMPARE(selection().currentStep(), selection().bounds().steps() - 1);
        QTest::keyClick(m_window->alignmentView()->map(), Qt::Key_Home);
        QCOMPARE(selection().currentStep(), 0);
    }

    void theWorkStays() {
        QLineEdit* line = m_window->sourcePanel()->source();
        line->setFocus();
        line->end(false);
        QTest::keyClicks(line, " quux");
        QVERIFY(waitForWindow(*m_window));
        line->setCursorPosition(5);
        const TracePtr trace = m_window->session().trace();
        const Question question = m_window->session().question();
        const int undo = m_window->session().undoStack()->count();
        selection().togglePin({{selection().stepAxis(), 2}, {0, 1}});
        selection().togglePinnedUnit(3);
        selection().promoteHead(0);
        const Pointing pinned = selection().pinned();
        m_window->stepView()->card(Stage::Mix)->setFolded(true);
        const StatesView* view = m_window->statesView();
        m_window->statesView()->setShowsDecoderUnit(false);
        for (auto* box : view->strip(false)->findChildren<QComboBox*>()) {
            QVERIFY(box->count() > 1);
            box->setCurrentIndex(box->count() - 1);
            emit box->activated(box->count() - 1);
        }
        const std::vector<float> shownStates = view->strip(false)->shown().values;
        QVERIFY(view->strip(true)->shown().values != shownStates);
        dock("step")->close();
        m_window->alignmentView()->setColours(MapName::Viridis, Scale::Log);
        m_window->transport()->setSpeed(5);
        const double speed = m_window->transport()->speed();
        QTRY_VERIFY(!dock("step")->isVisible());
        const QRect place = m_window->geometry();
        const QSize states = dock("states")->size();

        speak(Language::Chinese);
        QCOMPARE(m_window->session().trace(), trace);
        QVERIFY(m_window->session().question() == question);
        QCOMPARE(m_window->session().undoStack()->count(), undo);
        QCOMPARE(selection().currentStep(), 2);
        QVERIFY(selection().pinned() == pinned);
        QCOMPARE(m_window->transport()->step(), 2);
        QCOMPARE(m_window->sourcePanel()->source()->text(), QStringLiteral("the small cat sees a bird quux"));
        QCOMPARE(m_window->sourcePanel()->source()->cursorPosition(), 5);
        QCOMPARE(QApplication::focusWidget(), m_window->sourcePanel()->source());
        QCOMPARE(m_window->alignmentView()->shown().weights,
                 attentionMap(*trace, 0, 0, trace->bestPath()).weights);
        QCOMPARE(m_window->alignmentView()->mapName(), MapName::Viridis);
        QCOMPARE(m_window->alignmentView()->scale(), Scale::Log);
        QCOMPARE(m_window->transport()->speed(), speed);
        QVERIFY(!m_window->statesView()->showsDecoderUnit());
        QCOMPARE(m_window->statesView()->strip(false)->shown().values, shownStates);
        QVERIFY(m_window->stepView()->card(Stage::Mix)->isFolded());
        QVERIFY(!m_window->stepView()->card(Stage::Score)->isFolded());
        QVERIFY(!dock("step")->isVisible());
        QCOMPARE(m_window->geometry(), place);
        QCOMPARE(dock("states")->width(), states.width());
        // The letters of another script may be taller, which the rows of text take from the docks.
        QVERIFY(std::abs(dock("states")->height() - states.height()) < 16);

        // The new parts are connected as the old ones were, and only once.
        m_window->session().undoStack()->undo();
        QVERIFY(waitForWindow(*m_window));
        QCOMPARE(m_window->sourcePanel()->source()->text(), QStringLiteral("the small cat sees a bird"));
        m_window->resetLayout();
        QVERIFY(dock("step")->isVisible());
        QTest::keyClicks(m_window->sourcePanel()->source(), "x");
        QCOMPARE(m_window->session().undoStack()->count(), undo);
        QVERIFY(waitForWindow(*m_window));
    }

    void emptyWindowsAndFaultsChangeToo() {
        m_window = std::make_unique<InspectedWindow>();
        m_window->show();
        const QString english = m_window->alignmentView()->notice();
        QVERIFY(english.startsWith(QStringLiteral("Choose a model")));
        speak(Language::Chinese);
        QVERIFY(m_window->alignmentView()->showsNotice());
        QVERIFY(hasChinese(m_window->alignmentView()->notice()));
        QCOMPARE(m_window->modelPanel()->box()->placeholderText(), QStringLiteral("选择模型"));
        m_window->openModel(QStringLiteral("/nowhere/model.safetensors"));
        QTRY_VERIFY(m_window->session().fault().where != Fault::Where::None);
        const QString fault = m_window->sourcePanel()->fault();
        QVERIFY(!fault.isEmpty());
        speak(Language::English);
        QCOMPARE(m_window->sourcePanel()->fault(), fault);
        QVERIFY(!hasChinese(m_window->statusText()));
    }

    void theLanguageIsRemembered() {
        speak(Language::Chinese);
        m_window->close();
        m_window.reset();
        applyLanguage(Language::English);
        m_window = std::make_unique<InspectedWindow>();
        QCOMPARE(menu(0)->title(), QStringLiteral("文件(&F)"));
        QVERIFY(languageAction(Language::Chinese)->isChecked());
    }

    void nothingIsCutOff_data() {
        QTest::addColumn<int>("language");
        QTest::addColumn<QSize>("size");
        for (const auto& [name, size] :
             {std::pair("1280x800", QSize(1280, 800)), std::pair("1440x900", QSize(1440, 900))}) {
            QTest::addRow("English %s", name) << int(Language::English) << size;
            QTest::addRow("Chinese %s", name) << int(Language::Chinese) << size;
        }
    }
    void nothingIsCutOff() {
        QFETCH(int, language);
        QFETCH(QSize, size);
        m_window->resize(size);
        m_window->resetLayout();
        speak(static_cast<Language>(language));
        m_window->openModel(fixtureModel("torch_gru_additive"));
        QVERIFY(waitForWindow(*m_window));
        QStringList cut;
        const auto check = [&](const QWidget* widget, const QString& text, bool fits) {
            if (!fits)
                cut << QStringLiteral("%1 \"%2\": %3 px")
                           .arg(widget->metaObject()->className(), text)
                           .arg(widget->width());
        };
        for (const char* shown : {"candidates", "heads"}) {
            dock(shown)->raise();
            QTest::qWait(50);
            int seen = 0;
            for (const QLabel* label : m_window->findChildren<QLabel*>()) {
                if (!label->isVisible() || label->text().isEmpty()) continue;
                ++seen;
                check(label, label->text(),
                      label->wordWrap() ? label->heightForWidth(label->width()) <= label->height()
                                        : label->sizeHint().width() <= label->width());
            }
            for (const QAbstractButton* button : m_window->findChildren<QAbstractButton*>()) {
                if (!button->isVisible() || button->text().isEmpty()) continue;
                ++seen;
                check(button, button->text(), button->sizeHint().width() <= button->width());
            }
            for (const QTabBar* bar : m_window->findChildren<QTabBar*>())
                for (int i = 0; bar->isVisible() && i < bar->count(); ++i)
                    check(bar, bar->tabText(i),
                          bar->fontMetrics().horizontalAdvance(bar->tabText(i)) <= bar->tabRect(i).width());
            QVERIFY(seen > 15);
        }
        const QMenuBar* bar = m_window->menuBar();
        for (QAction* action : bar->actions())
            check(bar, action->text(), bar->rect().contains(bar->actionGeometry(action)));
        QVERIFY2(cut.isEmpty(), qUtf8Printable(cut.join(QLatin1Char('\n'))));
    }
};

QTEST_MAIN(TestTranslation)
#include "test_translation.moc"
