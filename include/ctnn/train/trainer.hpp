// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training steps on a network, with all memory inside the object.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/metric/target.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/train/constant_step.hpp>
#include <ctnn/train/gradient.hpp>
#include <ctnn/train/trainer_memory.hpp>
#include <ctnn/train/training_state.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Whether a batch has the shape that a trainer expects; false where an error message shows it.
template <class Given, class Expected>
inline constexpr bool batch_has_shape = false;
template <class Shape>
inline constexpr bool batch_has_shape<given<Shape>, expects<Shape>> = true;

/// A network in training: its parameters, their gradient, the moments of the optimiser and the workspace.
///
/// Template parameters: `Net`, a `network`; `Loss` and `Optimizer`, as in `ctnn/loss/` and `ctnn/optimizer/`; `Batch`,
/// the number of samples per step, at least 1; `Memory`, `whole_gradient` or `in_place`. `sizeof` is the whole memory:
/// nothing is allocated, thrown or locked. It is at least three or four times that of the network; with `in_place` and
/// `sgd` without momentum, that of the network and of the workspace, for networks of dense layers: `step` computes the
/// same bits, and there is no `backward`, `update` or `gradient`. If it is large (`sizeof` above 1 MB, say), make it
/// static or use `std::make_unique`: a local variable has to fit the stack, which is 8 MB on most systems and less in
/// threads, and a stack overflow ends the program without a message.
/// *Cost* of a step: that of `gradient_pass`, and the update rule of the optimiser for each parameter.
/// *Errors*: those of `gradient_pass`, "ctnn::trainer: the inputs of a step have another shape than a batch",
/// "ctnn::trainer: the targets of a step have another shape than a batch", "ctnn::trainer: a layer of this network needs
/// memory for its gradient, which a trainer in_place has not"; as a precondition of the constructor "ctnn::trainer: in_place
/// keeps no velocity, so momentum is 0".
/// *Example*: `trainer<net, cross_entropy, adam, 32> t{start, {.learning_rate = 1e-3}}; t.step(inputs, targets);`
template <class Net, class Loss, class Optimizer, std::size_t Batch = 1, class Memory = whole_gradient>
class trainer {
  public:
    using value_type = typename Net::value_type;
    using network_type = Net;
    using optimizer_type = Optimizer;
    static constexpr std::size_t batch = Batch;

    /// Whether `step` leaves the gradient in `gradient()`. That of a dense layer is consumed as it is computed and not
    /// stored.
    static constexpr bool keeps_gradient = []<std::size_t... Index>(std::index_sequence<Index...>) {
        return !(... || updates_at_once_of<layer_t<Index, Net>>);
    }
    (std::make_index_sequence<Net::layer_count>{});

    /// Whether there is memory for the gradient.
    static constexpr bool stores_gradient = std::is_same_v<Memory, whole_gradient> || !trains_every_layer<Memory, Net>;

    /// `seed` is that of the random numbers of layers such as dropout.
    constexpr explicit trainer(const Net& start_network, const Optimizer& chosen_optimizer = {},
                               const Loss& chosen_loss = {}, std::uint64_t seed = 0, call_site at = call_site::here())
        : network_{start_network}, stepper_{chosen_optimizer.template start<value_type>()}, loss_{chosen_loss} {
        if constexpr (moment_count > 0)
            if (__builtin_is_constant_evaluated()) write_moments();
        if constexpr (moment_count == 0)
            detail::require(!stepper_.rule.needs_moments(),
                            "ctnn::trainer: in_place keeps no velocity, so momentum is 0", at);
        if constexpr (Net::chain_type::draws_random_numbers) pass_.seed(seed);
    }

    /// The current parameters.
    constexpr const Net& network() const { return network_; }
    /// The gradient from `backward`, or from `step` if `keeps_gradient`. Between `backward` and `update` it may be
    /// modified, for example clipped.
    constexpr Net& gradient() requires stores_gradient { return gradient_; }
    constexpr const Net& gradient() const requires stores_gradient { return gradient_; }

    /// One step on a batch: forward, backward, update. Returns the mean loss of the batch before the update.
    ///
    /// *Shapes*: inputs shape<Batch, input...>, targets shape<Batch, output...>; for a batch of 1 also without the 1.
    template <class Inputs, class Targets>
    constexpr value_type step(const tensor<value_type, Inputs>& inputs, const tensor<value_type, Targets>& targets) {
        static_assert(batch_has_shape<given<Inputs>, expects<batch_of<Batch, typename Net::input_shape>>> ||
                          (Batch == 1 && std::is_same_v<Inputs, typename Net::input_shape>),
                      "ctnn::trainer: the inputs of a step have another shape than a batch");
        static_assert(batch_has_shape<given<Targets>, expects<batch_of<Batch, typename Net::output_shape>>> ||
                          (Batch == 1 && std::is_same_v<Targets, typename Net::output_shape>),
                      "ctnn::trainer: the targets of a step have another shape than a batch");
        if constexpr (steps_in_constants && std::is_same_v<Inputs, typename Net::input_shape>)
            if (__builtin_is_constant_evaluated()) return step_in_constant(inputs.values, targets.values, 1);
        return step(inputs.values, targets.values);
    }

