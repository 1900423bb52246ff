// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::gru<2>>;
constexpr net_type net{};
constexpr auto y = [] {
    ctnn::stream<net_type> s{net};
    return s({1, 2, 3});
}();
