// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace attn::ui {

class MainWindow;

/// Seconds since this process began, from the system's clock; resolution 10 ms. NaN where it is not known.
double secondsSinceStart();

/// Waits until the window's question is answered or has failed. False if that took longer than `seconds`.
bool waitForAnswer(MainWindow& window, double seconds);

/// Types into a sentence of 30 words and prints what it took until the new picture was painted, and the
/// painting of a map of 1,000 x 1,000. `firstPicture`: seconds from the process's start to the first map.
int bench(MainWindow& window, double firstPicture);

} // namespace attn::ui
