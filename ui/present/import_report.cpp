// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/import_report.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <numeric>

#include "ui/present/numbers.h"

namespace attn::ui {

namespace {
struct FileName {
    ImportFile file;
    const char* text;
};
constexpr FileName fileNames[] = {
    {&ImportOptions::sourceVocabulary, QT_TRANSLATE_NOOP("Import", "source vocabulary")},
    {&ImportOptions::targetVocabulary, QT_TRANSLATE_NOOP("Import", "target vocabulary")},
    {&ImportOptions::config, QT_TRANSLATE_NOOP("Import", "settings")},
    {&ImportOptions::sourcePieces, QT_TRANSLATE_NOOP("Import", "source pieces")},
    {&ImportOptions::targetPieces, QT_TRANSLATE_NOOP("Import", "target pieces")},
    {&ImportOptions::partner, QT_TRANSLATE_NOOP("Import", "second file")},
    {&ImportOptions::mapping, QT_TRANSLATE_NOOP("Import", "mapping file")},
};

/// The context of the texts here, for the translators.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Import)
};

QString qt(const std::string& text) {
    return QString::fromStdString(text);
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
} // namespace

const std::vector<ImportFile>& importFiles() {
    static const std::vector<ImportFile> all = [] {
        std::vector<ImportFile> files;
        for (const FileName& name : fileNames) files.push_back(name.file);
        return files;
    }();
    return all;
}

QString importFileText(ImportFile file) {
    for (const FileName& name : fileNames)
        if (name.file == file) return Text::tr(name.text);
    return {};
}

ImportFile importFileOf(const std::string& role) {
    const bool target = holds(role, "target");
    if (holds(role, "vocabulary"))
        return target ? &ImportOptions::targetVocabulary : &ImportOptions::sourceVocabulary;
    if (holds(role, "pieces") || holds(role, "SentencePiece") || holds(role, "codes"))
        return target ? &ImportOptions::targetPieces : &ImportOptions::sourcePieces;
    if (holds(role, "settings") || holds(role, "architecture")) return &ImportOptions::config;
    if (holds(role, "mapping")) return &ImportOptions::mapping;
    if (holds(role, "encoder") || holds(role, "decoder") || holds(role, "second file"))
        return &ImportOptions::partner;
    return nullptr;
}

std::vector<ImportFileRow> importFileRows(const ImportReport& report, const ImportOptions& options) {
    std::vector<ImportFileRow> rows;
    for (const CompanionFile& file : report.files) {
        const ImportFile field = importFileOf(file.role);
        const QString name = field ? importFileText(field) : QString();
        const bool plain = field && std::any_of(std::begin(fileNames), std::end(fileNames),
                                                [&](const FileName& at) { return file.role == at.text; });
        rows.push_back({plain ? name : qt(file.role), qt(file.path), qt(file.note),
                        file.needed && file.path.empty(), field && !(options.*field).empty(), field});
    }
    for (const ImportFile field : importFiles()) {
        const bool shown = std::any_of(rows.begin(), rows.end(),
                                       [&](const ImportFileRow& row) { return row.file == field; });
        if (!shown && !(options.*field).empty())
            rows.push_back({importFileText(field), qt(options.*field), {}, false, true, field});
    }
    return rows;
}

QString importHeading(const ImportReport& report) {
    return report.toolkit.empty() ? Text::tr("Not recognised")
                                  : Text::tr("%1 checkpoint").arg(qt(report.toolkit));
}

QString importVerdict(const ImportReport& report) {
    if (report.model) return Text::tr("Complete: it can be opened.");
    if (report.toolkit.empty())
        return Text::tr(
            "Its arrays have none of the names that are known. A mapping file can say what they are: save "
            "the draft, fill it in, and choose it here.");
    QStringList asked;
    for (const ImportFileRow& row : importFileRows(report, {}))
        if (row.missing) asked << row.role;
    if (!asked.isEmpty())
        return Text::tr("Not complete: choose the files that were not found (%1).")
            .arg(asked.join(Text::tr(", ")));
    return Text::tr("It cannot be opened as it stands; the faults below say why.");
}

bool isProblem(ParameterState state) {
    return state != ParameterState::Used && state != ParameterState::Ignored;
}

QString parameterStateText(ParameterState state) {
    switch (state) {
        case ParameterState::Used:
            return Text::tr("used");
        case ParameterState::Missing:
            return Text::tr("missing");
        case ParameterState::Misshapen:
            return Text::tr("misshapen");
        case ParameterState::Unused:
            return Text::tr("unused");
        case ParameterState::Ignored:
            return Text::tr("left out");
    }
    return {};
}

QString parameterCounts(const ImportReport& report) {
    std::map<ParameterState, int> counts;
    for (const ParameterReport& parameter : report.parameters) ++counts[parameter.state];
    QStringList parts;
    for (const auto& [state, count] : counts)
        parts << Text::tr("%1 %2").arg(count).arg(parameterStateText(state));
    return parts.join(QStringLiteral(" · "));
}

QString tokeniserText(TokeniserKind kind) {
    switch (kind) {
        case TokeniserKind::Whitespace:
            return Text::tr("whitespace");
        case TokeniserKind::Words:
            return Text::tr("words");
        case TokeniserKind::Characters:
            return Text::tr("characters");
        case TokeniserKind::SentencePiece:
            return Text::tr("SentencePiece");
        case TokeniserKind::Spaces:
            return Text::tr("spaces");
        case TokeniserKind::Moses:
            return Text::tr("Moses");
        case TokeniserKind::Bpe:
            return Text::tr("byte pairs (BPE)");
    }
    return {};
}

ImportSelfTest importSelfTest(const ModelPtr& model) {
    if (!model || !model->selfTest()) return {};
    const SelfTest& test = *model->selfTest();
    std::vector<std::string> words = test.target;
    const Vocabulary& vocabulary = model->target().vocabulary;
    if (!words.empty() && words.back() == vocabulary.text(vocabulary.special().eos)) words.pop_back();
    const double sum = std::accumulate(test.logProbs.begin(), test.logProbs.end(), 0.0);
    const double each = test.logProbs.empty() ? 0 : sum / static_cast<double>(test.logProbs.size());
    return {qt(test.source), qt(model->target().tokeniser.detokenise(words)),
            Text::tr("ln p = %1, %2 a token").arg(number(sum, 4), number(each, 4))};
}

} // namespace attn::ui
