// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_line.h"

#include <QAction>
#include <QLabel>
#include <QToolButton>
#include <algorithm>

#include "ui/present/numbers.h"
#include "ui/session/session.h"

namespace attn::ui {

StatusLine::StatusLine(const Session& session, QAction* stop, QWidget* parent)
    : QStatusBar(parent),
      m_session(session),
      m_status(new QLabel),
      m_message(new QLabel),
      m_cancel(new QToolButton) {
    m_status->setTextFormat(Qt::PlainText); // it holds names out of files
    m_status->setContentsMargins(8, 0, 8, 0);
    m_message->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_message->setAccessibleName(tr("Last message"));
    m_cancel->setDefaultAction(stop);
    m_cancel->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_cancel->hide();
    addWidget(m_status, 1);
    addPermanentWidget(m_message);
    addPermanentWidget(m_cancel);
    connect(m_message, &QLabel::linkActivated, this, &StatusLine::linkActivated);
}

QString StatusLine::workText() const {
    const Work work = m_session.work();
    const ModelPtr model = m_session.model();
    const TracePtr& trace = m_session.trace();
    if (work.state == Work::State::Opening) return tr("opening a model…");
    if (work.state == Work::State::Running && work.slow) return tr("decoding, step %1…").arg(work.step);
    if (m_session.fault().where != Fault::Where::None)
        return trace ? tr("failed; the last result is shown") : tr("failed; see the message");
    if (const DumpPtr& dump = m_session.dump())
        return tr("attention from a file · %1 sentences").arg(dump->sentences.size());
    if (!model) return tr("no model is open");
    QStringList parts{
        tr("ready"), QString::fromStdString(model->name()),
        tr("%1 k parameters").arg(number(static_cast<double>(model->parameterCount()) / 1000, 0))};
    if (trace) {
        int words = 0;
        for (int i = 0, axis = std::max(trace->axisOf(AxisKind::Source), 0);
             i < trace->length(axis, trace->bestPath()); ++i)
            words += trace->position(axis, i, trace->bestPath()).isWord();
        parts << tr("%1 words in %2 ms").arg(QString::number(words), number(trace->seconds * 1000, 1));
        if (!trace->complete) parts << tr("stopped at the limit of steps");
    }
    return parts.join(QStringLiteral(" · "));
}

void StatusLine::refresh() {
    const Work work = m_session.work();
    // A short run leaves the line as it is.
    if (work.state != Work::State::Running || work.slow) m_status->setText(workText());
    m_cancel->setVisible(work.slow);
}

QString StatusLine::text() const {
    return m_status->text();
}

void StatusLine::setMessage(const QString& text) {
    m_message->setTextFormat(Qt::PlainText);
    m_message->setText(text);
    m_message->setToolTip(text.toHtmlEscaped());
}

void StatusLine::setLink(const QString& richText, const QString& tip) {
    m_message->setTextFormat(Qt::RichText);
    m_message->setText(richText);
    m_message->setToolTip(tip);
}

} // namespace attn::ui
