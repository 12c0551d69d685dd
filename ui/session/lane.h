// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace attn::ui {

/// One thread beside the window's, for one kind of work. A job must not throw, and hands its result over by
/// itself.
class Lane {
public:
    using Job = std::function<void(std::stop_token)>;

    Lane();
    ~Lane() { stop(); }
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// Runs after everything queued before it. Never dropped but by the destructor.
    void queue(Job job);
    /// Replaces the latest job that waits and asks the one that runs to stop.
    void latest(Job job);
    /// Asks the latest job that runs to stop and drops the one that waits.
    void cancelLatest();
    /// Stops what runs, drops what waits, and waits for the thread to end; nothing is run from here on.
    void stop();

private:
    void loop(std::stop_token stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Job> m_queue;
    std::optional<Job> m_latest;
    std::stop_source m_running; ///< of the latest job that runs
    std::jthread m_thread;      ///< last: it uses the members above
};

} // namespace attn::ui
