// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

    const std::vector<TokenChip>& tokens() const { return m_tokens; }
    int hovered() const { return m_hovered; }
    int pinned() const { return m_pinned; }
    int current() const { return m_current; }
    /// Where a chip is drawn, widget coordinates.
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
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Flow {
        std::vector<QRectF> rects;
        double height = 0;
    };
    Flow flow(double width) const;
    void hover(int index);
    void relayOut();
    QString describe(int index) const;

    std::vector<TokenChip> m_tokens;
    std::vector<float> m_weights;
    Flow m_flow;
    QString m_emptyText;
    int m_hovered = -1;
    int m_pinned = -1;
    int m_current = -1;
    bool m_rightToLeft = false;
    bool m_keyboardFocus = false; ///< focus came from the keyboard: show it, and keep the arrow keys
};

} // namespace attn::ui
