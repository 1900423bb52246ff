#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The test of the test: check.py accepts and refuses what it should. Takes the options of check.py but the document."""
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


def main():
    options = sys.argv[1:]
    work = Path(options[options.index("--work") + 1])
    work.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name, passes, words, text in CASES:
        document = work / f"{name}.md"
        document.write_text(text)
        result = subprocess.run([sys.executable, HERE / "check.py", *options, document], capture_output=True, text=True)
        output = result.stdout + result.stderr
        if (result.returncode == 0) != passes or words not in output:
            wrong += 1
            print(f"{name}: exit {result.returncode}, wanted {'success' if passes else 'failure'} with \"{words}\":\n{output}")
    print(f"{len(CASES)} cases, {wrong} wrong")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
