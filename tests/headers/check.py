#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks what a compiler does not: the form of the headers and what they include.

usage: check.py INCLUDE_DIRECTORY DESIGN.md
"""
import re
import sys
from pathlib import Path

# Headers outside io stay light: these would cost every user more than the library itself.
HEAVY = {"algorithm", "cmath", "fstream", "functional", "iostream", "map", "ostream", "random", "sstream", "string", "vector"}
HOSTED = {"ctnn/train/threads.hpp", "ctnn/verify/parallel.hpp"}  # threads and memory
OPENED = re.compile(r"^namespace ctnn\b", re.MULTILINE)
# Platforms define macros with these names; (abs)(x) is not a macro call.
MACRO_CALLED = re.compile(r"^(?!\s*//)(?:[^\n/]|/(?!/))*?\b(abs|min|max|round)\(", re.MULTILINE)
HANA = re.compile(r"boost/hana/")  # its parts; boost/hana.hpp is all of it
MACROS_ALONE = {"ctnn/operations.hpp", "ctnn/target.hpp", "ctnn/version.hpp"}
MOST_LINES = 300
# The names of the standard library that the headers use, by header. Each is included by the header that uses it or by
# another of ctnn that it includes: a standard library may include more than it has to, and another one then does not.
STANDARD = {
    "algorithm": "adjacent_find all_of any_of copy count find find_if max min none_of ranges sort",
    "array": "array",
    "atomic": "atomic memory_order_acq_rel memory_order_acquire memory_order_relaxed memory_order_release",
    "bit": "bit_cast countl_zero endian",
    "charconv": "chars_format from_chars from_chars_result to_chars",
    "chrono": "chrono",
    "cmath": "fabs ilogb isfinite isnan ldexp pow signbit sqrt",
    "concepts": "convertible_to floating_point integral same_as signed_integral",
    "condition_variable": "condition_variable",
    "cstddef": "ptrdiff_t size_t",
    "cstdint": "int16_t int8_t int32_t int64_t uint16_t uint32_t uint64_t uint8_t uintmax_t",
    "cstdio": "FILE fclose ferror fflush fopen fprintf fputs fread fseek fwrite rewind snprintf tmpfile",
    "cstdlib": "abort",
    "cstring": "memcpy strerror",
    "exception": "current_exception exception exception_ptr rethrow_exception",
    "filesystem": "filesystem",
    "fstream": "ifstream ofstream",
    "functional": "function greater_equal",
    "initializer_list": "initializer_list",
    "iostream": "cerr cout",
    "iterator": "input_iterator_tag",
    "limits": "numeric_limits",
    "locale": "locale",
    "memory": "addressof make_shared make_unique make_unique_for_overwrite shared_ptr unique_ptr",
    "mutex": "lock_guard mutex unique_lock",
    "numeric": "iota",
    "optional": "nullopt optional",
    "ostream": "ostream",
    "ratio": "ratio",
    "set": "set",
    "span": "span",
    "sstream": "istringstream ostringstream",
    "stdexcept": "invalid_argument runtime_error",
    "string": "string to_string",
    "string_view": "string_view",
    "system_error": "errc error_code",
    "thread": "this_thread thread",
    "type_traits": "bool_constant conditional_t false_type integral_constant is_arithmetic_v is_class_v is_const_v "
                   "is_constant_evaluated is_empty_v is_floating_point_v is_integral_v is_member_function_pointer_v is_pointer_v "
                   "is_base_of_v is_same_v is_void_v remove_const_t remove_cvref_t remove_reference_t true_type type_identity "
                   "type_identity_t",
    "utility": "declval exchange forward index_sequence index_sequence_for integer_sequence make_index_sequence move pair "
               "swap",
    "variant": "get_if holds_alternative variant visit",
    "vector": "vector",
}
# These have overloads or declarations in several headers.
OF_SEVERAL = {"abs", "begin", "end", "erase", "get", "ios", "streamsize", "tuple_element", "tuple_size"}
HEADER_OF = {name: header for header, names in STANDARD.items() for name in names.split()}
STANDARD_NAME = re.compile(r"(?<![\w:])(?:::)?std::(\w+)")
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"')
START = re.compile(r"// SPDX-License-Identifier: BSL-1\.0\n#pragma once\n/// @file\n/// \S")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def rooms_of(design):
    """The table row of each folder: a header includes headers of its own row and of earlier rows."""
    table = design.split("\n## The house\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    return {
        room.removesuffix("/").removesuffix(".hpp"): rank
        for rank, row in enumerate(rows)
        for room in re.findall(r"`([^`]+)`", row)
    }


def begins_with(name, includes):
    """The header whose content the compiler reads first."""
    while name != "ctnn/config.hpp" and name in includes and includes[name]:
        name = includes[name][0]
    return name


def all_included(name, includes, seen):
    """What a header includes, directly and by others of ctnn."""
    for other in includes.get(name, []):
        if other not in seen:
            seen.add(other)
            all_included(other, includes, seen)
    return seen


def main():
    root = Path(sys.argv[1])
    ranks = rooms_of(Path(sys.argv[2]).read_text())

    def room_of(name):
        return ranks.get(name.removeprefix("ctnn/").split("/")[0].removesuffix(".hpp"))

    texts = {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.hpp"))}
    includes = {name: INCLUDE.findall(text) for name, text in texts.items()}
    wrong = []

    for name, text in texts.items():
        if not START.match(text):
            wrong.append(f"{name}: begins otherwise than with SPDX, #pragma once, /// @file and a sentence")
        if text.count("\n") > MOST_LINES:
            wrong.append(f"{name}: {text.count(chr(10))} lines, more than {MOST_LINES}")
        if name == "ctnn.hpp":
            continue
        if name not in MACROS_ALONE and begins_with(name, includes) != "ctnn/config.hpp":
            wrong.append(f"{name}: begins with {begins_with(name, includes)}; ctnn/config.hpp says first what is missing")
        if room_of(name) is None:
            wrong.append(f"{name}: in no room of the table in docs/design.md")
            continue
        in_io = name.startswith("ctnn/io/")
        included = all_included(name, includes, set())
        for used in sorted(set(STANDARD_NAME.findall(COMMENT_OR_TEXT.sub("", text))) - OF_SEVERAL):
            if used not in HEADER_OF:
                wrong.append(f"{name}: std::{used} is not in STANDARD of {Path(__file__).name}")
            elif HEADER_OF[used] not in included:
                wrong.append(f"{name}: uses std::{used}, and neither it nor what it includes of ctnn includes <{HEADER_OF[used]}>")
        if called := MACRO_CALLED.search(text):
            wrong.append(f"{name}: {called.group(1)}( may be a macro of the platform; write ({called.group(1)})(")
        if not in_io and OPENED.search(text):
            wrong.append(f"{name}: opens ctnn, and not CTNN_NAMESPACE (ctnn/target.hpp)")
        for other in includes[name]:
            if other.startswith("ctnn"):
                if other not in texts:
                    wrong.append(f"{name}: there is no {other}")
                elif other == "ctnn.hpp" or (room_of(other) or 0) > room_of(name):
                    wrong.append(f"{name}: includes {other}, which is above it")
            elif not in_io and name not in HOSTED and (other in HEAVY or other.endswith(".h") or ("/" in other and not HANA.match(other))):
                wrong.append(f"{name}: includes <{other}>, which the core does without")

    # The umbrella header includes everything but io and what only tests need.
    reached, waiting = set(), ["ctnn.hpp"]
    while waiting:
        name = waiting.pop()
        if name in texts and name not in reached:
            reached.add(name)
            waiting += includes[name]
    for name in texts:
        if (name in reached) == name.startswith(("ctnn/io/", "ctnn/check/", "ctnn/verify", "ctnn/quantize", "ctnn/kernel/integer",
                                               "ctnn/train/sharded", "ctnn/train/fit_sharded", "ctnn/train/fit_many",
                                               "ctnn/train/workers", "ctnn/train/threads")):
            wrong.append(f"ctnn.hpp: {'has' if name in reached else 'lacks'} {name}")

    print("\n".join(wrong))
    print(f"{len(texts)} headers, {len(wrong)} complaints")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
