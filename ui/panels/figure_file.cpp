// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/figure_file.h"

#include <QBuffer>
#include <QFileInfo>
#include <QImage>
#include <QMimeData>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>

#include "core/base/error.h"

namespace attn::ui {

namespace {
QImage picture(const QSizeF& size, const PngSize& png, const FigurePainter& paint) {
    const double scale = png.width / size.width();
    QImage image(png.width, std::max(1, qRound(size.height() * scale)), QImage::Format_RGB32);
    if (image.isNull())
        throw Error(ErrorKind::Output, "a picture " + std::to_string(png.width) +
                                           " pixels wide does not fit into memory; choose a smaller width");
    image.setDotsPerMeterX(qRound(png.dotsPerInch / 0.0254));
    image.setDotsPerMeterY(qRound(png.dotsPerInch / 0.0254));
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    paint(painter, size);
    return image;
}

QByteArray svg(const QSizeF& size, const FigurePainter& paint) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(), size));
    generator.setResolution(96);
    generator.setTitle(QStringLiteral("Attentoscope"));
    QPainter painter(&generator);
    paint(painter, size);
    painter.end();
    return bytes;
}

QByteArray pdf(const QSizeF& size, const FigurePainter& paint) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(960);
    writer.setPageSize(QPageSize(size * (72.0 / 96), QPageSize::Point, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    QPainter painter(&writer);
    painter.scale(10, 10);
    paint(painter, size);
    painter.end();
    return bytes;
}

QByteArray pngBytes(const QSizeF& size, const PngSize& png, const FigurePainter& paint) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture(size, png, paint).save(&buffer, "PNG");
    return bytes;
}

void write(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        throw Error(ErrorKind::Output, "cannot write " + path.toStdString() + ": " +
                                           file.errorString().toStdString() +
                                           "; choose a folder that you may write to");
}

[[noreturn]] void refuse(const QString& path, const std::string& expected) {
    throw Error(ErrorKind::Argument, path.toStdString() + ": the name has to end in " + expected);
}
} // namespace

void writeFigure(const QString& path, const QSizeF& size, const PngSize& png, const FigurePainter& paint) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("png")) return write(path, pngBytes(size, png, paint));
    if (suffix == QLatin1String("svg")) return write(path, svg(size, paint));
    if (suffix == QLatin1String("pdf")) return write(path, pdf(size, paint));
    refuse(path, ".png, .svg or .pdf");
}

void writeNumbers(const QString& path, const NumberTable& table) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("csv")) return write(path, toCsv(table));
    if (suffix == QLatin1String("json")) return write(path, toJson(table));
    if (suffix == QLatin1String("npy")) return write(path, toNpy(table));
    refuse(path, ".csv, .json or .npy");
}

QMimeData* figureMime(const QSizeF& size, double scale, const FigurePainter& paint) {
    auto* mime = new QMimeData;
    mime->setImageData(picture(size, {qRound(size.width() * scale), qRound(96 * scale)}, paint));
    mime->setData(QStringLiteral("image/svg+xml"), svg(size, paint));
    return mime;
}

} // namespace attn::ui
