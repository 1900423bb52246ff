// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Layers of small convolutional networks, as plain loops and with Eigen. Each is a stage: constructed from a ctnn
/// layer and called with its input, it returns a pointer to its output. Images are channels x rows x columns.
#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include "plain.hpp"

#include <ctnn.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace images {

/// A square convolution with stride 1, followed by relu.
struct conv {
    std::size_t channels, side, filters, window, padding;

    constexpr std::size_t out_side() const { return side + 2 * padding - window + 1; }
    constexpr std::size_t out_size() const { return filters * out_side() * out_side(); }
    constexpr std::size_t patch() const { return channels * window * window; }
};
/// 2 x 2 pooling with stride 2; `ceil` keeps an odd last row or column.
struct pool {
    std::size_t channels, side;
    bool ceil;

    constexpr std::size_t out_side() const { return (side + (ceil ? 1 : 0)) / 2; }
    constexpr std::size_t out_size() const { return channels * out_side() * out_side(); }
};

template <class T, conv C>
class plain_conv {
  public:
    template <class Layer>
    explicit plain_conv(const Layer& layer) {
        plain::copy(weights_, layer.weights);
        plain::copy(bias_, layer.bias);
    }
    const T* operator()(const T* x) {
        constexpr std::size_t out = C.out_side();
        for (std::size_t f = 0; f < C.filters; ++f)
            for (std::size_t row = 0; row < out; ++row)
                for (std::size_t column = 0; column < out; ++column) {
                    T sum = bias_[f];
                    for (std::size_t c = 0; c < C.channels; ++c)
                        for (std::size_t i = 0; i < C.window; ++i)
                            for (std::size_t j = 0; j < C.window; ++j) {
                                const std::size_t y_at = row + i, x_at = column + j;
                                if (y_at < C.padding || y_at >= C.side + C.padding) continue;
                                if (x_at < C.padding || x_at >= C.side + C.padding) continue;
                                sum += weights_[((i * C.window + j) * C.channels + c) * C.filters + f] *
                                       x[(c * C.side + y_at - C.padding) * C.side + x_at - C.padding];
                            }
                    y_[(f * out + row) * out + column] = sum > 0 ? sum : 0;
                }
        return y_;
    }

  private:
    T weights_[C.filters * C.patch()], bias_[C.filters], y_[C.out_size()];
};

template <class T, pool P>
class plain_pool {
  public:
    template <class Layer>
    explicit plain_pool(const Layer&) {}
    const T* operator()(const T* x) {
        constexpr std::size_t out = P.out_side();
        for (std::size_t c = 0; c < P.channels; ++c)
            for (std::size_t row = 0; row < out; ++row)
                for (std::size_t column = 0; column < out; ++column) {
                    T largest = x[(c * P.side + 2 * row) * P.side + 2 * column];
                    for (std::size_t i = 2 * row; i < std::min(2 * row + 2, P.side); ++i)
                        for (std::size_t j = 2 * column; j < std::min(2 * column + 2, P.side); ++j)
                            largest = std::max(largest, x[(c * P.side + i) * P.side + j]);
                    y_[(c * out + row) * out + column] = largest;
                }
        return y_;
    }

  private:
    T y_[P.out_size()];
};

/// A dense layer with softmax.
template <class T, std::size_t Inputs, std::size_t Outputs>
class plain_classifier {
  public:
    template <class Layer>
    explicit plain_classifier(const Layer& layer) {
        weights_.copy(layer.weights);
        plain::copy(bias_, layer.bias);
    }
    const T* operator()(const T* x) {
        std::copy(bias_, bias_ + Outputs, y_);
        weights_.add_product(x, y_);
        plain::activate<Outputs>(ctnn::softmax{}, y_);
        return y_;
    }

  private:
    plain::matrix<T, plain::order::columns, Inputs, Outputs> weights_;
    T bias_[Outputs], y_[Outputs];
};

/// im2col of the zero-padded image, and one product.
template <conv C>
class eigen_conv {
    static constexpr int side = int{C.side}, padded = int{C.side + 2 * C.padding}, out = int{C.out_side()},
                         window = int{C.window}, channels = int{C.channels}, padding = int{C.padding};

