// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/search_options.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <string_view>

namespace attn::ui {

namespace {
/// The bounds that core states for a field of the options.
template <typename Options>
Bounds boundsOfField(std::string_view wanted) {
    Bounds found;
    const Options options;
    visitFields(options, [&](const char* name, const auto& field, const auto&... told) {
        using Field = std::remove_cvref_t<decltype(field)>;
        if constexpr (std::is_arithmetic_v<Field> && !std::is_same_v<Field, bool>)
            if (wanted == name) found = boundsOf<Field>(told...).value_or(found);
    });
    return found;
}

void bound(QSpinBox* box, const Bounds& bounds) {
    box->setRange(static_cast<int>(bounds.least), static_cast<int>(bounds.most));
}

void bound(QDoubleSpinBox* box, const Bounds& bounds, double step, int decimals) {
    box->setDecimals(decimals);
    box->setSingleStep(step);
    box->setRange(bounds.above ? bounds.least + std::pow(10, -decimals) : bounds.least, bounds.most);
}

/// The text that is being typed stays if it says the same.
void showNumber(auto* box, auto value) {
    const QSignalBlocker quiet(box);
    if (box->value() != value) box->setValue(value);
}

QWidget* newGroup(QWidget* parent) {
    auto* group = new QWidget(parent);
    auto* row = new QHBoxLayout(group);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    return group;
}
} // namespace

SearchOptions::SearchOptions(QWidget* parent)
    : QWidget(parent),
      m_beamGroup(newGroup(this)),
      m_sampleGroup(newGroup(this)),
      m_width(new QSpinBox),
      m_nBest(new QSpinBox),
      m_lengthPenalty(new QDoubleSpinBox),
      m_coveragePenalty(new QDoubleSpinBox),
      m_temperature(new QDoubleSpinBox),
      m_topK(new QSpinBox),
      m_topP(new QDoubleSpinBox),
      m_seed(new QLineEdit) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_beamGroup);
    row->addWidget(m_sampleGroup);
    row->addStretch(1);
    buildBeam();
    buildSample();
    m_seed->setText(QString::number(m_sample.seed));
    setRecipe({});
}

void SearchOptions::add(QWidget* group, const QString& label, const QString& tip, QWidget* field) {
    auto* row = static_cast<QHBoxLayout*>(group->layout());
    if (row->count() > 0) row->addSpacing(12);
    auto* text = new QLabel(label);
    text->setBuddy(field);
    text->setToolTip(tip);
    field->setToolTip(tip);
    field->setAccessibleName(label);
    field->installEventFilter(this);
    row->addWidget(text);
    row->addWidget(field);
}

void SearchOptions::editBeam(auto&& change) {
    change(m_beam);
    m_beam.nBest = std::min(m_wanted, m_beam.width);
    emit beamEdited(m_beam);
}

void SearchOptions::editSample(auto&& change) {
    change(m_sample);
    emit sampleEdited(m_sample);
}

void SearchOptions::buildBeam() {
    bound(m_width, boundsOfField<BeamOptions>("width"));
    bound(m_nBest, boundsOfField<BeamOptions>("n_best"));
    bound(m_lengthPenalty, boundsOfField<BeamOptions>("length_penalty"), 0.1, 2);
    bound(m_coveragePenalty, boundsOfField<BeamOptions>("coverage_penalty"), 0.1, 2);
    add(m_beamGroup, tr("Width"), tr("How many hypotheses are kept at each step"), m_width);
    add(m_beamGroup, tr("Hypotheses"), tr("How many of the best are listed; at most the beam's width"),
        m_nBest);
    add(m_beamGroup, tr("Length penalty"),
        tr("Alpha: the larger, the less are long hypotheses at a disadvantage. 0: ln p is not divided by "
           "the length."),
        m_lengthPenalty);
    add(m_beamGroup, tr("Coverage penalty"),
        tr("Beta: the larger, the more a hypothesis pays for source words that it did not look at. 0: "
           "nothing."),
        m_coveragePenalty);
    connect(m_width, &QSpinBox::valueChanged, this,
            [this](int value) { editBeam([=](BeamOptions& beam) { beam.width = value; }); });
    connect(m_nBest, &QSpinBox::valueChanged, this, [this](int value) {
        m_wanted = value;
        editBeam([](BeamOptions&) {});
    });
    connect(m_lengthPenalty, &QDoubleSpinBox::valueChanged, this,
            [this](double value) { editBeam([=](BeamOptions& beam) { beam.lengthPenalty = value; }); });
    connect(m_coveragePenalty, &QDoubleSpinBox::valueChanged, this,
            [this](double value) { editBeam([=](BeamOptions& beam) { beam.coveragePenalty = value; }); });
}

