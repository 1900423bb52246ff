// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Parallel chains of layers that take the same input and whose outputs are combined into one.

#include <ctnn/activation/identity.hpp>
#include <ctnn/capped.hpp>
#include <ctnn/chain/allocate.hpp>
#include <ctnn/chain/binding.hpp>
#include <ctnn/chain/chain.hpp>
#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/chain/view.hpp>
#include <ctnn/config.hpp>
#include <ctnn/shape.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// A sequence of layers, as an argument of `sum`, `product`, `matmul` or `concatenate`. `branch<>` is the identity.
template <class... Specs>
struct branch {
    template <class T, class InputShape>
    using bound = typename detail::bind<detail::bound_layers<T, InputShape, InputShape>, Specs...>::type;

    template <template <class...> class List>
    using as = List<Specs...>;

    /// Whether every layer accepts its input shape.
    template <class InputShape>
    static constexpr bool binds = bound<float, InputShape>::layers::count == sizeof...(Specs);
};

namespace detail {

template <class... Branches>
struct branch_list {};

template <class Type>
inline constexpr bool is_branch = false;
template <class... Specs>
inline constexpr bool is_branch<branch<Specs...>> = true;

/// Replaces invalid branches, so that their message is the only error.
struct no_branches {
    using wants = wants_any;
    template <class T, class InputShape>
    using layer = view_layer<InputShape, InputShape>;
};

/// The parameters of the chains; empty if none of them has any.
template <class Tuple>
struct branch_storage {
    Tuple branches;
};
template <>
struct branch_storage<boost::hana::tuple<>> {};

}  // namespace detail

