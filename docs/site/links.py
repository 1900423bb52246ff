#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks a site of HTML files: every link within it leads to a file and an anchor that are there, two clicks from
index.html reach every page, and nothing is loaded from elsewhere.

usage: links.py FOLDER
"""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.anchors = set()
        self.clicks = []
        self.loads = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(attributes[name] for name in ("id", "name") if attributes.get(name))
        if tag == "a" and "href" in attributes:
            self.clicks.append(attributes["href"])
        elif tag == "link" and attributes.get("rel") not in ("canonical", "prev", "next"):
            self.loads.append(attributes["href"])
        elif attributes.get("src"):
            self.loads.append(attributes["src"])


def check(folder):
    """The complaints about a site, and how many pages and links it has."""
    folder = folder.resolve()
    pages = {path: Page(path.read_text()) for path in sorted(folder.rglob("*.html"))}
    # The server's page for what is missing may be shown at any address, so its links begin at the root.
    pages.pop(folder / "404.html", None)
    complaints = []
    links = 0
    leads_to = {path: set() for path in pages}
    for path, page in pages.items():
        name = path.relative_to(folder)
        for link in page.clicks + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loads:
                    complaints.append(f"{name} loads {link} from elsewhere")
                continue
            links += 1
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file() or folder not in target.parents:
                complaints.append(f"{name} links to {link}, which is not there")
            elif target in pages:
                leads_to[path].add(target)
                if parts.fragment and unquote(parts.fragment) not in pages[target].anchors:
                    complaints.append(f"{name} links to {link}, and that page has no such anchor")
    near = {folder / "index.html"}
    for _ in range(2):
        near |= {target for path in near for target in leads_to.get(path, ())}
    complaints += [f"{path.relative_to(folder)} is more than two clicks from index.html" for path in pages if path not in near]
    return complaints, len(pages), links


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    complaints, pages, links = check(Path(sys.argv[1]))
    if complaints:
        sys.exit("\n".join(complaints))
    if pages < 2:
        sys.exit(f"{sys.argv[1]} has no pages")
    print(f"{pages} pages, {links} links: none is broken, and two clicks reach every page")


if __name__ == "__main__":
    main()
