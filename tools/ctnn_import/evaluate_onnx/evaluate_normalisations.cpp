// SPDX-License-Identifier: BSL-1.0
// Normalisations, softmax, reductions.
#include "evaluate_onnx/operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace ctnn_import {

namespace {

const std::vector<double>& of_channels(const call& of, std::size_t index, std::int64_t channels,
                                       const std::string& each = "channel") {
    if (static_cast<std::int64_t>(of.reals(index).size()) != channels)
        of.refuse("input " + std::to_string(index) + " does not have one value per " + each);
    return of.reals(index);
}

std::vector<array> batch_normalization(const call& of) {
    const extents& dims = of.input(0).dims;
    if (dims.size() < 2) of.refuse("its input has no channels");
    if (of.what.get<std::int64_t>("training_mode", 0) != 0) of.refuse("it is in training mode");
    if (of.what.opset < 7 && of.what.get<std::int64_t>("is_test", 0) == 0) of.refuse("is_test is not set");
    if (of.what.get<std::int64_t>("spatial", 1) == 0) of.refuse("spatial is 0: statistics are per position");
    for (std::size_t i = 1; i < of.what.outputs.size(); ++i)
        if (of.what.has_output(i)) of.refuse("its output " + std::to_string(i) + " is computed only in training");
    const double epsilon = of.what.get<double>("epsilon", double{1e-5f});
    const std::int64_t channels = dims[1], places = count(dims, 2, dims.size());
    const auto &scale = of_channels(of, 1, channels), &shift = of_channels(of, 2, channels);
    const auto &mean = of_channels(of, 3, channels), &variance = of_channels(of, 4, channels);
    array y{dims, of.reals(0)};
    for (std::size_t i = 0; i < y.size(); ++i) {
        const auto c = static_cast<std::size_t>(static_cast<std::int64_t>(i) / places % channels);
        y.reals()[i] = scale[c] * (y.reals()[i] - mean[c]) / std::sqrt(variance[c] + epsilon) + shift[c];
    }
    return {std::move(y)};
}

struct moments {
    double mean, inverse_deviation;
};
moments moments_of(const double* numbers, std::int64_t size, double epsilon) {
    double mean = 0, variance = 0;
    for (std::int64_t i = 0; i < size; ++i) mean += numbers[i];
    mean /= static_cast<double>(size);
    for (std::int64_t i = 0; i < size; ++i) variance += (numbers[i] - mean) * (numbers[i] - mean);
    return {mean, 1 / std::sqrt(variance / static_cast<double>(size) + epsilon)};
}

std::vector<array> layer_normalization(const call& of) {
    const extents& dims = of.input(0).dims;
    if (dims.empty()) of.refuse("its input is a scalar");
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", -1), dims.size());
    const double epsilon = of.what.get<double>("epsilon", double{1e-5f});
    const std::int64_t size = count(dims, axis, dims.size()), rows = count(dims, 0, axis);
    const auto affine = [&](std::size_t index) {
        const std::vector<double>& numbers = of.reals(index);
        if (static_cast<std::int64_t>(numbers.size()) != size)
            of.refuse("input " + std::to_string(index) + " has another size than the normalised axes");
        return numbers.data();
    };
    const double* const scale = affine(1);
    const double* const shift = of.has(2) ? affine(2) : nullptr;
    array y{dims, of.reals(0)},
        means = reals_of(of, extents(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(axis)));
    means.dims.resize(dims.size(), 1);
    array deviations = means;
    for (std::int64_t row = 0; row < rows; ++row) {
        double* const numbers = y.reals().data() + row * size;
        const moments found = moments_of(numbers, size, epsilon);
        for (std::int64_t i = 0; i < size; ++i)
            numbers[i] = (numbers[i] - found.mean) * found.inverse_deviation * scale[i] + (shift ? shift[i] : 0);
        means.reals()[static_cast<std::size_t>(row)] = found.mean;
        deviations.reals()[static_cast<std::size_t>(row)] = found.inverse_deviation;
    }
    return {std::move(y), std::move(means), std::move(deviations)};
}

/// Splits each image along its channels into equal parts, normalises each part to mean 0 and variance 1, and applies
/// the scales and biases, of which each channel or each part has one.
std::vector<array> in_parts(const call& of, std::int64_t parts, bool for_each_channel) {
    const extents& dims = of.input(0).dims;
    const double epsilon = of.what.get<double>("epsilon", double{1e-5f});
    const std::int64_t channels = dims[1], factors = for_each_channel ? channels : parts;
    const char* const owner = for_each_channel ? "channel" : "group";
    const auto &scale = of_channels(of, 1, factors, owner), &shift = of_channels(of, 2, factors, owner);
    array y{dims, of.reals(0)};
    if (y.size() == 0) return {std::move(y)};
    const std::int64_t size = count(dims, 1, dims.size()) / parts, run = count(dims, 1, dims.size()) / factors;
    for (std::int64_t at = 0; at < dims[0] * parts; ++at) {
        double* const numbers = y.reals().data() + at * size;
        const moments found = moments_of(numbers, size, epsilon);
        for (std::int64_t i = 0; i < size; ++i) {
            const auto f = static_cast<std::size_t>((at * size + i) / run % factors);
            numbers[i] = (numbers[i] - found.mean) * found.inverse_deviation * scale[f] + shift[f];
        }
    }
    return {std::move(y)};
}

std::vector<array> instance_normalization(const call& of) {
    const extents& dims = of.input(0).dims;
    if (dims.size() < 3) of.refuse("its input does not have batch, channel and spatial axes");
    return in_parts(of, dims[1], true);
}

/// Before opset 21 scale and bias are per group.
std::vector<array> group_normalization(const call& of) {
    const extents& dims = of.input(0).dims;
    if (dims.size() < 2) of.refuse("its input has no channels");
    const std::int64_t groups = of.what.get<std::int64_t>("num_groups", 0);
    if (groups < 1 || dims[1] % groups != 0)
        of.refuse("its " + std::to_string(dims[1]) + " channels are not divisible into " + std::to_string(groups) +
                  " groups");
    return in_parts(of, groups, of.what.opset >= 21);
}

/// x / sqrt(mean(x^2) + epsilon), times a scale that is broadcast.
std::vector<array> rms_normalization(const call& of) {
    const extents& dims = of.input(0).dims;
    if (dims.empty()) of.refuse("its input is a scalar");
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", -1), dims.size());
    const double epsilon = of.what.get<double>("epsilon", double{1e-5f});
    const auto size = static_cast<std::size_t>(count(dims, axis, dims.size()));
    const std::vector<double>& scale = of.reals(1);
    if (broadcast(of.what, dims, of.input(1).dims) != dims) of.refuse("its scale is larger than its input");
    array y{dims, of.reals(0)};
    for (std::size_t row = 0; row < y.size(); row += size) {
        double squares = 0;
        for (std::size_t i = row; i < row + size; ++i) squares += y.reals()[i] * y.reals()[i];
        const double deviation = std::sqrt(squares / static_cast<double>(size) + epsilon);
        for (std::size_t i = row; i < row + size; ++i) y.reals()[i] /= deviation;
    }
    const std::vector<std::int64_t> strides[]{broadcast_strides(of.input(1).dims, dims)};
    for_each_element(dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        y.reals()[flat] *= scale[static_cast<std::size_t>(offsets[0])];
    });
    return {std::move(y)};
}

