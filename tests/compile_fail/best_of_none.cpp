// SPDX-License-Identifier: BSL-1.0
// The best of no results.
// EXPECT: ctnn::best_of: there is at least one result
// ERRORS: 1

#include <ctnn.hpp>
#include <ctnn/train/fit_many.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
constexpr std::array<ctnn::fitted<net_type>, 0> results{};
constexpr auto best = ctnn::best_of(results);
