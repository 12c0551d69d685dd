// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/source_panel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include "ui/panels/dump_bar.h"
#include "ui/panels/search_options.h"
#include "ui/present/axis_text.h"
#include "ui/selection/selection.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/token_chips.h"

namespace attn::ui {

SourcePanel::SourcePanel(Selection* selection, QAction* run, QWidget* parent)
    : QWidget(parent),
      m_selection(selection),
      m_dumpBar(new DumpBar),
      m_question(new QWidget),
      m_search(new QComboBox),
      m_options(new SearchOptions),
      m_source(new QLineEdit),
      m_examples(new QPushButton),
      m_exampleMenu(new QMenu(this)),
      m_run(new QToolButton),
      m_targetLabel(new QLabel(tr("&Target"))),
      m_target(new QLineEdit),
      m_chips(new TokenChips),
      m_prefix(new QLabel),
      m_fault(new QLabel) {
    layOut();
    describe(run);
    connectParts();
}

void SourcePanel::layOut() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* question = new QVBoxLayout(m_question);
    question->setContentsMargins(0, 0, 0, 0);
    question->setSpacing(4);
    column->addWidget(m_dumpBar);
    column->addWidget(m_question);
    m_dumpBar->hide();
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_search);
    row->addWidget(m_source, 1);
    row->addWidget(m_examples);
    row->addWidget(m_run);
    question->addLayout(row);
    question->addWidget(m_options);
    auto* targetRow = new QHBoxLayout;
    targetRow->setSpacing(4);
    targetRow->addWidget(m_targetLabel);
    targetRow->addWidget(m_target, 1);
    question->addLayout(targetRow);
    question->addWidget(m_prefix);
    column->addWidget(m_chips);
    column->addWidget(m_fault);
}

void SourcePanel::describe(QAction* run) {
    m_search->addItem(tr("Greedy"), int(SearchKind::Greedy));
    m_search->addItem(tr("Beam"), int(SearchKind::Beam));
    m_search->addItem(tr("Sampling"), int(SearchKind::Sample));
    m_search->addItem(tr("Forced target"), int(SearchKind::Forced));
    m_search->setToolTip(
        tr("Greedy: the model's most probable word at each step. Beam: the best few hypotheses side by side. "
           "Sampling: words drawn by their probabilities. Forced target: the words you give."));
    m_search->setAccessibleName(tr("Search"));
    m_source->setFont(tokensFont());
    setReadsSource(true);
    m_source->setClearButtonEnabled(true);
    m_source->setAcceptDrops(false); // a file dropped here is a model, not text
    m_target->setFont(tokensFont());
    m_target->setPlaceholderText(tr("Type the words that the model has to say"));
    m_target->setAccessibleName(tr("Forced target"));
    m_target->setToolTip(tr("The words that the decoder is given, one after another"));
    m_targetLabel->setBuddy(m_target);
    m_examples->setText(tr("Examples"));
    m_examples->setToolTip(tr("Sentences that suit this model"));
    m_examples->setMenu(m_exampleMenu);
    m_run->setDefaultAction(run);
    m_run->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    // The answer needs the height more than a long question does.
    m_chips->setMostLines(2);
    m_chips->setAccessibleName(tr("Source tokens"));
    for (QLabel* label : {m_prefix, m_fault}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextBrowserInteraction);
        label->hide();
    }
    colourFault();
}

void SourcePanel::connectParts() {
    for (QLineEdit* edit : {m_source, m_target}) {
        edit->installEventFilter(this);
        connect(edit, &QLineEdit::returnPressed, this, &SourcePanel::runRequested);
    }
    connect(m_source, &QLineEdit::textEdited, this, &SourcePanel::sourceEdited);
    connect(m_target, &QLineEdit::textEdited, this, &SourcePanel::targetEdited);
    connect(m_search, &QComboBox::activated, this, [this](int index) {
        emit searchChosen(static_cast<SearchKind>(m_search->itemData(index).toInt()));
    });
    connect(m_prefix, &QLabel::linkActivated, this, &SourcePanel::prefixCleared);
    connect(m_chips, &TokenChips::chipHovered, this, [this](int index) {
        Pointing at;
        at.at.set(m_axis, index);
        m_selection->hover(at);
    });
    connect(m_chips, &TokenChips::chipClicked, this, [this](int index) {
        if (index < 0) return;
        const int stepAxis = m_selection->stepAxis();
        m_selection->togglePin({{stepAxis, m_selection->pinned().at[stepAxis]}, {m_axis, index}});
    });
    connect(m_selection, &Selection::changed, this, &SourcePanel::showSelection);
}

