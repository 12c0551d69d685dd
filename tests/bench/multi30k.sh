#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Trains on Multi30K (Elliott et al. 2016) and prints BLEU on test2016:
#   bash tests/bench/multi30k.sh fr|de [FOLDER]
# Needs build/release/bin/attn, or another one named by ATTN. FOLDER (../shared/data/multi30k beside the checkout) holds
# train, val and test2016 as NAME.LANGUAGE.gz, tokenised and lower-cased. The data is for research and education only:
# neither it nor what is trained on it belongs into this checkout, so the model is written to OUTPUT, by default a folder for temporary files.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
attn=${ATTN:-$here/../../build/release/bin/attn}
language=${1:-}
data=${2:-$here/../../../shared/data/multi30k}
output=${OUTPUT:-${TMPDIR:-/tmp}/multi30k}
case $language in
    fr | de) ;;
    *) echo "Usage: bash tests/bench/multi30k.sh fr|de [FOLDER]" >&2 && exit 2 ;;
esac
if [[ ! -e $data/train.$language.gz ]]; then
    echo "skipped: there is no $data/train.$language.gz"
    exit 0
fi
mkdir -p "$output"
started=$SECONDS
"$attn" train --pairs "$data/train.en.gz" "$data/train.$language.gz" \
    --validation "$data/val.en.gz" "$data/val.$language.gz" --validation-pairs 1014 \
    --tokens sentencepiece --source-words 5000 --target-words 5000 --attention bahdanau2015 \
    --embedding 256 --encoder-width 256 --decoder-width 384 --attention-width 256 --readout-width 256 --tied \
    --embedding-dropout 0.3 --layer-dropout 0.3 --smoothing 0.1 --batch-words 1024 --steps 5000 --warm-up 500 \
    --learning-rate 1.5e-3 --validate-every 250 --average 4 --seed 1 --output "$output/en-$language.safetensors"
echo "trained in $(((SECONDS - started) / 60)) minutes on one thread"
"$attn" eval "$output/en-$language.safetensors" --pairs "$data/test2016.en.gz" "$data/test2016.$language.gz" \
    --tokens none --output "$output/test2016.$language.txt"
