// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Other libraries behind plain interfaces, which keep their headers in separate sources. Libraries that are not
/// installed or not enabled (CTNN_BENCH_PEERS) are not in the list.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace peers {

enum class activation { identity, sigmoid, tanh, relu, softmax };
enum class kind { dense, conv2d, max_pool2d };

/// A layer of a network that a peer is to compute.
struct layer {
    kind what;
    /// The weights of a dense layer are inputs x outputs, those of a convolution window x window x channels x filters.
    std::size_t inputs = 0, outputs = 0;
    std::vector<float> weights, bias;
    activation then = activation::identity;
    /// Of a convolution or pooling; the stride of pooling is its window.
    std::size_t window = 0, padding = 0;
    bool ceil_mode = false;
};

struct network {
    /// Of one sample: {inputs} or {channels, rows, columns}.
    std::vector<std::size_t> input_shape;
    std::vector<layer> layers;
    std::size_t batch = 1;
};

/// Evaluates a network in float.
class evaluator {
  public:
    virtual ~evaluator() = default;
    virtual float* input() = 0;
    virtual const float* evaluate() = 0;
};

enum class loss { mean_squared_error, cross_entropy };
enum class optimizer { sgd, adam };

struct training {
    network start;
    loss what;
    optimizer by;
    float rate;
    /// Batches, sample after sample.
    std::vector<std::vector<float>> inputs, targets;
};

/// Trains a network in float.
class trainer {
  public:
    virtual ~trainer() = default;
    virtual float step(std::size_t batch) = 0;
    /// Weights and bias of each layer, as `layer` has them.
    virtual std::vector<double> parameters() = 0;
};

/// A library; its factories return null for what it does not support.
struct library {
    std::string name;
    std::unique_ptr<evaluator> (*evaluate)(const network&);
    std::unique_ptr<trainer> (*train)(const training&);
};
const std::vector<library>& libraries();

std::unique_ptr<evaluator> fann_evaluator(const network&);
std::unique_ptr<trainer> fann_trainer(const training&);
std::unique_ptr<evaluator> dlib_evaluator(const network&);
std::unique_ptr<trainer> dlib_trainer(const training&);
std::unique_ptr<evaluator> torch_evaluator(const network&);
std::unique_ptr<trainer> torch_trainer(const training&);

}  // namespace peers
