// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Comparison with the reference values and the reference networks.

#include <ctnn.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <type_traits>

namespace reference {

/// The error allowed in a value: relative to itself, and absolute, relative to `size`, the largest value that it was
/// computed from.
template <class T>
inline constexpr double relative_error = sizeof(T) == 4 ? 1e-5 : 1e-12;
template <class T>
inline constexpr double rounding_error = 16 * static_cast<double>(std::numeric_limits<T>::epsilon());

template <class T>
void check_number(const char* what, std::size_t index, T got, double wanted, double size) {
    const double error = std::abs(static_cast<double>(got) - wanted);
    BOOST_TEST(error <= relative_error<T> * std::abs(wanted) + rounding_error<T> * size,
               what << '[' << index << "] is " << got << ", but should be " << wanted);
}

/// Compares arrays whose elements are of similar magnitude.
template <class T, std::size_t Count>
void check(const char* what, const T* got, const double (&wanted)[Count]) {
    double size = 0;
    for (const double number : wanted) size = std::max(size, std::abs(number));
    for (std::size_t i = 0; i < Count; ++i) check_number(what, i, got[i], wanted[i], size);
}
template <class T, class Shape, std::size_t Count>
void check(const char* what, const ctnn::tensor<T, Shape>& got, const double (&wanted)[Count]) {
    static_assert(Shape::size == Count);
    check(what, got.data(), wanted);
}

template <class Tensor, std::size_t Count>
Tensor to_tensor(const double (&numbers)[Count]) {
    static_assert(Tensor::shape_type::size == Count);
    Tensor result;
    std::transform(numbers, numbers + Count, result.begin(),
                   [](double number) { return static_cast<typename Tensor::value_type>(number); });
    return result;
}

/// Statistics of a layer, which are not trained, follow its parameters.
template <class Net, std::size_t Count>
Net to_network(const double (&numbers)[Count]) {
    static_assert(Net::parameter_count == Count || Net::parameter_count == 0);
    Net result{};
    const double* next = numbers;
    ctnn::for_each_parameter(result, [&](auto, const char*, auto& parameter) {
        for (auto& element : parameter) element = static_cast<std::remove_reference_t<decltype(element)>>(*next++);
    });
    return result;
}

/// The trained parameters in the order of the reference.
template <std::size_t Count, class Net>
ctnn::tensor<typename Net::value_type, ctnn::shape<Count>> to_row(const Net& net) {
    ctnn::tensor<typename Net::value_type, ctnn::shape<Count>> result{};
    auto* next = result.begin();
    ctnn::for_each_tensor([&](const auto& parameter) { next = std::copy(parameter.begin(), parameter.end(), next); },
                          net);
    return result;
}

/// The outputs of one of the reference networks.
template <class T, class Case>
void check_outputs() {
    using net_type = typename Case::template net<T>;
    using inputs = ctnn::tensor<T, ctnn::batch_of<Case::batch, typename net_type::input_shape>>;
    check("output", to_network<net_type>(Case::parameters)(to_tensor<inputs>(Case::inputs)), Case::outputs);
}

/// The outputs, the loss, and all gradients of one of the reference networks.
template <class T, class Case, class Loss = typename Case::loss>
void check_network() {
    using net_type = typename Case::template net<T>;
    using inputs = ctnn::tensor<T, ctnn::batch_of<Case::batch, typename net_type::input_shape>>;
    using targets = ctnn::tensor<T, ctnn::batch_of<Case::batch, typename net_type::output_shape>>;

    const auto net = to_network<net_type>(Case::parameters);
    const auto x = to_tensor<inputs>(Case::inputs);
    const auto t = to_tensor<targets>(Case::targets);
    check("output", net(x), Case::outputs);

    net_type gradient{};
    inputs input_gradient{};
    const auto pass = std::make_unique<ctnn::gradient_pass<net_type, Loss, Case::batch, true>>();
    const T value = (*pass)(net, {}, x.data(), t.data(), gradient, Case::batch, input_gradient.data());
    check("loss", &value, Case::value);
    check("gradient", to_row<std::size(Case::gradient)>(gradient), Case::gradient);
    check("input gradient", input_gradient, Case::input_gradient);
}

}  // namespace reference
