#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests the tests: check.py and outputs.py accept and reject what they should.

Takes the options of check.py without the document.
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PRINTS = """<!-- compile: run -->
```cpp
#include <cstdio>
#include <fstream>
int main() {
    std::puts("1\\n3e+05 samples/s");
    std::ofstream("file") << "int a;\\nint b;\\n";
}
```
"""
CASES = [
    # name, passes, words in the output, document
    ("no_blocks", True, "0 blocks", "text\n```sh\nls\n```\n"),
    ("declarations", True, "1 blocks", "```cpp\nstatic_assert(ctnn::shape<2, 3>::size == 6);\n```\n"),
    ("bad_declaration", False, "bad_declaration.md:3", "text\n```cpp\nstatic_assert(ctnn::shape<2, 3>::size == 5);\n```\n"),
    ("same_names_twice", True, "2 blocks", "```cpp\nint a = 1;\n```\n```cpp\nint a = 2;\n```\n"),
    ("statements_need_body", False, "does not compile", "```cpp\nfor (;;) break;\n```\n"),
    ("body", True, "1 blocks", "<!-- compile: body -->\n```cpp\nfor (;;) break;\n```\n"),
    ("continues", True, "2 blocks", "```cpp\nint a = 1;\n```\nmore\n<!-- compile: continue, body -->\n```cpp\n++a;\n```\n"),
    ("does_not_continue", False, "does not compile", "```cpp\nint a = 1;\n```\n<!-- compile: body -->\n```cpp\n++a;\n```\n"),
    ("nothing_to_continue", False, "nothing to continue", "<!-- compile: continue -->\n```cpp\nint a;\n```\n"),
    ("fails", True, "1 blocks", '<!-- compile: fails "a word" -->\n```cpp\nstatic_assert(false, "a word");\n```\n'),
    ("fails_otherwise", False, "does not say", '<!-- compile: fails "no word" -->\n```cpp\nint a = "";\n```\n'),
    ("does_not_fail", False, "but compiles", '<!-- compile: fails "a word" -->\n```cpp\nint a = 1;\n```\n'),
    ("fails_in_a_chain", True, "3 blocks", '```cpp\nint a = 1;\n```\n<!-- compile: continue, fails "not" -->\n'
     '```cpp\nint b = not_there;\n```\n<!-- compile: continue -->\n```cpp\nint b = a;\n```\n'),
    ("runs", True, "1 blocks", "<!-- compile: run -->\n```cpp\nint main() {\n    return 0;\n}\n```\n"),
    ("runs_badly", False, "ends with 3", "<!-- compile: run -->\n```cpp\nint main() {\n    return 3;\n}\n```\n"),
    ("bad_main", False, "does not compile", "```cpp\n#include <no_such_header>\n```\n"),
    ("unknown_word", False, "cannot read", "<!-- compile: skip -->\n```cpp\nint a;\n```\n"),
    ("lost_comment", False, "before no cpp block", "<!-- compile: body -->\ntext\n"),
    ("no_end", False, "no end", "```cpp\nint a;\n"),
    ("prints", True, "2 blocks", PRINTS + "<!-- compile: output -->\n```\n1\n7 samples/s\n```\n"),
    ("prints_otherwise", False, "prints something else", PRINTS + "<!-- compile: output -->\n```\n2\n7 samples/s\n```\n"),
    ("prints_less", False, "prints something else", PRINTS + "<!-- compile: output -->\n```\n1\n```\n"),
    ("prints_nothing", False, "no program runs before", "<!-- compile: output -->\n```text\n1\n```\n"),
    ("prints_cpp", False, "no block of another language", PRINTS + "<!-- compile: output -->\n```cpp\nint a;\n```\n"),
    ("writes", True, "2 blocks", PRINTS + '<!-- compile: written "file" -->\n```cpp\nint b;\n```\n'),
    ("writes_otherwise", False, "writes something else", PRINTS + '<!-- compile: written "file" -->\n```cpp\nint c;\n```\n'),
    ("writes_no_file", False, "writes something else", PRINTS + '<!-- compile: written "none" -->\n```cpp\nint b;\n```\n'),
    ("limits", True, "1 blocks", "<!-- compile: limits -->\n```cpp\nconstexpr int count() {\n    int n = 0;\n"
     "    for (int i = 0; i < 300000; ++i)\n        ++n;\n    return n;\n}\nstatic_assert(count() == 300000);\n```\n"),
]

