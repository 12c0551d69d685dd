// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/token_chips.h"

#include <QContextMenuEvent>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "ui/widgets/colour_map.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_text.h"

namespace attn::ui {

namespace {

constexpr double arrowRoom = 18; ///< at the edge, while lines are hidden

/// Inside a chip, left and right.
double paddingAt(const QFont& font) {
    return font.pixelSize() < scaled(13) ? 6 : 8;
}

/// White space and nothing at all must be seen.
QString shownText(const QString& text) {
    return text.trimmed().isEmpty() ? QString(QChar(0x2423)) : text;
}

bool flowsFromRight(const std::vector<TokenChip>& tokens) {
    int right = 0;
    int left = 0;
    for (const TokenChip& token : tokens) {
        if (token.text.isRightToLeft())
            ++right;
        else if (std::any_of(token.text.begin(), token.text.end(), [](QChar c) { return c.isLetter(); }))
            ++left;
    }
    return right > left;
}

} // namespace

TokenChips::TokenChips(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Tokens"));
}

void TokenChips::setTokens(std::vector<TokenChip> tokens) {
    if (tokens.size() != m_tokens.size()) m_weights.clear();
    m_tokens = std::move(tokens);
    m_rightToLeft = flowsFromRight(m_tokens);
    const int count = static_cast<int>(m_tokens.size());
    for (int* index : {&m_hovered, &m_pinned, &m_current})
        if (*index >= count) *index = -1;
    QStringList words;
    for (const TokenChip& token : m_tokens) words << token.text;
    setAccessibleDescription(words.join(' '));
    relayOut();
}

void TokenChips::setWeights(std::vector<float> weights) {
    if (!weights.empty() && weights.size() != m_tokens.size())
        throw Error(ErrorKind::Bug, "TokenChips: " + std::to_string(weights.size()) + " weights for " +
                                        std::to_string(m_tokens.size()) + " tokens");
    const bool height = weights.empty() != m_weights.empty();
    m_weights = std::move(weights);
    if (height)
        relayOut();
    else
        update();
}

void TokenChips::setEmptyText(const QString& text) {
    m_emptyText = text;
    update();
}

void TokenChips::setMostLines(int lines) {
    m_mostLines = lines;
    relayOut();
}

void TokenChips::relayOut() {
    m_flow = flow(width());
    scrollLines(0);
    reveal(m_current);
    updateGeometry();
    update();
}

TokenChips::Flow TokenChips::flow(double width) const {
    const int natural = tokensFont().pixelSize();
    if (m_mostLines == 0) return flowAt(width, natural);
    for (int pixels = natural; pixels >= scaled(11); --pixels)
        if (Flow flow = flowAt(width, pixels); flow.lineCount <= m_mostLines) return flow;
    Flow flow = flowAt(width - scaled(arrowRoom), scaled(12));
    if (m_rightToLeft)
        for (QRectF& rect : flow.rects) rect.translate(scaled(arrowRoom), 0);
    flow.height = 2 + m_mostLines * flow.pitch - (flow.pitch - flow.rects.front().height());
    return flow;
}

TokenChips::Flow TokenChips::flowAt(double width, int fontPixels) const {
    Flow flow;
    flow.font = tokensFont();
    flow.font.setPixelSize(fontPixels);
    const QFontMetricsF metrics(flow.font);
    const double padding = paddingAt(flow.font);
    const double gap = padding - 2;
    const double height = std::ceil(metrics.height()) + 6 + (m_weights.empty() ? 0 : 5);
    flow.pitch = height + gap;
    double x = 0;
    double y = 1;
    for (const TokenChip& token : m_tokens) {
        double chip = std::ceil(metrics.horizontalAdvance(shownText(token.text))) + 2 * padding;
        chip = std::min(std::max(chip, height), std::max(width - 2, height));
        if (x > 0 && x + chip > width - 2) {
            x = 0;
            y += flow.pitch;
            ++flow.lineCount;
        }
        const double left = m_rightToLeft ? width - 1 - x - chip : x + 1;
        flow.rects.emplace_back(left, y, chip, height);
        flow.lines.push_back(flow.lineCount);
        x += chip + gap;
    }
    ++flow.lineCount;
    flow.height = y + height + 1;
    return flow;
}

int TokenChips::heightForWidth(int width) const {
    return static_cast<int>(std::ceil(flow(width).height));
}
QSize TokenChips::sizeHint() const {
    return {scaled(480), heightForWidth(scaled(480))};
}
QSize TokenChips::minimumSizeHint() const {
    return {scaled(120), static_cast<int>(std::ceil(QFontMetricsF(tokensFont()).height())) + 8};
}

QRectF TokenChips::chipRect(int index) const {
    if (index < 0 || index >= static_cast<int>(m_flow.rects.size())) return {};
    const int line = m_flow.lines[index] - m_firstLine;
    if (overflows() && (line < 0 || line >= m_mostLines)) return {};
    return m_flow.rects[index].translated(0, -m_firstLine * m_flow.pitch);
}

QRectF TokenChips::arrowRect(int direction) const {
    if (!overflows()) return {};
    const double side = scaled(arrowRoom);
    const double half = m_flow.height / 2;
    return {m_rightToLeft ? 0 : width() - side, direction < 0 ? 0 : half, side, half};
}

void TokenChips::scrollLines(int by) {
    const int last = overflows() ? m_flow.lineCount - m_mostLines : 0;
    const int first = std::clamp(m_firstLine + by, 0, last);
    if (first == m_firstLine) return;
    m_firstLine = first;
    update();
}

void TokenChips::reveal(int index) {
    if (!overflows() || index < 0 || index >= static_cast<int>(m_flow.lines.size())) return;
    const int line = m_flow.lines[index];
    if (line < m_firstLine)
        scrollLines(line - m_firstLine);
    else if (line >= m_firstLine + m_mostLines)
        scrollLines(line - m_firstLine - m_mostLines + 1);
}

int TokenChips::chipAt(const QPointF& position) const {
    for (int i = 0; i < static_cast<int>(m_flow.rects.size()); ++i)
        if (chipRect(i).contains(position)) return i;
    return -1;
}

QString TokenChips::describe(int index) const {
    if (index < 0 || index >= static_cast<int>(m_tokens.size())) return {};
    const TokenChip& token = m_tokens[index];
    QStringList lines{tr("%1 (token %2 of %3)").arg(token.text).arg(index + 1).arg(m_tokens.size())};
    if (token.unknown) lines << tr("“%1” is not in the vocabulary").arg(token.text);
    if (token.masked) lines << tr("switched off");
    if (!m_weights.empty()) lines << tr("weight %1").arg(static_cast<double>(m_weights[index]), 0, 'g', 3);
    if (!token.note.isEmpty()) lines << token.note;
    return lines.join('\n');
}

void TokenChips::paintEvent(QPaintEvent*) {
    const Theme theme = currentTheme(this);
    QPainter painter(this);
    if (m_tokens.empty()) {
        painter.setFont(uiFont());
        painter.setPen(theme.dimText);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const double padding = paddingAt(m_flow.font);
    const QColor ink(ColourMap(MapName::Ink, Scale::Linear, 0, 1, theme).at(0.7F));
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        const TokenChip& token = m_tokens[i];
        const int index = static_cast<int>(i);
        const QRectF chip = chipRect(index);
        if (chip.isEmpty()) continue;
        QColor ground = theme.panel;
        QPen frame(blend(theme.panel, theme.outline, 0.5), 1);
        if (token.unknown) {
            frame = QPen(theme.warning, 1.4);
            frame.setDashPattern({3, 2});
        }
        if (index == m_current) {
            ground = blend(ground, theme.accent, 0.12);
            frame = QPen(theme.accent, 2, token.unknown ? Qt::DashLine : Qt::SolidLine);
        }
        if (index == m_hovered) ground = blend(theme.panel, theme.hover, 0.22);
        painter.setPen(frame);
        painter.setBrush(ground);
        const double inset = frame.widthF() / 2;
        painter.drawRoundedRect(chip.adjusted(inset, inset, -inset, -inset), 4, 4);
        if (index == m_pinned) {
            painter.setPen(QPen(theme.text, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(chip.adjusted(1, 1, -1, -1), 4, 4);
        }

        QFont font = m_flow.font;
        font.setStrikeOut(token.masked);
        painter.setFont(font);
        painter.setPen(token.masked || shownText(token.text) != token.text ? theme.dimText : theme.text);
        const QRectF inner = chip.adjusted(padding - 1, 0, 1 - padding, m_weights.empty() ? 0 : -5);
        painter.drawText(inner, Qt::AlignCenter | Qt::TextSingleLine,
                         elideByGrapheme(QFontMetricsF(font), shownText(token.text), inner.width() + 0.5));
        if (m_weights.empty() || std::isnan(m_weights[i])) continue;
        const double full = chip.width() - 2 * padding;
        const double share = std::clamp(static_cast<double>(m_weights[i]), 0.0, 1.0);
        const QRectF track(chip.left() + padding, chip.bottom() - 7, full, 3);
        painter.fillRect(track, blend(ground, theme.outline, 0.25));
        painter.fillRect(QRectF(m_rightToLeft ? track.right() - full * share : track.left(), track.top(),
                                full * share, track.height()),
                         ink);
    }
    for (const int direction : {-1, 1}) {
        const QRectF room = arrowRect(direction);
        if (room.isEmpty()) continue;
        const bool more = direction < 0 ? m_firstLine > 0 : m_firstLine + m_mostLines < m_flow.lineCount;
        const double size = scaled(4);
        const QPointF middle = room.center();
        const QPointF arrow[] = {middle + QPointF(0, direction * size),
                                 middle + QPointF(-size, -direction * size / 2),
                                 middle + QPointF(size, -direction * size / 2)};
        painter.setPen(Qt::NoPen);
        painter.setBrush(more ? theme.text : blend(theme.window, theme.outline, 0.4));
        painter.drawPolygon(arrow, 3);
    }
    if (m_keyboardFocus) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(theme.hover, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void TokenChips::setHovered(int index) {
    if (index >= static_cast<int>(m_tokens.size())) index = -1;
    if (index == m_hovered) return;
    m_hovered = index;
    if (index >= 0) setAccessibleDescription(describe(index));
    // Pointing elsewhere ends: back to the current step. Under the pointer nothing jumps.
    if (!underMouse()) reveal(index >= 0 ? index : m_current);
    update();
}

void TokenChips::setPinned(int index) {
    if (index >= static_cast<int>(m_tokens.size())) index = -1;
    if (index == m_pinned) return;
    m_pinned = index;
    reveal(index);
    update();
}

void TokenChips::setCurrent(int index) {
    if (index >= static_cast<int>(m_tokens.size())) index = -1;
    if (index == m_current) return;
    m_current = index;
    reveal(index);
    update();
}

void TokenChips::hover(int index) {
    if (index == m_hovered) return;
    setHovered(index);
    if (m_keyboardFocus) reveal(index);
    emit chipHovered(m_hovered);
}

bool TokenChips::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = chipAt(help->pos());
        if (arrowRect(-1).contains(help->pos()) || arrowRect(1).contains(help->pos())) {
            QToolTip::showText(help->globalPos(), tr("Shows more of the tokens (wheel)"), this);
        } else if (index < 0) {
            QToolTip::hideText();
            event->ignore();
        } else {
            QToolTip::showText(help->globalPos(), describe(index), this, chipRect(index).toAlignedRect());
        }
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride && m_keyboardFocus) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void TokenChips::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) relayOut();
    QWidget::changeEvent(event);
}

void TokenChips::resizeEvent(QResizeEvent* event) {
    m_flow = flow(width());
    scrollLines(0);
    reveal(m_current);
    QWidget::resizeEvent(event);
}

void TokenChips::mousePressEvent(QMouseEvent* event) {
    m_keyboardFocus = false;
    event->setAccepted(event->button() == Qt::LeftButton);
}

void TokenChips::mouseMoveEvent(QMouseEvent* event) {
    hover(chipAt(event->position()));
}

void TokenChips::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    for (const int direction : {-1, 1})
        if (arrowRect(direction).contains(event->position())) return scrollLines(direction);
    if (const int index = chipAt(event->position()); index >= 0) emit chipClicked(index);
}

void TokenChips::leaveEvent(QEvent* event) {
    hover(-1);
    QWidget::leaveEvent(event);
}

void TokenChips::wheelEvent(QWheelEvent* event) {
    event->setAccepted(overflows() && event->angleDelta().y() != 0);
    if (!event->isAccepted()) return;
    scrollLines(event->angleDelta().y() > 0 ? -1 : 1);
    hover(chipAt(event->position()));
}

void TokenChips::focusInEvent(QFocusEvent* event) {
    m_keyboardFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                      event->reason() == Qt::ShortcutFocusReason;
    QWidget::focusInEvent(event);
}

void TokenChips::focusOutEvent(QFocusEvent* event) {
    m_keyboardFocus = false;
    QWidget::focusOutEvent(event);
}

void TokenChips::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(m_tokens.size());
    const int from = m_hovered >= 0 ? m_hovered : m_pinned;
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right: {
            if (count == 0) break;
            const int step = (event->key() == Qt::Key_Right) != m_rightToLeft ? 1 : -1;
            hover(from < 0 ? 0 : std::clamp(from + step, 0, count - 1));
            return;
        }
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (from < 0) break;
            emit chipClicked(from);
            return;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void TokenChips::contextMenuEvent(QContextMenuEvent* event) {
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const int index = keyboard ? (m_hovered >= 0 ? m_hovered : m_pinned) : chipAt(event->pos());
    if (index < 0) {
        event->ignore();
        return;
    }
    emit chipMenuRequested(
        index, keyboard ? mapToGlobal(chipRect(index).bottomLeft().toPoint()) : event->globalPos());
}

} // namespace attn::ui
