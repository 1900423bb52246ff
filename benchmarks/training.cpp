// SPDX-License-Identifier: BSL-1.0
// One training step: forward pass, loss, backward pass, update.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"
#include "dense_network.hpp"
#include "eigen_activations.hpp"
#include "own_training.hpp"
#include "peers/add.hpp"
#include "plain_training.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using ctnn::identity, ctnn::relu, ctnn::sigmoid, ctnn::softmax;

constexpr float rate = 1e-3f;
constexpr float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;

/// Hand-written update of one parameter matrix; `gradient` is an unevaluated expression.
struct eigen_sgd {
    template <class Parameters>
    struct moments {};

    void next() {}
    template <class Parameters, class Product>
    void update_by_product(Parameters& parameters, const Product& gradient, moments<Parameters>&) const {
        // Eigen's product accumulates into its target: the gradient is never stored.
        parameters.noalias() -= rate * gradient;
    }
    template <class Parameters, class Gradient>
    void update(Parameters& parameters, const Gradient& gradient, moments<Parameters>&) const {
        parameters -= rate * gradient;
    }
};
struct eigen_adam {
    template <class Parameters>
    struct moments {
        Parameters gradient = Parameters::Zero(), mean = Parameters::Zero(), square = Parameters::Zero();
    };

    float power1 = 1, power2 = 1;

    void next() {
        power1 *= beta1;
        power2 *= beta2;
    }
    template <class Parameters, class Product>
    void update_by_product(Parameters& parameters, const Product& gradient, moments<Parameters>& state) const {
        state.gradient.noalias() = gradient;
        apply(parameters, state);
    }
    template <class Parameters, class Gradient>
    void update(Parameters& parameters, const Gradient& gradient, moments<Parameters>& state) const {
        state.gradient = gradient;
        apply(parameters, state);
    }
    template <class Parameters>
    void apply(Parameters& parameters, moments<Parameters>& state) const {
        const float step = rate / (1 - power1), root_scale = 1 / std::sqrt(1 - power2);
        // All coefficients in one pass, as one would write it for speed.
        float *w = parameters.data(), *m = state.mean.data(), *s = state.square.data();
        const float* g = state.gradient.data();
        using packet = Eigen::Array<float, 16, 1>;
        constexpr Eigen::Index size = Parameters::SizeAtCompileTime, whole = size - size % 16;
        for (Eigen::Index i = 0; i < whole; i += 16) {
            const packet gradient = Eigen::Map<const packet>(g + i);
            const packet mean = beta1 * Eigen::Map<const packet>(m + i) + (1 - beta1) * gradient;
            const packet square = beta2 * Eigen::Map<const packet>(s + i) + (1 - beta2) * gradient.square();
            Eigen::Map<packet>(m + i) = mean;
            Eigen::Map<packet>(s + i) = square;
            Eigen::Map<packet>(w + i) -= step * mean / (square.sqrt() * root_scale + epsilon);
        }
        for (Eigen::Index i = whole; i < size; ++i) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            s[i] = beta2 * s[i] + (1 - beta2) * g[i] * g[i];
            w[i] -= step * m[i] / (std::sqrt(s[i]) * root_scale + epsilon);
        }
    }
};

/// ctnn's memory layout: its rows are Eigen's columns.
template <int Rows, int Columns>
using columns = Eigen::Matrix<float, Rows, Columns, Rows == 1 && Columns != 1 ? Eigen::RowMajor : Eigen::ColMajor>;

/// dy times the derivative of the activation, hand-written.
template <class Matrix>
void times_derivative(identity, Matrix&, const Matrix&) {}
template <class Matrix>
void times_derivative(relu, Matrix& dy, const Matrix& y) {
    dy = (y.array() > 0.0f).select(dy, 0.0f);
}
template <class Matrix>
void times_derivative(sigmoid, Matrix& dy, const Matrix& y) {
    dy = (dy.array() * y.array() * (1 - y.array())).matrix();
}

/// Weights are outputs x inputs, samples are columns. (Row-major weights were measured as well: the times differed by
/// less than the measurement noise.)
template <class Optimizer, class Hidden, class Last, int Batch, class Sizes,
          class Index = std::make_index_sequence<Sizes::rank - 1>>
