# SPDX-License-Identifier: BSL-1.0
# 32-bit x86 Linux on a 64-bit machine: Debian's cross compiler (g++-i686-linux-gnu). Programs are linked statically and
# need no 32-bit C library.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_CXX_COMPILER i686-linux-gnu-g++)
# SSE2, because the x87 FPU rounds differently.
set(CMAKE_CXX_FLAGS_INIT "-msse2 -mfpmath=sse -Wno-psabi")
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/run-i686.sh)
