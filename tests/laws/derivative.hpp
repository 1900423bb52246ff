// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The law of the derivative: the gradient of the backward pass agrees with central differences of the loss.

#include "laws/support.hpp"

#include <ctnn/check/gradient.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace laws {

/// The loss at the current point, or at an offset from it. These are not templates, because code instantiated for each
/// network type is slow to compile.
using loss_here = std::function<double()>;
using loss_along = std::function<double(double)>;

/// A relative error of one in a million, in addition to the rounding error of the differences.
inline bool agrees(double derivative, const ctnn::detail::difference& found) {
    return found.error_of(derivative) <= 1e-6;
}

/// The checker's central difference, for one type of function.
inline ctnn::detail::difference central_difference(const loss_along& loss_at) {
    return ctnn::detail::central_difference(loss_at);
}

/// Variables of the loss, the derivatives with respect to them, and a random direction.
struct variables {
    double* values;
    const double* derivatives;
    const double* direction;
    std::size_t count;
};

/// Compares the derivatives with respect to at most 16 elements of an array, including the first and the last.
inline void check_elements(const loss_here& loss, const variables& of) {
    const std::size_t tried = std::min<std::size_t>(of.count, 16);
    for (std::size_t i = 0; i < tried; ++i) {
        const std::size_t index = tried == 1 ? 0 : i * (of.count - 1) / (tried - 1);
        const double start = of.values[index];
        const auto found = central_difference([&](double offset) {
            of.values[index] = start + offset;
            return loss();
        });
        of.values[index] = start;
        const double derivative = of.derivatives[index];
        BOOST_TEST(agrees(derivative, found), "derivative by element " << index << " of " << of.count << ": "
                                                                       << derivative << ", by differences "
                                                                       << found.value);
    }
}

/// Compares the directional derivative along all variables at once.
inline void check_direction(const loss_here& loss, const std::vector<variables>& all) {
    double derivative = 0;
    std::vector<std::vector<double>> starts;
    for (const variables& part : all) {
        starts.emplace_back(part.values, part.values + part.count);
        for (std::size_t i = 0; i < part.count; ++i) derivative += 0.1 * part.derivatives[i] * part.direction[i];
    }
    const auto found = central_difference([&](double offset) {
        for (std::size_t k = 0; k < all.size(); ++k)
            for (std::size_t i = 0; i < all[k].count; ++i)
                all[k].values[i] = starts[k][i] + 0.1 * offset * all[k].direction[i];
        return loss();
    });
    BOOST_TEST(agrees(derivative, found),
               "derivative along a direction: " << derivative << ", by differences " << found.value);
}

/// Checks the derivative of the loss of a problem with respect to every parameter and, if `inputs_vary`, every input,
/// for the first `used` samples of the batch. Without `InputGradient` the network is one that has none.
///
/// In large tensors only some elements are checked individually; the others are covered by the derivative along a
/// random direction through all of them at once.
template <bool InputGradient = true, class Net, class Loss, std::size_t Batch>
void check_derivative_at(problem<Net, Loss, Batch> at, const problem<Net, Loss, Batch>& direction, std::uint64_t seed,
                         std::size_t used, const Loss& loss, bool inputs_vary) {
    Net gradient{};
    typename problem<Net, Loss, Batch>::inputs input_gradient{};
    ctnn::gradient_pass<Net, Loss, Batch, InputGradient> pass;
    const loss_here run = [&] {
        pass.seed(seed);  // the same dropout mask
        return pass(at.net, loss, at.x.data(), at.t.data(), gradient, used, input_gradient.data());
    };
    run();

    const Net derivative = gradient;
    const auto input_derivative = input_gradient;
    std::vector<variables> all;
    if (inputs_vary) all.push_back({at.x.data(), input_derivative.data(), direction.x.data(), at.x.size()});
    ctnn::for_each_tensor(
        [&](auto& values, const auto& derivatives, const auto& ways) {
            all.push_back({values.data(), derivatives.data(), ways.data(), values.size()});
        },
        at.net, derivative, direction.net);
    for (const variables& part : all) check_elements(run, part);
    check_direction(run, all);
}

/// The same for values drawn from a seed.
template <class Net, class Loss, std::size_t Batch>
void check_derivative(std::uint64_t seed, std::size_t used = Batch, const Loss& loss = {}) {
    using problem_type = problem<Net, Loss, Batch>;
    check_derivative_at(problem_type{seed}, problem_type{seed + 1}, seed, used, loss, true);
}

}  // namespace laws
