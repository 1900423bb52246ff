#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the library as one header: ctnn.hpp with every <ctnn/...> header inlined once.

Other headers (the standard library, Boost.Hana) stay includes. The order is that of the includes, so the output is
deterministic. Headers that ctnn.hpp does not include (ctnn/io/..., ctnn/check/...) are left out.

Call the output ctnn.hpp: headers written by ctnn/io/header_file.hpp have #include <ctnn.hpp>.

usage: single_header.py INCLUDE_DIRECTORY OUTPUT

example: single_header.py ctnn/include my_project/ctnn.hpp
"""
import re
import sys
from pathlib import Path

OWN_INCLUDE = re.compile(r'\s*#\s*include\s*[<"](ctnn(?:/[^>"]+)?\.hpp)[>"]')
OTHER_INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')
CONDITION_OPENS = re.compile(r"\s*#\s*if")
CONDITION_CLOSES = re.compile(r"\s*#\s*endif")
DROPPED = re.compile(r"\s*#\s*pragma\s+once|// SPDX-License-Identifier:")


class Merger:
    def __init__(self, root):
        self.root = root
        self.seen = set()
        self.lines = []

    def add(self, name):
        if name in self.seen:
            return
        self.seen.add(name)
        body = []
        depth = 0
        for number, line in enumerate((self.root / name).read_text().splitlines(), 1):
            depth += bool(CONDITION_OPENS.match(line)) - bool(CONDITION_CLOSES.match(line))
            own = OWN_INCLUDE.match(line)
            other = OTHER_INCLUDE.match(line)
            if (own or other) and depth > 0:
                # Inlined once, it would depend on the condition at its first inclusion only.
                if own:
                    sys.exit(f"{name}:{number}: an own header is included under a condition")
                body.append(line)
            elif own:
                self.add(own.group(1))
            elif other:
                if other.group(1) not in self.seen:
                    self.seen.add(other.group(1))
                    body.append(line)
            elif not DROPPED.match(line):
                body.append(line)
        text = "\n".join(body).strip("\n")
        self.lines += ["", f"// ---- {name}", text]


def version(root):
    numbers = re.findall(r"#define CTNN_VERSION_\w+ (\d+)", (root / "ctnn/version.hpp").read_text())
    return ".".join(numbers)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root, output = Path(sys.argv[1]), Path(sys.argv[2])
    if root.resolve() in output.resolve().parents:
        sys.exit(f"{output} is among the sources: it would be put in their place")
    merger = Merger(root)
    merger.add("ctnn.hpp")
    head = [
        "// SPDX-License-Identifier: BSL-1.0",
        f"// ctnn {version(root)} in one header; made by tools/single_header.py, do not edit. Boost.Hana is needed beside it.",
        "#pragma once",
    ]
    text = "\n".join(head + merger.lines) + "\n"
    text = re.sub(r"\n{3,}", "\n\n", text)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text)
    print(f"{output}: {text.count(chr(10))} lines from {sum(n.startswith('ctnn') for n in merger.seen)} headers")


if __name__ == "__main__":
    main()
