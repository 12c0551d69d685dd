// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/attention/attention_spec.h"

namespace attn::ui {

/// What people call a rule, in the window's language: "scaled dot product", "local, predictive". Files and
/// the command line have names of their own (EnumNames).
QString ruleText(Score score);
QString ruleText(Scope scope);
QString ruleText(Normaliser normaliser);

/// A stage's rule with its numbers: "local, predictive, D = 2", "softmax, temperature 0.50".
QString scopeText(const AttentionSpec& rule);
QString normaliserText(const AttentionSpec& rule);

} // namespace attn::ui
