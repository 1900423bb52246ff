// SPDX-License-Identifier: BSL-1.0
// One time step of recurrent layers and of convolutions on a line, beside the same written by hand with fixed-size Eigen.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <cmath>
#include <memory>

namespace {

template <int Rows, int Columns>
using matrix = Eigen::Matrix<float, Rows, Columns>;
template <int Rows>
using vector = Eigen::Matrix<float, Rows, 1>;

/// The transposed of a tensor of rows and columns.
template <int Rows, int Columns, class Tensor>
matrix<Rows, Columns> transposed(const Tensor& from) {
    return Eigen::Map<const matrix<Rows, Columns>>(from.data());  // by columns here, by rows there
}
template <int Rows, class Tensor>
vector<Rows> column(const Tensor& from) {
    return Eigen::Map<const vector<Rows>>(from.data());
}

/// A gated recurrent unit by hand: one product for all gates of the input, and one for those of the state.
template <int Inputs, int Units>
struct eigen_gru {
    matrix<3 * Units, Inputs> by_input;
    matrix<3 * Units, Units> by_state;
    vector<3 * Units> bias, state_bias, gates, of_state;
    vector<Inputs> x;
    vector<Units> h;

    template <class Net>
    explicit eigen_gru(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        by_input = transposed<3 * Units, Inputs>(layer.weights);
        by_state = transposed<3 * Units, Units>(layer.recurrent_weights);
        bias = column<3 * Units>(layer.bias);
        state_bias = column<3 * Units>(layer.recurrent_bias);
        h.setZero();
    }
    const float* advance() {
        gates = bias;
        gates.noalias() += by_input * x;
        of_state = state_bias;
        of_state.noalias() += by_state * h;
        gates.template head<2 * Units>() =
            (gates.template head<2 * Units>() + of_state.template head<2 * Units>()).array().logistic().matrix();
        const auto reset = gates.template head<Units>().array(), update = gates.template segment<Units>(Units).array();
        const vector<Units> candidate =
            (gates.template tail<Units>().array() + reset * of_state.template tail<Units>().array()).tanh().matrix();
        h = (candidate.array() + update * (h - candidate).array()).matrix();
        return h.data();
    }
};

/// Long short-term memory by hand: input and state in one vector, all gates in one product.
template <int Inputs, int Units>
struct eigen_lstm {
    matrix<4 * Units, Inputs + Units> weights;
    vector<4 * Units> bias, gates;
    vector<Inputs + Units> input_and_state;
    vector<Units> cell;
    struct input {
        vector<Inputs + Units>& whole;
        float& operator[](int index) { return whole[index]; }
        float* data() { return whole.data(); }
    } x{input_and_state};

    template <class Net>
    explicit eigen_lstm(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        weights.template leftCols<Inputs>() = transposed<4 * Units, Inputs>(layer.weights);
        weights.template rightCols<Units>() = transposed<4 * Units, Units>(layer.recurrent_weights);
        bias = column<4 * Units>(layer.bias);
        input_and_state.setZero();
        cell.setZero();
    }
    const float* advance() {
        gates = bias;
        gates.noalias() += weights * input_and_state;
        gates.template head<2 * Units>() = gates.template head<2 * Units>().array().logistic().matrix();
        gates.template tail<Units>() = gates.template tail<Units>().array().logistic().matrix();
        cell = (gates.template segment<Units>(Units).array() * cell.array() +
                gates.template head<Units>().array() * gates.template segment<Units>(2 * Units).array().tanh())
                   .matrix();
        input_and_state.template tail<Units>() = (gates.template tail<Units>().array() * cell.array().tanh()).matrix();
        return input_and_state.data() + Inputs;
    }
};

/// A causal convolution by hand: the last inputs in a ring, the window gathered, one product.
template <int Channels, int Window, int Dilation>
struct eigen_conv {
    static constexpr int span = Dilation * (Window - 1) + 1;
    matrix<Channels, Channels * Window> weights;
    vector<Channels> bias, x, y;
    vector<Channels * Window> patch;
    matrix<Channels, span> ring;
    int newest = 0;

