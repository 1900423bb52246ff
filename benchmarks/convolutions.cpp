// SPDX-License-Identifier: BSL-1.0
// The convolutional networks of the examples: inference on one sample and on a batch, and a training step.
#include "compare.hpp"
#include "images.hpp"
#include "own_training.hpp"
#include "peers/add.hpp"

#include <ctnn.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using images::conv, images::pool;

/// The network of examples/fashion_cnn.cpp.
template <class T>
using fashion_net = ctnn::network<T, ctnn::input<1, 28, 28>,
                                  ctnn::conv2d<8, ctnn::window<3>, ctnn::relu>,
                                  ctnn::max_pool2d<ctnn::window<2>>,
                                  ctnn::conv2d<16, ctnn::window<3>, ctnn::relu, ctnn::same>,
                                  ctnn::max_pool2d<ctnn::window<2>, ctnn::ceil_mode>,
                                  ctnn::flatten,
                                  ctnn::dense<10, ctnn::softmax>>;
constexpr conv fashion_conv1{.channels = 1, .side = 28, .filters = 8, .window = 3, .padding = 0};
constexpr pool fashion_pool1{.channels = 8, .side = 26, .ceil = false};
constexpr conv fashion_conv2{.channels = 8, .side = 13, .filters = 16, .window = 3, .padding = 1};
constexpr pool fashion_pool2{.channels = 16, .side = 13, .ceil = true};
using fashion_places = std::index_sequence<0, 1, 2, 3, 5>;

template <class T, std::size_t Batch>
using plain_fashion =
    images::chain<T, Batch, 784, 10, fashion_places, images::plain_conv<T, fashion_conv1>,
                  images::plain_pool<T, fashion_pool1>, images::plain_conv<T, fashion_conv2>,
                  images::plain_pool<T, fashion_pool2>, images::plain_classifier<T, 784, 10>>;
template <std::size_t Batch>
using eigen_fashion =
    images::chain<float, Batch, 784, 10, fashion_places, images::eigen_conv<fashion_conv1>,
                  images::eigen_pool<fashion_pool1>, images::eigen_conv<fashion_conv2>,
                  images::eigen_pool<fashion_pool2>, images::eigen_classifier<784, 10>>;

/// The network of examples/digits_cnn.cpp as it is shipped: batch normalisation folded into the convolutions.
using digits_net = ctnn::network<float, ctnn::input<1, 8, 8>,
                                 ctnn::conv2d<8, ctnn::window<3>, ctnn::relu, ctnn::same>,
                                 ctnn::max_pool2d<ctnn::window<2>>,
                                 ctnn::conv2d<16, ctnn::window<3>, ctnn::relu>,
                                 ctnn::flatten,
                                 ctnn::dense<10, ctnn::softmax>>;
constexpr conv digits_conv1{.channels = 1, .side = 8, .filters = 8, .window = 3, .padding = 1};
constexpr pool digits_pool{.channels = 8, .side = 8, .ceil = false};
constexpr conv digits_conv2{.channels = 8, .side = 4, .filters = 16, .window = 3, .padding = 0};
using digits_places = std::index_sequence<0, 1, 2, 4>;

template <class T, std::size_t Batch>
using plain_digits = images::chain<T, Batch, 64, 10, digits_places, images::plain_conv<T, digits_conv1>,
                                   images::plain_pool<T, digits_pool>, images::plain_conv<T, digits_conv2>,
                                   images::plain_classifier<T, 64, 10>>;
template <std::size_t Batch>
using eigen_digits = images::chain<float, Batch, 64, 10, digits_places, images::eigen_conv<digits_conv1>,
                                   images::eigen_pool<digits_pool>, images::eigen_conv<digits_conv2>,
                                   images::eigen_classifier<64, 10>>;

peers::layer described(const conv& from, const auto& layer) {
    return {.what = peers::kind::conv2d,
            .inputs = from.channels,
            .outputs = from.filters,
            .weights = {layer.weights.begin(), layer.weights.end()},
            .bias = {layer.bias.begin(), layer.bias.end()},
            .then = peers::activation::relu,
            .window = from.window,
            .padding = from.padding};
}
peers::layer described(const pool& from) {
    return {.what = peers::kind::max_pool2d, .weights = {}, .bias = {}, .window = 2, .ceil_mode = from.ceil};
}
peers::network described(const fashion_net<float>& net, std::size_t batch) {
    return {.input_shape = {1, 28, 28},
            .layers = {described(fashion_conv1, ctnn::get<0>(net)), described(fashion_pool1),
                       described(fashion_conv2, ctnn::get<2>(net)), described(fashion_pool2),
                       peers::dense_layer(ctnn::get<5>(net), ctnn::softmax{})},
            .batch = batch};
}
peers::network described(const digits_net& net, std::size_t batch) {
    return {.input_shape = {1, 8, 8},
            .layers = {described(digits_conv1, ctnn::get<0>(net)), described(digits_pool),
                       described(digits_conv2, ctnn::get<2>(net)),
                       peers::dense_layer(ctnn::get<4>(net), ctnn::softmax{})},
            .batch = batch};
}

