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

/// What one stage did for one query, key position and head.
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

/// The key position that a set of cards explains: `key` if it is one, else the one with the largest weight,
/// the first of equals. -1 if there is no position.
int explainedKey(const HeadTrace& head, int key);

/// The six stages in order for one query of a site, one key and head (-1: the first), from what was recorded.
/// `query` is a step of `path` where the site's query axis is decoded. Empty if there is no such row or key,
/// or if the site has no rule: then only its weights are known.
std::vector<StepCard> stepCards(const Trace& trace, int site, const std::vector<int>& path, int query,
                                int key, int head);

/// What a trace without sites recorded in place of attention: context and gate of step `step` of `path`.
/// Empty if there is no context.
std::vector<StepCard> stepCardsWithoutAttention(const Trace& trace, const std::vector<int>& path, int step);

/// Terms of a score, largest absolute value first, equals in the order of units.
std::vector<ScoreTerm> sortedTerms(const HeadTrace& head, int key);

} // namespace attn::ui
