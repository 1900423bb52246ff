# SPDX-License-Identifier: BSL-1.0
#[[
ctnn_raise_constexpr_limits(<target> [OPS <n>] [DEPTH <n>])

Lets the compiler work longer on the constant expressions of <target>: training a network in a constexpr variable or
counting right answers over a data set in a static_assert soon takes more steps than compilers allow by default.

OPS    how many steps one constant expression may take (default: 4294967295, the most that clang takes). Compilers
       count differently: g++ counts operations (default 33554432, no known maximum) and the turns of a single loop
       (default 262144, maximum 2147483647), clang counts statements, calls and turns (default 1048576).
DEPTH  how deep constexpr functions may call each other (default: the compiler's own, 512).

It changes how long a compiler may try, never what it computes. The flags apply to <target> alone; on an INTERFACE
library they apply to those who link it.
]]
function(ctnn_raise_constexpr_limits target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "OPS;DEPTH" "")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "ctnn_raise_constexpr_limits: unknown argument: ${arg_UNPARSED_ARGUMENTS}")
    endif()

    set(ops 4294967295)
    if(DEFINED arg_OPS)
        set(ops ${arg_OPS})
    endif()
    foreach(limit IN ITEMS ops arg_DEPTH)
        if(DEFINED ${limit} AND NOT ${limit} MATCHES "^[1-9][0-9]*$")
            message(FATAL_ERROR "ctnn_raise_constexpr_limits: \"${${limit}}\" is not a positive whole number")
        endif()
    endforeach()
    set(clang_steps ${ops})
    if(clang_steps GREATER 4294967295)
        set(clang_steps 4294967295)
    endif()
    set(gcc_turns ${ops})
    if(gcc_turns GREATER 2147483647)
        set(gcc_turns 2147483647)
    endif()

    set(gcc_flags -fconstexpr-ops-limit=${ops} -fconstexpr-loop-limit=${gcc_turns})
    set(clang_flags -fconstexpr-steps=${clang_steps})
    if(DEFINED arg_DEPTH)
        list(APPEND gcc_flags -fconstexpr-depth=${arg_DEPTH})
        list(APPEND clang_flags -fconstexpr-depth=${arg_DEPTH})
    endif()

    get_target_property(type ${target} TYPE)
    set(scope PRIVATE)
    if(type STREQUAL "INTERFACE_LIBRARY")
        set(scope INTERFACE)
    endif()
    target_compile_options(${target} ${scope}
        "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:${gcc_flags}>"
        "$<$<COMPILE_LANG_AND_ID:CXX,Clang,AppleClang>:${clang_flags}>"
    )
endfunction()
