#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the bundled models and prints the table of README.md:  python3 resources/models/table.py [NAME...]

Needs build/release/bin/attn, or another one named by ATTN; MODELS names another folder of models.
"""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ATTN = os.environ.get("ATTN", str(HERE / "../../build/release/bin/attn"))
FOLDER = pathlib.Path(os.environ.get("MODELS", HERE))


def ask(*arguments):
    return json.loads(subprocess.run([ATTN, *arguments], check=True, capture_output=True, text=True).stdout)


def share(value):
    return "–" if value is None else f"{value:.3f}"


def percent(group):
    return "–" if group is None else f"{100 * group['right'] / group['sentences']:.1f}"


def main():
    names = sys.argv[1:] or sorted(p.stem for p in FOLDER.glob("*.safetensors"))
    print("| model | right % | short | medium | long | same order | order changes | BLEU | alignment error | entropy | "
          "parameters | MB | step µs |")
    print("|---" * 13 + "|")
    for name in names:
        path = str(FOLDER / f"{name}.safetensors")
        found = ask("eval", path, "--json", "-")
        if found["sentence_accuracy"] is None:
            continue  # a language model translates nothing; README.md has its perplexity
        step = ask("bench", "decode", "--model", path, "--repeat", "31")
        groups = {group["name"]: group for group in found["groups"]}
        order = ["source of 1 to 8 words", "source of 9 to 14 words", "source of 15 words and more", "order stays",
                 "order changes"]
        entropy = found["attention_entropy"]
        print("| " + " | ".join([
            name, f"{100 * found['sentence_accuracy']:.1f}", *(percent(groups.get(key)) for key in order),
            f"{found['bleu']:.1f}", share(found["alignment_error_rate"]),
            "–" if entropy is None else f"{entropy:.2f}", f"{found['parameters']:,}",
            f"{os.path.getsize(path) / 1e6:.2f}", f"{1e6 / step['tokens_per_s']:.0f}"]) + " |", flush=True)


if __name__ == "__main__":
    main()
