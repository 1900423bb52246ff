// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A sequence of layers: a network, or a branch of one.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/blocks.hpp>
#include <ctnn/chain/inference_plan.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/layer_list.hpp>
#include <ctnn/chain/training_plan.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/parameters.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Bound layers, each of which takes the output of the previous one. A chain has no data: its functions work on
/// `storage`, the tuple of the layers that have parameters.
template <class T, class InputShape, class... Layers>
struct chain {
    using value_type = T;
    using input_shape = InputShape;
    using output_shape = typename detail::last_shape<InputShape, Layers...>::type;
    using storage =
        typename detail::stored<boost::hana::tuple<>, detail::stored_if<!std::is_empty_v<Layers>, Layers>...>::type;

    static constexpr std::size_t count = sizeof...(Layers);
    /// The index of a layer in the storage.
    template <std::size_t Index>
    static constexpr std::size_t slot = detail::count_before(Index, {!std::is_empty_v<Layers>...});
    template <std::size_t Index>
    using layer = typename detail::nth<Index, Layers...>::type;

    static constexpr auto multiply_accumulates = detail::capped_sum<std::uint64_t>({Layers::multiply_accumulates...});
    static constexpr bool draws_random_numbers = (... || draws_random_numbers_of<Layers>);
    static constexpr bool has_statistics = (... || has_statistics_of<Layers>);
    static constexpr std::size_t least_batch = (... || (least_batch_of<Layers> > 1)) ? 2 : 1;
    static constexpr bool has_parameters = (... || !std::is_empty_v<Layers>);

    /// Layer `Index` in `storage`, or a stand-in if it has no parameters.
    template <std::size_t Index, class Storage>
    static constexpr auto& at(Storage& layers) {
        if constexpr (std::is_empty_v<layer<Index>>)
            return detail::empty_layer<layer<Index>>;
        else
            return boost::hana::at_c<slot<Index>>(layers);
    }

