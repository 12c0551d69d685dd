# SPDX-License-Identifier: GPL-3.0-or-later
"""How the time of one decoder step grows with the source's length and with the vocabulary (small size, float32,
one thread). Prints Markdown; draws a picture of both, log-log."""
import argparse
import math
import pathlib
import sys
from xml.sax.saxutils import escape

from bench_runs import RunFailed, add_attn_option, cpu_model, describe_machine, progress, run_json, table

ATTENTIONS = ["additive", "general"]
LENGTHS = [10, 30, 100, 300, 1000, 3000, 5000]
VOCABULARIES = [1000, 3000, 10000, 30000, 100000]
VOCABULARY_OF_LENGTHS = 4000
LENGTH_OF_VOCABULARIES = 30
COLOURS = {"additive": "#0072b2", "general": "#d55e00"}  # told apart by the colour-blind too


def measure(arguments, source, vocabulary, attention):
    progress(f"{attention}: source of {source:,} words, vocabulary of {vocabulary:,}")
    return run_json([arguments.attn, "bench", "decode", "--size", "small", "--attention", attention,
                     "--src", source, "--vocabulary", vocabulary, "--steps", arguments.steps,
                     "--repeat", arguments.repeat])


def fit(points):
    """a, b of seconds = a + b x by least squares of the relative error, and the largest relative error."""
    weights = [1 / y ** 2 for _, y in points]
    w, wx, wy = sum(weights), sum(g * x for g, (x, _) in zip(weights, points)), sum(1 / y for _, y in points)
    wxx = sum(g * x * x for g, (x, _) in zip(weights, points))
    wxy = sum(x / y for x, y in points)
    b = (w * wxy - wx * wy) / (w * wxx - wx * wx)
    a = (wy - b * wx) / w
    return a, b, max(abs(a + b * x - y) / y for x, y in points)


def usable(points):
    """A step's time is the difference of two: on a busy machine it may come out as nothing, and has no logarithm."""
    return [(x, y) for x, y in points if y > 0]


def print_series(title, column, values, results):
    print(f"\n## {title}\n")
    header = [column]
    for attention in ATTENTIONS:
        header += [f"{attention}: step, microseconds", "sentence, ms", "peak memory, MB"]
    rows = []
    for i, x in enumerate(values):
        row = [f"{x:,}"]
        for attention in ATTENTIONS:
            r = results[attention][i]
            row += [f"{r['decoder_step_s'] * 1e6:,.1f}", f"{r['median_s'] * 1e3:,.2f}", f"{r['peak_megabytes']:,.0f}"]
        rows.append(row)
    print(table(header, rows) + "\n")
    for attention in ATTENTIONS:
        points = usable([(x, r["decoder_step_s"]) for x, r in zip(values, results[attention])])
        if len(points) > 2:
            a, b, error = fit(points)
            print(f"- {attention}: step = {a * 1e6:.1f} microseconds + {b * 1e9:.2f} nanoseconds x {column}; "
                  f"largest deviation {error:.0%}")


# ---- the picture

def nice(value, up):
    """The next of 1, 2, 5, 10, ... above or below, so that axes end at round numbers."""
    decade = 10.0 ** math.floor(math.log10(value))
    steps = [m * decade for m in (1, 2, 5, 10)]
    return min(s for s in steps if s >= value * 0.9999) if up else max(s for s in steps if s <= value * 1.0001)


