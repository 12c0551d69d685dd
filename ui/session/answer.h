// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>

#include "ui/session/fault.h"
#include "ui/session/lane.h"
#include "ui/session/questions.h"
#include "ui/session/trace_cache.h"

namespace attn::ui {

/// The answer of one column, and the run that makes it. A newer question supersedes an older one; a result
/// that is no longer asked for is dropped; a failure leaves the last answer in place.
class Answer : public QObject {
    Q_OBJECT
public:
    /// Both outlive the answer. Runs go through `lane`, which is this column's own.
    Answer(Lane& lane, TraceCache& cache, QObject* parent = nullptr);

    /// Asks a question of its model. Typing waits for a rest while runs take longer than `fastRun`.
    void ask(const ModelPtr& model, const Question& question, Edit edit);
    /// Runs at once what was asked last, if its answer is not there.
    void run();
    /// Stops the run; the last answer stays.
    void cancel();
    /// Stops the run and lets go of the answer.
    void clear();

    /// The answer to the last question that had one; nullptr at first and for an empty sentence.
    const TracePtr& trace() const { return m_trace; }
    /// The model that gave it.
    const ModelPtr& answeredBy() const { return m_answeredModel; }
    /// Whether trace() answers this question of this model.
    bool answers(const ModelPtr& model, const Question& question) const {
        return m_answeredModel == model && m_answered == question;
    }
    const Fault& fault() const { return m_fault; }
    void clearFault() { setFault({}); }
    bool isRunning() const { return m_running; }
    /// Whether a run is under way or will be once typing rests.
    bool isPending() const { return m_running || m_rest.isActive(); }
    /// Milliseconds since the run began, and decode steps done.
    qint64 elapsed() const { return m_since.elapsed(); }
    int step() const { return *m_step; }

    /// Rest in typing before a run, while runs take longer than `fastRun` seconds.
    static constexpr int typingRestMs = 120;
    static constexpr double fastRun = 0.05;

signals:
    void traceChanged();
    void faultChanged();
    void workChanged();

private:
    void request();
    void settle(quint64 number, const ModelPtr& model, const Question& question, const TracePtr& trace,
                const Fault& fault);
    void setRunning(bool running);
    void setFault(const Fault& fault);

    Lane& m_lane;
    TraceCache& m_cache;
    ModelPtr m_model;    ///< that is asked
    Question m_question; ///< that is asked
    ModelPtr m_answeredModel;
    Question m_answered; ///< what m_trace answers
    TracePtr m_trace;
    Fault m_fault;
    QTimer m_rest;
    QElapsedTimer m_since;
    quint64 m_number = 0; ///< of the newest request
    double m_lastSeconds = 0;
    bool m_running = false;
    std::shared_ptr<std::atomic<int>> m_step = std::make_shared<std::atomic<int>>(0);
};

} // namespace attn::ui
