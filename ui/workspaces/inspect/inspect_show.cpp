// SPDX-License-Identifier: GPL-3.0-or-later
// What the workspace takes from the session into its panels and views.
#include <QFileInfo>
#include <QLocale>
#include <algorithm>

#include "core/io/model_file.h"
#include "ui/panels/hypotheses_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/source_panel.h"
#include "ui/views/alignment_view.h"
#include "ui/widgets/transport.h"
#include "ui/workspaces/inspect/inspect_workspace.h"

namespace attn::ui {

namespace {
QStringList examplesOf(const ModelPtr& model) {
    QStringList examples;
    if (model)
        for (const std::string& example : model->card().examples) examples << QString::fromStdString(example);
    return examples;
}
} // namespace

void InspectWorkspace::showModels() {
    std::vector<ModelPanel::Entry> entries;
    int current = -1;
    const ModelPtr asked = m_session.model();
    for (const std::string& bundled : bundledModels()) {
        const QString name = QString::fromStdString(bundled);
        entries.push_back({name, name, tr("A model that comes with Attentoscope")});
    }
    for (const OpenModel& open : m_session.models()) {
        auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const ModelPanel::Entry& entry) { return entry.place == open.place; });
        if (at == entries.end())
            at = entries.insert(entries.end(), {QFileInfo(open.place).fileName(), open.place, {}});
        at->note = tr("%1\n%2 parameters")
                       .arg(QString::fromStdString(open.model->card().description),
                            QLocale().toString(open.model->parameterCount()));
        if (open.report) {
            at->text = tr("%1 (%2)").arg(QFileInfo(open.place).fileName(),
                                         QString::fromStdString(open.report->toolkit));
            at->note += QLatin1Char('\n') + open.place;
        }
        if (open.model == asked && !m_session.dump()) current = static_cast<int>(at - entries.begin());
    }
    m_models->setEntries(entries, current);
    m_source->setExamples(examplesOf(asked));
    m_source->setReadsSource(!asked || asked->source());
}

void InspectWorkspace::showQuestion() {
    m_source->setRecipe(m_session.recipe());
    m_source->setDump(m_session.dump().get(), m_session.dumpSentence());
}

void InspectWorkspace::showTrace() {
    if (m_trace != m_session.trace()) m_hypothesis = 0;
    m_trace = m_session.trace();
    const ModelPtr& model = m_session.answeredBy();
    std::vector<HypothesisRow> rows;
    if (m_trace && model && !m_session.dump()) rows = hypothesisRows(*model, *m_trace);
    // A search may find more than were asked for.
    rows.resize(std::min(rows.size(), static_cast<std::size_t>(std::max(m_session.recipe().beam.nBest, 1))));
    m_hypotheses->setRows(std::move(rows));
    m_source->setTokens(m_trace);
    showPath();
}

std::vector<int> InspectWorkspace::shownPath() const {
    if (!m_trace || m_hypothesis >= static_cast<int>(m_trace->leaves.size())) return {};
    return m_trace->path(m_trace->leaves[static_cast<std::size_t>(m_hypothesis)]);
}

void InspectWorkspace::chooseHypothesis(int rank) {
    if (rank == m_hypothesis || rank < 0 || !m_trace || rank >= static_cast<int>(m_trace->leaves.size()))
        return;
    m_hypothesis = rank;
    showPath();
}

void InspectWorkspace::showPath() {
    const std::vector<int> path = shownPath();
    m_hypotheses->setCurrent(m_hypothesis);
    for (TraceView* view : m_views) view->setTrace(m_trace, path);
    const PointingBounds bounds = m_trace ? pointingBounds(*m_trace, path) : PointingBounds();
    m_selection.setBounds(bounds);
    m_transport->setSteps(bounds.steps());
    showSelection(Selection::Step | Selection::Pointed | Selection::Head | Selection::Place);
    emit exportChanged();
}

void InspectWorkspace::showSelection(Selection::Aspects what) {
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

void InspectWorkspace::showFault() {
    m_source->setFault(m_session.fault().text);
}

void InspectWorkspace::showNotices() {
    if (m_session.trace()) return;
    const Work work = m_session.work();
    const ModelPtr model = m_session.model();
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
                         .arg(QString::number(i), examples[i].toHtmlEscaped());
    }
    for (TraceView* view : m_views) view->setNotice(view == m_alignment ? first : notice);
}

void InspectWorkspace::followNotice(const QString& link) {
    if (link == QLatin1String("open")) {
        emit openRequested();
        return;
    }
    const QStringList examples = examplesOf(m_session.model());
    const int index = link.mid(static_cast<int>(qstrlen("example:"))).toInt();
    if (link.startsWith(QLatin1String("example:")) && index < examples.size())
        emit m_source->exampleChosen(examples[index]);
}

} // namespace attn::ui
