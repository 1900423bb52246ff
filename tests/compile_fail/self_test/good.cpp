// SPDX-License-Identifier: BSL-1.0
// EXPECT: ctnn: one sentence; with [brackets], 'quotes' and semicolons
// ERRORS: 1
static_assert(sizeof(char) == 2, "ctnn: one sentence; with [brackets], 'quotes' and semicolons");