    template <class Net>
    explicit eigen_conv(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        for (int f = 0; f < Channels; ++f)
            for (int c = 0; c < Channels; ++c)
                for (int i = 0; i < Window; ++i)
                    weights(f, i * Channels + c) =
                        layer.weights[static_cast<std::size_t>((f * Channels + c) * Window + i)];
        bias = column<Channels>(layer.bias);
        ring.setZero();
    }
    const float* advance() {
        newest = newest + 1 < span ? newest + 1 : 0;
        ring.col(newest) = x;
        for (int i = 0; i < Window; ++i) {
            const int back = (Window - 1 - i) * Dilation, at = newest >= back ? newest - back : newest + span - back;
            patch.template segment<Channels>(i * Channels) = ring.col(at);
        }
        y = bias;
        y.noalias() += weights * patch;
        return y.data();
    }
};

/// A stream in ctnn, and the same by hand. Each step takes its first input from the output of the step before it.
template <class Net, class ByHand>
struct problem {
    using stream = ctnn::stream<Net>;
    static constexpr float share = 1e-6f;

    /// At a cache line, as Eigen places what it owns.
    struct placed {
        alignas(64) Net net;
        alignas(64) stream running{net};
        alignas(64) ctnn::tensor<float, ctnn::shape<stream::inputs>> x;
    };

    Net net{};
    ctnn::tensor<float, ctnn::shape<stream::inputs>> x;

    problem() {
        unsigned seed = 1;
        ctnn::for_each_parameter(net, [&](auto, const char*, auto& parameter) {
            compare::fill(parameter.values, parameter.size(), 1 / std::sqrt(float{stream::inputs}), seed++);
        });
        compare::fill(x.values, stream::inputs, 1, 100);
    }

    void add(const std::string& name, std::vector<compare::contest>& contests) const {
        const auto own = std::make_shared<placed>();
        const auto other = std::make_shared<ByHand>(net);
        own->net = net;
        own->x = x;
        std::copy(x.begin(), x.end(), other->x.data());
        for (int step = 0; step < 40; ++step) {
            const auto y = own->running(own->x);
            compare::must_agree(name, y.values, other->advance(), stream::outputs, 1e-5f);
        }
        benchmark::RegisterBenchmark((name + "/eigen").c_str(), [other, first = x[0]](benchmark::State& state) {
            for (auto _ : state) {
                const float* y = other->advance();
                other->x[0] = first + share * y[0];
                benchmark::ClobberMemory();
            }
        });
        benchmark::RegisterBenchmark((name + "/ctnn").c_str(), [own, first = x[0]](benchmark::State& state) {
            for (auto _ : state) {
                const auto y = own->running(own->x);
                own->x[0] = first + share * y[0];
                benchmark::ClobberMemory();
            }
        });
        contests.push_back({name, 2.0 * Net::multiply_accumulates / steps});
    }
    static constexpr std::size_t steps = Net::input_shape::size / stream::inputs;
};

template <std::size_t Units>
void add_recurrent(std::vector<compare::contest>& contests) {
    constexpr int units = Units;
    const std::string number = std::to_string(Units);
    static const problem<ctnn::network<float, ctnn::input<2, Units>, ctnn::gru<Units>>, eigen_gru<units, units>> gru;
    static const problem<ctnn::network<float, ctnn::input<2, Units>, ctnn::lstm<Units>>, eigen_lstm<units, units>> lstm;
    gru.add("gru " + number, contests);
    lstm.add("lstm " + number, contests);
}

template <std::size_t Channels, std::size_t Window, std::size_t Dilation>
void add_convolution(const std::string& name, std::vector<compare::contest>& contests) {
    using net = ctnn::network<float, ctnn::input<Channels, 2>,
                              ctnn::conv1d<Channels, ctnn::window<Window>, ctnn::dilation<Dilation>, ctnn::causal>>;
    static const problem<net, eigen_conv<int{Channels}, int{Window}, int{Dilation}>> convolution;
    convolution.add(name, contests);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<compare::contest> contests;
    add_recurrent<8>(contests);
    add_recurrent<16>(contests);
    add_recurrent<24>(contests);
    add_recurrent<32>(contests);
    add_convolution<4, 3, 1>("conv1d 4 channels, window 3", contests);
    add_convolution<8, 7, 2>("conv1d 8 channels, window 7, dilation 2", contests);
    add_convolution<16, 15, 4>("conv1d 16 channels, window 15, dilation 4", contests);
    return compare::run(argc, argv, contests);
}
