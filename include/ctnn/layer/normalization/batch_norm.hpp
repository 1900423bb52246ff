// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Batch normalisation: normalises features to mean 0 and variance 1 over a batch.

#include <ctnn/activation/identity.hpp>
#include <ctnn/chain/arguments.hpp>
#include <ctnn/chain/features.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/layer/normalization/epsilon.hpp>
#include <ctnn/layer/normalization/scale.hpp>
#include <ctnn/math/ratio.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <boost/hana/define_struct.hpp>

#include <cstddef>
#include <ratio>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// `batch_norm`, bound to its input: every tensor has one element per feature.
template <class T, class InputShape, class Activation, std::size_t Dimension, class Momentum, class Epsilon>
struct batch_norm_layer {
    using input_shape = InputShape;
    using output_shape = InputShape;
    using activation = Activation;
    using along = features<InputShape, Dimension>;
    using feature_type = tensor<T, shape<along::count>>;

    static constexpr std::size_t multiply_accumulates = InputShape::size;
    static constexpr T epsilon = math::from_ratio<T, typename Epsilon::ratio>;
    static constexpr T momentum = math::from_ratio<T, Momentum>;

    /// How many elements of a feature a sample has. A single element has no statistics.
    static constexpr std::size_t elements_per_feature = along::outer * along::inner;
    static constexpr std::size_t least_batch = elements_per_feature > 1 ? 1 : 2;

    /// The mean of each feature, the reciprocal of its standard deviation, its variance, and the number of samples that
    /// count.
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = 3 * along::count + 1;

    BOOST_HANA_DEFINE_STRUCT(batch_norm_layer, (feature_type, weights), (feature_type, bias),
                             (feature_type, running_mean), (feature_type, running_variance));
    /// The running mean and variance are statistics.
    static constexpr std::size_t trained_members = 2;

    friend constexpr bool operator==(const batch_norm_layer&, const batch_norm_layer&) = default;

    static constexpr batch_norm_layer start() {
        batch_norm_layer result{};
        for (std::size_t f = 0; f < along::count; ++f) result.weights[f] = result.running_variance[f] = 1;
        return result;
    }

    /// The factor and the offset that the layer applies in inference.
    constexpr T factor(std::size_t feature) const {
        return weights[feature] / math::sqrt(running_variance[feature] + epsilon);
    }
    constexpr T offset(std::size_t feature) const { return bias[feature] - running_mean[feature] * factor(feature); }

    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = 2 * along::count;
    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* __restrict scratch) const {
        T* const factors = scratch;
        T* const offsets = scratch + along::count;
        for (std::size_t f = 0; f < along::count; ++f) {
            factors[f] = factor(f);
            offsets[f] = offset(f);
        }
        along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            for (std::size_t i = at; i < at + along::inner; ++i) y[i] = factors[feature] * x[i] + offsets[feature];
        });
    }

    static constexpr std::size_t feature_axis = Dimension;

    /// One time step of a sequence, for `stream`.
    static constexpr std::size_t time_axis = 1 - Dimension;
    using state_type = no_state;
    constexpr void advance(const T* x, T* y, state_type&) const {
        for (std::size_t f = 0; f < along::count; ++f) y[f] = factor(f) * x[f] + offset(f);
    }

    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context& context) const {
        T* const mean = kept;
        T* const inverse = kept + along::count;
        T* const variance = kept + 2 * along::count;
        if (context.used * elements_per_feature == 1) {
            for (std::size_t f = 0; f < along::count; ++f) {
                mean[f] = running_mean[f];
                variance[f] = running_variance[f];
            }
        } else {
            const T share = T{1} / static_cast<T>(context.used * elements_per_feature);
            for (std::size_t f = 0; f < along::count; ++f) mean[f] = variance[f] = T{};
            along::for_each_run(context.used, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
                mean[feature] += kernel::sum<along::inner>(kernel::itself{}, x + at);
            });
            for (std::size_t f = 0; f < along::count; ++f) mean[f] *= share;
            along::for_each_run(context.used, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
                for (std::size_t i = at; i < at + along::inner; ++i) y[i] = x[i] - mean[feature];
                variance[feature] += kernel::sum<along::inner>(kernel::square{}, y + at);
            });
            for (std::size_t f = 0; f < along::count; ++f) variance[f] *= share;
        }
        for (std::size_t f = 0; f < along::count; ++f) inverse[f] = T{1} / math::sqrt(variance[f] + epsilon);
        kept[3 * along::count] = static_cast<T>(context.used);
        along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            const T scale = weights[feature] * inverse[feature], shift = bias[feature];
            for (std::size_t i = at; i < at + along::inner; ++i) y[i] = scale * (x[i] - mean[feature]) + shift;
        });
    }

    /// With z = (x - mean) / deviation: dL/dbias = the sum of dy, dL/dweights = the sum of z dy, and
    /// dL/dx = weights / deviation (dy - dL/dbias / n - z dL/dweights / n) over the n elements of the feature. The
    /// statistics in `gradient` become the mean and the variance of this batch, for `update_statistics`. A single
    /// element has none: it was normalised with the running ones, which do not depend on it.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* /*scratch*/, batch_norm_layer& gradient) const {
        const T* const mean = kept;
        const T* const inverse = kept + along::count;
        const T* const variance = kept + 2 * along::count;
        const auto used = static_cast<std::size_t>(kept[3 * along::count]);
        const bool is_single = used * elements_per_feature == 1;
        clear(gradient);
        along::for_each_run(used, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
            const auto normalised = [center = mean[feature]](auto element, auto scale)
                                        CTNN_INLINE { return (element - center) * scale; };
            gradient.bias[feature] += kernel::sum<along::inner>(kernel::itself{}, dy + at);
            gradient.weights[feature] += kernel::sum<along::inner>(normalised, x + at, dy + at);
        });
        const T count = static_cast<T>(used * elements_per_feature);
        for (std::size_t f = 0; f < along::count; ++f) {
            gradient.weights[f] *= inverse[f];
            gradient.running_mean[f] = mean[f];
            gradient.running_variance[f] = is_single ? no_statistics : variance[f] * count / (count - 1);
        }
        if constexpr (InputGradient) {
            const T share = is_single ? T{} : T{1} / count;
            along::for_each_run(Batch, [&](std::size_t feature, std::size_t at) CTNN_INLINE {
                const bool counts = at < used * InputShape::size;
                const T scale = counts ? weights[feature] * inverse[feature] : T{};
                const T center = mean[feature], by_bias = gradient.bias[feature] * share,
                        by_weight = gradient.weights[feature] * inverse[feature] * share;
                for (std::size_t i = at; i < at + along::inner; ++i)
                    dx[i] = scale * (dy[i] - by_bias - (x[i] - center) * by_weight);
            });
        }
    }

    /// running = (1 - momentum) running + momentum fresh.
    constexpr void update_statistics(const batch_norm_layer& fresh) {
        constexpr T kept_share = T{1} - momentum;
        for (std::size_t f = 0; f < along::count; ++f) {
            if (fresh.running_variance[f] == no_statistics) continue;
            running_mean[f] = kept_share * running_mean[f] + momentum * fresh.running_mean[f];
            running_variance[f] = kept_share * running_variance[f] + momentum * fresh.running_variance[f];
        }
    }
    constexpr void forget_statistics() {
        for (std::size_t f = 0; f < along::count; ++f) running_variance[f] = no_statistics;
    }

  private:
    /// A value that no variance has.
    static constexpr T no_statistics = -1;
};

