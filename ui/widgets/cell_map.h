// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ui/widgets/cell_map_content.h"
#include "ui/widgets/cell_map_geometry.h"

namespace attn::ui {

/// A map of numbers, one cell each: attention (target down, source across), the small maps of heads, hidden
/// states.
///
/// Cells smaller than a pixel are max-pooled (by absolute value for signed maps), so that a peak is never
/// lost. The map is drawn into a pixmap; hover, pin and current row are an overlay. Setters do not emit
/// signals: whoever moves the pointer here is told through cellHovered and cellClicked and hands the effect
/// back through the slots.
///
/// Mouse: the wheel zooms about the pointer, dragging pans, double click fits. Keys: arrows move the hovered
/// cell, Return activates it, + and - zoom, 0 fits. A window that binds these keys to shortcuts takes them
/// first. Rows and columns count from 0; -1 means none, so (3, -1) is the whole of row 3.
class CellMap : public QWidget {
    Q_OBJECT
public:
    explicit CellMap(QWidget* parent = nullptr);

    /// rows * cols numbers, row-major. Zoom is kept if the shape is the same. Labels, margins, allowed mask
    /// and gold links of another shape are dropped, so set them after the data. Throws attn::Error(Bug) on a
    /// size that differs.
    void setData(int rows, int cols, std::vector<float> values);
    void setData(int rows, int cols, std::shared_ptr<const std::vector<float>> values);
    /// Back to the empty state.
    void clear();

    /// Tokens on the axes; lists of another length than the axis throw attn::Error(Bug), empty lists remove
    /// them.
    void setRowLabels(const QStringList& labels);
    void setColumnLabels(const QStringList& labels);
    /// Bars at the right (one value per row) and underneath (one per column).
    void setRowMargin(CellMargin margin);
    void setColumnMargin(CellMargin margin);
    /// rows * cols, 0 where attention may not look; empty: everywhere allowed.
    void setAllowed(std::vector<unsigned char> allowed);
    void setGoldLinks(std::vector<GoldLink> links);
    /// Rows from `count` on are not decoded yet and stay blank; -1: all rows are valid.
    void setValidRows(int count);

    void setColours(MapName map, Scale scale);
    /// The values at the ends of the colour map; NaN for what the data holds. 0 .. 1 at first.
    void setRange(float min, float max);
    void setFit(CellFit fit);
    /// No labels and margins: for small maps of heads.
    void setCompact(bool compact);
    /// Which layer, head and rule the picture shows; under a compact map, and in every figure.
    void setCaption(const QString& caption);
    void setShowValues(bool show);
    void setShowRowMaxima(bool show);
    /// The colour map with the values at its ends, at the foot. Figures always have it.
    void setShowLegend(bool show);
    /// What to say while there is no data.
    void setEmptyText(const QString& text);
    /// The name of a number for tooltips and screen readers, such as "weight".
    void setValueName(const QString& name);
    /// Text of the tooltip at a cell; without one it is row, column and value.
    void setToolTipText(std::function<QString(int row, int col)> text);
    /// What a click does, a line of its own in the tooltip of a cell.
    void setToolTipHint(const QString& hint);
    /// What is at a point, as the tooltip says it, without the hint.
    QString textAt(const QPointF& position) const;

    const CellMapContent& content() const { return m_content; }
    int rows() const { return m_content.rows; }
    int cols() const { return m_content.cols; }
    /// The cell under the pointer or keyboard, the pinned one, the current row; -1: none.
    CellIndex hoveredCell() const { return m_hovered; }
    CellIndex pinnedCell() const { return m_pinned; }
    int currentRow() const { return m_currentRow; }
    int currentColumn() const { return m_currentColumn; }
    /// 1 fits all cells; larger shows fewer.
    double zoom() const { return m_view.zoom; }
    /// Which part of the map is seen, whatever the widget's size.
    CellMapFrame frame() const;
    /// Shows that part, once there is data.
    void setFrame(const CellMapFrame& frame);
    /// Where a cell is drawn, in widget coordinates; may lie outside the widget when zoomed.
    QRectF cellRect(int row, int col) const;
    /// The cell at a point; over a label or margin only row or column is set.
    CellIndex cellAt(const QPointF& position) const;
    /// "row le, column the, weight 0.93"
    QString describe(CellIndex cell) const;

    /// All valid cells, pooled or repeated to `pixels`, without labels and overlays; rows not decoded yet are
    /// blank.
    QImage renderMap(const QSize& pixels) const;
    /// The twin of the picture for screen readers and the clipboard.
    QString tableText() const { return attn::ui::tableText(m_content); }
    /// Draws map, labels, margins, overlays and caption as shapes and text into (0, 0, size), in logical
    /// pixels; cells are rectangles up to 100,000 of them, above that one lossless image. Scale the painter
    /// for other units.
    void paintFigure(QPainter& painter, const QSizeF& size) const;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void setHoveredCell(int row, int col);
    void setPinnedCell(int row, int col);
    void setCurrentRow(int row);
    /// The same for maps whose columns are the steps.
    void setCurrentColumn(int col);
    /// Multiplies the zoom and keeps what is at `about` (widget coordinates) in place.
    void zoomBy(double factor, const QPointF& about);
    void zoomIn();
    void zoomOut();
    void fitToView();

signals:
    /// The pointer or an arrow key went to another cell; (-1, -1) when the pointer left.
    void cellHovered(int row, int col);
    /// A click without a drag. A double click emits it twice, so that pinning toggles back.
    void cellClicked(int row, int col);
    /// Return at the hovered (or else pinned) cell.
    void cellActivated(int row, int col);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// What is drawn changed; with `shape`, where it is drawn too.
    void contentChanged(bool shape);
    void requireSize(qsizetype found, qsizetype expected, const char* what) const;
    const CellMapGeometry& geometryNow() const;
    void takeWantedFrame();
    void hover(CellIndex cell);
    void moveHover(int rows, int cols);
    void scrollTo(CellIndex cell);
    void announce();
    QString toolTipAt(const QPointF& position) const;

    CellMapContent m_content;
    mutable CellMapView m_view;                ///< clamped whenever the layout is computed
    std::optional<CellMapFrame> m_wantedFrame; ///< until it is painted, when sizes are final
    CellIndex m_hovered;
    CellIndex m_pinned;
    int m_currentRow = -1;
    int m_currentColumn = -1;
    QString m_emptyText;
    QString m_valueName;
    QString m_hint;
    std::function<QString(int, int)> m_toolTipText;

    mutable std::unique_ptr<CellMapGeometry> m_geometry;
    QPixmap m_picture; ///< all but the overlay, at the screen's resolution; null when out of date
    QPointF m_pressedAt;
    QPointF m_pannedFrom;
    bool m_pressed = false;
    bool m_dragging = false;
    bool m_keyboardFocus = false; ///< focus came from the keyboard: show it, and keep the keys
};

} // namespace attn::ui
