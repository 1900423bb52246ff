# SPDX-License-Identifier: BSL-1.0
# Tests the test: run.cmake has to detect each way in which a compile_fail test can be wrong.
# cmake -D COMPILER=<path> -D COMPILER_ID=<id> -D FLAGS=<response file> -P self_test.cmake

function(check mode file wanted_exit wanted_text)
    execute_process(
        COMMAND ${CMAKE_COMMAND} -D MODE=${mode} -D COMPILER=${COMPILER} -D COMPILER_ID=${COMPILER_ID} -D FLAGS=${FLAGS}
            -D SOURCE=${CMAKE_CURRENT_LIST_DIR}/self_test/${file} -P ${CMAKE_CURRENT_LIST_DIR}/run.cmake
        RESULT_VARIABLE exit_code
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output
    )
    if(exit_code EQUAL 0)
        set(exit passes)
    else()
        set(exit fails)
    endif()
    string(FIND "${output}" "${wanted_text}" position)
    if(NOT exit STREQUAL wanted_exit OR position EQUAL -1)
        message(SEND_ERROR "${file}: the driver ${exit}, wanted: ${wanted_exit} with \"${wanted_text}\". It said:\n${output}")
    endif()
endfunction()

check(fails good.cpp passes "refused with 1 error(s)")
check(fails compiles.cpp fails "must not compile, but does")
check(fails text_missing.cpp fails "lacks this text")
check(fails one_of_two_texts.cpp fails "lacks this text")
check(fails text_only_quoted.cpp fails "lacks this text")
check(fails no_expectation.cpp fails "any error at all would do")
check(fails too_many_errors.cpp fails "2 errors, but 1 are enough")
check(compiles compiles.cpp passes "compiles, as it should")
check(compiles good.cpp fails "this file has to compile")
