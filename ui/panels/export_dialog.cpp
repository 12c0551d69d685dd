// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/export_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/present/numbers.h"
#include "ui/widgets/theme.h"

namespace attn::ui {

namespace {
constexpr int widest = 20'000;       ///< pixels
constexpr double mostPixels = 1.5e8; ///< 600 MB of picture
} // namespace

ExportDialog::ExportDialog(const QString& title, const QSizeF& size, QWidget* parent)
    : QDialog(parent),
      m_size(size),
      m_format(new QComboBox),
      m_pixels(new QSpinBox),
      m_resolution(new QSpinBox),
      m_remark(new QLabel) {
    setWindowTitle(title);
    m_format->addItem(tr("SVG, for papers and the web"), QStringLiteral("svg"));
    m_format->addItem(tr("PDF, for papers"), QStringLiteral("pdf"));
    m_format->addItem(tr("PNG, of pixels"), QStringLiteral("png"));
    m_format->setToolTip(tr("SVG and PDF stay sharp at every size"));
    const double most = std::min<double>(widest, std::sqrt(mostPixels * size.width() / size.height()));
    m_pixels->setRange(100, std::max(100, static_cast<int>(most)));
    m_pixels->setSingleStep(100);
    m_pixels->setSuffix(QStringLiteral(" px"));
    m_pixels->setValue(static_cast<int>(std::lround(3 * size.width())));
    m_pixels->setToolTip(tr("Width of the PNG; its height follows"));
    m_resolution->setRange(36, 2400);
    m_resolution->setSuffix(QStringLiteral(" dpi"));
    m_resolution->setValue(300);
    m_resolution->setToolTip(tr("Pixels per inch, which sets the size on paper"));
    m_remark->setForegroundRole(QPalette::PlaceholderText);

    auto* form = new QFormLayout;
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Width"), m_pixels);
    form->addRow(tr("&Resolution"), m_resolution);
    form->addRow(QString(), m_remark);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::showSize);
    connect(m_pixels, &QSpinBox::valueChanged, this, &ExportDialog::showSize);
    connect(m_resolution, &QSpinBox::valueChanged, this, &ExportDialog::showSize);
    showSize();
}

QString ExportDialog::suffix() const {
    return m_format->currentData().toString();
}

PngSize ExportDialog::pngSize() const {
    return {m_pixels->value(), m_resolution->value()};
}

void ExportDialog::showSize() {
    const bool png = suffix() == QLatin1String("png");
    m_pixels->setEnabled(png);
    m_resolution->setEnabled(png);
    // A logical pixel is 1/96 inch.
    const double width =
        2.54 * (png ? static_cast<double>(m_pixels->value()) / m_resolution->value() : m_size.width() / 96);
    const double height = width * m_size.height() / m_size.width();
    m_remark->setText(tr("%1 × %2 cm on paper").arg(number(width, 1), number(height, 1)));
}

} // namespace attn::ui
