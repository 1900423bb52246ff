#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A temporary with an array of objects that have a constexpr destructor, in the initialiser of a constant (C++20).
#
# Guess: it is a constant expression wherever it stands, as the same array in a named constant is.
# Seen (g++ 12.2): at namespace scope and in a static_assert it is refused: the address of the array "!= 0 is not a constant
# expression". std::array is such a class, so `constexpr auto best = best_of(train_all());` does not compile, and names no
# reason. With the temporary in a function, in a constant local to one, or of a class with a single such member instead of an array,
# it is accepted. clang 16 and 19 accept all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/temporary.cpp" <<'END'
struct number {
    int value = 7;
    constexpr ~number() {}
};
struct numbers {
    number values[1]{};
};
struct pair {
    number one{}, other{};
};
constexpr int first_of(const numbers& all) { return all.values[0].value; }
constexpr int one_of(const pair& both) { return both.one.value; }
#if defined(CONSTANT)
constexpr int result = first_of(numbers{});
#elif defined(ASSERTION)
static_assert(first_of(numbers{}) == 7);
#elif defined(NAMED)
constexpr numbers all{};
constexpr int result = first_of(all);
#elif defined(FUNCTION)
constexpr int in_function() { return first_of(numbers{}); }
constexpr int result = in_function();
#elif defined(LOCAL)
int local() {
    constexpr int result = first_of(numbers{});
    return result;
}
#elif defined(MEMBERS)
constexpr int result = one_of(pair{});
#endif
END
tried=0
for compiler in g++-12 clang++-16 clang++-19; do
    command -v $compiler >/dev/null || { echo "$compiler is not here (Debian 12: apt-get install ${compiler/++-/-})"; continue; }
    tried=1
    $compiler --version | head -n 1
    while read -r gcc kind; do
        wanted=accepted
        [[ $compiler != g++-12 ]] || wanted=$gcc
        if $compiler -std=c++20 -fsyntax-only -D "$kind" "$folder/temporary.cpp" 2>"$folder/said"; then
            seen=accepted
        else
            seen=refused
        fi
        echo "$kind: $seen"
        [[ $seen == accepted ]] || grep -m 1 -o 'error: .*' "$folder/said"
        [[ $seen == "$wanted" ]] || { echo "CHANGED: expected $wanted"; exit 1; }
    done <<'END'
refused CONSTANT
refused ASSERTION
accepted NAMED
accepted FUNCTION
accepted LOCAL
accepted MEMBERS
END
done
((tried)) || exit 77
