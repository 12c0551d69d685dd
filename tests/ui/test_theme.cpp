// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QComboBox>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QLabel>
#include <QLineEdit>
#include <QPalette>
#include <QPushButton>
#include <QStyleFactory>
#include <QTest>
#include <cmath>
#include <limits>

#include "ui/widgets/colour_map.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_text.h"

using namespace attn::ui;

namespace {

/// Counts the palette and font changes it is told about.
class Listener : public QWidget {
public:
    int palettes = 0;
    int fonts = 0;

protected:
    void changeEvent(QEvent* event) override {
        palettes += event->type() == QEvent::PaletteChange;
        fonts += event->type() == QEvent::FontChange;
        QWidget::changeEvent(event);
    }
};

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private slots:
    void contrastMatchesKnownRatios() {
        // The WCAG definition's own anchors, and #767676, the known lightest grey that passes 4.5 on white.
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::red, Qt::red), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01);
        QVERIFY(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) < 4.5);
    }

    void everyColourHasItsContrast_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void everyColourHasItsContrast() {
        QFETCH(bool, dark);
        const Theme t = dark ? darkTheme() : lightTheme();
        for (const QColor& ground : {t.window, t.panel}) {
            for (const QColor& text : {t.text, t.dimText, t.warning, t.error})
                QVERIFY2(contrastRatio(text, ground) >= 4.5,
                         qPrintable(text.name() + " on " + ground.name()));
            for (const QColor& mark : {t.outline, t.accent, t.hover, t.gold})
                QVERIFY2(contrastRatio(mark, ground) >= 3, qPrintable(mark.name() + " on " + ground.name()));
        }
        QVERIFY(t.grid != t.panel);
    }

    void controlsHaveBoundaries_data() { everyColourHasItsContrast_data(); }
    void controlsHaveBoundaries() {
        QFETCH(bool, dark);
        if (!QStyleFactory::keys().contains(QStringLiteral("Fusion"))) QSKIP("this Qt has no Fusion");
        QApplication::setStyle(QStringLiteral("fusion"));
        applyTheme(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        QLineEdit line;
        QComboBox combo;
        combo.addItem(QStringLiteral("text"));
        QPushButton button(QStringLiteral("text"));
        for (QWidget* control : std::initializer_list<QWidget*>{&line, &combo, &button}) {
            control->resize(120, 30);
            const QImage image = control->grab().toImage();
            const QColor ground = control->palette().color(QPalette::Window);
            for (const QPoint& edge : {QPoint(60, 0), QPoint(60, 29), QPoint(0, 15), QPoint(119, 15)})
                QVERIFY2(contrastRatio(QColor(image.pixel(edge)), ground) >= 3,
                         control->metaObject()->className());
        }
    }

    void paletteTextIsReadable_data() { everyColourHasItsContrast_data(); }
    void paletteTextIsReadable() {
        QFETCH(bool, dark);
        applyTheme(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        const QPalette p = QApplication::palette();
        const std::pair<QPalette::ColorRole, QPalette::ColorRole> pairs[] = {
            {QPalette::WindowText, QPalette::Window},         {QPalette::Text, QPalette::Base},
            {QPalette::Text, QPalette::AlternateBase},        {QPalette::ButtonText, QPalette::Button},
            {QPalette::HighlightedText, QPalette::Highlight}, {QPalette::ToolTipText, QPalette::ToolTipBase},
            {QPalette::PlaceholderText, QPalette::Base},      {QPalette::Link, QPalette::Base}};
        for (const auto& [text, ground] : pairs)
            QVERIFY2(contrastRatio(p.color(text), p.color(ground)) >= 4.5,
                     qPrintable(p.color(text).name() + " on " + p.color(ground).name()));
    }

    void choiceReachesWidgets() {
        applyTheme(ThemeChoice::Light);
        Listener widget;
        widget.ensurePolished();
        QVERIFY(!currentTheme(&widget).dark);
        widget.palettes = 0;
        applyTheme(ThemeChoice::Dark);
        QTRY_VERIFY(widget.palettes > 0);
        QVERIFY(currentTheme(&widget).dark);
        QCOMPARE(currentTheme(&widget).panel, darkTheme().panel);
        applyTheme(ThemeChoice::System); // the offscreen platform's own palette is light
        QTRY_VERIFY(!currentTheme(&widget).dark);
    }

    void aWidgetsOwnPaletteDecides() {
        applyTheme(ThemeChoice::Light);
        QWidget widget;
        QPalette palette = widget.palette();
        palette.setColor(QPalette::Window, QColor(20, 20, 20));
        palette.setColor(QPalette::Base, QColor(31, 30, 29));
        widget.setPalette(palette);
        QVERIFY(currentTheme(&widget).dark);
        QCOMPARE(currentTheme(&widget).panel, QColor(31, 30, 29));
    }

    void textScaleReachesFontsAndWidgets() {
        setTextScale(1);
        for (const QFont& font : {uiFont(), headingFont(), tokensFont(), numbersFont()}) {
            QVERIFY(font.pixelSize() >= 11);
            QCOMPARE(font.families(),
                     QStringList({"Noto Sans", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "DejaVu Sans"}));
        }
        const int before = tokensFont().pixelSize();
        Listener widget;
        widget.ensurePolished();
        widget.fonts = 0;
        setTextScale(2);
        QTRY_VERIFY(widget.fonts > 0);
        QCOMPARE(tokensFont().pixelSize(), 2 * before);
        QCOMPARE(QApplication::font().pixelSize(), uiFont().pixelSize());
        setTextScale(100);
        QCOMPARE(textScale(), 4.0);
        setTextScale(1);
    }

    void figuresAreOfOneWidth() {
        const QFontMetricsF metrics(numbersFont());
        for (const char digit : {'1', '4', '7', '9'})
            QCOMPARE(metrics.horizontalAdvance(QChar(digit)), metrics.horizontalAdvance('0'));
    }

    void elidingKeepsGraphemesWhole() {
        const QString family = QString::fromUtf8("👩‍👩‍👧");
        QCOMPARE(graphemes(family + "e" + QChar(0x301)).size(), 2);
        const QFontMetricsF metrics(tokensFont());
        const QString text = "ab" + family + "cd" + family;
        const QStringList parts = graphemes(text);
        for (double width = 0; width < metrics.horizontalAdvance(text) + 2; width += 1) {
            const QString cut = elideByGrapheme(metrics, text, width);
            if (cut == text) continue;
            QVERIFY(cut.endsWith(QChar(0x2026)));
            QString prefix;
            bool whole = cut.size() == 1;
            for (const QString& part : parts) whole = whole || (prefix += part) == cut.chopped(1);
            QVERIFY2(whole, qPrintable(cut));
            if (cut.size() > 1) QVERIFY(metrics.horizontalAdvance(cut) <= width);
        }
        QCOMPARE(elideByGrapheme(metrics, text, 1e6), text);
    }

    void scriptsAreTold() {
        QVERIFY(isCjk(QString::fromUtf8("注意力")));
        QVERIFY(isCjk(QString::fromUtf8("注意1")));
        QVERIFY(!isCjk("attention"));
        QVERIFY(!isCjk("12"));
        QVERIFY(!isCjk(QString()));
    }

    void numbersAreShort() {
        QCOMPARE(shortNumber(0), QString("0"));
        QCOMPARE(shortNumber(0.934), QString("0.93"));
        QCOMPARE(shortNumber(-0.5), QString("-0.50"));
        QCOMPARE(shortNumber(0.0001), QString("<.01"));
        QCOMPARE(shortNumber(1234.5), QString("1.23e+03"));
        QCOMPARE(shortNumber(std::nan("")), QString("nan"));
    }

    // ---- colour maps

    void lightnessIsKnown() {
        QCOMPARE(std::round(lightness(qRgb(255, 255, 255)) * 100) / 100, 100.0);
        QCOMPARE(std::round(lightness(qRgb(0, 0, 0)) * 100) / 100, 0.0);
        QVERIFY(std::abs(lightness(qRgb(119, 119, 119)) - 50.03) < 0.05); // the textbook middle grey
    }

    void lightnessIsMonotone_data() {
        QTest::addColumn<int>("name");
        QTest::addColumn<bool>("dark");
        for (const auto& [map, text] : attn::EnumNames<MapName>::names)
            for (const bool dark : {false, true})
                QTest::addRow("%s %s", text.data(), dark ? "dark" : "light") << static_cast<int>(map) << dark;
    }
    void lightnessIsMonotone() {
        QFETCH(int, name);
        QFETCH(bool, dark);
        const ColourMap map(static_cast<MapName>(name), Scale::Linear, 0, 1,
                            dark ? darkTheme() : lightTheme());
        // Rounding to 8 bits may turn a step by a part of one unit of lightness.
        const auto monotone = [&map](int from, int to) {
            const double sign = lightness(map.table()[to]) > lightness(map.table()[from]) ? 1 : -1;
            for (int i = from; i < to; ++i)
                if (sign * (lightness(map.table()[i + 1]) - lightness(map.table()[i])) < -0.25) return i;
            return -1;
        };
        if (map.isSigned()) {
            QCOMPARE(monotone(0, 127), -1);
            QCOMPARE(monotone(128, 255), -1);
            // Both arms are equally strong.
            QVERIFY(std::abs(lightness(map.table()[0]) - lightness(map.table()[255])) < 3);
            QVERIFY(std::abs(lightness(map.table()[0]) - lightness(map.table()[127])) > 40);
        } else {
            QCOMPARE(monotone(0, 255), -1);
            QVERIFY(std::abs(lightness(map.table()[255]) - lightness(map.table()[0])) > 70);
        }
        // No step jumps: the maps are even.
        for (int i = 0; i < 255; ++i)
            QVERIFY(std::abs(lightness(map.table()[i + 1]) - lightness(map.table()[i])) < 1.5);
    }

    void publishedEnds() {
        const Theme t = lightTheme();
        // First and last colours as the authors publish them.
        const ColourMap viridis(MapName::Viridis, Scale::Linear, 0, 1, t);
        QCOMPARE(viridis.colour(0), qRgb(68, 1, 84));
        QCOMPARE(viridis.colour(1), qRgb(253, 231, 37));
        const ColourMap cividis(MapName::Cividis, Scale::Linear, 0, 1, t);
        QCOMPARE(cividis.colour(0), qRgb(0, 34, 78));
        QCOMPARE(cividis.colour(1), qRgb(254, 232, 56));
        QCOMPARE(ColourMap(MapName::Greys, Scale::Linear, 0, 1, t).colour(0), qRgb(255, 255, 255));
        QCOMPARE(ColourMap(MapName::Greys, Scale::Linear, 0, 1, t).colour(1), qRgb(0, 0, 0));
    }

    void zeroIsThePanel() {
        for (const Theme& t : {lightTheme(), darkTheme()}) {
            for (const Scale scale : {Scale::Linear, Scale::SquareRoot, Scale::Log}) {
                QCOMPARE(ColourMap(MapName::Ink, scale, 0, 1, t).colour(0), t.panel.rgb());
                QCOMPARE(ColourMap(MapName::Diverging, scale, -3, 2, t).colour(0), t.panel.rgb());
            }
            // Ink is readable against its ground.
            const ColourMap ink(MapName::Ink, Scale::Linear, 0, 1, t);
            QVERIFY(contrastRatio(QColor(ink.colour(0.5F)), t.panel) >= 3);
        }
    }

    void scalesPlaceValues() {
        const Theme t = lightTheme();
        QCOMPARE(ColourMap(MapName::Ink, Scale::Linear, 0, 2, t).position(0.5F), 0.25F);
        QCOMPARE(ColourMap(MapName::Ink, Scale::SquareRoot, 0, 2, t).position(0.5F), 0.5F);
        QCOMPARE(ColourMap(MapName::Ink, Scale::Log, 0, 1, t).position(0.01F), 0.5F);
        QCOMPARE(ColourMap(MapName::Ink, Scale::Log, 0, 1, t).position(1e-5F), 0.0F);
        const ColourMap signs(MapName::Diverging, Scale::Linear, -1, 4, t);
        QCOMPARE(signs.position(-4), 0.0F);
        QCOMPARE(signs.position(2), 0.75F);
        for (const Scale scale : {Scale::Linear, Scale::SquareRoot, Scale::Log})
            for (const MapName name : {MapName::Ink, MapName::Diverging})
                for (const float v : {0.02F, 0.3F, 1.0F}) {
                    const ColourMap map(name, scale, 0, 1, t);
                    QVERIFY(std::abs(map.valueAt(map.position(v)) - v) < 1e-5F);
                }
    }

    void oddValues() {
        const Theme t = lightTheme();
        const ColourMap map(MapName::Ink, Scale::Linear, 0, 1, t);
        const float infinity = std::numeric_limits<float>::infinity();
        QCOMPARE(map.colour(std::nanf("")), map.missingColour());
        for (const QRgb colour : map.table()) QVERIFY(colour != map.missingColour());
        QCOMPARE(map.colour(infinity), map.table()[255]);
        QCOMPARE(map.colour(-infinity), map.table()[0]);
        QCOMPARE(ColourMap(MapName::Ink, Scale::Linear, 0, 0, t).colour(0), t.panel.rgb());
    }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