  public:
    template <class Layer>
    explicit eigen_conv(const Layer& layer)
        : weights_{Eigen::Map<const Eigen::Matrix<float, int{C.patch()}, int{C.filters}, Eigen::RowMajor>>(
              layer.weights.data())},
          bias_{Eigen::Map<const decltype(bias_)>(layer.bias.data())} {
        std::fill(std::begin(frame_), std::end(frame_), 0.0f);
    }
    const float* operator()(const float* x) {
        const float* from = x;
        if constexpr (C.padding > 0) {
            for (int c = 0; c < channels; ++c)
                for (int row = 0; row < side; ++row)
                    std::copy_n(x + (c * side + row) * side, side,
                                frame_ + (c * padded + row + padding) * padded + padding);
            from = frame_;
        }
        for (int c = 0; c < channels; ++c)
            for (int i = 0; i < window; ++i)
                for (int j = 0; j < window; ++j)
                    for (int row = 0; row < out; ++row)
                        std::copy_n(from + (c * padded + row + i) * padded + j, out,
                                    &patches_(row * out, (i * window + j) * channels + c));
        y_.rowwise() = bias_;
        y_.noalias() += patches_ * weights_;
        y_ = y_.cwiseMax(0.0f);
        return y_.data();
    }

  private:
    // A column of weights for each filter, a column of patches for each element of the window.
    Eigen::Matrix<float, int{C.patch()}, int{C.filters}> weights_;
    Eigen::Matrix<float, 1, int{C.filters}> bias_;
    Eigen::Matrix<float, out * out, int{C.patch()}> patches_;
    Eigen::Matrix<float, out * out, int{C.filters}> y_;
    float frame_[C.channels * std::size_t{padded} * std::size_t{padded}];
};

/// The maximum of two rows, then of pairs of neighbours.
template <pool P>
class eigen_pool {
    static constexpr int side = int{P.side}, out = int{P.out_side()}, pairs = side / 2;
    using row = Eigen::Array<float, side, 1>;
    using neighbours = Eigen::Map<const Eigen::Array<float, pairs, 1>, 0, Eigen::InnerStride<2>>;

  public:
    template <class Layer>
    explicit eigen_pool(const Layer&) {}
    const float* operator()(const float* x) {
        for (int c = 0; c < int{P.channels}; ++c)
            for (int i = 0; i < out; ++i) {
                const float* const upper = x + (c * side + 2 * i) * side;
                const float* const lower = 2 * i + 1 < side ? upper + side : upper;
                const row both = Eigen::Map<const row>(upper).max(Eigen::Map<const row>(lower));
                float* const to = y_ + (c * out + i) * out;
                Eigen::Map<Eigen::Array<float, pairs, 1>>{to} =
                    neighbours(both.data()).max(neighbours(both.data() + 1));
                if constexpr (pairs < out) to[pairs] = both[side - 1];
            }
        return y_;
    }

  private:
    float y_[P.out_size()];
};

template <std::size_t Inputs, std::size_t Outputs>
class eigen_classifier {
  public:
    template <class Layer>
    explicit eigen_classifier(const Layer& layer)
        : weights_{Eigen::Map<const decltype(weights_)>(layer.weights.data())},
          bias_{Eigen::Map<const decltype(bias_)>(layer.bias.data())} {}
    const float* operator()(const float* x) {
        y_ = bias_;
        y_.noalias() += weights_ * Eigen::Map<const Eigen::Matrix<float, int{Inputs}, 1>>(x);
        y_ = (y_.array() - y_.maxCoeff()).exp().matrix();
        y_ *= 1 / y_.sum();
        return y_.data();
    }

  private:
    Eigen::Matrix<float, int{Outputs}, int{Inputs}> weights_;
    Eigen::Matrix<float, int{Outputs}, 1> bias_, y_;
};

/// Stages in sequence, sample by sample. `Places` are the indices of the layers from which they are constructed.
template <class T, std::size_t Batch, std::size_t Inputs, std::size_t Outputs, class Places, class... Stages>
class chain;
template <class T, std::size_t Batch, std::size_t Inputs, std::size_t Outputs, std::size_t... Places, class... Stages>
class chain<T, Batch, Inputs, Outputs, std::index_sequence<Places...>, Stages...> {
  public:
    template <class Net>
    explicit chain(const Net& net) : stages_{Stages(ctnn::get<Places>(net))...} {}
    T* input() { return x_; }
    const T* evaluate() {
        for (std::size_t sample = 0; sample < Batch; ++sample) {
            const T* now = x_ + sample * Inputs;
            std::apply([&](auto&... stage) { ((now = stage(now)), ...); }, stages_);
            std::copy_n(now, Outputs, y_ + sample * Outputs);
        }
        return y_;
    }

  private:
    std::tuple<Stages...> stages_;
    T x_[Batch * Inputs], y_[Batch * Outputs];
};

}  // namespace images
