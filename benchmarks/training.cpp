// SPDX-License-Identifier: BSL-1.0
// One training step (forward, backward, update) beside the same written by hand with fixed-size Eigen.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <cmath>
#include <memory>

namespace {

constexpr float rate = 1e-3f;
constexpr float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;

/// What one optimiser does to one parameter matrix by hand; `gradient` is an unevaluated expression.
struct eigen_sgd {
    template <class Parameters>
    struct moments {};
    using optimizer = ctnn::sgd;

    void next() {}
    template <class Parameters, class Product>
    void update_by_product(Parameters& parameters, const Product& gradient, moments<Parameters>&) const {
        // Eigen's product adds to its target: no gradient in memory.
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
    using optimizer = ctnn::adam;

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
        // Coefficient by coefficient in one pass, as one would write it for speed.
        float *w = parameters.data(), *m = state.mean.data(), *s = state.square.data();
        const float* g = state.gradient.data();
        using packet = Eigen::Array<float, 16, 1>;
        constexpr Eigen::Index size = Parameters::SizeAtCompileTime, whole = size - size % 16;
        for (Eigen::Index i = 0; i < whole; i += 16) {
            const packet slope = Eigen::Map<const packet>(g + i);
            const packet mean = beta1 * Eigen::Map<const packet>(m + i) + (1 - beta1) * slope;
            const packet square = beta2 * Eigen::Map<const packet>(s + i) + (1 - beta2) * slope.square();
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

/// What stands in memory as ctnn has it: its rows are Eigen's columns.
template <int Rows, int Columns>
using columns = Eigen::Matrix<float, Rows, Columns, Rows == 1 && Columns != 1 ? Eigen::RowMajor : Eigen::ColMajor>;

/// Two layers; weights are outputs x inputs, samples are columns. (Weights stored by rows were measured as well: the times
/// differed by less than the machine's noise.)
template <int Inputs, int Hidden, int Outputs, int Batch, class Optimizer>
struct eigen_training {
    template <int Rows, int Columns>
    using matrix = columns<Rows, Columns>;
    template <int Rows>
    using samples = columns<Rows, Batch>;
    template <int Rows>
    using vector = Eigen::Matrix<float, Rows, 1>;

    matrix<Hidden, Inputs> weights1;
    vector<Hidden> bias1;
    matrix<Outputs, Hidden> weights2;
    vector<Outputs> bias2;
    typename Optimizer::template moments<matrix<Hidden, Inputs>> moments1;
    typename Optimizer::template moments<vector<Hidden>> bias_moments1;
    typename Optimizer::template moments<matrix<Outputs, Hidden>> moments2;
    typename Optimizer::template moments<vector<Outputs>> bias_moments2;
    Optimizer optimizer;
    samples<Hidden> h, dh;
    samples<Outputs> y, dy;

    void update(const samples<Inputs>& x) {
        optimizer.next();
        optimizer.update_by_product(weights2, dy * h.transpose(), moments2);
        optimizer.update(bias2, dy.rowwise().sum(), bias_moments2);
        optimizer.update_by_product(weights1, dh * x.transpose(), moments1);
        optimizer.update(bias1, dh.rowwise().sum(), bias_moments1);
    }

    /// relu, softmax and cross entropy.
    float classify(const samples<Inputs>& x, const samples<Outputs>& target) {
        h.noalias() = weights1 * x;
        h = (h.colwise() + bias1).cwiseMax(0.0f);
        y.noalias() = weights2 * h;
        y.colwise() += bias2;
        float loss = 0;
        for (int i = 0; i < Batch; ++i) {
            const vector<Outputs> logits = (y.col(i).array() - y.col(i).maxCoeff()).matrix();
            const vector<Outputs> exponentials = logits.array().exp().matrix();
            const float total = exponentials.sum();
            loss += std::log(total) * target.col(i).sum() - target.col(i).dot(logits);
            dy.col(i) = (exponentials / total - target.col(i)) / Batch;
        }
        dh.noalias() = weights2.transpose() * dy;
        dh = (h.array() > 0.0f).select(dh, 0.0f);
        update(x);
        return loss / Batch;
    }

    /// sigmoid, sigmoid and mean squared error.
    float regress(const samples<Inputs>& x, const samples<Outputs>& target) {
        h.noalias() = weights1 * x;
        h = (h.colwise() + bias1).array().logistic().matrix();
        y.noalias() = weights2 * h;
        y = (y.colwise() + bias2).array().logistic().matrix();
        const samples<Outputs> error = y - target;
        dy = (2.0f / (Outputs * Batch) * error.array() * y.array() * (1 - y.array())).matrix();
        dh.noalias() = weights2.transpose() * dy;
        dh = (dh.array() * h.array() * (1 - h.array())).matrix();
        update(x);
        return error.squaredNorm() / (Outputs * Batch);
    }
};

/// A network of two layers, its training in ctnn and by hand, and two batches of data.
template <int Inputs, int Hidden, int Outputs, int Batch, class Optimizer, bool Classifies>
struct problem {
    template <class Activation1, class Activation2>
    using two_layers = ctnn::network<float, ctnn::input<Inputs>, ctnn::dense<Hidden, Activation1>,
                                     ctnn::dense<Outputs, Activation2>>;
    using net = std::conditional_t<Classifies, two_layers<ctnn::relu, ctnn::softmax>,
                                   two_layers<ctnn::sigmoid, ctnn::sigmoid>>;
    using loss = std::conditional_t<Classifies, ctnn::cross_entropy, ctnn::mean_squared_error>;
    using trainer = ctnn::trainer<net, loss, typename Optimizer::optimizer, Batch>;
    using batch_inputs = ctnn::tensor<float, ctnn::shape<Batch, Inputs>>;
    using batch_targets = ctnn::tensor<float, ctnn::shape<Batch, Outputs>>;
    using by_hand = eigen_training<Inputs, Hidden, Outputs, Batch, Optimizer>;

    static constexpr std::size_t batches = 2;
    static constexpr double flops = 2.0 * Batch * (2 * Inputs * Hidden + 3 * Hidden * Outputs);

    batch_inputs x[batches];
    batch_targets target[batches]{};
    columns<Inputs, Batch> eigen_x[batches];
    columns<Outputs, Batch> eigen_target[batches];
    net start{};

    problem() {
        compare::fill(ctnn::get<0>(start).weights.values, Inputs * Hidden, 1 / std::sqrt(float{Inputs}), 1);
        compare::fill(ctnn::get<0>(start).bias.values, Hidden, 0.1f, 2);
        compare::fill(ctnn::get<1>(start).weights.values, Hidden * Outputs, 1 / std::sqrt(float{Hidden}), 3);
        compare::fill(ctnn::get<1>(start).bias.values, Outputs, 0.1f, 4);
        for (std::size_t i = 0; i < batches; ++i) {
            compare::fill(x[i].values, x[i].size(), 1, static_cast<unsigned>(10 + i));
            for (std::size_t row = 0; row < Batch; ++row)
                target[i].values[row * Outputs + (row * 7 + i) % Outputs] = 1;
            std::copy(x[i].begin(), x[i].end(), eigen_x[i].data());
            std::copy(target[i].begin(), target[i].end(), eigen_target[i].data());
        }
    }

    std::unique_ptr<trainer> own_training() const {
        return std::make_unique<trainer>(start, typename Optimizer::optimizer{.learning_rate = rate});
    }
    std::unique_ptr<by_hand> eigen_training_of() const {
        auto training = std::make_unique<by_hand>();
        training->weights1 =
            Eigen::Map<const columns<Hidden, Inputs>>(ctnn::get<0>(start).weights.values);
        training->bias1 = Eigen::Map<const Eigen::Matrix<float, Hidden, 1>>(ctnn::get<0>(start).bias.values);
        training->weights2 =
            Eigen::Map<const columns<Outputs, Hidden>>(ctnn::get<1>(start).weights.values);
        training->bias2 = Eigen::Map<const Eigen::Matrix<float, Outputs, 1>>(ctnn::get<1>(start).bias.values);
        return training;
    }

    float eigen_step(by_hand& training, std::size_t i) const {
        if constexpr (Classifies)
            return training.classify(eigen_x[i], eigen_target[i]);
        else
            return training.regress(eigen_x[i], eigen_target[i]);
    }

    void check(const std::string& name) const {
        const auto own = own_training();
        const auto other = eigen_training_of();
        for (std::size_t step = 0; step < 20; ++step) {
            const float own_loss = own->step(x[step % batches], target[step % batches]);
            const float other_loss = eigen_step(*other, step % batches);
            compare::must_agree(name + ", loss", &own_loss, &other_loss, 1, 1e-4f);
        }
        const columns<Hidden, Inputs> weights1 = other->weights1;
        const columns<Outputs, Hidden> weights2 = other->weights2;
        compare::must_agree(name + ", weights of layer 0", ctnn::get<0>(own->network()).weights.values,
                            weights1.data(), Inputs * Hidden, 1e-3f);
        compare::must_agree(name + ", bias of layer 0", ctnn::get<0>(own->network()).bias.values, other->bias1.data(),
                            Hidden, 1e-3f);
        compare::must_agree(name + ", weights of layer 1", ctnn::get<1>(own->network()).weights.values,
                            weights2.data(), Hidden * Outputs, 1e-3f);
        compare::must_agree(name + ", bias of layer 1", ctnn::get<1>(own->network()).bias.values, other->bias2.data(),
                            Outputs, 1e-3f);
    }

    /// Checks the contenders against each other, and registers them.
    void add(const std::string& name, std::vector<compare::contest>& contests) const {
        check(name);
        benchmark::RegisterBenchmark((name + "/ctnn").c_str(), [this](benchmark::State& state) {
            const auto training = own_training();
            std::size_t i = 0;
            for (auto _ : state) {
                float mean = training->step(x[i], target[i]);
                benchmark::DoNotOptimize(mean);
                benchmark::ClobberMemory();
                i = (i + 1) % batches;
            }
        });
        benchmark::RegisterBenchmark((name + "/eigen").c_str(), [this](benchmark::State& state) {
            const auto training = eigen_training_of();
            std::size_t i = 0;
            for (auto _ : state) {
                float mean = eigen_step(*training, i);
                benchmark::DoNotOptimize(mean);
                benchmark::ClobberMemory();
                i = (i + 1) % batches;
            }
        });
        contests.push_back({name, flops});
    }
};

template <int Inputs, int Hidden, int Outputs, int Batch, class Optimizer, bool Classifies>
void add(const std::string& name, std::vector<compare::contest>& contests) {
    static const auto data = std::make_unique<problem<Inputs, Hidden, Outputs, Batch, Optimizer, Classifies>>();
    data->add(name, contests);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<compare::contest> contests;
    add<2, 2, 1, 1, eigen_sgd, false>("2-2-1 sigmoid, batch 1, sgd", contests);
    add<64, 32, 10, 32, eigen_sgd, true>("64-32-10 relu, batch 32, sgd", contests);
    add<64, 32, 10, 32, eigen_adam, true>("64-32-10 relu, batch 32, adam", contests);
    add<784, 128, 10, 32, eigen_sgd, true>("784-128-10 relu, batch 32, sgd", contests);
    add<784, 128, 10, 32, eigen_adam, true>("784-128-10 relu, batch 32, adam", contests);
    return compare::run(argc, argv, contests);
}
