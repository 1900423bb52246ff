// SPDX-License-Identifier: BSL-1.0
/// @file
/// A network's constants agree with its tensors: parameters, bytes, multiply-accumulates.
#define BOOST_TEST_MODULE counts
#include "laws/support.hpp"

#include <string>
#include <vector>

using ctnn::dense;
using ctnn::input;
using ctnn::network;

/// The number of all parameters, and of those in weight matrices, each used once per sample.
struct counted {
    std::size_t parameters = 0, weights = 0;
};
template <class Net>
constexpr counted count_of() {
    Net net{};
    counted result;
    ctnn::for_each_parameter(net, [&](auto, const char*, const auto& parameter) {
        using shape = typename std::remove_cvref_t<decltype(parameter)>::shape_type;
        result.parameters += parameter.size();
        result.weights += shape::rank > 1 ? parameter.size() : 0;
    });
    return result;
}

/// A network, and its numbers of parameters and of multiply-accumulates, computed by hand.
template <class Net, std::size_t Parameters, std::size_t MultiplyAccumulates>
struct expected {
    using net = Net;
    static constexpr std::size_t parameters = Parameters, multiply_accumulates = MultiplyAccumulates;
};

template <class T>
using networks = std::tuple<
    expected<network<T, input<1>, dense<1>>, 2, 1>,
    expected<network<T, input<1>, dense<1, ctnn::identity, ctnn::no_bias>>, 1, 1>,
    expected<network<T, input<2>, dense<4, ctnn::tanh>, dense<1, ctnn::sigmoid>>, 17, 12>,
    expected<network<T, input<3>, dense<5, ctnn::silu, ctnn::no_bias>, dense<7, ctnn::softmax>>, 57, 50>,
    expected<network<T, input<3>, dense<1>, dense<9, ctnn::relu, ctnn::no_bias>, dense<1>, dense<2>>, 27, 23>,
    expected<network<T, input<784>, dense<128, ctnn::relu>, dense<10, ctnn::log_softmax>>, 101'770, 101'632>>;
using all_networks =
    decltype(std::tuple_cat(std::declval<networks<float>>(), std::declval<networks<double>>()));

BOOST_AUTO_TEST_CASE_TEMPLATE(parameters_bytes_and_work, Expected, all_networks) {
    using net = typename Expected::net;
    constexpr counted found = count_of<net>();
    static_assert(net::parameter_count == Expected::parameters && found.parameters == Expected::parameters);
    static_assert(net::multiply_accumulates == Expected::multiply_accumulates);
    static_assert(found.weights == Expected::multiply_accumulates);
    static_assert(sizeof(net) == Expected::parameters * sizeof(typename net::value_type));
    static_assert(net::parameter_bytes == sizeof(net));
    static_assert(std::is_trivially_copyable_v<net> && std::is_standard_layout_v<ctnn::layer_t<0, net>>);

    const counted found_at_run_time = count_of<net>();
    BOOST_TEST(found_at_run_time.parameters == Expected::parameters);
    BOOST_TEST(found_at_run_time.weights == Expected::multiply_accumulates);
}

BOOST_AUTO_TEST_CASE(parameters_come_in_order_with_layer_and_name) {
    using net = network<float, input<2>, dense<3>, dense<4, ctnn::tanh, ctnn::no_bias>, dense<5>>;
    net some{};
    std::vector<std::string> names;
    ctnn::for_each_parameter(some, [&](auto layer, const char* name, const auto& parameter) {
        names.push_back(std::to_string(layer()) + '.' + name + ':' + std::to_string(parameter.size()));
    });
    const std::vector<std::string> wanted{"0.weights:6", "0.bias:3", "1.weights:12", "2.weights:20", "2.bias:5"};
    BOOST_TEST(names == wanted, boost::test_tools::per_element());
}
