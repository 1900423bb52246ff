// SPDX-License-Identifier: BSL-1.0
// dlib's dnn module, without its threaded trainer: the networks of dense layers whose types are listed at the end.
#include "peers.hpp"

#include <dlib/dnn.h>

#include <algorithm>
#include <type_traits>
#include <vector>

namespace {

using peers::activation;

template <class Below>
using none = Below;
template <class Below>
using fc = dlib::fc<1, Below>;
using input = dlib::input<dlib::matrix<float>>;

/// Networks of one, two and three layers. The number of outputs of a layer is set at run time.
template <template <class> class Last>
using one_layer = Last<fc<input>>;
template <template <class> class Hidden, template <class> class Last>
using two_layers = Last<fc<Hidden<fc<input>>>>;
template <template <class> class Hidden, template <class> class Last>
using three_layers = Last<fc<Hidden<fc<Hidden<fc<input>>>>>>;

using dense_layer = dlib::fc_<1, dlib::FC_HAS_BIAS>;

/// The dense layers of a network from input to output; dlib visits them in reverse.
template <class Net>
std::vector<dense_layer*> dense_layers(Net& net) {
    std::vector<dense_layer*> all;
    dlib::visit_computational_layers(net, [&]<class Layer>(std::size_t, Layer& layer) {
        if constexpr (std::is_same_v<Layer, dense_layer>) all.push_back(&layer);
    });
    std::reverse(all.begin(), all.end());
    return all;
}

/// Memory for a batch; to_tensor() also sets the network's input size.
template <class Net>
dlib::resizable_tensor batch_of(Net& net, const peers::network& from) {
    const dlib::matrix<float> sample = dlib::zeros_matrix<float>(static_cast<long>(from.input_shape[0]), 1);
    const std::vector<dlib::matrix<float>> samples(from.batch, sample);
    dlib::resizable_tensor x;
    net.to_tensor(samples.begin(), samples.end(), x);
    return x;
}

/// Sets the sizes, makes the network allocate, and copies the parameters: weights, inputs x outputs, then the bias.
template <class Net>
void start(Net& net, const peers::network& from) {
    const auto layers = dense_layers(net);
    for (std::size_t i = 0; i < layers.size(); ++i)
        layers[i]->set_num_outputs(static_cast<long>(from.layers[i].outputs));
    net.forward(batch_of(net, from));
    for (std::size_t i = 0; i < layers.size(); ++i) {
        float* to = layers[i]->get_layer_params().host();
        to = std::copy(from.layers[i].weights.begin(), from.layers[i].weights.end(), to);
        std::copy(from.layers[i].bias.begin(), from.layers[i].bias.end(), to);
    }
}

template <class Net>
class dlib_network : public peers::evaluator {
  public:
    explicit dlib_network(const peers::network& from) : x_{batch_of(net_, from)} { start(net_, from); }
    float* input() override { return x_.host(); }
    const float* evaluate() override { return net_.forward(x_).host(); }

  private:
    Net net_;
    dlib::resizable_tensor x_;
};

template <class Net, class Solver>
class dlib_training : public peers::trainer {
    using label = typename Net::training_label_type;
    static constexpr bool classifies = std::is_integral_v<label>;

  public:
    explicit dlib_training(const peers::training& from) : solvers_(Net::num_computational_layers, solver()) {
        start(net_.subnet(), from.start);
        const std::size_t outputs = from.start.layers.back().outputs;
        // dlib's gradient of the squared error lacks the factor 2 and the mean over the outputs, which does not affect
        // Adam.
        const bool scaled = !classifies && from.by == peers::optimizer::sgd;
        rate_ = static_cast<double>(from.rate) * (scaled ? 2.0 / static_cast<double>(outputs) : 1);
        for (std::size_t i = 0; i < from.inputs.size(); ++i) {
            inputs_.push_back(batch_of(net_.subnet(), from.start));
            std::copy(from.inputs[i].begin(), from.inputs[i].end(), inputs_[i].host());
            labels_.emplace_back();
            for (std::size_t sample = 0; sample < from.start.batch; ++sample)
                labels_[i].push_back(label_of(from.targets[i].data() + sample * outputs, outputs));
        }
    }
    float step(std::size_t batch) override {
        const double loss = net_.compute_parameter_gradients(inputs_[batch], labels_[batch].begin());
        net_.update_parameters(dlib::make_sstack(solvers_), rate_);
        return static_cast<float>(loss);
    }
    std::vector<double> parameters() override {
        std::vector<double> result;
        for (auto* layer : dense_layers(net_.subnet())) {
            const dlib::tensor& numbers = layer->get_layer_params();
            result.insert(result.end(), numbers.host(), numbers.host() + numbers.size());
        }
        return result;
    }

