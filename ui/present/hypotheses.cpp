// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/present/hypotheses.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <string>

#include "core/run/typed_text.h"
#include "ui/present/numbers.h"

namespace attn::ui {

namespace {
struct Hypotheses {
    Q_DECLARE_TR_FUNCTIONS(Hypotheses)
};
} // namespace

QString HypothesisRow::scoreText() const {
    QStringList lines{Hypotheses::tr("Score: %1").arg(number(score.total, 4)),
                      Hypotheses::tr("ln p, the sum over its words: %1").arg(number(score.logProb, 4))};
    if (score.words != 0)
        lines << Hypotheses::tr("Word penalty, subtracted from ln p: %1").arg(number(score.words, 4));
    if (score.length != 1)
        lines << Hypotheses::tr("Length normalisation, divides ln p: %1").arg(number(score.length, 4));
    if (score.coverage != 0)
        lines << Hypotheses::tr("Coverage penalty, added: %1").arg(number(score.coverage, 4));
    if (!ended) lines << Hypotheses::tr("The limit on steps ended it.");
    return lines.join(QLatin1Char('\n'));
}

std::vector<HypothesisRow> hypothesisRows(const Model& model, const Trace& trace) {
    std::vector<HypothesisRow> rows;
    for (const int leaf : trace.leaves) {
        std::vector<std::string> words;
        for (const int index : trace.path(leaf)) {
            const StepTrace& step = trace.steps[static_cast<std::size_t>(index)];
            if (step.time >= trace.prompt && !step.isEnd()) words.push_back(step.wordText);
        }
        const StepTrace& last = trace.steps[static_cast<std::size_t>(leaf)];
        rows.push_back({QString::fromStdString(targetText(model, words)), last.score, last.isEnd()});
    }
    return rows;
}

int hypothesisRank(const Trace& trace, const std::vector<int>& path) {
    if (path.empty()) return -1;
    const auto at = std::find(trace.leaves.begin(), trace.leaves.end(), path.back());
    return at == trace.leaves.end() ? -1 : static_cast<int>(at - trace.leaves.begin());
}

QString pathTitle(const Trace& trace, const std::vector<int>& path) {
    const QString name = QString::fromStdString(trace.modelName);
    const int rank = hypothesisRank(trace, path);
    if (rank < 0 || trace.leaves.size() < 2) return name;
    return Hypotheses::tr("%1 · hypothesis %2 of %3").arg(name).arg(rank + 1).arg(trace.leaves.size());
}

} // namespace attn::ui
