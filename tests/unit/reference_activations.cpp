// SPDX-License-Identifier: BSL-1.0
/// @file
/// Activations and losses, and their derivatives, against PyTorch and decimal arithmetic.
#define BOOST_TEST_MODULE reference_activations
#include "reference/activation_vectors.hpp"
#include "reference/check.hpp"
#include "reference/vectors.hpp"

#include <limits>

template <class T>
void check_elementwise() {
    using points = reference::activation_points;
    constexpr std::size_t count = std::size(points::x);
    const auto each = []<class Activation>(Activation, const char* name) {
        using wanted = reference::activation_vectors<Activation>;
        T x[count], y[count], slope[count];
        std::transform(points::x, points::x + count, x, [](double number) { return static_cast<T>(number); });
        std::fill_n(slope, count, T{1});
        ctnn::activate<Activation, 1, count>(static_cast<const T*>(x), y);
        ctnn::activate_backward<Activation, 1, count>(static_cast<const T*>(x), static_cast<const T*>(y), slope);
        for (std::size_t i = 0; i < count; ++i) {
            // Results near 0 may be differences of values near 1, or of values as large as x.
            reference::check_number(name, i, y[i], wanted::y[i], std::clamp(std::abs(points::x[i]), 1e-6, 10.0));
            reference::check_number(name, i, slope[i], wanted::slope[i], 1);
        }
    };
    each(ctnn::identity{}, "identity");
    each(ctnn::sigmoid{}, "sigmoid");
    each(ctnn::tanh{}, "tanh");
    each(ctnn::relu{}, "relu");
    each(ctnn::leaky_relu{}, "leaky_relu");
    each(ctnn::elu{}, "elu");
    each(ctnn::selu{}, "selu");
    each(ctnn::gelu{}, "gelu");
    each(ctnn::silu{}, "silu");
    each(ctnn::softplus{}, "softplus");
    each(ctnn::softsign{}, "softsign");
    each(ctnn::hard_sigmoid{}, "hard_sigmoid");
    each(ctnn::clip<std::ratio<-1>, std::ratio<5, 2>>{}, "clip");
    each(ctnn::clip<ctnn::unbounded, std::ratio<3, 4>>{}, "clip above");
    each(ctnn::clip<std::ratio<-3, 4>, ctnn::unbounded>{}, "clip below");
    each(ctnn::clip<ctnn::unbounded, ctnn::unbounded>{}, "clip nothing");
    each(ctnn::relu6{}, "relu6");
    each(ctnn::hard_sigmoid_with<std::ratio<1, 5>, std::ratio<1, 2>>{}, "hard_sigmoid_with");
    each(ctnn::hard_swish{}, "hard_swish");
    each(ctnn::gelu_tanh{}, "gelu_tanh");
    each(ctnn::selu_with<std::ratio<2>, std::ratio<3>>{}, "selu_with");
}

/// Functions with points of their own, where they are defined and finite.
template <class T>
void check_elementary() {
    const auto each = []<class Activation>(Activation, const char* name) {
        using wanted = reference::activation_vectors<Activation>;
        constexpr std::size_t count = std::size(wanted::x);
        T x[count], y[count], slope[count];
        std::transform(wanted::x, wanted::x + count, x, [](double number) { return static_cast<T>(number); });
        std::fill_n(slope, count, T{1});
        ctnn::activate<Activation, 1, count>(static_cast<const T*>(x), y);
        ctnn::activate_backward<Activation, 1, count>(static_cast<const T*>(x), static_cast<const T*>(y), slope);
        for (std::size_t i = 0; i < count; ++i) {
            reference::check_number(name, i, y[i], wanted::y[i], 0);
            reference::check_number(name, i, slope[i], wanted::slope[i], 0);
        }
    };
    each(ctnn::exp{}, "exp");
    each(ctnn::log{}, "log");
    each(ctnn::sqrt{}, "sqrt");
    each(ctnn::sin{}, "sin");
    each(ctnn::cos{}, "cos");
}

