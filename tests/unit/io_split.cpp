// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_split
#include <boost/test/unit_test.hpp>

#include <ctnn/io/split.hpp>

#include <cstddef>
#include <set>
#include <stdexcept>
#include <vector>

namespace {

using numbers = ctnn::io::dataset<double, ctnn::shape<1>, ctnn::shape<1>>;

/// Sample i has the input i and the target 100 + i.
numbers counted(std::size_t count) {
    numbers data;
    for (std::size_t i = 0; i < count; ++i) {
        const auto input = static_cast<double>(i);
        const double target = 100 + input;
        data.add(&input, &target);
    }
    return data;
}

}  // namespace

BOOST_AUTO_TEST_CASE(in_order) {
    const auto [train, held_out] = ctnn::io::split_in_order(counted(5), 2);
    BOOST_TEST((train == numbers({0, 1, 2}, {100, 101, 102})));
    BOOST_TEST((held_out == numbers({3, 4}, {103, 104})));
}

BOOST_AUTO_TEST_CASE(shuffled_keeps_every_sample_once_with_its_target) {
    const auto parts = ctnn::io::split_shuffled(counted(50), 10, 7);
    BOOST_TEST(parts.train.size() == 40u);
    BOOST_TEST(parts.held_out.size() == 10u);
    std::set<double> seen;
    for (const numbers* part : {&parts.train, &parts.held_out}) {
        for (std::size_t i = 0; i < part->size(); ++i) {
            seen.insert(part->inputs()[i][0]);
            BOOST_TEST(part->targets()[i][0] == part->inputs()[i][0] + 100);
        }
    }
    BOOST_TEST(seen.size() == 50u);
}

BOOST_AUTO_TEST_CASE(shuffled_by_seed) {
    const numbers data = counted(50);
    BOOST_TEST((ctnn::io::split_shuffled(data, 10, 1).held_out == ctnn::io::split_shuffled(data, 10, 1).held_out));
    BOOST_TEST((ctnn::io::split_shuffled(data, 10, 1).held_out != ctnn::io::split_shuffled(data, 10, 2).held_out));
    BOOST_TEST((ctnn::io::split_shuffled(data, 10, 1).held_out != ctnn::io::split_in_order(data, 10).held_out));
}

BOOST_AUTO_TEST_CASE(shuffled_the_same_on_every_platform) {
    const numbers held_out = ctnn::io::split_shuffled(counted(1000), 4, 1).held_out;
    // Computed with a Python implementation of SplitMix64 and the shuffle.
    BOOST_TEST((held_out == numbers({455, 994, 763, 580}, {555, 1094, 863, 680})));
}

BOOST_AUTO_TEST_CASE(something_must_be_left) {
    BOOST_CHECK_THROW(ctnn::io::split_in_order(counted(5), 5), std::invalid_argument);
    BOOST_CHECK_THROW(ctnn::io::split_shuffled(counted(5), 6, 1), std::invalid_argument);
    BOOST_TEST(ctnn::io::split_shuffled(counted(5), 0, 1).train.size() == 5u);
}
