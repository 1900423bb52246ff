// SPDX-License-Identifier: BSL-1.0
// EXPECT: the sentence that is said
// EXPECT: and one that is not
static_assert(sizeof(char) == 2, "the sentence that is said");
