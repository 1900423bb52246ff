# SPDX-License-Identifier: BSL-1.0
# 32-bit x86 Linux on a 64-bit machine: Debian's cross compiler (g++-i686-linux-gnu). Programs are linked statically, so
# that they run without a C library of theirs being installed.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_CXX_COMPILER i686-linux-gnu-g++)
# With the registers of SSE2: the old floating-point unit rounds in its own way.
set(CMAKE_CXX_FLAGS_INIT "-msse2 -mfpmath=sse -Wno-psabi")
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/run-i686.sh)
