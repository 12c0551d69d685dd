// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/run/recipe.h"

class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace attn::ui {

/// The few options of the search that is chosen; hidden where it has none. Fields that are not shown here
/// stay as the recipe has them.
class SearchOptions : public QWidget {
    Q_OBJECT
public:
    explicit SearchOptions(QWidget* parent = nullptr);

    /// Emits nothing.
    void setRecipe(const Recipe& recipe);

    QSpinBox* beamWidth() const { return m_width; }
    QSpinBox* nBest() const { return m_nBest; }
    QDoubleSpinBox* lengthPenalty() const { return m_lengthPenalty; }
    QDoubleSpinBox* coveragePenalty() const { return m_coveragePenalty; }
    QDoubleSpinBox* temperature() const { return m_temperature; }
    QSpinBox* topK() const { return m_topK; }
    QDoubleSpinBox* topP() const { return m_topP; }
    QLineEdit* seed() const { return m_seed; }

signals:
    /// A number was typed or stepped.
    void beamEdited(const attn::BeamOptions& beam);
    void sampleEdited(const attn::SampleOptions& sample);
    /// Other draws are wanted.
    void drawAgain();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildBeam();
    void buildSample();
    void add(QWidget* group, const QString& label, const QString& tip, QWidget* field);
    void editBeam(auto&& change);
    void editSample(auto&& change);

    BeamOptions m_beam;
    SampleOptions m_sample;
    int m_wanted = 1; ///< hypotheses asked for, before the beam's width limits them
    QWidget* m_beamGroup;
    QWidget* m_sampleGroup;
    QSpinBox* m_width;
    QSpinBox* m_nBest;
    QDoubleSpinBox* m_lengthPenalty;
    QDoubleSpinBox* m_coveragePenalty;
    QDoubleSpinBox* m_temperature;
    QSpinBox* m_topK;
    QDoubleSpinBox* m_topP;
    QLineEdit* m_seed;
};

} // namespace attn::ui
