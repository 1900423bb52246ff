// SPDX-License-Identifier: BSL-1.0
// Integers are compared with ==.
// EXPECT: ctnn::near: compares floating-point numbers
// ERRORS: 1

#include <ctnn.hpp>

constexpr bool same = ctnn::near(1, 1);
