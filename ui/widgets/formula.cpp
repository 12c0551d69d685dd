// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/formula.h"

#include <QEvent>
#include <QFile>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QSvgRenderer>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace attn::ui {

namespace {

// Of a slot's height, which is one em: where make.mjs put the baseline, how tall the formula's own figures
// are, and the room it keeps for an operator.
constexpr double kBaseline = 0.75;
constexpr double kFigureHeight = 0.666;
constexpr double kOperatorWidth = 1.22;

constexpr double kEmPerFontSize = 1.15;
constexpr double kSmallestText = 11; // px
constexpr QChar kMinus(0x2212);

[[noreturn]] void bug(const QString& text) {
    throw Error(ErrorKind::Bug, text.toStdString());
}

QByteArray resource(const QString& file) {
    QFile input(":/formulas/" + file);
    if (!input.open(QIODevice::ReadOnly))
        bug("the formula file " + file + " is not among the program's resources");
    return input.readAll();
}

void requireSlots(const QString& name, const FormulaInfo& info, const QMap<QString, QString>& texts) {
    for (auto text = texts.begin(); text != texts.end(); ++text) {
        const auto same = [&](const FormulaSlot& place) { return place.name == text.key(); };
        if (std::none_of(info.places.begin(), info.places.end(), same))
            bug("the formula " + name + " has no slot " + text.key());
    }
}

FormulaSlot::Kind kindOf(const QString& text) {
    using Kind = FormulaSlot::Kind;
    static const QMap<QString, Kind> kinds{{"", Kind::Centre},
                                           {"left", Kind::Left},
                                           {"right", Kind::Right},
                                           {"plus", Kind::Plus},
                                           {"minus", Kind::Minus}};
    if (!kinds.contains(text)) bug("formulas.json: no slot is of the kind " + text);
    return kinds[text];
}

QString withMinusSign(QString text) {
    text = text.trimmed();
    if (text.startsWith('-')) text[0] = kMinus;
    return text;
}

/// Draws `text` in `room` on the line `baseline`, made smaller if it is wider than `room`.
void drawIn(QPainter& painter, const QString& text, const QRectF& room, double baseline,
            FormulaSlot::Kind kind, QFont font) {
    QFontMetricsF metrics(font);
    double width = metrics.horizontalAdvance(text);
    if (width > room.width()) {
        font.setPixelSize(std::max(1, int(font.pixelSize() * room.width() / width)));
        metrics = QFontMetricsF(font);
        width = metrics.horizontalAdvance(text);
    }
    const double spare = room.width() - width;
    const double left = kind == FormulaSlot::Kind::Centre  ? spare / 2
                        : kind == FormulaSlot::Kind::Right ? spare
                                                           : 0;
    painter.setFont(font);
    painter.drawText(QPointF(room.left() + left, baseline), text);
}

/// `font` in the size that makes its figures as tall as those of a formula with `em` pixels per em.
QFont figuresAt(QFont font, double em) {
    font.setPixelSize(100);
    const double height = QFontMetricsF(font).tightBoundingRect("0").height() / 100;
    font.setPixelSize(std::max(1, int(std::lround(em * kFigureHeight / std::max(height, 0.1)))));
    return font;
}

} // namespace

FormulaStore::FormulaStore() {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(resource("formulas.json"), &error);
    if (!document.isObject()) bug("formulas.json is malformed: " + error.errorString());
    const QJsonObject table = document.object();
    for (auto entry = table.begin(); entry != table.end(); ++entry) {
        const QJsonObject from = entry.value().toObject();
        FormulaInfo info;
        info.size = QSizeF(from["width"].toDouble(), from["height"].toDouble());
        info.baseline = from["baseline"].toDouble();
        info.plain = from["plain"].toString();
        for (const QJsonValue& value : from["slots"].toArray()) {
            const QJsonObject slot = value.toObject();
            info.places.append({slot["name"].toString(),
                                QRectF(slot["x"].toDouble(), slot["y"].toDouble(), slot["w"].toDouble(),
                                       slot["h"].toDouble()),
                                kindOf(slot["kind"].toString())});
        }
        if (info.size.isEmpty() || info.plain.isEmpty())
            bug("formulas.json: " + entry.key() + " has no size or no reading");
        m_infos.emplace(entry.key(), std::move(info));
    }
}

FormulaStore::~FormulaStore() = default;

FormulaStore& FormulaStore::shared() {
    static FormulaStore store;
    return store;
}

QStringList FormulaStore::names() const {
    QStringList names;
    for (const auto& [name, info] : m_infos) names.append(name);
    return names;
}

const FormulaInfo& FormulaStore::info(const QString& name) const {
    const auto found = m_infos.find(name);
    if (found == m_infos.end()) bug("there is no formula named " + name);
    return found->second;
}

QString FormulaStore::reading(const QString& name, const QMap<QString, QString>& numbers) const {
    const FormulaInfo& formula = info(name);
    requireSlots(name, formula, numbers);
    QString text = formula.plain;
    for (const FormulaSlot& place : formula.places)
        text.replace("{" + place.name + "}",
                     withMinusSign(numbers.value(place.name, QString(QChar(0x2013)))));
    return text;
}

