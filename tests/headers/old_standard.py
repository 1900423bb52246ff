#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that headers, included alone, say only that they need C++20.

usage: old_standard.py COMPILER INCLUDE_DIRECTORY HEADER...
"""
import subprocess
import sys
from pathlib import Path

WANTED = "ctnn needs C++20: compile with -std=c++20"
STOPS = "the compiler stops here"


def complaint(compiler, root, name):
    result = subprocess.run([compiler, "-std=c++17", f"-I{root}", "-fsyntax-only", "-x", "c++", "-"],
                            input=f"#include <{name}>\n", capture_output=True, text=True, check=False)
    errors = [line for line in result.stderr.splitlines() if "error:" in line]
    if result.returncode != 0 and len(errors) == 2 and WANTED in errors[0] and STOPS in errors[1]:
        return None
    return f"{name}: {len(errors)} errors, exit code {result.returncode}: {errors[:3]}"


def main():
    compiler, root, names = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    wrong = [text for name in names if (text := complaint(compiler, root, name))]
    print("\n".join(wrong))
    print(f"{len(names)} headers, {len(wrong)} complaints")
    return 1 if wrong or not names else 0


sys.exit(main())
