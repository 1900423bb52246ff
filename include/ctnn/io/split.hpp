// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Splits a data set into training samples and samples held out for evaluation.

#include <ctnn/io/dataset.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/random.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace ctnn::io {

/// The two parts of a data set; every sample is in exactly one of them.
template <class Dataset>
struct parts {
    Dataset train;
    Dataset held_out;
};

namespace detail {
template <class Dataset>
parts<Dataset> split_by(const Dataset& data, const std::vector<std::size_t>& order, std::size_t held_out) {
    if (held_out >= data.size()) {
        throw std::invalid_argument(
            joined("ctnn::io::split: ", held_out, " samples to hold out of ", data.size(), " leave none to train on"));
    }
    parts<Dataset> result;
    const auto inputs = data.inputs();
    const auto targets = data.targets();
    for (std::size_t position = 0; position < order.size(); ++position) {
        Dataset& part = position < order.size() - held_out ? result.train : result.held_out;
        part.add(inputs[order[position]], targets[order[position]]);
    }
    return result;
}

inline std::vector<std::size_t> in_order(std::size_t count) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}
}  // namespace detail

/// Holds out the last `held_out` samples, in the order of the data.
///
/// *Errors*: `std::invalid_argument` when no sample is left to train on.
template <class Dataset>
parts<Dataset> split_in_order(const Dataset& data, std::size_t held_out) {
    return detail::split_by(data, detail::in_order(data.size()), held_out);
}

/// Shuffles, then holds out `held_out` samples. The same seed gives the same parts on every platform.
///
/// *Errors*: `std::invalid_argument` when no sample is left to train on.
template <class Dataset>
parts<Dataset> split_shuffled(const Dataset& data, std::size_t held_out, std::uint64_t seed) {
    std::vector<std::size_t> order = detail::in_order(data.size());
    random_engine engine{seed};
    shuffle(engine, order.data(), order.size());
    return detail::split_by(data, order, held_out);
}

}  // namespace ctnn::io
