// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/import_dialog.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QSplitter>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

#include "ui/panels/import_files.h"
#include "ui/panels/import_parameters.h"
#include "ui/present/import_report.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
QLabel* headingLabel(const QString& text) {
    auto* label = new QLabel(text);
    label->setFont(headingFont());
    return label;
}

QLabel* textLabel() {
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

QLabel* paragraphsLabel() {
    QLabel* label = textLabel();
    label->setTextFormat(Qt::RichText);
    return label;
}

/// The text, which may be of a file, as it stands.
QString paragraph(const QString& text, const QString& style = {}) {
    return QStringLiteral("<p style=\"margin:0 0 4px 0;%1\">%2</p>")
        .arg(style, text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
}

QString paragraphs(const std::vector<std::string>& texts) {
    QString all;
    for (const std::string& text : texts) all += paragraph(QString::fromStdString(text));
    return all;
}
} // namespace

ImportDialog::ImportDialog(const QString& place, const ImportReportPtr& report, const ImportOptions& options,
                           QWidget* parent)
    : QDialog(parent), m_place(place) {
    setObjectName(QStringLiteral("import"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    build();
    resize(QSize(scaled(1040), scaled(700)).boundedTo(screen()->availableSize() * 0.95));
    connect(this, &QDialog::rejected, this, &ImportDialog::stopRequested);
    setReport(report, options);
}

void ImportDialog::build() {
    setWindowTitle(tr("Import: %1").arg(QFileInfo(m_place).fileName()));
    m_content = new QWidget;
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    m_heading = headingLabel({});
    QFont large = headingFont();
    large.setPixelSize(scaled(17));
    m_heading->setFont(large);
    m_container = textLabel();
    m_container->setForegroundRole(QPalette::PlaceholderText);
    m_verdict = textLabel();
    column->addWidget(m_heading);
    column->addWidget(m_container);
    column->addWidget(m_verdict);
    auto* halves = new QSplitter;
    halves->setChildrenCollapsible(false);
    halves->addWidget(buildText());
    halves->addWidget(buildTable());
    halves->setStretchFactor(0, 2);
    halves->setStretchFactor(1, 3);
    column->addWidget(halves, 1);
    column->addWidget(buildSelfTest());
    column->addWidget(buildButtons());
    layout()->addWidget(m_content);
    if (isVisible()) m_content->show();
}

QWidget* ImportDialog::buildText() {
    auto* text = new QWidget;
    auto* column = new QVBoxLayout(text);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(4);
    m_findings = paragraphsLabel();
    m_findings->setContentsMargins(0, 0, 0, 8);
    m_evidence = paragraphsLabel();
    m_wiring = paragraphsLabel();
    column->addWidget(m_findings);
    column->addWidget(headingLabel(tr("Recognised by")));
    column->addWidget(m_evidence);
    column->addSpacing(8);
    column->addWidget(headingLabel(tr("Wiring")));
    column->addWidget(m_wiring);
    column->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(text);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumWidth(scaled(240));
    area->setAccessibleName(tr("What was recognised"));
    return area;
}

QWidget* ImportDialog::buildTable() {
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(12);
    m_files = new ImportFiles;
    m_parameters = new ImportParameters;
    column->addWidget(m_files);
    column->addWidget(m_parameters, 1);
    connect(m_files, &ImportFiles::optionsChanged, this, &ImportDialog::importRequested);
    return right;
}

QWidget* ImportDialog::buildSelfTest() {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* label = headingLabel(tr("Self-&test"));
    m_sentence = new QLineEdit;
    m_sentence->setFont(tokensFont());
    m_sentence->setAccessibleName(tr("Self-test sentence"));
    m_sentence->setToolTip(tr(
        "A sentence whose outcome is kept in the native model, by which it proves that it was read right"));
    m_sentence->installEventFilter(this);
    label->setBuddy(m_sentence);
    m_try = new QPushButton(tr("T&ry"));
    m_try->setAutoDefault(false);
    m_try->setToolTip(tr("Runs the sentence (Enter)"));
    connect(m_try, &QPushButton::clicked, this, &ImportDialog::requestSentence);
    row->addWidget(label);
    row->addWidget(m_sentence, 1);
    row->addWidget(m_try);
    m_selfTest = textLabel();
    column->addLayout(row);
    column->addWidget(m_selfTest);
    return box;
}

QWidget* ImportDialog::buildButtons() {
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    m_busyRow = new QWidget;
    auto* busy = new QHBoxLayout(m_busyRow);
    busy->setContentsMargins(0, 0, 0, 0);
    m_busyText = new QLabel;
    auto* bar = new QProgressBar;
    bar->setRange(0, 0);
    bar->setMaximumWidth(scaled(120));
    bar->setAccessibleName(tr("Progress"));
    m_stop = new QPushButton(tr("Sto&p"));
    m_stop->setAutoDefault(false);
    m_stop->setToolTip(tr("Stops this work; what is shown stays"));
    connect(m_stop, &QPushButton::clicked, this, &ImportDialog::stopRequested);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_busyText), static_cast<QWidget*>(bar), static_cast<QWidget*>(m_stop)})
        busy->addWidget(widget);
    m_busyRow->hide();

    m_mapping = new QPushButton(tr("Save &mapping file…"));
    m_mapping->setToolTip(
        tr("Writes which array is which as a text file, which can be edited and chosen here"));
    m_save = new QPushButton(tr("&Save as native model…"));
    m_save->setToolTip(tr("Writes one file that holds everything and opens without the others"));
    m_open = new QPushButton(tr("&Open"));
    m_open->setToolTip(tr("Asks the question of this model"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_open, QDialogButtonBox::AcceptRole);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_open->setDefault(true);
    connect(m_mapping, &QPushButton::clicked, this, &ImportDialog::mappingRequested);
    connect(m_save, &QPushButton::clicked, this, &ImportDialog::saveRequested);
    connect(m_open, &QPushButton::clicked, this, &ImportDialog::openRequested);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    line->addWidget(m_busyRow);
    line->addStretch(1);
    for (QPushButton* button : {m_mapping, m_save}) {
        button->setAutoDefault(false);
        line->addWidget(button);
    }
    line->addWidget(buttons);
    return row;
}

void ImportDialog::setReport(const ImportReportPtr& report, const ImportOptions& options) {
    m_report = report;
    m_shown = options;
    m_message.clear();
    showReport(options);
    setIdle();
    QWidget* next = m_files->firstMissing();
    if (m_report->model) next = m_sentence->hasFocus() ? static_cast<QWidget*>(m_sentence) : m_open;
    if (next) next->setFocus();
}

void ImportDialog::showReport(const ImportOptions& options) {
    m_heading->setText(importHeading(*m_report));
    m_container->setText(tr("%1 · %2").arg(QString::fromStdString(m_report->path),
                                           QString::fromStdString(m_report->container)));
    m_verdict->setText(importVerdict(*m_report));
    m_evidence->setText(paragraphs(m_report->evidence));
    m_wiring->setText(paragraphs(m_report->wiring));
    m_files->setReport(*m_report, options);
    m_parameters->setReport(*m_report);
    const ImportSelfTest test = importSelfTest(m_report->model);
    m_sentence->setText(test.sentence.isEmpty() ? QString::fromStdString(options.sentence) : test.sentence);
    m_selfTest->setText(test.sentence.isEmpty() ? tr("A sentence can be tried once the model is complete.")
                                                : tr("%1   (%2)").arg(test.translation, test.logProbability));
    showFindings();
}

void ImportDialog::showFindings() {
    const Theme theme = currentTheme(this);
    const auto coloured = [&](const QString& text, Severity severity) {
        const QColor colour = severity == Severity::Fault     ? theme.error
                              : severity == Severity::Warning ? theme.warning
                                                              : theme.text;
        return paragraph(text, QStringLiteral("color:") + colour.name());
    };
    QString text;
    if (!m_message.isEmpty())
        text += coloured(m_message, m_messageIsFault ? Severity::Fault : Severity::Note);
    for (const Severity severity : {Severity::Fault, Severity::Warning, Severity::Note})
        for (const Finding& finding : m_report->findings)
            if (finding.severity == severity)
                text += coloured(QString::fromStdString(finding.where + (finding.where.empty() ? "" : ": ") +
                                                        finding.text),
                                 severity);
    m_findings->setText(text);
    m_findings->setVisible(!text.isEmpty());
}

QString ImportDialog::findingsText() const {
    return QTextDocumentFragment::fromHtml(m_findings->text()).toPlainText();
}

QString ImportDialog::selfTestText() const {
    return m_selfTest->text();
}

void ImportDialog::setFault(const QString& text) {
    m_message = text;
    m_messageIsFault = true;
    // What was chosen and did not work is shown as it was.
    showReport(m_shown);
    setIdle();
}

void ImportDialog::setNotice(const QString& text) {
    m_message = text;
    m_messageIsFault = false;
    showFindings();
    setIdle();
}

void ImportDialog::setBusy(const QString& text, bool canStop) {
    m_busy = true;
    m_stop->setVisible(canStop);
    m_busyText->setText(text);
    m_busyRow->show();
    for (QWidget* widget : {static_cast<QWidget*>(m_try), static_cast<QWidget*>(m_mapping),
                            static_cast<QWidget*>(m_save), static_cast<QWidget*>(m_open)})
        widget->setEnabled(false);
}

void ImportDialog::setIdle() {
    m_busy = false;
    m_busyRow->hide();
    const bool complete = m_report->model != nullptr;
    m_open->setEnabled(complete);
    m_save->setEnabled(complete);
    m_try->setEnabled(complete);
    m_sentence->setEnabled(complete);
    m_mapping->setEnabled(!m_report->mapping.empty());
}

void ImportDialog::requestSentence() {
    if (m_busy || !m_report->model) return;
    ImportOptions options = m_shown;
    options.sentence = m_sentence->text().toStdString();
    emit importRequested(options);
}

bool ImportDialog::event(QEvent* event) {
    const bool texts =
        event->type() == QEvent::LanguageChange || event->type() == QEvent::ApplicationFontChange;
    if (texts && m_report) {
        const QString sentence = m_sentence->text();
        const bool busy = m_busy;
        const QString work = m_busyText->text();
        const bool canStop = !m_stop->isHidden();
        // A button that loses the focus while it is deleted asks the dialog for children that are half gone.
        if (QWidget* focus = focusWidget()) focus->clearFocus();
        delete m_content;
        build();
        showReport(m_shown);
        m_sentence->setText(sentence);
        setIdle();
        if (busy) setBusy(work, canStop);
    }
    if (event->type() == QEvent::PaletteChange && m_report) {
        showFindings();
        m_files->setReport(*m_report, m_files->options());
    }
    return QDialog::event(event);
}

bool ImportDialog::eventFilter(QObject* watched, QEvent* event) {
    // Enter in the sentence tries it, and does not press the default button.
    if (watched == m_sentence && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            requestSentence();
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace attn::ui
