#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes every reader of containers with libFuzzer, under the address and undefined-behaviour sanitizers.
#   bash tests/fuzz/run.sh [SECONDS] [TARGET...]   20 s each and all targets, if nothing else is said
# Needs clang-14 and libclang-rt-14-dev. Corpora grow in build/fuzz/corpus and are kept; they begin with the small
# files of tests/fixtures and, where they are, of ../shared/fixtures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

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
objects=()
for source in "${sources[@]}"; do
    object=$folder/$(basename "$source" .cpp).o
    objects+=("$object")
    "$compiler" "${flags[@]}" -fsanitize=fuzzer-no-link -c "$source" -o "$object"
done

python3 tests/fuzz/corpora.py "$folder/corpus"
for target in "${targets[@]}"; do
    "$compiler" "${flags[@]}" -fsanitize=fuzzer "tests/fuzz/fuzz_$target.cpp" "${objects[@]}" \
        "${libraries[@]}" -o "$folder/fuzz_$target"
done
for target in "${targets[@]}"; do
    printf '== %s, %s s\n' "$target" "$seconds"
    "$folder/fuzz_$target" "$folder/corpus/$target" -max_total_time="$seconds" -max_len=65536 -timeout=20 \
        -rss_limit_mb=1024 -malloc_limit_mb=256 -artifact_prefix="$folder/$target-" -print_final_stats=1 \
        > "$folder/$target.log" 2>&1 || { tail -40 "$folder/$target.log" >&2; exit 1; }
    grep -E '^stat::' "$folder/$target.log"
done
