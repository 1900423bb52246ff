#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Looks at the instructions that the compiler makes of functions (x86-64 and AArch64).

A source file says in its own lines what holds for its extern "C" functions:
  // STRAIGHT-LINE: name    no call and no jump
  // NO-CALL: name          no call
  // FAILS: name            neither would hold: shows that this check sees calls and jumps

usage: check.py COMPILER FLAGS_FILE OPTIMISATION SOURCE     for example: check.py g++ flags.rsp -O3 step.cpp
"""
import re
import subprocess
import sys
from pathlib import Path

CLAIM = re.compile(r"^// (STRAIGHT-LINE|NO-CALL|FAILS): (\w+)$", re.MULTILINE)
CALL = re.compile(r"\t(call\w*|blr?)\s")
JUMP = re.compile(r"\t(j\w+|b|b\.\w+|br|cbn?z|tbn?z)\s")


def instructions_of(assembly, name):
    body = re.search(rf"^{name}:[^\n]*\n(.*?)^\t\.size\t{name}\b", assembly, re.MULTILINE | re.DOTALL)
    if not body:
        sys.exit(f"there is no function {name} in the assembly")
    lines = [line for line in body.group(1).splitlines() if re.match(r"\t[a-z]", line)]
    # A function that only passes on to another of this file is that other one.
    only = re.fullmatch(r"\t(?:jmp|b)\t(_Z\w+).*", lines[0]) if len(lines) == 1 else None
    return instructions_of(assembly, only.group(1)) if only else lines


def main():
    compiler, flags, optimisation, source = sys.argv[1:]
    claims = CLAIM.findall(Path(source).read_text())
    if not claims:
        sys.exit(f"{source} claims nothing")
    command = [compiler, f"@{flags}", optimisation, "-Wno-unused", "-fno-asynchronous-unwind-tables", "-S", "-o", "-", source]
    assembly = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    wrong = 0
    for claim, name in claims:
        instructions = instructions_of(assembly, name)
        calls = [line for line in instructions if CALL.match(line)]
        # A jump out of the function is a call in its last place.
        jumps = [line for line in instructions if JUMP.match(line)]
        found = calls + (jumps if claim != "NO-CALL" else [line for line in jumps if not re.search(r"\s\.?L", line)])
        print(f"{name}: {len(instructions)} instructions, {len(calls)} calls, {len(jumps)} jumps")
        if bool(found) != (claim == "FAILS"):
            wrong += 1
            print(f"  {claim} does not hold: {[line.strip() for line in found[:5]]}")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