ROW = "| [one](examples/one.cpp) | what it does | {} |\n| [another](another.cpp) | `z` | `y` |\n"
OUTPUTS = [
    # name, exit code, words in the output, the cell of the program, what it prints, its exit code
    ("quoted", 0, "", "`a 1.5`, and `b`", "a 1.5\\nb\\n", 0),
    ("quoted_otherwise", 1, 'says that it prints "a 1.5"', "`a 1.5`, and `b`", "a 1x5\\nb\\n", 0),
    ("quoted_in_part", 1, 'says that it prints "b"', "`a`, and `b`", "a\\n", 0),
    ("open_end", 0, "", "`a ... b`", "a c b\\n", 0),
    ("open_end_in_a_line", 1, "says that it prints", "`a ... b`", "a\\nb\\n", 0),
    ("speed", 0, "", "`1.5 ms: a` (as fast as the machine is), `c 2`", "20 ms: a c 2\\n", 0),
    ("speed_of_another", 1, 'says that it prints "c 2"', "`1.5 ms: a` (as fast as the machine is), `c 2`", "20 ms: a c 3\\n", 0),
    ("data", 0, "", "`a`; without the data `b`", "a\\n", 0),
    ("no_quotes", 1, "quotes nothing", "a", "a\\n", 0),
    ("fails", 3, "", "`a`", "b\\n", 3),
    ("skipped", 77, "", "`a`", "b\\n", 77),
]
COMMANDS = [
    # name, exit code, words in the output, document
    ("command", 0, "1 commands, 0 with", "```text\n$ printf 'a\\n b'\na\n b\n```\n"),
    ("command_otherwise", 1, "1 commands, 1 with", "```text\n$ printf 'a\\n b'\na\n c\n```\n"),
    ("no_command", 1, "0 commands", "```sh\n$ printf a\n```\n"),
]


def wrong_outputs(work):
    """The same for outputs.py."""
    document, wrong = work / "outputs.md", 0

    def check(name, code, words, arguments):
        nonlocal wrong
        result = subprocess.run([sys.executable, HERE / "outputs.py", *arguments], capture_output=True, text=True)
        if result.returncode != code or words not in result.stdout:
            wrong += 1
            print(f'{name}: exit {result.returncode}, wanted {code} with "{words}":\n{result.stdout}{result.stderr}')

    for name, code, words, cell, prints, ends in OUTPUTS:
        document.write_text(ROW.format(cell))
        check(name, code, words, ["program", "one", document, "--", "sh", "-c", f"printf '{prints}'; exit {ends}"])
    check("no_row", 1, "no table has a row", ["program", "three", document, "--", "true"])
    for name, code, words, text in COMMANDS:
        document.write_text(text)
        check(name, code, words, ["commands", document, "printf", "printf", work])
    return wrong


def main():
    options = sys.argv[1:]
    work = Path(options[options.index("--work") + 1])
    work.mkdir(parents=True, exist_ok=True)
    wrong = wrong_outputs(work)
    for name, passes, words, text in CASES:
        document = work / f"{name}.md"
        document.write_text(text)
        result = subprocess.run([sys.executable, HERE / "check.py", *options, document], capture_output=True, text=True)
        output = result.stdout + result.stderr
        if (result.returncode == 0) != passes or words not in output:
            wrong += 1
            print(f"{name}: exit {result.returncode}, wanted {'success' if passes else 'failure'} with \"{words}\":\n{output}")
    print(f"{len(CASES) + len(OUTPUTS) + 1 + len(COMMANDS)} cases, {wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
