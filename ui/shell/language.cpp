// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/language.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

#include "core/base/error.h"

namespace attn::ui {

namespace {
// The application owns the translators, and they are found by this name.
const QString translatorName = QStringLiteral("attentoscope translator");

QList<QTranslator*> translators() {
    return qApp->findChildren<QTranslator*>(translatorName, Qt::FindDirectChildrenOnly);
}

void install(const QString& file) {
    auto* translator = new QTranslator(qApp);
    translator->setObjectName(translatorName);
    if (!translator->load(file) || !QCoreApplication::installTranslator(translator))
        throw Error(ErrorKind::Bug, "the translation " + file.toStdString() + " cannot be loaded");
}
} // namespace

Language bestLanguage(const QStringList& preferred) {
    for (const QString& tag : preferred) {
        const QString language = tag.section(QLatin1Char('-'), 0, 0);
        if (language == QLatin1String("zh")) return Language::Chinese;
        if (language == QLatin1String("en")) return Language::English;
    }
    return Language::English;
}

Language currentLanguage() {
    return translators().isEmpty() ? Language::English : Language::Chinese;
}

void applyLanguage(Language choice) {
    const Language wanted =
        choice == Language::System ? bestLanguage(QLocale::system().uiLanguages()) : choice;
    if (wanted == currentLanguage()) return;
    qDeleteAll(translators()); // a translator that goes uninstalls itself
    if (wanted == Language::English) return;
    install(QStringLiteral(":/i18n/qtbase_zh_CN.qm"));
    install(QStringLiteral(":/i18n/attentoscope_zh_CN.qm")); // last, so that it is asked first
}

} // namespace attn::ui
