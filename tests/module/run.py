#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests the module ctnn with clang 19 or newer: a program that imports it compiles and runs, a mistake is told with the
library's sentence, and every documented name of <ctnn.hpp> is exported. Returns 77 with another compiler.

usage: run.py REPOSITORY --compiler COMPILER --work FOLDER
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

# Contraction would be another result in the program than in the compiler.
FLAGS = ["-std=c++20", "-O1", "-ffp-contract=off", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
MISTAKE = "ctnn::network: the input has another shape than the network expects"


def documented(root):
    """What the documents call ctnn::name, and the words of code in the references."""
    names = set()
    for document in [root / "README.md", *root.glob("docs/*.md")]:
        text = document.read_text()
        names.update(re.findall(r"\bctnn::([a-z]\w*)", text))
        if document.name in ("reference.md", "layers.md"):
            names.update(word for code in re.findall("`([^`\n]+)`", text) for word in re.findall(r"\b[a-z]\w*", code))
    return names


class Compiler:
    def __init__(self, program, root, work):
        self.program = program
        self.include = ["-I", root / "include"]
        self.module = f"-fmodule-file=ctnn={work / 'ctnn.pcm'}"

    def run(self, *arguments, source=None):
        return subprocess.run([self.program, *FLAGS, *arguments], capture_output=True, text=True, input=source)

    def must(self, *arguments):
        result = self.run(*arguments)
        if result.returncode:
            sys.exit(f"{' '.join(map(str, result.args))}\n{result.stderr}")

    def absent(self, head, names, *arguments):
        """Those of the names that namespace ctnn does not have after the head."""
        source = head + "".join(f"namespace name_{name} {{ using ctnn::{name}; }}\n" for name in sorted(names))
        told = self.run("-x", "c++", "-fsyntax-only", "-ferror-limit=0", *arguments, "-", source=source).stderr
        lines = {int(number) for number in re.findall(r"(?m)^<stdin>:(\d+):\d+: error:", told)}
        return {name for number, name in enumerate(sorted(names), head.count("\n") + 1) if number in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--work", required=True, type=Path)
    options = parser.parse_args()
    version = re.search(r"clang version (\d+)", subprocess.run([options.compiler, "--version"], capture_output=True, text=True).stdout)
    if not version or int(version.group(1)) < 19:
        print("It needs clang 19.")
        sys.exit(77)

    root, work = options.repository, options.work
    work.mkdir(parents=True, exist_ok=True)
    compiler = Compiler(options.compiler, root, work)
    app = Path(__file__).with_name("app.cpp")
    compiler.must(*compiler.include, "--precompile", root / "modules/ctnn.cppm", "-o", work / "ctnn.pcm")
    compiler.must(*compiler.include, "-c", root / "modules/ctnn.cppm", "-o", work / "ctnn.o")
    compiler.must(*compiler.include, compiler.module, app, work / "ctnn.o", "-o", work / "app")
    subprocess.run([work / "app"], check=True)

    mistake = compiler.run(*compiler.include, compiler.module, "-DCTNN_TEST_MISTAKE", "-fsyntax-only", app)
    if mistake.returncode == 0 or MISTAKE not in mistake.stderr:
        sys.exit(f"a mistake is not told: {mistake.stderr}")

    names = documented(root)
    of_header = names - compiler.absent("#include <ctnn.hpp>\n", names, *compiler.include)
    if len(of_header) < 100:
        sys.exit(f"only {len(of_header)} documented names are found in <ctnn.hpp>")
    missing = compiler.absent("import ctnn;\n", of_header, compiler.module)
    if missing:
        sys.exit(f"modules/ctnn.cppm does not export: {' '.join(sorted(missing))}")
    print(f"{len(of_header)} documented names are exported")


if __name__ == "__main__":
    main()
