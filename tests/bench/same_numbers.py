# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two versions of attn print the same numbers: every bundled model runs the same sentences with both, and
every value of the old version's JSON is looked up in the new one's and compared, without tolerance. Keys that only the
new version has are ignored. Both programs must be built with the same compiler options: others round differently."""
import argparse
import json
import pathlib
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN = 5  # differences printed for each model


class Failed(Exception):
    pass


def card_of(model):
    """The model card: JSON within the metadata of a safetensors header."""
    with open(model, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return json.loads(json.loads(file.read(length))["__metadata__"]["card"])


def output(program, arguments):
    try:
        done = subprocess.run([program, *arguments], capture_output=True, text=True)
    except OSError as error:
        raise Failed(f"{program} cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        raise Failed((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    return done.stdout


def run(program, model, sentence, *options):
    return output(program, ["run", str(model), sentence, "--json", "-", "--states", *options])


def sentences_of(card):
    """The card's examples; one of unknown words; two long ones, past the limits of no bundled model."""
    examples = card["examples"]
    yield from examples
    words = examples[0].split()
    yield "Zyxwv " + examples[0] + " qqq"
    if len(words) > 1:
        yield " ".join((words * 40)[:40])
        yield " ".join((" ".join(examples).split() * 4)[:90])
    else:
        yield examples[0] * 3


def questions(old, model, card):
    """(name, sentence, options) of every run: greedy, cut short, forced along two targets."""
    target = None
    for sentence in sentences_of(card):
        yield "greedy", sentence, []
        yield "cut short", sentence, ["--max-steps", "3"]
        try:
            text = json.loads(run(old, model, sentence))["text"]
        except Failed:
            continue  # compare() reports what both programs say
        if text:
            yield "forced", sentence, ["--target", text]
            if target:
                yield "forced along another sentence's words", sentence, ["--target", target + " Zyxwv"]
            target = target or text


class Comparison:
    def __init__(self):
        self.values = 0
        self.worst = 0.0
        self.differences = []

    def fault(self, where, text):
        self.differences.append(f"{where}: {text}")

    def compare(self, old, new, where):
        if isinstance(old, dict) and isinstance(new, dict):
            for key, value in old.items():
                if key in new:
                    self.compare(value, new[key], f"{where}.{key}")
                else:
                    self.fault(f"{where}.{key}", "is missing")
        elif isinstance(old, list) and isinstance(new, list):
            if len(old) != len(new):
                self.fault(where, f"has {len(new)} entries, had {len(old)}")
            for i, (a, b) in enumerate(zip(old, new)):
                self.compare(a, b, f"{where}[{i}]")
        else:
            self.values += 1
            if type(old) is type(new) and old == new:
                return
            self.fault(where, f"is {new!r}, was {old!r}")
            if isinstance(old, float) and isinstance(new, float):
                self.worst = max(self.worst, abs(old - new))


def without_widths(answer):
    """A model without attention: the old version printed the sizes of the mechanism that it does not have."""
    if (answer.get("attention") or {}).get("score") == "none":
        answer["attention"] = {"score": "none"}
    return answer


def told(program, arguments):
    """(JSON, None), or (None, message) of a run that is refused."""
    try:
        return json.loads(output(program, arguments)), None
    except Failed as error:
        return None, str(error)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=pathlib.Path, help="attn of the version before")
    parser.add_argument("new", type=pathlib.Path, help="attn of this version")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "resources/models",
                        help="folder of model files (default: %(default)s)")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="names of models, as *-additive")
    arguments = parser.parse_args()
    files = sorted(arguments.models.glob(arguments.only + ".safetensors"))
    if not files:
        sys.exit(f"no model {arguments.only}.safetensors in {arguments.models}")
    print("| model | runs | refused by both | values compared | differences | largest |")
    print("|---|---:|---:|---:|---:|---:|")
    total, different, skipped = 0, [], []
    for model in files:
        try:
            output(arguments.old, ["info", str(model)])
        except Failed as error:
            skipped.append(f"{model.stem}: the old version cannot open it ({error})")
            continue
        found, runs, refused = Comparison(), 0, 0
        for name, sentence, options in questions(arguments.old, model, card_of(model)):
            command = ["run", str(model), sentence, "--json", "-", "--states", *options]
            (old, old_error), (new, new_error) = told(arguments.old, command), told(arguments.new, command)
            where = f"{name} \"{sentence[:40]}\""
            runs += 1
            if old is None or new is None:
                refused += 1
                if old_error != new_error:
                    found.fault(where, f"old version: {old_error}; new version: {new_error}")
            else:
                found.compare(without_widths(old), new, where)
        total += found.values
        different += [f"{model.stem}, {line}" for line in found.differences[:SHOWN]]
        print(f"| {model.stem} | {runs} | {refused} | {found.values} | {len(found.differences)} | "
              f"{found.worst:.3g} |", flush=True)
    print(f"\n{len(files) - len(skipped)} models, {total} values compared, "
          f"{'no differences' if not different else 'with differences'}")
    for line in skipped + different:
        print("- " + line)
    sys.exit(1 if different or total == 0 else 0)


if __name__ == "__main__":
    main()
