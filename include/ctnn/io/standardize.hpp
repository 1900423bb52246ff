// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Brings every input to mean 0 and standard deviation 1, as measured on the training part alone.

#include <ctnn/io/dataset.hpp>
#include <ctnn/tensor.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace ctnn::io {

/// `(x - mean) / deviation` for each number of an input. A literal type, so it can be baked beside its network.
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

/// Measures mean and deviation of each number over all inputs.
///
/// `mean = sum(x) / count`, `deviation = sqrt(sum((x - mean)^2) / count)`, both in double. A number that never changes
/// gets the deviation 1: there is nothing to scale.
///
/// *Errors*: `std::invalid_argument`, "ctnn::io::measure: there are no samples to measure".
template <class T, class Shape>
standardizer<T, Shape> measure(samples<T, Shape> inputs) {
    if (inputs.count == 0) throw std::invalid_argument("ctnn::io::measure: there are no samples to measure");
    const auto count = static_cast<double>(inputs.count);
    standardizer<T, Shape> result{};
    for (std::size_t i = 0; i < Shape::size; ++i) {
        bool changes = false;
        double sum = 0;
        for (std::size_t index = 0; index < inputs.count; ++index) {
            sum += inputs[index][i];
            changes = changes || inputs[index][i] != inputs[0][i];
        }
        const double mean = sum / count;
        double squares = 0;
        for (std::size_t index = 0; index < inputs.count; ++index) {
            const double distance = inputs[index][i] - mean;
            squares += distance * distance;
        }
        result.mean[i] = changes ? static_cast<T>(mean) : inputs[0][i];
        result.deviation[i] = changes ? static_cast<T>(std::sqrt(squares / count)) : T{1};
    }
    return result;
}

/// Measures the training part, standardises it and every other part the same way, and returns the measure for later
/// inputs.
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
