// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icon.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPointer>
#include <QSvgRenderer>
#include <QWidget>

#include "core/base/error.h"

namespace attn::ui {

namespace {

const QString kOwnIcon = "attentoscope";

QByteArray pictureOf(const QString& name) {
    QFile file(":/icons/" + name + ".svg");
    if (!file.open(QIODevice::ReadOnly))
        throw Error(ErrorKind::Bug, "there is no icon named " + name.toStdString());
    return file.readAll();
}

class ThemedIconEngine : public QIconEngine {
public:
    ThemedIconEngine(QByteArray picture, const QWidget* owner)
        : m_picture(std::move(picture)), m_owner(owner) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QByteArray picture = m_picture;
        QSvgRenderer renderer(picture.replace("currentColor", colour(mode).name().toLatin1()));
        const double side = qMin(rect.width(), rect.height());
        QRectF square(0, 0, side, side);
        square.moveCenter(QRectF(rect).center());
        renderer.render(painter, square);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    QColor colour(QIcon::Mode mode) const {
        const QPalette palette = m_owner ? m_owner->palette() : QGuiApplication::palette();
        if (mode == QIcon::Selected) return palette.color(QPalette::Active, QPalette::HighlightedText);
        return palette.color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active,
                             QPalette::ButtonText);
    }

    QByteArray m_picture;
    QPointer<const QWidget> m_owner;
};

} // namespace

QStringList iconNames() {
    QStringList names;
    for (const QString& file : QDir(":/icons").entryList({"*.svg"})) names.append(file.chopped(4));
    names.removeOne(kOwnIcon);
    return names;
}

QIcon themedIcon(const QString& name, const QWidget* owner) {
    return QIcon(new ThemedIconEngine(pictureOf(name), owner));
}

QIcon applicationIcon() {
    pictureOf(kOwnIcon);
    return QIcon(":/icons/" + kOwnIcon + ".svg");
}

} // namespace attn::ui
