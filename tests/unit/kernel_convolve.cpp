// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_convolve
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "ordered_sum.hpp"

#include <ctnn/kernel/convolution/convolve.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace kernel = ctnn::kernel;
using core_support::ordered_sum;
using core_support::random_vector;
using core_support::same;
using kernel::slide;

/// A window that slides over `input` elements with zero padding, as far as it fits.
constexpr slide windows(std::size_t input, std::size_t window, std::size_t before, std::size_t behind,
                        std::size_t dilation = 1, std::size_t stride = 1) {
    slide result{input, window, stride, dilation, before, behind, 1};
    result.output = (input + before + behind - result.span()) / stride + 1;
    return result;
}

/// The summation order of a convolution: that of one time step if it is 1-D and causal.
template <class T>
constexpr kernel::sum_order order_for(slide down, slide across, std::size_t filters, std::size_t depth) {
    const bool is_causal = down.input == 1 && across.before + 1 == across.span() && across.behind == 0;
    return is_causal ? kernel::window_order(filters, depth, sizeof(T)) : kernel::runs_for(filters, depth, sizeof(T));
}

/// The index of the input element for a term of the sum at an output position, or `outside`. Terms are ordered by row
/// and column of the window, then by channel.
constexpr std::size_t outside = static_cast<std::size_t>(-1);
constexpr std::size_t input_of(std::size_t channels, slide down, slide across, std::size_t place, std::size_t term) {
    const std::size_t channel = term % channels, i = term / channels / across.window,
                      j = term / channels % across.window;
    const std::size_t row = place / across.output * down.stride + i * down.dilation - down.before;
    const std::size_t column = place % across.output * across.stride + j * across.dilation - across.before;
    return row < down.input && column < across.input ? (channel * down.input + row) * across.input + column : outside;
}

/// The number of outputs that differ from sums in the given order, or were written past the end. Not a template over
/// the sizes, of which there are many.
template <class T>
[[gnu::noinline]] std::size_t wrong_numbers(const std::vector<T>& y, kernel::sum_order order, std::size_t channels,
                                            slide down, slide across, const std::vector<T>& x,
                                            const std::vector<T>& weights, const std::vector<T>& start) {
    const std::size_t depth = down.window * across.window * channels, places = down.output * across.output,
                      filters = start.size(), weight_stride = weights.size() / depth;
    const auto seen = [&](std::size_t place, std::size_t term) {
        const std::size_t input = input_of(channels, down, across, place, term);
        return input == outside ? T{} : x[input];
    };
    std::size_t wrong = 0;
    for (std::size_t filter = 0; filter < filters; ++filter)
        for (std::size_t place = 0; place < places; ++place)
            wrong += !same(y[filter * places + place], ordered_sum(order, start[filter], depth, [&](std::size_t term) {
                               return weights[term * weight_stride + filter] * seen(place, term);
                           }));
    for (std::size_t i = filters * places; i < y.size(); ++i) wrong += y[i] != T{77};
    return wrong;
}

/// All outputs are right, to the bit without contraction, and nothing is written past the end.
template <class T, std::size_t Channels, slide Down, slide Across, std::size_t Filters, bool Biased>
[[gnu::noinline]] void check() {
    constexpr std::size_t depth = Down.window * Across.window * Channels, places = Down.output * Across.output;
    constexpr std::size_t weight_stride = Filters + 3;
    constexpr kernel::sum_order order = order_for<T>(Down, Across, Filters, depth);
    using start = std::conditional_t<Biased, kernel::from_row_bias, kernel::from_zero>;
    const auto x = random_vector<T>(Channels * Down.input * Across.input, 1);
    const auto weights = random_vector<T>(depth * weight_stride, 2);
    // Without a bias, the values in its place do not matter.
    const auto bias = random_vector<T>(Filters, 3), wanted_start = Biased ? bias : std::vector<T>(Filters);
    std::vector<T> y(Filters * places + 64, T{77});
    kernel::convolve<Channels, Down, Across, Filters, weight_stride, order, start>(x.data(), weights.data(),
                                                                                   bias.data(), y.data());
    BOOST_TEST(wrong_numbers(y, order, Channels, Down, Across, x, weights, wanted_start) == 0u);
}

/// The start of the sums is the same code for all windows, so only half of the checks have a bias.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters>
void check_all() {
    constexpr bool is_even = Filters % 2 == 0;
#if defined(CTNN_TEST_SANITIZED)
    check<float, Channels, Down, Across, Filters, is_even>();
#elif defined(CTNN_TEST_HALF_THE_SIZES)
    check<std::conditional_t<is_even, float, double>, Channels, Down, Across, Filters, is_even>();
#else
    check<float, Channels, Down, Across, Filters, is_even>();
    check<double, Channels, Down, Across, Filters, !is_even>();
#endif
}

constexpr slide one_high = windows(1, 1, 0, 0);

/// The outputs of filters with contiguous rows of weights.
template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, bool Biased>
constexpr auto outputs() {
    constexpr std::size_t depth = Down.window * Across.window * Channels, places = Down.output * Across.output;
    constexpr kernel::sum_order order = order_for<float>(Down, Across, Filters, depth);
    using start = std::conditional_t<Biased, kernel::from_row_bias, kernel::from_zero>;
    float x[Channels * Down.input * Across.input]{}, weights[depth * Filters]{}, bias[Filters]{};
    for (std::size_t i = 0; i < std::size(x); ++i) x[i] = static_cast<float>(i * 37 % 101) / 7 - 5;
    for (std::size_t i = 0; i < std::size(weights); ++i) weights[i] = static_cast<float>(i * 53 % 97) / 11 - 3;
    for (std::size_t i = 0; i < Filters; ++i) bias[i] = static_cast<float>(i) / 3;
    std::array<float, Filters * places> y{};
    kernel::convolve<Channels, Down, Across, Filters, Filters, order, start>(x, weights, bias, y.data());
    return y;
}

