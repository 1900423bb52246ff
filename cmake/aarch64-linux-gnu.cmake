# SPDX-License-Identifier: BSL-1.0
# 64-bit Arm Linux on another machine: Debian's cross compiler (g++-aarch64-linux-gnu), and its programs run by qemu-user.
# The compiler finds the headers of the host, Boost's among them; libraries of the host are of no use to it.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
# Without remarks on how g++ before version 10 passed parameters.
set(CMAKE_CXX_FLAGS_INIT -Wno-psabi)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
