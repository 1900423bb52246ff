// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Runs an imported network on the inputs of the suite, and compares its outputs with the expected ones.

#include "tolerance.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace conformance {

class runner {
  public:
    /// `data` is what write_cases has written. `spoiled` shifts all expected values by more than the tolerance: then no
    /// output is right, unless none of its elements is finite.
    runner(std::vector<double> data, bool spoiled) : data_(std::move(data)), spoiled_(spoiled) {}

    /// The data from `offset` on are inputs and expected outputs of `samples` samples. `constant` is whether the first
    /// was right in constant evaluation too, where that was requested.
    template <class Net>
    void operator()(const Net& net, const std::string& name, std::size_t samples, std::size_t offset,
                    std::optional<bool> constant) {
        using T = typename Net::value_type;
        constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
        bool right = samples > 0 && offset + samples * (inputs + outputs) <= data_.size();
        for (std::size_t sample = 0; right && sample < samples; ++sample) {
            ctnn::tensor<T, typename Net::input_shape> x{};
            const double* const at = data_.data() + offset + sample * (inputs + outputs);
            for (std::size_t i = 0; i < inputs; ++i) x[i] = static_cast<T>(at[i]);
            const auto y = net(x);
            for (std::size_t i = 0; i < outputs; ++i) right = right && near(double{y[i]}, expected(at[inputs + i]));
        }
        right_[name] += right && constant.value_or(true);
        constants_ += constant.value_or(false);
    }
    /// How many networks of a case gave the right outputs.
    std::size_t right(const std::string& name) const {
        const auto found = right_.find(name);
        return found == right_.end() ? 0 : found->second;
    }
    /// How many networks gave them in constant evaluation as well.
    std::size_t constants() const { return constants_; }

  private:
    double expected(double number) const {
        return spoiled_ ? number + 0.01 * (1 + (number < 0 ? -number : number)) : number;
    }

    std::vector<double> data_;
    bool spoiled_;
    std::map<std::string, std::size_t> right_;
    std::size_t constants_ = 0;
};

}  // namespace conformance
