#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Draws some rows of a table of benchmarks/run, the time of ctnn beside that of its best peer, as wide as a phone.

usage: speed_chart.py DOCUMENT.md TABLE NOTE OUTPUT.svg
       speed_chart.py docs/performance.md "g++-12 native" "AMD EPYC (Zen 5), g++ 12, 26 November 2026" docs/speed.svg

DOCUMENT.md is table.md of a run, or docs/performance.md, which contains it; TABLE is the heading of one of its tables.
"""
import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

# At most 14 rows: a phone shows them without scrolling twice. What the table calls them, and what the chart does.
GROUPS = {
    "One sample": {
        "2-2-1 sigmoid": "2-2-1, sigmoid",
        "4-64-64-2 tanh": "4-64-64-2, tanh",
        "64-32-10 relu": "64-32-10, relu",
        "784-128-10 softmax": "784-128-10",
        "fashion_cnn": "convolutional, 28 x 28",
    },
    "One step of a stream": {
        "gru 16": "gru, 16 units",
        "lstm 16": "lstm, 16 units",
        "conv1d 16 channels, window 15, dilation 4": "conv1d, 16 channels, window 15",
    },
    "A batch of 32": {
        "784-128-10 softmax, batch 32": "784-128-10",
        "fashion_cnn, batch 32": "convolutional, 28 x 28",
    },
    "A training step": {
        "step 2-2-1, batch 1, sgd": "2-2-1, sgd",
        "step 64-32-10, batch 32, adam": "64-32-10, batch 32, adam",
        "step 784-128-10, batch 32, adam": "784-128-10, batch 32, adam",
        "step fashion_cnn, batch 32, adam": "convolutional, batch 32, adam",
    },
}
MOST_ROWS = 14
# The table says which way of writing them was the fastest.
PEERS = {"eigen": "Eigen", "plain": "plain loops"}
WIDTH, MARGIN, TEXT = 400, 12, 14
BAR, LONGEST = 13, 190
OWN, OTHER = "#1f5fbf", "#a6a6a6"


def rows_of(document, table):
    """Name, time of ctnn, best peer and its time, in ns, of each row of a table."""
    parts = document.split(f"### {table}\n")
    if len(parts) != 2:
        raise ValueError(f'there is not one table "{table}"')
    rows = {}
    for line in parts[1].split("\n### ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        own = re.fullmatch(r"([\d.]+) \([\d.]+\)", cells[1]) if len(cells) > 3 else None
        peer = re.fullmatch(r"(.+) ([\d.]+)", cells[2]) if own else None
        if peer:
            rows[cells[0]] = float(own[1]), peer[1], float(peer[2])
    return rows


def time_text(nanoseconds):
    """Three digits and a unit: 28 ns, 1.99 us."""
    for unit, size in (("ms", 1e6), ("us", 1e3), ("ns", 1)):
        if nanoseconds >= size:
            break
    value = nanoseconds / size
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"


def chart(rows, note):
    """The chart as SVG; None if the table has none of its rows."""
    parts, y, count = [], MARGIN, 0

    def text(x, height, words, **style):
        width = 0.6 * style.get("font_size", TEXT) * len(words)
        if "text_anchor" not in style and x + width > WIDTH:
            raise ValueError(f'"{words}" is wider than the chart')
        attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
        parts.append(f'<text x="{x:g}" y="{height:g}"{attributes}>{escape(words)}</text>')

    for title, names in GROUPS.items():
        present = {name: label for name, label in names.items() if name in rows}
        if not present:
            continue
        y += 24
        text(MARGIN, y, title, font_weight="bold", font_size=TEXT + 2)
        y += 4
        for name, label in present.items():
            own, peer, other = rows[name]
            count += 1
            y += 20
            text(MARGIN, y, label)
            text(WIDTH - MARGIN, y, f"{own / other:.2f}", text_anchor="end", font_weight="bold")
            y += 5
            for who, time, colour in (("ctnn", own, OWN), (next((name for part, name in PEERS.items() if part in peer), peer), other, OTHER)):
                length = LONGEST * time / max(own, other)
                parts.append(f'<rect x="{MARGIN}" y="{y:g}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>')
                text(MARGIN + length + 5, y + BAR - 2.5, f"{time_text(time)} {who}", font_size=TEXT - 2)
                y += BAR + 1
            y += 3
    if count == 0:
        return None
    assert count <= MOST_ROWS
    y += 22
    for line in ("Shorter is faster. Bold: the time of ctnn divided by", "that of its best peer in the same run, on one core.", note):
        text(MARGIN, y, line, font_size=TEXT - 2)
        y += 17
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:g}" width="{WIDTH}" height="{y:g}" '
            f'font-family="sans-serif" font-size="{TEXT}" role="img">\n<title>Time of ctnn beside its best peer</title>\n'
            f'<rect width="{WIDTH}" height="{y:g}" fill="white"/>\n')
    return head + "\n".join(parts) + "\n</svg>\n"


def draw(document, table, note, path):
    """Writes the chart of a table, if it has rows for it."""
    drawn = chart(rows_of(document, table), note)
    if drawn is not None:
        Path(path).write_text(drawn)
    return drawn is not None


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    if not draw(Path(sys.argv[1]).read_text(), *sys.argv[2:]):
        sys.exit(f'the table "{sys.argv[2]}" has no row of the chart')
