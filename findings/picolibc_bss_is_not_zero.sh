#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# A program linked with picolibc 1.8's linker script and run by qemu-user 7.2 begins with a .bss that is not zero.
#
# Guess: whoever loads an ELF file gives .bss zeros, since the file has none for it: a program with a start of its own
# (-nostartfiles) needs to clear it on bare hardware only.
# Seen (RV32IMAC): hundreds of bytes of .bss are the file's symbol table and strings. The linker script names the
# segment of .bss before that of .data, which lies lower in the same page; the format wants loadable segments in
# ascending order of their addresses. qemu-riscv32 maps them in the order of the file, so the page of .data, with what
# the file has behind it, replaces zeros that were there. Linked with ld's own script, the same program finds zeros.
# Picolibc's own start code clears .bss and does not notice.
set -euo pipefail
version_of() {
    dpkg-query -W -f '${Version}' "$1" 2>/dev/null || true
}
if [[ $(version_of picolibc-riscv64-unknown-elf) != 1.8-* || $(version_of qemu-user) != 1:7.2+* ]] ||
    ! command -v riscv64-unknown-elf-gcc >/dev/null; then
    echo "SKIPPED: this is about picolibc 1.8 and qemu-user 7.2 (Debian 12: apt-get install" \
        "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-user)"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >count.c <<'END'
/* Ends with the number of bytes of .bss that are not zero, at most 255. */
unsigned char filled[16] = {1, 2, 3};
unsigned char zeros[3000];

void _start(void) {
    int count = filled[0] - 1;
    for (int i = 0; i < 3000; ++i) count += zeros[i] != 0;
    register int result asm("a0") = count > 255 ? 255 : count;
    register int exit_call asm("a7") = 93;
    asm volatile("ecall" : : "r"(result), "r"(exit_call));
    for (;;) {}
}
END
flags=(-march=rv32imac -mabi=ilp32 -Os -ffreestanding -nostartfiles)
riscv64-unknown-elf-gcc "${flags[@]}" -nostdlib count.c -o own.elf
riscv64-unknown-elf-gcc "${flags[@]}" -specs=picolibc.specs count.c -o picolibc.elf
for linked in own picolibc; do
    found=0
    qemu-riscv32 $linked.elf || found=$?
    echo "$linked.elf: bytes of .bss that are not zero: $found (255: or more)"
    riscv64-unknown-elf-readelf -lW $linked.elf | grep LOAD
    [[ ($linked == own && $found == 0) || ($linked == picolibc && $found == 255) ]] || { echo CHANGED; exit 1; }
done