/// Calls f(first, size, stride) for each normalised line of elements. Before opset 13 all axes from `axis` on form one
/// line.
template <class F>
std::vector<array> lines(const call& of, F f) {
    const extents& dims = of.input(0).dims;
    const bool flat = of.what.opset < 13;
    const std::int64_t given = of.what.get<std::int64_t>("axis", flat ? 1 : -1);
    array y{dims, of.reals(0)};
    if (y.size() == 0) return {std::move(y)};
    // An axis equal to the rank has lines of one element.
    const std::size_t axis =
        flat && given == static_cast<std::int64_t>(dims.size()) ? dims.size() : axis_in(of.what, given, dims.size());
    const std::int64_t size = axis == dims.size() ? 1 : flat ? count(dims, axis, dims.size()) : dims[axis];
    const std::int64_t stride = flat ? 1 : count(dims, axis + 1, dims.size());
    for (std::int64_t outer = 0; outer < static_cast<std::int64_t>(y.size()) / (size * stride); ++outer)
        for (std::int64_t inner = 0; inner < stride; ++inner)
            f(y.reals().data() + outer * size * stride + inner, size, stride);
    return {std::move(y)};
}

double largest_of(const double* x, std::int64_t size, std::int64_t stride) {
    double largest = -std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < size; ++i) largest = std::max(largest, x[i * stride]);
    return largest;
}
std::vector<array> softmax(const call& of) {
    return lines(of, [](double* x, std::int64_t size, std::int64_t stride) {
        const double largest = largest_of(x, size, stride);
        double sum = 0;
        for (std::int64_t i = 0; i < size; ++i) sum += x[i * stride] = std::exp(x[i * stride] - largest);
        for (std::int64_t i = 0; i < size; ++i) x[i * stride] /= sum;
    });
}
std::vector<array> log_softmax(const call& of) {
    return lines(of, [](double* x, std::int64_t size, std::int64_t stride) {
        const double largest = largest_of(x, size, stride);
        double sum = 0;
        for (std::int64_t i = 0; i < size; ++i) sum += std::exp(x[i * stride] - largest);
        const double logarithm = std::log(sum) + largest;
        for (std::int64_t i = 0; i < size; ++i) x[i * stride] -= logarithm;
    });
}