    /// Calls `f(hana::size_c<Index>, layer, same layer of the others...)` for each layer that has parameters.
    template <class F, class Storage, class... Same>
    CTNN_INLINE static constexpr void for_each(F&& f, Storage& layers, Same&... others) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
            (visit<Index>(f, layers, others...), ...);
        }
        (std::make_index_sequence<count>{});
    }

    /// Whether all parameters are equal.
    static constexpr bool equal(const storage& left, const storage& right) {
        return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            return (... && (at<Index>(left) == at<Index>(right)));
        }
        (std::make_index_sequence<count>{});
    }

    // --- Inference

    template <std::size_t Batch, bool Activated, std::size_t... Index>
    static constexpr auto make_inference_plan(std::index_sequence<Index...>) {
        constexpr detail::inference_needs needs[count > 0 ? count : 1]{
            {detail::extent_product({Batch, Layers::output_shape::size}), forward_scratch_of<Layers, Batch>,
             is_view_layer<Layers>, activates<Index, Activated>, forward_in_place_of<Layers>}...};
        return detail::plan_inference<T>(needs);
    }
    /// Where the values between layers and the scratch memory of the layers are, in one workspace.
    template <std::size_t Batch, bool Activated = true>
    static constexpr auto inference = make_inference_plan<Batch, Activated>(std::make_index_sequence<count>{});
    /// The elements of that workspace.
    template <std::size_t Batch, bool Activated = true>
    static constexpr std::size_t workspace_size = inference<Batch, Activated>.size;

    /// `Batch` samples from `x` to `y`. Without `Activated`, the activation of the last layer is omitted.
    template <std::size_t Batch, bool Activated = true>
    CTNN_INLINE static constexpr void forward(const storage& layers, const T* x, T* y, T* workspace) {
        run_layers<Batch, Activated>(layers, x, y, workspace);
    }
    /// The same with the workspace on the stack.
    template <std::size_t Batch, bool Activated = true>
    CTNN_INLINE static constexpr void forward(const storage& layers, const T* x, T* y) {
        constexpr std::size_t size = workspace_size<Batch, Activated>;
        T workspace[size > 0 ? size : 1];
        run_layers<Batch, Activated>(layers, x, y, workspace);
    }

    // --- Training

    /// Whether a layer computes dL/dx, because the caller or a layer before it needs it.
    template <std::size_t Index, bool InputGradient>
    static constexpr bool passes_on = InputGradient || slot<Index> > 0;

    template <std::size_t Batch, bool InputGradient, std::size_t... Index>
    static constexpr auto make_plan(std::index_sequence<Index...>) {
        constexpr detail::training_needs needs[count > 0 ? count : 1]{
            {detail::extent_product({Batch, Layers::output_shape::size}), kept_size_of<Layers, Batch>,
             scratch_size_of<Layers, Batch, passes_on<Index, InputGradient>>, is_view_layer<Layers>,
             !std::is_same_v<typename Layers::activation, identity>, Layers::activation::derivative_needs_input}...};
        return detail::plan_training<T>(needs);
    }
    template <std::size_t Batch, bool InputGradient = false>
    static constexpr auto plan = make_plan<Batch, InputGradient>(std::make_index_sequence<count>{});

    /// The offset of the chain's outputs in `kept`.
    template <std::size_t Batch, bool Activated = true>
    static constexpr std::size_t output = Activated ? plan<Batch>.after[count - 1] : plan<Batch>.before[count - 1];

    /// The forward pass of training for `Batch` samples. Without `Activated`, the last layer's activation is omitted.
    template <std::size_t Batch, bool Activated = true>
    CTNN_INLINE static constexpr void forward_training(const storage& layers, const T* x, T* kept,
                                                       training_context& context) {
        if constexpr (count > detail::most_layers_inlined)
            detail::in_blocks<count>([&](auto block) CTNN_INLINE {
                forward_training_layers<Batch, Activated>(block, layers, x, kept, context);
            });
        else
            forward_training_layers<Batch, Activated>(indices{}, layers, x, kept, context);
    }

    /// The backward pass. dL/dy is at `scratch + plan<Batch>.dy[count - 1]` and is overwritten. For each layer with
    /// parameters, from the last to the first, `take(hana::size_c<Index>, layer, x, dy, dx, kept, scratch)` consumes
    /// its gradient, and writes dL/dx to `dx` where `passes_on`. dL/dx of the chain goes to `dx`, if requested.
    template <std::size_t Batch, bool InputGradient, bool Activated = true, class Storage, class Take>
    CTNN_INLINE static constexpr void backward(Storage& layers, const T* x, T* dx, T* kept, T* scratch, Take&& take) {
        if constexpr (count > detail::most_layers_inlined)
            detail::in_blocks<count>([&](auto block) CTNN_INLINE {
                backward_layers<Batch, InputGradient, Activated>(block, layers, x, dx, kept, scratch, take);
            });
        else
            backward_layers<Batch, InputGradient, Activated>(indices{}, layers, x, dx, kept, scratch, take);
    }

    /// The same, with the gradient of every layer written to `gradient`.
    template <std::size_t Batch, bool InputGradient, bool Activated = true>
    CTNN_INLINE static constexpr void backward(const storage& layers, const T* x, T* dx, T* kept, T* scratch,
                                               storage& gradient) {
        backward<Batch, InputGradient, Activated>(
            layers, x, dx, kept, scratch, [&gradient](auto index, const auto& here, auto... buffers) CTNN_INLINE {
                here.template backward<Batch, passes_on<index(), InputGradient>>(buffers..., at<index()>(gradient));
            });
    }

  private:
    template <std::size_t Index, class F, class... Storage>
    CTNN_INLINE static constexpr void visit(F& f, Storage&... layers) {
        if constexpr (!std::is_empty_v<layer<Index>>)
            f(boost::hana::size_c<Index>, boost::hana::at_c<slot<Index>>(layers)...);
    }

    /// The rows of a batch of outputs of a layer, and their width: activations that are not elementwise work on a row.
    template <std::size_t Index>
    static constexpr std::size_t width = layer<Index>::output_shape::last;
    template <std::size_t Index, std::size_t Batch>
    static constexpr std::size_t rows = Batch* layer<Index>::output_shape::size / width<Index>;

    template <std::size_t Index, bool Activated>
    static constexpr bool activates = (Index + 1 < count || Activated) &&
                                      !std::is_same_v<typename layer<Index>::activation, identity>;

    // Each statement and each call costs in constant evaluation: these functions have few. Layers follow one another in
    // a fold instead of calling the next: compilers inline bottom-up, and would inline all later layers again into
    // each.

    using indices = std::make_index_sequence<count>;
    template <std::size_t Index>
    static constexpr std::size_t before_it = Index > 0 ? Index - 1 : 0;

    template <std::size_t Batch, bool Activated>
    CTNN_INLINE static constexpr void run_layers(const storage& layers, const T* x, T* y, T* workspace) {
        if constexpr (count > detail::most_layers_inlined)
            detail::in_blocks<count>(
                [&](auto block) CTNN_INLINE { forward_layers<Batch, Activated>(block, layers, x, y, workspace); });
        else
            forward_layers<Batch, Activated>(indices{}, layers, x, y, workspace);
    }
    template <std::size_t Batch, bool Activated, std::size_t... Index>
    CTNN_INLINE static constexpr void forward_layers(std::index_sequence<Index...>, const storage& layers, const T* x,
                                                     T* y, T* workspace) {
        (forward_layer<Index, Batch, Activated>(layers, x, y, workspace), ...);
    }
    template <std::size_t Index, std::size_t Batch, bool Activated>
    CTNN_INLINE static constexpr void forward_layer(const storage& layers, const T* x, T* y, T* workspace) {
        constexpr auto& places = inference<Batch, Activated>;
        constexpr bool writes = places.writes[Index], reads_input = places.reads_input[Index];
        constexpr std::size_t input = places.output[before_it<Index>], output = places.output[Index];
        using activation = std::conditional_t<activates<Index, Activated>, typename layer<Index>::activation, identity>;
        const T* const from = reads_input ? x : workspace + input;
        T* const to = places.writes_output[Index] ? y : workspace + output;
        if constexpr (writes && is_view_layer<layer<Index>>) {
            activate<activation, rows<Index, Batch>, width<Index>>(from, to);
        } else if constexpr (writes || !reads_input) {
            if constexpr (writes) run_forward<Batch>(at<Index>(layers), from, to, workspace + places.scratch[Index]);
            activate_in_place<activation, rows<Index, Batch>, width<Index>>(to);
        }
    }

    template <std::size_t Batch, bool Activated, std::size_t... Index>
    CTNN_INLINE static constexpr void forward_training_layers(std::index_sequence<Index...>, const storage& layers,
                                                              const T* x, T* kept, training_context& context) {
        (forward_training_layer<Index, Batch, Activated>(layers, Index > 0 ? kept + after<before_it<Index>, Batch> : x,
                                                         kept, context),
         ...);
    }
    template <std::size_t Index, std::size_t Batch, bool Activated>
    CTNN_INLINE static constexpr void forward_training_layer(const storage& layers, const T* x, T* kept,
                                                             training_context& context) {
        if constexpr (is_view_layer<layer<Index>>) {
            if constexpr (Index == 0)
                activate<identity, rows<Index, Batch>, width<Index>>(x, kept + before<Index, Batch>);
        } else if constexpr (has_training_pass<layer<Index>, T, Batch>) {
            at<Index>(layers).template forward_training<Batch>(x, kept + before<Index, Batch>,
                                                               kept + plan<Batch>.kept[Index], context);
        } else {
            run_forward<Batch>(at<Index>(layers), x, kept + before<Index, Batch>);
        }
        if constexpr (activates<Index, Activated> && before<Index, Batch> == after<Index, Batch>)
            activate_in_place<typename layer<Index>::activation, rows<Index, Batch>, width<Index>>(kept +
                                                                                                   after<Index, Batch>);
        else if constexpr (activates<Index, Activated>)
            activate<typename layer<Index>::activation, rows<Index, Batch>, width<Index>>(
                static_cast<const T*>(kept + before<Index, Batch>), kept + after<Index, Batch>);
    }

    template <std::size_t Batch, bool InputGradient, bool Activated, std::size_t... Index, class Storage, class Take>
    CTNN_INLINE static constexpr void backward_layers(std::index_sequence<Index...>, Storage& layers, const T* x, T* dx,
                                                      T* kept, T* scratch, Take& take) {
        (backward_layer<count - 1 - Index, Batch, InputGradient, Activated>(layers, x, dx, kept, scratch, take), ...);
    }
    template <std::size_t Index, std::size_t Batch, bool InputGradient, bool Activated, class Storage, class Take>
    CTNN_INLINE static constexpr void backward_layer(Storage& layers, const T* x, T* dx, T* kept, T* scratch,
                                                     Take& take) {
        constexpr bool needs_dy = Index + 1 == count || passes_on<Index + 1, InputGradient>;
        if constexpr (needs_dy && activates<Index, Activated>)
            activate_backward<typename layer<Index>::activation, rows<Index, Batch>, width<Index>>(
                static_cast<const T*>(kept + before<Index, Batch>), static_cast<const T*>(kept + after<Index, Batch>),
                scratch + dy<Index, Batch>);
        if constexpr (is_view_layer<layer<Index>>) {
            if constexpr (Index == 0 && InputGradient)
                activate<identity, Batch, input_shape::size>(static_cast<const T*>(scratch + dy<0, Batch>), dx);
        } else if constexpr (!std::is_empty_v<layer<Index>>) {
            take(boost::hana::size_c<Index>, at<Index>(layers), Index > 0 ? kept + after<before_it<Index>, Batch> : x,
                 static_cast<const T*>(scratch + dy<Index, Batch>),
                 Index > 0 ? scratch + dy<before_it<Index>, Batch> : dx, kept + plan<Batch>.kept[Index],
                 scratch + plan<Batch, InputGradient>.scratch);
        } else if constexpr (passes_on<Index, InputGradient>) {
            layer<Index>::template backward<Batch>(Index > 0 ? kept + after<before_it<Index>, Batch> : x,
                                                   static_cast<const T*>(scratch + dy<Index, Batch>),
                                                   Index > 0 ? scratch + dy<before_it<Index>, Batch> : dx,
                                                   kept + plan<Batch>.kept[Index],
                                                   scratch + plan<Batch, InputGradient>.scratch);
        }
    }

    template <std::size_t Index, std::size_t Batch>
    static constexpr std::size_t before = plan<Batch>.before[Index];
    template <std::size_t Index, std::size_t Batch>
    static constexpr std::size_t after = plan<Batch>.after[Index];
    template <std::size_t Index, std::size_t Batch>
    static constexpr std::size_t dy = plan<Batch>.dy[Index];
};

}  // namespace CTNN_NAMESPACE