/// Batch normalisation: y = activation(weights[f] (x - mean) / sqrt(variance + epsilon) + bias[f]) for each feature f.
///
/// In training, mean and variance are those of the batch, and the layer keeps running means of both (of the unbiased
/// variance, as PyTorch does), which it uses in inference. It is then an affine map of each feature, which `fold`
/// merges into the previous layer. A single element of a feature has no statistics: if a sample has only one, batches
/// have at least two samples, and a last batch of a single sample is normalised as in inference and left out of the
/// running means.
/// Template parameters: `Activation`; `Axis`, the dimension of the features, by default the outermost (channels);
/// `Momentum`, the weight of the newest batch, a `std::ratio`, by default 1/10; `Epsilon`, by default
/// `epsilon<std::ratio<1, 100000>>`.
/// *Shapes*: any in, the same out; four tensors of `shape<features>`, of which the last two are not trained.
/// *Cost*: one multiply-accumulate per element.
/// *Errors*: "ctnn: batch_norm has no statistics of one element: its batches have at least two samples".
/// *Source*: Ioffe and Szegedy, "Batch normalization", 2015.
template <class Activation = identity, class Axis = axis<0>, class Momentum = std::ratio<1, 10>,
          class Epsilon = epsilon<>>
struct batch_norm {
    static constexpr bool are_arguments = detail::is_activation<Activation> && detail::is_axis<Axis> &&
                                          detail::is_ratio<Momentum> && detail::is_epsilon<Epsilon>;
    using along = detail::axis_or_first<Axis>;
    using wants = wants_features_along<along::value>;

    template <class T, class InputShape>
    using layer = batch_norm_layer<T, InputShape, detail::activation_or_identity<Activation>, along::value,
                                   std::conditional_t<detail::is_ratio<Momentum>, Momentum, std::ratio<1, 10>>,
                                   std::conditional_t<detail::is_epsilon<Epsilon>, Epsilon, epsilon<>>>;

    /// What it is in inference, for `fold`.
    using folds_as = scale<Activation, Axis>;

    static_assert(
        are_arguments,
        "ctnn::batch_norm: the arguments are an activation, an axis, a momentum and an epsilon, in this order");
};

}  // namespace CTNN_NAMESPACE
