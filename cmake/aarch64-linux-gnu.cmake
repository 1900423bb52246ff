# SPDX-License-Identifier: BSL-1.0
# 64-bit Arm Linux, cross-compiled: Debian's g++-aarch64-linux-gnu; programs run under qemu-user. The compiler uses the
# host's headers, Boost's among them, but not its libraries.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
# No notes on the parameter-passing ABI of g++ before version 10.
set(CMAKE_CXX_FLAGS_INIT -Wno-psabi)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
