// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/train/trainer.h"

namespace attn::cli {

/// Tells a person how a training goes, on standard error: on a terminal in one line that is written over,
/// else in a line every few seconds. Validations always have a line of their own.
class ProgressReport {
public:
    /// `done` updates were made before this program took the training up.
    ProgressReport(int steps, int done);

    void tell(const TrainProgress& progress);
    /// Leaves the cursor at the start of a line.
    void end();

private:
    std::string lineOf(const TrainProgress& progress) const;

    int m_steps, m_done;
    bool m_terminal;
    bool m_open = false; ///< the cursor is behind a line that may be written over
    double m_said = 0;
    // Since the last line: losses summed over words, words, and when it began.
    double m_loss = 0, m_since = 0;
    long long m_words = 0;
    double m_rate = 0; ///< words a second, of the last line
    double m_mean = 0; ///< nats per word
};

} // namespace attn::cli
