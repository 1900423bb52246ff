// SPDX-License-Identifier: BSL-1.0
// The cost for every user: the header alone.
#include <ctnn.hpp>
