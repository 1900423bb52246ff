// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One pass forward and backward: the loss of a batch and its gradient.

#include <ctnn/activation/activate.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/vector.hpp>
#include <ctnn/network.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>

#include <cstddef>
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
inline constexpr bool loss_accepts<loss_is<Loss>, last_activation_is<Activation>> = Loss::template accepts<Activation>;

/// The memory of `gradient_pass`, one array: the outputs of every layer, kept for the way back, two buffers for the
/// slopes that travel back, and scratch memory for the kernels.
template <class Net, std::size_t Batch, bool InputGradient = false>
struct workspace {
    using T = typename Net::value_type;

    /// Where in the array each buffer begins.
    struct plan_type {
        std::size_t before[Net::layer_count];  ///< the outputs of a layer before its activation
        std::size_t after[Net::layer_count];   ///< and after it: the same place, unless both are needed on the way back
        std::size_t slope[2];                  ///< dL/dy of layers with an even and with an odd number
        std::size_t scratch;
        std::size_t size;

        /// A buffer of `count` numbers after those before it. Large ones begin at a cache line.
        constexpr std::size_t place(std::size_t count) {
            constexpr std::size_t line = 64 / sizeof(T);
            const std::size_t start = count < 16 * line ? size : (size + line - 1) / line * line;
            size = start + count;
            return start;
        }
    };
    static constexpr std::size_t largest(const std::size_t (&sizes)[Net::layer_count]) {
        std::size_t result = 0;
        for (const std::size_t size : sizes) result = size > result ? size : result;
        return result;
    }
    static constexpr plan_type plan = []<std::size_t... Index>(std::index_sequence<Index...>) {
        constexpr std::size_t outputs[]{Batch * layer_t<Index, Net>::output_shape::size...};
        constexpr bool keeps_both[]{layer_t<Index, Net>::activation::derivative_needs_input...};
        // The first layer has no layer before it that waits for a slope, unless the input's is asked for.
        constexpr std::size_t scratches[]{
            (Index > 0 || InputGradient ? layer_t<Index, Net>::template scratch_size<Batch> : 0)...};
        plan_type result{};
        for (std::size_t layer = 0; layer < Net::layer_count; ++layer) {
            result.before[layer] = result.place(outputs[layer]);
            result.after[layer] = keeps_both[layer] ? result.place(outputs[layer]) : result.before[layer];
        }
        for (std::size_t& slope : result.slope) slope = result.place(largest(outputs));
        result.scratch = result.place(largest(scratches));
        return result;
    }
    (std::make_index_sequence<Net::layer_count>{});

    alignas(kernel::buffer_alignment<T, plan.size>) T values[plan.size];
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
        const T mean = forward(net, loss, x, target, used);
        backward(net, x, input_gradient, [&](auto index, const auto& layer, auto... buffers) CTNN_INLINE {
            layer.template backward<Batch, passes_on<index()>>(buffers..., boost::hana::at_c<index()>(gradient.layers));
        });
        return mean;
    }

    /// The way there: the mean loss, with what the way back needs left in the workspace.
    CTNN_INLINE constexpr T forward(const Net& net, const Loss& loss, const T* x, const T* target,
                                    std::size_t used = Batch) {
        forward_from<0>(net, x);
        return start_backward(loss, target, used);
    }

    /// The way back: for each layer, from the last to the first, `take(hana::size_c<Index>, layer, x, dy, dx, scratch)`,
    /// which makes of the layer's gradient what it wants, and writes dL/dx to `dx` where `passes_on<Index>`.
    template <class NetReference, class Take>
    CTNN_INLINE constexpr void backward(NetReference& net, const T* x, T* input_gradient, Take&& take) {
        backward_from<last>(net, x, input_gradient, take);
    }

    /// Whether a layer has somebody before it who waits for dL/dx.
    template <std::size_t Index>
    static constexpr bool passes_on = Index > 0 || InputGradient;

  private:
    using memory = workspace<Net, Batch == 0 ? 1 : Batch, InputGradient>;
    static constexpr auto plan = memory::plan;
    static constexpr bool from_logits = Loss::template takes_logits<typename last_layer::activation>;
    static constexpr std::size_t last = Net::layer_count - 1;

    /// Whether the network applies the activation of a layer: that of the last one may be the loss's business.
    template <std::size_t Index>
    static constexpr bool activates = !(Index == last && from_logits);
    template <std::size_t Index>
    using activation = typename layer_t<Index, Net>::activation;
    template <std::size_t Index>
    static constexpr std::size_t width = layer_t<Index, Net>::output_shape::size;

    template <std::size_t Index>
    CTNN_INLINE constexpr void forward_from(const Net& net, const T* x) {
        T* const before = memory_.values + plan.before[Index];
        T* const after = memory_.values + plan.after[Index];
        boost::hana::at_c<Index>(net.layers).template forward<Batch>(x, before);
        if constexpr (activates<Index> && plan.after[Index] == plan.before[Index])
            activate_in_place<activation<Index>, Batch, width<Index>>(after);
        else if constexpr (activates<Index>)
            activate<activation<Index>, Batch, width<Index>>(static_cast<const T*>(before), after);
        if constexpr (Index < last) forward_from<Index + 1>(net, after);
    }

    /// Writes the slope of the loss where the last layer ends, and returns the mean loss.
    CTNN_INLINE constexpr T start_backward(const Loss& loss, const T* target, std::size_t used) {
        const T scale = T{1} / static_cast<T>(used);
        const T* const y = memory_.values + (from_logits ? plan.before[last] : plan.after[last]);
        T* const slope = memory_.values + plan.slope[last % 2];
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

    template <std::size_t Index, class NetReference, class Take>
    CTNN_INLINE constexpr void backward_from(NetReference& net, const T* x, T* input_gradient, Take& take) {
        T* const values = memory_.values;
        T* const slope = values + plan.slope[Index % 2];
        if constexpr (activates<Index>)
            activate_backward<activation<Index>, Batch, width<Index>>(
                static_cast<const T*>(values + plan.before[Index]), static_cast<const T*>(values + plan.after[Index]),
                slope);
        constexpr auto index = boost::hana::size_c<Index>;
        auto& layer = boost::hana::at_c<Index>(net.layers);
        if constexpr (Index > 0) {
            take(index, layer, values + plan.after[Index - 1], slope, values + plan.slope[(Index - 1) % 2],
                 values + plan.scratch);
            backward_from<Index - 1>(net, x, input_gradient, take);
        } else {
            take(index, layer, x, slope, input_gradient, values + plan.scratch);
        }
    }

    memory memory_{};

    static_assert(Batch > 0, "ctnn: a batch has at least one sample");
    static_assert(loss_accepts<loss_is<Loss>, last_activation_is<typename last_layer::activation>>,
                  "ctnn: this loss does not go with the activation of the last layer");
};

}  // namespace ctnn
