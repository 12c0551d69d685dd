# SPDX-License-Identifier: GPL-3.0-or-later
"""What a beam costs beside greedy search, in turns, one thread: hypotheses share each reading of the weights."""
import argparse
import statistics
import sys

from bench_runs import RunFailed, add_attn_option, describe_machine, progress, run_json

BOUND = 2.5  # times greedy, a beam of 5 on the medium models


def seconds(attn, attention, beam, repeat):
    return run_json([attn, "bench", "decode", "--size", "medium", "--attention", attention, "--beam", beam,
                     "--repeat", repeat])["median_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add_attn_option(parser)
    parser.add_argument("--rounds", type=int, default=5, help="turns (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=7, help="runs a turn (default: %(default)s)")
    options = parser.parse_args()
    machine = describe_machine()
    print(*(machine if isinstance(machine, list) else [machine]), sep="\n")
    print("\n| attention | beam | median, times greedy | lowest | highest |\n|---|---|---|---|---|")
    met = True
    for attention in ("additive", "general"):
        ratios = {beam: [] for beam in (2, 5, 12)}
        for turn in range(options.rounds):
            progress(f"{attention}: turn {turn + 1} of {options.rounds}")
            greedy = seconds(options.attn, attention, 1, options.repeat)
            for beam, found in ratios.items():
                found.append(seconds(options.attn, attention, beam, options.repeat) / greedy)
        for beam, found in ratios.items():
            print(f"| {attention} | {beam} | {statistics.median(found):.2f} | {min(found):.2f} | {max(found):.2f} |")
        met = met and statistics.median(ratios[5]) <= BOUND
    print(f"\nA beam of 5 costs at most {BOUND} times greedy: {'met' if met else 'not met'}")
    return 0 if met else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RunFailed as error:
        sys.exit(str(error))
