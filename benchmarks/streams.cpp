// SPDX-License-Identifier: BSL-1.0
// One time step of recurrent layers and of 1-D convolutions.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "compare.hpp"
#include "plain.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <cmath>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

namespace {

/// A column-major or row-major matrix.
template <int Rows, int Columns, int Order = Eigen::ColMajor>
using matrix = Eigen::Matrix<float, Rows, Columns, Order>;
template <int Rows>
using vector = Eigen::Matrix<float, Rows, 1>;

/// The transpose of a ctnn tensor.
template <int Rows, int Columns, class Tensor>
matrix<Rows, Columns> transposed(const Tensor& from) {
    return Eigen::Map<const matrix<Rows, Columns>>(from.data());  // column-major in Eigen, row-major in ctnn
}
template <int Rows, class Tensor>
vector<Rows> column(const Tensor& from) {
    return Eigen::Map<const vector<Rows>>(from.data());
}

/// A hand-written gated recurrent unit: one product of the input for all gates, and one of the state.
template <int Inputs, int Units, int Order>
class eigen_gru {
  public:
    template <class Net>
    explicit eigen_gru(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        by_input_ = transposed<3 * Units, Inputs>(layer.weights);
        by_state_ = transposed<3 * Units, Units>(layer.recurrent_weights);
        bias_ = column<3 * Units>(layer.bias);
        state_bias_ = column<3 * Units>(layer.recurrent_bias);
        h_.setZero();
    }
    float* input() { return x_.data(); }
    CTNN_BENCH_FLATTEN const float* evaluate() {
        gates_ = bias_;
        gates_.noalias() += by_input_ * x_;
        of_state_ = state_bias_;
        of_state_.noalias() += by_state_ * h_;
        gates_.template head<2 * Units>() =
            (gates_.template head<2 * Units>() + of_state_.template head<2 * Units>()).array().logistic().matrix();
        const auto reset = gates_.template head<Units>().array(),
                   update = gates_.template segment<Units>(Units).array();
        const vector<Units> candidate =
            (gates_.template tail<Units>().array() + reset * of_state_.template tail<Units>().array()).tanh().matrix();
        h_ = (candidate.array() + update * (h_ - candidate).array()).matrix();
        return h_.data();
    }

  private:
    matrix<3 * Units, Inputs, Order> by_input_;
    matrix<3 * Units, Units, Order> by_state_;
    vector<3 * Units> bias_, state_bias_, gates_, of_state_;
    vector<Inputs> x_;
    vector<Units> h_;
};

/// The same with input and state in one vector, and one product. The candidate's input and state parts are separate
/// rows, each half zero, because the reset gate applies to one of them only.
template <int Inputs, int Units, int Order>
class eigen_fused_gru {
  public:
    template <class Net>
    explicit eigen_fused_gru(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        const auto by_input = transposed<3 * Units, Inputs>(layer.weights);
        const auto by_state = transposed<3 * Units, Units>(layer.recurrent_weights);
        const auto bias = column<3 * Units>(layer.bias), state_bias = column<3 * Units>(layer.recurrent_bias);
        weights_.setZero();
        weights_.template topLeftCorner<3 * Units, Inputs>() = by_input;
        weights_.template topRightCorner<2 * Units, Units>() = by_state.template topRows<2 * Units>();
        weights_.template bottomRightCorner<Units, Units>() = by_state.template bottomRows<Units>();
        bias_ << bias.template head<2 * Units>() + state_bias.template head<2 * Units>(), bias.template tail<Units>(),
            state_bias.template tail<Units>();
        input_and_state_.setZero();
    }
    float* input() { return input_and_state_.data(); }
    CTNN_BENCH_FLATTEN const float* evaluate() {
        gates_ = bias_;
        gates_.noalias() += weights_ * input_and_state_;
        gates_.template head<2 * Units>() = gates_.template head<2 * Units>().array().logistic().matrix();
        const auto reset = gates_.template head<Units>().array(),
                   update = gates_.template segment<Units>(Units).array();
        const vector<Units> candidate =
            (gates_.template segment<Units>(2 * Units).array() + reset * gates_.template tail<Units>().array())
                .tanh()
                .matrix();
        auto h = input_and_state_.template tail<Units>();
        h = (candidate.array() + update * (h - candidate).array()).matrix();
        return input_and_state_.data() + Inputs;
    }

