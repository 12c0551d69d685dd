// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QPainter>
#include <QPalette>
#include <QtTest>
#include <functional>

#include "core/attention/attention_spec.h"
#include "core/base/error.h"
#include "ui/widgets/formula.h"
#include "ui/widgets/icon.h"

using namespace attn;
using namespace attn::ui;

namespace {

constexpr double kEm = 40; // pixels, large enough to tell neighbours apart

QImage canvas(const QString& name) {
    QImage image(formulaSize(name, kEm).toSize() + QSize(2, 2), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    return image;
}

QImage symbolsOf(const QString& name, const QColor& ink) {
    QImage image = canvas(name);
    QPainter painter(&image);
    paintFormula(painter, name, {0, 0}, kEm, ink, {}, Qt::transparent, QFont("Noto Sans"));
    return image;
}

int count(const QImage& image, const QColor& colour, QRect within = {}) {
    int found = 0;
    within = within.isNull() ? image.rect() : within.intersected(image.rect());
    for (int y = within.top(); y <= within.bottom(); ++y)
        for (int x = within.left(); x <= within.right(); ++x) found += image.pixel(x, y) == colour.rgb();
    return found;
}

QRect pixelsOf(const FormulaSlot& place) {
    return QRectF(place.box.topLeft() * kEm, place.box.size() * kEm).toAlignedRect();
}

QMap<QString, QString> filled(const QString& name, const QString& text) {
    QMap<QString, QString> texts;
    for (const FormulaSlot& place : FormulaStore::shared().info(name).places) texts[place.name] = text;
    return texts;
}

QImage painted(const QString& name, const QMap<QString, QString>& texts) {
    QImage image = canvas(name);
    QPainter painter(&image);
    paintFormula(painter, name, {0, 0}, kEm, Qt::black, texts, Qt::red, QFont("Noto Sans"));
    return image;
}

/// Where red or its smoothed edges are: anything whose red stands well above its green.
QRect redBox(const QImage& image) {
    QRect box;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QRgb pixel = image.pixel(x, y);
            if (qRed(pixel) > qGreen(pixel) + 80) box |= QRect(x, y, 1, 1);
        }
    return box;
}

template <class E>
QStringList namesOf(const QString& before = {}) {
    QStringList names;
    for (const auto& [value, name] : EnumNames<E>::names)
        names << before + QString::fromUtf8(name.data(), int(name.size()));
    return names;
}

bool isBug(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        return error.kind() == ErrorKind::Bug;
    }
    return false;
}

} // namespace

class TestFormula : public QObject {
    Q_OBJECT

private slots:
    /// Every choice of every stage has a formula in symbols and one with numbers, and there is no other.
    void everyStageHasItsFormulas() {
        QStringList expected =
            namesOf<Score>() + namesOf<Scope>() + namesOf<Normaliser>() + namesOf<Gate>("gate_");
        expected << "additive_coverage"
                 << "causal_window"
                 << "past_window"
                 << "gaussian"
                 << "none" // in place of attention
                 << "relevance"
                 << "monotonic_probability"
                 << "monotonic_weight"
                 << "mix"
                 << "coverage";
        for (int i = int(expected.size()) - 1; i >= 0; --i) expected << expected[i] + ".numbers";
        expected.sort();
        QStringList found = FormulaStore::shared().names();
        found.sort();
        QCOMPARE(found, expected);
        for (const QString& name : found)
            QCOMPARE(FormulaStore::shared().info(name).places.isEmpty(), !name.endsWith(".numbers"));
    }

    void formulasRenderInTheirInk_data() { everyName(); }
    void formulasRenderInTheirInk() {
        QFETCH(QString, name);
        for (const QColor& ink : {QColor(10, 120, 40), QColor(200, 30, 90)}) {
            const QImage image = symbolsOf(name, ink);
            QVERIFY2(count(image, ink) > 20, qPrintable(name));
            QCOMPARE(count(image, Qt::black), 0);
        }
    }

    void slotsAreFreePlacesInsideTheFormula_data() { everyName(); }
    void slotsAreFreePlacesInsideTheFormula() {
        QFETCH(QString, name);
        const FormulaInfo& info = FormulaStore::shared().info(name);
        const QImage image = symbolsOf(name, Qt::black);
        QVERIFY(info.baseline > 0 && info.baseline <= info.size.height());
        for (int i = 0; i < info.places.size(); ++i) {
            const FormulaSlot& place = info.places[i];
            QVERIFY2(QRectF(QPointF(-0.001, -0.001), info.size + QSizeF(0.002, 0.002)).contains(place.box),
                     qPrintable(place.name));
            QVERIFY(place.box.height() > 0.6 && place.box.width() >= 0.8);
            for (int k = 0; k < i; ++k)
                QVERIFY2(!place.box.adjusted(0.001, 0.001, -0.001, -0.001).intersects(info.places[k].box),
                         qPrintable(place.name));
            // A pixel on the slot's edge belongs to both sides.
            const QRect inside = pixelsOf(place).adjusted(1, 1, -1, -1);
            QCOMPARE(count(image, Qt::white, inside), inside.width() * inside.height());
        }
    }