bool SourcePanel::eventFilter(QObject* watched, QEvent* event) {
    // Undo belongs to the question as a whole, not to one line of text.
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void SourcePanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) colourFault();
    if (event->type() == QEvent::FontChange) {
        m_source->setFont(tokensFont());
        m_target->setFont(tokensFont());
    }
}

void SourcePanel::colourFault() {
    QPalette palette = m_fault->palette();
    const QColor error = currentTheme(this).error;
    if (palette.color(QPalette::WindowText) == error) return;
    palette.setColor(QPalette::WindowText, error);
    m_fault->setPalette(palette);
}

void SourcePanel::setRecipe(const Recipe& recipe) {
    const auto show = [](QLineEdit* edit, const std::string& text) {
        const QString shown = QString::fromStdString(text);
        if (edit->text() != shown) edit->setText(shown);
    };
    show(m_source, recipe.source);
    show(m_target, recipe.target);
    m_search->setCurrentIndex(m_search->findData(int(recipe.search)));
    m_options->setRecipe(recipe);
    const bool forced = recipe.search == SearchKind::Forced;
    m_targetLabel->setVisible(forced);
    m_target->setVisible(forced);
    QString words;
    for (const std::string& word : recipe.prefix)
        words += (words.isEmpty() ? QString() : QStringLiteral(" ")) + QString::fromStdString(word);
    m_prefix->setVisible(!words.isEmpty());
    m_prefix->setText(
        forced ? tr("These tokens are given, which no typed text expresses: “%1”.").arg(words.toHtmlEscaped())
               : tr("The first words are given: “%1”. <a href=\"free\">Let the model choose them</a>")
                     .arg(words.toHtmlEscaped()));
}

void SourcePanel::setDump(const Dump* dump, int sentence) {
    m_question->setVisible(!dump);
    m_dumpBar->setVisible(dump);
    if (dump) m_dumpBar->setDump(*dump, sentence);
}

void SourcePanel::setExamples(const QStringList& examples) {
    m_exampleMenu->clear();
    for (const QString& example : examples) {
        QString text = example;
        QAction* action = m_exampleMenu->addAction(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, example] { emit exampleChosen(example); });
    }
    m_examples->setVisible(!examples.isEmpty());
}

void SourcePanel::setReadsSource(bool reads) {
    m_source->setPlaceholderText(reads ? tr("Type a sentence and press Enter")
                                       : tr("Type the beginning of a text, or nothing, and press Enter"));
    m_source->setAccessibleName(reads ? tr("Source sentence") : tr("Beginning of the text"));
    m_source->setToolTip(reads ? tr("The sentence that the model reads (Ctrl+L)")
                               : tr("The words that the model continues (Ctrl+L)"));
}

void SourcePanel::setTokens(const TracePtr& trace) {
    std::vector<TokenChip> chips;
    m_axis = trace ? trace->axisOf(AxisKind::Source) : -1;
    if (m_axis >= 0)
        for (const Position& token : trace->axes[static_cast<std::size_t>(m_axis)].positions) {
            if (token.role == TokenRole::Empty) continue; // a position of the attention beyond the sentence
            const bool unknown = token.role == TokenRole::Unknown;
            chips.push_back(
                {axisText(token), unknown, false,
                 unknown ? tr("The model does not know this word and reads it as unknown.") : QString()});
        }
    m_chips->setVisible(!chips.empty());
    m_chips->setTokens(std::move(chips));
    showSelection();
}

void SourcePanel::setWeights(const std::vector<float>& weights) {
    const std::size_t count = m_chips->tokens().size();
    if (weights.empty())
        m_chips->setWeights({});
    else if (weights.size() >= count) // there may be more positions than words
        m_chips->setWeights({weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(count)});
}

void SourcePanel::setFault(const QString& text) {
    m_fault->setText(text);
    m_fault->setVisible(!text.isEmpty());
}

QString SourcePanel::fault() const {
    return m_fault->text();
}

void SourcePanel::showSelection() {
    m_chips->setHovered(m_selection->hovered().at[m_axis]);
    m_chips->setPinned(m_selection->pinned().at[m_axis]);
}

} // namespace attn::ui
