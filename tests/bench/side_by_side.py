# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine and PyTorch in turns on the same encoder-decoders: tokens a second, ratios, shares of what the
machine could do. Ours and the peer's runs alternate; figures are medians over rounds."""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
from collections import defaultdict

from bench_runs import ROOT, RunFailed, add_attn_option, describe_machine, progress, run_json, table

ATTENTIONS = ["additive", "general"]
SIZES = {"small": (4000, 96, 128), "medium": (10000, 256, 512), "large": (30000, 620, 1000)}
# vocabulary, embedding, hidden, as in `attn bench`
DECODE_REPEAT = {"small": 51, "medium": 15, "large": 7}  # a sentence of the small model takes milliseconds
TRAIN_REPEAT = {"small": 15, "medium": 7}
DECODE = {"src": 30, "steps": 30}
TRAIN = {"batch": 32, "src": 20, "steps": 20}
MARIAN_TOKENS_PER_S = 3040  # Marian 1.12, small size, batch 1, one thread; measured once, not by this script
FORMULAS = """\
`tokens/s` counts target words, encoder included. `ratio` is ours over the peer's, medians over rounds; in brackets
the lowest and highest round. 16-bit weights are compared with the peer's float32.
`limit, step` = (megabytes of weights a word / bandwidth of reading a buffer that large) / time of one more decoder
step; `limit, all` = the same over the time of a sentence / its words, encoder included. 1 = the machine can do no more.
`limit, GEMM` = FLOPs per target word x tokens/s / rate of a 512 x 512 product. FLOPs per target word =
6 x weights touched per target word + 6 x (encoder's and key projection's weights) x source words / target words:
2 forward, 4 backward; scores, softmax, activations and Adam are not counted, so that the share is a lower bound.
Bandwidth and GEMM rate are measured in every round, by one thread."""


class Peer:
    """PyTorch's side; `missing` says why it cannot run, or is empty."""

    def __init__(self, python, script, threads):
        self.command = [python, script]
        self.environment = {**os.environ, **{name: str(threads) for name in
                            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}}
        self.lines, self.missing = [], ""
        if not script.is_file():
            self.missing = f"there is no {script}; name it with --peer or ATTENTOSCOPE_PEER"
            return
        probe = ("import torch, re; print(torch.__version__); print('\\n'.join(sorted({l.split()[-1] for l in "
                 "open('/proc/self/maps') if re.search(r'/lib[^/]*(blas|mkl)[^/]*$', l)})))")
        try:
            done = subprocess.run([python, "-c", probe], capture_output=True, text=True, env=self.environment)
        except OSError as error:
            self.missing = f"{python} cannot be started ({error.strerror}); choose one with --python"
            return
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            self.missing = f"{python} has no torch ({last}); choose another with --python"
            return
        version, *libraries = done.stdout.split()
        files = [str(pathlib.Path(path).resolve()) for path in libraries if not re.search("torch", path)]
        self.lines = [f"- Peer: PyTorch {version}, {python}; BLAS loaded: {', '.join(files) or 'its own'}"]

    def run(self, arguments):
        return run_json(self.command + arguments, self.environment)


def options(**named):
    return [part for name, value in named.items() for part in (f"--{name}", str(value))]


