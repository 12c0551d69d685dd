// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/file_filters.h"

#include <QCoreApplication>
#include <QStringList>

namespace attn::ui {

namespace {
struct Files {
    Q_DECLARE_TR_FUNCTIONS(Files)
};

QString kindText(FileKind kind) {
    switch (kind) {
        case FileKind::Model:
        case FileKind::Checkpoint:
            return Files::tr("Models and checkpoints");
        case FileKind::Attention:
            return Files::tr("Attention and word alignments");
        case FileKind::Vocabulary:
            return Files::tr("Vocabularies");
        case FileKind::Subwords:
            return Files::tr("Subword models");
    }
    return {};
}
} // namespace

QString fileFilter(std::initializer_list<FileKind> kinds) {
    QStringList patterns;
    for (const std::string& pattern : filePatterns(kinds)) patterns << QString::fromStdString(pattern);
    return QStringLiteral("%1 (%2)").arg(kindText(*kinds.begin()), patterns.join(QLatin1Char(' ')));
}

QString everyFileFilter() {
    return Files::tr("All files (*)");
}

} // namespace attn::ui
