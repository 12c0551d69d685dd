// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/matrix.h"
#include "core/nn/parameters.h"

namespace attn {

/// The numbers of every parameter at one time, in the order of the schema.
using ParameterValues = std::vector<Matrix<float>>;
ParameterValues valuesOf(const Parameters<float>& parameters);
/// The other way round.
Parameters<float> parametersOf(const Schema& schema, const ParameterValues& values);

/// Parameters that were validated.
struct KeptSet {
    double loss = 0; ///< validation, nats a word
    int update = 0;  ///< updates made until then
    ParameterValues values;
};

/// Keeps the parameters if they are among the best `most`; `kept` has the best first, of equal ones the
/// older.
void keepIfAmongBest(std::vector<KeptSet>& kept, std::size_t most, double loss, int update,
                     const Parameters<float>& parameters);

/// The mean of several sets of values, number by number.
ParameterValues meanOf(const std::vector<KeptSet>& sets);

} // namespace attn
