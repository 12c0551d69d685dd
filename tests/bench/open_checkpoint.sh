#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Times how a large checkpoint of OpenNMT-py is opened, by the engine and by PyTorch in turns.
#   tests/bench/open_checkpoint.sh --help
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/open_checkpoint.py" "$@"
