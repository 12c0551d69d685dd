// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"

#include <QUndoCommand>
#include <algorithm>

#include "core/io/model_file.h"
#include "core/run/run.h"

namespace attn::ui {

/// Swaps the whole question. Typing merges, and vanishes when it returns to where it began.
class QuestionSwap : public QUndoCommand {
public:
    QuestionSwap(Session& session, Question before, Question after, int typing, const QString& text)
        : QUndoCommand(text),
          m_session(session),
          m_before(std::move(before)),
          m_after(std::move(after)),
          m_typing(typing) {}

    void undo() override { m_session.swapQuestion(m_before); }
    void redo() override { m_session.swapQuestion(m_after); }
    int id() const override { return m_typing; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* newer = static_cast<const QuestionSwap*>(other);
        if (newer->text() != text()) return false;
        m_after = newer->m_after;
        setObsolete(m_before == m_after);
        return true;
    }

private:
    Session& m_session;
    Question m_before, m_after;
    int m_typing; ///< entries of the same number merge; -1: never
};

namespace {
QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

/// What `work` gives, or nullptr and why.
ModelPtr guarded(Fault::Where where, Fault& fault, auto&& work) {
    try {
        return work();
    } catch (const Error& error) {
        fault = {where, QString::fromUtf8(error.what()), error.kind()};
    } catch (const std::exception& error) {
        fault = {where, QString::fromUtf8(error.what()), ErrorKind::Bug};
    }
    return nullptr;
}

Fault::Where placeOf(const Recipe& recipe) {
    return recipe.search == SearchKind::Forced && QString::fromStdString(recipe.target).trimmed().isEmpty()
               ? Fault::Where::Target
               : Fault::Where::Source;
}
} // namespace

Session::Session(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    m_rest.setInterval(typingRestMs);
    connect(&m_rest, &QTimer::timeout, this, &Session::request);
    m_slow.setInterval(300);
    connect(&m_slow, &QTimer::timeout, this, [this] {
        m_work.slow = true;
        m_work.step = m_step;
        emit changed(WorkChange);
    });
}

Session::~Session() = default;

int Session::modelIndex() const {
    for (std::size_t i = 0; i < m_models.size(); ++i)
        if (m_models[i].model == m_question.model) return static_cast<int>(i);
    return -1;
}

void Session::openModel(const QString& nameOrPath, const ImportOptions& options) {
    open(nameOrPath, options, true);
}

void Session::importModel(const QString& place, const ImportOptions& options) {
    open(place, options, false);
}

void Session::open(const QString& place, const ImportOptions& options, bool ask) {
    std::stop_source& opening = m_openings[place];
    opening.request_stop();
    opening = std::stop_source();
    m_worker.cancelLatest();
    setWork(Work::State::Opening);
    m_worker.queue([this, place, options, ask, stop = opening.get_token()](std::stop_token) {
        if (stop.stop_requested()) return;
        Import import{place, options, nullptr, {}, false};
        const ModelPtr model = guarded(Fault::Where::Model, import.fault, [&]() -> ModelPtr {
            const std::string path = resolveModel(place.toStdString());
            if (isNativeModel(path)) return attn::openModel(path);
            import.report = std::make_shared<const ImportReport>(attn::importModel(path, options));
            throwIfIncomplete(*import.report);
            return import.report->model;
        });
        QMetaObject::invokeMethod(
            this,
            [=, this] {
                if (!stop.stop_requested()) opened(import, model, ask);
            },
            Qt::QueuedConnection);
    });
}

void Session::opened(Import import, const ModelPtr& model, bool ask) {
    m_openings.erase(import.place);
    if (m_openings.empty()) setWork(Work::State::Idle);
    import.opened = ask && model;
    if (import.opened) {
        addModel(model, import.place, import.report, import.options);
    } else {
        if (m_openings.empty() && m_question.model && !isUpToDate()) request();
        if (ask) setFault(import.fault);
    }
    if (import.report || !ask) emit imported(import);
}

void Session::stopOpening(const QString& place) {
    const auto opening = m_openings.find(place);
    if (opening == m_openings.end()) return;
    opening->second.request_stop();
    opened({place, {}, nullptr, {Fault::Where::None, {}, ErrorKind::Interrupted}, false}, nullptr, false);
}

void Session::saveModel(const ModelPtr& model, const QString& path) {
    m_worker.queue([this, model, path](std::stop_token) {
        Fault fault;
        guarded(Fault::Where::Model, fault, [&] {
            attn::saveModel(*model, path.toStdString(), StoredType::F32);
            return model;
        });
        QMetaObject::invokeMethod(
            this, [=, this] { emit saved(path, fault); }, Qt::QueuedConnection);
    });
}

void Session::addModel(ModelPtr model, const QString& place, const ImportReportPtr& report,
                       const ImportOptions& options) {
    const auto same = std::find_if(m_models.begin(), m_models.end(),
                                   [&](const OpenModel& open) { return open.place == place; });
    const auto index = same - m_models.begin();
    if (same == m_models.end())
        m_models.push_back({std::move(model), place, report, options});
    else
        *same = {std::move(model), place, report, options};
    emit changed(ModelList);
    chooseModel(static_cast<int>(index));
}

void Session::showDump(DumpPtr dump) {
    m_dump = std::move(dump);
    m_dumpSentence = -1;
    chooseSentence(0);
}

void Session::chooseSentence(int sentence) {
    if (!m_dump || sentence == m_dumpSentence) return;
    m_dumpTrace = dumpTrace(*m_dump, static_cast<std::size_t>(sentence));
    m_dumpSentence = sentence;
    emit changed(Changes(TraceChange) | DumpChange);
}

void Session::closeDump() {
    if (!m_dump) return;
    m_dump.reset();
    m_dumpTrace.reset();
    emit changed(Changes(TraceChange) | DumpChange);
}

void Session::chooseModel(int index) {
    closeDump();
    Question question = m_question;
    question.model = m_models.at(static_cast<std::size_t>(index)).model;
    const auto& examples = question.model->card().examples;
    const std::string& source = question.recipe.source;
    // A sentence of the person's own stays; one that was offered gives way to the new model's.
    const bool offered = source.empty() || (m_question.model &&
                                            std::count(m_question.model->card().examples.begin(),
                                                       m_question.model->card().examples.end(), source) > 0);
    if (offered && !examples.empty() && std::count(examples.begin(), examples.end(), source) == 0)
        question.recipe.source = examples.front();
    question.recipe.prefix.clear();
    if (!m_question.model) return swapQuestion(question); // there is nothing to go back to
    ask(question, Edit::Choice, tr("Model"));
}

void Session::setRecipe(const Recipe& recipe, Edit edit) {
    Question question = m_question;
    question.recipe = recipe;
    ask(question, edit,
        recipe.source != m_question.recipe.source   ? tr("Sentence")
        : recipe.target != m_question.recipe.target ? tr("Target")
        : recipe.prefix != m_question.recipe.prefix ? tr("Forced word")
                                                    : tr("Search"));
}

void Session::ask(const Question& question, Edit edit, const QString& text) {
    if (question == m_question) return;
    if (!m_question.model) return swapQuestion(question); // there is no answer to go back to
    m_runAtOnce = edit == Edit::Choice || m_lastSeconds <= fastRun;
    m_undo.push(new QuestionSwap(*this, m_question, question, edit == Edit::Typing ? m_typing : -1, text));
    m_runAtOnce = true;
}

void Session::swapQuestion(const Question& question) {
    if (question == m_question) return;
    closeDump();
    m_question = question;
    emit changed(QuestionChange);
    if (m_runAtOnce || m_cache.find(question.model, question.recipe))
        request();
    else
        m_rest.start();
}

void Session::run() {
    ++m_typing;
    if (!isUpToDate() || m_fault.where != Fault::Where::None) request();
}

void Session::request() {
    m_rest.stop();
    const quint64 number = ++m_number;
    setFault({});
    if (!m_question.model) return;
    if (qt(m_question.recipe.source).trimmed().isEmpty()) {
        m_worker.cancelLatest();
        return answered(number, m_question, nullptr, {});
    }
    if (const TracePtr known = m_cache.find(m_question.model, m_question.recipe)) {
        m_worker.cancelLatest();
        return answered(number, m_question, known, {});
    }
    m_step = 0;
    setWork(Work::State::Running);
    m_worker.latest([this, number, question = m_question](std::stop_token stop) {
        TracePtr trace;
        Fault fault;
        try {
            RunOptions options;
            options.stop = stop;
            options.progress = [this](int step) { m_step = step; };
            trace = attn::run(*question.model, question.recipe, options);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::Interrupted) return;
            fault = {placeOf(question.recipe), QString::fromUtf8(error.what()), error.kind()};
        } catch (const std::exception& error) {
            fault = {placeOf(question.recipe), QString::fromUtf8(error.what()), ErrorKind::Bug};
        }
        QMetaObject::invokeMethod(
            this, [=, this] { answered(number, question, trace, fault); }, Qt::QueuedConnection);
    });
}