def time_text(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size * 0.999:
            return f"{seconds / size:g} {unit}"
    return f"{seconds * 1e9:g} ns"


class Panel:
    """One log-log plot; `x`, `y` take values to places."""
    width, height = 360, 260

    def __init__(self, left, top, title, label, series, y_range):
        self.left, self.top, self.title, self.label, self.series = left, top, title, label, series
        xs = [x for points in series.values() for x, _ in points]
        self.x_range, self.y_range = (nice(min(xs), False), nice(max(xs), True)), y_range

    @staticmethod
    def share(value, ends):
        return math.log(value / ends[0]) / math.log(ends[1] / ends[0])

    def x(self, value):
        return self.left + self.width * self.share(value, self.x_range)

    def y(self, value):
        return self.top + self.height * (1 - self.share(value, self.y_range))

    @staticmethod
    def ticks(ends):
        """Value and whether it is a power of ten, which has the stronger line."""
        for power in range(math.floor(math.log10(ends[0])), math.ceil(math.log10(ends[1])) + 1):
            for m in (1, 2, 5):
                value = m * 10.0 ** power
                if ends[0] * 0.999 <= value <= ends[1] * 1.001:
                    yield value, m == 1

    def svg(self):
        right, bottom = self.left + self.width, self.top + self.height
        out = [f'<text x="{self.left}" y="{self.top - 14}" class="title">{escape(self.title)}</text>']
        for value, strong in self.ticks(self.x_range):
            x = self.x(value)
            out.append(f'<line x1="{x:.1f}" y1="{self.top}" x2="{x:.1f}" y2="{bottom}" '
                       f'class="{"grid" if strong else "faint"}"/>')
            if strong or value in self.x_range:
                out.append(f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{value:,.0f}</text>')
        for value, strong in self.ticks(self.y_range):
            y = self.y(value)
            out.append(f'<line x1="{self.left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" '
                       f'class="{"grid" if strong else "faint"}"/>')
            out.append(f'<text x="{self.left - 7}" y="{y + 4:.1f}" text-anchor="end">{time_text(value)}</text>')
        out.append(f'<rect x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" class="frame"/>')
        out.append(f'<text x="{self.left + self.width / 2}" y="{bottom + 38}" text-anchor="middle">'
                   f'{escape(self.label)}</text>')
        out.append(f'<text transform="translate({self.left - 58} {self.top + self.height / 2}) rotate(-90)" '
                   f'text-anchor="middle">time of one decoder step</text>')
        for attention, points in self.series.items():
            if len(points) > 2:
                out.append(f'<polyline points="{self.curve(points)}" fill="none" stroke="{COLOURS[attention]}" '
                           f'stroke-width="1.6"/>')
            out += [mark(attention, self.x(x), self.y(y), f"{attention}, {x:,}: {y * 1e6:,.1f} µs") for x, y in points]
        return out

    def curve(self, points):
        """Places of the fitted a + b x, where it lies within the frame."""
        a, b, _ = fit(points)
        low, high = points[0][0], points[-1][0]
        xs = [low * (high / low) ** (i / 60) for i in range(61)]
        return " ".join(f"{self.x(x):.1f},{self.y(a + b * x):.1f}" for x in xs
                        if self.y_range[0] <= a + b * x <= self.y_range[1])


def mark(attention, x, y, tip=""):
    """A disc or a square; both have a white rim, so that one is seen upon the other."""
    style = f'fill="{COLOURS[attention]}" stroke="#ffffff" stroke-width="1.2"'
    title = f"<title>{escape(tip)}</title>" if tip else ""
    if attention == "additive":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {style}>{title}</circle>'
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" {style}>{title}</rect>'


def picture(lengths, vocabularies):
    """The whole SVG. White beneath, so that it can be read on a page of any colour."""
    seconds = [y for series in (lengths, vocabularies) for points in series.values() for _, y in points]
    y_range = nice(min(seconds), False), nice(max(seconds), True)
    panels = [Panel(84, 44, "Longer source", f"source length (words), vocabulary {VOCABULARY_OF_LENGTHS:,}",
                    lengths, y_range),
              Panel(548, 44, "Larger vocabulary", f"vocabulary (words), source of {LENGTH_OF_VOCABULARIES} words",
                    vocabularies, y_range)]
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="945" height="404" viewBox="0 0 945 404" '
           'font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12" fill="#222222">',
           "<style>.title{font-size:14px;font-weight:bold}.grid{stroke:#c4c4c4}.faint{stroke:#ececec}"
           ".frame{fill:none;stroke:#555555}</style>",
           '<rect width="945" height="404" fill="#ffffff"/>']
    for panel in panels:
        out += panel.svg()
    out.append('<g>')
    for attention, x in (("additive", 90), ("general", 180)):
        out.append(mark(attention, x, 380) + f'<text x="{x + 11}" y="384">{attention}</text>')
    out.append('<line x1="264" y1="380" x2="290" y2="380" stroke="#555555" stroke-width="1.6"/>'
               '<text x="298" y="384">fitted a + b x</text></g>')
    out.append(f'<text x="908" y="384" text-anchor="end" fill="#555555">small size, float32, one thread; '
               f'{escape(cpu_model())}</text></svg>')
    return "\n".join(out) + "\n"


def main():
    p = argparse.ArgumentParser(prog="scaling.sh", description=__doc__)
    add_attn_option(p)
    p.add_argument("--output", type=pathlib.Path, default=pathlib.Path("scaling.svg"),
                   help="where the picture is written (default: %(default)s)")
    p.add_argument("--steps", type=int, default=100, help="words decoded (default: %(default)s)")
    p.add_argument("--repeat", type=int, default=7, help="measurements, whose median counts (default: %(default)s)")
    p.add_argument("--quick", action="store_true", help="30 words, 3 repeats: shows that it runs")
    a = p.parse_args()
    if a.quick:
        a.steps, a.repeat = 30, 3
    if not a.output.parent.is_dir():
        p.error(f"--output: there is no folder {a.output.parent}")
    print("# How a decoder step's time grows\n")
    print("\n".join(describe_machine()))
    print(f"- Small size, float32, one thread, {a.steps} words decoded, median of {a.repeat}", flush=True)
    lengths = {k: [measure(a, x, VOCABULARY_OF_LENGTHS, k) for x in LENGTHS] for k in ATTENTIONS}
    vocabularies = {k: [measure(a, LENGTH_OF_VOCABULARIES, x, k) for x in VOCABULARIES] for k in ATTENTIONS}
    print("\n`step`: one more word, the encoder's part taken out. `sentence`: all words, encoder included. "
          "`peak memory`: of the whole process, weights included.")
    print_series(f"Source length, vocabulary {VOCABULARY_OF_LENGTHS:,}", "source words", LENGTHS, lengths)
    print_series(f"Vocabulary, source of {LENGTH_OF_VOCABULARIES} words", "vocabulary", VOCABULARIES, vocabularies)

    def series(values, results):
        return {k: usable([(x, r["decoder_step_s"]) for x, r in zip(values, results[k])]) for k in ATTENTIONS}

    drawn = series(LENGTHS, lengths), series(VOCABULARIES, vocabularies)
    if not all(any(s.values()) for s in drawn):
        raise RunFailed("no step could be timed; try again on an idle machine")
    a.output.write_text(picture(*drawn), encoding="utf-8")
    print(f"\nPicture: {a.output}")


if __name__ == "__main__":
    try:
        main()
    except (RunFailed, OSError) as failure:
        sys.exit(f"scaling.sh: {failure}")