  private:
    matrix<4 * Units, Inputs + Units, Order> weights_;
    vector<4 * Units> bias_, gates_;
    vector<Inputs + Units> input_and_state_;
};

/// A hand-written long short-term memory: input and state in one vector, all gates in one product, sigmoid gates first.
template <int Inputs, int Units, int Order>
class eigen_lstm {
  public:
    template <class Net>
    explicit eigen_lstm(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        matrix<4 * Units, Inputs + Units> weights;
        weights.template leftCols<Inputs>() = transposed<4 * Units, Inputs>(layer.weights);
        weights.template rightCols<Units>() = transposed<4 * Units, Units>(layer.recurrent_weights);
        const auto bias = column<4 * Units>(layer.bias);
        // In ctnn the candidate precedes the output gate.
        constexpr int places[4]{0, 1, 3, 2};
        for (int gate = 0; gate < 4; ++gate) {
            weights_.template middleRows<Units>(gate * Units) =
                weights.template middleRows<Units>(places[gate] * Units);
            bias_.template segment<Units>(gate * Units) = bias.template segment<Units>(places[gate] * Units);
        }
        input_and_state_.setZero();
        cell_.setZero();
    }
    float* input() { return input_and_state_.data(); }
    CTNN_BENCH_FLATTEN const float* evaluate() {
        gates_ = bias_;
        gates_.noalias() += weights_ * input_and_state_;
        gates_.template head<3 * Units>() = gates_.template head<3 * Units>().array().logistic().matrix();
        cell_ = (gates_.template segment<Units>(Units).array() * cell_.array() +
                 gates_.template head<Units>().array() * gates_.template tail<Units>().array().tanh())
                    .matrix();
        input_and_state_.template tail<Units>() =
            (gates_.template segment<Units>(2 * Units).array() * cell_.array().tanh()).matrix();
        return input_and_state_.data() + Inputs;
    }

  private:
    matrix<4 * Units, Inputs + Units, Order> weights_;
    vector<4 * Units> bias_, gates_;
    vector<Inputs + Units> input_and_state_;
    vector<Units> cell_;
};

/// A hand-written causal convolution: the last inputs in a ring buffer, the window gathered, one product.
template <int Channels, int Window, int Dilation, int Order>
class eigen_conv {
  public:
    template <class Net>
    explicit eigen_conv(const Net& net) {
        const auto& layer = ctnn::get<0>(net);
        for (int f = 0; f < Channels; ++f)
            for (int c = 0; c < Channels; ++c)
                for (int i = 0; i < Window; ++i)
                    weights_(f, i * Channels + c) =
                        layer.weights[static_cast<std::size_t>((i * Channels + c) * Channels + f)];
        bias_ = column<Channels>(layer.bias);
        ring_.setZero();
    }
    float* input() { return x_.data(); }
    CTNN_BENCH_FLATTEN const float* evaluate() {
        newest_ = newest_ + 1 < span ? newest_ + 1 : 0;
        ring_.col(newest_) = x_;
        for (int i = 0; i < Window; ++i) {
            const int back = (Window - 1 - i) * Dilation, at = newest_ >= back ? newest_ - back : newest_ + span - back;
            patch_.template segment<Channels>(i * Channels) = ring_.col(at);
        }
        y_ = bias_;
        y_.noalias() += weights_ * patch_;
        return y_.data();
    }

