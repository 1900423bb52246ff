#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# clang's limit of steps in a constant (-fconstexpr-steps, 1,048,576 unless it is set) counts pairs of braces.
#
# Guess: a step is something that is computed: an operation, a call, a turn of a loop. Braces around one statement are a
# matter of style, and { { { x; } } } is x;
# Seen (clang 16 and 19): each statement is a step whenever it is reached, and a pair of braces is a statement. A loop of
# 1000 turns needs 1005 steps, with braces around its body 2005, with three pairs 4005. A call is no step: its body is
# (the braces and the return: two). Two additions are one step with a comma and two with a semicolon.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/steps.cpp" <<'END'
constexpr int one(int i) { return i; }
constexpr int plain(int n) { int s = 0; for (int i = 0; i < n; ++i) s += i; return s; }
constexpr int braces(int n) { int s = 0; for (int i = 0; i < n; ++i) { s += i; } return s; }
constexpr int three_pairs(int n) { int s = 0; for (int i = 0; i < n; ++i) { { { s += i; } } } return s; }
constexpr int call(int n) { int s = 0; for (int i = 0; i < n; ++i) s += one(i); return s; }
constexpr int comma(int n) { int s = 0; for (int i = 0; i < n; ++i) s += i, s += 0; return s; }
constexpr int semicolon(int n) { int s = 0; for (int i = 0; i < n; ++i) { s += i; s += 0; } return s; }
static_assert(FUNCTION(1000) == 499500);
END
# The least limit with which the file compiles.
steps() {
    local too_few=1 enough=20000 middle
    while ((enough - too_few > 1)); do
        middle=$(((too_few + enough) / 2))
        if "$1" -std=c++20 -fsyntax-only -DFUNCTION="$2" -fconstexpr-steps=$middle "$folder/steps.cpp" 2>/dev/null; then
            enough=$middle
        else
            too_few=$middle
        fi
    done
    echo "$enough"
}
tried=0
for compiler in clang++-16 clang++-19; do
    command -v $compiler >/dev/null || { echo "$compiler is not here (Debian 12: apt-get install ${compiler/++/})"; continue; }
    tried=1
    while read -r function wanted; do
        seen=$(steps $compiler "$function")
        echo "$compiler: $function: $seen steps"
        [[ $seen == "$wanted" ]] || { echo "CHANGED: expected $wanted"; exit 1; }
    done <<'END'
plain 1005
braces 2005
three_pairs 4005
call 3005
comma 1005
semicolon 3005
END
done
((tried)) || exit 77
