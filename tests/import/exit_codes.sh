#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# The program itself: exit code 0 on success, 2 and one line on failure.
#
# usage: exit_codes.sh CTNN_IMPORT
set -u
fail() {
    echo "$1"
    exit 1
}
"$1" absent.onnx --report 2>said
[ $? = 2 ] || fail "a file that is not there: the exit code is not 2"
[ "$(cat said)" = "ctnn-import: absent.onnx: the file cannot be opened" ] || fail "said: $(cat said)"
printf '\211HDF\r\n\032\n and more' >damaged.h5
printf '\034\0\0\0TFL3 and more' >damaged.tflite
for file in damaged.h5 damaged.tflite; do
    "$1" $file --output damaged.hpp --name damaged 2>said
    [ $? = 2 ] || fail "$file: the exit code is not 2"
    [ "$(wc -l <said)" -eq 1 ] || fail "$file: said: $(cat said)"
    [ ! -e damaged.hpp ] || fail "$file: a header was written"
done
"$1" absent.onnx --batch 0 2>said
[ $? = 2 ] || fail "an option that makes no sense: the exit code is not 2"
"$1" 2>said
[ $? = 2 ] || fail "no model: the exit code is not 2"
"$1" --help || fail "--help: the exit code is not 0"
