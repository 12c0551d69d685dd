#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes every reader of containers with libFuzzer, under the address and undefined-behaviour sanitizers.
#   bash tests/fuzz/run.sh [SECONDS] [TARGET...]   20 s each and all targets, if nothing else is said
# Installs what is missing. Corpora grow in build/fuzz/corpus and are kept; they begin with the small
# files of tests/fixtures and, where they are, of ../shared/fixtures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source app/packages.sh
installPackages engine fuzz

seconds=${1:-20}
shift || true
targets=("$@")
((${#targets[@]})) || targets=(pickle torch_zip torch_stream npz npy safetensors vocabulary)
folder=build/fuzz
sources=(core/io/mapped_file.cpp core/io/safetensors_reader.cpp core/io/vocabulary_file.cpp
    core/base/array_pool.cpp core/base/error.cpp core/base/json_text.cpp)
for name in archive array_layout block_reader data_tree npy_reader npz pickle pickle_machine pickle_objects pickle_text \
    safetensors_archive stored_archive tensor_names torch_archive torch_stream torch_zip utf8 yaml_data zip_file; do
    sources+=("core/io/container/$name.cpp")
done
compiler=${CXX_FUZZ:-clang++-14}
read -ra packages <<< "$(pkg-config --cflags eigen3 nlohmann_json libzip libdeflate zlib yaml-cpp)"
read -ra libraries <<< "$(pkg-config --libs libzip libdeflate zlib yaml-cpp)"
flags=(-std=c++20 -O1 -g1 -I. "${packages[@]}" -Wall -Wextra -fno-omit-frame-pointer
    -fsanitize=address,undefined -fno-sanitize-recover=all)

mkdir -p "$folder"
if command -v ccache > /dev/null; then compiler="ccache $compiler"; fi
objects=()
for source in "${sources[@]}"; do objects+=("$folder/$(basename "$source" .cpp).o"); done
# shellcheck disable=SC2086 # the compiler may be two words
compileOne() { $compiler "${flags[@]}" -fsanitize=fuzzer-no-link -c "$1" -o "$folder/$(basename "$1" .cpp).o"; }
inTurns() { # COMMAND ARGUMENT...: as many at once as there are processors; fails if one fails
    local command=$1 argument running=0 failed=0
    shift
    for argument in "$@"; do
        if ((running == $(nproc))); then
            wait -n || failed=1
            running=$((running - 1))
        fi
        "$command" "$argument" &
        running=$((running + 1))
    done
    for ((; running > 0; running -= 1)); do wait -n || failed=1; done
    return "$failed"
}
inTurns compileOne "${sources[@]}"

python3 tests/fuzz/corpora.py "$folder/corpus"
# shellcheck disable=SC2086
linkOne() {
    $compiler "${flags[@]}" -fsanitize=fuzzer "tests/fuzz/fuzz_$1.cpp" "${objects[@]}" "${libraries[@]}" -o "$folder/fuzz_$1"
}
inTurns linkOne "${targets[@]}"
runOne() {
    "$folder/fuzz_$1" "$folder/corpus/$1" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
        -rss_limit_mb=1024 -malloc_limit_mb=256 -artifact_prefix="$folder/$1-" -print_final_stats=1 \
        > "$folder/$1.log" 2>&1 || { tail -40 "$folder/$1.log" >&2; return 1; }
    printf '== %s, %s s\n%s\n' "$1" "$seconds" "$(grep -E '^stat::' "$folder/$1.log")"
}
inTurns runOne "${targets[@]}"
