#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# g++ 12.2 at -O2 and -O3 keeps numbers in registers that an overlapping vector store has changed since.
#
# Guess: two vectors that are read and written through memcpy, and have elements in common, are treated as the memory
# that they are. Each turn of the loop adds 1 to six neighbouring floats, in two registers of four: elements 2 and 3 of
# the six lie in both, and get the same number from both. The next turn begins one float later.
# Seen: the optimisation "predictive commoning" carries a register to the next turn because a later turn reads where
# it was written, and misses that the other store reached into it. Right with -O1, with -fno-predictive-commoning, with
# clang, and with -O2 -mavx2 for this size. The sanitizers find no fault in the program.
set -euo pipefail
version=12.2.0
if ! command -v g++-12 >/dev/null || [[ $(g++-12 -dumpfullversion) != "$version" || $(uname -m) != x86_64 ]]; then
    echo "SKIPPED: this is about g++ $version for x86-64 (Debian 12: apt-get install g++-12)"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/overlap.cpp" <<'END'
#include <cstdio>
typedef float v4 __attribute__((vector_size(16)));

__attribute__((noinline)) void add_one_to_six(float* to) {
    for (int turn = 0; turn < 3; ++turn, ++to) {
        v4 first, last;
        __builtin_memcpy(&first, to, 16);
        __builtin_memcpy(&last, to + 2, 16);
        first += 1;
        last += 1;
        __builtin_memcpy(to, &first, 16);
        __builtin_memcpy(to + 2, &last, 16);
    }
}

int main() {
    float numbers[8] = {};
    add_one_to_six(numbers);
    for (int i = 0; i < 8; ++i) std::printf("%s%g", i ? " " : "", numbers[i]);
}
END
check() {
    local wanted=$1
    shift
    g++-12 "$@" "$folder/overlap.cpp" -o "$folder/overlap"
    local seen
    seen=$("$folder/overlap")
    echo "g++ $version $*: $seen"
    [[ $seen == "$wanted" ]] || { echo "CHANGED: expected $wanted"; exit 1; }
}
right="1 2 3 3 3 3 2 1"
check "$right" -O1
check "$right" -O2 -fno-predictive-commoning
check "$right" -O1 -fsanitize=address,undefined
check "1 1 2 2 3 3 2 1" -O2
