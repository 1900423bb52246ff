#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks what a compiler does not: the form of the headers and what they include.

usage: check.py INCLUDE_DIRECTORY DESIGN.md
"""
import re
import sys
from pathlib import Path

# Headers outside io stay light: these would cost every user more than the library itself.
HEAVY = {"algorithm", "cmath", "fstream", "functional", "iostream", "map", "ostream", "random", "sstream", "string", "vector"}
HOSTED = {"ctnn/verify/parallel.hpp"}  # threads and memory
OPENED = re.compile(r"^namespace ctnn\b", re.MULTILINE)
# Platforms define macros with these names; (abs)(x) is not a macro call.
MACRO_CALLED = re.compile(r"^(?!\s*//)(?:[^\n/]|/(?!/))*?\b(abs|min|max|round)\(", re.MULTILINE)
HANA = re.compile(r"boost/hana/")  # its parts; boost/hana.hpp is all of it
MACROS_ALONE = {"ctnn/operations.hpp", "ctnn/target.hpp", "ctnn/version.hpp"}
MOST_LINES = 300
START = re.compile(r"// SPDX-License-Identifier: BSL-1\.0\n#pragma once\n/// @file\n/// \S")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def rooms_of(design):
    """The table row of each folder: a header includes headers of its own row and of earlier rows."""
    table = design.split("\n## The house\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    return {
        room.removesuffix("/").removesuffix(".hpp"): rank
        for rank, row in enumerate(rows)
        for room in re.findall(r"`([^`]+)`", row)
    }


def begins_with(name, includes):
    """The header whose content the compiler reads first."""
    while name != "ctnn/config.hpp" and name in includes and includes[name]:
        name = includes[name][0]
    return name


def main():
    root = Path(sys.argv[1])
    ranks = rooms_of(Path(sys.argv[2]).read_text())

    def room_of(name):
        return ranks.get(name.removeprefix("ctnn/").split("/")[0].removesuffix(".hpp"))

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
        if name not in MACROS_ALONE and begins_with(name, includes) != "ctnn/config.hpp":
            wrong.append(f"{name}: begins with {begins_with(name, includes)}; ctnn/config.hpp says first what is missing")
        if room_of(name) is None:
            wrong.append(f"{name}: in no room of the table in docs/design.md")
            continue
        in_io = name.startswith("ctnn/io/")
        if called := MACRO_CALLED.search(text):
            wrong.append(f"{name}: {called.group(1)}( may be a macro of the platform; write ({called.group(1)})(")
        if not in_io and OPENED.search(text):
            wrong.append(f"{name}: opens ctnn, and not CTNN_NAMESPACE (ctnn/target.hpp)")
        for other in includes[name]:
            if other.startswith("ctnn"):
                if other not in texts:
                    wrong.append(f"{name}: there is no {other}")
                elif other == "ctnn.hpp" or (room_of(other) or 0) > room_of(name):
                    wrong.append(f"{name}: includes {other}, which is above it")
            elif not in_io and name not in HOSTED and (other in HEAVY or other.endswith(".h") or ("/" in other and not HANA.match(other))):
                wrong.append(f"{name}: includes <{other}>, which the core does without")

    # The umbrella header includes everything but io and what only tests need.
    reached, waiting = set(), ["ctnn.hpp"]
    while waiting:
        name = waiting.pop()
        if name in texts and name not in reached:
            reached.add(name)
            waiting += includes[name]
    for name in texts:
        if (name in reached) == name.startswith(("ctnn/io/", "ctnn/check/", "ctnn/verify")):
            wrong.append(f"ctnn.hpp: {'has' if name in reached else 'lacks'} {name}")

    print("\n".join(wrong))
    print(f"{len(texts)} headers, {len(wrong)} complaints")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
