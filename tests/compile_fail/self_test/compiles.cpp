// SPDX-License-Identifier: BSL-1.0
// EXPECT: an error that never comes
static_assert(sizeof(char) == 1);
