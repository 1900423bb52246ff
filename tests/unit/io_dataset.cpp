// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_dataset
#include <boost/test/unit_test.hpp>

#include <ctnn/io/dataset.hpp>

#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace {

using ctnn::shape;
using numbers = ctnn::io::dataset<float, shape<2>, shape<1>>;
using classes = ctnn::io::dataset<float, shape<2, 2>, ctnn::io::class_labels<10>>;

static_assert(std::same_as<decltype(std::declval<const numbers&>().inputs()), ctnn::samples<float, shape<2>>>);
static_assert(std::same_as<decltype(std::declval<const numbers&>().targets()), ctnn::samples<float, shape<1>>>);
static_assert(std::same_as<decltype(std::declval<const classes&>().labels()), ctnn::samples<std::uint8_t, shape<>>>);

template <class Dataset>
concept has_labels = requires(const Dataset& data) {
    data.labels();
};
static_assert(has_labels<classes> && !has_labels<numbers>);

template <class Dataset>
concept views_of_a_temporary = requires(Dataset&& data) {
    std::move(data).inputs();
};
static_assert(!views_of_a_temporary<numbers>);

}  // namespace

BOOST_AUTO_TEST_CASE(empty) {
    const numbers data;
    BOOST_TEST(data.size() == 0u);
    BOOST_TEST(data.inputs().count == 0u);
}

BOOST_AUTO_TEST_CASE(views_see_what_was_given) {
    const numbers data({1, 2, 3, 4}, {5, 6});
    BOOST_TEST(data.size() == 2u);
    BOOST_TEST(data.inputs().count == 2u);
    BOOST_TEST(data.inputs()[1][0] == 3);
    BOOST_TEST(data.targets()[1][0] == 6);
}

BOOST_AUTO_TEST_CASE(add_and_change) {
    classes data;
    const float input[]{1, 2, 3, 4};
    const std::uint8_t label = 7;
    data.add(input, &label);
    data.input(0)[3] = 9;
    BOOST_TEST((data == classes({1, 2, 3, 9}, {7})));
    BOOST_TEST(data.labels()[0][0] == 7);
    *data.target(0) = 3;
    BOOST_TEST(data.labels()[0][0] == 3);
}

BOOST_AUTO_TEST_CASE(whole_samples_only) {
    BOOST_CHECK_THROW(numbers({1, 2, 3}, {5, 6}), std::invalid_argument);
    BOOST_CHECK_THROW(numbers({1, 2, 3, 4}, {5}), std::invalid_argument);
    using two_targets = ctnn::io::dataset<float, shape<1>, shape<2>>;
    BOOST_CHECK_THROW(two_targets({1}, {1, 2, 3}), std::invalid_argument);
}