void Session::answered(quint64 number, const Question& question, const TracePtr& trace, const Fault& fault) {
    // An answer that was superseded by the same question again is kept too; the first one counts.
    const TracePtr kept = trace ? m_cache.insert(question.model, question.recipe, trace) : nullptr;
    if (number != m_number) return;
    if (m_openings.empty()) setWork(Work::State::Idle);
    if (fault.where != Fault::Where::None) return setFault(fault);
    if (kept) m_lastSeconds = kept->seconds;
    m_answered = question;
    m_trace = kept;
    emit changed(TraceChange);
}

void Session::cancel() {
    if (!m_openings.empty()) {
        while (!m_openings.empty()) stopOpening(QString(m_openings.begin()->first));
        return;
    }
    if (m_work.state != Work::State::Running && !m_rest.isActive()) return;
    m_rest.stop();
    ++m_number;
    m_worker.cancelLatest();
    setWork(Work::State::Idle);
}

void Session::setWork(Work::State state) {
    if (state == Work::State::Idle) {
        m_slow.stop();
    } else if (!m_slow.isActive()) {
        m_slow.start();
    }
    if (state == m_work.state && !(state == Work::State::Idle && m_work.slow)) return;
    m_work = {state, state != Work::State::Idle && m_work.slow, 0};
    emit changed(WorkChange);
}

void Session::setFault(const Fault& fault) {
    if (fault == m_fault) return;
    m_fault = fault;
    emit changed(FaultChange);
}

} // namespace attn::ui
