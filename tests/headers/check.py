#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks what a compiler does not: how the headers look and what they include.

usage: check.py INCLUDE_DIRECTORY
"""
import re
import sys
from pathlib import Path

# A header includes headers of its own room and of rooms before it.
ROOMS = [
    ["config", "version", "precondition", "capped"],
    ["shape", "tensor", "samples"],
    ["math"],
    ["random"],
    ["kernel"],
    ["parameters"],
    ["activation"],
    ["loss", "optimizer"],
    ["layer"],
    ["network", "neuron", "stream", "fold", "convert"],
    ["initializer", "metric"],
    ["train"],
    ["io"],
]
# Below io, headers stay light: these would cost every user more than the library itself.
HEAVY = {"algorithm", "cmath", "fstream", "functional", "iostream", "map", "ostream", "random", "sstream", "string", "vector"}
HANA = re.compile(r"boost/hana/")  # its parts; boost/hana.hpp is all of it
MOST_LINES = 300
START = re.compile(r"// SPDX-License-Identifier: BSL-1\.0\n#pragma once\n/// @file\n/// \S")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def room_of(name):
    room = name.removeprefix("ctnn/").split("/")[0].removesuffix(".hpp")
    for rank, rooms in enumerate(ROOMS):
        if room in rooms:
            return rank
    return None


def main():
    root = Path(sys.argv[1])
    texts = {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.hpp"))}
    includes = {name: INCLUDE.findall(text) for name, text in texts.items()}
    wrong = []

    for name, text in texts.items():
        if not START.match(text):
            wrong.append(f"{name}: begins otherwise than with SPDX, #pragma once, /// @file and a sentence")
        if text.count("\n") > MOST_LINES:
            wrong.append(f"{name}: {text.count(chr(10))} lines, more than {MOST_LINES}")
        if name == "ctnn.hpp":
            continue
        if room_of(name) is None:
            wrong.append(f"{name}: in no room that tests/headers/check.py knows")
            continue
        in_io = name.startswith("ctnn/io/")
        for other in includes[name]:
            if other.startswith("ctnn"):
                if other not in texts:
                    wrong.append(f"{name}: there is no {other}")
                elif other == "ctnn.hpp" or (room_of(other) or 0) > room_of(name):
                    wrong.append(f"{name}: includes {other}, which is above it")
            elif not in_io and (other in HEAVY or other.endswith(".h") or ("/" in other and not HANA.match(other))):
                wrong.append(f"{name}: includes <{other}>, which the core does without")

    # The umbrella has everything but io.
    reached, waiting = set(), ["ctnn.hpp"]
    while waiting:
        name = waiting.pop()
        if name in texts and name not in reached:
            reached.add(name)
            waiting += includes[name]
    for name in texts:
        if (name in reached) == name.startswith("ctnn/io/"):
            wrong.append(f"ctnn.hpp: {'has' if name in reached else 'lacks'} {name}")

    print("\n".join(wrong))
    print(f"{len(texts)} headers, {len(wrong)} complaints")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
