// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/curve_plot.h"

#include <qcustomplot.h>

#include <QLabel>
#include <QPicture>
#include <QStackedLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {

/// Line colours that colour-blind people can distinguish; contrast 3:1 on the panel.
QColor lineColour(int index, const Theme& theme) {
    static const QColor light[] = {QColor(0x00, 0x6d, 0xaa), QColor(0xc2, 0x51, 0x02),
                                   QColor(0x00, 0x7d, 0x5c), QColor(0x6a, 0x51, 0xa3),
                                   QColor(0x8a, 0x58, 0x2b), QColor(0x58, 0x62, 0x70)};
    static const QColor dark[] = {QColor(0x56, 0xb4, 0xe9), QColor(0xe6, 0x9f, 0x00),
                                  QColor(0x4c, 0xc9, 0xa0), QColor(0xb3, 0x9d, 0xdb),
                                  QColor(0xd7, 0xa7, 0x7b), QColor(0x9b, 0xa6, 0xb4)};
    return theme.dark ? dark[index % 6] : light[index % 6];
}

/// 1, 2 or 5 times a power of ten, at least `least`.
double roundStep(double least) {
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least * (1 - 1e-9)) return factor * power;
    return 10 * power;
}

constexpr int pointsUpTo = 50; ///< steps that get a point each

} // namespace

struct CurvePlot::Parts {
    explicit Parts(CurvePlot* owner)
        : plot(new QCustomPlot(owner)),
          empty(new QLabel(owner)),
          stack(new QStackedLayout(owner)),
          ticker(new QCPAxisTickerText) {
        stack->addWidget(empty);
        stack->addWidget(plot);
        empty->setAlignment(Qt::AlignCenter);
        empty->setWordWrap(true);
        empty->setMargin(16);
        empty->setAutoFillBackground(true);
        empty->setBackgroundRole(QPalette::Base);
        plot->setObjectName("plot");
        plot->setMouseTracking(true);
        plot->setFocusPolicy(Qt::NoFocus);
        plot->xAxis->setTicker(ticker);
        // Without this a token such as "5e3" is drawn as a power of ten.
        plot->xAxis->setNumberFormat("g");
        plot->yAxis->setNumberFormat("g");
        plot->xAxis->setSubTicks(false);
        plot->yAxis->setSubTicks(false);
        plot->xAxis->grid()->setVisible(false);
        plot->addLayer("cursor", plot->layer("axes"), QCustomPlot::limAbove);
        plot->layer("cursor")->setMode(QCPLayer::lmBuffered);
        for (QCPItemStraightLine** line : {&hoveredLine, &currentLine}) {
            *line = new QCPItemStraightLine(plot);
            (*line)->setLayer("cursor");
            (*line)->setAntialiased(false);
            (*line)->setVisible(false);
        }
        plot->setBufferDevicePixelRatio(owner->devicePixelRatioF());
    }

    /// The curves as graphs, with their range.
    void rebuild() {
        plot->clearGraphs();
        steps = 0;
        double low = std::numeric_limits<double>::infinity();
        double high = -low;
        for (const Curve& curve : curves) {
            QCPGraph* graph = plot->addGraph();
            graph->setName(curve.name);
            QVector<QCPGraphData> points;
            points.reserve(static_cast<qsizetype>(curve.y.size()));
            for (std::size_t i = 0; i < curve.y.size(); ++i) {
                points.append(QCPGraphData(static_cast<double>(i), curve.y[i]));
                if (!std::isfinite(curve.y[i])) continue;
                low = std::min(low, curve.y[i]);
                high = std::max(high, curve.y[i]);
            }
            graph->data()->set(points, true);
            steps = std::max(steps, static_cast<int>(curve.y.size()));
        }
        // Points are graphs of their own, without the gaps: an SVG would draw a point for a NaN too.
        for (std::size_t i = 0; i < curves.size() && steps <= pointsUpTo; ++i) {
            QVector<QCPGraphData> points;
            for (const QCPGraphData& point : *plot->graph(static_cast<int>(i))->data())
                if (std::isfinite(point.value)) points.append(point);
            QCPGraph* dots = plot->addGraph();
            dots->removeFromLegend();
            dots->setLineStyle(QCPGraph::lsNone);
            dots->data()->set(points, true);
        }
        if (low > high) low = high = 0;
        if (!std::isnan(fixedLow)) low = fixedLow;
        if (!std::isnan(fixedHigh)) high = fixedHigh;
        const double room = high > low ? 0.05 * (high - low) : 0.5;
        plot->yAxis->setRange(std::isnan(fixedLow) ? low - room : low,
                              std::isnan(fixedHigh) ? high + room : high);
        // Half a step at both ends, so that a single step has a range too.
        plot->xAxis->setRange(-0.5, std::max(steps, 1) - 0.5);
        placeLegend(legend && curves.size() > 1);
        stack->setCurrentWidget(steps > 0 ? static_cast<QWidget*>(plot) : empty);
    }

