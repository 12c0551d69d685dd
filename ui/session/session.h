// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFlags>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QUndoStack>
#include <atomic>
#include <map>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/base/error.h"
#include "core/io/dump/dump.h"
#include "ui/present/import_report.h"
#include "ui/session/trace_cache.h"
#include "ui/session/worker.h"

namespace attn::ui {

/// What is asked: a model and a recipe. The only thing that undo touches.
struct Question {
    ModelPtr model;
    Recipe recipe;

    bool operator==(const Question&) const = default;
};

/// What the engine is doing, told to a person.
struct Work {
    enum class State { Idle, Opening, Running };
    State state = State::Idle;
    bool slow = false; ///< it takes longer than 0.3 s, so that it deserves to be shown and can be cancelled
    int step = 0;      ///< decode steps done
};

/// The last thing that went wrong, and where it belongs.
struct Fault {
    enum class Where { None, Model, Source, Target };
    Where where = Where::None;
    QString text; ///< what, where, what was expected, what to do
    ErrorKind kind = ErrorKind::Bug;

    bool operator==(const Fault&) const = default;
};

/// What importing a checkpoint of another toolkit came to.
struct Import {
    QString place; ///< as it was given to Session
    ImportOptions options;
    ImportReportPtr report; ///< nullptr: the file could not be read at all, or the person stopped it
    Fault fault;            ///< why there is no model
    bool opened = false;    ///< the model is among the open ones now
};

/// The open models, the question, the engine on its own thread, and the answer. A newer question supersedes
/// an older one; a result that is no longer asked for is dropped; a failure leaves the last answer in place.
class Session : public QObject {
    Q_OBJECT
public:
    enum Change {
        ModelList = 1,
        QuestionChange = 2,
        TraceChange = 4,
        WorkChange = 8,
        FaultChange = 16,
        DumpChange = 32
    };
    Q_DECLARE_FLAGS(Changes, Change)

    /// How a change of the recipe enters the undo stack and when it runs.
    enum class Edit {
        Typing, ///< merges with the typing before; runs at once if runs are fast, else after a rest
        Choice, ///< an entry of its own; runs at once
    };

    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    /// Opens a bundled name or a path on the worker and then asks the question of it. Opening what is already
    /// open from the same place reads the file again. A checkpoint of another toolkit is imported; imported()
    /// tells what that came to.
    void openModel(const QString& nameOrPath, const ImportOptions& options = {});
    /// Imports a checkpoint on the worker and leaves the models as they are; imported() tells. A newer wish
    /// for the same place supersedes an older one.
    void importModel(const QString& place, const ImportOptions& options);
    /// What openModel() or importModel() began there comes to nothing; imported() tells so.
    void stopOpening(const QString& place);
    /// Writes a native model file on the worker; saved() tells.
    void saveModel(const ModelPtr& model, const QString& path);
    /// Adds an open model and asks the question of it.
    void addModel(ModelPtr model, const QString& place, const ImportReportPtr& report = nullptr,
                  const ImportOptions& options = {});
    /// Asks the question of an open model.
    void chooseModel(int index);

    struct OpenModel {
        ModelPtr model;
        QString place;          ///< bundled name or path
        ImportReportPtr report; ///< of a checkpoint of another toolkit, else nullptr
        ImportOptions options;  ///< with which it was imported
    };
    const std::vector<OpenModel>& models() const { return m_models; }
    /// -1 if none.
    int modelIndex() const;

    const Question& question() const { return m_question; }
    const ModelPtr& model() const { return m_question.model; }
    const Recipe& recipe() const { return m_question.recipe; }
    void setRecipe(const Recipe& recipe, Edit edit);
    /// Runs at once what is asked, if its answer is not there yet.
    void run();
    /// Stops the engine and what is being opened; the last answer stays.
    void cancel();

    /// Shows attention out of a file in place of an answer, until a question is asked or it is closed.
    void showDump(DumpPtr dump);
    /// Shows another of its sentences, counted from 0.
    void chooseSentence(int sentence);
    void closeDump();
    /// What is shown in place of an answer; nullptr if the answer is.
    const DumpPtr& dump() const { return m_dump; }
    int dumpSentence() const { return m_dumpSentence; }

    /// The sentence of a dump if one is shown, else the answer to the last question that had one; nullptr at
    /// first and for an empty sentence.
    const TracePtr& trace() const { return m_dump ? m_dumpTrace : m_trace; }
    /// Whether trace() answers question().
    bool isUpToDate() const { return m_answered == m_question; }
    const Work& work() const { return m_work; }
    const Fault& fault() const { return m_fault; }
    QUndoStack* undoStack() { return &m_undo; }

    /// Rest in typing before a run, while runs take longer than `fastRun` seconds.
    static constexpr int typingRestMs = 120;
    static constexpr double fastRun = 0.05;

signals:
    /// What differs since the last time.
    void changed(attn::ui::Session::Changes what);
    void imported(const attn::ui::Import& import);
    /// `fault` is empty if the file stands.
    void saved(const QString& path, const attn::ui::Fault& fault);

private:
    friend class QuestionSwap;
    void ask(const Question& question, Edit edit, const QString& text);
    void swapQuestion(const Question& question);
    void request();
    void open(const QString& place, const ImportOptions& options, bool ask);
    void opened(Import import, const ModelPtr& model, bool ask);
    void answered(quint64 number, const Question& question, const TracePtr& trace, const Fault& fault);
    void setWork(Work::State state);
    void setFault(const Fault& fault);

    std::vector<OpenModel> m_models;
    Question m_question;
    Question m_answered; ///< what m_trace answers
    TracePtr m_trace;
    DumpPtr m_dump;
    TracePtr m_dumpTrace;
    int m_dumpSentence = 0;
    TraceCache m_cache;
    QUndoStack m_undo;
    Work m_work;
    Fault m_fault;
    QTimer m_rest;
    QTimer m_slow;
    bool m_runAtOnce = true;
    std::map<QString, std::stop_source> m_openings; ///< by place
    int m_typing = 0;                               ///< typing merges until Enter ends it
    quint64 m_number = 0;                           ///< of the newest request
    double m_lastSeconds = 0;
    std::atomic<int> m_step{0};
    Worker m_worker; ///< last: its jobs use the members above
};
Q_DECLARE_OPERATORS_FOR_FLAGS(Session::Changes)

} // namespace attn::ui