/// Folds `step` over the reduced axes; `together` becomes the number of elements reduced into one.
template <class Step>
array reduce(const call& of, double start, Step step, std::int64_t axes_since, std::int64_t& together) {
    const extents& dims = of.input(0).dims;
    const auto& numbers = of.reals(0);
    auto axes = list_from(of, "axes", 1, axes_since);
    const bool keep = of.what.get<std::int64_t>("keepdims", 1) != 0;
    if (axes.empty() && of.what.get<std::int64_t>("noop_with_empty_axes", 0) != 0) {
        together = 1;
        return of.input(0);
    }
    std::set<std::size_t> reduced;
    for (const std::int64_t axis : axes) reduced.insert(axis_in(of.what, axis, dims.size()));
    if (axes.empty())
        for (std::size_t axis = 0; axis < dims.size(); ++axis) reduced.insert(axis);
    extents kept = dims, result;
    together = 1;
    for (const std::size_t axis : reduced) {
        together *= dims[axis];
        kept[axis] = 1;
    }
    for (std::size_t axis = 0; axis < dims.size(); ++axis)
        if (keep || !reduced.contains(axis)) result.push_back(kept[axis]);
    array y = reals_of(of, kept);
    std::fill(y.reals().begin(), y.reals().end(), start);
    const std::vector<std::int64_t> strides[]{broadcast_strides(kept, dims)};
    for_each_element(dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        double& into = y.reals()[static_cast<std::size_t>(offsets[0])];
        into = step(into, numbers[flat]);
    });
    y.dims = result;
    return y;
}

std::vector<array> reduce_sum(const call& of) {
    std::int64_t together = 1;
    return {reduce(of, 0, std::plus<double>{}, 13, together)};
}
std::vector<array> reduce_mean(const call& of) {
    std::int64_t together = 1;
    array y = reduce(of, 0, std::plus<double>{}, 18, together);
    for (double& number : y.reals()) number /= static_cast<double>(together);
    return {std::move(y)};
}
std::vector<array> reduce_max(const call& of) {
    std::int64_t together = 1;
    return {reduce(
        of, -std::numeric_limits<double>::infinity(), [](double a, double b) { return std::isnan(a) || a > b ? a : b; },
        18, together)};
}

