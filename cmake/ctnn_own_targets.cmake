# SPDX-License-Identifier: BSL-1.0
# Build settings of this project's own programs. Nothing here is installed or exported to users.

add_library(ctnn_own_flags INTERFACE)
target_compile_options(ctnn_own_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# g++'s garbage collector runs less often than by default, where it starts at an eighth of a gigabyte: constant
# evaluation and inlining produce much garbage, and collection took up to a third of the time. A sixteenth of the
# memory, in KiB.
cmake_host_system_information(RESULT memory QUERY TOTAL_PHYSICAL_MEMORY)
math(EXPR heap "${memory} * 64")
set(ctnn_gcc_heap --param=ggc-min-heapsize=${heap})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(ctnn_own_flags INTERFACE ${ctnn_gcc_heap})
endif()
# Checks are quiet, here and in the subdirectories: a negative result, usual for the one below, would be reported as
# "Failed".
set(CMAKE_REQUIRED_QUIET TRUE)
# clang 19 warns about its own -march=native on processors with AVX10.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-Winvalid-feature-combination ctnn_warns_of_features)
if(ctnn_warns_of_features)
    target_compile_options(ctnn_own_flags INTERFACE -Wno-invalid-feature-combination)
endif()
if(CTNN_REPRODUCIBLE)
    target_compile_options(ctnn_own_flags INTERFACE -ffp-contract=off)
    target_compile_definitions(ctnn_own_flags INTERFACE CTNN_REPRODUCIBLE)
endif()

# This project's programs are linked with the whole library, or, without JSON or zlib, as when cross-compiling, with all
# but its I/O part.
if(TARGET nlohmann_json::nlohmann_json AND TARGET ZLIB::ZLIB)
    set(ctnn_whole_library ctnn::io)
    # Warnings of g++ depend on how much it inlines.
    set(CTNN_IO_OPTIMISATION "" CACHE STRING "Flags for the compiled part of ctnn/io")
    target_compile_options(ctnn_io PRIVATE ${CTNN_IO_OPTIMISATION})
    target_link_libraries(ctnn_io PRIVATE ctnn_own_flags)
    if(CTNN_BUILD_FUZZERS)
        target_compile_options(ctnn_io PRIVATE -fsanitize=fuzzer-no-link)
    endif()
    # For tests that invoke the compiler themselves.
    set(ctnn_whole_headers ctnn::io_header_only)
else()
    set(ctnn_whole_library ctnn::ctnn)
    set(ctnn_whole_headers ctnn::ctnn)
endif()

# Prefix of all test names, so that several configurations can share one summary.
set(CTNN_TEST_PREFIX "" CACHE STRING "What the name of every test begins with")

#[[
ctnn_add_test(<name> LABEL <label> COMMAND <command>... [TIMEOUT <seconds>] [WORKING_DIRECTORY <dir>]
              [NEEDS <fixture>...] [SETS_UP <fixture>])

add_test() with the habits of this project: a test that exits with 77 is shown as skipped.
]]
function(ctnn_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT;WORKING_DIRECTORY;SETS_UP" "COMMAND;NEEDS")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 1200)
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

A program of this project: linked with the whole library, warnings are errors. A source that has the line
`// CONSTEXPR-LIMITS: raised` gets ctnn_raise_constexpr_limits().
]]
function(ctnn_add_program target)
    add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE ${ctnn_whole_library} ctnn_own_flags)
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

# --- For tests that invoke the compiler to see whether it accepts a file: its flags as a response file, with the
# default and with raised constant-evaluation limits.
function(ctnn_flags_file name)
    set(target flags_${name})
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/probe.cpp "")
    add_library(${target} OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/probe.cpp)
    target_link_libraries(${target} PRIVATE ${ctnn_whole_headers} ctnn_own_flags)
    # The library's own headers must not be system headers here, which show no warnings, and /usr/include must not be
    # listed at all, because its position matters to the standard library.
    string(REGEX REPLACE "([][.+*?()^$|\\])" "\\\\\\1" own "${PROJECT_SOURCE_DIR}/include")
    set(own "^${own}$|^/usr/include$")
    set(others "$<FILTER:$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>,EXCLUDE,${own}>")
    set(defines "$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>")
    set(options "$<TARGET_PROPERTY:${target},COMPILE_OPTIONS>")
    # g++ takes the precompiled <ctnn.hpp> from here if it was built with the same flags. It then ignores that the
    # headers disable a warning.
    set(precompiled ${CMAKE_CURRENT_BINARY_DIR}/precompiled)
    string(JOIN "\n" content
        "-std=c++20" "${CMAKE_CXX_FLAGS}" "$<JOIN:${options},\n>" "$<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>"
        "$<$<BOOL:${defines}>:-D$<JOIN:${defines},\n-D>>"
        "\"-I${precompiled}\"" "\"-I${PROJECT_SOURCE_DIR}/include\""
        "$<$<BOOL:${others}>:\"-isystem$<JOIN:${others},\"\n\"-isystem>\">" ""
    )
    # The language in the name allows language-dependent options of the target.
    file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}.$<COMPILE_LANGUAGE>.rsp CONTENT "${content}"
        TARGET ${target})
    set(flags_file ${CMAKE_CURRENT_BINARY_DIR}/${target}.CXX.rsp)
    set(ctnn_${name}_flags ${flags_file} PARENT_SCOPE)

    # Without warnings: #pragma once in a main file is one.
    add_custom_command(OUTPUT ${precompiled}/ctnn.hpp.gch/${name}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${precompiled}/ctnn.hpp.gch
        COMMAND ${CMAKE_CXX_COMPILER} @${flags_file} -w -x c++-header ${PROJECT_SOURCE_DIR}/include/ctnn.hpp
            -o ${precompiled}/ctnn.hpp.gch/${name}
        DEPENDS ${core_headers} ${flags_file}
        COMMENT "Precompiling ctnn.hpp with ${name} limits"
        VERBATIM
    )
    set(ctnn_precompiled ${ctnn_precompiled} ${precompiled}/ctnn.hpp.gch/${name} PARENT_SCOPE)
endfunction()
ctnn_flags_file(default)
ctnn_flags_file(raised)
ctnn_raise_constexpr_limits(flags_raised)
add_custom_target(ctnn_precompiled DEPENDS ${ctnn_precompiled})

set(ctnn_ask_compiler
    ${CMAKE_COMMAND} -D COMPILER=${CMAKE_CXX_COMPILER} -D COMPILER_ID=${CMAKE_CXX_COMPILER_ID})
