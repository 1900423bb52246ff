#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Compiles a program for a small processor as firmware, and prints its size. qemu-user, if installed, then runs it,
# emulating a larger processor that has the same instructions.
#
# usage: run.sh <this project> <folder that has boost/> <folder to work in> arm|riscv <program.cpp> <compiler's option>...
set -eu
project=$1 boost=$2 work=$3 family=$4 source=$5
shift 5

# The path at which Arm's compiler finds <array>.
array=$(echo '#include <array>' | arm-none-eabi-g++ -M -xc++ - 2>/dev/null | tr ' ' '\n' | grep '/array$') || array=
case $family in
arm)
    compiler=arm-none-eabi-g++ size=arm-none-eabi-size emulator=qemu-arm
    packages='gcc-arm-none-eabi and libstdc++-arm-none-eabi-newlib'
    set -- "$@" -mthumb --specs=nosys.specs
    ;;
riscv)
    # Debian has a C library for it (picolibc), but no C++ library. ctnn includes only headers that do not depend on the
    # processor, so Arm's serve; and gcc, unlike g++, links without the library.
    compiler=riscv64-unknown-elf-gcc size=riscv64-unknown-elf-size emulator=qemu-riscv32
    packages='gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf and, for its headers, libstdc++-arm-none-eabi-newlib'
    headers=${array%/array}
    # Its linker script defaults to 64 KiB of flash.
    set -- "$@" --specs=picolibc.specs -Wl,--defsym=__flash_size=0x400000 -isystem "$headers" -isystem "$headers/arm-none-eabi"
    ;;
esac
if [ -z "$array" ] || ! command -v $compiler >/dev/null; then
    echo "skipped: this test needs the Debian packages $packages"
    exit 77
fi

# Of the host's headers, the compiler may see only Boost's.
mkdir -p "$work/include"
ln -sfn "$boost/boost" "$work/include/boost"

$compiler -std=c++20 -Os -ffp-contract=off "$@" -fno-exceptions -fno-rtti \
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fconstexpr-ops-limit=4294967295 \
    -I "$project/include" -isystem "$work/include" \
    -ffunction-sections -Wl,--gc-sections -nostartfiles \
    "$source" "$project/tests/firmware/start.cpp" -o "$work/program.elf"
$size "$work/program.elf"

if command -v $emulator >/dev/null; then
    $emulator "$work/program.elf"
    echo "It ran, and returned 0."
else
    echo "It was compiled and not run, because qemu-user is not here."
fi