class eigen_training;
template <class Optimizer, class Hidden, class Last, int Batch, class Sizes, std::size_t... Index>
class eigen_training<Optimizer, Hidden, Last, Batch, Sizes, std::index_sequence<Index...>> {
    template <int Rows>
    using samples = columns<Rows, Batch>;
    template <int Inputs, int Outputs>
    struct layer {
        using matrix = columns<Outputs, Inputs>;
        using vector = Eigen::Matrix<float, Outputs, 1>;
        matrix weights;
        vector bias;
        typename Optimizer::template moments<matrix> weight_moments;
        typename Optimizer::template moments<vector> bias_moments;
        samples<Outputs> y, dy;
    };
    static constexpr std::size_t last = sizeof...(Index) - 1;
    static constexpr int inputs = int{Sizes::extent(0)}, outputs = int{Sizes::extent(last + 1)};

  public:
    template <class Net>
    eigen_training(const Net& net, const std::vector<std::vector<float>>& batches,
                   const std::vector<std::vector<float>>& targets)
        : x_(batches.size()), targets_(targets.size()) {
        (copy(std::get<Index>(layers_), ctnn::get<Index>(net)), ...);
        for (std::size_t i = 0; i < batches.size(); ++i) {
            std::copy(batches[i].begin(), batches[i].end(), x_[i].data());
            std::copy(targets[i].begin(), targets[i].end(), targets_[i].data());
        }
    }

    float step(std::size_t batch) {
        const samples<inputs>& x = x_[batch];
        (forward<Index>(x), ...);
        const float loss = start_backward(targets_[batch]);
        optimizer_.next();
        (backward<last - Index>(x), ...);
        return loss;
    }

    std::vector<double> parameters() const {
        std::vector<double> result;
        const auto append = [&](const auto& here) {
            result.insert(result.end(), here.weights.data(), here.weights.data() + here.weights.size());
            result.insert(result.end(), here.bias.data(), here.bias.data() + here.bias.size());
        };
        (append(std::get<Index>(layers_)), ...);
        return result;
    }

  private:
    template <class Layer, class From>
    static void copy(Layer& to, const From& from) {
        std::copy(from.weights.begin(), from.weights.end(), to.weights.data());
        std::copy(from.bias.begin(), from.bias.end(), to.bias.data());
    }

    template <std::size_t I>
    const auto& input_of(const samples<inputs>& x) const {
        if constexpr (I == 0)
            return x;
        else
            return std::get<I - 1>(layers_).y;
    }

    template <std::size_t I>
    void forward(const samples<inputs>& x) {
        auto& here = std::get<I>(layers_);
        here.y.noalias() = here.weights * input_of<I>(x);
        // The last softmax is computed with the loss.
        using then =
            std::conditional_t<I != last, Hidden, std::conditional_t<std::is_same_v<Last, softmax>, identity, Last>>;
        assign(then{}, here.y, here.y.colwise() + here.bias);
    }

    float start_backward(const samples<outputs>& target) {
        auto& here = std::get<last>(layers_);
        if constexpr (std::is_same_v<Last, softmax>) {
            using vector = Eigen::Matrix<float, outputs, 1>;
            float loss = 0;
            for (int i = 0; i < Batch; ++i) {
                const vector logits = (here.y.col(i).array() - here.y.col(i).maxCoeff()).matrix();
                const vector exponentials = logits.array().exp().matrix();
                const float total = exponentials.sum();
                loss += std::log(total) * target.col(i).sum() - target.col(i).dot(logits);
                here.dy.col(i) = (exponentials / total - target.col(i)) / Batch;
            }
            return loss / Batch;
        } else {
            here.dy = here.y - target;
            const float loss = here.dy.squaredNorm() / (outputs * Batch);
            here.dy *= 2.0f / (outputs * Batch);
            times_derivative(Last{}, here.dy, here.y);
            return loss;
        }
    }

    template <std::size_t I>
    void backward(const samples<inputs>& x) {
        auto& here = std::get<I>(layers_);
        if constexpr (I > 0) {
            auto& below = std::get<I - 1>(layers_);
            below.dy.noalias() = here.weights.transpose() * here.dy;
            times_derivative(Hidden{}, below.dy, below.y);
        }
        optimizer_.update_by_product(here.weights, here.dy * input_of<I>(x).transpose(), here.weight_moments);
        optimizer_.update(here.bias, here.dy.rowwise().sum(), here.bias_moments);
    }

    std::tuple<layer<int{Sizes::extent(Index)}, int{Sizes::extent(Index + 1)}>...> layers_;
    Optimizer optimizer_;
    std::vector<samples<inputs>> x_;
    std::vector<samples<outputs>> targets_;
};

/// The counterparts of each ctnn optimiser.
template <class Optimizer>
struct same;
template <>
struct same<ctnn::sgd> {
    using eigen = eigen_sgd;
    template <class T>
    using plain = plain::sgd<T>;
    static constexpr peers::optimizer described = peers::optimizer::sgd;
};
template <>
struct same<ctnn::adam> {
    using eigen = eigen_adam;
    template <class T>
    using plain = plain::adam<T>;
    static constexpr peers::optimizer described = peers::optimizer::adam;
};

