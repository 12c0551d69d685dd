// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/answer.h"

#include "core/run/run.h"

namespace attn::ui {

namespace {
bool isBlank(const std::string& text) {
    return QString::fromStdString(text).trimmed().isEmpty();
}

Fault::Where placeOf(const Recipe& recipe) {
    return recipe.search == SearchKind::Forced && isBlank(recipe.target) ? Fault::Where::Target
                                                                         : Fault::Where::Source;
}
} // namespace

Answer::Answer(Lane& lane, TraceCache& cache, QObject* parent)
    : QObject(parent), m_lane(lane), m_cache(cache) {
    m_rest.setSingleShot(true);
    m_rest.setInterval(typingRestMs);
    connect(&m_rest, &QTimer::timeout, this, &Answer::request);
}

void Answer::ask(const ModelPtr& model, const Question& question, Edit edit) {
    m_model = model;
    m_question = question;
    if (edit == Edit::Choice || m_lastSeconds <= fastRun || m_cache.find(model, question.recipe))
        request();
    else
        m_rest.start();
}

void Answer::run() {
    if (m_model && (!answers(m_model, m_question) || m_fault.where != Fault::Where::None)) request();
}

void Answer::request() {
    m_rest.stop();
    const quint64 number = ++m_number;
    setFault({});
    const TracePtr known = m_cache.find(m_model, m_question.recipe);
    // Without a source, an empty text is the beginning of any.
    if (known || (m_model->source() && isBlank(m_question.recipe.source))) {
        m_lane.cancelLatest();
        return settle(number, m_model, m_question, known, {});
    }
    // The run that is superseded goes on counting in a counter of its own.
    m_step = std::make_shared<std::atomic<int>>(0);
    m_since.start();
    setRunning(true);
    m_lane.latest(
        [this, number, model = m_model, question = m_question, counter = m_step](std::stop_token stop) {
            TracePtr trace;
            const Fault fault = guarded(placeOf(question.recipe), [&] {
                RunOptions options;
                options.stop = stop;
                options.progress = [&](int step) { *counter = step; };
                trace = attn::run(*model, question.recipe, options);
            });
            if (fault.kind == ErrorKind::Interrupted) return;
            QMetaObject::invokeMethod(
                this, [=, this] { settle(number, model, question, trace, fault); }, Qt::QueuedConnection);
        });
}

void Answer::settle(quint64 number, const ModelPtr& model, const Question& question, const TracePtr& trace,
                    const Fault& fault) {
    // An answer that was superseded by the same question again is kept too; the first one counts.
    const bool wanted = trace && model == m_model; // a model that was closed is let go of
    const TracePtr kept = wanted ? m_cache.insert(model, question.recipe, trace) : nullptr;
    if (number != m_number) return;
    setRunning(false);
    if (fault.where != Fault::Where::None) return setFault(fault);
    if (kept) m_lastSeconds = kept->seconds;
    m_answeredModel = model;
    m_answered = question;
    m_trace = kept;
    emit traceChanged();
}

void Answer::cancel() {
    m_rest.stop();
    ++m_number;
    m_lane.cancelLatest();
    setRunning(false);
}

void Answer::clear() {
    cancel();
    m_model.reset();
    m_answeredModel.reset();
    m_question = m_answered = {};
    if (!m_trace) return;
    m_trace.reset();
    emit traceChanged();
}

void Answer::setRunning(bool running) {
    if (running == m_running) return;
    m_running = running;
    emit workChanged();
}

void Answer::setFault(const Fault& fault) {
    if (fault == m_fault) return;
    m_fault = fault;
    emit faultChanged();
}

} // namespace attn::ui
