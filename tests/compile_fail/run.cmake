# SPDX-License-Identifier: BSL-1.0
# cmake -D MODE=fails|compiles -D COMPILER=<path> -D COMPILER_ID=<id> -D FLAGS=<response file> -D SOURCE=<file> -P run.cmake
#
# MODE=compiles: the compiler accepts SOURCE.
# MODE=fails:    the compiler rejects SOURCE with the output that comments in SOURCE announce:
#   // EXPECT: text          this text is in the output; with several lines, all of their texts
#   // EXPECT gcc: text      the same, for g++ only
#   // EXPECT clang: text    the same, for clang only
#   // ERRORS: n             at most n lines with "error:" (default 3), so that a reader sees the message, not a flood
#
# With -D INCLUDE=<directory>, headers are searched there first. For g++, FLAGS name a folder with <ctnn.hpp>
# precompiled; for clang it is passed here, for sources that include it first.

foreach(needed IN ITEMS MODE COMPILER COMPILER_ID FLAGS SOURCE)
    if(NOT DEFINED ${needed})
        message(FATAL_ERROR "run.cmake: say ${needed}")
    endif()
endforeach()

set(kind clang)
set(quiet -fno-caret-diagnostics)
if(COMPILER_ID STREQUAL "GNU")
    set(kind gcc)
    set(quiet -fno-diagnostics-show-caret)
endif()

set(include "")
if(DEFINED INCLUDE)
    set(include -I${INCLUDE})
endif()

set(precompiled "")
file(READ ${SOURCE} content)
if(kind STREQUAL "clang" AND content MATCHES "^(//[^\n]*\n|\n)*#include <ctnn\\.hpp>" AND NOT DEFINED INCLUDE)
    string(REGEX REPLACE "flags_([a-z]+)\\.CXX\\.rsp$" "precompiled/ctnn.hpp.gch/\\1" precompiled ${FLAGS})
    if(EXISTS ${precompiled})
        set(precompiled -include-pch ${precompiled})
    else()
        set(precompiled "")
    endif()
endif()

# Messages only: a source line quoted by the compiler might contain the expected text.
set(ENV{LC_ALL} C)
execute_process(
    COMMAND ${COMPILER} ${include} @${FLAGS} ${precompiled} -Wno-unused -fsyntax-only -fmessage-length=0
        -fno-diagnostics-color ${quiet} ${SOURCE}
    RESULT_VARIABLE exit_code
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output
)

if(MODE STREQUAL "compiles")
    if(NOT exit_code EQUAL 0)
        message(FATAL_ERROR "this file has to compile:\n${output}")
    endif()
    message(STATUS "compiles, as it should")
    return()
endif()

# CMake's lists would break on ; and [ ], so the directives are read line by line.
file(READ ${SOURCE} rest)
set(expected_count 0)
set(most_errors 3)
while(rest MATCHES "(^|\n)// (EXPECT|EXPECT gcc|EXPECT clang|ERRORS): ([^\n]*)(.*)")
    set(what "${CMAKE_MATCH_2}")
    set(text "${CMAKE_MATCH_3}")
    set(rest "${CMAKE_MATCH_4}")
    if(what STREQUAL "ERRORS")
        set(most_errors "${text}")
    elseif(what STREQUAL "EXPECT" OR what STREQUAL "EXPECT ${kind}")
        set(expected_${expected_count} "${text}")
        math(EXPR expected_count "${expected_count} + 1")
    endif()
endwhile()
if(expected_count EQUAL 0)
    message(FATAL_ERROR "${SOURCE} has no line \"// EXPECT: text\" for ${kind}: any error at all would do")
endif()

if(exit_code EQUAL 0)
    message(FATAL_ERROR "this file must not compile, but does:\n${output}")
endif()

math(EXPR last "${expected_count} - 1")
foreach(index RANGE ${last})
    string(FIND "${output}" "${expected_${index}}" position)
    if(position EQUAL -1)
        message(FATAL_ERROR "the compiler's output lacks this text:\n  ${expected_${index}}\nIt says:\n${output}")
    endif()
endforeach()

# Counted by length, again to avoid lists.
string(REPLACE "error:" "error" shorter "${output}")
string(LENGTH "${output}" length)
string(LENGTH "${shorter}" shorter_length)
math(EXPR errors "${length} - ${shorter_length}")
if(errors GREATER most_errors)
    message(FATAL_ERROR "${errors} errors, but ${most_errors} are enough to say it:\n${output}")
endif()
message(STATUS "refused with ${errors} error(s):\n${output}")
