# SPDX-License-Identifier: BSL-1.0
# A baked network whose weights have lost their signs must not compile: its contract is broken.
# cmake -D COMPILER=... -D COMPILER_ID=... -D FLAGS=... -D SOURCE=<program> -D HEADER=<baked header> -P damaged.cmake
cmake_path(GET HEADER FILENAME name)
cmake_path(GET HEADER PARENT_PATH folder)
file(READ ${HEADER} text)
string(REPLACE "-0x" "0x" damaged "${text}")
if(damaged STREQUAL text)
    message(FATAL_ERROR "${HEADER} has no negative weight: nothing was damaged")
endif()
file(WRITE ${folder}/damaged/${name} "${damaged}")

set(MODE fails)
set(INCLUDE ${folder}/damaged)
include(${CMAKE_CURRENT_LIST_DIR}/../tests/compile_fail/run.cmake)
