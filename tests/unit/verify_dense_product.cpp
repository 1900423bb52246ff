// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE verify_dense_product
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "ordered_sum.hpp"

#include <ctnn/kernel/elementwise/whole_object.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/verify/layer/dense_product.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace {

using core_support::ordered_sum;
using core_support::random_vector;
using core_support::same;
using ctnn::shape;
using ctnn::tensor;
namespace kernel = ctnn::kernel;

/// How many outputs differ from sums in the order of the kernel, or were written past the end.
std::size_t wrong_forward(std::size_t inputs, std::size_t outputs) {
    const auto x = random_vector<double>(inputs, 1), w = random_vector<double>(inputs * outputs, 2),
               b = random_vector<double>(outputs, 3);
    std::vector<double> y(outputs + 8, 77);
    ctnn::detail::product_of_any_size(x.data(), w.data(), b.data(), y.data(), inputs, outputs);
    const auto order = kernel::forward_order(outputs, inputs, sizeof(double));
    std::size_t wrong = 0;
    for (std::size_t o = 0; o < outputs; ++o)
        wrong +=
            !same(y[o], ordered_sum(order, b[o], inputs, [&](std::size_t k) { return x[k] * w[k * outputs + o]; }));
    return wrong + static_cast<std::size_t>(std::count_if(y.begin() + static_cast<std::ptrdiff_t>(outputs), y.end(),
                                                          [](double value) { return value != 77; }));
}

template <std::size_t Rows>
std::size_t wrong_transposed(std::size_t inputs, std::size_t outputs) {
    const auto dy = random_vector<double>(Rows * outputs, 1), w = random_vector<double>(inputs * outputs, 2);
    std::vector<double> dx(Rows * inputs + 8, 77), scratch(Rows * outputs);
    ctnn::detail::product_with_transposed_of_any_size<Rows>(dy.data(), w.data(), dx.data(), scratch.data(), inputs,
                                                            outputs);
    const auto order =
        Rows == 1 ? kernel::forward_order(1, outputs, sizeof(double)) : kernel::sum_order{kernel::left_to_right};
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < Rows; ++row)
        for (std::size_t i = 0; i < inputs; ++i)
            wrong += !same(dx[row * inputs + i], ordered_sum(order, 0.0, outputs, [&](std::size_t k) {
                               return dy[row * outputs + k] * w[i * outputs + k];
                           }));
    return wrong + static_cast<std::size_t>(std::count_if(dx.begin() + static_cast<std::ptrdiff_t>(Rows * inputs),
                                                          dx.end(), [](double value) { return value != 77; }));
}

template <std::size_t Inputs, std::size_t Outputs>
constexpr auto two_rows(const tensor<double, shape<2 * Inputs>>& x) {
    tensor<double, shape<2 * Outputs>> y{};
    ctnn::detail::affine_product<2>(x.values, core_support::numbers<double, shape<Inputs, Outputs>>(2),
                                    core_support::numbers<double, shape<Outputs>>(3), y.values);
    return y;
}
template <std::size_t Inputs, std::size_t Outputs>
void check_phases() {
    constexpr auto x = core_support::numbers<double, shape<2 * Inputs>>(1);
    constexpr auto in_constants = two_rows<Inputs, Outputs>(x);
    BOOST_TEST(same(in_constants, two_rows<Inputs, Outputs>(core_support::opaque(x))));
}

struct layer {
    tensor<float, shape<5, 3>> weights;
    tensor<float, shape<7>> bias;
};
struct real_layer {
    tensor<double, shape<5, 3>> weights;
    tensor<double, shape<7>> bias;
};
constexpr bool is_converted() {
    layer from{};
    for (std::size_t i = 0; i < 15; ++i) from.weights[i] = static_cast<float>(i) - 7.1f;
    from.bias[6] = -0.3f;
    real_layer to{};
    kernel::convert_elements<double, float>(from, to);
    bool right = to.bias[6] == static_cast<double>(-0.3f) && to.bias[0] == 0;
    for (std::size_t i = 0; i < 15; ++i) right = right && to.weights[i] == static_cast<double>(from.weights[i]);
    kernel::take_magnitudes(to);
    right = right && to.bias[6] == static_cast<double>(0.3f);
    for (std::size_t i = 0; i < 15; ++i) {
        const double element = static_cast<double>(from.weights[i]);
        right = right && to.weights[i] == (element < 0 ? -element : element);
    }
    return right;
}

}  // namespace

BOOST_AUTO_TEST_CASE(products_of_all_small_sizes_are_in_the_order_of_the_kernels) {
    std::size_t wrong = 0;
    for (std::size_t inputs = 1; inputs < 44; ++inputs)
        for (std::size_t outputs = 1; outputs < 44; ++outputs)
            wrong += wrong_forward(inputs, outputs) + wrong_transposed<1>(inputs, outputs) +
                     wrong_transposed<4>(inputs, outputs) + wrong_transposed<8>(inputs, outputs);
    wrong += wrong_forward(200, 70) + wrong_transposed<8>(70, 130);
    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_CASE(both_phases_give_the_same_bits) {
    check_phases<5, 3>();
    check_phases<20, 4>();
    check_phases<30, 9>();
    check_phases<12, 16>();
}

BOOST_AUTO_TEST_CASE(objects_of_numbers_are_converted_in_both_phases) {
    static_assert(is_converted());
    BOOST_TEST(is_converted());
}
