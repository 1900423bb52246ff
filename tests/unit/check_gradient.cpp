// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE check_gradient
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>
#include <ctnn/check/gradient.hpp>

#include <boost/hana/define_struct.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string_view>

namespace {

using core_support::numbers;
using ctnn::check_gradient;

/// The defect of a layer's backward pass.
enum class fault { none, sign_of_one_weight, nan_of_one_weight, batch_forgotten, input_gradient };

/// y[i] = weights[i] x[i] + shift[i]^2.
template <class T, std::size_t Inputs, class Activation, fault Fault>
struct amplify_layer {
    using input_shape = ctnn::shape<Inputs>;
    using output_shape = ctnn::shape<Inputs>;
    using activation = Activation;
    using weights_type = ctnn::tensor<T, ctnn::shape<1, Inputs>>;

    static constexpr std::size_t fan_in = 1, fan_out = 1;
    static constexpr std::size_t multiply_accumulates = Inputs;

    BOOST_HANA_DEFINE_STRUCT(amplify_layer, (weights_type, shift), (weights_type, weights));

    friend constexpr bool operator==(const amplify_layer&, const amplify_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t row = 0; row < Batch * Inputs; row += Inputs)
            for (std::size_t i = 0; i < Inputs; ++i) y[row + i] = weights[i] * x[row + i] + shift[i] * shift[i];
    }

    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T*, T*, amplify_layer& gradient) const {
        gradient = {};
        for (std::size_t row = 0; row < (Fault == fault::batch_forgotten ? 1 : Batch) * Inputs; row += Inputs)
            for (std::size_t i = 0; i < Inputs; ++i) {
                gradient.weights[i] += dy[row + i] * x[row + i];
                gradient.shift[i] += dy[row + i] * 2 * shift[i];
            }
        if (Fault == fault::sign_of_one_weight) gradient.weights[1] = -gradient.weights[1];
        if (Fault == fault::nan_of_one_weight) gradient.weights[1] = std::numeric_limits<T>::quiet_NaN();
        if constexpr (InputGradient)
            for (std::size_t i = 0; i < Batch * Inputs; ++i)
                dx[i] = dy[i] * weights[i % Inputs] + (Fault == fault::input_gradient && i == 4 ? T(0.001) : T(0));
    }
};

template <fault Fault = fault::none, class Activation = ctnn::identity>
struct amplify {
    using wants = ctnn::wants_rank<1>;
    template <class T, class InputShape>
    using layer = amplify_layer<T, InputShape::size, Activation, Fault>;
};

/// L = the mean of d^4 / 4 with d = y - t, whose derivative is d^3; its backward pass multiplies that by `Slope`.
template <class Slope = std::ratio<1>>
struct quartic {
    double factor = 1;

    template <class Activation>
    static constexpr bool accepts = true;
    template <class Activation>
    static constexpr bool takes_logits = false;

    template <std::size_t Width, bool Gradient, class T>
    constexpr T sample(const T* y, const T* target, T scale, T* slope) const {
        const T share = static_cast<T>(factor) / static_cast<T>(Width);
        T sum{};
        for (std::size_t i = 0; i < Width; ++i) {
            const T d = y[i] - target[i];
            sum += d * d * d * d / 4;
            if constexpr (Gradient)
                slope[i] = scale * share * d * d * d * static_cast<T>(Slope::num) / static_cast<T>(Slope::den);
        }
        return share * sum;
    }
};

using ctnn::input, ctnn::network, ctnn::dense, ctnn::shape, ctnn::mean_squared_error;

template <class Net>
constexpr Net drawn(std::uint64_t seed) {
    return ctnn::initialize<Net>(ctnn::uniform{-1, 1}, seed);
}

/// The gradient check of a network with random parameters, inputs and targets.
template <class Net, class Loss, std::size_t Batch = 2>
constexpr ctnn::gradient_check checked(std::uint64_t seed, const Loss& loss = {}) {
    return check_gradient<Loss>(drawn<Net>(seed),
                                numbers<double, ctnn::batch_of<Batch, typename Net::input_shape>>(seed + 1),
                                numbers<double, ctnn::batch_of<Batch, typename Net::output_shape>>(seed + 2), {}, loss);
}

