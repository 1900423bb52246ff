# SPDX-License-Identifier: BSL-1.0
# Sourced by the scripts about onnxruntime.
source "$(dirname "${BASH_SOURCE[0]}")/npm.sh"

# use_onnxruntime VERSION PACKAGE...
use_onnxruntime() {
    local version=$1
    shift
    use_npm one_node_model.js "${@/%/@$version}"
}
