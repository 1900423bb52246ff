// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Whether the gradient of a network and a loss is right: it is compared with differences of the loss.
///
/// `ctnn.hpp` leaves it out: it belongs into tests of layers and losses of one's own, as `ctnn/check/gradient.hpp`.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/metric/target.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/train/gradient.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// A derivative found by differences, and how wrong the rounding of the function may have made it. Where `found` is
/// false there is none: `value` is nan.
struct difference {
    double value, uncertainty;
    bool found;

    /// How far a derivative is from it, beyond what rounding explains, relative to the larger of the two: from 0 to 2, the
    /// latter where the sign is wrong. Infinite for a derivative that is no finite number, and where there is none.
    constexpr double error_of(double derivative) const {
        if (!found || !math::is_finite(derivative)) return __builtin_inf();
        const double apart = (math::abs)(derivative - value) - uncertainty;
        if (apart <= 0) return 0;
        return apart / ((math::abs)(derivative) > (math::abs)(value) ? (math::abs)(derivative) : (math::abs)(value));
    }
    /// Whether one of them is more than rounding.
    constexpr bool is_significant(double derivative) const {
        return !found || !((math::abs)(derivative) <= uncertainty) || (math::abs)(value) > uncertainty;
    }
};

/// The derivative at 0 of `f`, by central differences of fourth order.
///
/// Their error is h^4 / 30 times the fifth derivative, and the rounding of f over h. A kink within reach shows itself as
/// two steps that disagree: the step is then made smaller. None is found if no step will do.
template <class F>
constexpr difference central_difference(const F& f) {
    constexpr double steps[]{1e-3, 1e-4, 1e-5};
    const double size = 1 + (math::abs)(f(0.0));
    for (const double h : steps) {
        // f(h k) - f(-h k) for k = 1/2, 1, 2.
        const double inner = f(h / 2) - f(-(h / 2)), middle = f(h) - f(-h), outer = f(2 * h) - f(-2 * h);
        const double wide = (8 * middle - outer) / (12 * h), narrow = (8 * inner - middle) / (6 * h);
        const double uncertainty = 1e-14 * size / h;
        if (math::is_finite(narrow) && (math::abs)(wide - narrow) <= 2e-7 * (math::abs)(narrow) + uncertainty)
            return {narrow, uncertainty, true};
    }
    return {__builtin_nan(""), 0, false};
}

}  // namespace detail

/// What `check_gradient` found: the derivative that is most wrong, and where it is.
struct gradient_check {
    /// What `layer` is for a derivative by an input.
    static constexpr std::size_t inputs = ~std::size_t{0};

    /// The largest |analytic - numeric| beyond rounding, relative to the larger of the two: 2 where the sign is wrong,
    /// infinite where one of them is no finite number.
    double error = 0;
    /// The derivative by the backward pass, and by differences: nan where no step gives one, which is so near a kink.
    double analytic = 0, numeric = 0;
    /// The number of the layer, as for `get`, or `inputs`; the element of the tensor or of the batch of inputs.
    std::size_t layer = inputs, element = 0;
    /// The name of the tensor, "weights" say, as `for_each_parameter` gives it; or "inputs".
    detail::parameter_name tensor{};
    /// How many derivatives were compared of which one side at least is more than rounding.
    std::size_t compared = 0;

    constexpr const char* name() const { return tensor.text; }
    /// Whether all derivatives agree within a tolerance, and there were any.
    constexpr bool agrees(double tolerance = 1e-6) const { return compared > 0 && error <= tolerance; }
};

/// What may be chosen of `check_gradient`.
struct gradient_check_options {
    /// Whether the derivatives by the inputs are compared too. Not where inputs are symbols, as for `embedding`.
    bool inputs = true;
    /// Of the numbers that layers such as dropout draw: the same in each evaluation.
    std::uint64_t seed = 0;
};

/// Names of what stands in an error message.
template <class T>
struct numbers_are {};

/// Whether numbers have digits enough for differences. It is false where it is named in an error.
template <class Numbers>
inline constexpr bool gradient_is_checked_in_double = false;
template <>
inline constexpr bool gradient_is_checked_in_double<numbers_are<double>> = true;

namespace detail {

/// Compares derivatives, and remembers the worst and the tensor that it belongs to.
struct gradient_comparison {
    gradient_check worst{};
    const double* tensor = nullptr;