template <fault Fault = fault::none>
using behind = network<double, input<3>, dense<3, ctnn::tanh>, amplify<Fault>, dense<1>>;
template <fault Fault = fault::none>
using alone = network<double, input<3>, amplify<Fault>>;
template <fault Fault>
using inside = network<double, input<3>, dense<3>, ctnn::residual<dense<3>, amplify<Fault, ctnn::tanh>>>;

constexpr bool is_at(const ctnn::gradient_check& found, std::size_t layer, std::string_view name, std::size_t element) {
    return found.layer == layer && found.name() == name && found.element == element;
}

constexpr bool right_layers_and_losses_agree(std::uint64_t seed) {
    const auto found = checked<behind<>, mean_squared_error>(seed);
    return found.agrees() && found.error < 1e-6 && found.compared == 6 + 9 + 3 + 3 + 3 + 3 + 1 && !found.agrees(-1) &&
           checked<alone<>, quartic<>>(seed).agrees() && checked<alone<>, quartic<>>(seed, {.factor = 3}).agrees();
}

constexpr bool a_wrong_sign_is_found(std::uint64_t seed) {
    const auto found = checked<behind<fault::sign_of_one_weight>, mean_squared_error>(seed);
    return !found.agrees() && is_at(found, 1, "weights", 1) && ctnn::near(found.error, 2.0, 1e-6) &&
           ctnn::near(found.analytic, -found.numeric, 1e-6) && found.numeric != 0;
}
constexpr bool it_is_found_in_a_branch(std::uint64_t seed) {
    return is_at(checked<inside<fault::sign_of_one_weight>, mean_squared_error>(seed), 1, "1.1.weights", 1) &&
           checked<inside<fault::none>, mean_squared_error>(seed).agrees();
}
constexpr bool samples_that_are_left_out_are_found(std::uint64_t seed) {
    return !checked<behind<fault::batch_forgotten>, mean_squared_error>(seed).agrees() &&
           checked<behind<fault::batch_forgotten>, mean_squared_error, 1>(seed).agrees();
}
constexpr bool a_wrong_input_gradient_is_found(std::uint64_t seed) {
    const auto found = checked<alone<fault::input_gradient>, mean_squared_error>(seed);
    return !found.agrees() && is_at(found, ctnn::gradient_check::inputs, "inputs", 4) &&
           ctnn::near(found.analytic - found.numeric, 0.001, 1e-8);
}
constexpr bool a_wrong_slope_is_found(std::uint64_t seed) {
    const auto found = checked<alone<>, quartic<std::ratio<4>>>(seed);
    return !found.agrees() && ctnn::near(found.error, 0.75, 1e-5) &&
           ctnn::near(found.analytic, 4 * found.numeric, 1e-6) &&
           !checked<alone<>, quartic<std::ratio<100001, 100000>>>(seed).agrees();
}

/// relu: away from 0, near it but beyond the smallest step, at it, and within the step.
constexpr bool kinks_do_not_agree() {
    using net = network<double, input<1>, ctnn::activation<ctnn::relu>>;
    const auto at = [](double x) {
        return check_gradient<mean_squared_error>(net{}, ctnn::tensor<double, shape<1, 1>>{x},
                                                  ctnn::tensor<double, shape<1, 1>>{1});
    };
    const auto within = at(1e-6);
    return at(0.1).agrees() && at(1e-4).agrees() && !at(0).agrees() && !within.agrees() && within.error > 1e300 &&
           within.numeric != within.numeric && within.name() == std::string_view{"inputs"};
}

/// The step scales with the value: with 1e-3 at 1e6, the difference would be rounding error.
constexpr bool large_numbers_agree() {
    using net = network<double, input<1>, dense<1>>;
    net at{};
    ctnn::get<0>(at).weights = {3e-7};
    ctnn::get<0>(at).bias = {0.5};
    const auto found = check_gradient<mean_squared_error>(at, ctnn::tensor<double, shape<1, 1>>{2e6},
                                                          ctnn::tensor<double, shape<1, 1>>{1});
    return found.agrees() && found.compared == 3;
}

