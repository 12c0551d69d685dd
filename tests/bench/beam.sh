#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Times beam search beside greedy search.
#   tests/bench/beam.sh [--attn PROGRAM] [--rounds N]
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/beam.py" "$@"
