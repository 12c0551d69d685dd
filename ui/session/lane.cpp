// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/lane.h"

namespace attn::ui {

Lane::Lane() : m_thread([this](std::stop_token stop) { loop(stop); }) {}

void Lane::stop() {
    {
        std::lock_guard lock(m_mutex);
        m_queue.clear();
        m_latest.reset();
        m_running.request_stop();
    }
    m_thread.request_stop();
    if (m_thread.joinable()) m_thread.join();
}

void Lane::queue(Job job) {
    std::lock_guard lock(m_mutex);
    m_queue.push_back(std::move(job));
    m_wake.notify_one();
}

void Lane::latest(Job job) {
    std::lock_guard lock(m_mutex);
    m_latest = std::move(job);
    m_running.request_stop();
    m_wake.notify_one();
}

void Lane::cancelLatest() {
    std::lock_guard lock(m_mutex);
    m_latest.reset();
    m_running.request_stop();
}

void Lane::loop(std::stop_token stop) {
    while (true) {
        Job job;
        std::stop_token jobStop;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_queue.empty() || m_latest; })) return;
            if (stop.stop_requested()) return;
            if (!m_queue.empty()) {
                job = std::move(m_queue.front());
                m_queue.pop_front();
            } else {
                job = std::move(*m_latest);
                m_latest.reset();
                m_running = std::stop_source();
                jobStop = m_running.get_token();
            }
        }
        job(jobStop);
    }
}

} // namespace attn::ui
