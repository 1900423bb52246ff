// SPDX-License-Identifier: BSL-1.0
// FANN, the Fast Artificial Neural Network library: dense layers only.
#include "peers.hpp"

#include <fann.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace {

using peers::activation;

struct destroy {
    void operator()(fann* net) const { fann_destroy(net); }
};
using owned_fann = std::unique_ptr<fann, destroy>;

/// FANN's activation, and the factor of its pre-activation.
struct fann_activation {
    fann_activationfunc_enum function;
    float steepness;
};

/// FANN's only relu saturates at 1. Well below 1 it is exact, so pre-activations are scaled down by a power of two and
/// the weights of the next layer scaled up; both scalings are exact.
constexpr float relu_share = 1.0f / 64;

std::optional<fann_activation> fann_activation_of(activation which, bool is_last) {
    switch (which) {
        case activation::identity:
            return fann_activation{FANN_LINEAR, 1};
        case activation::sigmoid:
            return fann_activation{FANN_SIGMOID, 0.5f};
        case activation::tanh:
            return fann_activation{FANN_SIGMOID_SYMMETRIC, 1};
        case activation::relu:
            return is_last ? std::nullopt : std::optional{fann_activation{FANN_LINEAR_PIECE, relu_share}};
        // Softmax is computed outside FANN.
        case activation::softmax:
            return is_last ? std::optional{fann_activation{FANN_LINEAR, 1}} : std::nullopt;
    }
    return std::nullopt;
}

/// FANN orders connections by neuron: those from all neurons of the previous layer, then the bias.
template <class Visit>
void for_each_weight(const peers::network& net, const Visit& visit) {
    std::size_t connection = 0;
    for (std::size_t l = 0; l < net.layers.size(); ++l) {
        const peers::layer& layer = net.layers[l];
        for (std::size_t o = 0; o < layer.outputs; ++o) {
            for (std::size_t i = 0; i < layer.inputs; ++i) visit(connection++, l, i * layer.outputs + o, false);
            visit(connection++, l, o, true);
        }
    }
}

owned_fann make(const peers::network& net) {
    if (net.batch != 1) return nullptr;
    std::vector<unsigned> sizes{static_cast<unsigned>(net.input_shape[0])};
    for (const peers::layer& layer : net.layers) {
        if (layer.what != peers::kind::dense) return nullptr;
        if (!fann_activation_of(layer.then, &layer == &net.layers.back())) return nullptr;
        sizes.push_back(static_cast<unsigned>(layer.outputs));
    }
    owned_fann result{fann_create_standard_array(static_cast<unsigned>(sizes.size()), sizes.data())};
    for (std::size_t l = 0; l < net.layers.size(); ++l) {
        const auto then = *fann_activation_of(net.layers[l].then, l + 1 == net.layers.size());
        fann_set_activation_function_layer(result.get(), then.function, static_cast<int>(l + 1));
        fann_set_activation_steepness_layer(result.get(), then.steepness, static_cast<int>(l + 1));
    }
    std::vector<fann_connection> connections(fann_get_total_connections(result.get()));
    fann_get_connection_array(result.get(), connections.data());
    for_each_weight(net, [&](std::size_t connection, std::size_t l, std::size_t at, bool is_bias) {
        const peers::layer& layer = net.layers[l];
        const bool behind_relu = l > 0 && net.layers[l - 1].then == activation::relu;
        connections[connection].weight =
            is_bias ? layer.bias[at] : layer.weights[at] / (behind_relu ? relu_share : 1.0f);
    });
    fann_set_weight_array(result.get(), connections.data(), static_cast<unsigned>(connections.size()));
    return result;
}

class fann_network : public peers::evaluator {
  public:
    fann_network(owned_fann net, const peers::network& from)
        : net_{std::move(net)},
          softmax_{from.layers.back().then == activation::softmax},
          x_(from.input_shape[0]),
          y_(from.layers.back().outputs) {}
    float* input() override { return x_.data(); }
    const float* evaluate() override {
        const float* y = fann_run(net_.get(), x_.data());
        if (!softmax_) return y;
        const float largest = *std::max_element(y, y + y_.size());
        float sum = 0;
        for (std::size_t i = 0; i < y_.size(); ++i) sum += y_[i] = std::exp(y[i] - largest);
        for (float& value : y_) value /= sum;
        return y_.data();
    }

  private:
    owned_fann net_;
    bool softmax_;
    std::vector<float> x_, y_;
};

class fann_training : public peers::trainer {
  public:
    fann_training(owned_fann net, const peers::training& from) : net_{std::move(net)}, from_{from} {
        fann_set_training_algorithm(net_.get(), FANN_TRAIN_INCREMENTAL);
        fann_set_train_error_function(net_.get(), FANN_ERRORFUNC_LINEAR);
        // FANN's gradient of the squared error lacks the factor 2 and the mean over the outputs.
        fann_set_learning_rate(net_.get(), 2 * from.rate / static_cast<float>(from.start.layers.back().outputs));
        fann_set_learning_momentum(net_.get(), 0);
    }
    float step(std::size_t batch) override {
        fann_train(net_.get(), from_.inputs[batch].data(), from_.targets[batch].data());
        return fann_get_MSE(net_.get());
    }
    std::vector<double> parameters() override {
        std::vector<fann_connection> connections(fann_get_total_connections(net_.get()));
        fann_get_connection_array(net_.get(), connections.data());
        std::vector<double> result;
        std::vector<std::size_t> first;
        for (const peers::layer& layer : from_.start.layers) {
            first.push_back(result.size());
            result.resize(result.size() + layer.weights.size() + layer.bias.size());
        }
        for_each_weight(from_.start, [&](std::size_t connection, std::size_t l, std::size_t at, bool is_bias) {
            const std::size_t before = is_bias ? from_.start.layers[l].weights.size() : 0;
            result[first[l] + before + at] = static_cast<double>(connections[connection].weight);
        });
        return result;
    }

  private:
    owned_fann net_;
    peers::training from_;
};

}  // namespace

std::unique_ptr<peers::evaluator> peers::fann_evaluator(const network& net) {
    owned_fann made = make(net);
    if (made == nullptr) return nullptr;
    return std::make_unique<fann_network>(std::move(made), net);
}

/// FANN trains sample by sample, without relu or softmax.
std::unique_ptr<peers::trainer> peers::fann_trainer(const training& problem) {
    if (problem.what != loss::mean_squared_error || problem.by != optimizer::sgd) return nullptr;
    for (const layer& one : problem.start.layers)
        if (one.then == activation::relu) return nullptr;
    owned_fann made = make(problem.start);
    if (made == nullptr) return nullptr;
    return std::make_unique<fann_training>(std::move(made), problem);
}
