# SPDX-License-Identifier: BSL-1.0
# 64-bit Windows on Linux: Debian's cross compiler (g++-mingw-w64-x86-64-posix); statically linked programs run under
# wine, whose prefix is in the build folder.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR
    env WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml= WINEPREFIX=${CMAKE_BINARY_DIR}/wine wine)
# Of the host's headers, only Boost's are visible to the compiler.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/host_headers)
file(CREATE_LINK /usr/include/boost ${CMAKE_BINARY_DIR}/host_headers/boost SYMBOLIC)
set(Boost_NO_BOOST_CMAKE ON)
set(Boost_INCLUDE_DIR ${CMAKE_BINARY_DIR}/host_headers)
