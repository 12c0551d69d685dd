// SPDX-License-Identifier: GPL-3.0-or-later
// Empty: the target of this file compiles the headers that the window's tests share (tests/CMakeLists.txt).
