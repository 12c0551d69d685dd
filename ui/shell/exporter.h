// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>

#include "ui/workspaces/workspace.h"

namespace attn::ui {

/// Writes or copies the view used last. The view may be rebuilt while a dialog is open: it is looked up again
/// each time.
class Exporter : public QObject {
    Q_OBJECT
public:
    using Active = std::function<Exportable()>;
    /// `window` carries the dialogs and owns the exporter.
    Exporter(Active active, QWidget* window);

    /// Dialogs for format, size and path.
    void exportFigure();
    void exportNumbers();
    void copyFigure();
    void copyNumbers();

signals:
    /// What was done, or why it failed.
    void message(const QString& text);

private:
    void write(const QString& path, const std::function<void()>& work);

    Active m_active;
    QWidget* m_window;
};

} // namespace attn::ui