  private:
    /// Without weight decay, and for SGD without momentum.
    static Solver solver() {
        if constexpr (std::is_same_v<Solver, dlib::sgd>)
            return Solver(0, 0);
        else
            return Solver(0, 0.9f, 0.999f);
    }
    static label label_of(const float* target, std::size_t outputs) {
        if constexpr (classifies) {
            return static_cast<label>(std::max_element(target, target + outputs) - target);
        } else {
            label result(static_cast<long>(outputs), 1);
            std::copy(target, target + outputs, result.begin());
            return result;
        }
    }

    Net net_;
    std::vector<Solver> solvers_;
    double rate_;
    std::vector<dlib::resizable_tensor> inputs_;
    std::vector<std::vector<label>> labels_;
};

/// Whether a network has `layers` layers, all dense, with these activations.
bool is(const peers::network& net, std::size_t layers, activation hidden, activation last) {
    if (net.layers.size() != layers) return false;
    for (std::size_t i = 0; i < layers; ++i) {
        const bool is_last = i + 1 == layers;
        if (net.layers[i].what != peers::kind::dense || net.layers[i].then != (is_last ? last : hidden)) return false;
    }
    return true;
}

}  // namespace

std::unique_ptr<peers::evaluator> peers::dlib_evaluator(const network& net) {
    using enum activation;
    if (is(net, 1, identity, identity)) return std::make_unique<dlib_network<one_layer<none>>>(net);
    if (is(net, 1, tanh, tanh)) return std::make_unique<dlib_network<one_layer<dlib::htan>>>(net);
    if (is(net, 2, sigmoid, sigmoid)) return std::make_unique<dlib_network<two_layers<dlib::sig, dlib::sig>>>(net);
    if (is(net, 2, relu, identity)) return std::make_unique<dlib_network<two_layers<dlib::relu, none>>>(net);
    if (is(net, 2, relu, softmax)) return std::make_unique<dlib_network<two_layers<dlib::relu, dlib::softmax>>>(net);
    if (is(net, 3, relu, identity)) return std::make_unique<dlib_network<three_layers<dlib::relu, none>>>(net);
    if (is(net, 3, tanh, identity)) return std::make_unique<dlib_network<three_layers<dlib::htan, none>>>(net);
    return nullptr;
}

std::unique_ptr<peers::trainer> peers::dlib_trainer(const training& problem) {
    using enum activation;
    using perceptron = dlib::loss_mean_squared_multioutput<two_layers<dlib::sig, dlib::sig>>;
    // The loss contains the softmax.
    using classifier = dlib::loss_multiclass_log<two_layers<dlib::relu, none>>;
    using regression = dlib::loss_mean_squared_multioutput<three_layers<dlib::relu, none>>;
    const bool by_adam = problem.by == optimizer::adam;
    if (problem.what == loss::cross_entropy && is(problem.start, 2, relu, softmax)) {
        if (by_adam) return std::make_unique<dlib_training<classifier, dlib::adam>>(problem);
        return std::make_unique<dlib_training<classifier, dlib::sgd>>(problem);
    }
    if (problem.what == loss::mean_squared_error) {
        if (!by_adam && is(problem.start, 2, sigmoid, sigmoid))
            return std::make_unique<dlib_training<perceptron, dlib::sgd>>(problem);
        if (by_adam && is(problem.start, 3, relu, identity))
            return std::make_unique<dlib_training<regression, dlib::adam>>(problem);
    }
    return nullptr;
}
