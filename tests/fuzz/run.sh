#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes every reader of containers with libFuzzer, under the address and undefined-behaviour sanitizers.
#   bash tests/fuzz/run.sh [SECONDS] [TARGET...]   default: 20 s each, all targets
# Installs what is missing and builds the preset "fuzz". Corpora grow in build/fuzz/corpus and are kept; they begin
# with the small files of tests/fixtures and of ../shared/fixtures, if present.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source app/packages.sh
installPackages engine fuzz

seconds=${1:-20}
shift || true
targets=("$@")
((${#targets[@]})) || targets=(pickle torch_zip torch_stream npz npy safetensors vocabulary)
folder=build/fuzz
configure fuzz
build fuzz "${targets[@]/#/fuzz_}"
python3 tests/fuzz/corpora.py "$folder/corpus"

runOne() {
    "$folder/bin/fuzz_$1" "$folder/corpus/$1" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
        -rss_limit_mb=1024 -malloc_limit_mb=256 -artifact_prefix="$folder/$1-" -print_final_stats=1 \
        > "$folder/$1.log" 2>&1 || { tail -40 "$folder/$1.log" >&2; return 1; }
    printf '== %s, %s s\n%s\n' "$1" "$seconds" "$(grep -E '^stat::' "$folder/$1.log")"
}

# As many at once as there are processors; fails if one fails.
running=0 failed=0
for target in "${targets[@]}"; do
    if ((running == $(nproc))); then
        wait -n || failed=1
        running=$((running - 1))
    fi
    runOne "$target" &
    running=$((running + 1))
done
for ((; running > 0; running -= 1)); do wait -n || failed=1; done
exit "$failed"
