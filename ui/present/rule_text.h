// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/attention/attention_spec.h"

namespace attn::ui {

/// The name of a rule in the window's language; in English the name that files and the command line use.
QString ruleText(Score score);
QString ruleText(Scope scope);
QString ruleText(Normaliser normaliser);

} // namespace attn::ui
