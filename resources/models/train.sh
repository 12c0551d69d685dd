#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the bundled models again:  bash resources/models/train.sh [NAME...]
# Needs build/release/bin/attn (bash app/run.sh builds it), or another one named by ATTN; writes into this folder, or
# the one named by MODELS. One thread each; README.md says how long.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
attn=${ATTN:-$here/../../build/release/bin/attn}
folder=${MODELS:-$here}

# The zoo: each en-fr model differs from the others in its attention alone.
zoo=(none additive dot general concat location local-m local-p heads coverage l-attention location-key cosine
    sparsemax entmax monotonic)
alike="--embedding 64 --encoder-width 80 --decoder-width 160 --attention-width 96 --readout-width 96
    --embedding-dropout 0 --layer-dropout 0 --word-dropout 0.01 --batch-words 768 --steps 6000 --warm-up 300
    --learning-rate 3e-3 --validate-every 500"

preset() {
    case $1 in
        additive) echo bahdanau2015 ;;
        heads) echo multi-head ;;
        dot | general | concat | location | local-m | local-p) echo "luong2015-$1" ;;
        *) echo "$1" ;;
    esac
}

options() {
    case $1 in
        dates-additive)
            echo --task dates --attention bahdanau2015 --embedding 32 --encoder-width 64 --decoder-width 96 \
                --attention-width 64 --readout-width 64 --embedding-dropout 0 --layer-dropout 0 --steps 4000 \
                --validate-every 250 ;;
        reverse-additive)
            echo --task reverse --attention bahdanau2015 --embedding 32 --encoder-width 64 --decoder-width 96 \
                --attention-width 64 --readout-width 64 --embedding-dropout 0 --layer-dropout 0 --steps 3000 \
                --validate-every 250 ;;
        en-lm-attention)
            echo --task en-lm --attention daniluk2017-attention --embedding 64 --decoder-width 128 --attention-width 64 \
                --readout-width 64 --tied --embedding-dropout 0 --layer-dropout 0 --batch-words 768 --steps 4000 \
                --warm-up 200 --learning-rate 3e-3 --validate-every 500 ;;
        en-fr-* | en-zh-*)
            # shellcheck disable=SC2086 # the options are words
            echo --task "${1:0:5}" --attention "$(preset "${1:6}")" $alike ;;
        *)
            echo "train.sh: there is no recipe for \"$1\"" >&2
            return 2 ;;
    esac
}

(($#)) || set -- "${zoo[@]/#/en-fr-}" en-zh-additive en-zh-general dates-additive reverse-additive \
    en-lm-attention
for name in "$@"; do
    chosen=$(options "$name")
    # shellcheck disable=SC2086 # the options are words
    "$attn" train --name "$name" $chosen --seed 1 --output "$folder/$name.safetensors"
    rm -f "$folder/$name.training" "$folder/$name.probes.jsonl"
done