QSvgRenderer& FormulaStore::renderer(const QString& name, const QColor& ink) {
    info(name);
    std::unique_ptr<QSvgRenderer>& kept = m_renderers[{name, ink.rgba()}];
    if (!kept) {
        const QByteArray colour =
            ink.name().toLatin1() + "\" fill-opacity=\"" + QByteArray::number(ink.alphaF(), 'f', 3);
        auto made = std::make_unique<QSvgRenderer>(
            resource(name + ".svg").replace(QByteArray("currentColor"), colour));
        if (!made->isValid()) bug("the picture of the formula " + name + " cannot be drawn");
        kept = std::move(made);
    }
    return *kept;
}

QSizeF formulaSize(const QString& name, double emPixels) {
    return FormulaStore::shared().info(name).size * emPixels;
}

void paintFormula(QPainter& painter, const QString& name, QPointF topLeft, double emPixels, const QColor& ink,
                  const QMap<QString, QString>& slotTexts, const QColor& numberInk, const QFont& numberFont) {
    using Kind = FormulaSlot::Kind;
    FormulaStore& store = FormulaStore::shared();
    const FormulaInfo& info = store.info(name);
    requireSlots(name, info, slotTexts);

    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    store.renderer(name, ink).render(&painter, QRectF(topLeft, info.size * emPixels));
    painter.setPen(numberInk);
    for (const FormulaSlot& place : info.places) {
        QRectF room(topLeft + place.box.topLeft() * emPixels, place.box.size() * emPixels);
        const double em = room.height();
        const double baseline = room.top() + kBaseline * em;
        const QFont font = figuresAt(numberFont, em);
        QString text = withMinusSign(slotTexts.value(place.name, QString(QChar(0x2013))));
        if (place.kind == Kind::Plus || place.kind == Kind::Minus) {
            const bool negative = text.startsWith(kMinus);
            if (negative) text.remove(0, 1);
            const bool minus = negative != (place.kind == Kind::Minus);
            const QRectF operatorRoom(room.topLeft(), QSizeF(kOperatorWidth * em, em));
            drawIn(painter, minus ? QString(kMinus) : QString("+"), operatorRoom, baseline, Kind::Centre,
                   font);
            room.setLeft(operatorRoom.right());
            drawIn(painter, text, room, baseline, Kind::Left, font);
        } else {
            drawIn(painter, text, room, baseline, place.kind, font);
        }
    }
    painter.restore();
}

FormulaView::FormulaView(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FormulaView::setFormula(const QString& name) {
    if (name == m_name) return;
    if (!name.isEmpty()) FormulaStore::shared().info(name);
    m_name = name;
    setNumbers({});
    updateGeometry();
}

void FormulaView::setNumbers(const QMap<QString, QString>& numbers) {
    if (m_name.isEmpty() && !numbers.isEmpty()) bug("numbers were given to a view without a formula");
    setAccessibleName(m_name.isEmpty() ? QString() : FormulaStore::shared().reading(m_name, numbers));
    m_numbers = numbers;
    update();
}

void FormulaView::setNumberFont(const QFont& font) {
    m_numberFont = font;
    m_hasNumberFont = true;
    update();
}

double FormulaView::naturalEm() const {
    return QFontInfo(font()).pixelSize() * kEmPerFontSize;
}

double FormulaView::emForWidth(double width) const {
    const double em = naturalEm();
    const double smallest = std::min(em, kSmallestText * kEmPerFontSize);
    return std::clamp(width / FormulaStore::shared().info(m_name).size.width(), smallest, em);
}

QSize FormulaView::sizeAt(double em) const {
    if (m_name.isEmpty()) return QSize(0, 0);
    const QSizeF size = formulaSize(m_name, em);
    return QSize(int(std::ceil(size.width())), int(std::ceil(size.height())));
}

QSize FormulaView::sizeHint() const {
    return sizeAt(naturalEm());
}

QSize FormulaView::minimumSizeHint() const {
    return m_name.isEmpty() ? QSize(0, 0) : sizeAt(emForWidth(0));
}

int FormulaView::heightForWidth(int width) const {
    return m_name.isEmpty() ? 0 : sizeAt(emForWidth(width)).height();
}

void FormulaView::paintEvent(QPaintEvent*) {
    if (m_name.isEmpty()) return;
    const double em = emForWidth(width());
    const QColor ink = palette().color(foregroundRole());
    const double top = std::max(0.0, (height() - formulaSize(m_name, em).height()) / 2);
    const double left = isRightToLeft() ? std::max(0.0, width() - formulaSize(m_name, em).width()) : 0.0;
    QPainter painter(this);
    paintFormula(painter, m_name, {left, top}, em, ink, m_numbers, ink,
                 m_hasNumberFont ? m_numberFont : font());
}

void FormulaView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) updateGeometry();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) update();
    QWidget::changeEvent(event);
}

} // namespace attn::ui
