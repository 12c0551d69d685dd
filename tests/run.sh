#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, and runs every test.
#   bash tests/run.sh              the optimised build, as people use it
#   bash tests/run.sh --asan       under the address and undefined-behaviour sanitizers
#   bash tests/run.sh --core-only  the engine and command line alone, without Qt
#   bash tests/run.sh --all        all three
# ATTENTOSCOPE_WERROR=ON treats warnings as errors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source app/packages.sh

presets=()
for option in "$@"; do
    case $option in
        --asan) presets+=(asan) ;;
        --core-only) presets+=(core-only) ;;
        --all) presets=(core-only release asan) ;;
        *) fail "Unknown option $option. Usage: bash tests/run.sh [--asan] [--core-only] [--all]" ;;
    esac
done
((${#presets[@]})) || presets=(release)

export LC_ALL=C.UTF-8
summary=()
for preset in "${presets[@]}"; do
    # core-only comes first, before Qt is installed, which proves that the engine and its tests do not need it.
    if [[ $preset == core-only ]]; then installPackages engine test; else installPackages engine window test; fi
    configure "$preset" -DATTENTOSCOPE_WERROR="${ATTENTOSCOPE_WERROR:-OFF}"
    build "$preset"
    say "Testing build/$preset"
    started=$SECONDS
    ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error --timeout 900
    summary+=("$preset: all tests passed in $((SECONDS - started)) s")
done
for line in "${summary[@]}"; do say "$line"; done
