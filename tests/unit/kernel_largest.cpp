// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE kernel_largest
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn/kernel/convolution/max_window.hpp>

#include <cstddef>
#include <limits>
#include <random>
#include <vector>

namespace {

using core_support::same;
using ctnn::kernel::slide;

/// A window that slides over `input` elements, with the positions that the layers have.
constexpr slide windows(std::size_t input, std::size_t window, std::size_t stride, std::size_t before,
                        std::size_t behind, std::size_t output) {
    return {input, window, stride, 1, before, behind, output};
}

/// Few distinct values, so that many windows have ties; with `special`, also nan and infinities.
template <class T>
std::vector<T> numbers(std::size_t count, bool special) {
    using limits = std::numeric_limits<T>;
    const T some[]{0, -T{0}, 1, 2, -1, T{0.5}, limits::quiet_NaN(), -limits::infinity(), limits::infinity()};
    std::mt19937 engine{static_cast<unsigned>(count)};
    std::uniform_int_distribution<std::size_t> draw{0, special ? 8u : 5u};
    std::vector<T> result(count);
    for (T& number : result) number = some[draw(engine)];
    return result;
}

template <class T, slide Down, slide Across>
void check(bool special) {
    using largest = ctnn::kernel::largest_of_windows<Down, Across>;
    const std::vector<T> x = numbers<T>(largest::inputs, special);
    std::vector<T> dy(largest::outputs), y(largest::outputs + 16, 77), dx(largest::inputs + 16, 77);
    core_support::fill(dy.data(), dy.size(), 3);
    largest::forward(x.data(), y.data());
    largest::backward(x.data(), dy.data(), dx.data());

    std::vector<T> expected(largest::inputs);
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < Down.output; ++row)
        for (std::size_t column = 0; column < Across.output; ++column) {
            std::size_t best = largest::inputs;
            for (std::size_t i = 0; i < Down.window; ++i)
                for (std::size_t j = 0; j < Across.window; ++j) {
                    const std::size_t down = row * Down.stride + i, across = column * Across.stride + j;
                    if (down < Down.before || down - Down.before >= Down.input) continue;
                    if (across < Across.before || across - Across.before >= Across.input) continue;
                    const std::size_t here = (down - Down.before) * Across.input + across - Across.before;
                    if (best == largest::inputs || x[here] > x[best] || x[here] != x[here]) best = here;
                }
            const std::size_t output = row * Across.output + column;
            wrong += !(same(y[output], x[best]) || (x[best] != x[best] && y[output] != y[output]));
            expected[best] += dy[output];
        }
    BOOST_TEST(wrong == 0u);
    for (std::size_t i = 0; i < largest::inputs; ++i) wrong += !same(dx[i], expected[i]);
    BOOST_TEST(wrong == 0u);
    for (std::size_t i = 0; i < 16; ++i) BOOST_TEST((y[largest::outputs + i] == 77 && dx[largest::inputs + i] == 77));
}

template <slide Down, slide Across>
void check_all() {
    for (const bool special : {false, true}) {
        check<float, Down, Across>(special);
        check<double, Down, Across>(special);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(windows_next_to_each_other) {
    check_all<windows(2, 2, 2, 0, 0, 1), windows(2, 2, 2, 0, 0, 1)>();
    check_all<windows(26, 2, 2, 0, 0, 13), windows(26, 2, 2, 0, 0, 13)>();
    check_all<windows(13, 2, 2, 0, 0, 7), windows(13, 2, 2, 0, 0, 7)>();
    check_all<windows(4, 2, 2, 0, 0, 2), windows(67, 2, 2, 0, 0, 33)>();
    check_all<windows(9, 3, 3, 0, 0, 3), windows(31, 3, 3, 0, 0, 11)>();
    check_all<windows(8, 2, 2, 1, 1, 5), windows(40, 2, 2, 1, 1, 21)>();
}

BOOST_AUTO_TEST_CASE(windows_that_overlap) {
    check_all<windows(5, 2, 1, 0, 0, 4), windows(37, 3, 1, 1, 1, 37)>();
    check_all<windows(12, 3, 2, 1, 1, 6), windows(40, 3, 2, 1, 1, 20)>();
    check_all<windows(7, 3, 2, 1, 1, 4), windows(41, 5, 2, 2, 2, 21)>();
    check_all<windows(1, 1, 1, 0, 0, 1), windows(50, 7, 1, 6, 0, 50)>();
    check_all<windows(3, 3, 1, 2, 2, 5), windows(5, 5, 1, 4, 4, 9)>();
}

BOOST_AUTO_TEST_CASE(windows_with_gaps) {
    check_all<windows(11, 2, 3, 0, 0, 4), windows(35, 1, 2, 0, 0, 18)>();
    check_all<windows(11, 1, 4, 0, 0, 3), windows(35, 3, 5, 1, 1, 7)>();
}
