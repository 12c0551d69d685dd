// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/attn/train_progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/attn/output.h"

namespace attn::cli {

namespace {

/// "1:02:03", "2:03".
std::string clock(double seconds) {
    const auto total = static_cast<long long>(seconds + 0.5);
    char text[32];
    if (total >= 3600)
        std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld", total / 60, total % 60);
    return text;
}

constexpr double kTerminalSeconds = 0.25, kLineSeconds = 10;

} // namespace

ProgressReport::ProgressReport(int steps, int done)
    : m_steps(steps), m_done(done), m_terminal(isatty(STDERR_FILENO) == 1) {}

std::string ProgressReport::lineOf(const TrainProgress& progress) const {
    std::string line = "step " + padLeft(grouped(progress.update), 7) + " of " + grouped(m_steps) +
                       "  loss " + decimal(m_mean, 4) + " nats per word  " +
                       padLeft(grouped(static_cast<long long>(m_rate)), 6) + " words a second";
    const int made = progress.update - m_done;
    if (made > 0 && progress.update < m_steps)
        line += "  " + clock(progress.seconds / made * (m_steps - progress.update)) + " left at most";
    return line;
}

void ProgressReport::tell(const TrainProgress& progress) {
    if (!progress.validated) {
        m_loss += progress.loss * progress.words;
        m_words += progress.words;
    }
    const double quiet = progress.seconds - m_said;
    if (!progress.validated && quiet < (m_terminal ? kTerminalSeconds : kLineSeconds)) return;
    if (m_words > 0) {
        m_mean = m_loss / static_cast<double>(m_words);
        m_rate = static_cast<double>(m_words) / std::max(1e-3, progress.seconds - m_since);
    }
    m_said = progress.seconds;
    std::string line = lineOf(progress);
    if (progress.validated)
        line = "step " + padLeft(grouped(progress.update), 7) + "  loss " + decimal(m_mean, 4) +
               "  validation " + decimal(progress.validationLoss, 4) + " nats per word  " +
               padLeft(grouped(static_cast<long long>(m_rate)), 6) + " words a second  " +
               clock(progress.seconds) + (progress.best ? "  the best so far" : "");
    // A figure over a quarter of a second jumps; the mean goes back to the last validation or full line.
    if (progress.validated || !m_terminal) {
        m_loss = 0;
        m_words = 0;
        m_since = progress.seconds;
    }
    if (!m_terminal) return say(line);
    // A line that is broken by the terminal cannot be written over.
    winsize size{};
    if (!progress.validated && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        line.resize(std::min<std::size_t>(line.size(), size.ws_col - 1u));
    std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), progress.validated ? "\n" : "");
    std::fflush(stderr);
    m_open = !progress.validated;
}

void ProgressReport::end() {
    if (m_open) std::fprintf(stderr, "\n");
    m_open = false;
}

} // namespace attn::cli
