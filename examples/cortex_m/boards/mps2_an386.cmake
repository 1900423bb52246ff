# SPDX-License-Identifier: BSL-1.0
set(board_source cortex_m.cpp)
set(board_options -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(board_hz 25000000)
set(board_libraries -lc_nano -lm -lgcc)
set(board_emulator qemu-system-arm -M mps2-an386)