std::vector<array> reduce_min(const call& of) {
    std::int64_t together = 1;
    return {reduce(
        of, std::numeric_limits<double>::infinity(), [](double a, double b) { return std::isnan(a) || a < b ? a : b; },
        18, together)};
}
std::vector<array> reduce_l1(const call& of) {
    std::int64_t together = 1;
    return {reduce(
        of, 0, [](double sum, double x) { return sum + std::abs(x); }, 18, together)};
}
std::vector<array> reduce_sum_square(const call& of) {
    std::int64_t together = 1;
    return {reduce(
        of, 0, [](double sum, double x) { return sum + x * x; }, 18, together)};
}
std::vector<array> reduce_l2(const call& of) {
    array y = reduce_sum_square(of)[0];
    for (double& number : y.reals()) number = std::sqrt(number);
    return {std::move(y)};
}
std::vector<array> reduce_log_sum(const call& of) {
    std::int64_t together = 1;
    array y = reduce(of, 0, std::plus<double>{}, 18, together);
    for (double& number : y.reals()) number = std::log(number);
    return {std::move(y)};
}
std::vector<array> reduce_log_sum_exp(const call& of) {
    std::int64_t together = 1;
    array y = reduce(
        of, 0, [](double sum, double x) { return sum + std::exp(x); }, 18, together);
    for (double& number : y.reals()) number = std::log(number);
    return {std::move(y)};
}

std::vector<array> lp_normalization(const call& of) {
    const extents& dims = of.input(0).dims;
    const std::int64_t power = of.what.get<std::int64_t>("p", 2);
    if (power != 1 && power != 2) of.refuse("its p is " + std::to_string(power));
    array y{dims, of.reals(0)};
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", -1), dims.size());
    const std::int64_t stride = count(dims, axis + 1, dims.size()), size = dims[axis];
    for (std::int64_t at = 0; y.size() > 0 && at < count(dims) / size; ++at) {
        double* const x = y.reals().data() + at / stride * size * stride + at % stride;
        double sum = 0;
        for (std::int64_t i = 0; i < size; ++i)
            sum += power == 1 ? std::abs(x[i * stride]) : x[i * stride] * x[i * stride];
        const double norm = power == 1 ? sum : std::sqrt(sum);
        for (std::int64_t i = 0; norm > 0 && i < size; ++i) x[i * stride] /= norm;
    }
    return {std::move(y)};
}

/// The index of the largest, the first of equals or the last.
std::vector<array> arg_max(const call& of) {
    const array& x = of.input(0);
    const auto& numbers = of.reals(0);
    const std::size_t axis = axis_in(of.what, of.what.get<std::int64_t>("axis", 0), x.dims.size());
    const bool last = of.what.get<std::int64_t>("select_last_index", 0) != 0;
    const std::int64_t stride = count(x.dims, axis + 1, x.dims.size()), size = x.dims[axis];
    if (size == 0) of.refuse("its axis is empty");
    extents dims = x.dims;
    dims[axis] = 1;
    array y = integers_of(of, dims);
    for (std::size_t at = 0; at < y.size(); ++at) {
        const auto place = static_cast<std::int64_t>(at);
        const double* const from = numbers.data() + place / stride * size * stride + place % stride;
        std::int64_t best = 0;
        for (std::int64_t i = 1; i < size; ++i)
            if (from[i * stride] > from[best * stride] || (last && from[i * stride] == from[best * stride])) best = i;
        y.integers()[at] = best;
    }
    if (of.what.get<std::int64_t>("keepdims", 1) == 0) y.dims.erase(y.dims.begin() + static_cast<std::ptrdiff_t>(axis));
    return {std::move(y)};
}

}  // namespace

void add_normalisations(operation_table& table) {
    table.insert({{"BatchNormalization", batch_normalization},
                  {"LayerNormalization", layer_normalization},
                  {"InstanceNormalization", instance_normalization},
                  {"GroupNormalization", group_normalization},
                  {"RMSNormalization", rms_normalization},
                  {"Softmax", softmax},
                  {"LogSoftmax", log_softmax},
                  {"ReduceSum", reduce_sum},
                  {"ReduceMean", reduce_mean},
                  {"ReduceMax", reduce_max},
                  {"ReduceMin", reduce_min},
                  {"ReduceL1", reduce_l1},
                  {"ReduceL2", reduce_l2},
                  {"ReduceSumSquare", reduce_sum_square},
                  {"ReduceLogSum", reduce_log_sum},
                  {"ReduceLogSumExp", reduce_log_sum_exp},
                  {"LpNormalization", lp_normalization},
                  {"ArgMax", arg_max}});
}

}  // namespace ctnn_import
