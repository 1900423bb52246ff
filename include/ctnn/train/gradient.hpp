// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One pass forward and backward: the loss of a batch and its gradient.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/vector.hpp>
#include <ctnn/network.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <initializer_list>
#include <utility>

namespace ctnn {

/// Names of what stands in an error message.
template <class Loss>
struct loss_is {};
template <class Activation>
struct last_activation_is {};

/// Whether a loss can follow an activation. It is false where it is named in an error.
template <class Loss, class Activation>
inline constexpr bool loss_accepts = false;
template <class Loss, class Activation>
inline constexpr bool loss_accepts<loss_is<Loss>, last_activation_is<Activation>> =
    Loss::template accepts<Activation>;

namespace detail {

/// What the backward pass needs of one layer for a batch: its outputs, and its pre-activations where the derivative of
/// the activation is taken from them.
template <class Layer, class T, std::size_t Batch, bool KeepsInput>
struct layer_record {
    static constexpr std::size_t size = Batch * Layer::output_shape::size;
    alignas(kernel::buffer_alignment<T, size>) T pre_activation[size];
    alignas(kernel::buffer_alignment<T, size>) T output[size];
};
template <class Layer, class T, std::size_t Batch>
struct layer_record<Layer, T, Batch, false> {
    static constexpr std::size_t size = Batch * Layer::output_shape::size;
    alignas(kernel::buffer_alignment<T, size>) T output[size];
};

}  // namespace detail

/// The memory of `gradient_pass`: activations kept for the backward pass, two buffers for slopes that travel back,
/// and scratch memory for the kernels.
template <class Net, std::size_t Batch, bool InputGradient = false,
          class Layers = std::make_index_sequence<Net::layer_count>>
struct workspace;
template <class Net, std::size_t Batch, bool InputGradient, std::size_t... Index>
struct workspace<Net, Batch, InputGradient, std::index_sequence<Index...>> {
    using T = typename Net::value_type;

    static constexpr std::size_t largest(std::initializer_list<std::size_t> sizes) {
        std::size_t result = 1;
        for (const std::size_t size : sizes) result = size > result ? size : result;
        return result;
    }
    /// The first layer has no layer before it that waits for a slope, unless the input's is asked for.
    template <std::size_t Layer>
    static constexpr bool passes_on = Layer > 0 || InputGradient;

    static constexpr std::size_t slope_size = largest({Batch * layer_t<Index, Net>::output_shape::size...});
    static constexpr std::size_t scratch_size =
        largest({(passes_on<Index> ? layer_t<Index, Net>::template scratch_size<Batch> : 0)...});

    boost::hana::tuple<detail::layer_record<layer_t<Index, Net>, T, Batch,
                                            layer_t<Index, Net>::activation::derivative_needs_input>...>
        records;
    alignas(kernel::buffer_alignment<T, slope_size>) T slopes[2][slope_size];
    alignas(kernel::buffer_alignment<T, scratch_size>) T scratch[scratch_size];
};

/// Bytes that a training step with `Batch` samples keeps beside the parameters, gradients and moments.
template <class Net, std::size_t Batch>
inline constexpr std::size_t workspace_bytes = sizeof(workspace<Net, Batch>);

/// The loss of a batch and its gradient, with all memory inside.
///
/// Template parameters: `Batch`, at least 1; `InputGradient`, whether dL/dx is wanted too.
/// *Cost*: for each sample and layer, its multiply-accumulates forward, again for the gradient of the weights, and again
/// for the slope that is passed on, which the first layer leaves out.
/// *Errors*: "ctnn: a batch has at least one sample", "ctnn: this loss does not go with the activation of the last
/// layer".
template <class Net, class Loss, std::size_t Batch = 1, bool InputGradient = false>
class gradient_pass {
  public:
    using T = typename Net::value_type;
    static constexpr std::size_t inputs = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;

    using last_layer = layer_t<Net::layer_count - 1, Net>;

