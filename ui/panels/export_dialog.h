// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QSizeF>

#include "ui/panels/figure_file.h"

class QComboBox;
class QLabel;
class QSpinBox;

namespace attn::ui {

/// Asks for a figure's format and, for PNG, its width and resolution.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// `size` of the figure in logical pixels.
    ExportDialog(const QString& title, const QSizeF& size, QWidget* parent = nullptr);

    /// "svg", "pdf" or "png".
    QString suffix() const;
    PngSize pngSize() const;

    QComboBox* format() const { return m_format; }
    QSpinBox* pixels() const { return m_pixels; }
    QSpinBox* resolution() const { return m_resolution; }

private:
    void showSize();

    QSizeF m_size;
    QComboBox* m_format;
    QSpinBox* m_pixels;
    QSpinBox* m_resolution;
    QLabel* m_remark;
};

} // namespace attn::ui
