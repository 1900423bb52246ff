// SPDX-License-Identifier: BSL-1.0
// One time step of recurrent layers and of convolutions on a line.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"
#include "plain.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <cmath>
#include <memory>
#include <new>
#include <string>
#include <vector>

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
    float* input() { return x.data(); }
    const float* evaluate() {
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

    template <class Net>
    explicit eigen_lstm(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        weights.template leftCols<Inputs>() = transposed<4 * Units, Inputs>(layer.weights);
        weights.template rightCols<Units>() = transposed<4 * Units, Units>(layer.recurrent_weights);
        bias = column<4 * Units>(layer.bias);
        input_and_state.setZero();
        cell.setZero();
    }
    float* input() { return input_and_state.data(); }
    const float* evaluate() {
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
    float* input() { return x.data(); }
    const float* evaluate() {
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

/// A stream in ctnn, at cache lines, as Eigen places what it owns.
template <class Net>
class own {
    using stream = ctnn::stream<Net>;

  public:
    explicit own(const Net& net) : net_{net} {}
    float* input() { return x_.values; }
    const float* evaluate() {
        // In place, as in `const auto y = stream(x);`.
        new (&y_) ctnn::tensor<float, ctnn::shape<stream::outputs>>(running_(x_));
        return y_.values;
    }

  private:
    alignas(64) Net net_;
    alignas(64) stream running_{net_};
    alignas(64) ctnn::tensor<float, ctnn::shape<stream::inputs>> x_{};
    alignas(64) ctnn::tensor<float, ctnn::shape<stream::outputs>> y_{};
};

/// Adds a row: a network of random weights, stepped by ctnn, by Eigen and by plain loops in both orders.
template <class Net, class Eigen, class Rows, class Columns, class Reference>
void add(const std::string& name) {
    using stream = ctnn::stream<Net>;
    constexpr std::size_t steps = Net::input_shape::size / stream::inputs, checked_steps = 40;
    Net net{};
    unsigned seed = 1;
    ctnn::for_each_parameter(net, [&](auto, const char*, auto& parameter) {
        compare::fill(parameter.values, parameter.size(), 1 / std::sqrt(double{stream::inputs}), seed++);
    });
    std::vector<float> x(stream::inputs);
    compare::fill(x.data(), x.size(), 1, 100);

    Reference reference(net);
    const compare::calls<float> row(name, 2.0 * Net::multiply_accumulates / steps, x,
                                    plain::outputs_of(reference, x, stream::outputs, checked_steps), checked_steps);
    row.add("ctnn", [net] { return std::make_unique<own<Net>>(net); });
    row.add("eigen", [net] { return std::make_unique<Eigen>(net); });
    row.add("plain by rows", [net] { return std::make_unique<Rows>(net); });
    row.add("plain by columns", [net] { return std::make_unique<Columns>(net); });
}

using plain::order;

template <std::size_t Units>
void add_gru() {
    constexpr int units = Units;
    add<ctnn::network<float, ctnn::input<2, Units>, ctnn::gru<Units>>, eigen_gru<units, units>,
        plain::gru<float, order::rows, Units, Units>, plain::gru<float, order::columns, Units, Units>,
        plain::gru<double, order::columns, Units, Units>>("gru " + std::to_string(Units));
}

template <std::size_t Units>
void add_lstm() {
    constexpr int units = Units;
    add<ctnn::network<float, ctnn::input<2, Units>, ctnn::lstm<Units>>, eigen_lstm<units, units>,
        plain::lstm<float, order::rows, Units, Units>, plain::lstm<float, order::columns, Units, Units>,
        plain::lstm<double, order::columns, Units, Units>>("lstm " + std::to_string(Units));
}

template <std::size_t Channels, std::size_t Window, std::size_t Dilation>
void add_convolution(const std::string& name) {
    using net = ctnn::network<float, ctnn::input<Channels, 2>,
                              ctnn::conv1d<Channels, ctnn::window<Window>, ctnn::dilation<Dilation>, ctnn::causal>>;
    add<net, eigen_conv<int{Channels}, int{Window}, int{Dilation}>,
        plain::causal_conv<float, order::rows, Channels, Window, Dilation>,
        plain::causal_conv<float, order::columns, Channels, Window, Dilation>,
        plain::causal_conv<double, order::columns, Channels, Window, Dilation>>(name);
}

}  // namespace

int main(int argc, char** argv) {
    add_gru<8>();
    add_gru<16>();
    add_gru<24>();
    add_gru<32>();
    add_lstm<8>();
    add_lstm<16>();
    add_lstm<24>();
    add_lstm<32>();
    add_convolution<4, 3, 1>("conv1d 4 channels, window 3");
    add_convolution<8, 7, 2>("conv1d 8 channels, window 7, dilation 2");
    add_convolution<16, 15, 4>("conv1d 16 channels, window 15, dilation 4");
    return compare::run(argc, argv);
}