    /// In a line of its own above the axes, where it hides no data.
    void placeLegend(bool shown) {
        plot->legend->setVisible(shown);
        const bool above = plot->plotLayout()->rowCount() > 1;
        if (shown == above) return;
        if (shown) {
            plot->plotLayout()->insertRow(0);
            plot->plotLayout()->addElement(0, 0, plot->legend);
            plot->plotLayout()->setRowStretchFactor(0, 0.001);
            plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
        } else {
            plot->axisRect()->insetLayout()->addElement(plot->legend, Qt::AlignTop | Qt::AlignRight);
            plot->plotLayout()->simplify();
        }
    }

    void restyle(const Theme& theme) {
        plot->setBackground(QBrush(theme.panel));
        for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
            axis->setBasePen(QPen(theme.outline, 1));
            axis->setTickPen(QPen(theme.outline, 1));
            axis->setSubTickPen(QPen(theme.outline, 1));
            axis->setTickLabelColor(theme.dimText);
            axis->setLabelColor(theme.dimText);
            axis->setTickLabelFont(numbersFont());
            axis->setLabelFont(numbersFont());
            axis->grid()->setPen(QPen(theme.grid, 1));
            axis->grid()->setZeroLinePen(QPen(theme.outline, 1));
        }
        plot->xAxis->setTickLabelFont(tickLabels.isEmpty() ? numbersFont() : tokensFont());
        plot->xAxis->setTickLabelColor(tickLabels.isEmpty() ? theme.dimText : theme.text);
        plot->legend->setFont(numbersFont());
        plot->legend->setTextColor(theme.text);
        plot->legend->setBorderPen(Qt::NoPen);
        plot->legend->setBrush(Qt::NoBrush);
        const int count = static_cast<int>(curves.size());
        for (int i = 0; i < plot->graphCount(); ++i) {
            const Curve& curve = curves[i % count];
            const QColor colour = curve.colour.isValid() ? curve.colour : lineColour(i % count, theme);
            // Wider pens cost fifty times as much.
            plot->graph(i)->setPen(QPen(colour, 1));
            if (i >= count)
                plot->graph(i)->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, colour, 5));
        }
        QPen current(theme.accent, 2);
        QPen soft(theme.hover, 1);
        currentLine->setPen(current);
        hoveredLine->setPen(soft);
        QPalette palette = empty->palette();
        palette.setColor(QPalette::WindowText, theme.dimText);
        empty->setPalette(palette);
        empty->setFont(uiFont());
    }

    /// Ticks with text for a plot of `size` pixels: as many as fit without touching.
    void label(const QSize& size) {
        const double width = size.width();
        const double tall = size.height() - scaled(tickLabels.isEmpty() ? 60 : 110);
        plot->yAxis->ticker()->setTickCount(std::clamp(static_cast<int>(tall / scaled(28)), 2, 6));
        ticker->clear();
        if (steps == 0) return;
        const QFontMetricsF metrics(plot->xAxis->tickLabelFont());
        const double room = std::max(width - scaled(70), 50.0) / steps;
        if (tickLabels.isEmpty()) {
            const double last = firstNumber + (steps - 1) * interval;
            const double needed = metrics.horizontalAdvance(QString::number(last, 'g', 6)) + 12;
            const double step = std::max(roundStep(std::max(needed / room, 1e-9) * interval), interval);
            for (double number = std::ceil(firstNumber / step - 1e-9) * step; number <= last + 1e-9 * step;
                 number += step)
                ticker->addTick((number - firstNumber) / interval, QString::number(number, 'g', 6));
            plot->xAxis->setTickLabelRotation(0);
            return;
        }
        double widest = 0;
        for (const QString& text : tickLabels) widest = std::max(widest, metrics.horizontalAdvance(text));
        const bool turned = widest + 6 > room;
        plot->xAxis->setTickLabelRotation(turned ? -90 : 0);
        const int stride = turned ? std::max(1, static_cast<int>(std::ceil(metrics.height() / room))) : 1;
        for (int i = 0; i < std::min<int>(steps, static_cast<int>(tickLabels.size())); i += stride)
            ticker->addTick(i, tickLabels[i]);
    }

    void placeCursor() {
        const auto place = [this](QCPItemStraightLine* line, int step) {
            line->setVisible(step >= 0 && step < steps);
            line->point1->setCoords(step, 0);
            line->point2->setCoords(step, 1);
        };
        place(currentLine, current);
        place(hoveredLine, hovered);
    }

    QCustomPlot* plot;
    QLabel* empty;
    QStackedLayout* stack;
    QSharedPointer<QCPAxisTickerText> ticker;
    QCPItemStraightLine* currentLine = nullptr;
    QCPItemStraightLine* hoveredLine = nullptr;
    std::vector<Curve> curves;
    QStringList tickLabels;
    double firstNumber = 1;
    double interval = 1;
    double fixedLow = std::numeric_limits<double>::quiet_NaN();
    double fixedHigh = std::numeric_limits<double>::quiet_NaN();
    bool legend = true;
    int steps = 0;
    int current = -1;
    int hovered = -1;

    /// Rebuilds everything that depends on data, theme or size, and asks for one repaint.
    void refresh(const CurvePlot* owner) {
        rebuild();
        restyle(currentTheme(owner));
        label(owner->size());
        placeCursor();
        plot->replot(QCustomPlot::rpQueuedReplot);
    }

    int stepAt(double x) const {
        const double step = std::round(plot->xAxis->pixelToCoord(x));
        return steps > 0 && step >= 0 && step < steps ? static_cast<int>(step) : -1;
    }
};