template <class Shape, std::size_t Batch>
struct batch_shape;
template <std::size_t... Extents, std::size_t Batch>
struct batch_shape<ctnn::shape<Extents...>, Batch> {
    using type = ctnn::shape<Batch, Extents...>;
};
template <class Shape, std::size_t Batch>
using samples_of = std::conditional_t<Batch == 1, Shape, typename batch_shape<Shape, Batch>::type>;

/// Inference in ctnn, aligned to cache lines, as Eigen aligns its storage.
template <class Net, std::size_t Batch>
class own {
    using inputs = ctnn::tensor<float, samples_of<typename Net::input_shape, Batch>>;
    using outputs = ctnn::tensor<float, samples_of<typename Net::output_shape, Batch>>;

  public:
    explicit own(const Net& net) : net_{net} {}
    float* input() { return x_.values; }
    const float* evaluate() {
        // In place, as in `const auto y = net(x);`.
        new (&y_) outputs(net_(x_));
        return y_.values;
    }

  private:
    alignas(64) Net net_;
    alignas(64) inputs x_{};
    alignas(64) outputs y_{};
};

template <class Net>
std::shared_ptr<Net> random_network() {
    const auto net = std::make_shared<Net>();
    unsigned seed = 1;
    ctnn::for_each_parameter(*net, [&](auto, const char*, auto& parameter) {
        compare::fill(parameter.values, parameter.size(), 0.2, seed++);
    });
    return net;
}

template <class Net, std::size_t Batch, class Eigen, class Plain, class Reference>
void add(const std::string& name) {
    const auto net = random_network<Net>();
    std::vector<float> x(Batch * Net::input_shape::size);
    compare::fill(x.data(), x.size(), 1, 100);
    const auto reference = std::make_unique<Reference>(*net);
    const compare::calls<float> row(name, {2.0 * Batch * Net::multiply_accumulates, 1.0 * Net::parameter_bytes}, x,
                                    plain::outputs_of(*reference, x, Batch * Net::output_shape::size));
    row.add("ctnn", [net] { return std::make_unique<own<Net, Batch>>(*net); });
    row.add("eigen", [net] { return std::make_unique<Eigen>(*net); });
    row.add("plain", [net] { return std::make_unique<Plain>(*net); });
    peers::add_all(row, described(*net, Batch));
}

/// Training in ctnn; with double it is the reference.
template <class T, std::size_t Batch>
using training = own_training<fashion_net<T>, ctnn::cross_entropy, ctnn::adam, Batch>;

fashion_net<double> in_double(const fashion_net<float>& net) {
    fashion_net<double> result{};
    const std::vector<double> numbers = parameters_of(net);
    auto from = numbers.begin();
    const auto assign = [&](auto& tensor) {
        for (double& value : tensor) value = *from++;
    };
    ctnn::for_each_tensor(assign, result);
    return result;
}

template <std::size_t Batch>
void add_training(const std::string& name) {
    using net_type = fashion_net<float>;
    constexpr float rate = 1e-3f;
    const auto net = random_network<net_type>();
    std::vector<std::vector<float>> x(compare::steps::batches), targets(compare::steps::batches);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i].resize(Batch * 784);
        targets[i].resize(Batch * 10);
        compare::fill(x[i].data(), x[i].size(), 1, static_cast<unsigned>(10 + i));
        for (std::size_t sample = 0; sample < Batch; ++sample) targets[i][sample * 10 + (sample * 7 + i) % 10] = 1;
    }
    const auto reference =
        std::make_unique<training<double, Batch>>(in_double(*net), x, targets, static_cast<double>(rate));
    const std::vector<double> start = reference->parameters();
    for (std::size_t i = 0; i < compare::steps::checked_steps; ++i) reference->step(i % compare::steps::batches);

    const double first_products = 1.0 * fashion_conv1.patch() * fashion_conv1.out_size();
    const double products = 3.0 * net_type::multiply_accumulates - first_products;
    const compare::steps row(name, 2.0 * Batch * products, start, reference->parameters());
    row.add("ctnn",
            [=] { return std::make_unique<training<float, Batch>>(*net, x, targets, static_cast<double>(rate)); });
    peers::add_all(row, {.start = described(*net, Batch),
                         .what = peers::loss::cross_entropy,
                         .by = peers::optimizer::adam,
                         .rate = rate,
                         .inputs = x,
                         .targets = targets});
}

}  // namespace

int main(int argc, char** argv) {
    add<digits_net, 1, eigen_digits<1>, plain_digits<float, 1>, plain_digits<double, 1>>("digits_cnn");
    add<digits_net, 32, eigen_digits<32>, plain_digits<float, 32>, plain_digits<double, 32>>("digits_cnn, batch 32");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    add<fashion_net<float>, 1, eigen_fashion<1>, plain_fashion<float, 1>, plain_fashion<double, 1>>("fashion_cnn");
    add<fashion_net<float>, 32, eigen_fashion<32>, plain_fashion<float, 32>, plain_fashion<double, 32>>(
        "fashion_cnn, batch 32");
#endif
    add_training<32>("step fashion_cnn, batch 32, adam");
    return compare::run(argc, argv);
}
