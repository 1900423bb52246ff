# SPDX-License-Identifier: BSL-1.0
# WebAssembly with the system interface WASI: Debian's clang 19, its libc++ (libc++-19-dev-wasm32, libclang-rt-19-dev-wasm32),
# wasi-libc and lld; programs run under node.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_CXX_COMPILER_TARGET wasm32-wasi)
set(CMAKE_CXX_FLAGS_INIT -fno-exceptions)
set(CMAKE_CROSSCOMPILING_EMULATOR node --no-warnings ${CMAKE_CURRENT_LIST_DIR}/run-wasi.mjs)
# Of the host's headers, only Boost's are visible to the compiler.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/host_headers)
file(CREATE_LINK /usr/include/boost ${CMAKE_BINARY_DIR}/host_headers/boost SYMBOLIC)
set(Boost_NO_BOOST_CMAKE ON)
set(Boost_INCLUDE_DIR ${CMAKE_BINARY_DIR}/host_headers)