void SearchOptions::buildSample() {
    bound(m_temperature, boundsOfField<SampleOptions>("temperature"), 0.1, 2);
    bound(m_topK, boundsOfField<SampleOptions>("top_k"));
    bound(m_topP, boundsOfField<SampleOptions>("top_p"), 0.05, 3);
    m_topK->setSpecialValueText(tr("all"));
    m_topK->setMaximumWidth(m_temperature->sizeHint().width() + 16); // nobody types a thousand million
    m_seed->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,20}")), m_seed));
    m_seed->setMaximumWidth(m_topK->maximumWidth());
    add(m_sampleGroup, tr("Temperature"),
        tr("Logits are divided by it: under 1 the probable words become more probable, over 1 less. 0: "
           "always the most probable word."),
        m_temperature);
    add(m_sampleGroup, tr("Top k"), tr("Draws from the k most probable words alone; 0: from all"), m_topK);
    add(m_sampleGroup, tr("Top p"),
        tr("Draws from the fewest most probable words whose probabilities together reach p; 1: from all"),
        m_topP);
    add(m_sampleGroup, tr("Seed"), tr("The same seed draws the same words"), m_seed);
    auto* again = new QToolButton;
    again->setText(tr("Draw again"));
    again->setToolTip(tr("Draws other words, with the next seed"));
    again->setObjectName(QStringLiteral("drawAgain"));
    m_sampleGroup->layout()->addWidget(again);
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this,
            [this](double value) { editSample([=](SampleOptions& sample) { sample.temperature = value; }); });
    connect(m_topK, &QSpinBox::valueChanged, this,
            [this](int value) { editSample([=](SampleOptions& sample) { sample.topK = value; }); });
    connect(m_topP, &QDoubleSpinBox::valueChanged, this,
            [this](double value) { editSample([=](SampleOptions& sample) { sample.topP = value; }); });
    connect(m_seed, &QLineEdit::textEdited, this, [this](const QString& text) {
        bool whole = false;
        const qulonglong seed = text.toULongLong(&whole);
        if (whole) editSample([=](SampleOptions& sample) { sample.seed = seed; });
    });
    // What was left empty or is too large shows the seed that counts.
    connect(m_seed, &QLineEdit::editingFinished, this,
            [this] { m_seed->setText(QString::number(m_sample.seed)); });
    connect(again, &QToolButton::clicked, this, &SearchOptions::drawAgain);
}

bool SearchOptions::eventFilter(QObject* watched, QEvent* event) {
    // Undo belongs to the question as a whole, not to one number.
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void SearchOptions::setRecipe(const Recipe& recipe) {
    m_beam = recipe.beam;
    m_sample = recipe.sample;
    if (m_beam.nBest != std::min(m_wanted, m_beam.width)) m_wanted = m_beam.nBest;
    showNumber(m_width, m_beam.width);
    {
        const QSignalBlocker quiet(m_nBest);
        m_nBest->setMaximum(std::max(m_beam.width, 1));
    }
    showNumber(m_nBest, m_beam.nBest);
    showNumber(m_lengthPenalty, m_beam.lengthPenalty);
    showNumber(m_coveragePenalty, m_beam.coveragePenalty);
    showNumber(m_temperature, m_sample.temperature);
    showNumber(m_topK, m_sample.topK);
    showNumber(m_topP, m_sample.topP);
    const QString seed = m_seed->text();
    const bool typing = m_seed->hasFocus() && seed.isEmpty();
    if (!typing && seed.toULongLong() != m_sample.seed) m_seed->setText(QString::number(m_sample.seed));
    m_beamGroup->setVisible(recipe.search == SearchKind::Beam);
    m_sampleGroup->setVisible(recipe.search == SearchKind::Sample);
    setVisible(recipe.search == SearchKind::Beam || recipe.search == SearchKind::Sample);
}

} // namespace attn::ui
