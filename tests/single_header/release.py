#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Tests scripts/release in a repository of its own: the files, that they are the same the second time, and that it
refuses versions that differ and a changelog without a date. Returns 77 without git.

usage: release.py REPOSITORY --work FOLDER
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

PARTS = ["include", "tools/single_header.py", "scripts", "README.md", "docs/import.md", "CHANGELOG.md", "CITATION.cff",
         "debian/changelog"]
DATED = (r"(## \[[0-9.]*\]) - .*", r"\1 - 2026-12-01")
# What is changed in a file, and what scripts/release then says of it.
MISTAKES = [
    ("debian/changelog", (r"\A(ctnn) \(.*?\)", r"\1 (9.9.9)"), "debian/changelog has the version 9.9.9, and"),
    ("CITATION.cff", (r"(?m)^version: .*\n", ""), "CITATION.cff has the version none, and"),
    ("CHANGELOG.md", (r"## \[.*?\]", "## [9.9.9]"), "CHANGELOG.md has the version 9.9.9, and"),
    ("include/ctnn/version.hpp", (r"(_PATCH) \d+", r"\1 99"), "debian/changelog has the version"),
    ("README.md", (r"(find_package\(ctnn) [0-9.]*", r"\1 9.9"), "README.md has the version 9.9, and"),
    ("CHANGELOG.md", (r"(## \[[0-9.]*\]) - .*", r"\1 - unreleased"), "CHANGELOG.md has no date for"),
]


class Repository:
    def __init__(self, source, folder):
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        for part in PARTS:
            target = folder / part
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (source / part).is_dir() else shutil.copy)(source / part, target)
        # Neither the configuration of whoever runs this nor a repository around it.
        self.environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
        self.environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "a",
                             "GIT_AUTHOR_EMAIL": "a@a.invalid", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@a.invalid"}
        self.run("git", "init", "--quiet").check_returncode()

    def run(self, *command):
        return subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)

    def change(self, file, substitution):
        path = self.folder / file
        before = path.read_text()
        after = re.sub(*substitution, before, count=1)
        assert after != before, f"{file} has nothing like {substitution[0]}"
        path.write_text(after)

    def commit(self):
        self.run("git", "add", "--all", "--force", *PARTS).check_returncode()
        self.run("git", "commit", "--quiet", "--message", "a").check_returncode()

    def release(self, argument):
        return self.run("scripts/release", argument)

    def files(self):
        return {path.name: path.read_bytes() for path in (self.folder / "build/release").iterdir()}


def main():
    if len(sys.argv) != 4 or sys.argv[2] != "--work":
        sys.exit(__doc__)
    if not shutil.which("git"):
        print("It needs git.")
        sys.exit(77)
    repository = Repository(Path(sys.argv[1]), Path(sys.argv[3]))
    repository.commit()
    version = repository.run("scripts/version").stdout.strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version), version

    repository.release("--draft").check_returncode()
    files = repository.files()
    assert sorted(files) == ["SHA256SUMS", f"ctnn-{version}.tar.gz", "ctnn.hpp"], sorted(files)
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, sums
    with tarfile.open(repository.folder / f"build/release/ctnn-{version}.tar.gz") as archive:
        header = archive.extractfile(f"ctnn-{version}/include/ctnn.hpp").read()
    assert header == (repository.folder / "include/ctnn.hpp").read_bytes()
    assert f"// ctnn {version} in one header".encode() in files["ctnn.hpp"]
    repository.release("--draft").check_returncode()
    assert {name: repository.files()[name] for name in files} == files, "the second release has other bytes"

    refused = repository.release("9.9.9")
    assert refused.returncode == 1 and refused.stderr == f"The last commit has the version {version}, not 9.9.9.\n", refused
    dated = re.sub(*DATED, (repository.folder / "CHANGELOG.md").read_text(), count=1)
    for file, substitution, words in MISTAKES:
        (repository.folder / "CHANGELOG.md").write_text(dated)
        correct = (repository.folder / file).read_text()
        repository.change(file, substitution)
        repository.commit()
        refused = repository.release(version)
        assert refused.returncode == 1 and words in refused.stderr and refused.stderr.count("\n") == 1, (file, refused)
        (repository.folder / file).write_text(correct)
    print(f"a draft of {version} has its files, and {len(MISTAKES) + 1} mistakes are refused")


if __name__ == "__main__":
    main()
