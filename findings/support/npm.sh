# SPDX-License-Identifier: BSL-1.0
# Sourced by scripts about npm packages: installs them in a folder that is removed at the end, and goes there.

# use_npm FILE PACKAGE@VERSION...: FILE, of this folder, is copied beside the packages
use_npm() {
    local file=$1 support folder
    shift
    support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    command -v npm >/dev/null || { echo "SKIPPED: needs npm"; exit 77; }
    folder=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder as it is now
    trap "rm -rf '$folder'" EXIT
    cd "$folder"
    npm install --silent --no-save --ignore-scripts "$@" >/dev/null || { echo "SKIPPED: needs $*"; exit 77; }
    cp "$support/$file" .
}
