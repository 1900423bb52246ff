// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE fit_sharded
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>
#include <ctnn/train/fit_sharded.hpp>
#include <ctnn/train/threads.hpp>

#include <cstddef>
#include <ratio>

namespace {

using core_support::numbers;

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<5, ctnn::tanh>, ctnn::dropout<std::ratio<1, 4>>,
                               ctnn::dense<2, ctnn::softmax>>;
constexpr net_type start = ctnn::initialize<net_type>(ctnn::glorot_uniform{}, 1);
constexpr auto x = numbers<double, ctnn::shape<11, 3>>(2);
constexpr ctnn::tensor<int, ctnn::shape<11>> labels{0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0};

template <std::size_t Shards, class Workers>
constexpr net_type by(Workers&& workers) {
    return ctnn::fit<ctnn::cross_entropy, 4, ctnn::sharded<Shards>>(workers, start, x, labels, ctnn::adam{},
                                                                    {.epochs = 3, .seed = 5});
}
template <std::size_t Shards, class Workers>
constexpr net_type clipped_by(Workers&& workers) {
    return ctnn::fit<ctnn::cross_entropy, 4, ctnn::sharded<Shards>>(workers, start, x, labels, ctnn::sgd{},
                                                                    {.epochs = 3, .seed = 5, .clip_norm = 0.1});
}

constexpr bool one_shard_is_fit() {
    return by<1>(ctnn::in_order{}) ==
               ctnn::fit<ctnn::cross_entropy, 4>(start, x, labels, ctnn::adam{}, {.epochs = 3, .seed = 5}) &&
           clipped_by<1>(ctnn::in_order{}) ==
               ctnn::fit<ctnn::cross_entropy, 4>(start, x, labels, ctnn::sgd{},
                                                 {.epochs = 3, .seed = 5, .clip_norm = 0.1});
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_shard) {
    BOTH_PHASES(one_shard_is_fit);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads) {
    constexpr net_type two = by<2>(ctnn::in_order{}), four = by<4>(ctnn::in_order{}),
                       clipped = clipped_by<2>(ctnn::in_order{});
    BOOST_TEST((by<2>(ctnn::in_order{}) == two));
    for (const std::size_t threads : {1u, 2u, 3u, 7u}) {
        ctnn::team workers{threads};
        BOOST_TEST((by<2>(workers) == two));
        BOOST_TEST((by<4>(workers) == four));
        BOOST_TEST((clipped_by<2>(workers) == clipped));
    }
}
