// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <cmath>

#include "ui/present/step_cards.h"

namespace attn::ui {

/// The context of the cards' texts, for the translators.
struct StepCardsText {
    Q_DECLARE_TR_FUNCTIONS(StepCards)
};

/// What one head recorded for one query and key: all that the cards of its stages show.
struct StageRecord {
    const AttentionSpec& rule;
    const HeadTrace& head;
    const HeadTrace* before; ///< the same head for the query before; nullptr for the first
    int query = 0;
    int key = 0;
    int keys = 0; ///< number of key positions
    QString word; ///< the key's label

    /// The number recorded for the key; NaN if there is none.
    template <typename Values>
    double of(const Values& values) const {
        const auto at = static_cast<std::size_t>(key);
        return at < values.size() ? static_cast<double>(values[at]) : std::nan("");
    }
    bool allowed(int position) const {
        const auto at = static_cast<std::size_t>(position);
        return at < head.allowed.size() ? head.allowed[at] != 0 : head.allowed.empty();
    }
};

StepCard cardFor(Stage stage, const QString& title);
/// Two or three decimals, so that a score of usual size fits its slot.
QString termText(double value);
/// A weight inside a formula: as many places as its slot has room for.
QString shareText(double value);

StepCard scoreCard(const StageRecord& at);
StepCard scopeCard(const StageRecord& at);
StepCard normaliserCard(const StageRecord& at);
StepCard factorsCard(const StageRecord& at);
StepCard mixCard(const StageRecord& at);
/// In place of the mix where there is no attention: `context` stands for the whole source at every step.
StepCard summaryCard(const std::vector<float>& context);
StepCard gateCard(const std::vector<float>& gate);

} // namespace attn::ui
