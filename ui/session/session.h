// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFlags>
#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "core/io/dump/dump.h"
#include "ui/session/answer.h"
#include "ui/session/engine.h"
#include "ui/session/open_models.h"
#include "ui/session/opener.h"
#include "ui/session/questions.h"
#include "ui/session/trace_cache.h"

namespace attn::ui {

/// What the engine is doing, for a person to read.
struct Work {
    enum class State { Idle, Opening, Running };
    State state = State::Idle;
    bool slow = false; ///< it takes longer than 0.3 s, so that it deserves to be shown and can be cancelled
    int step = 0;      ///< decode steps done
};

/// Ties together the open models, the questions, the engine and the answers: a question that changes is asked
/// of its model, in its own column alone. Attention out of a file can be shown in place of the answers.
class Session : public QObject {
    Q_OBJECT
public:
    enum Change {
        ModelList = 1,
        QuestionChange = 2,
        TraceChange = 4,
        WorkChange = 8,
        FaultChange = 16,
        DumpChange = 32,
        ColumnList = 64
    };
    Q_DECLARE_FLAGS(Changes, Change)
    using Edit = ui::Edit;

    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    // ---- models

    /// Opens a bundled name or a file and asks the column's question of it. Opening what is open already from
    /// the same place reads the file again. imported() reports on a checkpoint of another toolkit,
    /// attentionFound() a file that holds attention instead of a model.
    void openModel(const QString& nameOrPath, const ImportOptions& options = {}, int column = 0);
    /// Imports a checkpoint and leaves the models as they are; imported() follows.
    void importModel(const QString& place, const ImportOptions& options);
    /// Cancels a pending openModel() or importModel(); imported() reports it.
    void stopOpening(const QString& place);
    /// Writes a native model file; saved() follows.
    void saveModel(const ModelPtr& model, const QString& path);
    /// Adds an open model and asks the column's question of it.
    void addModel(ModelPtr model, const QString& place, const ImportReportPtr& report = nullptr,
                  const ImportOptions& options = {}, std::uint64_t hash = 0, int column = 0);
    /// Asks the column's question of an open model.
    void chooseModel(int index, int column = 0);
    /// Closes an open model. Columns that ask it turn to its neighbour. Undo may come back to a question of
    /// it: then it is opened again.
    void closeModel(int index);

    const std::vector<OpenModel>& models() const { return m_models.list(); }
    const OpenModels& openModels() const { return m_models; }
    /// The column's model in models(); -1 if none.
    int modelIndex(int column = 0) const { return m_models.indexOf(m_questions.at(column).model); }
    /// The column's model; nullptr if there is none, or none yet.
    ModelPtr model(int column = 0) const;

    // ---- questions

    int columns() const { return m_questions.count(); }
    const Question& question(int column = 0) const { return m_questions.at(column); }
    const Recipe& recipe(int column = 0) const { return m_questions.at(column).recipe; }
    void setRecipe(const Recipe& recipe, Edit edit, int column = 0);
    /// Adds a column that asks what `like` asks; removes one. Both can be undone.
    void addColumn(int like);
    void removeColumn(int column);
    QUndoStack* undoStack() { return m_questions.undoStack(); }

    // ---- answers

    /// Runs at once what is asked, if its answer is not there yet.
    void run();
    /// Stops what is being opened, else every run; the last answers stay.
    void cancel();
    /// The sentence of a dump if one is shown, else the column's answer; nullptr at first and for an empty
    /// sentence.
    const TracePtr& trace(int column = 0) const;
    /// The model that gave the column's answer; nullptr if there is none.
    const ModelPtr& answeredBy(int column = 0) const;
    /// Whether the column's answer answers its question.
    bool isUpToDate(int column = 0) const;
    Work work(int column = 0) const;
    /// What went wrong in the column, or in opening a model for it.
    const Fault& fault(int column = 0) const;

    // ---- attention out of a file

    /// Shows attention out of a file in place of the answers, until a question is asked or it is closed.
    void showDump(DumpPtr dump);
    /// Shows another of its sentences, counted from 0.
    void chooseSentence(int sentence);
    void closeDump();
    /// What is shown in place of the answers; nullptr if they are.
    const DumpPtr& dump() const { return m_dump; }
    int dumpSentence() const { return m_dumpSentence; }

signals:
    /// What differs since the last time, and in which column; -1: in all, or in none.
    void changed(attn::ui::Session::Changes what, int column);
    void imported(const attn::ui::Import& import);
    void attentionFound(const QString& place);
    /// `fault` is none if the file stands.
    void saved(const QString& path, const attn::ui::Fault& fault);

private:
    void finished(Import import, Opener::Purpose purpose);
    /// Adds a model or replaces the one of its place; columns that ask it ask again. Gives its id.
    int add(OpenModel opened);
    void questionsChanged(const Questions::Columns& before, Edit edit);
    void follow(const Questions::Columns& before);
    void insertColumn(int column);
    void dropColumn(int column);
    void ask(int column, Edit edit);
    void setOpeningFault(const Fault& fault);
    void showWork();
    int columnOf(const Answer* answer) const;

    OpenModels m_models;
    Questions m_questions;
    TraceCache m_cache;
    Fault m_openingFault;
    int m_openingColumn = 0; ///< that asks for what is being opened
    DumpPtr m_dump;
    TracePtr m_dumpTrace;
    int m_dumpSentence = 0;
    QTimer m_slow;
    // Their jobs report to the two behind it, so the destructor stops the engine first.
    Engine m_engine;
    Opener m_opener;
    std::vector<std::unique_ptr<Answer>> m_answers; ///< one for each column
};
Q_DECLARE_OPERATORS_FOR_FLAGS(Session::Changes)

} // namespace attn::ui
