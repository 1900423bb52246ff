// SPDX-License-Identifier: BSL-1.0
// EXPECT: a sentence that the compiler does not say
static_assert(sizeof(char) == 2, "another sentence");
