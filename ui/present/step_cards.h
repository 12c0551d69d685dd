// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>
#include <vector>

#include "core/attention/stage.h"
#include "core/trace/trace.h"

namespace attn::ui {

/// One formula of resources/formulas in symbols, and its slots filled with a step's numbers.
struct FormulaText {
    QString name;                   ///< "additive"; the numbers stand in "additive.numbers"
    QString numbersName;            ///< empty: no numbers are recorded for it
    QMap<QString, QString> numbers; ///< by slot
};

/// A term of a score: which unit of the query, key or tanh layer, and what it adds.
struct ScoreTerm {
    int unit = 0;
    float value = 0;
};

/// What one stage did at one step, for one source position and head.
struct StepCard {
    Stage stage = Stage::Score;
    QString title;        ///< "Score · additive"
    QString result;       ///< the stage's outcome in short: "4.212", "9 of 9", "0.8312"
    QString remark;       ///< a sentence; the only content of a trivial card
    bool trivial = false; ///< nothing is computed here: one quiet line is enough
    std::vector<FormulaText> formulas;
    std::vector<ScoreTerm> terms; ///< score only: the terms of the sum, largest size first
    QString stripName;            ///< what the strip's numbers are
    std::vector<float> strip;     ///< a vector over units or positions, drawn as colours
    QStringList stripLabels;      ///< empty, or one per number
};

/// The source position that a card set explains: `source` if it is one, else the one with the largest
/// weight, the first of equals. -1 if there is no position.
int explainedSource(const HeadTrace& head, int source);

/// The six stages in order (without attention only the context and the gate), for step `step` of `path`,
/// source position `source` and head `head`
/// (-1: the first). Empty if there is no such step or position.
std::vector<StepCard> stepCards(const Trace& trace, const std::vector<int>& path, int step, int source,
                                int head);

/// Terms of a score, largest absolute value first, equals in the order of units.
std::vector<ScoreTerm> sortedTerms(const HeadTrace& head, int source);

} // namespace attn::ui
