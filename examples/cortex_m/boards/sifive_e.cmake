# SPDX-License-Identifier: BSL-1.0
set(board_source riscv.cpp)
set(board_options -march=rv32imac -mabi=ilp32)
set(board_hz 16000000)
set(board_libraries -lc -lm -lgcc)
set(board_emulator qemu-system-riscv32 -M sifive_e -bios none)
