// SPDX-License-Identifier: BSL-1.0
// EXPECT: int an_echo
static_assert(sizeof(char) == 2, "the sentence"); int an_echo = 0;
