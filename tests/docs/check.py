#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles every ```cpp block of a Markdown file.

A block with `#include` or `int main(` is a separate source file. Any other block is put into its own namespace after
`#include <ctnn.hpp>`; all such blocks of a document are compiled together. An HTML comment before a block sets
directives, separated by commas:

<!-- compile: continue -->       the block continues the previous block and sees its names
<!-- compile: body -->           the block is statements: it is put into a function
<!-- compile: run -->            the block has a main(), which is linked, run, and returns 0
<!-- compile: limits -->         compiled with raised constant-evaluation limits
<!-- compile: fails "text" -->   the compiler rejects it, and its output contains the text
<!-- compile: written "file" --> the previous program has written a file that contains this block
<!-- compile: output -->         before a block of another language: the output of the previous program, except for the
                                 numbers before " samples/s", which depend on the machine

No block can be skipped.
"""
import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

DIRECTIVE = re.compile(r"<!--\s*compile:\s*(.*?)\s*-->")
WORD = re.compile(r'\s*(continue|body|run|limits|output|fails\s+"([^"]*)"|written\s+"([^"]*)")\s*(?:,|$)')
SPEED = re.compile(r"[0-9.e+]+ samples/s")
FENCE = re.compile(r"(\s*)```\s*(\S*)")
PREAMBLE = "#include <ctnn.hpp>\n#include <cstdint>\n"


@dataclass
class Unit:
    """Blocks that are compiled as one piece."""

    line: int
    text: str = ""
    complete: bool = False
    run: bool = False
    limits: bool = False
    fails: list = field(default_factory=list)
    # For a failing block that continues others: it after only the first of them, which is usually enough.
    short: str = ""
    # What the program prints and writes: for each block its line, the name of the file or None, and the text.
    results: list = field(default_factory=list)


def words_of(directive, place):
    words, texts, files, position = set(), [], [], 0
    while position < len(directive):
        match = WORD.match(directive, position)
        if not match:
            sys.exit(f"{place}: cannot read \"compile: {directive}\"")
        if match.group(2) is not None:
            texts.append(match.group(2))
        elif match.group(3) is not None:
            files.append(match.group(3))
        else:
            words.add(match.group(1))
        position = match.end()
    return words, texts, files


def blocks_of(path):
    """Every cpp block and every output: (number of its first line, its directive, its text)."""
    directive, directive_line = "", 0
    language, code, start, indent = None, [], 0, ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if language is None and fence:
            indent, language, code, start = fence.group(1), fence.group(2), [], number + 1
            if directive and (language == "cpp") == (directive == "output"):
                of = "no block of another language" if directive == "output" else "no cpp block"
                sys.exit(f"{path}:{directive_line}: \"compile: {directive}\" stands before {of}")
        elif language is None:
            comment = DIRECTIVE.search(line)
            if comment:
                directive, directive_line = comment.group(1), number
            elif line.strip() and directive:
                sys.exit(f"{path}:{directive_line}: \"compile: {directive}\" stands before no cpp block")
        elif line.strip() == "```":
            if language == "cpp" or directive == "output":
                yield start, directive, "\n".join(code) + "\n"
            directive, language = "", None
        else:
            code.append(line.removeprefix(indent))
    if language is not None:
        sys.exit(f"{path}:{start - 1}: this block has no end")


def units_of(path):
    units, count = [], 0
    for line, directive, code in blocks_of(path):
        count += 1
        words, texts, files = words_of(directive, f"{path}:{line - 1}")
        programs = [unit for unit in units if unit.run]
        if ("output" in words or files) and not programs:
            sys.exit(f"{path}:{line - 1}: no program runs before this")
        if "output" in words:
            programs[-1].results.append((line, None, code))
            continue
        for file in files:
            programs[-1].results.append((line, file, code))
        piece = f'#line {line} "{path}"\n{code}'
        if "body" in words:
            piece = f"inline void body_{line}() {{\n{piece}}}\n"
        if "continue" not in words:
            complete = "#include" in code or "int main(" in code
            if "int main(" in code and "#include" not in code:
                piece = PREAMBLE + piece
            unit = Unit(line, piece, complete, fails=texts)
            units.append(unit)
            first = piece
        elif not units or units[-1].fails:
            sys.exit(f"{path}:{line - 1}: nothing to continue")
        elif texts:
            unit = replace(units[-1], line=line, text=units[-1].text + piece, run=False, fails=texts, short=first + piece)
            units.insert(len(units) - 1, unit)  # the next "continue" omits the mistake
        else:
            unit = units[-1]
            unit.text += piece
        unit.run = unit.run or "run" in words
        unit.limits = unit.limits or "limits" in words
    return units, count


class Compiler:
    def __init__(self, arguments):
        self.arguments = arguments
        self.failures = 0

    def call(self, source, unit, link):
        flags = self.arguments.raised_flags if unit.limits else self.arguments.flags
        command = [self.arguments.compiler, f"@{flags}", "-Wno-unused", "-fno-diagnostics-color", str(source)]
        command += ["-o", str(source.with_suffix("")), "-lz"] if link else ["-fsyntax-only"]
        return subprocess.run(command, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True)

    def says_so(self, unit, source):
        """Whether the compiler says what it should about the short text, which compiles in a fraction of the time."""
        source.write_text(unit.short)
        result = self.call(source, unit, False)
        return result.returncode != 0 and all(text in result.stdout + result.stderr for text in unit.fails)

    def check(self, unit, name):
        source = self.arguments.work / f"{name}.cpp"
        if unit.short and self.says_so(unit, source):
            return
        source.write_text(unit.text)
        result = self.call(source, unit, unit.run)
        output = result.stdout + result.stderr
        place = f"{self.arguments.document.name}:{unit.line}"
        if unit.fails:
            if result.returncode == 0:
                return self.fail(f"{place}: this block is said to fail, but compiles")
            for text in unit.fails:
                if text not in output:
                    return self.fail(f"{place}: the compiler does not say \"{text}\", but:\n{output}")
            return
        if result.returncode != 0:
            return self.fail(f"{place}: this block does not compile:\n{output}")
        if unit.run:
            ran = subprocess.run([str(source.with_suffix(""))], cwd=self.arguments.work, capture_output=True, text=True)
            if ran.returncode != 0:
                return self.fail(f"{place}: this program ends with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
            for line, file, wanted in unit.results:
                place = f"{self.arguments.document.name}:{line}"
                if file is None and SPEED.sub("samples/s", wanted) != SPEED.sub("samples/s", ran.stdout):
                    self.fail(f"{place}: the program prints something else:\n{ran.stdout}")
                if file is not None:
                    path = self.arguments.work / file
                    text = path.read_text() if path.exists() else ""
                    if wanted not in text:
                        self.fail(f"{place}: the program writes something else into {file}:\n{text}")

    def fail(self, message):
        self.failures += 1
        print(message)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", required=True, help="response file with the compiler's flags")
    parser.add_argument("--raised-flags", required=True, help="the same, with raised constant-evaluation limits")
    parser.add_argument("--work", required=True, type=Path, help="directory for the extracted sources")
    parser.add_argument("document", type=Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)

    units, count = units_of(arguments.document)
    compiler = Compiler(arguments)
    together = {False: Unit(0, PREAMBLE), True: Unit(0, PREAMBLE, limits=True)}
    for index, unit in enumerate(units):
        if unit.run and not unit.complete:
            compiler.fail(f"{arguments.document.name}:{unit.line}: to run, a block needs a main()")
        elif unit.complete:
            compiler.check(unit, f"block_{unit.line}")
        else:
            wrapped, short = (text and f"namespace block_{index} {{\n{text}}}\n" for text in (unit.text, unit.short))
            if unit.fails:
                compiler.check(replace(unit, text=PREAMBLE + wrapped, short=short and PREAMBLE + short), f"block_{unit.line}")
            else:
                together[unit.limits].text += wrapped
    for raised, unit in together.items():
        if unit.text != PREAMBLE:
            compiler.check(unit, "blocks_raised" if raised else "blocks")
    print(f"{arguments.document.name}: {count} blocks, {compiler.failures} failures")
    sys.exit(compiler.failures > 0)


if __name__ == "__main__":
    main()
