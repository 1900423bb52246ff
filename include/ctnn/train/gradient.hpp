// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A forward and a backward pass: the loss of a batch and its gradient.

#include <ctnn/capped.hpp>
#include <ctnn/chain/allocate.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/interleave.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/loss/rule.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/random.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Whether a loss takes registers with one sample per lane.
template <class Loss>
inline constexpr bool takes_lanes = requires {
    requires Loss::takes_lanes;
};

/// Tags that name the arguments of a predicate in an error message.
template <std::size_t Batch>
struct batch_is {};
template <std::size_t Batch>
struct needs_batch {};

/// Whether a batch is large enough for layers that compute its statistics; false where an error message shows it.
template <class Batch, class Needed>
inline constexpr bool has_statistics_of_batch = false;
template <std::size_t Batch, std::size_t Needed>
requires(Batch >= Needed) inline constexpr bool has_statistics_of_batch<batch_is<Batch>, needs_batch<Needed>> = true;

/// The memory of `gradient_pass`, in one array: what the forward pass keeps for the backward pass, including the
/// outputs of every layer, then the scratch memory of the backward pass, then the samples of a partial batch.
template <class Net, std::size_t Batch, bool InputGradient = false>
struct workspace {
    using T = typename Net::value_type;
    using chain = typename Net::chain_type;
    static constexpr auto& plan = chain::template plan<Batch, InputGradient>;
    static constexpr std::size_t scratch = [] {
        std::size_t size = plan.kept_size;
        return detail::allocate<T>(size, plan.scratch_size);
    }();
    static constexpr std::size_t inputs_of_batch = Batch > 1
                                                       ? detail::capped_product<std::size_t>({Batch,
                                                                                              Net::input_shape::size})
                                                       : 0;
    static constexpr std::size_t rows = [] {
        std::size_t size = detail::capped_sum<std::size_t>({scratch, plan.scratch_size});
        return detail::allocate<T>(size, inputs_of_batch);
    }();
    static constexpr std::size_t counted = detail::capped_sum<std::size_t>({rows, inputs_of_batch});
    static constexpr bool fits = counted <= detail::tensor_bytes_limit / sizeof(T);
    static constexpr std::size_t size = fits ? counted : 1;

    alignas(kernel::buffer_alignment<T, size>) T values[size];

    static_assert(fits, "ctnn: a training step keeps more bytes than an object can have");
};

/// Bytes that a training step with `Batch` samples needs beside the parameters, gradients and moments.
template <class Net, std::size_t Batch>
inline constexpr std::size_t workspace_bytes = sizeof(workspace<Net, Batch>);

/// The loss of a batch and its gradient, with all memory inside the object.
///
/// Template parameters: `Batch`, at least 1; `InputGradient`, whether dL/dx is computed too.
/// *Cost*: for each sample and layer, its multiply-accumulates for the forward pass, again for the gradient of the
/// weights, and again for dL/dx, which the first layer omits.
/// *Errors*: "ctnn: a batch has at least one sample", "ctnn: this loss does not go with the activation of the last
/// layer", "ctnn: this loss compares classes, and a single output always has probability 1", "ctnn: batch_norm has no
/// statistics of one element: its batches have at least two samples", "ctnn: a training step keeps more bytes than an
/// object can have".
template <class Net, class Loss, std::size_t Batch = 1, bool InputGradient = false>
class gradient_pass {
  public:
    using T = typename Net::value_type;
    static constexpr std::size_t inputs = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;

    using last_layer = layer_t<Net::layer_count - 1, Net>;

    /// The mean loss of the first `used` samples of a batch; `gradient` is overwritten with its gradient.
    ///
    /// `x` points to `used` samples, `target` to as many targets: the last batch of a data set may be partial. Without
    /// samples, the loss and the gradient are 0. `input_gradient`, if requested, receives dL/dx of Batch samples.
    /// `all` is how many samples the mean is over if these are a part of them, and 0 otherwise: the losses and gradients
    /// of the parts then add up to those of the whole.
    CTNN_INLINE constexpr T operator()(const Net& net, const Loss& loss, const T* x, const T* target, Net& gradient,
                                       std::size_t used = Batch, T* input_gradient = nullptr, std::size_t all = 0) {
        if (used == 0) {
            clear(gradient, input_gradient);
            return T{};
        }
        x = full_batch(x, used);
        const T mean = forward(net, loss, x, target, used, all);
        chain::template backward<batch, InputGradient, activated>(net.layers, x, input_gradient, memory_.values,
                                                                  memory_.values + memory::scratch, gradient.layers);
        return mean;
    }

    /// The address of a full batch whose first `used` samples are at `x`; the others are copies of the first. They are
    /// computed but do not count; as copies of data they produce no values that the data does not.
    CTNN_INLINE constexpr const T* full_batch(const T* x, std::size_t used) {
        if constexpr (Batch > 1)
            if (used < Batch) {
                complete(x, used);
                return rows();
            }
        return x;
    }

    /// Memory for the samples of a batch. `full_batch` does not copy samples that are there.
    constexpr T* rows() { return memory_.values + (Batch > 1 ? memory::rows : 0); }

    /// The forward pass: the mean loss, with what the backward pass needs left in the workspace. `x` is from
    /// `full_batch`, and `used` is not 0.
    CTNN_INLINE constexpr T forward(const Net& net, const Loss& loss, const T* x, const T* target,
                                    std::size_t used = Batch, std::size_t all = 0) {
        training_context context{nullptr, used};
        if constexpr (chain::draws_random_numbers) context.engine = &engine_;
        chain::template forward_training<batch, activated>(net.layers, x, memory_.values, context);
        return start_backward(loss, target, used, all == 0 ? used : all,
                              memory_.values + chain::template output<batch, activated>,
                              memory_.values + memory::scratch + memory::plan.dy[Net::layer_count - 1]);
    }

