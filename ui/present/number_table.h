// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <vector>

namespace attn::ui {

/// The numbers behind a picture: the table twin that is copied and exported.
struct NumberTable {
    QString caption; ///< what the picture shows, which head and rule; stands in every export
    QStringList columns;
    QStringList rows;
    std::vector<std::vector<double>> values; ///< one list per row, one number per column; NaN is empty
    int marginRows = 0;                      ///< of the last rows: sums that are no part of the array
    int marginColumns = 0;                   ///< likewise of the last columns

    bool isEmpty() const { return values.empty(); }
};

/// RFC 4180, UTF-8; the caption stands in the corner. Numbers as short as they can be and still be the same.
QByteArray toCsv(const NumberTable& table);
/// {"caption": ..., "columns": [...], "rows": [{"name": ..., "values": [...]}]}; NaN is null.
QByteArray toJson(const NumberTable& table);
/// The array as a NumPy file of float64, without names and margins.
QByteArray toNpy(const NumberTable& table);
/// For the clipboard: tab-separated, which spreadsheets take as cells.
QString toTabs(const NumberTable& table);

} // namespace attn::ui