template <std::size_t Channels, slide Down, slide Across, std::size_t Filters, bool Biased>
void check_phases() {
    constexpr auto constant = outputs<Channels, Down, Across, Filters, Biased>();
    const auto run_time = outputs<Channels, Down, Across, Filters, Biased>();
    for (std::size_t i = 0; i < constant.size(); ++i) BOOST_TEST(same(constant[i], run_time[i]));
}

/// Images plus the im2col matrix scattered to them (col2im): each element gets its terms in the order of the matrix.
template <class T>
[[gnu::noinline]] std::vector<T> with_patches(std::vector<T> images, std::size_t channels, slide down, slide across,
                                              const std::vector<T>& matrix) {
    const std::size_t places = down.output * across.output;
    for (std::size_t i = 0; i < matrix.size(); ++i) {
        const std::size_t input = input_of(channels, down, across, i % places, i / places);
        if (input != outside) images[input] += matrix[i];
    }
    return images;
}

/// Windows overlap, so registers are added to memory that was written just before.
template <class T, std::size_t Channels, slide Down, slide Across>
[[gnu::noinline]] void check_scatter() {
    using columns = kernel::im2col<Channels, Down, Across>;
    const auto matrix = random_vector<T>(columns::size, 1);
    auto images = random_vector<T>(Channels * Down.input * Across.input, 2);
    const auto wanted = with_patches(images, Channels, Down, Across, matrix);
    columns::scatter(matrix.data(), images.data());
    BOOST_CHECK_MESSAGE(images == wanted, "a window of " + std::to_string(Across.window) + " on " +
                                              std::to_string(Across.input) + " of " + std::to_string(sizeof(T)) +
                                              " bytes");
}

template <std::size_t Window, std::size_t... Input>
void check_scatters(std::index_sequence<Input...>) {
    (check_scatter<float, 1, one_high, windows(Input, Window, 0, 0)>(), ...);
    (check_scatter<double, 2, one_high, windows(Input, Window, 0, 0)>(), ...);
#if !defined(CTNN_TEST_HALF_THE_SIZES)
    (check_scatter<float, 2, one_high, windows(Input, Window, 0, 0)>(), ...);
    (check_scatter<double, 1, one_high, windows(Input, Window, 0, 0)>(), ...);
#endif
}

}  // namespace

BOOST_AUTO_TEST_CASE(patches_added_to_images) {
    check_scatters<2>(std::index_sequence<3, 4, 6, 7, 8, 9, 17>{});
    check_scatters<3>(std::index_sequence<4, 5, 6, 7, 8, 9, 11, 12, 15, 20>{});
    check_scatters<5>(std::index_sequence<8, 10, 11, 12, 15, 21>{});
    check_scatter<float, 3, windows(5, 3, 1, 1), windows(9, 3, 1, 1)>();
    check_scatter<float, 2, windows(6, 2, 0, 0), windows(14, 4, 0, 0, 2)>();
    check_scatter<double, 2, windows(7, 3, 1, 1, 1, 2), windows(9, 3, 1, 1, 1, 2)>();
    check_scatter<float, 2, one_high, windows(12, 3, 2, 0)>();
}

BOOST_AUTO_TEST_CASE(same_bits_in_both_phases) {
    check_phases<1, windows(6, 3, 0, 0), windows(7, 3, 0, 0), 8, true>();
    check_phases<3, windows(5, 3, 1, 1), windows(5, 3, 1, 1), 16, false>();
    check_phases<2, one_high, windows(19, 4, 6, 0, 2), 12, true>();
    check_phases<2, windows(4, 2, 0, 0), windows(4, 2, 0, 0), 5, true>();
    check_phases<16, windows(1, 1, 0, 0), windows(2, 1, 0, 0), 4, false>();
}

BOOST_AUTO_TEST_CASE(windows_inside_the_image) {
    check_all<1, windows(28, 3, 0, 0), windows(28, 3, 0, 0), 8>();
    check_all<3, windows(9, 2, 0, 0), windows(21, 5, 0, 0), 11>();
    check_all<4, one_high, windows(40, 5, 0, 0), 3>();
    check_all<5, windows(7, 1, 0, 0), windows(6, 1, 0, 0), 4>();
}

BOOST_AUTO_TEST_CASE(windows_in_padded_images) {
    check_all<8, windows(13, 3, 1, 1), windows(13, 3, 1, 1), 16>();
    check_all<2, windows(6, 4, 1, 2), windows(17, 4, 2, 1), 9>();
    check_all<2, windows(6, 2, 3, 0), windows(9, 2, 0, 4), 1>();
    check_all<3, one_high, windows(33, 3, 4, 0, 2), 5>();
    check_all<1, windows(12, 3, 2, 2, 2), windows(15, 3, 3, 3, 3), 17>();
}

BOOST_AUTO_TEST_CASE(small_images_and_strides) {
    check_all<8, windows(4, 3, 0, 0), windows(4, 3, 0, 0), 16>();
    check_all<6, windows(3, 3, 1, 1), windows(3, 3, 1, 1), 19>();
    check_all<2, windows(9, 3, 1, 1, 1, 2), windows(12, 3, 1, 1, 1, 2), 8>();
    check_all<2, windows(30, 5, 0, 0), windows(10, 10, 0, 0), 8>();
}
