// SPDX-License-Identifier: GPL-3.0-or-later
// doctest's implementation and main(), compiled once for all engine tests.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
