#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Every message of the library is listed in docs/errors.md.   messages.py <include folder> <errors.md>"""
import re
import sys
from pathlib import Path

include, errors = Path(sys.argv[1]), Path(sys.argv[2])
explained = re.sub(r"\s+", " ", errors.read_text())
count, missing = 0, []
for path in sorted(include.rglob("*.hpp")):
    if "io" in path.relative_to(include).parts:  # its messages name files and places, and explain themselves
        continue
    code = re.sub(r'"\s*\n\s*"', "", re.sub(r"///.*", "", path.read_text()))
    for message in re.findall(r'"(ctnn[^"]*: [^"]*)"', code):
        count += 1
        if message not in explained and not message.startswith("ctnn needs"):
            missing.append(f"{path.relative_to(include)}: {message}")
print("\n".join(missing + [f"{count} messages, {len(missing)} not in {errors.name}"]))
sys.exit(1 if missing or count == 0 else 0)
