// SPDX-License-Identifier: BSL-1.0
// A bound with a value for each input.
#include <ctnn.hpp>
#include <ctnn/verify.hpp>

constexpr ctnn::box<float, ctnn::shape<2>> inputs{.lower = {-1, -1}, .upper = {1, 1}};
