// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <memory>
#include <vector>

#include "core/io/import/import.h"

namespace attn::ui {

/// A field of ImportOptions that names a file.
using ImportFile = std::string ImportOptions::*;

/// Every such field, in the order in which people are shown them.
const std::vector<ImportFile>& importFiles();
/// What people call it: "source vocabulary".
QString importFileText(ImportFile file);
/// The field by which a file of this role is named; nullptr if none is.
ImportFile importFileOf(const std::string& role);

/// A file that belongs to the checkpoint: found, chosen by the person, or asked for.
struct ImportFileRow {
    QString role;
    QString place; ///< path; empty if there is none
    QString note;
    bool missing = false;      ///< it is needed and there is none
    bool chosen = false;       ///< the person named it
    ImportFile file = nullptr; ///< nullptr: it cannot be named otherwise

    bool operator==(const ImportFileRow&) const = default;
};
/// Those of the report, then what the person named beside them.
std::vector<ImportFileRow> importFileRows(const ImportReport& report, const ImportOptions& options);

/// "OpenNMT-py checkpoint".
QString importHeading(const ImportReport& report);
/// Whether there is a model, and if not, what is asked of the person.
QString importVerdict(const ImportReport& report);
/// Whether this deserves a look: everything but used and left out.
bool isProblem(ParameterState state);
QString parameterStateText(ParameterState state);
/// "24 used · 2 missing"; states that do not occur are left out.
QString parameterCounts(const ImportReport& report);

QString tokeniserText(TokeniserKind kind);

/// What the model made of the self-test's sentence: its translation and the log-probability.
struct ImportSelfTest {
    QString sentence, translation;
    QString logProbability; ///< in all, natural logarithm, and by token
};
/// Of a model that carries a self-test; empty without one.
ImportSelfTest importSelfTest(const ModelPtr& model);

} // namespace attn::ui
