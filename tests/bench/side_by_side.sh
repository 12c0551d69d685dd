#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the engine and PyTorch in turns and prints ratios, shares of the machine's limit and the bounds.
#   tests/bench/side_by_side.sh --help
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/side_by_side.py" "$@"
