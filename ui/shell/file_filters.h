// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <initializer_list>

#include "core/io/formats.h"

namespace attn::ui {

/// "Models and checkpoints (*.safetensors *.pt)": one line of a file dialog's filter, with the patterns that
/// the table of formats gives for these kinds.
QString fileFilter(std::initializer_list<FileKind> kinds);
/// The line for every file.
QString everyFileFilter();

} // namespace attn::ui
