# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a large checkpoint: `attn bench open` and PyTorch's torch.load plus load_state_dict in turns, every time in a new
process. The checkpoint is made in a temporary folder: OpenNMT-py's arrays in PyTorch's zip container, random numbers."""
import argparse
import collections
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from bench_runs import ROOT, RunFailed, add_attn_option, describe_machine, progress, run_json, table

FIXTURES = ROOT / "tests/fixtures/checkpoints"  # which knows how such a file is written
WIDTH, LAYERS = 500, 2
MOST_TIME, MOST_MEMORY = 0.3, 1.3  # of the peer's time, of the file's size


def make(path, megabytes):
    """A checkpoint of about that size: what two layers of width 500 leave is given to the vocabularies."""
    sys.path.insert(0, str(FIXTURES))
    import numpy as np
    from layers import Arrays
    from make_opennmt import SPECIAL, write
    from opennmt import OpenNmt

    class Quick:  # uniform numbers in place of normal ones, and few of them: they are not looked at
        block = np.float32(np.random.Generator(np.random.PCG64(1)).uniform(-0.1, 0.1, 1 << 20))

        def standard_normal(self, shape):
            return np.resize(self.block, shape)

    o = {"cell": "lstm", "brnn": True, "layers": LAYERS, "embedding": WIDTH, "width": WIDTH, "feed": True,
         "score": "general"}
    rest = 4 * (2 * 4 * WIDTH // 2 * (WIDTH + WIDTH // 2) * LAYERS + 4 * WIDTH * (5 * WIDTH) + 3 * WIDTH * WIDTH)
    words = max(1000, int((megabytes * 1e6 - rest) / 4 / (3 * WIDTH)))
    source, target = ([*SPECIAL, *(f"{side}{i}" for i in range(words))] for side in ("word", "mot"))
    model = OpenNmt(Arrays(generator=Quick(), scale=1), o, source, target)
    state = model.begin(["word1"], [5])
    model.step(state, model.bos)  # has every array made
    write(path.parent, model)
    (path.parent / "model.pt").rename(path)


def peer(path):
    """PyTorch's side: the module stands before the clock starts."""
    import torch
    checkpoint = torch.load(path, map_location="cpu")
    parts = [("", checkpoint["model"]), ("generator", checkpoint["generator"])]
    module = torch.nn.Module()
    for prefix, arrays in parts:
        for name, array in arrays.items():
            at = module
            *folders, last = ([prefix] if prefix else []) + name.split(".")
            for folder in folders:
                if folder not in at._modules:
                    at.add_module(folder, torch.nn.Module())
                at = at._modules[folder]
            at.register_parameter(last, torch.nn.Parameter(torch.zeros_like(array), requires_grad=False))
    del checkpoint, parts, arrays, array
    begin = time.perf_counter()
    checkpoint = torch.load(path, map_location="cpu")
    state = collections.OrderedDict(checkpoint["model"])
    state.update({"generator." + name: array for name, array in checkpoint["generator"].items()})
    module.load_state_dict(state)
    seconds = time.perf_counter() - begin
    print(json.dumps({"what": "open", "peer": "torch " + torch.__version__, "median_s": seconds}))


def has_torch(python):
    try:
        return subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0
    except OSError:
        return False


def judge(rows, text, value, most):
    rows.append([text, f"<= {most}", "" if value is None else f"{value:.3f}",
                 "not judged" if value is None else "met" if value <= most else "NOT MET"])


def measure(a, path):
    ours, theirs, peaks = [], [], []
    with_peer = has_torch(a.python)
    for turn in range(a.rounds):
        progress(f"round {turn + 1} of {a.rounds}")
        result = run_json([a.attn, "bench", "open", path, "--repeat", "1"])
        ours.append(result["median_s"])
        peaks.append(result["peak_megabytes"])
        if with_peer:
            theirs.append(run_json([a.python, pathlib.Path(__file__).resolve(), "--time-peer", path])["median_s"])
    size = path.stat().st_size / 1e6
    rows = [["ours", f"{statistics.median(ours):.3f}", f"{min(ours):.3f}", f"{max(ours):.3f}",
             f"{statistics.median(peaks):.0f}"]]
    if with_peer:
        rows.append(["torch.load, load_state_dict", f"{statistics.median(theirs):.3f}", f"{min(theirs):.3f}",
                     f"{max(theirs):.3f}", ""])
    else:
        print(f"- Peer: skipped: {a.python} has no torch")
    print(f"- File: {size:.1f} MB, {a.rounds} rounds in turns\n")
    print(table(["", "median s", "lowest", "highest", "peak memory, MB"], rows))
    bounds = []
    judge(bounds, "time over the peer's", statistics.median(ours) / statistics.median(theirs) if theirs else None,
          MOST_TIME)
    judge(bounds, "peak memory over the file's size", max(peaks) / size, MOST_MEMORY)
    print("\n" + table(["bound", "asked", "found", "verdict"], bounds))


def main():
    p = argparse.ArgumentParser(prog="open_checkpoint.sh", description=__doc__)
    add_attn_option(p)
    p.add_argument("--megabytes", type=int, default=200, help="size of the checkpoint (default: %(default)s)")
    p.add_argument("--python", default="/usr/bin/python3", help="interpreter that has torch (default: %(default)s)")
    p.add_argument("--rounds", type=int, default=7, help="times that each side opens it (default: %(default)s)")
    p.add_argument("--make", type=pathlib.Path, metavar="FILE", help="only make the checkpoint there")
    p.add_argument("--time-peer", metavar="FILE", help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.rounds < 1 or a.megabytes < 50:
        p.error("--rounds must be 1 or more, --megabytes 50 or more")
    if a.time_peer:
        return peer(a.time_peer)
    if a.make:
        return make(a.make.resolve(), a.megabytes)
    print("# Opening a checkpoint\n")
    print("\n".join(describe_machine()), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "checkpoint.pt"
        # A process of its own, so that its memory is given back.
        subprocess.run([a.python, pathlib.Path(__file__).resolve(), "--make", path, "--megabytes", str(a.megabytes)],
                       check=True)
        measure(a, path)


if __name__ == "__main__":
    try:
        main()
    except RunFailed as failure:
        sys.exit(f"open_checkpoint.sh: {failure}")
