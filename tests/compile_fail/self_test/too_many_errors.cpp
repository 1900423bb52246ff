// SPDX-License-Identifier: BSL-1.0
// EXPECT: the sentence
// ERRORS: 1
static_assert(sizeof(char) == 2, "the sentence");
static_assert(sizeof(char) == 3, "the sentence again");
