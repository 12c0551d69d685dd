#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures how a decoder step's time grows with the source and with the vocabulary: a table and a picture.
#   tests/bench/scaling.sh --help
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/scaling.py" "$@"
