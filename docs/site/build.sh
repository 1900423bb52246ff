#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Builds the site in FOLDER/html with mkdocs and checks its links. Returns 77 without mkdocs or its theme, which ctest
# reports as skipped.
#
# usage: docs/site/build.sh FOLDER
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
folder=$1

if ! command -v mkdocs >/dev/null || [[ $(mkdocs build --help) != *material* ]]; then
    echo "It needs mkdocs with the theme material (Debian: mkdocs-material)."
    exit 77
fi
python3 "$here/gather.py" "$here/../.." "$folder"
mkdocs build --quiet --strict --config-file "$folder/mkdocs.yml"
python3 "$here/links.py" "$folder/html"
