// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A tensor of the imported model, with run-time extents.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <variant>
#include <vector>

namespace ctnn_import {

/// Extents, outermost first; empty for a scalar. All are known and at least 0: symbolic dimensions are bound when the
/// model is read.
using extents = std::vector<std::int64_t>;

inline std::int64_t count(const extents& dims) {
    return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>{});
}

/// Elements in row-major order. Floating-point types are stored as double, which holds float and float16 exactly;
/// integers of all widths and booleans as int64.
struct array {
    extents dims;
    std::variant<std::vector<double>, std::vector<std::int64_t>> values;

    bool holds_integers() const { return values.index() == 1; }
    std::vector<double>& reals() { return std::get<0>(values); }
    const std::vector<double>& reals() const { return std::get<0>(values); }
    std::vector<std::int64_t>& integers() { return std::get<1>(values); }
    const std::vector<std::int64_t>& integers() const { return std::get<1>(values); }
    std::size_t size() const {
        return std::visit([](const auto& numbers) { return numbers.size(); }, values);
    }

    friend bool operator==(const array&, const array&) = default;
};

}  // namespace ctnn_import
