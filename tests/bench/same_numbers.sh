#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Compares every number that two versions of attn print for every bundled model.
#   tests/bench/same_numbers.sh OLD_ATTN NEW_ATTN
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/same_numbers.py" "$@"