    /// The backward pass: for each layer with parameters, from the last to the first, `take` consumes the gradient, as
    /// in `chain::backward`.
    template <class Take>
    CTNN_INLINE constexpr void backward(Net& net, const T* x, Take&& take) {
        chain::template backward<batch, InputGradient, activated>(net.layers, x, nullptr, memory_.values,
                                                                  memory_.values + memory::scratch, take);
    }

    /// Seeds the random number generator of layers such as dropout; its seed is 0 by default.
    constexpr void seed(std::uint64_t new_seed) {
        if constexpr (chain::draws_random_numbers) engine_ = random_engine{new_seed};
    }

    /// Calls `f(engine)` with the random number generator, if a layer draws from it.
    template <class Self, class F>
    static constexpr void visit_engine(Self& self, F&& f) {
        if constexpr (chain::draws_random_numbers) f(self.engine_);
    }

    /// Whether dL/dx of a layer is needed.
    template <std::size_t Index>
    static constexpr bool passes_on = Net::chain_type::template passes_on<Index, InputGradient>;

    /// Whether the activation of the last layer is applied, or left to the loss.
    static constexpr bool activated = !Loss::template takes_logits<typename last_layer::activation>;

    /// Writes the gradient of the loss with respect to the output `y` of the last layer to `dy`, and returns the sum of
    /// the losses of `used` samples, divided by `all`. If the output has several rows, such as a sequence, each has a
    /// loss, and the mean is over all of them.
    CTNN_INLINE static constexpr T start_backward(const Loss& whole_loss, const T* target, std::size_t used,
                                                  std::size_t all, const T* y, T* dy) {
        constexpr std::size_t width = Net::output_shape::last, rows = outputs / width;
        const T scale = T{1} / static_cast<T>(all * rows);
        const auto& loss = loss_of_row<typename last_layer::activation>(whole_loss);
        T total{};
        std::size_t first_row = 0;
        if constexpr (takes_lanes<Loss> && kernel::native_lanes < T >> 1 && batch * rows >= kernel::native_lanes<T>)
            for (const std::size_t end = kernel::count_rows_as_lanes<width, T>(used * rows); first_row < end;
                 first_row += kernel::native_lanes<T>)
                add_samples<width>(loss, y + first_row * width, target + first_row * width, scale,
                                   dy + first_row * width, total);
        for (std::size_t row = first_row; row < batch * rows; ++row) {
            if (row < used * rows)
                total +=
                    loss.template sample<width, true>(y + row * width, target + row * width, scale, dy + row * width);
            else
                for (std::size_t i = 0; i < width; ++i) dy[row * width + i] = T{};
        }
        return total * scale;
    }

  private:
    static constexpr std::size_t batch = Batch == 0 ? 1 : Batch;
    using chain = typename Net::chain_type;
    using memory = workspace<Net, batch, InputGradient>;

    /// Adds the losses of one sample per lane, one after another, and writes their gradients.
    template <std::size_t Width>
    CTNN_INLINE static inline void add_samples(const Loss& loss, const T* y, const T* target, T scale, T* dy,
                                               T& total) {
        constexpr std::size_t lanes = kernel::native_lanes<T>;
        using V = kernel::register_t<T, lanes>;
        V given[Width], wanted[Width], gradient[Width];
        T losses[lanes];
        kernel::load_rows_as_lanes<Width>(y, given);
        kernel::load_rows_as_lanes<Width>(target, wanted);
        kernel::store<lanes>(
            losses, loss.template sample<Width, true>(static_cast<const V*>(given), static_cast<const V*>(wanted),
                                                      math::broadcast<V>(scale), gradient));
        kernel::store_rows_as_lanes<Width>(static_cast<const V*>(gradient), dy);
        for (const T sample_loss : losses) total += sample_loss;
    }

    constexpr void complete(const T* x, std::size_t used) {
        T* const to = rows();
        for (std::size_t i = x == to ? used * inputs : 0; i < used * inputs; ++i) to[i] = x[i];
        for (std::size_t row = used; row < Batch; ++row)
            for (std::size_t i = 0; i < inputs; ++i) to[row * inputs + i] = to[i];
    }

    /// The gradient without samples.
    static constexpr void clear(Net& gradient, T* input_gradient) {
        for_each_layer(
            []<class Layer>(Layer& layer) {
                ctnn::clear(layer);
                if constexpr (has_statistics_of<Layer>) layer.forget_statistics();
            },
            gradient);
        if constexpr (InputGradient)
            for (std::size_t i = 0; input_gradient != nullptr && i < Batch * inputs; ++i) input_gradient[i] = T{};
    }

    struct no_engine {};

    memory memory_{};
    [[no_unique_address]] std::conditional_t<chain::draws_random_numbers, random_engine, no_engine> engine_{};

    static_assert(Batch > 0, "ctnn: a batch has at least one sample");
    static_assert(loss_accepts<loss_is<Loss>, last_activation_is<typename last_layer::activation>>,
                  "ctnn: this loss does not go with the activation of the last layer");
    static_assert(
        !loss_accepts<loss_is<Loss>, last_activation_is<typename last_layer::activation>> ||
            has_outputs_to_compare<outputs_are<Net::output_shape::last>, needs_outputs<least_outputs_of<Loss>>>,
        "ctnn: this loss compares classes, and a single output always has probability 1");
    static_assert(has_statistics_of_batch<batch_is<Batch>, needs_batch<Batch == 0 ? 0 : chain::least_batch>>,
                  "ctnn: batch_norm has no statistics of one element: its batches have at least two samples");
};

}  // namespace CTNN_NAMESPACE
