// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace attn {

/// What one thread of this machine can do at best, measured now, for comparing speeds with.

/// Bytes a second that come out of a buffer of so many bytes which is read again and again.
double readBandwidth(double bytes);
/// Floating point operations a second of the product of two 512 x 512 matrices of floats.
double gemmRate();

} // namespace attn