    /// The same with an integer label for each sample, which stands for a one-hot row of targets. The rows are on the
    /// stack during the step.
    template <class Inputs, class Label, std::size_t Count>
    requires std::is_integral_v<Label>
    constexpr value_type step(const tensor<value_type, Inputs>& inputs, const tensor<Label, shape<Count>>& labels) {
        static_assert(batch_has_shape<given<Inputs>, expects<batch_of<Batch, typename Net::input_shape>>>,
                      "ctnn::trainer: the inputs of a step have another shape than a batch");
        static_assert(
            labels_fit<Net, tensor<Label, shape<Count>>> && batch_has_shape<given<shape<Count>>, expects<shape<Batch>>>,
            "ctnn::trainer: the targets of a step have another shape than a batch");
        return step_of(inputs.values, as_samples(labels), 1);
    }

    /// The same for a partial batch: a number of samples known at run time, at most `Batch`. Targets are rows of
    /// outputs or labels; the learning rate is multiplied by `factor`. Without samples, nothing changes.
    template <class Shape, class Target, class TargetShape>
    constexpr value_type step(const samples<value_type, Shape>& inputs, const samples<Target, TargetShape>& targets,
                              value_type factor = 1, call_site at = call_site::here()) {
        using target_samples = samples<Target, TargetShape>;
        static_assert(batch_has_shape<given<Shape>, expects<typename Net::input_shape>>,
                      "ctnn::trainer: the inputs of a step have another shape than a batch");
        static_assert(
            labels_fit<Net, target_samples> || batch_has_shape<given<TargetShape>, expects<typename Net::output_shape>>,
            "ctnn::trainer: the targets of a step have another shape than a batch");
        detail::require(inputs.count == targets.count, "ctnn::trainer: there are not as many targets as inputs", at);
        detail::require(inputs.count <= Batch, "ctnn::trainer: a step has more samples than a batch", at);
        if constexpr (std::is_same_v<Target, value_type>)
            return step(inputs.data, targets.data, inputs.count, factor);
        else
            return step_of(inputs.data, targets, factor);
    }

    /// The same on plain memory, for `used` samples, at most `Batch`, with the learning rate times `factor`. Nothing is
    /// read beyond them.
    CTNN_INLINE constexpr value_type step(const value_type* inputs, const value_type* targets, std::size_t used = Batch,
                                          value_type factor = 1) {
        if (used == 0) return 0;
        if constexpr (keeps_gradient) {
            const value_type loss = backward(inputs, targets, used);
            update(factor);
            return loss;
        } else {
            inputs = pass_.full_batch(inputs, used);
            if constexpr (steps_in_constants)
                if (__builtin_is_constant_evaluated()) return copy_and_step_in_constant(inputs, targets, factor);
            const value_type loss = pass_.forward(network_, loss_, inputs, targets, used);
            with_rule(factor, [&](const auto& rule, auto&... moments) CTNN_INLINE {
                pass_.backward(network_, inputs, [&](auto index, auto& layer, auto... buffers) CTNN_INLINE {
                    constexpr bool passes_on = decltype(pass_)::template passes_on<index()>;
                    if constexpr (updates_at_once_of<layer_t<index(), Net>>) {
                        layer.template backward_and_update<Batch, passes_on>(buffers..., rule,
                                                                             get<index()>(moments)...);
                    } else {
                        layer.template backward<Batch, passes_on>(buffers..., get<index()>(gradient_));
                        const auto update_layer = [&](auto&... layers) CTNN_INLINE {
                            for_each_member(apply_to_tensor(rule), layers...);
                        };
                        for_each_leaf(update_layer, get<index()>(gradient_), layer, get<index()>(moments)...);
                    }
                });
            });
            update_statistics();
            return loss;
        }
    }

    /// Memory for the inputs of a batch. A step whose inputs are there does not copy them.
    constexpr value_type* rows() { return pass_.rows(); }

    /// The first half of a step on plain memory: the mean loss of `used` samples and its gradient. Without samples,
    /// both are 0.
    CTNN_INLINE constexpr value_type backward(const value_type* inputs, const value_type* targets,
                                              std::size_t used = Batch) requires stores_gradient {
        return pass_(network_, loss_, inputs, targets, gradient_, used);
    }

    /// The second half: the optimiser changes the parameters, with its learning rate times `factor`.
    CTNN_INLINE constexpr void update(value_type factor = 1) requires stores_gradient {
        with_rule(factor, [this](const auto& rule, auto&... moments)
                              CTNN_INLINE { for_each_tensor(apply_to_tensor(rule), gradient_, network_, moments...); });
        update_statistics();
    }

