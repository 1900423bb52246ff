// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Standardises inputs to mean 0 and standard deviation 1, as measured on the training part only.

#include <ctnn/io/dataset.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/tensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

namespace ctnn::io {

/// `(x - mean) / deviation` for each element of an input. A literal type, so it can be baked beside its network.
template <class T, class Shape>
struct standardizer {
    tensor<T, Shape> mean;
    tensor<T, Shape> deviation;

    /// One input, standardised.
    constexpr tensor<T, Shape> operator()(const tensor<T, Shape>& input) const {
        tensor<T, Shape> result = input;
        apply(result.data());
        return result;
    }

    /// The inverse: `x * deviation + mean`.
    constexpr tensor<T, Shape> inverse(const tensor<T, Shape>& standardized) const {
        tensor<T, Shape> result = standardized;
        for (std::size_t i = 0; i < Shape::size; ++i) result[i] = result[i] * deviation[i] + mean[i];
        return result;
    }

    /// Every input of a data set, in place.
    template <class Target>
    void apply_to(dataset<T, Shape, Target>& data) const {
        for (std::size_t index = 0; index < data.size(); ++index) apply(data.input(index));
    }

  private:
    constexpr void apply(T* values) const {
        for (std::size_t i = 0; i < Shape::size; ++i) values[i] = (values[i] - mean[i]) / deviation[i];
    }
};

namespace detail {

struct mean_and_deviation {
    double mean;
    double deviation;
    bool is_sure;
};

/// The mean and deviation of `count` values that are not all equal, computed from values scaled by 2^-exponent.
/// `is_sure` is false if squares left the range of double.
template <class Number>
mean_and_deviation measured_times(int exponent, std::size_t count, Number number) {
    const auto scaled = [&](std::size_t index) {
        return exponent == 0 ? number(index) : std::ldexp(number(index), -exponent);
    };
    double sum = 0;
    for (std::size_t index = 0; index < count; ++index) sum += scaled(index);
    const double mean = sum / static_cast<double>(count);
    double squares = 0;
    for (std::size_t index = 0; index < count; ++index) {
        const double distance = scaled(index) - mean;
        squares += distance * distance;
    }
    const bool is_sure = squares >= 1e-250 && squares <= (std::numeric_limits<double>::max)();
    const double deviation = std::sqrt(squares / static_cast<double>(count));
    return {std::ldexp(mean, exponent), std::ldexp(deviation, exponent), is_sure};
}

}  // namespace detail

/// Measures the mean and the deviation of each element over all inputs.
///
/// `mean = sum(x) / count`, `deviation = sqrt(sum((x - mean)^2) / count)`, both in double, and scaled by the largest x
/// if squares would leave the range of double. A constant element gets the deviation 1: there is nothing to scale. A
/// deviation that rounds to 0 as a `T` becomes the smallest positive `T`.
///
/// *Errors*: `std::invalid_argument`, "ctnn::io::measure: there are no samples to measure", or "ctnn::io::measure: a
/// sample has a value that is not finite".
template <class T, class Shape>
standardizer<T, Shape> measure(samples<T, Shape> inputs) {
    if (inputs.count == 0) throw std::invalid_argument("ctnn::io::measure: there are no samples to measure");
    standardizer<T, Shape> result{};
    for (std::size_t i = 0; i < Shape::size; ++i) {
        const auto number = [&](std::size_t index) { return static_cast<double>(inputs[index][i]); };
        bool changes = false;
        double largest = 0;
        for (std::size_t index = 0; index < inputs.count; ++index) {
            if (!math::is_finite(number(index)))
                throw std::invalid_argument("ctnn::io::measure: a sample has a value that is not finite");
            changes = changes || number(index) != number(0);
            largest = (std::max)(largest, (std::abs)(number(index)));
        }
        result.mean[i] = inputs[0][i];
        result.deviation[i] = T{1};
        if (!changes) continue;
        detail::mean_and_deviation measured = detail::measured_times(0, inputs.count, number);
        // The largest is then below 1/2, so distances are below 1.
        if (!measured.is_sure) measured = detail::measured_times(std::ilogb(largest) + 2, inputs.count, number);
        result.mean[i] = static_cast<T>(measured.mean);
        result.deviation[i] = (std::max)(static_cast<T>(measured.deviation), std::numeric_limits<T>::denorm_min());
    }
    return result;
}

/// Measures the training part, standardises it and every other part the same way, and returns the standardizer for
/// later inputs.
///
/// *Example*: `const auto scale = ctnn::io::standardize(train, held_out);`
template <class T, class Shape, class Target, class... Others>
standardizer<T, Shape> standardize(dataset<T, Shape, Target>& train, Others&... others) {
    const auto measured = measure(train.inputs());
    measured.apply_to(train);
    (measured.apply_to(others), ...);
    return measured;
}

}  // namespace ctnn::io
