#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that files of ctnn-import include files of their own room and of rooms above it in the table of their README.

usage: rooms.py TOOL_DIRECTORY
"""
import sys
from pathlib import Path

from check import INCLUDE, rooms_of


def main():
    root = Path(sys.argv[1])
    ranks = rooms_of((root / "README.md").read_text())
    sources = [path for path in sorted(root.rglob("*")) if path.suffix in (".hpp", ".cpp")]
    names = {str(path.relative_to(root)) for path in sources}

    def room_of(name):
        return name.split("/")[0] if "/" in name else name.rsplit(".", 1)[0]

    wrong = []
    for path in sources:
        name = str(path.relative_to(root))
        if room_of(name) not in ranks:
            wrong.append(f"{name}: in no room of the table in README.md")
            continue
        for other in INCLUDE.findall(path.read_text()):
            if other in names and ranks.get(room_of(other), 0) > ranks[room_of(name)]:
                wrong.append(f"{name}: includes {other}, whose room is below its own")
    print("\n".join(wrong))
    print(f"{len(sources)} files, {len(wrong)} complaints")
    sys.exit(bool(wrong) or not sources)


if __name__ == "__main__":
    main()
