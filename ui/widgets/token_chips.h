// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QRectF>
#include <QString>
#include <QWidget>
#include <vector>

namespace attn::ui {

/// One token of a sentence.
struct TokenChip {
    QString text;
    bool unknown = false; ///< not in the vocabulary: dashed outline
    bool masked = false;  ///< switched off: struck through and dim
    QString note = {};    ///< more for the tooltip
};

/// A row of tokens that wraps into lines, painted by one widget (its height follows its width).
/// With a limit of lines, tokens that do not fit are first written smaller, and then only some lines are
/// shown: those with the chip pointed at last; the wheel and two arrows at the edge lead to the others.
/// A sentence of right-to-left words flows from the right. Keys, once Tab has led here: Left and Right move,
/// Return clicks. After a mouse click the window's own shortcuts on these keys go first. Setters emit
/// nothing. Indices count from 0; -1 is none.
class TokenChips : public QWidget {
    Q_OBJECT
public:
    explicit TokenChips(QWidget* parent = nullptr);

    void setTokens(std::vector<TokenChip> tokens);
    /// A bar of width 0 .. 1 under each token; empty: no bars. Another length throws attn::Error(Bug).
    void setWeights(std::vector<float> weights);
    void setEmptyText(const QString& text);
    /// Lines shown at most; 0: all.
    void setMostLines(int lines);

    const std::vector<TokenChip>& tokens() const { return m_tokens; }
    int hovered() const { return m_hovered; }
    int pinned() const { return m_pinned; }
    int current() const { return m_current; }
    /// Where a chip is drawn, widget coordinates; empty if its line is not shown.
    QRectF chipRect(int index) const;
    int chipAt(const QPointF& position) const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void setHovered(int index);
    void setPinned(int index);
    /// The chip of the current step, in the accent colour.
    void setCurrent(int index);

signals:
    /// The pointer or an arrow key went to another chip; -1 when the pointer left.
    void chipHovered(int index);
    void chipClicked(int index);
    /// The context menu was asked for at a chip.
    void chipMenuRequested(int index, const QPoint& globalPosition);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Flow {
        std::vector<QRectF> rects; ///< as if all lines were shown
        std::vector<int> lines;    ///< of each chip
        int lineCount = 0;
        double pitch = 0; ///< from line to line
        double height = 0;
        QFont font;
    };
    Flow flow(double width) const;
    Flow flowAt(double width, int fontPixels) const;
    bool overflows() const { return m_mostLines > 0 && m_flow.lineCount > m_mostLines; }
    /// The arrow that shows earlier (-1) or later (1) lines; empty if all are shown.
    QRectF arrowRect(int direction) const;
    void scrollLines(int by);
    void reveal(int index);
    void hover(int index);
    void relayOut();
    QString describe(int index) const;

    std::vector<TokenChip> m_tokens;
    std::vector<float> m_weights;
    Flow m_flow;
    int m_mostLines = 0;
    int m_firstLine = 0; ///< of those shown
    QString m_emptyText;
    int m_hovered = -1;
    int m_pinned = -1;
    int m_current = -1;
    bool m_rightToLeft = false;
    bool m_keyboardFocus = false; ///< focus came from the keyboard: show it, and keep the arrow keys
};

} // namespace attn::ui
