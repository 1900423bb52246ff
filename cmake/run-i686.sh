#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Runs a 32-bit x86 program natively, which is ten times as fast, or, if the kernel does not support it, under
# qemu-user.
shopt -s execfail
exec "$@"
exec qemu-i386 "$@"
