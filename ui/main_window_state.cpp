// SPDX-License-Identifier: GPL-3.0-or-later
#include <QActionGroup>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QStatusBar>
#include <QTimer>
#include <QToolButton>
#include <algorithm>

#include "core/io/model_file.h"
#include "ui/main_window.h"
#include "ui/panels/dump_dialog.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/source_panel.h"
#include "ui/present/numbers.h"
#include "ui/views/alignment_view.h"
#include "ui/views/candidates_view.h"
#include "ui/views/heads_view.h"
#include "ui/views/states_view.h"
#include "ui/views/step_view.h"
#include "ui/widgets/transport.h"

namespace attn::ui {

namespace {
QStringList examplesOf(const ModelPtr& model) {
    QStringList examples;
    if (model)
        for (const std::string& example : model->card().examples) examples << QString::fromStdString(example);
    return examples;
}
} // namespace

void MainWindow::openModel(const QString& nameOrPath) {
    if (looksLikeDump(nameOrPath.toStdString())) return openDump(nameOrPath);
    m_session.openModel(nameOrPath);
}

void MainWindow::chooseDumpFile() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open attention from a file"));
    if (!path.isEmpty()) openDump(path);
}

void MainWindow::askAboutDump(const QString& path, const DumpOptions& options) {
    auto* dialog = new DumpDialog(path, options, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_dumpOptions = dialog->options();
        m_session.showDump(dialog->dump());
    });
    dialog->open();
}

void MainWindow::openPlace(const QString& place) {
    const auto& open = m_session.models();
    for (std::size_t i = 0; i < open.size(); ++i)
        if (open[i].place == place) return m_session.chooseModel(static_cast<int>(i));
    m_session.openModel(place);
}

void MainWindow::chooseModelFile() {
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open a model"), {},
        tr("Models and checkpoints (*.safetensors *.pt *.pth *.ckpt *.tar *.bin *.npz *.h5 "
           "*.hdf5 *.keras);;All files (*)"));
    if (!path.isEmpty()) openModel(path);
}

void MainWindow::showModels() {
    std::vector<ModelPanel::Entry> entries;
    int current = -1;
    const auto note = [](const Model& model) {
        return tr("%1\n%2 parameters")
            .arg(QString::fromStdString(model.card().description))
            .arg(QLocale().toString(model.parameterCount()));
    };
    for (const std::string& bundled : bundledModels()) {
        const QString name = QString::fromStdString(bundled);
        entries.push_back({name, name, tr("A model that comes with Attentoscope")});
    }
    for (const Session::OpenModel& open : m_session.models()) {
        auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const ModelPanel::Entry& entry) { return entry.place == open.place; });
        if (at == entries.end())
            at = entries.insert(entries.end(), {QFileInfo(open.place).fileName(), open.place, {}});
        at->note = note(*open.model);
        if (open.report) {
            at->text = tr("%1 (%2)").arg(QFileInfo(open.place).fileName(),
                                         QString::fromStdString(open.report->toolkit));
            at->note += QLatin1Char('\n') + open.place;
        }
        if (open.model == m_session.model() && !m_session.dump())
            current = static_cast<int>(at - entries.begin());
    }
    m_models->setEntries(entries, current);
    m_source->setExamples(examplesOf(m_session.model()));
}

void MainWindow::showQuestion() {
    m_source->setRecipe(m_session.recipe());
    m_source->setDump(m_session.dump().get(), m_session.dumpSentence());
    const QString name = m_session.dump()    ? QString::fromStdString(m_session.trace()->modelName)
                         : m_session.model() ? QString::fromStdString(m_session.model()->name())
                                             : QString();
    setWindowTitle(name.isEmpty() ? tr("Attentoscope") : tr("%1 – Attentoscope").arg(name));
}

void MainWindow::showTrace() {
    const TracePtr& trace = m_session.trace();
    const std::vector<int> path = trace ? trace->bestPath() : std::vector<int>();
    for (TraceView* view : m_views) view->setTrace(trace, path);
    m_source->setTokens(trace);
    const PointingBounds bounds = trace ? pointingBounds(*trace, path) : PointingBounds();
    m_selection.setBounds(bounds);
    m_transport->setSteps(bounds.steps());
    showSelection(Selection::Step | Selection::Pointed | Selection::Head | Selection::Place);
}

void MainWindow::showSelection(Selection::Aspects what) {
    if (what & Selection::Step && m_transport->step() != m_selection.currentStep())
        m_transport->setStep(m_selection.currentStep());
    if (what & (Selection::Pointed | Selection::Head | Selection::Place)) {
        const AttentionMap& map = m_alignment->shown();
        const TracePtr& trace = m_session.trace();
        const int step = m_selection.effectiveStep();
        // Bars under the source tokens, where the main map is one of target by source.
        const bool source =
            trace && map.site >= 0 && map.site < static_cast<int>(trace->sites.size()) &&
            trace->sites[static_cast<std::size_t>(map.site)].keyAxis == trace->axisOf(AxisKind::Source);
        std::vector<float> weights;
        if (source && step >= 0 && step < map.rows)
            weights.assign(map.weights.begin() + static_cast<std::ptrdiff_t>(step) * map.cols,
                           map.weights.begin() + static_cast<std::ptrdiff_t>(step + 1) * map.cols);
        m_source->setWeights(weights);
    }
}

