// SPDX-License-Identifier: GPL-3.0-or-later
// doctest's implementation and main(), compiled once for all engine tests. Both macros are needed where the
// precompiled header has included doctest's declarations before.
#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
