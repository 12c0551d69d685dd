// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/number_table.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/io/npy.h"

namespace attn::ui {

namespace {
/// The shortest text that reads back as the same float; empty for what is not a number.
QString plainNumber(double value) {
    if (!std::isfinite(value)) return {};
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr;
    return QString::fromLatin1(text, end - text);
}

QString quoted(QString field) {
    if (!field.contains(QLatin1Char(',')) && !field.contains(QLatin1Char('"')) &&
        !field.contains(QLatin1Char('\n')) && !field.contains(QLatin1Char('\r')))
        return field;
    return QLatin1Char('"') + field.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

template <typename Field>
QString lines(const NumberTable& table, const QString& separator, const QString& newline, Field field) {
    QString text = field(table.caption);
    for (const QString& column : table.columns) text += separator + field(column);
    text += newline;
    for (qsizetype i = 0; i < table.rows.size(); ++i) {
        text += field(table.rows[i]);
        for (double value : table.values[static_cast<std::size_t>(i)]) text += separator + plainNumber(value);
        text += newline;
    }
    return text;
}
} // namespace

QByteArray toCsv(const NumberTable& table) {
    return lines(table, QStringLiteral(","), QStringLiteral("\r\n"), quoted).toUtf8();
}

QString toTabs(const NumberTable& table) {
    return lines(table, QStringLiteral("\t"), QStringLiteral("\n"), [](QString field) {
        return field.replace(QLatin1Char('\t'), QLatin1Char(' '))
            .replace(QLatin1Char('\n'), QLatin1Char(' '));
    });
}

QByteArray toNpy(const NumberTable& table) {
    const auto rows = table.values.size() - static_cast<std::size_t>(table.marginRows);
    const auto cols = static_cast<std::size_t>(table.columns.size() - table.marginColumns);
    std::vector<double> values;
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < cols; ++j)
            values.push_back(j < table.values[i].size() ? table.values[i][j]
                                                        : std::numeric_limits<double>::quiet_NaN());
    return QByteArray::fromStdString(attn::toNpy(static_cast<int>(rows), static_cast<int>(cols), values));
}

QByteArray toJson(const NumberTable& table) {
    QJsonArray rows;
    for (qsizetype i = 0; i < table.rows.size(); ++i) {
        QJsonArray values;
        for (double value : table.values[static_cast<std::size_t>(i)]) {
            const QString text = plainNumber(value);
            values.append(text.isEmpty() ? QJsonValue() : QJsonValue(text.toDouble()));
        }
        rows.append(QJsonObject{{QStringLiteral("name"), table.rows[i]}, {QStringLiteral("values"), values}});
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("caption"), table.caption},
                                     {QStringLiteral("columns"), QJsonArray::fromStringList(table.columns)},
                                     {QStringLiteral("rows"), rows}})
        .toJson();
}

} // namespace attn::ui
