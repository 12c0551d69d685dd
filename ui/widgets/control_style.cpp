// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/control_style.h"

#include <QPainter>
#include <QStyleOption>

#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
void frame(QPainter* painter, const QStyleOption* option, const QRectF& rect) {
    const QPalette& palette = option->palette;
    const Theme theme = palette.color(QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
    QColor colour = option->state & QStyle::State_HasFocus ? theme.hover : theme.outline;
    if (!(option->state & QStyle::State_Enabled))
        colour = blend(palette.color(QPalette::Window), theme.outline, 0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colour, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
}
} // namespace

ControlStyle::ControlStyle() : QProxyStyle(QStringLiteral("fusion")) {}

void ControlStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                 const QWidget* widget) const {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    switch (element) {
        case PE_FrameLineEdit:
        case PE_PanelButtonCommand:
        case PE_IndicatorCheckBox:
            frame(painter, option, option->rect);
            break;
        case PE_PanelLineEdit:
            // The editor inside a combo or spin box has the frame of the box.
            if (const auto* panel = qstyleoption_cast<const QStyleOptionFrame*>(option);
                panel && panel->lineWidth > 0)
                frame(painter, option, option->rect);
            break;
        case PE_PanelButtonTool:
            if (!(option->state & State_AutoRaise)) frame(painter, option, option->rect);
            break;
        default:
            break;
    }
}

void ControlStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                      QPainter* painter, const QWidget* widget) const {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (control == CC_ComboBox || control == CC_SpinBox) {
        frame(painter, option, option->rect);
    } else if (control == CC_Slider && (option->subControls & SC_SliderHandle)) {
        const QRectF handle = subControlRect(CC_Slider, option, SC_SliderHandle, widget);
        frame(painter, option, handle);
    }
}

} // namespace attn::ui