  private:
    static constexpr int span = Dilation * (Window - 1) + 1;
    matrix<Channels, Channels * Window, Order> weights_;
    vector<Channels> bias_, x_, y_;
    vector<Channels * Window> patch_;
    matrix<Channels, span> ring_;
    int newest_ = 0;
};

/// A stream in ctnn, aligned to cache lines, as Eigen aligns its storage.
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

/// Adds a row: a network of random weights in ctnn. `others` adds the other contenders to it.
template <class Net, class Reference, class Others>
void add(const std::string& name, const Others& others) {
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
    const compare::calls<float> row(name, {2.0 * Net::multiply_accumulates / steps, 1.0 * Net::parameter_bytes}, x,
                                    plain::outputs_of(reference, x, stream::outputs, checked_steps), checked_steps);
    row.add("ctnn", [net] { return std::make_unique<own<Net>>(net); });
    others([&]<class Contender>(const char* contender, std::type_identity<Contender>) {
        row.add(contender, [net] { return std::make_unique<Contender>(net); });
    });
}

using plain::order;

template <std::size_t Units>
void add_gru() {
    constexpr int units = Units;
    using net = ctnn::network<float, ctnn::input<2, Units>, ctnn::gru<Units>>;
    add<net, plain::gru<double, order::columns, Units, Units>>("gru " + std::to_string(Units), [](const auto& with) {
        with("eigen", std::type_identity<eigen_gru<units, units, Eigen::ColMajor>>{});
        with("eigen by rows", std::type_identity<eigen_gru<units, units, Eigen::RowMajor>>{});
        with("eigen fused", std::type_identity<eigen_fused_gru<units, units, Eigen::ColMajor>>{});
        with("eigen fused by rows", std::type_identity<eigen_fused_gru<units, units, Eigen::RowMajor>>{});
        with("plain by rows", std::type_identity<plain::gru<float, order::rows, Units, Units>>{});
        with("plain by columns", std::type_identity<plain::gru<float, order::columns, Units, Units>>{});
    });
}

template <std::size_t Units>
void add_lstm() {
    constexpr int units = Units;
    using net = ctnn::network<float, ctnn::input<2, Units>, ctnn::lstm<Units>>;
    add<net, plain::lstm<double, order::columns, Units, Units>>("lstm " + std::to_string(Units), [](const auto& with) {
        with("eigen", std::type_identity<eigen_lstm<units, units, Eigen::ColMajor>>{});
        with("eigen by rows", std::type_identity<eigen_lstm<units, units, Eigen::RowMajor>>{});
        with("plain by rows", std::type_identity<plain::lstm<float, order::rows, Units, Units>>{});
        with("plain by columns", std::type_identity<plain::lstm<float, order::columns, Units, Units>>{});
    });
}

template <std::size_t Channels, std::size_t Window, std::size_t Dilation>
void add_convolution(const std::string& name) {
    constexpr int channels = Channels, window = Window, dilation = Dilation;
    using net = ctnn::network<float, ctnn::input<Channels, 2>,
                              ctnn::conv1d<Channels, ctnn::window<Window>, ctnn::dilation<Dilation>, ctnn::causal>>;
    using plain::causal_conv;
    add<net, causal_conv<double, order::columns, Channels, Window, Dilation>>(name, [](const auto& with) {
        with("eigen", std::type_identity<eigen_conv<channels, window, dilation, Eigen::ColMajor>>{});
        with("eigen by rows", std::type_identity<eigen_conv<channels, window, dilation, Eigen::RowMajor>>{});
        with("plain by rows", std::type_identity<causal_conv<float, order::rows, Channels, Window, Dilation>>{});
        with("plain by columns", std::type_identity<causal_conv<float, order::columns, Channels, Window, Dilation>>{});
    });
}

}  // namespace

int main(int argc, char** argv) {
    add_gru<8>();
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    add_gru<16>();
    add_gru<24>();
    add_gru<32>();
#endif
    add_lstm<8>();
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    add_lstm<16>();
    add_lstm<24>();
    add_lstm<32>();
    add_convolution<4, 3, 1>("conv1d 4 channels, window 3");
#endif
    add_convolution<8, 7, 2>("conv1d 8 channels, window 7, dilation 2");
#if !defined(CTNN_BENCH_SMOKE_ALONE)
    add_convolution<16, 15, 4>("conv1d 16 channels, window 15, dilation 4");
#endif
    return compare::run(argc, argv);
}
