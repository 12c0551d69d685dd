#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints ui/widgets/colour_map_tables.cpp: the viridis and cividis tables as Matplotlib carries them (CC0).

Usage: make.py > ui/widgets/colour_map_tables.cpp
"""
import matplotlib

print("// SPDX-License-Identifier: GPL-3.0-or-later")
print("// Printed by resources/colour_maps/make.py.")
print('#include "ui/widgets/colour_map_tables.h"\n\nnamespace attn::ui {')
for name in ("viridis", "cividis"):
    table = matplotlib.colormaps[name]
    print(f"\nconst std::array<QRgb, 256>& {name}Table() {{")
    print("    static constexpr std::array<QRgb, 256> table{")
    colours = ["0xff%02x%02x%02x" % tuple(round(255 * c) for c in table(i)[:3]) for i in range(256)]
    for i in range(0, 256, 8):
        print("        " + ", ".join(colours[i : i + 8]) + ("," if i < 248 else "};"))
    print("    return table;\n}")
print("\n} // namespace attn::ui")
