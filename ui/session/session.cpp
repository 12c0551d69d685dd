// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"

#include <algorithm>

namespace attn::ui {

namespace {
constexpr int slowMs = 300; ///< work that takes longer is shown
constexpr int timerErrorMs = 10;

/// How a recipe differs, as the undo menu names it.
QString changeText(const Recipe& before, const Recipe& after) {
    return after.source != before.source   ? Session::tr("Sentence")
           : after.target != before.target ? Session::tr("Target")
           : after.prefix != before.prefix ? Session::tr("Forced word")
           : after.search != before.search ? Session::tr("Search")
           : after.beam != before.beam     ? Session::tr("Beam search")
           : after.sample != before.sample ? Session::tr("Sampling")
                                           : Session::tr("Search");
}
} // namespace

Session::Session(QObject* parent) : QObject(parent), m_opener(m_engine.opening(), m_engine.background()) {
    insertColumn(0);
    m_slow.setInterval(slowMs);
    m_slow.setTimerType(Qt::PreciseTimer);
    connect(&m_slow, &QTimer::timeout, this, [this] { emit changed(WorkChange, -1); });
    connect(&m_questions, &Questions::changed, this, &Session::questionsChanged);
    connect(&m_opener, &Opener::finished, this, &Session::finished);
    connect(&m_opener, &Opener::attentionFound, this, &Session::attentionFound);
    connect(&m_opener, &Opener::saved, this, &Session::saved);
    connect(&m_opener, &Opener::workChanged, this, &Session::showWork);
}

Session::~Session() {
    m_engine.stop();
}

// ---- models

void Session::openModel(const QString& nameOrPath, const ImportOptions& options, int column) {
    m_openingColumn = column;
    m_opener.open(nameOrPath, options, Opener::Purpose::Ask);
}

void Session::importModel(const QString& place, const ImportOptions& options) {
    m_opener.open(place, options, Opener::Purpose::Look);
}

void Session::stopOpening(const QString& place) {
    m_opener.stop(place);
}

void Session::saveModel(const ModelPtr& model, const QString& path) {
    m_opener.save(model, path);
}

void Session::finished(Import import, Opener::Purpose purpose) {
    const bool look = purpose == Opener::Purpose::Look;
    import.opened = !look && import.model;
    if (!look) setOpeningFault(import.fault);
    if (import.opened && purpose == Opener::Purpose::Ask)
        addModel(import.model, import.place, import.report, import.options, import.hash,
                 std::min(m_openingColumn, columns() - 1));
    else if (import.opened)
        add({-1, import.model, import.place, import.hash, import.report, import.options});
    if (import.report || look) emit imported(import);
}

int Session::add(OpenModel opened) {
    const OpenModel* same = m_models.findPlace(opened.place);
    const ModelPtr before = same ? same->model : nullptr;
    const int id = m_models.add(std::move(opened));
    const bool other = m_models.find(id)->model != before;
    if (before && other) m_cache.forget(before);
    emit changed(ModelList, -1);
    for (int column = 0; other && column < columns(); ++column)
        if (m_questions.at(column).model == id) ask(column, Edit::Choice);
    return id;
}

void Session::addModel(ModelPtr model, const QString& place, const ImportReportPtr& report,
                       const ImportOptions& options, std::uint64_t hash, int column) {
    const int id = add({-1, std::move(model), place, hash, report, options});
    chooseModel(m_models.indexOf(id), column);
}

void Session::chooseModel(int index, int column) {
    closeDump();
    const OpenModel& chosen = models().at(static_cast<std::size_t>(index));
    const ModelPtr before = model(column);
    Question question = m_questions.at(column);
    const bool first = question.model < 0;
    question.model = chosen.id;
    const auto& examples = chosen.model->card().examples;
    const std::string& source = question.recipe.source;
    const auto offers = [&](const Model& model) {
        const auto& offered = model.card().examples;
        return std::find(offered.begin(), offered.end(), source) != offered.end();
    };
    // A sentence of the person's own stays; one that was offered gives way to the new model's.
    const bool offered = source.empty() || (before && offers(*before));
    if (offered && !examples.empty() && !offers(*chosen.model)) question.recipe.source = examples.front();
    question.recipe.prefix.clear();
    if (first)
        m_questions.replace(column, question); // there is nothing to go back to
    else
        m_questions.ask(column, question, Edit::Choice, tr("Model"));
}

void Session::closeModel(int index) {
    const int id = models().at(static_cast<std::size_t>(index)).id;
    m_cache.forget(models()[static_cast<std::size_t>(index)].model);
    m_models.close(index);
    const int count = static_cast<int>(models().size());
    const int next = count == 0 ? -1 : models()[static_cast<std::size_t>(std::min(index, count - 1))].id;
    emit changed(ModelList, -1);
    for (int column = 0; column < columns(); ++column) {
        Question question = m_questions.at(column);
        if (question.model != id) continue;
        question.model = next;
        question.recipe.prefix.clear();
        m_answers[static_cast<std::size_t>(column)]->clear();
        m_questions.replace(column, question);
    }
}

ModelPtr Session::model(int column) const {
    const OpenModel* open = m_models.find(m_questions.at(column).model);
    return open ? open->model : nullptr;
}

// ---- questions

void Session::setRecipe(const Recipe& recipe, Edit edit, int column) {
    Question question = m_questions.at(column);
    const QString text = changeText(question.recipe, recipe);
    question.recipe = recipe;
    if (question.model < 0)
        m_questions.replace(column, question); // there is no answer to go back to
    else
        m_questions.ask(column, question, edit, text);
}

void Session::addColumn(int like) {
    m_questions.addColumn(m_questions.at(like), tr("Add column"));
}

void Session::removeColumn(int column) {
    m_questions.removeColumn(column, tr("Remove column"));
}

void Session::questionsChanged(const Questions::Columns& before, Edit edit) {
    closeDump();
    const auto& after = m_questions.columns();
    if (before.size() != after.size()) return follow(before);
    for (int column = 0; column < columns(); ++column) {
        if (before[static_cast<std::size_t>(column)] == after[static_cast<std::size_t>(column)]) continue;
        emit changed(QuestionChange, column);
        ask(column, edit);
    }
}

void Session::follow(const Questions::Columns& before) {
    const auto& after = m_questions.columns();
    const auto at = static_cast<int>(
        std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin());
    if (before.size() > after.size()) {
        dropColumn(at);
        return emit changed(Changes(ColumnList) | QuestionChange | TraceChange, -1);
    }
    insertColumn(at);
    emit changed(Changes(ColumnList) | QuestionChange | TraceChange, -1);
    ask(at, Edit::Choice);
}

void Session::insertColumn(int column) {
    m_engine.insertColumn(column);
    auto made = std::make_unique<Answer>(m_engine.column(column), m_cache);
    const Answer* answer = made.get();
    connect(answer, &Answer::traceChanged, this,
            [this, answer] { emit changed(TraceChange, columnOf(answer)); });
    connect(answer, &Answer::faultChanged, this,
            [this, answer] { emit changed(FaultChange, columnOf(answer)); });
    connect(answer, &Answer::workChanged, this, &Session::showWork);
    m_answers.insert(m_answers.begin() + column, std::move(made));
}

void Session::dropColumn(int column) {
    m_engine.removeColumn(column); // it reports to the answer
    m_answers.erase(m_answers.begin() + column);
    showWork();
}

int Session::columnOf(const Answer* answer) const {
    const auto at = std::find_if(m_answers.begin(), m_answers.end(),
                                 [&](const auto& owned) { return owned.get() == answer; });
    return static_cast<int>(at - m_answers.begin());
}

void Session::ask(int column, Edit edit) {
    setOpeningFault({});
    const Question& question = m_questions.at(column);
    Answer& answer = *m_answers[static_cast<std::size_t>(column)];
    if (const OpenModel* open = m_models.find(question.model)) return answer.ask(open->model, question, edit);
    answer.cancel();
    if (const OpenModel* closed = m_models.findKnown(question.model))
        m_opener.open(closed->place, closed->options, Opener::Purpose::Reopen);
}

// ---- answers

void Session::run() {
    m_questions.endTyping();
    setOpeningFault({});
    for (const auto& answer : m_answers) answer->run();
}

void Session::cancel() {
    if (m_opener.isPending()) return m_opener.stopAll();
    for (const auto& answer : m_answers)
        if (answer->isPending()) answer->cancel();
}

const TracePtr& Session::trace(int column) const {
    return m_dump ? m_dumpTrace : m_answers.at(static_cast<std::size_t>(column))->trace();
}

const ModelPtr& Session::answeredBy(int column) const {
    return m_answers.at(static_cast<std::size_t>(column))->answeredBy();
}

bool Session::isUpToDate(int column) const {
    return m_answers.at(static_cast<std::size_t>(column))->answers(model(column), m_questions.at(column));
}

Work Session::work(int column) const {
    const Answer& answer = *m_answers.at(static_cast<std::size_t>(column));
    const auto isSlow = [](qint64 elapsed) { return elapsed >= slowMs - timerErrorMs; };
    if (m_opener.isPending()) return {Work::State::Opening, isSlow(m_opener.elapsed()), 0};
    if (answer.isRunning()) return {Work::State::Running, isSlow(answer.elapsed()), answer.step()};
    return {};
}

const Fault& Session::fault(int column) const {
    const Fault& own = m_answers.at(static_cast<std::size_t>(column))->fault();
    return own.where != Fault::Where::None ? own : m_openingFault;
}

void Session::setOpeningFault(const Fault& fault) {
    if (fault == m_openingFault) return;
    m_openingFault = fault;
    emit changed(FaultChange, -1);
}

void Session::showWork() {
    const bool works =
        m_opener.isPending() || std::any_of(m_answers.begin(), m_answers.end(),
                                            [](const auto& answer) { return answer->isRunning(); });
    if (!works)
        m_slow.stop();
    else if (!m_slow.isActive())
        m_slow.start();
    emit changed(WorkChange, -1);
}

// ---- attention out of a file

void Session::showDump(DumpPtr dump) {
    m_dump = std::move(dump);
    m_dumpSentence = -1;
    chooseSentence(0);
}

void Session::chooseSentence(int sentence) {
    if (!m_dump || sentence == m_dumpSentence) return;
    m_dumpTrace = dumpTrace(*m_dump, static_cast<std::size_t>(sentence));
    m_dumpSentence = sentence;
    emit changed(Changes(TraceChange) | DumpChange, -1);
}

void Session::closeDump() {
    if (!m_dump) return;
    m_dump.reset();
    m_dumpTrace.reset();
    emit changed(Changes(TraceChange) | DumpChange, -1);
}

} // namespace attn::ui
