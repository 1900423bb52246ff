// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Checks the gradient of a network and a loss against finite differences of the loss.
///
/// `ctnn.hpp` omits it: it belongs in tests of custom layers and losses, as `ctnn/check/gradient.hpp`.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/metric/target.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameter_names.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/train/gradient.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// A derivative by finite differences, and its uncertainty from the rounding of the function. Where `found` is false
/// there is none: `value` is NaN.
struct difference {
    double value, uncertainty;
    bool found;

    /// The distance of a derivative from it, beyond what rounding explains, relative to the larger of the two: from 0
    /// to 2, the latter if the sign is wrong. Infinite for a derivative that is not finite, and where there is none.
    constexpr double error_of(double derivative) const {
        if (!found || !math::is_finite(derivative)) return __builtin_inf();
        const double apart = (math::abs)(derivative - value) - uncertainty;
        if (apart <= 0) return 0;
        return apart / ((math::abs)(derivative) > (math::abs)(value) ? (math::abs)(derivative) : (math::abs)(value));
    }
    /// Whether one of them exceeds rounding.
    constexpr bool is_significant(double derivative) const {
        return !found || !((math::abs)(derivative) <= uncertainty) || (math::abs)(value) > uncertainty;
    }
};

/// The derivative of `f` at 0, by fourth-order central differences.
///
/// Their error is h^4 / 30 times the fifth derivative, plus the rounding of f over h. A kink within reach makes two
/// steps disagree: the step is then reduced. None is found if no step works.
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

/// What `check_gradient` found: the derivative with the largest error, and where it is.
struct gradient_check {
    /// The value of `layer` for a derivative with respect to an input.
    static constexpr std::size_t inputs = ~std::size_t{0};

    /// The largest |analytic - numeric| beyond rounding, relative to the larger of the two: 2 if the sign is wrong,
    /// infinite if either is not finite.
    double error = 0;
    /// The derivative by the backward pass, and by differences: NaN where no step gives one, this close to a kink.
    double analytic = 0, numeric = 0;
    /// The layer number, as for `get`, or `inputs`; the element of the tensor or of the input batch.
    std::size_t layer = inputs, element = 0;
    /// The name of the tensor, such as "weights", as passed by `for_each_parameter`; or "inputs".
    detail::parameter_name tensor{};
    /// How many of the derivatives compared exceed rounding on at least one side.
    std::size_t compared = 0;

    constexpr const char* name() const { return tensor.text; }
    /// Whether all derivatives agree within a tolerance, and there were any.
    constexpr bool agrees(double tolerance = 1e-6) const { return compared > 0 && error <= tolerance; }
};

/// The options of `check_gradient`.
struct gradient_check_options {
    /// Whether derivatives with respect to the inputs are compared too. Not where inputs are symbols, as for
    /// `embedding`.
    bool inputs = true;
    /// The seed of layers that draw random numbers, such as dropout: the same in each evaluation.
    std::uint64_t seed = 0;
};

/// Names that appear in error messages.
template <class T>
struct value_type_is {};

/// Whether a scalar type is precise enough for differences. It is false where it is named in an error.
template <class Numbers>
inline constexpr bool gradient_is_checked_in_double = false;
template <>
inline constexpr bool gradient_is_checked_in_double<value_type_is<double>> = true;

namespace detail {

/// Compares derivatives, and records the worst and its tensor.
struct gradient_comparison {
    gradient_check worst{};
    const double* tensor = nullptr;

    /// The derivatives with respect to `count` values on which `loss()` depends; they are perturbed during the call.
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

/// Compares the gradient of the backward pass with central differences of the loss, for every trained parameter and
/// every input: `check_gradient<Loss>(net, inputs, targets)`.
///
/// *Shapes*: inputs shape<Batch, input...>, a tensor; targets shape<Batch, output...> or labels. The parameters are
/// those of `net`: random ones, because with zeros much of a gradient is 0.
/// *Cost*: a training step, and 7 to 19 forward passes per parameter and input; the network twice and the workspace of
/// `gradient_pass` on the stack. No heap. Check a layer in a small network.
/// *Precision*: 1e-11 (1 + |L|) counts as rounding, and up to 1e-9 (1 + |L|) where a smaller step is needed, so a loss
/// should not be much smaller than 1. Beyond that, two steps agree within 2e-7 of the derivative: a tolerance should
/// not be smaller.
///
/// Where a function has a kink (relu at 0, a tied maximum of a window, an absolute value) there is no derivative, and
/// the two do not agree: choose other inputs or another seed, so that no kink is nearer than 1e-4. A `truncation` of
/// recurrent layers has a different gradient by design.
/// *Errors*: "ctnn: check_gradient needs a network of double, because finite differences in float are too inaccurate";
/// as for `evaluate` of the data, and as for `gradient_pass`.
template <class Loss, class Net, class Number, class InputShape, class Targets>
constexpr gradient_check check_gradient(const Net& net, const tensor<Number, InputShape>& inputs,
                                        const Targets& targets, const gradient_check_options& options = {},
                                        const Loss& loss = {}, call_site at = call_site::here()) {
    using T = typename Net::value_type;
    static_assert(
        gradient_is_checked_in_double<value_type_is<T>>,
        "ctnn: check_gradient needs a network of double, because finite differences in float are too inaccurate");
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