/// Branches, bound to their input. `Combine` defines how their outputs are combined: `output_shape`;
/// `multiply_accumulates`; `write<Branch, Batch>(part, y)`, which writes the output of a branch into y (or adds it to
/// those of previous branches); `read<Branch, Batch>(dy, part)`, which computes the gradient of the output of a branch
/// from dL/dy; for `stream`, `streams_along<TimeAxis>` and `of_steps<Shapes...>`, the same for vectors of one time
/// step. With `writes_at_once`, it is `write<Batch>(outputs, y)` for the outputs of all branches. With `reads_outputs`,
/// it is `read<Branch, Batch>(dy, outputs, part, scratch)` with `scratch_size` elements of scratch memory.
template <class T, class InputShape, class Combine, class... Chains>
struct branches_layer
    : detail::branch_storage<typename detail::stored<
          boost::hana::tuple<>, detail::stored_if<Chains::has_parameters, typename Chains::storage>...>::type> {
    using input_shape = InputShape;
    using output_shape = typename Combine::output_shape;
    using activation = identity;
    static constexpr bool is_composite = true;
    static constexpr bool has_statistics = (... || Chains::has_statistics);
    static constexpr std::size_t least_batch = (... || (Chains::least_batch > 1)) ? 2 : 1;
    static constexpr bool draws_random_numbers = (... || Chains::draws_random_numbers);
    static constexpr std::uint64_t multiply_accumulates =
        detail::capped_sum<std::uint64_t>({Combine::multiply_accumulates, Chains::multiply_accumulates...});

    static constexpr std::size_t branch_count = sizeof...(Chains);
    template <std::size_t Index>
    using chain_at = typename detail::nth<Index, Chains...>::type;

    /// The parameters of a branch; an empty constant if it has none.
    template <std::size_t Index, class Layer>
    static constexpr auto& storage_of(Layer& layer) {
        if constexpr (chain_at<Index>::has_parameters)
            return boost::hana::at_c<slot<Index>>(layer.branches);
        else
            return nothing_stored<chain_at<Index>>;
    }

    /// Calls `f(hana::size_c<branch>, std::type_identity<chain>, its storage, that of the other layers...)` for each
    /// branch that has parameters.
    template <class F, class... Layers>
    CTNN_INLINE static constexpr void for_each_chain(F&& f, Layers&... layers) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
            (visit<Index>(f, layers...), ...);
        }
        (std::make_index_sequence<branch_count>{});
    }

    friend constexpr bool operator==(const branches_layer& left, const branches_layer& right) {
        bool equal = true;
        for_each_chain([&](auto, auto chain, const auto& one,
                           const auto& other) { equal = equal && decltype(chain)::type::equal(one, other); },
                       left, right);
        return equal;
    }

    /// Offsets of the branches, and the total size.
    struct places {
        std::size_t start[branch_count];
        std::size_t size;
    };
    template <std::size_t Batch>
    static constexpr places kept_places = []<std::size_t... Index>(std::index_sequence<Index...>) {
        places result{};
        ((result.start[Index] = detail::allocate<T>(result.size, Chains::template plan<Batch>.kept_size)), ...);
        return result;
    }
    (std::make_index_sequence<branch_count>{});
    template <std::size_t Batch>
    static constexpr std::size_t kept_size = kept_places<Batch>.size;

    /// Scratch memory: dL/dx through one branch, then the scratch memory of the largest branch, then that of
    /// `Combine::read`.
    struct scratch_plan {
        std::size_t part, below, combine, size;
    };
    template <std::size_t Batch, bool InputGradient>
    static constexpr scratch_plan scratch_places = [] {
        constexpr std::size_t sizes[]{Chains::template plan<Batch, InputGradient>.scratch_size...};
        std::size_t largest = 0;
        for (const std::size_t size : sizes) largest = size > largest ? size : largest;
        scratch_plan result{};
        result.part = detail::allocate<T>(result.size, Batch * InputShape::size);
        result.below = detail::allocate<T>(result.size, largest);
        if constexpr (Combine::reads_outputs) result.combine = detail::allocate<T>(result.size, Combine::scratch_size);
        return result;
    }();
    template <std::size_t Batch, bool InputGradient>
    static constexpr std::size_t scratch_size = scratch_places<Batch, InputGradient>.size;

    /// Scratch memory of inference: the output of a branch, or of all those so far if they are combined at once, then
    /// the workspace of its chain.
    struct forward_plan {
        std::size_t part[branch_count], workspace[branch_count], size;
    };
    template <std::size_t Batch>
    static constexpr forward_plan forward_places = [] {
        constexpr std::size_t parts[]{Chains::count > 0 ? Batch * Chains::output_shape::size : 0 ...};
        constexpr std::size_t workspaces[]{Chains::template workspace_size<Batch>...};
        forward_plan result{};
        std::size_t kept = 0;
        for (std::size_t i = 0; i < branch_count; ++i) {
            std::size_t size = Combine::writes_at_once ? kept : 0;
            result.part[i] = detail::allocate<T>(size, parts[i]), kept = size;
            result.workspace[i] = detail::allocate<T>(size, workspaces[i]);
            result.size = size > result.size ? size : result.size;
        }
        return result;
    }();
    template <std::size_t Batch>
    static constexpr std::size_t forward_scratch = forward_places<Batch>.size;
    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y, T* scratch) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            if constexpr (Combine::writes_at_once) {
                const T* const outputs[]{forward_part<Index, Batch>(x, scratch)...};
                Combine::template write<Batch>(outputs, y);
            } else {
                (Combine::template write<Index, Batch>(forward_part<Index, Batch>(x, scratch), y), ...);
            }
        }
        (std::make_index_sequence<branch_count>{});
    }

    template <std::size_t Batch>
    constexpr void forward_training(const T* x, T* y, T* kept, training_context& context) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (forward_training_branch<Index, Batch>(x, y, kept, context), ...);
            if constexpr (Combine::writes_at_once) {
                const T* const outputs[]{kept_output<Index, Batch>(x, kept)...};
                Combine::template write<Batch>(outputs, y);
            }
        }
        (std::make_index_sequence<branch_count>{});
    }

    /// dL/dx is the sum over the branches, in their order.
    template <std::size_t Batch, bool InputGradient>
    constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch, branches_layer& gradient) const {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            (backward_branch<Index, Batch, InputGradient>(*this, gradient, x, dy, dx, kept, scratch), ...);
        }
        (std::make_index_sequence<branch_count>{});
    }
    template <std::size_t Batch>
    static constexpr void backward(const T* x, const T* dy, T* dx, T* kept, T* scratch) {
        branches_layer nothing{};
        nothing.template backward<Batch, true>(x, dy, dx, kept, scratch, nothing);
    }

  private:
    template <std::size_t Index>
    static constexpr std::size_t slot = detail::count_before(Index, {Chains::has_parameters...});

    template <std::size_t Index, class F, class... Layers>
    CTNN_INLINE static constexpr void visit(F& f, Layers&... layers) {
        if constexpr (chain_at<Index>::has_parameters)
            f(boost::hana::size_c<Index>, std::type_identity<chain_at<Index>>{},
              boost::hana::at_c<slot<Index>>(layers.branches)...);
    }

    template <class Chain>
    static constexpr typename Chain::storage nothing_stored{};

    template <std::size_t Index, std::size_t Batch>
    constexpr const T* forward_part(const T* x, T* scratch) const {
        T* const part = scratch + forward_places<Batch>.part[Index];
        if constexpr (chain_at<Index>::count == 0) {
            return x;
        } else {
            chain_at<Index>::template forward<Batch>(storage_of<Index>(*this), x, part,
                                                     scratch + forward_places<Batch>.workspace[Index]);
            return part;
        }
    }

    /// The output of a branch, kept by the forward pass of training.
    template <std::size_t Index, std::size_t Batch>
    static constexpr const T* kept_output(const T* x, const T* kept) {
        if constexpr (chain_at<Index>::count == 0)
            return x;
        else
            return kept + kept_places<Batch>.start[Index] + chain_at<Index>::template output<Batch>;
    }

    template <std::size_t Index, std::size_t Batch>
    constexpr void forward_training_branch(const T* x, T* y, T* kept, training_context& context) const {
        using chain_type = chain_at<Index>;
        if constexpr (chain_type::count > 0)
            chain_type::template forward_training<Batch>(storage_of<Index>(*this), x,
                                                         kept + kept_places<Batch>.start[Index], context);
        if constexpr (!Combine::writes_at_once)
            Combine::template write<Index, Batch>(kept_output<Index, Batch>(x, kept), y);
    }

    /// The gradient of the output of a branch.
    template <std::size_t Index, std::size_t Batch>
    static constexpr void branch_gradient(const T* x, const T* dy, T* part, const T* kept, T* scratch) {
        if constexpr (Combine::reads_outputs) {
            [&]<std::size_t... Branch>(std::index_sequence<Branch...>) {
                const T* const outputs[]{kept_output<Branch, Batch>(x, kept)...};
                Combine::template read<Index, Batch>(dy, outputs, part, scratch);
            }
            (std::make_index_sequence<branch_count>{});
        } else {
            Combine::template read<Index, Batch>(dy, part);
        }
    }

    template <std::size_t Index, std::size_t Batch, bool InputGradient>
    static constexpr void backward_branch(const branches_layer& layer, branches_layer& gradient, const T* x,
                                          const T* dy, T* dx, T* kept, T* scratch) {
        using chain_type = chain_at<Index>;
        constexpr std::size_t inputs = Batch * InputShape::size;
        T* const part = scratch + scratch_places<Batch, InputGradient>.part;
        T* const below = scratch + scratch_places<Batch, InputGradient>.below;
        T* const combine = scratch + scratch_places<Batch, InputGradient>.combine;
        if constexpr (chain_type::count == 0) {
            branch_gradient<Index, Batch>(x, dy, part, kept, combine);
        } else {
            branch_gradient<Index, Batch>(
                x, dy, below + chain_type::template plan<Batch, InputGradient>.dy[chain_type::count - 1], kept,
                combine);
            if constexpr (chain_type::has_parameters)
                chain_type::template backward<Batch, InputGradient>(storage_of<Index>(layer), x, part,
                                                                    kept + kept_places<Batch>.start[Index], below,
                                                                    storage_of<Index>(gradient));
            else if constexpr (InputGradient)
                chain_type::template backward<Batch, InputGradient>(
                    storage_of<Index>(layer), x, part, kept + kept_places<Batch>.start[Index], below, [](auto&&...) {});
        }
        if constexpr (InputGradient)
            for (std::size_t i = 0; i < inputs; ++i) dx[i] = Index == 0 ? part[i] : dx[i] + part[i];
    }
};

}  // namespace CTNN_NAMESPACE
