# SPDX-License-Identifier: BSL-1.0
# Sourced by the scripts about onnxruntime: installs its packages in a folder that is removed at the end, and goes there.

# use_onnxruntime VERSION PACKAGE...
use_onnxruntime() {
    local version=$1 support folder
    shift
    support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    command -v npm >/dev/null || { echo "SKIPPED: needs npm"; exit 77; }
    folder=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder as it is now
    trap "rm -rf '$folder'" EXIT
    cd "$folder"
    npm install --silent --no-save --ignore-scripts "${@/%/@$version}" >/dev/null ||
        { echo "SKIPPED: there is no onnxruntime $version here"; exit 77; }
    cp "$support/one_node_model.js" .
}
