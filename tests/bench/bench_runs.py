# SPDX-License-Identifier: GPL-3.0-or-later
"""What both benchmarks share: running `attn bench`, describing the machine, tables of Markdown."""
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
IDLE_LOAD = 0.5  # a load average above this spoils timings


class RunFailed(Exception):
    pass


def add_attn_option(parser):
    parser.add_argument("--attn", type=pathlib.Path, default=ROOT / "build/release/bin/attn",
                        help="the program to time, a release build (default: %(default)s)")


def progress(text):
    print(text, file=sys.stderr, flush=True)


def run_json(command, environment=None):
    """The JSON line that a program prints last, with the seconds of the whole process as "process_s"."""
    command = [str(part) for part in command]
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    except OSError as error:
        raise RunFailed(f"{command[0]} cannot be started: {error.strerror}") from error
    seconds = time.perf_counter() - begin
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        told = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise RunFailed(f"{' '.join(command)} ended with {done.returncode}: {told}")
    try:
        return {**json.loads(lines[-1]), "process_s": seconds}
    except ValueError as error:
        raise RunFailed(f"{' '.join(command)} printed no JSON: {lines[-1][:80]}") from error


def cpu_model():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown processor"


def describe_machine():
    """CPU, cores, load before anything is run; a warning when something else is at work."""
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    lines = [f"- Processor: {cpu_model()}, {cores} cores usable",
             f"- Load average before the start (1 minute): {load:.2f}"]
    if load > IDLE_LOAD:
        lines.append(f"- **WARNING: the machine was not idle (load above {IDLE_LOAD}): do not keep these figures**")
    return lines


def table(header, rows):
    """Markdown; the first column to the left, the others to the right, readable unrendered too."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]

    def line(cells):
        return "| " + " | ".join(c.ljust(w) if i == 0 else c.rjust(w)
                                 for i, (c, w) in enumerate(zip(cells, widths))) + " |"

    rule = "|" + "|".join(":" + "-" * (w + 1) if i == 0 else "-" * (w + 1) + ":"
                          for i, w in enumerate(widths)) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])
