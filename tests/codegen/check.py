#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks the instructions that the compiler generates for functions (x86-64 and AArch64).

A source file states in comments what holds for its extern "C" functions:
  // STRAIGHT-LINE: name    no call and no jump
  // NO-LOOP: name          no call and no jump backwards
  // NO-CALL: name          no call
  // FAILS: name            none holds: shows that this check sees calls and jumps
  // KIND at -O3: name      a claim for this optimisation alone

usage: check.py COMPILER FLAGS_FILE OPTIMISATION SOURCE     for example: check.py g++ flags.rsp -O3 step.cpp
"""
import re
import subprocess
import sys
from pathlib import Path

CLAIM = re.compile(r"^// (STRAIGHT-LINE|NO-LOOP|NO-CALL|FAILS)(?: at (-O\d))?: (\w+)$", re.MULTILINE)
CALL = re.compile(r"\t(call\w*|blr?)\s")
JUMP = re.compile(r"\t(j\w+|b|b\.\w+|br|cbn?z|tbn?z)\s")


LABEL = re.compile(r"(\.?L\w+):")
TARGET = re.compile(r"\s(\.?L\w+)$")


def instructions_of(assembly, name):
    """The instructions of a function, and the labels between them."""
    body = re.search(rf"^{name}:[^\n]*\n(.*?)^\t\.size\t{name}\b", assembly, re.MULTILINE | re.DOTALL)
    if not body:
        sys.exit(f"there is no function {name} in the assembly")
    lines = [line for line in body.group(1).splitlines() if re.match(r"\t[a-z]", line) or LABEL.match(line)]
    instructions = [line for line in lines if not LABEL.match(line)]
    # A function that only jumps to another in this file stands for that one.
    only = re.fullmatch(r"\t(?:jmp|b)\t(_Z\w+).*", instructions[0]) if len(instructions) == 1 else None
    return instructions_of(assembly, only.group(1)) if only else lines


def jumps_forwards(lines):
    """The jumps to a label later in the function."""
    for at, line in enumerate(lines):
        target = TARGET.search(line) if JUMP.match(line) else None
        if target and f"{target.group(1)}:" in (later.split()[0] for later in lines[at:] if LABEL.match(later)):
            yield line


def main():
    compiler, flags, optimisation, source = sys.argv[1:]
    claims = CLAIM.findall(Path(source).read_text())
    if not claims:
        sys.exit(f"{source} claims nothing")
    command = [compiler, f"@{flags}", optimisation, "-Wno-unused", "-fno-asynchronous-unwind-tables", "-S", "-o", "-", source]
    assembly = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    wrong = 0
    for claim, only_at, name in claims:
        if only_at not in ("", optimisation):
            continue
        lines = instructions_of(assembly, name)
        instructions = [line for line in lines if not LABEL.match(line)]
        calls = [line for line in instructions if CALL.match(line)]
        # A jump out of the function is a tail call.
        jumps = [line for line in instructions if JUMP.match(line)]
        allowed = []
        if claim == "NO-CALL":
            allowed = [line for line in jumps if TARGET.search(line)]
        elif claim == "NO-LOOP":
            allowed = list(jumps_forwards(lines))
        found = calls + [line for line in jumps if line not in allowed]
        print(f"{name}: {len(instructions)} instructions, {len(calls)} calls, {len(jumps)} jumps")
        if bool(found) != (claim == "FAILS"):
            wrong += 1
            print(f"  {claim} does not hold: {[line.strip() for line in found[:5]]}")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
