# SPDX-License-Identifier: BSL-1.0
# A big-endian machine, s390x Linux, on another: Debian's cross compiler (g++-s390x-linux-gnu), and its programs, linked
# statically, run by qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR s390x)
set(CMAKE_CXX_COMPILER s390x-linux-gnu-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-s390x)
