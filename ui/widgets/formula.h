// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QColor>
#include <QFont>
#include <QMap>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <QStringList>
#include <QVector>
#include <QWidget>
#include <map>
#include <memory>
#include <utility>

class QPainter;
class QSvgRenderer;

namespace attn::ui {

/// A place for a number inside a formula. Unit: em, from the formula's top left.
struct FormulaSlot {
    /// Where the text stands in the box. Plus and Minus stand for "+ number" and "- number" and show the sign
    /// that results; the number stands left, after the operator.
    enum class Kind { Centre, Left, Right, Plus, Minus };
    QString name; ///< several places may share a name, and then show the same text
    QRectF box;   ///< its baseline is at 3/4 of its height, and its height is 1 em of the text around it
    Kind kind = Kind::Centre;
};

/// What is known of a formula besides its picture. Unit: em.
struct FormulaInfo {
    QSizeF size;
    double baseline = 0; ///< of the formula's middle line, from the top
    QString plain;       ///< its reading in words, each slot as {name}
    QVector<FormulaSlot> places;
};

/// The typeset formulas of resources/formulas. Each stage of attention has `name`, in symbols, and
/// `name.numbers`, with slots for one step's numbers; `make.mjs` there makes both. Belongs to the GUI thread.
class FormulaStore {
public:
    /// Reads the table. Throws Error(Bug) if the resource is missing or malformed.
    FormulaStore();
    ~FormulaStore();
    FormulaStore(const FormulaStore&) = delete;
    FormulaStore& operator=(const FormulaStore&) = delete;

    /// The one that paintFormula, formulaSize and FormulaView share.
    static FormulaStore& shared();

    QStringList names() const;

    /// Throws Error(Bug) if there is no such formula.
    const FormulaInfo& info(const QString& name) const;

    /// The reading with the numbers in it; a slot without a text reads as a dash.
    /// Throws Error(Bug) if the formula or a slot named in `numbers` is unknown.
    QString reading(const QString& name, const QMap<QString, QString>& numbers = {}) const;

    /// The picture in `ink`, kept for the next time. Throws Error(Bug) if there is no such formula.
    QSvgRenderer& renderer(const QString& name, const QColor& ink);

private:
    std::map<QString, FormulaInfo> m_infos;
    std::map<std::pair<QString, QRgb>, std::unique_ptr<QSvgRenderer>> m_renderers;
};

/// Logical pixels that `name` takes with `emPixels` logical pixels per em. Throws Error(Bug) if unknown.
QSizeF formulaSize(const QString& name, double emPixels);

/// Paints `name` in `ink` with its top left corner at `topLeft`, and each text of `slotTexts` centred in its
/// slot, on the formula's baseline. A hyphen before a number becomes a minus sign; a slot without a text
/// shows a dash; a text too wide for its slot is made smaller. `numberFont` gives the family and weight
/// (figures of equal width), its size follows the formula. Throws Error(Bug) if the formula or a slot is
/// unknown.
void paintFormula(QPainter& painter, const QString& name, QPointF topLeft, double emPixels, const QColor& ink,
                  const QMap<QString, QString>& slotTexts, const QColor& numberInk, const QFont& numberFont);

/// Shows one formula in the palette's text colour, at 1.15 em per font size, made smaller to fit its width
/// but not below text of 11 px, which is its minimum width. Its accessible name is the formula's reading.
class FormulaView : public QWidget {
    Q_OBJECT

public:
    explicit FormulaView(QWidget* parent = nullptr);

    /// Empty shows nothing. A new formula has no numbers yet. Throws Error(Bug) if unknown.
    void setFormula(const QString& name);
    QString formula() const { return m_name; }

    /// Slot name to text. Throws Error(Bug) if the formula has no such slot.
    void setNumbers(const QMap<QString, QString>& numbers);

    /// The family and weight of the numbers; without it, the widget's own font.
    void setNumberFont(const QFont& font);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    double naturalEm() const;
    double emForWidth(double width) const;
    QSize sizeAt(double em) const;

    QString m_name;
    QMap<QString, QString> m_numbers;
    QFont m_numberFont;
    bool m_hasNumberFont = false;
};

} // namespace attn::ui