CurvePlot::CurvePlot(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(this)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Curves"));
    m_parts->plot->installEventFilter(this);
    m_parts->refresh(this);
}

CurvePlot::~CurvePlot() {
    m_parts->plot->removeEventFilter(this);
}

void CurvePlot::setCurves(std::vector<Curve> curves) {
    m_parts->curves = std::move(curves);
    m_parts->refresh(this);
}

void CurvePlot::setTickLabels(const QStringList& labels) {
    m_parts->tickLabels = labels;
    m_parts->refresh(this);
}

void CurvePlot::setStepNumbers(double first, double interval) {
    m_parts->firstNumber = first;
    m_parts->interval = interval > 0 ? interval : 1;
    m_parts->refresh(this);
}

void CurvePlot::setAxisTitles(const QString& x, const QString& y) {
    m_parts->plot->xAxis->setLabel(x);
    m_parts->plot->yAxis->setLabel(y);
    m_parts->refresh(this);
}

void CurvePlot::setValueRange(double min, double max) {
    m_parts->fixedLow = min;
    m_parts->fixedHigh = max;
    m_parts->refresh(this);
}

void CurvePlot::setLegendVisible(bool visible) {
    m_parts->legend = visible;
    m_parts->refresh(this);
}

void CurvePlot::setEmptyText(const QString& text) {
    m_parts->empty->setText(text);
}

int CurvePlot::stepCount() const {
    return m_parts->steps;
}

