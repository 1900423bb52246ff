// SPDX-License-Identifier: BSL-1.0
// libtorch, single-threaded.
#include "peers.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cstdint>

namespace {

using peers::activation;
using peers::kind;

std::vector<std::int64_t> shape_of(const peers::network& net) {
    std::vector<std::int64_t> result{static_cast<std::int64_t>(net.batch)};
    for (const std::size_t extent : net.input_shape) result.push_back(static_cast<std::int64_t>(extent));
    return result;
}

torch::Tensor tensor_of(const std::vector<float>& numbers, const std::vector<std::int64_t>& shape) {
    return torch::from_blob(const_cast<float*>(numbers.data()), shape).clone();
}

/// Weights of dense layers are outputs x inputs here, those of convolutions filters x channels x window.
torch::Tensor as_in_ctnn(const torch::Tensor& parameter) {
    if (parameter.dim() == 4) return parameter.permute({2, 3, 1, 0});
    return parameter.dim() == 2 ? parameter.t() : parameter;
}

/// The modules that a user would write, without the last softmax if the loss takes logits.
torch::nn::Sequential make(const peers::network& net, bool to_logits) {
    const torch::NoGradGuard no_gradients;
    torch::nn::Sequential result;
    bool is_image = net.input_shape.size() > 1;
    for (const peers::layer& layer : net.layers) {
        const auto inputs = static_cast<std::int64_t>(layer.inputs), outputs = static_cast<std::int64_t>(layer.outputs);
        const auto window = static_cast<std::int64_t>(layer.window);
        if (layer.what == kind::max_pool2d) {
            result->push_back(torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(window).ceil_mode(layer.ceil_mode)));
            continue;
        }
        if (layer.what == kind::conv2d) {
            torch::nn::Conv2d module(
                torch::nn::Conv2dOptions(inputs, outputs, window).padding(static_cast<std::int64_t>(layer.padding)));
            module->weight.copy_(tensor_of(layer.weights, {window, window, inputs, outputs}).permute({3, 2, 0, 1}));
            module->bias.copy_(tensor_of(layer.bias, {outputs}));
            result->push_back(module);
        } else {
            if (is_image) result->push_back(torch::nn::Flatten());
            is_image = false;
            torch::nn::Linear module(inputs, outputs);
            module->weight.copy_(tensor_of(layer.weights, {inputs, outputs}).t());
            module->bias.copy_(tensor_of(layer.bias, {outputs}));
            result->push_back(module);
        }
        switch (layer.then) {
            case activation::identity:
                break;
            case activation::sigmoid:
                result->push_back(torch::nn::Sigmoid());
                break;
            case activation::tanh:
                result->push_back(torch::nn::Tanh());
                break;
            case activation::relu:
                result->push_back(torch::nn::ReLU());
                break;
            case activation::softmax:
                if (!to_logits) result->push_back(torch::nn::Softmax(1));
                break;
        }
    }
    return result;
}

class torch_network : public peers::evaluator {
  public:
    explicit torch_network(const peers::network& from) : net_{make(from, false)}, x_{torch::zeros(shape_of(from))} {
        net_->eval();
    }
    float* input() override { return x_.data_ptr<float>(); }
    const float* evaluate() override {
        const torch::InferenceMode inference;
        y_ = net_->forward(x_);
        return y_.data_ptr<float>();
    }

  private:
    torch::nn::Sequential net_;
    torch::Tensor x_, y_;
};

class torch_training : public peers::trainer {
  public:
    explicit torch_training(const peers::training& from)
        : classifies_{from.what == peers::loss::cross_entropy}, net_{make(from.start, classifies_)} {
        const auto outputs = static_cast<std::int64_t>(from.start.layers.back().outputs);
        const auto batch = static_cast<std::int64_t>(from.start.batch);
        for (std::size_t i = 0; i < from.inputs.size(); ++i) {
            inputs_.push_back(tensor_of(from.inputs[i], shape_of(from.start)));
            const torch::Tensor target = tensor_of(from.targets[i], {batch, outputs});
            targets_.push_back(classifies_ ? target.argmax(1) : target);
        }
        const double rate = static_cast<double>(from.rate);
        if (from.by == peers::optimizer::sgd)
            optimizer_ = std::make_unique<torch::optim::SGD>(net_->parameters(), torch::optim::SGDOptions(rate));
        else
            optimizer_ = std::make_unique<torch::optim::Adam>(net_->parameters(), torch::optim::AdamOptions(rate));
    }
    float step(std::size_t batch) override {
        optimizer_->zero_grad();
        const torch::Tensor y = net_->forward(inputs_[batch]);
        const torch::Tensor loss = classifies_ ? torch::nn::functional::cross_entropy(y, targets_[batch])
                                               : torch::mse_loss(y, targets_[batch]);
        loss.backward();
        optimizer_->step();
        return loss.item<float>();
    }
    std::vector<double> parameters() override {
        std::vector<double> result;
        for (const torch::Tensor& parameter : net_->parameters()) {
            const torch::Tensor numbers = as_in_ctnn(parameter).detach().contiguous().to(torch::kDouble);
            const double* first = numbers.data_ptr<double>();
            result.insert(result.end(), first, first + numbers.numel());
        }
        return result;
    }

  private:
    bool classifies_;
    torch::nn::Sequential net_;
    std::vector<torch::Tensor> inputs_, targets_;
    std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

void use_one_thread() {
    static const bool done = [] {
        torch::set_num_threads(1);
        return true;
    }();
    static_cast<void>(done);
}

}  // namespace

std::unique_ptr<peers::evaluator> peers::torch_evaluator(const network& net) {
    use_one_thread();
    return std::make_unique<torch_network>(net);
}

std::unique_ptr<peers::trainer> peers::torch_trainer(const training& problem) {
    use_one_thread();
    return std::make_unique<torch_training>(problem);
}
