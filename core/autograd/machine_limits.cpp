// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/machine_limits.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "core/autograd/eigen_map.h"

namespace attn {

namespace {

/// The median of the seconds that each of `count` calls takes.
template <typename Work>
double medianSeconds(int count, const Work& work) {
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

} // namespace

double readBandwidth(double bytes) {
    const int columns = 4096, rows = std::max(1, static_cast<int>(bytes / sizeof(float) / columns));
    const Matrix<float> buffer(rows, columns, 1.0f);
    volatile float sink = 0;
    const double seconds = medianSeconds(rows < 1000 ? 101 : 21, [&] { sink = sink + eigen(buffer).sum(); });
    return static_cast<double>(buffer.size() * sizeof(float)) / seconds;
}

double gemmRate() {
    const int n = 512;
    const Matrix<float> a(n, n, 0.5f), b(n, n, 0.25f);
    Matrix<float> c(n, n);
    const double seconds = medianSeconds(31, [&] { eigen(c).noalias() = eigen(a) * eigen(b).transpose(); });
    return 2.0 * n * n * n / seconds;
}

} // namespace attn
