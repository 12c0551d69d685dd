// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <memory>
#include <vector>

namespace attn::ui {

/// One line of a plot: y over the steps 0, 1, 2, ...
struct Curve {
    QString name;          ///< for the legend
    std::vector<double> y; ///< NaN leaves a gap
    QColor colour = {};    ///< invalid: the next of the theme's colours
};

/// Line curves over steps with a cursor. Left and Right move the hovered step, Return clicks it. Up to 20
/// curves; more belong in a CellMap.
class CurvePlot : public QWidget {
    Q_OBJECT
public:
    explicit CurvePlot(QWidget* parent = nullptr);
    ~CurvePlot() override;

    void setCurves(std::vector<Curve> curves);
    /// Tokens under the steps; empty: the step's number. They are text even if they look like numbers.
    void setTickLabels(const QStringList& labels);
    /// The number shown at step i where there are no labels: first + i * interval. 1 and 1 at first.
    void setStepNumbers(double first, double interval);
    void setAxisTitles(const QString& x, const QString& y);
    /// Fixes the y axis; NaN for what the curves hold.
    void setValueRange(double min, double max);
    void setLegendVisible(bool visible);
    /// What to say while there are no curves.
    void setEmptyText(const QString& text);

    int stepCount() const;
    /// The steps as tab-separated text, one row per step: for screen readers and the clipboard.
    QString tableText() const;
    /// The x coordinate of a step in widget coordinates.
    double stepX(int step) const;
    /// Draws the plot as shapes and text into (0, 0, size), logical pixels.
    void paintFigure(QPainter& painter, const QSize& size);

    QSize sizeHint() const override;

public slots:
    /// Vertical lines at the current step (accent) and the hovered one (softer); -1: none. Emits nothing.
    void setCursor(int current, int hovered);

signals:
    /// The pointer went to another step; -1 when it left.
    void stepHovered(int step);
    void stepClicked(int step);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace attn::ui