/// In constant evaluation too, and where angles are too large to be exact.
template <class T>
constexpr bool turns_and_powers() {
    const auto close = [](T got, double wanted) {
        const double error = static_cast<double>(got) - wanted;
        return error < 1e-6 && error > -1e-6;
    };
    const T large = T(sizeof(T) == 4 ? 1e30 : 1e300), s = ctnn::sin{}(large), c = ctnn::cos{}(-large);
    return close(ctnn::sin{}(T(1)), 0.8414709848078965) && close(ctnn::cos{}(T(1)), 0.5403023058681398) &&
           close(ctnn::sin{}(T(-100)), 0.5063656411097588) && close(ctnn::cos{}(T(100)), 0.8623188722876839) &&
           ctnn::cos{}(T(0)) == 1 && ctnn::sin{}(T(0)) == 0 && s >= -1 && s <= 1 && c >= -1 && c <= 1 &&
           close(ctnn::exp{}(T(1)), 2.718281828459045) && ctnn::exp{}(T(0)) == 1 && ctnn::log{}(T(1)) == 0 &&
           close(ctnn::log{}(T(10)), 2.302585092994046) && ctnn::sqrt{}(T(6.25)) == T(2.5) &&
           ctnn::sqrt::derivative(T(4), T(2)) == T(0.25) && ctnn::log::derivative(T(4), T(1)) == T(0.25) &&
           ctnn::exp::derivative(T(1), T(3)) == 3 && ctnn::sin::derivative(T(0), T(0)) == 1 &&
           ctnn::cos::derivative(T(0), T(1)) == 0;
}
static_assert(turns_and_powers<float>() && turns_and_powers<double>());

/// Where the sigmoid is subnormal and results computed from it are not; and at infinity.
template <class T>
constexpr bool far_from_zero(T below, T silu, T slope) {
    const T infinity = std::numeric_limits<T>::infinity();
    const auto close = [](T got, T wanted) { return got / wanted > 1 - T(1e-6) && got / wanted < 1 + T(1e-6); };
    return close(ctnn::silu{}(below), silu) && close(ctnn::silu::derivative(below, T{}), slope) &&
           ctnn::softsign{}(infinity) == 1 && ctnn::softsign{}(-infinity) == -1 &&
           ctnn::softsign{}(std::numeric_limits<T>::max()) == 1;
}
static_assert(far_from_zero<double>(-709, -8.6269755219200695e-306, -8.6148077144138353e-306));
static_assert(far_from_zero<float>(-88.5F, -3.24998699e-37F, -3.21326397e-37F));

/// Divisions are correctly rounded.
template <class T>
void check_reciprocal() {
    constexpr T x[]{-1024, -3, T(-0.5), T(1) / 3, 1, 7, 1000, 65536, T(0.1)};
    constexpr std::size_t count = std::size(x);
    T y[count], slope[count];
    std::fill_n(slope, count, T{1});
    ctnn::activate<ctnn::reciprocal, 1, count>(x, y);
    ctnn::activate_backward<ctnn::reciprocal, 1, count>(x, static_cast<const T*>(y), slope);
    for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST(y[i] == 1 / x[i]);
        BOOST_TEST(slope[i] == -(y[i] * y[i]));
    }
}

