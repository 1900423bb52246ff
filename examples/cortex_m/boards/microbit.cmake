# SPDX-License-Identifier: BSL-1.0
set(board_source cortex_m.cpp)
set(board_options -mcpu=cortex-m0 -mthumb)
set(board_hz 16000000)
set(board_libraries -lc_nano -lm -lgcc)
set(board_emulator qemu-system-arm -M microbit)