    /// The derivatives by `count` numbers, which `loss()` depends on; they are changed for the time of the call.
    template <class Loss>
    constexpr void compare(const Loss& loss, double* values, const double* derivatives, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const double start = values[i], scale = (math::abs)(start) > 1 ? (math::abs)(start) : 1;
            const auto found = central_difference([&](double offset) {
                values[i] = start + offset * scale;
                return loss();
            });
            values[i] = start;
            add(values, i, derivatives[i], scale, found);
        }
    }

  private:
    constexpr void add(const double* values, std::size_t index, double derivative, double scale, difference found) {
        const double scaled = math::is_finite(derivative) ? derivative * scale : derivative;
        const double error = found.error_of(scaled);
        if (tensor == nullptr || error > worst.error) {
            worst.error = error;
            worst.analytic = derivative;
            worst.numeric = found.found ? found.value / scale : found.value;
            worst.element = index;
            tensor = values;
        }
        worst.compared += found.is_significant(scaled);
    }
};

}  // namespace detail

/// Compares the gradient that the backward pass computes with central differences of the loss, for every trained
/// parameter and every input: `check_gradient<Loss>(net, inputs, targets)`.
///
/// *Shapes*: inputs shape<Batch, input...>, a tensor; targets shape<Batch, output...> or labels. The parameters are those
/// of `net`: drawn ones, for with zeros much of a gradient is 0.
/// *Cost*: a training step, and for each parameter and input 7 to 19 forward passes; the network twice and the
/// workspace of `gradient_pass` on the stack. No heap. A layer is checked in a small network.
/// *Precision*: 1e-11 (1 + |L|) counts as rounding, and up to 1e-9 (1 + |L|) where a smaller step is needed, so a loss
/// should not be much smaller than 1. Beyond it, two steps agree within 2e-7 of the derivative: a tolerance should not be
/// smaller.
///
/// Where a function has a kink (relu at 0, the largest of a window that is there twice, an absolute value) there is no
/// derivative, and the two do not agree: choose other inputs or another seed, so that no kink is nearer than 1e-4. A
/// `truncation` of recurrent layers means to have another gradient.
/// *Errors*: "ctnn: check_gradient needs a network of double, because differences of float are too rough"; as for
/// `evaluate` of the data, and as for `gradient_pass`.
template <class Loss, class Net, class Number, class InputShape, class Targets>
constexpr gradient_check check_gradient(const Net& net, const tensor<Number, InputShape>& inputs,
                                        const Targets& targets, const gradient_check_options& options = {},
                                        const Loss& loss = {}, call_site at = call_site::here()) {
    using T = typename Net::value_type;
    static_assert(gradient_is_checked_in_double<numbers_are<T>>,
                  "ctnn: check_gradient needs a network of double, because differences of float are too rough");
    if constexpr (std::is_same_v<T, double> && detail::metric_data_fits<Net, tensor<Number, InputShape>, Targets>()) {
        constexpr std::size_t batch = constant_count<tensor<Number, InputShape>>, outputs = Net::output_shape::size;
        const auto target_rows = as_samples(targets);
        detail::require(target_rows.count == batch, "ctnn: there are not as many targets as inputs", at);
        double x[InputShape::size], t[batch * outputs], input_gradient[InputShape::size]{};
        for (std::size_t i = 0; i < InputShape::size; ++i) x[i] = static_cast<double>(inputs[i]);
        for (std::size_t i = 0; i < batch; ++i) detail::write_target<outputs>(target_rows, i, t + i * outputs, at);

        Net varied = net, gradient{};
        gradient_pass<Net, Loss, batch, true> pass{};
        pass.seed(options.seed);
        pass(varied, loss, x, t, gradient, batch, input_gradient);

        const auto loss_now = [&] {
            pass.seed(options.seed);
            return pass.forward(varied, loss, x, t);
        };
        detail::gradient_comparison comparison;
        if (options.inputs) comparison.compare(loss_now, x, input_gradient, InputShape::size);
        for_each_tensor(
            [&](auto& values, const auto& derivatives) {
                comparison.compare(loss_now, values.data(), derivatives.data(), values.size());
            },
            varied, gradient);

        gradient_check result = comparison.worst;
        if (comparison.tensor == x) result.tensor = detail::parameter_name{}.with("inputs");
        for_each_parameter(varied, [&](auto layer, const char* name, const auto& values) {
            if (values.data() != comparison.tensor) return;
            result.layer = layer();
            result.tensor = detail::parameter_name{}.with(name);
        });
        return result;
    } else {
        return {};
    }
}

}  // namespace CTNN_NAMESPACE
