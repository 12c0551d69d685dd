#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the bundled models again, into this folder:  bash resources/models/train.sh [NAME...]
# Needs build/release/bin/attn (bash app/run.sh builds it). One thread each; README.md says how long.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
attn=../../build/release/bin/attn

options() {
    case $1 in
        en-fr-additive)
            echo --task en-fr --attention bahdanau2015 --steps 20000 ;;
        en-fr-general)
            echo --task en-fr --attention luong2015-general --steps 14000 \
                --encoder-width 96 --decoder-width 192 --readout-width 128 ;;
        en-fr-heads)
            echo --task en-fr --attention multi-head --heads 4 --steps 14000 ;;
        dates-additive)
            echo --task dates --attention bahdanau2015 --steps 4000 --validate-every 250 --embedding 32 \
                --encoder-width 64 --decoder-width 96 --attention-width 64 --readout-width 64 ;;
        *)
            echo "train.sh: there is no recipe for \"$1\"" >&2
            exit 2 ;;
    esac
}

(($#)) || set -- en-fr-additive en-fr-general en-fr-heads dates-additive
for name in "$@"; do
    chosen=$(options "$name")
    # shellcheck disable=SC2086 # the options are words
    "$attn" train --name "$name" $chosen --dropout 0 --seed 1 --output "$name.safetensors"
done
