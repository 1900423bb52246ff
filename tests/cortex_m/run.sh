#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Compiles a program for a processor of the Cortex-M family, as firmware is compiled, and shows its size. Its
# instructions are then run by qemu-user, if that is here; it plays a larger Arm that has them too.
#
# usage: run.sh <this project> <folder that has boost/> <folder to work in> <program.cpp> <option of the compiler>...
set -eu
project=$1 boost=$2 work=$3 source=$4
shift 4

if ! command -v arm-none-eabi-g++ >/dev/null || ! echo '#include <array>' | arm-none-eabi-g++ -E -xc++ - >/dev/null 2>&1
then
    echo "skipped: this test needs the Debian packages gcc-arm-none-eabi and libstdc++-arm-none-eabi-newlib"
    exit 77
fi

# Of the host's headers, the compiler may see Boost's and no others.
mkdir -p "$work/include"
ln -sfn "$boost/boost" "$work/include/boost"

arm-none-eabi-g++ -std=c++20 "$@" -mthumb -Os -ffp-contract=off -fno-exceptions -fno-rtti \
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fconstexpr-ops-limit=4294967295 \
    -I "$project/include" -isystem "$work/include" \
    -ffunction-sections -Wl,--gc-sections -nostartfiles --specs=nosys.specs \
    "$source" "$project/tests/cortex_m/start.cpp" -o "$work/program.elf"
arm-none-eabi-size "$work/program.elf"

if command -v qemu-arm >/dev/null; then
    qemu-arm "$work/program.elf"
    echo "It ran, and returned 0."
else
    echo "It was compiled and not run, because qemu-user is not here."
fi
