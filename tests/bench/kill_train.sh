#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Kills a training at 50 random moments (or as many as are asked for) and opens what it left behind.
#   tests/bench/kill_train.sh [build folder] [kills]
set -eu
build=${1:-build/release}
ATTN_KILLS=${2:-50} exec "$build/bin/test_kill"