    /// The mean loss of the first `used` samples of a batch; `gradient` is overwritten with its gradient.
    ///
    /// `x` points to Batch samples, `target` to Batch targets. Samples from `used` on are computed but do not count:
    /// the last batch of a data set may be a part. `input_gradient`, if asked for, gets dL/dx.
    CTNN_INLINE constexpr T operator()(const Net& net, const Loss& loss, const T* x, const T* target, Net& gradient,
                                       std::size_t used = Batch, T* input_gradient = nullptr) {
        forward<0>(net, x);
        const T mean = start_backward(loss, target, used);
        backward<last>(net, x, gradient, input_gradient);
        return mean;
    }

  private:
    static constexpr bool from_logits = Loss::template takes_logits<typename last_layer::activation>;
    static constexpr std::size_t last = Net::layer_count - 1;

    template <std::size_t Index>
    using activation = typename layer_t<Index, Net>::activation;
    template <std::size_t Index>
    static constexpr std::size_t width = layer_t<Index, Net>::output_shape::size;

    template <std::size_t Index>
    CTNN_INLINE constexpr void forward(const Net& net, const T* x) {
        auto& record = boost::hana::at_c<Index>(memory_.records);
        const auto& layer = boost::hana::at_c<Index>(net.layers);
        if constexpr (activation<Index>::derivative_needs_input && !(Index == last && from_logits)) {
            layer.template forward<Batch>(x, record.pre_activation);
            activate<activation<Index>, Batch, width<Index>>(static_cast<const T*>(record.pre_activation),
                                                             record.output);
        } else {
            layer.template forward<Batch>(x, record.output);
            if constexpr (!(Index == last && from_logits))
                activate_in_place<activation<Index>, Batch, width<Index>>(record.output);
        }
        if constexpr (Index < last) forward<Index + 1>(net, record.output);
    }

    /// Writes the slope of the loss where the last layer ends, and returns the mean loss.
    CTNN_INLINE constexpr T start_backward(const Loss& loss, const T* target, std::size_t used) {
        const T scale = T{1} / static_cast<T>(used);
        const T* y = boost::hana::at_c<last>(memory_.records).output;
        T* slope = memory_.slopes[last % 2];
        T total{};
        for (std::size_t row = 0; row < Batch; ++row) {
            if (row < used)
                total += loss.template sample<outputs, true>(y + row * outputs, target + row * outputs, scale,
                                                             slope + row * outputs);
            else
                for (std::size_t i = 0; i < outputs; ++i) slope[row * outputs + i] = T{};
        }
        return total * scale;
    }

    template <std::size_t Index>
    CTNN_INLINE constexpr void backward(const Net& net, const T* x, Net& gradient, T* input_gradient) {
        auto& record = boost::hana::at_c<Index>(memory_.records);
        T* const slope = memory_.slopes[Index % 2];
        if constexpr (!(Index == last && from_logits)) {
            if constexpr (activation<Index>::derivative_needs_input)
                activate_backward<activation<Index>, Batch, width<Index>>(
                    static_cast<const T*>(record.pre_activation), static_cast<const T*>(record.output), slope);
            else
                activate_backward<activation<Index>, Batch, width<Index>>(
                    static_cast<const T*>(record.output), static_cast<const T*>(record.output), slope);
        }
        const auto& layer = boost::hana::at_c<Index>(net.layers);
        auto& layer_gradient = boost::hana::at_c<Index>(gradient.layers);
        if constexpr (Index > 0) {
            layer.template backward<Batch, true>(boost::hana::at_c<Index - 1>(memory_.records).output, slope,
                                                 memory_.slopes[(Index - 1) % 2], layer_gradient, memory_.scratch);
            backward<Index - 1>(net, x, gradient, input_gradient);
        } else {
            layer.template backward<Batch, InputGradient>(x, slope, input_gradient, layer_gradient, memory_.scratch);
        }
    }

    workspace<Net, Batch == 0 ? 1 : Batch, InputGradient> memory_{};

    static_assert(Batch > 0, "ctnn: a batch has at least one sample");
    static_assert(loss_accepts<loss_is<Loss>, last_activation_is<typename last_layer::activation>>,
                  "ctnn: this loss does not go with the activation of the last layer");
};

}  // namespace ctnn
