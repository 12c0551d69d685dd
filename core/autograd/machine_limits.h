// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace attn {

/// The best that one thread of this machine can do, measured now, to compare speeds with.

/// Bytes per second read repeatedly from a buffer of this many bytes.
double readBandwidth(double bytes);
/// Floating-point operations per second in the product of two 512 x 512 matrices of floats.
double gemmRate();

} // namespace attn
