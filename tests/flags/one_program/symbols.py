#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that the objects of one program share no function of ctnn, of which the linker would keep one.

usage: symbols.py NM OBJECT...
"""
import itertools
import subprocess
import sys


def functions_of_ctnn(nm, path):
    """Functions and variables that other objects may define too: weak and unique ones."""
    lines = subprocess.run([nm, "--defined-only", path], check=True, capture_output=True, text=True).stdout.splitlines()
    return {name for _, kind, name in (line.split() for line in lines) if kind in "WVu" and "4ctnn" in name}


def main():
    nm, paths = sys.argv[1], sys.argv[2:]
    functions = {path: functions_of_ctnn(nm, path) for path in paths}
    wrong = [f"{path}: has no function of ctnn, so nothing is tested" for path in paths if not functions[path]]
    for first, second in itertools.combinations(paths, 2):
        wrong += [f"in {first} and in {second}: {name}" for name in sorted(functions[first] & functions[second])]
    print("\n".join(wrong))
    print(f"{sum(map(len, functions.values()))} functions of {len(paths)} objects, {len(wrong)} complaints")
    return 1 if wrong or len(paths) < 2 else 0


sys.exit(main())
