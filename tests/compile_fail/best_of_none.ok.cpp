// SPDX-License-Identifier: BSL-1.0
// The twin of best_of_none.cpp, without the mistake.

#include <ctnn.hpp>
#include <ctnn/train/fit_many.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
constexpr std::array<ctnn::fitted<net_type>, 1> results{};
constexpr auto best = ctnn::best_of(results);