    void numbersAppearInTheirSlots_data() { everyName(); }
    void numbersAppearInTheirSlots() {
        QFETCH(QString, name);
        const FormulaInfo& info = FormulaStore::shared().info(name);
        for (const FormulaSlot& place : info.places) {
            QMap<QString, QString> texts = filled(name, "");
            texts[place.name] = "88";
            const QImage image = painted(name, texts);
            QRegion allowed;
            for (const FormulaSlot& other : info.places)
                if (other.name == place.name || other.kind >= FormulaSlot::Kind::Plus) {
                    allowed |= pixelsOf(other).adjusted(-1, -1, 1, 1); // a bare operator is red too
                    if (other.name == place.name)
                        QVERIFY2(count(image, Qt::red, pixelsOf(other)) > 30, qPrintable(other.name));
                }
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x) {
                    const QRgb pixel = image.pixel(x, y);
                    if (qRed(pixel) > qGreen(pixel) + 80)
                        QVERIFY2(allowed.contains(QPoint(x, y)), qPrintable(place.name));
                }
        }
    }

    /// A figure stands on the baseline of the formula and is as tall as the formula's own figures (0.666 em).
    void numbersMatchTheFormulasFigures() {
        const QRect box = redBox(painted("gate_scalar.numbers", {{"gate", "1"}}));
        const FormulaInfo& info = FormulaStore::shared().info("gate_scalar.numbers");
        QVERIFY(std::abs(box.bottom() + 1 - info.baseline * kEm) <= 1.5);
        QVERIFY(std::abs(box.height() - 0.666 * kEm) <= 2);
    }

    void aTextTooWideIsMadeSmaller() {
        const QRect room =
            pixelsOf(FormulaStore::shared().info("gate_scalar.numbers").places[0]).adjusted(-1, -1, 1, 1);
        const QRect box = redBox(painted("gate_scalar.numbers", {{"gate", "-1234567.89"}}));
        QVERIFY(room.contains(box));
        QVERIFY(box.width() > room.width() * 0.8);
    }

    /// Hyphen and minus sign are drawn alike, and a sum shows the sign of its term once.
    void signsAreMinusSigns() {
        const auto with = [](const char* slot, const QString& text) {
            QMap<QString, QString> texts = filled("sparsemax.numbers", "1.00");
            texts[slot] = text;
            return painted("sparsemax.numbers", texts);
        };
        const QString minus(QChar(0x2212));
        QCOMPARE(with("score", "-2.00"), with("score", minus + "2.00"));
        QVERIFY(with("score", "-2.00") != with("score", "2.00"));
        const FormulaInfo& info = FormulaStore::shared().info("sparsemax.numbers");
        const auto threshold =
            std::find_if(info.places.begin(), info.places.end(),
                         [](const FormulaSlot& place) { return place.name == "threshold"; });
        QVERIFY(threshold->kind == FormulaSlot::Kind::Minus);
        const QRect whole = pixelsOf(*threshold);
        const QRect sign(whole.topLeft(), QSize(int(1.22 * kEm), whole.height()));
        const auto signBox = [&](const QImage& image) { return redBox(image.copy(sign)); };
        QVERIFY(signBox(with("threshold", "2.00")).height() < 0.2 * kEm);  // less 2: a minus sign
        QVERIFY(signBox(with("threshold", "-2.00")).height() > 0.3 * kEm); // less -2: a plus sign
        const QRect number = whole.adjusted(sign.width(), 0, 0, 0);
        QCOMPARE(with("threshold", "2.00").copy(number), with("threshold", "-2.00").copy(number));
    }

    void unknownNamesAreOurBugs() {
        QVERIFY(isBug([] { formulaSize("no such formula", 10); }));
        QVERIFY(isBug([] { FormulaStore::shared().renderer("softmax.nothing", Qt::black); }));
        QVERIFY(isBug([] { painted("softmax.numbers", {{"no such slot", "1"}}); }));
        QVERIFY(isBug([] { FormulaView().setFormula("no such formula"); }));
        QVERIFY(isBug([] { themedIcon("no such icon", nullptr); }));
        FormulaView view;
        view.setFormula("softmax.numbers");
        QVERIFY(isBug([&] { view.setNumbers({{"no such slot", "1"}}); }));
    }

    void theViewFollowsThePalette() {
        FormulaView view;
        QFont font("Noto Sans");
        font.setPixelSize(40);
        view.setFont(font);
        view.setFormula("softmax");
        view.resize(view.sizeHint() * 2);
        view.setAutoFillBackground(true);
        for (const auto& [window, text] : {std::pair{QColor(250, 250, 250), QColor(20, 20, 30)},
                                           {QColor(30, 30, 35), QColor(235, 230, 225)}}) {
            QPalette palette;
            palette.setColor(QPalette::Window, window);
            palette.setColor(QPalette::WindowText, text);
            view.setPalette(palette);
            const QImage image = view.grab().toImage().convertToFormat(QImage::Format_ARGB32_Premultiplied);
            QVERIFY(count(image, text) > 10);
            QVERIFY(count(image, window) > image.width() * image.height() / 2);
        }
    }

    void theViewFitsItsWidthDownToElevenPixels() {
        FormulaView view;
        QFont font("Noto Sans");
        font.setPixelSize(20);
        view.setFont(font);
        view.setFormula("additive");
        const QSizeF em = FormulaStore::shared().info("additive").size;
        QVERIFY(std::abs(view.sizeHint().width() - em.width() * 23) <= 1);
        QVERIFY(std::abs(view.minimumSizeHint().width() - em.width() * 11 * 1.15) <= 1);
        QVERIFY(std::abs(view.heightForWidth(int(em.width() * 18)) - em.height() * 18) <= 1.5);
        QCOMPARE(view.heightForWidth(10), view.minimumSizeHint().height());
        QCOMPARE(view.heightForWidth(5000), view.sizeHint().height());
        view.setFormula("");
        QCOMPARE(view.sizeHint(), QSize(0, 0));
    }

    void theViewReadsItselfOut() {
        FormulaView view;
        view.setFormula("gate_scalar.numbers");
        QCOMPARE(view.accessibleName(), QString("g_t = ") + QChar(0x2013));
        view.setNumbers({{"gate", "-0.5"}});
        QCOMPARE(view.accessibleName(), QString("g_t = ") + QChar(0x2212) + "0.5");
        view.setFormula("gate_none");
        QCOMPARE(view.accessibleName(), QString("c_t"));
    }

    void aViewOnADenseScreenIsSharp() {
        FormulaView view;
        view.setFormula("mix");
        view.resize(view.sizeHint());
        QImage dense(view.size() * 2, QImage::Format_ARGB32_Premultiplied);
        dense.setDevicePixelRatio(2);
        dense.fill(Qt::white);
        view.render(&dense, {}, {}, QWidget::DrawChildren);
        // Drawn at twice the size, not enlarged: some 2 x 2 block that enlarging would fill with one colour
        // differs.
        int mixed = 0;
        for (int y = 0; y + 1 < dense.height(); y += 2)
            for (int x = 0; x + 1 < dense.width(); x += 2)
                mixed +=
                    dense.pixel(x, y) != dense.pixel(x + 1, y) || dense.pixel(x, y) != dense.pixel(x, y + 1);
        QVERIFY(mixed > 50);
    }

    void iconsTakeTheOwnersColours() {
        const QStringList wanted{"first",    "back", "play",     "pause",       "forward",
                                 "last",     "open", "zoom-fit", "copy",        "export",
                                 "undo",     "redo", "pin",      "theme-light", "theme-dark",
                                 "settings", "help", "search",   "close"};
        for (const QString& name : wanted) QVERIFY2(iconNames().contains(name), qPrintable(name));
        QWidget owner;
        for (const QString& name : iconNames()) {
            const QIcon icon = themedIcon(name, &owner);
            for (const QColor& text : {QColor(10, 20, 30), QColor(240, 230, 220)}) {
                QPalette palette;
                palette.setColor(QPalette::ButtonText, text);
                palette.setColor(QPalette::Disabled, QPalette::ButtonText, QColor(120, 90, 60));
                owner.setPalette(palette);
                const QImage normal =
                    icon.pixmap(48, QIcon::Normal).toImage().convertToFormat(QImage::Format_ARGB32);
                const QImage disabled =
                    icon.pixmap(48, QIcon::Disabled).toImage().convertToFormat(QImage::Format_ARGB32);
                QCOMPARE(normal.size(), QSize(48, 48));
                QVERIFY2(count(normal, text) > 20, qPrintable(name));
                QVERIFY2(count(disabled, QColor(120, 90, 60)) > 20, qPrintable(name));
                QCOMPARE(count(disabled, text), 0);
            }
        }
        QVERIFY(!applicationIcon().pixmap(64).isNull());
    }

private:
    void everyName() {
        QTest::addColumn<QString>("name");
        for (const QString& name : FormulaStore::shared().names()) QTest::newRow(qPrintable(name)) << name;
    }
};

QTEST_MAIN(TestFormula)
#include "test_formula.moc"
