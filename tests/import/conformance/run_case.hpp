// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Runs an imported network on the inputs of the suite, and compares its answers with those that the suite expects.

#include <ctnn.hpp>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace conformance {

class runner {
  public:
    explicit runner(std::vector<double> data) : data_(std::move(data)) {}

    /// `samples` times inputs and expected outputs stand in the data from `offset` on.
    template <class Net>
    void operator()(std::size_t, const Net& net, const std::string& name, std::size_t samples, std::size_t offset) {
        constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
        bool right = offset + samples * (inputs + outputs) <= data_.size();
        for (std::size_t sample = 0; right && sample < samples; ++sample) {
            using T = typename Net::value_type;
            ctnn::tensor<T, typename Net::input_shape> x{};
            const double* const at = data_.data() + offset + sample * (inputs + outputs);
            for (std::size_t i = 0; i < inputs; ++i) x[i] = static_cast<T>(at[i]);
            const auto y = net(x);
            for (std::size_t i = 0; i < outputs; ++i) right = right && near(double{y[i]}, at[inputs + i]);
        }
        right_[name] += right;
    }
    /// How many networks of a case gave the right answers.
    std::size_t right(const std::string& name) const {
        const auto found = right_.find(name);
        return found == right_.end() ? 0 : found->second;
    }

  private:
    /// The tolerances of the suite: 1e-3 relative and 1e-7 absolute.
    static bool near(double found, double expected) {
        if (found == expected || (std::isnan(found) && std::isnan(expected))) return true;
        return std::abs(found - expected) <= 1e-7 + 1e-3 * std::abs(expected);
    }

    std::vector<double> data_;
    std::map<std::string, std::size_t> right_;
};

}  // namespace conformance
