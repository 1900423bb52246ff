#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compares the output that documents quote with the output of the programs.

outputs.py program NAME DOCUMENT... -- COMMAND...
    Runs the command, passes on its output and exit code, and searches the tables of the documents for the program's
    rows: those whose first cell links to NAME.cpp. Each text `in backquotes` in their last cell has to be in the
    output; ... in it matches anything within a line. A text followed by "(as fast as the machine is)" may have other
    numbers; what follows "without the data" is ignored. Without a row the check fails. A program that exits with 77 is
    skipped.

outputs.py commands DOCUMENT NAME PROGRAM FOLDER
    Runs in the folder every command of a ```text block that begins with "$ NAME", and compares the output with the
    rest of the block. A program that exits with 77 is skipped.
"""
import re
import shlex
import subprocess
import sys
from pathlib import Path

NUMBER = re.compile(r"\d+(?:\\?\.\d+)?(?:e[+-]?\d+)?")
SPAN = re.compile(r"`([^`]+)`(?: (\(as fast as the machine is\)))?")


def row_of(document, name):
    """The last cells of the rows of a program."""
    for line in Path(document).read_text().splitlines():
        cells = line.strip().strip("|").split(" | ")
        if line.startswith("|") and re.search(rf"\((?:[\w./]*/)?{name}\.cpp\)", cells[0]):
            yield cells[-1].partition("without the data")[0].strip()


def pattern_of(text, any_speed):
    pattern = re.escape(text).replace(re.escape("..."), "[^\n]*")
    return NUMBER.sub(lambda _: r"[0-9.e+-]+", pattern) if any_speed else pattern


def missing_in(output, cell):
    """The texts of a cell that are missing from the output."""
    return [text for text, any_speed in SPAN.findall(cell) if not re.search(pattern_of(text, any_speed), output)]


def check_program(name, documents, command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(result.stdout, end="")
    if result.returncode != 0:
        return result.returncode
    wrong = 0
    for document in documents:
        cells = list(row_of(document, name))
        if not cells:
            print(f"{document}: no table has a row of {name}.cpp")
            wrong += 1
        for cell in cells:
            if not SPAN.search(cell):
                print(f"{document}: the row of {name}.cpp quotes nothing")
                wrong += 1
            for text in missing_in(result.stdout, cell):
                print(f'{document}: the row of {name}.cpp says that it prints "{text}"; it does not')
                wrong += 1
    return int(wrong > 0)


def commands_of(document, name):
    """The commands in the text blocks of a document, each with its output."""
    for block in re.findall(r"^```text\n(.*?)^```$", Path(document).read_text(), re.DOTALL | re.MULTILINE):
        if block.startswith((f"$ {name} ", f"$ {name}\n")):
            command, _, output = block.partition("\n")
            yield command.removeprefix(f"$ {name}").strip(), output


def check_commands(document, name, program, folder):
    wrong = count = 0
    for arguments, wanted in commands_of(document, name):
        count += 1
        result = subprocess.run([program, *shlex.split(arguments)], cwd=folder, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)
        if result.returncode == 77:
            print(result.stdout, end="")
            return 77
        if result.stdout.rstrip() != wanted.rstrip():
            wrong += 1
            print(f"{document}: {name} {arguments}\n--- says\n{wanted}--- prints\n{result.stdout}")
    print(f"{document}: {count} commands, {wrong} with another output")
    return int(wrong > 0 or count == 0)


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["program"] and "--" in arguments:
        end = arguments.index("--")
        sys.exit(check_program(arguments[1], arguments[2:end], arguments[end + 1 :]))
    if arguments[:1] == ["commands"] and len(arguments) == 5:
        sys.exit(check_commands(*arguments[1:]))
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
