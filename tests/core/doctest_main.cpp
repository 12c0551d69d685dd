// SPDX-License-Identifier: GPL-3.0-or-later
// doctest's implementation and main(), compiled once for all engine tests.
#include <doctest/doctest.h>
