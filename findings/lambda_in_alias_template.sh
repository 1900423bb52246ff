#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A lambda whose body has `if constexpr`, in the decltype of an alias template: C++20 allows it (a lambda in an unevaluated
# operand), and it is the short way to choose a type by a condition.
#
# Guess: the alias with an argument is a type, wherever the argument comes from.
# Seen (g++ 12, clang 16 and 19): with a literal argument, all three accept it. With the parameter of another template, as
# the member type of a class template, all three refuse the same valid alias, each in its own way: g++ says that the class
# has no such member, and clang that the two branches return different types, although one of them is discarded. A
# function template in place of the lambda is accepted by all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/alias.cpp" <<'END'
#if defined(FUNCTION)
template <int Bytes>
constexpr auto smallest() {
    if constexpr (Bytes < 2)
        return char{};
    else
        return short{};
}
template <int Bytes>
using number = decltype(smallest<Bytes>());
#else
template <int Bytes>
using number = decltype([] {
    if constexpr (Bytes < 2)
        return char{};
    else
        return short{};
}());
#endif
#if defined(MEMBER)
template <int Bytes>
struct cell {
    using type = number<Bytes>;
};
static_assert(sizeof(cell<1>::type) == 1 && sizeof(cell<2>::type) == 2);
#else
static_assert(sizeof(number<1>) == 1 && sizeof(number<2>) == 2);
#endif
END
tried=0
for compiler in g++-12 clang++-16 clang++-19; do
    command -v $compiler >/dev/null || { echo "$compiler is not here (Debian 12: apt-get install ${compiler/++-/-})"; continue; }
    tried=1
    while read -r wanted flags; do
        # shellcheck disable=SC2086
        if $compiler -std=c++20 -fsyntax-only $flags "$folder/alias.cpp" 2>"$folder/said"; then
            seen=accepted
        else
            seen=refused
        fi
        echo "$compiler ${flags:-(a literal argument)}: $seen"
        [[ $seen == accepted ]] || grep -m 1 -o 'error: .*' "$folder/said"
        [[ $seen == "$wanted" ]] || { echo "CHANGED: expected $wanted"; exit 1; }
    done <<'END'
accepted
refused -DMEMBER
accepted -DMEMBER -DFUNCTION
END
done
((tried)) || exit 77
