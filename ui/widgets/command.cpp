// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/command.h"

#include <QAction>
#include <QCoreApplication>
#include <QRegularExpression>
#include <QWidget>

#include "ui/widgets/icon.h"

namespace attn::ui {

QString plainText(const QAction* action) {
    // "Open (&O)" is how a Chinese text carries its letter.
    static const QRegularExpression letter(QStringLiteral("\\s*\\(&.\\)"));
    return action->text().remove(letter).remove(QLatin1Char('&'));
}

QAction* addCommand(QObject* owner, QWidget* where, const CommandText& text, std::function<void()> run) {
    auto* action = new QAction(text.text, owner);
    action->setIconText(plainText(action));
    action->setShortcuts(text.keys);
    if (!text.icon.isEmpty()) action->setIcon(themedIcon(text.icon, where));
    action->setStatusTip(text.tip);
    const QString keys =
        text.keys.isEmpty() ? QString() : text.keys.first().toString(QKeySequence::NativeText);
    action->setToolTip(
        keys.isEmpty() ? text.tip : QCoreApplication::translate("Command", "%1 (%2)").arg(text.tip, keys));
    QObject::connect(action, &QAction::triggered, owner, [run = std::move(run)] { run(); });
    where->addAction(action);
    return action;
}

} // namespace attn::ui