/// Inputs that are symbols are not differentiated, and labels are targets.
constexpr bool symbols_and_labels_agree(std::uint64_t seed) {
    using net = network<double, input<3>, ctnn::embedding<4, 2>, ctnn::flatten, dense<2, ctnn::softmax>>;
    const ctnn::tensor<int, shape<2, 3>> symbols{0, 2, 2, 3, 2, 0};
    const ctnn::tensor<std::uint8_t, shape<2>> labels{1, 0};
    const auto found = check_gradient<ctnn::cross_entropy>(drawn<net>(seed), symbols, labels, {.inputs = false});
    return found.agrees() && found.compared == 6 + 12 + 2;
}

constexpr bool drawn_numbers_agree(std::uint64_t seed) {
    using net =
        network<double, input<2>, dense<4, ctnn::tanh>, ctnn::dropout<std::ratio<1, 2>>, ctnn::batch_norm<>, dense<1>>;
    return checked<net, mean_squared_error, 4>(seed).agrees();
}

/// Nothing to compare, or only zeros, is not agreement.
constexpr bool nothing_does_not_agree() {
    using net = network<double, input<1>, ctnn::activation<ctnn::tanh>>;
    using dead = network<double, input<1>, dense<1>, ctnn::activation<ctnn::relu>>;
    const ctnn::tensor<double, shape<1, 1>> one{1};
    dead below{};
    ctnn::get<0>(below).bias = {-1};
    const auto none = check_gradient<mean_squared_error>(net{}, one, one, {.inputs = false});
    return none.compared == 0 && none.error == 0 && !none.agrees() &&
           !check_gradient<mean_squared_error>(below, one, one).agrees();
}

static_assert(checked<alone<>, quartic<>, 1>(1).agrees());
static_assert(is_at(checked<alone<fault::sign_of_one_weight>, mean_squared_error, 1>(1), 0, "weights", 1));
static_assert(!checked<alone<>, quartic<std::ratio<4>>, 1>(1).agrees());
static_assert(a_wrong_input_gradient_is_found(1) && kinks_do_not_agree() && large_numbers_agree() &&
              nothing_does_not_agree());

/// A value that is unknown to the compiler.
std::uint64_t seed() {
    volatile std::uint64_t hidden = 1;
    return hidden;
}

}  // namespace

BOOST_AUTO_TEST_CASE(agreement) {
    BOOST_TEST(right_layers_and_losses_agree(seed()));
    BOOST_TEST(symbols_and_labels_agree(seed()));
    BOOST_TEST(drawn_numbers_agree(seed()));
    BOOST_TEST(large_numbers_agree());
}

BOOST_AUTO_TEST_CASE(phases) {
    constexpr auto constant = checked<alone<fault::sign_of_one_weight>, quartic<>, 1>(1);
    const auto computed = checked<alone<fault::sign_of_one_weight>, quartic<>, 1>(seed());
    BOOST_TEST(is_at(computed, constant.layer, constant.name(), constant.element));
    BOOST_TEST(ctnn::near(computed.analytic, constant.analytic));
    BOOST_TEST(ctnn::near(computed.numeric, constant.numeric, 1e-8));
    BOOST_TEST(ctnn::near(computed.error, constant.error, 1e-8));
    BOOST_TEST(computed.compared == constant.compared);
}

BOOST_AUTO_TEST_CASE(faults) {
    BOOST_TEST(a_wrong_sign_is_found(seed()));
    BOOST_TEST(it_is_found_in_a_branch(seed()));
    BOOST_TEST(samples_that_are_left_out_are_found(seed()));
    BOOST_TEST(a_wrong_input_gradient_is_found(seed()));
    BOOST_TEST(a_wrong_slope_is_found(seed()));
    BOOST_TEST(kinks_do_not_agree());
    BOOST_TEST(nothing_does_not_agree());

    const auto found = checked<behind<fault::nan_of_one_weight>, mean_squared_error>(seed());
    BOOST_TEST((!found.agrees() && is_at(found, 1, "weights", 1)));
    BOOST_TEST(found.error == std::numeric_limits<double>::infinity());
    BOOST_TEST(found.analytic != found.analytic);
}