/// Infinities, the largest values of the type, and nan.
template <class T>
void check_extremes() {
    constexpr T infinity = std::numeric_limits<T>::infinity();
    volatile T zero = 0;
    const T x[]{infinity,
                -infinity,
                std::numeric_limits<T>::quiet_NaN(),
                std::numeric_limits<T>::max(),
                std::numeric_limits<T>::lowest(),
                zero};
    constexpr std::size_t count = std::size(x);
    T y[count];
    ctnn::activate<ctnn::relu6, 1, count>(x, y);
    BOOST_TEST((y[0] == 6 && y[1] == 0 && std::isnan(y[2]) && y[3] == 6 && y[4] == 0 && y[5] == 0));
    ctnn::activate<ctnn::clip<ctnn::unbounded, std::ratio<1>>, 1, count>(x, y);
    BOOST_TEST((y[0] == 1 && y[1] == -infinity && std::isnan(y[2]) && y[3] == 1 && y[4] == x[4] && y[5] == 0));
    ctnn::activate<ctnn::gelu_tanh, 1, count>(x, y);
    BOOST_TEST((y[0] == infinity && std::isnan(y[2]) && y[3] == x[3] && y[4] == 0 && y[5] == 0));
    ctnn::activate<ctnn::hard_swish, 1, count>(x, y);
    BOOST_TEST((y[0] == infinity && std::isnan(y[2]) && y[3] == x[3] && y[4] == 0 && y[5] == 0));
    ctnn::activate<ctnn::reciprocal, 1, count>(x, y);
    BOOST_TEST((y[0] == 0 && y[1] == 0 && std::isnan(y[2]) && y[5] == infinity));
    T slope[count]{1, 1, 1, 1, 1, 1};
    ctnn::activate_backward<ctnn::gelu_tanh, 1, count>(x, static_cast<const T*>(y), slope);
    BOOST_TEST((slope[3] == 1 && slope[4] == 0 && slope[5] == T(0.5)));
}

template <class T, class Activation>
void check_rows(const char* name) {
    using points = reference::row_points;
    using wanted = reference::activation_vectors<Activation>;
    constexpr std::size_t count = std::size(points::x), rows = count / points::width;
    T x[count], y[count], slope[count];
    std::transform(points::x, points::x + count, x, [](double number) { return static_cast<T>(number); });
    std::transform(points::dy, points::dy + count, slope, [](double number) { return static_cast<T>(number); });
    ctnn::activate<Activation, rows, points::width>(static_cast<const T*>(x), y);
    ctnn::activate_backward<Activation, rows, points::width>(static_cast<const T*>(x), static_cast<const T*>(y), slope);
    for (std::size_t i = 0; i < count; ++i) {
        reference::check_number(name, i, y[i], wanted::y[i], 0.5);
        reference::check_number(name, i, slope[i], wanted::dx[i], 1);
    }
}

using scalars = std::tuple<float, double>;

BOOST_AUTO_TEST_CASE(activations_far_from_zero) {
    const volatile double below = -709;
    const volatile float below_float = -88.5F;
    BOOST_TEST(far_from_zero<double>(below, -8.6269755219200695e-306, -8.6148077144138353e-306));
    BOOST_TEST(far_from_zero<float>(below_float, -3.24998699e-37F, -3.21326397e-37F));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(elementwise, T, scalars) {
    check_elementwise<T>();
    check_elementary<T>();
    BOOST_TEST(turns_and_powers<T>());
    check_reciprocal<T>();
    check_extremes<T>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows, T, scalars) {
    check_rows<T, ctnn::softmax>("softmax");
    check_rows<T, ctnn::log_softmax>("log_softmax");
}

template <class T, class Case>
void check_loss() {
    constexpr std::size_t width = Case::width, count = std::size(Case::outputs);
    T y[count], t[count], slopes[count];
    T values[count / width];
    std::transform(Case::outputs, Case::outputs + count, y, [](double number) { return static_cast<T>(number); });
    std::transform(Case::targets, Case::targets + count, t, [](double number) { return static_cast<T>(number); });
    typename Case::loss loss{};
    if constexpr (requires { Case::delta; }) loss.delta = Case::delta;
    for (std::size_t i = 0; i < count; i += width)
        values[i / width] = loss.template sample<width, true>(y + i, t + i, T{1}, slopes + i);
    for (std::size_t i = 0; i < count / width; ++i) reference::check_number("loss", i, values[i], Case::values[i], 1);
    reference::check("slope", slopes, Case::slopes);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(losses, Case, reference::loss_cases) {
    check_loss<float, Case>();
    check_loss<double, Case>();
}
