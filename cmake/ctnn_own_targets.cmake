# SPDX-License-Identifier: BSL-1.0
# How this project builds its own programs. Nothing here is installed or reaches a user.

add_library(ctnn_own_flags INTERFACE)
target_compile_options(ctnn_own_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CTNN_REPRODUCIBLE)
    target_compile_options(ctnn_own_flags INTERFACE -ffp-contract=off)
    target_compile_definitions(ctnn_own_flags INTERFACE CTNN_REPRODUCIBLE)
endif()

# Goes before the name of every test, so that several configurations can share one summary.
set(CTNN_TEST_PREFIX "" CACHE STRING "What the name of every test begins with")

#[[
ctnn_add_test(<name> LABEL <label> COMMAND <command>... [TIMEOUT <seconds>] [WORKING_DIRECTORY <dir>]
              [NEEDS <fixture>...] [SETS_UP <fixture>])

add_test() with the habits of this project: a test that exits with 77 is shown as skipped.
]]
function(ctnn_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT;WORKING_DIRECTORY;SETS_UP" "COMMAND;NEEDS")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    if(NOT arg_WORKING_DIRECTORY)
        set(arg_WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    endif()
    set(full_name "${CTNN_TEST_PREFIX}${name}")
    add_test(NAME "${full_name}" COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${arg_WORKING_DIRECTORY}")
    set_tests_properties("${full_name}" PROPERTIES
        LABELS "${arg_LABEL}"
        TIMEOUT ${arg_TIMEOUT}
        SKIP_RETURN_CODE 77
    )
    if(arg_NEEDS)
        list(TRANSFORM arg_NEEDS PREPEND "${CTNN_TEST_PREFIX}")
        set_tests_properties("${full_name}" PROPERTIES FIXTURES_REQUIRED "${arg_NEEDS}")
    endif()
    if(arg_SETS_UP)
        set_tests_properties("${full_name}" PROPERTIES FIXTURES_SETUP "${CTNN_TEST_PREFIX}${arg_SETS_UP}")
    endif()
endfunction()

#[[
ctnn_add_program(<target> <source>...)

A program of this project: linked with the library and its I/O part, warnings are errors. A source that has the line
`// CONSTEXPR-LIMITS: raised` gets ctnn_raise_constexpr_limits().
]]
function(ctnn_add_program target)
    add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE ctnn::io ctnn_own_flags)
    foreach(source IN LISTS ARGN)
        ctnn_source_has_line(raised ${source} "// CONSTEXPR-LIMITS: raised")
        if(raised)
            ctnn_raise_constexpr_limits(${target})
        endif()
    endforeach()
endfunction()

function(ctnn_source_has_line result source line)
    file(REAL_PATH ${source} path)
    set(${result} FALSE PARENT_SCOPE)
    if(EXISTS ${path})
        file(STRINGS ${path} found REGEX "^${line}$" LIMIT_COUNT 1)
        if(found)
            set(${result} TRUE PARENT_SCOPE)
        endif()
    endif()
endfunction()
