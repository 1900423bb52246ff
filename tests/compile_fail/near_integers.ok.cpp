// SPDX-License-Identifier: BSL-1.0
// The twin of near_integers.cpp, without the mistake.

#include <ctnn.hpp>

constexpr bool same = ctnn::near(1.0, 1);