class Bench:
    def __init__(self, arguments, peer):
        self.attn, self.peer = arguments.attn, peer
        self.rounds, self.threads = arguments.rounds, arguments.threads
        self.quick = arguments.quick
        self.figures = defaultdict(list)  # (what, size, attention, side, quantity) -> one value a round

    def ours(self, key, arguments, side="ours"):
        return self.keep((*key, side), run_json([self.attn, "bench", *arguments]))

    def theirs(self, key, arguments):
        if not self.peer.missing:
            self.keep((*key, "peer"), self.peer.run(arguments))

    def keep(self, key, result):
        for name, value in result.items():
            if isinstance(value, (int, float)):
                self.figures[(*key, name)].append(value)
        return result

    def median(self, *key):
        return statistics.median(self.figures[key]) if self.figures.get(key) else None

    def ratio(self, above, below):
        """Of the medians, lowest and highest round; None without one of the two."""
        a, b = self.figures.get(above), self.figures.get(below)
        if not a or not b:
            return None
        rounds = [x / y for x, y in zip(a, b)]
        return statistics.median(a) / statistics.median(b), min(rounds), max(rounds)

    def repeat(self, usual):
        return min(usual, 3) if self.quick else usual

    def decode(self, size, attention):
        common = ["decode", *options(size=size, attention=attention, threads=self.threads,
                                     repeat=self.repeat(DECODE_REPEAT[size]), **DECODE)]
        for bits in (32, 16):
            key = (f"decode{bits}", size, attention)
            result = self.ours(key, [*common, "--weights", str(bits)])
            self.ours(key, ["machine", "--megabytes", f"{result['megabytes_per_word']:.3f}"], "machine")
            if bits == 32:
                self.theirs(key, common)

    def train(self, size, attention):
        common = ["train", *options(size=size, attention=attention, repeat=self.repeat(TRAIN_REPEAT[size]), **TRAIN)]
        key = ("train", size, attention)
        self.ours(key, [*common, "--threads", str(self.threads)])
        self.theirs(key, [*common, "--threads", str(self.threads)])
        if self.threads == 1:
            self.ours(("train2", size, attention), [*common, "--threads", "2"])
            self.ours(key, ["machine", "--megabytes", "1"], "machine")
            # For the count of weights that a target word touches.
            self.ours(key, ["decode", *options(size=size, attention=attention, src=5, steps=5, repeat=1)], "weights")

    def cold(self, size, attention):
        arguments = ["cold", *options(size=size, attention=attention, threads=self.threads, **DECODE)]
        self.ours(("cold", size, attention), arguments)
        self.theirs(("cold", size, attention), arguments)

    def run(self, parts):
        work = [(self.decode, size, a) for size in SIZES for a in ATTENTIONS] if "decode" in parts else []
        work += [(self.train, size, a) for size in TRAIN_REPEAT for a in ATTENTIONS] if "train" in parts else []
        work += [(self.cold, "small", a) for a in ATTENTIONS] if "cold" in parts else []
        for method, size, attention in work:
            for turn in range(self.rounds):
                progress(f"{method.__name__} {size} {attention}: round {turn + 1} of {self.rounds}")
                method(size, attention)

    # ---- shares of the limit; None where it was not measured

    def decode_shares(self, bits, size, attention):
        key = (f"decode{bits}", size, attention, "ours")
        bandwidth = self.median(*key[:3], "machine", "read_gb_per_s")
        if self.threads != 1 or bandwidth is None:
            return None, None
        least = self.median(*key, "megabytes_per_word") / 1e3 / bandwidth
        step = self.median(*key, "decoder_step_s")
        # The step's time is a difference of two: on a busy machine it may come out as nothing.
        return least / step if step > 0 else None, least / (self.median(*key, "median_s") / DECODE["steps"])

    def train_share(self, size, attention, side):
        key = ("train", size, attention)
        speed, peak = self.median(*key, side, "tokens_per_s"), self.median(*key, "machine", "gemm_gflop_per_s")
        if speed is None or peak is None:
            return None
        vocabulary, embedding, hidden = SIZES[size]
        word = self.median(*key, "weights", "megabytes_per_word") * 1e6 / 4
        bridge = ((hidden if attention == "additive" else hidden // 2) + 1) * hidden  # once a sentence
        encoder = self.median(*key, "ours", "params") - 2 * vocabulary * embedding - word - bridge
        return 6 * (word + encoder * TRAIN["src"] / TRAIN["steps"]) * speed / (peak * 1e9)


def number(value, form="{:,.0f}"):
    return "-" if value is None else form.format(value)


def share(value):
    return number(value, "{:.2f}")


def span(ratio):
    return "-" if ratio is None else "{:.2f} ({:.2f}-{:.2f})".format(*ratio)


def print_decode(b):
    rows = []
    for size in SIZES:
        for attention in ATTENTIONS:
            peer = ("decode32", size, attention, "peer", "tokens_per_s")
            for bits in (32, 16):
                ours = (f"decode{bits}", size, attention, "ours", "tokens_per_s")
                rows.append([f"decode, {'float32' if bits == 32 else '16-bit'}", size, attention,
                             number(b.median(*ours)), number(b.median(*peer)), span(b.ratio(ours, peer)),
                             number(b.median(*ours[:4], "megabytes_per_word"), "{:.1f}"),
                             number(b.median(*ours[:3], "machine", "read_gb_per_s"), "{:.1f}"),
                             *map(share, b.decode_shares(bits, size, attention))])
    print("\n## Decoding: one sentence, greedy, 30 source and 30 target words\n")
    print(table(["what", "size", "attention", "ours tokens/s", "peer tokens/s", "ratio", "MB a word", "read GB/s",
                 "limit, step", "limit, all"], rows))


def print_train(b):
    rows, threads = [], []
    for size in TRAIN_REPEAT:
        for attention in ATTENTIONS:
            ours = ("train", size, attention, "ours", "tokens_per_s")
            peer = ("train", size, attention, "peer", "tokens_per_s")
            both = ("train2", size, attention, "ours", "tokens_per_s")
            rows.append(["train", size, attention, number(b.median(*ours)), number(b.median(*peer)),
                         span(b.ratio(ours, peer)), number(b.median(*ours[:3], "machine", "gemm_gflop_per_s")),
                         share(b.train_share(size, attention, "ours")),
                         share(b.train_share(size, attention, "peer"))])
            threads.append(["train", size, attention, number(b.median(*both)), number(b.median(*ours)),
                            span(b.ratio(both, ours))])
    print("\n## Training: batch 32, 20 source and 20 target words, Adam\n")
    print(table(["what", "size", "attention", "ours tokens/s", "peer tokens/s", "ratio", "GEMM GFLOP/s",
                 "limit, GEMM, ours", "limit, GEMM, peer"], rows))
    if b.threads == 1:
        print()
        print(table(["what", "size", "attention", "2 threads tokens/s", "1 thread tokens/s", "ratio"], threads))


def print_cold(b):
    rows = []
    for attention in ATTENTIONS:
        for name, quantity in (("inside", "median_s"), ("whole process", "process_s")):
            ours, peer = [("cold", "small", attention, side, quantity) for side in ("ours", "peer")]
            rows.append([f"cold, {name}", "small", attention, number(b.median(*ours), "{:.4f}"),
                         number(b.median(*peer), "{:.3f}"), number((b.ratio(ours, peer) or [None])[0], "{:.4f}")])
    print("\n## Cold: from the start to the first sentence\n")
    print("`inside`: by the program's own clock, after it was loaded (the peer's before it imports torch); "
          "`whole process`: from outside.\n")
    print(table(["what", "size", "attention", "ours s", "peer s", "ours / peer"], rows))


def print_bounds(b):
    """Every bound with the worst of its cases; one that was not measured is said to be so."""

    def first(ratio):
        return ratio and ratio[0]

    def over_peer(what, size, peer_what):
        return [first(b.ratio((what, size, a, "ours", "tokens_per_s"), (peer_what, size, a, "peer", "tokens_per_s")))
                for a in ATTENTIONS]

    bounds = [(f"decode float32 {size} over the peer", over_peer("decode32", size, "decode32"), least)
              for size, least in (("small", 3.5), ("medium", 3.5), ("large", 1.8))]
    bounds.append(("decode 16-bit large over the peer's float32", over_peer("decode16", "large", "decode32"), 3.0))
    bounds += [(f"decode float32 {size}, share of the limit, step",
                [b.decode_shares(32, size, a)[0] for a in ATTENTIONS], 0.75) for size in SIZES]
    small = b.median("decode32", "small", "additive", "ours", "tokens_per_s")
    bounds.append((f"decode float32 small over Marian's {MARIAN_TOKENS_PER_S:,} words/s (not measured here)",
                   [small and small / MARIAN_TOKENS_PER_S], 6.0))
    bounds += [(f"train {size} over the peer", over_peer("train", size, "train"), least)
               for size, least in (("small", 1.6), ("medium", 1.15))]
    bounds += [(f"train {size}, 2 threads over 1",
                [first(b.ratio(("train2", size, a, "ours", "tokens_per_s"), ("train", size, a, "ours", "tokens_per_s")))
                 for a in ATTENTIONS], 1.6) for size in TRAIN_REPEAT]
    rows = []
    for text, values, least in bounds:
        worst = None if None in values else min(values)
        rows.append([text, f">= {least}", share(worst),
                     "not judged" if worst is None else "met" if worst >= least else "NOT MET"])
    cold = [first(b.ratio(*(("cold", "small", a, side, "process_s") for side in ("ours", "peer")))) for a in ATTENTIONS]
    worst = None if None in cold else max(cold)
    rows.append(["cold small, whole process, of the peer's", "<= 0.05", number(worst, "{:.4f}"),
                 "not judged" if worst is None else "met" if worst <= 0.05 else "NOT MET"])
    print("\n## Bounds (one thread, the worse of additive and general)\n")
    print(table(["bound", "asked", "found", "verdict"], rows))


def main():
    p = argparse.ArgumentParser(prog="side_by_side.sh", description=__doc__)
    add_attn_option(p)
    p.add_argument("--peer", type=pathlib.Path,
                   default=os.environ.get("ATTENTOSCOPE_PEER") or ROOT.parent / "shared/peers/torch_peer.py",
                   help="PyTorch's side (default: $ATTENTOSCOPE_PEER, or %(default)s)")
    p.add_argument("--python", default="/usr/bin/python3", help="interpreter that has torch (default: %(default)s)")
    p.add_argument("--rounds", type=int, default=5, help="times that every pair is run (default: %(default)s)")
    p.add_argument("--threads", type=int, default=1, help="of both sides; the bounds hold for 1 (default: 1)")
    p.add_argument("--only", choices=["decode", "train", "cold"], action="append", help="leave out the others")
    p.add_argument("--quick", action="store_true", help="2 rounds of 3 repeats: shows that it runs")
    a = p.parse_args()
    if a.rounds < 1 or a.threads < 1:
        p.error("--rounds and --threads must be 1 or more")
    if a.quick:
        a.rounds = 2
    parts = a.only or ["decode", "train", "cold"]
    print("# Side by side\n")
    print("\n".join(describe_machine()), flush=True)
    peer = Peer(a.python, a.peer, a.threads)
    print("\n".join(peer.lines or [f"- Peer: skipped: {peer.missing}"]))
    print(f"- {a.rounds} rounds, {a.threads} thread(s) on either side" + (", quick" if a.quick else ""), flush=True)
    b = Bench(a, peer)
    b.run(parts)
    print("\n" + FORMULAS)
    for part, show in (("decode", print_decode), ("train", print_train), ("cold", print_cold)):
        if part in parts:
            show(b)
    if a.threads == 1:
        print_bounds(b)
    else:
        print("\nThe bounds hold for one thread and are not judged.")


if __name__ == "__main__":
    try:
        main()
    except RunFailed as failure:
        sys.exit(f"side_by_side.sh: {failure}")