/// Adds a row: dense layers with `Hidden` between them, and at the end softmax with cross entropy, or `Last` with the
/// mean squared error.
template <class Optimizer, class Hidden, class Last, std::size_t Batch, std::size_t Inputs, std::size_t... Outputs>
void add(const std::string& name) {
    constexpr bool classifies = std::is_same_v<Last, softmax>;
    using loss = std::conditional_t<classifies, ctnn::cross_entropy, ctnn::mean_squared_error>;
    using sizes = ctnn::shape<Inputs, Outputs...>;
    using net_type = dense_network<float, Hidden, Last, Inputs, Outputs...>;
    constexpr std::size_t outputs = net_type::output_shape::size;
    const auto net = std::make_shared<net_type>();
    unsigned seed = 1;
    std::size_t fan_in = Inputs;
    ctnn::for_each_parameter(*net, [&](auto, const char*, auto& parameter) {
        compare::fill(parameter.values, parameter.size(), 1 / std::sqrt(static_cast<double>(fan_in)), seed++);
        fan_in = 64;
    });
    std::vector<std::vector<float>> x(compare::steps::batches), targets(compare::steps::batches);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i].resize(Batch * Inputs);
        targets[i].resize(Batch * outputs);
        compare::fill(x[i].data(), x[i].size(), 1, static_cast<unsigned>(10 + i));
        if (classifies)
            for (std::size_t row = 0; row < Batch; ++row) targets[i][row * outputs + (row * 7 + i) % outputs] = 1;
        else
            compare::fill(targets[i].data(), targets[i].size(), 1, static_cast<unsigned>(20 + i));
    }

    using plain_optimizer = typename same<Optimizer>::template plain<float>;
    using double_optimizer = typename same<Optimizer>::template plain<double>;
    using reference_type = plain::training<double, double_optimizer, Hidden, Last, Batch, sizes>;
    const auto reference = std::make_unique<reference_type>(*net, x, targets, static_cast<double>(rate));
    const std::vector<double> start = reference->parameters();
    for (std::size_t i = 0; i < compare::steps::checked_steps; ++i) reference->step(i % compare::steps::batches);

    // Forward pass and weight gradient in each layer, input gradient in all but the first.
    const double products = 3.0 * net_type::multiply_accumulates - 1.0 * Inputs * sizes::extent(1);
    const compare::steps row(name, 2.0 * Batch * products, start, reference->parameters());
    using own = own_training<net_type, loss, Optimizer, Batch>;
    row.add("ctnn", [=] { return std::make_unique<own>(*net, x, targets, static_cast<double>(rate)); });
    using eigen = eigen_training<typename same<Optimizer>::eigen, Hidden, Last, int{Batch}, sizes>;
    row.add("eigen", [=] { return std::make_unique<eigen>(*net, x, targets); });
    using loops = plain::training<float, plain_optimizer, Hidden, Last, Batch, sizes>;
    row.add("plain", [=] { return std::make_unique<loops>(*net, x, targets, rate); });
    peers::add_all(row, {.start = peers::dense_network<Hidden, Last>(*net, Batch),
                         .what = classifies ? peers::loss::cross_entropy : peers::loss::mean_squared_error,
                         .by = same<Optimizer>::described,
                         .rate = rate,
                         .inputs = x,
                         .targets = targets});
}

}  // namespace

int main(int argc, char** argv) {
    using ctnn::adam, ctnn::sgd;
    add<sgd, sigmoid, sigmoid, 1, 2, 2, 1>("step 2-2-1, batch 1, sgd");
    add<sgd, relu, softmax, 32, 64, 32, 10>("step 64-32-10, batch 32, sgd");
    add<adam, relu, softmax, 32, 64, 32, 10>("step 64-32-10, batch 32, adam");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    add<sgd, relu, softmax, 32, 784, 128, 10>("step 784-128-10, batch 32, sgd");
    add<adam, relu, softmax, 32, 784, 128, 10>("step 784-128-10, batch 32, adam");
    add<sgd, relu, softmax, 128, 784, 128, 10>("step 784-128-10, batch 128, sgd");
    add<adam, relu, softmax, 128, 784, 128, 10>("step 784-128-10, batch 128, adam");
#endif
    add<adam, relu, identity, 32, 17, 64, 64, 6>("step 17-64-64-6, batch 32, adam");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    add<adam, relu, identity, 256, 17, 64, 64, 6>("step 17-64-64-6, batch 256, adam");
#endif
    return compare::run(argc, argv);
}
