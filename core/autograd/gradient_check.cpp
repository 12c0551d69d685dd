// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/autograd/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "core/autograd/var_access.h"
#include "core/base/random.h"

namespace attn {

namespace {

/// Every entry's share in a random direction of length 1.
std::vector<double> randomDirection(std::size_t size, Random& random) {
    std::vector<double> direction(size);
    double squares = 0;
    for (double& d : direction) {
        d = random.normal();
        squares += d * d;
    }
    for (double& d : direction) d /= std::sqrt(squares);
    return direction;
}

} // namespace

std::vector<GradientReport> checkGradients(const std::function<Var<double>(Tape<double>*)>& loss,
                                           const std::vector<std::pair<std::string, Var<double>>>& variables,
                                           int entries) {
    for (const auto& [name, x] : variables) VarAccess<double>::dropGrad(x);
    Tape<double> tape;
    tape.backward(loss(&tape));
    Random random(1);
    std::vector<GradientReport> reports;
    for (const auto& [name, x] : variables) {
        GradientReport report{name, 0, 0, 0, 0};
        const Matrix<double> kept = x.value();
        const auto compare = [&, &x = x, &name = name](int index, const std::vector<double>& direction) {
            constexpr double h = 1e-6;
            const auto lossAt = [&](double step) {
                for (std::size_t i = 0; i < kept.size(); ++i)
                    VarAccess<double>::value(x).data()[i] = kept.data()[i] + step * direction[i];
                return loss(nullptr).value()(0, 0);
            };
            const double numeric = (lossAt(h) - lossAt(-h)) / (2 * h);
            VarAccess<double>::value(x) = kept;
            double byTape = 0;
            for (std::size_t i = 0; i < kept.size(); ++i) byTape += x.grad().data()[i] * direction[i];
            const double off =
                std::abs(byTape - numeric) / std::max({1.0, std::abs(byTape), std::abs(numeric)});
            if (!(off <= report.worst)) report = {name, off, index, byTape, numeric};
        };
        compare(-1, randomDirection(kept.size(), random));
        const int size = static_cast<int>(kept.size()), count = std::min(entries, size);
        for (int k = 0; k < count; ++k) {
            const int index = static_cast<int>(static_cast<long long>(k) * size / count);
            std::vector<double> unit(kept.size(), 0.0);
            unit[static_cast<std::size_t>(index)] = 1;
            compare(index, unit);
        }
        reports.push_back(report);
    }
    return reports;
}

} // namespace attn
