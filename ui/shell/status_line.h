// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStatusBar>

class QAction;
class QLabel;
class QToolButton;

namespace attn::ui {

class Session;

/// The foot of the window: what the engine does, the last message, and a button that stops slow work.
class StatusLine : public QStatusBar {
    Q_OBJECT
public:
    /// The session outlives the line. `stop` is the button's action.
    StatusLine(const Session& session, QAction* stop, QWidget* parent = nullptr);

    /// Shows what the session does now.
    void refresh();
    QString text() const;
    /// Shows a message, as it is spelt.
    void setMessage(const QString& text);
    /// The same with rich text; linkActivated() gives the link that is followed.
    void setLink(const QString& richText, const QString& tip);

signals:
    void linkActivated(const QString& link);

private:
    QString workText() const;

    const Session& m_session;
    QLabel* m_status;
    QLabel* m_message;
    QToolButton* m_cancel;
};

} // namespace attn::ui
