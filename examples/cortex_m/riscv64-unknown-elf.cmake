# SPDX-License-Identifier: BSL-1.0
# Toolchain file: GNU's compiler for RISC-V without an operating system, and picolibc. Debian's packages
# gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf and libstdc++-arm-none-eabi-newlib.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
include(${CMAKE_CURRENT_LIST_DIR}/boost.cmake)

# Debian has no C++ library for it. ctnn includes only headers that do not depend on the processor, so Arm's serve.
execute_process(COMMAND sh -c "echo '#include <array>' | arm-none-eabi-g++ -M -xc++ - | tr ' ' '\\n' | grep '/array$'"
    OUTPUT_VARIABLE array OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT array)
    message(FATAL_ERROR "The C++ headers of libstdc++-arm-none-eabi-newlib are not here")
endif()
cmake_path(GET array PARENT_PATH headers)
set(CMAKE_CXX_FLAGS_INIT "--specs=picolibc.specs -isystem ${headers} -isystem ${headers}/arm-none-eabi")
