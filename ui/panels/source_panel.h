// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include "core/run/recipe.h"
#include "core/trace/trace.h"

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QToolButton;

namespace attn {
struct Dump;
}

namespace attn::ui {

class DumpBar;
class SearchOptions;
class Selection;
class TokenChips;

/// The question: the sentence, the search, and what the model made of the words.
class SourcePanel : public QWidget {
    Q_OBJECT
public:
    SourcePanel(Selection* selection, QAction* run, QWidget* parent = nullptr);

    /// Shows a recipe. The cursor stays where it is if the text is the same. Emits nothing.
    void setRecipe(const Recipe& recipe);
    /// Shows which sentence of a dump is looked at, in place of the question; nullptr: the question.
    void setDump(const Dump* dump, int sentence);
    void setExamples(const QStringList& examples);
    /// Whether what is typed is a source to be read, or the beginning of a text to be continued.
    void setReadsSource(bool reads);
    /// The tokens of the last answer; nullptr: none. `weights`: a bar under each, may be empty.
    void setTokens(const TracePtr& trace);
    void setWeights(const std::vector<float>& weights);
    /// What went wrong with the sentence or the model; empty: nothing.
    void setFault(const QString& text);
    QString fault() const;

    QLineEdit* source() const { return m_source; }
    QLineEdit* target() const { return m_target; }
    QComboBox* search() const { return m_search; }
    SearchOptions* options() const { return m_options; }
    TokenChips* chips() const { return m_chips; }
    DumpBar* dumpBar() const { return m_dumpBar; }

signals:
    void sourceEdited(const QString& text);
    void targetEdited(const QString& text);
    void searchChosen(attn::SearchKind kind);
    void exampleChosen(const QString& text);
    /// The forced first words are to be dropped.
    void prefixCleared();
    void runRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void layOut();
    void describe(QAction* run);
    void connectParts();
    void showSelection();
    void colourFault();

    Selection* m_selection;
    int m_axis = -1; ///< the axis of the source tokens in the trace that is shown
    DumpBar* m_dumpBar;
    QWidget* m_question;
    QComboBox* m_search;
    SearchOptions* m_options;
    QLineEdit* m_source;
    QPushButton* m_examples;
    QMenu* m_exampleMenu;
    QToolButton* m_run;
    QLabel* m_targetLabel;
    QLineEdit* m_target;
    TokenChips* m_chips;
    QLabel* m_prefix;
    QLabel* m_fault;
};

} // namespace attn::ui
