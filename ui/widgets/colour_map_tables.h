// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRgb>
#include <array>

namespace attn::ui {

/// The tables as published by their authors (CC0), printed by resources/colour_maps/make.py.
const std::array<QRgb, 256>& viridisTable();
const std::array<QRgb, 256>& cividisTable();

} // namespace attn::ui
