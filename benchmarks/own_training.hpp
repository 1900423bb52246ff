// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training steps in ctnn, with the interface of all contenders.

#include <ctnn.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

/// The parameters of a network in the order of its layers.
template <class Net>
std::vector<double> parameters_of(const Net& net) {
    std::vector<double> result;
    ctnn::for_each_tensor([&](const auto& tensor) { result.insert(result.end(), tensor.begin(), tensor.end()); }, net);
    return result;
}

/// A trainer and its batches.
template <class Net, class Loss, class Optimizer, std::size_t Batch>
class own_training {
    using number = typename Net::value_type;

  public:
    own_training(const Net& net, const std::vector<std::vector<float>>& batches,
                 const std::vector<std::vector<float>>& targets, double rate)
        : trainer_{net, {.learning_rate = rate}}, x_(batches.size()), targets_(targets.size()) {
        for (std::size_t i = 0; i < batches.size(); ++i) {
            std::copy(batches[i].begin(), batches[i].end(), x_[i].begin());
            std::copy(targets[i].begin(), targets[i].end(), targets_[i].begin());
        }
    }
    number step(std::size_t batch) { return trainer_.step(x_[batch], targets_[batch]); }
    std::vector<double> parameters() const { return parameters_of(trainer_.network()); }

  private:
    ctnn::trainer<Net, Loss, Optimizer, Batch> trainer_;
    std::vector<ctnn::tensor<number, ctnn::batch_of<Batch, typename Net::input_shape>>> x_;
    std::vector<ctnn::tensor<number, ctnn::batch_of<Batch, typename Net::output_shape>>> targets_;
};
