// SPDX-License-Identifier: BSL-1.0
// What every user pays: the header alone.
#include <ctnn.hpp>