QString CurvePlot::tableText() const {
    const Parts& p = *m_parts;
    if (p.steps == 0) return {};
    QString text = tr("step");
    for (const Curve& curve : p.curves) text += '\t' + curve.name;
    text += '\n';
    for (int i = 0; i < p.steps; ++i) {
        text += i < p.tickLabels.size() ? p.tickLabels[i] : QString::number(p.firstNumber + i * p.interval);
        for (const Curve& curve : p.curves) {
            text += '\t';
            if (i < static_cast<int>(curve.y.size())) text += QString::number(curve.y[i], 'g', 7);
        }
        text += '\n';
    }
    return text;
}

double CurvePlot::stepX(int step) const {
    return m_parts->plot->x() + m_parts->plot->xAxis->coordToPixel(step);
}

QSize CurvePlot::sizeHint() const {
    return {420, 220};
}

void CurvePlot::setCursor(int current, int hovered) {
    if (current == m_parts->current && hovered == m_parts->hovered) return;
    m_parts->current = current;
    m_parts->hovered = hovered;
    m_parts->placeCursor();
    // Only the cursor's own buffer is drawn anew.
    m_parts->plot->layer("cursor")->replot();
}

void CurvePlot::paintFigure(QPainter& painter, const QSize& size) {
    Parts& p = *m_parts;
    p.currentLine->setVisible(false);
    p.hoveredLine->setVisible(false);
    p.label(size);
    // The plot draws only with a painter of its own class, so it is recorded and played back.
    QPicture record;
    QCPPainter recorder(&record);
    recorder.setMode(QCPPainter::pmVectorized);
    recorder.setMode(QCPPainter::pmNoCaching);
    p.plot->toPainter(&recorder, size.width(), size.height());
    recorder.end();
    painter.save();
    // Playing a record back scales by the ratio of resolutions; sizes here are logical pixels.
    const double scale = static_cast<double>(record.logicalDpiX()) / painter.device()->logicalDpiX();
    painter.scale(scale, scale);
    painter.drawPicture(0, 0, record);
    painter.restore();
    p.label(this->size());
    p.placeCursor();
    p.plot->replot(QCustomPlot::rpQueuedReplot);
}

bool CurvePlot::event(QEvent* event) {
    Parts* p = m_parts.get();
    switch (event->type()) {
        case QEvent::Resize:
            p->label(size());
            break;
        case QEvent::KeyPress: {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (p->steps == 0) break;
            if (key == Qt::Key_Left || key == Qt::Key_Right) {
                const int from = p->hovered >= 0 ? p->hovered : p->current;
                const int step =
                    from < 0 ? 0 : std::clamp(from + (key == Qt::Key_Right ? 1 : -1), 0, p->steps - 1);
                if (step != p->hovered) {
                    setCursor(p->current, step);
                    emit stepHovered(step);
                }
                return true;
            }
            if ((key == Qt::Key_Return || key == Qt::Key_Enter) && p->hovered >= 0) {
                emit stepClicked(p->hovered);
                return true;
            }
            break;
        }
        default:
            break;
    }
    return QWidget::event(event);
}

void CurvePlot::changeEvent(QEvent* event) {
    if (m_parts && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        m_parts->refresh(this);
    QWidget::changeEvent(event);
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
    Parts* p = m_parts.get();
    if (!p || watched != p->plot) return QWidget::eventFilter(watched, event);
    const auto point = [this, p](int step) {
        if (step == p->hovered) return;
        setCursor(p->current, step);
        emit stepHovered(step);
    };
    switch (event->type()) {
        case QEvent::MouseMove:
            point(p->stepAt(static_cast<QMouseEvent*>(event)->position().x()));
            break;
        case QEvent::Leave:
            point(-1);
            break;
        case QEvent::MouseButtonRelease: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            const int step = p->stepAt(mouse->position().x());
            if (mouse->button() == Qt::LeftButton && step >= 0) emit stepClicked(step);
            break;
        }
        case QEvent::Paint:
            // The plot does not notice that it moved to another screen.
            if (p->plot->bufferDevicePixelRatio() != devicePixelRatioF()) {
                p->plot->setBufferDevicePixelRatio(devicePixelRatioF());
                p->plot->replot(QCustomPlot::rpQueuedReplot);
            }
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace attn::ui