    /// Visits what steps change: `f(network)`, then `f.moment(index, network)` for each buffer of the optimiser,
    /// `f.number(name, number)` for its numbers, and `f.engine(0, engine)` if layers draw random numbers. Two trainers of
    /// a type whose optimisers have the same settings continue alike when all of it is equal.
    template <class Self, class F>
    static constexpr void visit_state(Self& self, F&& f) {
        f(self.network_);
        if constexpr (moment_count > 0)
            for (std::size_t i = 0; i < moment_count; ++i) f.moment(i, self.moments_[i]);
        detail::for_each_number_of(self.stepper_, [&f](const char* name, auto& number) { f.number(name, number); });
        decltype(self.pass_)::visit_engine(self.pass_, [&f](auto& engine) { f.engine(0, engine); });
    }

  private:
    /// In constants g++ 12 does not read a class as one object if it is an element of an array and was zeroed
    /// implicitly.
    constexpr void write_moments() {
        for (Net& moments_of_net : moments_) moments_of_net = Net{};
    }

    /// A step with targets that are first converted to rows of the network's value type.
    template <class Targets>
    constexpr value_type step_of(const value_type* inputs, const Targets& targets, value_type factor) {
        constexpr std::size_t outputs = Net::output_shape::size;
        value_type rows_of_targets[Batch * outputs]{};
        for (std::size_t row = 0; row < targets.count && row < Batch; ++row)
            detail::write_target<outputs>(targets, row, rows_of_targets + row * outputs);
        return step(inputs, static_cast<const value_type*>(rows_of_targets), targets.count, factor);
    }

    /// Whether a step in constant evaluation is one function a layer.
    static constexpr bool steps_in_constants =
        Batch == 1 && !keeps_gradient && detail::is_small_dense_chain<typename Net::chain_type>;

    /// A step in constant evaluation, for a single sample.
    constexpr value_type step_in_constant(const value_type (&x)[Net::input_shape::size], const value_type* targets,
                                          value_type factor) {
        value_type unused[Net::input_shape::size];
        return with_rule(factor, [&](const auto& rule, auto&... moments) {
            return detail::constant_step<Net, Loss>::template run<0>(x, unused, targets, loss_, rule, network_,
                                                                     moments...);
        });
    }
    constexpr value_type copy_and_step_in_constant(const value_type* inputs, const value_type* targets,
                                                   value_type factor) {
        value_type x[Net::input_shape::size];
        for (std::size_t i = 0; i < Net::input_shape::size; ++i) x[i] = inputs[i];
        return step_in_constant(x, targets, factor);
    }

    /// Applies the update rule of the optimiser to a parameter tensor and its moments.
    template <class Rule>
    CTNN_INLINE static constexpr auto apply_to_tensor(const Rule& rule) {
        return [&rule](const auto& gradient_tensor, auto&... state_tensors)
                   CTNN_INLINE { kernel::update(rule, gradient_tensor, state_tensors...); };
    }

    /// Updates the statistics of layers by those of the batch, which are in the gradient.
    CTNN_INLINE constexpr void update_statistics() {
        if constexpr (Net::chain_type::has_statistics)
            for_each_layer(
                []<class Layer>(Layer& layer, const Layer& fresh) {
                    if constexpr (has_statistics_of<Layer>) layer.update_statistics(fresh);
                },
                network_, static_cast<const Net&>(gradient_));
    }

    /// `use(rule, moments...)` for the next step of the optimiser.
    template <class Use>
    CTNN_INLINE constexpr auto with_rule(value_type factor, Use&& use) {
        const auto rule = stepper_.next(factor);
        if constexpr (moment_count == 0) {
            return use(rule.without_moments());
        } else {
            if constexpr (requires { rule.without_moments(); }) {
                if (!rule.needs_moments()) return use(rule.without_moments());
            }
            if constexpr (moment_count == 1)
                return use(rule, moments_[0]);
            else
                return use(rule, moments_[0], moments_[1]);
        }
    }

    using stepper_type = decltype(Optimizer{}.template start<value_type>());
    static constexpr std::size_t moment_count = [] {
        if constexpr (requires(stepper_type stepper) { stepper.rule.without_moments(); })
            return stores_gradient ? Optimizer::moments : 0;
        else
            return Optimizer::moments;
    }();
    static constexpr std::size_t alignment = kernel::buffer_alignment<value_type, Net::parameter_count>;
    struct nothing {};

    using gradient_type = std::conditional_t<stores_gradient, Net, nothing>;
    using moments_type = std::conditional_t<(moment_count > 0), Net, nothing>;
    alignas(alignment) Net network_;
    alignas(stores_gradient ? alignment : 1) gradient_type gradient_{};
    alignas(moment_count > 0 ? alignment : 1) moments_type moments_[moment_count > 0 ? moment_count : 1]{};
    stepper_type stepper_;
    [[no_unique_address]] Loss loss_;
    gradient_pass<Net, Loss, Batch> pass_{};

    static_assert(
        trains_every_layer<Memory, Net>,
        "ctnn::trainer: a layer of this network needs memory for its gradient, which a trainer in_place has not");
};

}  // namespace CTNN_NAMESPACE
