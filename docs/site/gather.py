#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Gathers the pages of the documentation site for mkdocs: README.md and every file of the repository that is reached
from it by links.

The pages keep their paths, so most links stay as they are. A picture is copied; another file that is no Markdown becomes
a page with its text.

usage: gather.py REPOSITORY FOLDER      then: mkdocs build --config-file FOLDER/mkdocs.yml
"""
import re
import shutil
import sys
from pathlib import Path

# [text](path#anchor), in text and not in code.
LINK = re.compile(r"`[^`]*`|(\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
LINK_TARGET = re.compile(r"\]\([^)]*\)")
FENCE = re.compile(r"\s*(```+|~~~+)")
HEADING = re.compile(r"(#+ )(.*)")
LIST_ITEM = re.compile(r"(?:[-*+]|\d+\.) ")
MARKS_OF_TESTS = re.compile(r"<!-- .* -->$")
PICTURES = {".png", ".svg"}
LANGUAGES = {".cpp": "cpp", ".hpp": "cpp", ".py": "python", ".sh": "sh", ".json": "json", ".cff": "yaml"}


def lines_outside_code(lines):
    """The lines, each with whether it is outside fenced code."""
    fence = None
    for line in lines:
        found = FENCE.match(line)
        if found and fence is None:
            fence = found.group(1)
            yield line, False
        elif found and found.group(1) == fence:
            fence = None
            yield line, False
        else:
            yield line, fence is None


def anchor(heading, used):
    """The anchor that the common viewers of repositories give to a heading: `-1` is added to the second one."""
    text = re.sub(r"[^\w\- ]", "", LINK_TARGET.sub("", heading).lower()).replace(" ", "-")
    used[text] = used.get(text, -1) + 1
    return f"{text}-{used[text]}" if used[text] else text


def python_markdown(text):
    """The lines of a page as Python-Markdown wants them: headings with their anchors, and what belongs to a list item
    indented by four columns instead of two."""
    in_list = False
    used = {}
    for line, is_text in lines_outside_code(text.split("\n")):
        if is_text:
            if LIST_ITEM.match(line):
                in_list = True
            elif line and not line.startswith(" "):
                in_list = False
            elif line and in_list:
                line = "  " + line
            heading = HEADING.match(line)
            if heading:
                escaped = re.sub(r"(`[^`]*`)|<", lambda found: found.group(1) or "&lt;", heading.group(2))
                line = f"{heading.group(1)}{escaped} {{ #{anchor(heading.group(2), used)} }}"
            if MARKS_OF_TESTS.match(line):
                continue
        yield line


class Gatherer:
    def __init__(self, root, pages):
        self.root = root
        self.pages = pages
        self.seen = set()

    def add(self, source):
        if source in self.seen:
            return
        self.seen.add(source)
        target = self.pages / source.relative_to(self.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix in PICTURES:
            shutil.copy(source, target)
        elif source.suffix == ".md":
            target.write_text(self.page(source))
        else:
            target.with_name(source.name + ".md").write_text(self.listing(source))

    def page(self, source):
        def link(found):
            if not found.group(1):
                return found.group()
            linked = (source.parent / found.group(2)).resolve()
            if not linked.is_file() or self.root not in linked.parents:
                return found.group()  # of another site; mkdocs complains about others
            self.add(linked)
            plain = linked.suffix in PICTURES | {".md"}
            return found.group(1) + found.group(2) + ("" if plain else ".md") + found.group(3)

        lines = []
        for line, is_text in lines_outside_code(python_markdown(source.read_text())):
            lines.append(LINK.sub(link, line) if is_text else line)
        return "\n".join(lines)

    def listing(self, source):
        name = source.relative_to(self.root)
        text = source.read_text().rstrip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return f"---\nhide: [toc]\n---\n# {name}\n\n{fence}{LANGUAGES.get(source.suffix, 'text')}\n{text}\n{fence}\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    gatherer = Gatherer(root, folder / "pages")
    gatherer.add(root / "README.md")
    shutil.copy(Path(__file__).with_name("mkdocs.yml"), folder)
    shutil.copy(Path(__file__).with_name("site.css"), folder / "pages")
    print(f"{folder}: {len(gatherer.seen)} files")


if __name__ == "__main__":
    main()