void MainWindow::showFault() {
    m_source->setFault(m_session.fault().text);
}

void MainWindow::showWork() {
    const Work& work = m_session.work();
    const ModelPtr& model = m_session.model();
    const TracePtr& trace = m_session.trace();
    QString status;
    if (work.state == Work::State::Opening) {
        status = tr("opening a model…");
    } else if (work.state == Work::State::Running && work.slow) {
        status = tr("decoding, step %1…").arg(work.step);
    } else if (m_session.fault().where != Fault::Where::None) {
        status = trace ? tr("failed; the last result is shown") : tr("failed; see the message");
    } else if (const DumpPtr& dump = m_session.dump()) {
        status = tr("attention from a file · %1 sentences").arg(dump->sentences.size());
    } else if (!model) {
        status = tr("no model is open");
    } else {
        QStringList parts{
            tr("ready"), QString::fromStdString(model->name()),
            tr("%1 k parameters").arg(number(static_cast<double>(model->parameterCount()) / 1000, 0))};
        if (trace) {
            const int axis = std::max(trace->axisOf(AxisKind::Source), 0);
            int words = 0;
            for (int i = 0; i < trace->length(axis, trace->bestPath()); ++i) {
                const TokenRole role = trace->position(axis, i, trace->bestPath()).role;
                words += role == TokenRole::Word || role == TokenRole::Unknown;
            }
            parts << tr("%1 words in %2 ms").arg(words).arg(number(trace->seconds * 1000, 1));
            if (!trace->complete) parts << tr("stopped at the limit of steps");
        }
        status = parts.join(QStringLiteral(" · "));
    }
    if (work.state != Work::State::Running || work.slow) m_status->setText(status);
    m_cancel->setVisible(work.slow && work.state != Work::State::Idle);

    if (trace) return;
    QString notice, first;
    if (m_session.fault().where != Fault::Where::None) {
        first = m_session.fault().text.toHtmlEscaped();
        notice = tr("There is no result to show; the message above says why.");
        if (!model) first += QStringLiteral("<p>") + tr("<a href=\"open\">Open another model file</a>");
    } else if (work.state == Work::State::Opening) {
        notice = tr("Opening the model…");
    } else if (!model) {
        notice =
            tr("Choose a model above, or <a href=\"open\">open a model file</a>. You can also drop a file "
               "here.");
    } else if (work.state == Work::State::Running) {
        notice = tr("Decoding…");
    } else {
        notice = tr("Type a sentence and press Enter.");
    }
    if (first.isEmpty()) first = notice;
    if (model && work.state == Work::State::Idle) {
        const QStringList examples = examplesOf(model);
        for (int i = 0; i < std::min<int>(2, static_cast<int>(examples.size())); ++i)
            first += QStringLiteral("<p><a href=\"example:%1\">%2</a></p>")
                         .arg(i)
                         .arg(examples[i].toHtmlEscaped());
    }
    for (TraceView* view : m_views) view->setNotice(view == m_alignment ? first : notice);
}

void MainWindow::followNotice(const QString& link) {
    if (link == QLatin1String("open")) return chooseModelFile();
    const QStringList examples = examplesOf(m_session.model());
    const int index = link.mid(static_cast<int>(qstrlen("example:"))).toInt();
    if (link.startsWith(QLatin1String("example:")) && index < examples.size())
        emit m_source->exampleChosen(examples[index]);
}

void MainWindow::setActiveView(TraceView* view) {
    if (m_activeView == view) return;
    m_activeView = view;
    refreshActions();
}

QString MainWindow::nameOf(const TraceView* view) const {
    for (const QDockWidget* dock : m_docks)
        if (dock->widget() == view) return dock->windowTitle();
    return tr("Alignment");
}

void MainWindow::warn(const QString& text) {
    m_message->setText(text);
    m_message->setToolTip(text);
}

void MainWindow::setTheme(ThemeChoice choice) {
    m_settings.theme = choice;
    applyTheme(choice);
    for (QAction* action : m_themes->actions()) action->setChecked(action->data().toInt() == int(choice));
}

void MainWindow::setTextSize(double scale) {
    m_settings.textScale = scale;
    const bool other = scale != textScale();
    setTextScale(scale);
    // Fonts and lengths that were derived from the scale are derived anew. Later: the menu that asked goes
    // too.
    if (other)
        QTimer::singleShot(0, this, [this] {
            rebuild();
            sizeDocks();
        });
    for (QToolButton* button : findChildren<QToolButton*>())
        button->setIconSize(QSize(scaled(16), scaled(16)));
    for (QAction* action : m_textSizes->actions()) action->setChecked(action->data().toDouble() == scale);
}

} // namespace attn::ui
