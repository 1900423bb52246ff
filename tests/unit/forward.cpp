// SPDX-License-Identifier: BSL-1.0
/// @file
/// Samples whose number is known only at run time have the same outputs as one by one.
#define BOOST_TEST_MODULE forward
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>
#include <ctnn/train/threads.hpp>
#include <ctnn/train/workers.hpp>

#include <cstddef>
#include <vector>

namespace {

using namespace ctnn;
using core_support::numbers;

template <class Net, std::size_t Count>
constexpr bool outputs_are_those_of_calls(std::size_t count) {
    using T = typename Net::value_type;
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    const Net net = initialize<Net>(glorot_uniform{}, 3);
    const auto x = numbers<T, batch_of<Count, typename Net::input_shape>>(4);
    tensor<T, shape<Count + 1, outputs>> y{};
    y[count * outputs] = 42;
    forward(net, samples<T, typename Net::input_shape>{x.values, count}, y.values);
    for (std::size_t row = 0; row < count; ++row) {
        tensor<T, typename Net::input_shape> one{};
        for (std::size_t i = 0; i < inputs; ++i) one[i] = x[row * inputs + i];
        const auto expected = net(one);
        for (std::size_t i = 0; i < outputs; ++i)
            if (!near(y[row * outputs + i], expected[i])) return false;
    }
    return y[count * outputs] == 42;
}

using small = network<double, input<3>, dense<5, ctnn::tanh>, dense<2>>;
using sequence = network<float, input<4, 2>, gru<3>, dense<2, softmax>>;
using wide = network<float, input<3>, dense<300, relu>, dense<2>>;
static_assert(detail::samples_at_once<small> == 16 && detail::samples_at_once<wide> == 1);

constexpr bool in_constants() {
    return outputs_are_those_of_calls<small, 19>(19) && outputs_are_those_of_calls<small, 19>(0) &&
           outputs_are_those_of_calls<sequence, 3>(3);
}

/// Jobs of 64 samples give the bits of one call.
template <class Net, std::size_t Count, class Workers>
constexpr bool jobs_do_not_matter(Workers& workers, std::size_t count) {
    using T = typename Net::value_type;
    const Net net = initialize<Net>(glorot_uniform{}, 3);
    const auto x = numbers<T, batch_of<Count, typename Net::input_shape>>(4);
    tensor<T, shape<Count + 1, Net::output_shape::size>> whole{}, parts{};
    parts[count * Net::output_shape::size] = whole[count * Net::output_shape::size] = 42;
    const samples<T, typename Net::input_shape> some{x.values, count};
    forward(net, some, whole.values);
    forward(workers, net, some, parts.values);
    return whole == parts;
}
constexpr bool jobs_in_constants() {
    const in_order workers{};
    return jobs_do_not_matter<small, 70>(workers, 70) && jobs_do_not_matter<small, 70>(workers, 0);
}
static_assert(jobs_in_constants());

}  // namespace

BOOST_AUTO_TEST_CASE(by_threads) {
    BOOST_TEST(jobs_in_constants());
    for (const std::size_t threads : {1u, 2u, 3u}) {
        team workers{threads};
        for (const std::size_t count : {0u, 1u, 63u, 64u, 65u, 250u}) {
            BOOST_TEST((jobs_do_not_matter<small, 250>(workers, count)));
            BOOST_TEST((jobs_do_not_matter<sequence, 250>(workers, count)));
            BOOST_TEST((jobs_do_not_matter<wide, 250>(workers, count)));
        }
    }
}

BOOST_AUTO_TEST_CASE(any_number_of_samples) {
    BOOST_TEST(in_constants());
    for (const std::size_t count : {0u, 1u, 15u, 16u, 17u, 32u, 40u}) {
        BOOST_TEST((outputs_are_those_of_calls<small, 40>(count)));
        BOOST_TEST((outputs_are_those_of_calls<sequence, 40>(count)));
        BOOST_TEST((outputs_are_those_of_calls<wide, 40>(count)));
    }
}
static_assert(in_constants());
