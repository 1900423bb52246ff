#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests the tests: docs/site/gather.py writes pages as mkdocs wants them, and links.py notices each kind of broken site.

usage: site_self_test.py --work FOLDER
"""
import shutil
import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "docs/site"
README = """# One
<!-- compile: run -->
## A `shape<2>`: x < y
- item
  - nested, see [code](code.hpp) and `[text](code.hpp)`
    of it

text of [more](docs/more.md#one-1) and [elsewhere](https://elsewhere.invalid/code.hpp)
```sh
# no heading [text](code.hpp)
  - no list
```
"""
PAGE = """# One { #one }
## A `shape<2>`: x &lt; y { #a-shape2-x--y }
- item
    - nested, see [code](code.hpp.md) and `[text](code.hpp)`
      of it

text of [more](docs/more.md#one-1) and [elsewhere](https://elsewhere.invalid/code.hpp)
```sh
# no heading [text](code.hpp)
  - no list
```
"""
MORE = "# One\n# One\n![picture](p.svg)\n"
SITES = [
    # name, words in the complaint or None, pages
    ("good", None, {"index": '<a href="b.html#x">', "b": '<p id="x"><a href="#x">'}),
    ("no_page", "links to c.html, which is not there", {"index": '<a href="c.html"><a href="b.html">', "b": ""}),
    ("outside", "links to ../no_page/b.html, which is not", {"index": '<a href="../no_page/b.html"><a href="b.html">', "b": ""}),
    ("no_anchor", "has no such anchor", {"index": '<a href="b.html#y">', "b": '<p id="x">'}),
    ("no_picture", "links to p.svg, which is not there", {"index": '<img src="p.svg"><a href="b.html">', "b": ""}),
    ("foreign_font", "from elsewhere",
     {"index": '<link rel="stylesheet" href="https://fonts.invalid/a.css"><a href="b.html">', "b": ""}),
    ("three_clicks", "c.html is more than two clicks",
     {"index": '<a href="a.html">', "a": '<a href="b.html">', "b": '<a href="c.html">', "c": ""}),
    ("empty", "no pages", {"index": ""}),
]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(program, *arguments):
    return subprocess.run([sys.executable, SITE / program, *arguments], capture_output=True, text=True)


def gathers(work):
    root = work / "repository"
    write(root / "README.md", README)
    write(root / "docs/more.md", MORE)
    write(root / "docs/p.svg", "<svg/>")
    write(root / "code.hpp", "// ``` in a comment\n")
    write(root / "unlinked.md", "")
    run("gather.py", root, work / "gathered").check_returncode()
    pages = work / "gathered/pages"
    found = {str(path.relative_to(pages)): path.read_text() for path in pages.rglob("*") if path.is_file()}
    assert sorted(found) == ["README.md", "code.hpp.md", "docs/more.md", "docs/p.svg", "site.css"], sorted(found)
    assert found["README.md"] == PAGE, found["README.md"]
    assert "# One { #one }\n# One { #one-1 }\n" in found["docs/more.md"], found["docs/more.md"]
    assert "````cpp\n// ``` in a comment\n````\n" in found["code.hpp.md"], found["code.hpp.md"]


def notices(work):
    for name, words, pages in SITES:
        for page, text in pages.items():
            write(work / name / f"{page}.html", text)
        result = run("links.py", work / name)
        assert (result.returncode == 0) == (words is None), (name, result)
        assert words is None or words in result.stderr, (name, result)


def main():
    if len(sys.argv) != 3 or sys.argv[1] != "--work":
        sys.exit(__doc__)
    work = Path(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    gathers(work)
    notices(work)
    print(f"the pages are as they should be, and {len(SITES)} sites are judged rightly")


if __name__ == "__main__":
    main()
