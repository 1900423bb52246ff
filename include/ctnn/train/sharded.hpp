// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training steps whose batch is cut into shards, which several threads may compute: the same bits with any number. Not
/// in `ctnn.hpp`.

#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/metric/target.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/random.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/gradient.hpp>
#include <ctnn/train/trainer.hpp>
#include <ctnn/train/training_state.hpp>
#include <ctnn/train/workers.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// The memory of a trainer with one gradient and one workspace for each of `Shards` equal parts of a batch.
template <std::size_t Shards>
struct sharded {};

/// Tags that name the arguments of a predicate in an error message.
template <std::size_t Shards>
struct shards_are {};

/// Whether a batch can be cut into equal shards; false where an error message shows it.
template <class Batch, class Shards>
inline constexpr bool has_equal_shards = false;
template <std::size_t Batch, std::size_t Shards>
requires(Shards > 0 && Batch % (Shards > 0 ? Shards : 1) ==
                           0) inline constexpr bool has_equal_shards<batch_is<Batch>, shards_are<Shards>> = true;

/// A trainer whose parameters depend on the number of shards, which is a part of its type, and not on who computes them.
///
/// Shard s has the samples [s n, (s + 1) n) of a batch, n = Batch / Shards; those that a partial batch lacks are missing
/// at its end, so that its last shards may have fewer, or none. Each shard sums the gradient of its samples as a trainer
/// with batches of n does, but of the mean over the whole batch; then shard s receives that of shard s + 1 for even s, of
/// s + 2 for multiples of 4, and so on; then the optimiser updates. The loss is added likewise.
/// `batch_norm` normalises with the mean and the variance of a shard, and its running ones are updated by those of shard 0,
/// 1, ..., as in that many steps. Layers such as `dropout` draw from one generator a shard: that of shard 0 has the seed,
/// that of shard s the s-th number drawn from a generator with this seed; a shard without samples draws nothing.
/// With one shard, the bits are those of `whole_gradient`.
///
/// Template parameters: as those of `trainer`; `Batch` is a multiple of `Shards`, so that all are computed by one code.
/// *Cost*: that of `trainer`, and `Shards - 1` additions for each parameter. `sizeof` grows by one network and one
/// workspace for each shard. Nothing is allocated, thrown or locked.
/// *Errors*: those of `trainer`; "ctnn::sharded: a batch is cut into equal shards, at least one".
/// *Example*: `trainer<net, cross_entropy, adam, 64, sharded<4>> t{start}; t.step(inputs, labels, workers);`
template <class Net, class Loss, class Optimizer, std::size_t Batch, std::size_t Shards>
class trainer<Net, Loss, Optimizer, Batch, sharded<Shards>> {
  public:
    using value_type = typename Net::value_type;
    using network_type = Net;
    using optimizer_type = Optimizer;
    static constexpr std::size_t batch = Batch;
    static constexpr std::size_t shards = Shards;
    /// Whether `step` leaves the gradient in `gradient()`.
    static constexpr bool keeps_gradient = true;

    /// `seed` is that of the random numbers of layers such as dropout.
    constexpr explicit trainer(const Net& start_network, const Optimizer& chosen_optimizer = {},
                               const Loss& chosen_loss = {}, std::uint64_t seed = 0)
        : network_{start_network}, stepper_{chosen_optimizer.template start<value_type>()}, loss_{chosen_loss} {
        // g++ 12 reads no class in an array as one object that was zeroed implicitly.
        if (__builtin_is_constant_evaluated()) {
            for (shard& part : shards_) part.gradient = Net{};
            for (Net& moments_of_net : moments_) moments_of_net = Net{};
        }
        random_engine seeds{seed};
        for (std::size_t s = 0; s < count; ++s) shards_[s].pass.seed(s == 0 ? seed : seeds());
    }

    /// The current parameters.
    constexpr const Net& network() const { return network_; }
    /// The gradient from `backward` or `step`. Between `backward` and `update` it may be modified, for example clipped.
    constexpr Net& gradient() { return shards_[0].gradient; }
    constexpr const Net& gradient() const { return shards_[0].gradient; }

    /// One step on at most `Batch` samples, tensors or `samples`, whose targets are rows of outputs or labels. Returns the
    /// mean loss before the update. The learning rate is multiplied by `factor`; without samples, nothing changes.
    template <class Inputs, class Targets, class Workers = in_order>
    requires(!std::is_pointer_v<Inputs>) constexpr value_type
        step(const Inputs& inputs, const Targets& targets, Workers&& workers = Workers{}, value_type factor = 1,
             call_site at = call_site::here()) {
        using target_samples = samples_of<Targets>;
        static_assert(
            batch_has_shape<given<typename samples_of<Inputs>::shape_type>, expects<typename Net::input_shape>>,
            "ctnn::trainer: the inputs of a step have another shape than a batch");
        static_assert(
            labels_fit<Net, target_samples> ||
                batch_has_shape<given<typename target_samples::shape_type>, expects<typename Net::output_shape>>,
            "ctnn::trainer: the targets of a step have another shape than a batch");
        const auto x = as_samples(inputs);
        const auto t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn::trainer: there are not as many targets as inputs", at);
        detail::require(x.count <= Batch, "ctnn::trainer: a step has more samples than a batch", at);
        if constexpr (std::is_same_v<typename target_samples::value_type, value_type>) {
            return step(x.data, t.data, x.count, factor, workers);
        } else {
            value_type rows_of_targets[Batch * outputs]{};
            for (std::size_t row = 0; row < t.count && row < Batch; ++row)
                detail::write_target<outputs>(t, row, rows_of_targets + row * outputs);
            return step(x.data, static_cast<const value_type*>(rows_of_targets), x.count, factor, workers);
        }
    }

    /// The same on plain memory, for `used` samples, at most `Batch`. Nothing is read beyond them.
    template <class Workers = in_order>
    constexpr value_type step(const value_type* inputs, const value_type* targets, std::size_t used = Batch,
                              value_type factor = 1, Workers&& workers = Workers{}) {
        if (used == 0) return 0;
        run_shards(inputs, targets, used, workers);
        with_rule(factor, [&](const auto& rule, auto&... moments) {
            const auto add = [&](std::size_t job) { add_shards(job); };
            const auto change = [&](std::size_t job) { update_part(job, rule, moments...); };
            if (__builtin_is_constant_evaluated()) {
                workers(count, add);
                workers(count, change);
            } else {
                workers(count, [&](std::size_t job) {
                    add(job);
                    change(job);
                });
            }
        });
        update_statistics();
        return mean_loss();
    }

    /// Memory for the inputs of a batch.
    constexpr value_type* rows() { return rows_; }

    /// The first half of a step on plain memory: the mean loss of `used` samples and its gradient. Without samples,
    /// both are 0.
    template <class Workers = in_order>
    constexpr value_type backward(const value_type* inputs, const value_type* targets, std::size_t used = Batch,
                                  Workers&& workers = Workers{}) {
        run_shards(inputs, targets, used, workers);
        workers(count, [&](std::size_t job) { add_shards(job); });
        return mean_loss();
    }

    /// The second half: the optimiser changes the parameters, with its learning rate times `factor`.
    template <class Workers = in_order>
    constexpr void update(value_type factor = 1, Workers&& workers = Workers{}) {
        with_rule(factor, [&](const auto& rule, auto&... moments) {
            workers(count, [&](std::size_t job) { update_part(job, rule, moments...); });
        });
        update_statistics();
    }

    /// Visits what steps change, as that of `trainer`; `f.engine(s, engine)` is called for each shard.
    template <class Self, class F>
    static constexpr void visit_state(Self& self, F&& f) {
        f(self.network_);
        for (std::size_t i = 0; i < Optimizer::moments; ++i) f.moment(i, self.moments_[i]);
        detail::for_each_number_of(self.stepper_, [&f](const char* name, auto& number) { f.number(name, number); });
        for (std::size_t s = 0; s < count; ++s)
            decltype(self.shards_[s].pass)::visit_engine(self.shards_[s].pass,
                                                         [&](auto& engine) { f.engine(s, engine); });
    }

  private:
    static constexpr bool is_cut = has_equal_shards<batch_is<Batch>, shards_are<Shards>>;
    static constexpr std::size_t count = is_cut ? Shards : 1;
    static constexpr std::size_t size = Batch / count;
    static constexpr std::size_t inputs_of_net = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;
    /// Parameters are added and updated in pieces of this many elements of a tensor.
    static constexpr std::size_t piece = 1024;

    template <class Workers>
    constexpr void run_shards(const value_type* inputs, const value_type* targets, std::size_t used, Workers& workers) {
        workers(count, [&](std::size_t s) {
            const std::size_t first = s * size < used ? s * size : used, left = used - first;
            shards_[s].loss =
                shards_[s].pass(network_, loss_, inputs + first * inputs_of_net, targets + first * outputs,
                                shards_[s].gradient, left < size ? left : size, nullptr, used);
        });
    }

    /// The losses of the shards, added as their gradients are.
    constexpr value_type mean_loss() {
        for (std::size_t apart = 1; apart < count; apart *= 2)
            for (std::size_t s = 0; s + apart < count; s += 2 * apart) shards_[s].loss += shards_[s + apart].loss;
        return shards_[0].loss;
    }

    /// Adds the gradients of all shards to that of the first, for the parameters of a job.
    constexpr void add_shards(std::size_t job) {
        const auto add = [](auto from, auto& to) CTNN_INLINE { to += from; };
        for (std::size_t apart = 1; apart < count; apart *= 2)
            for (std::size_t s = 0; s + apart < count; s += 2 * apart)
                for_each_piece(
                    job,
                    [&](auto size_of_piece, const value_type* from, value_type* to)
                        CTNN_INLINE { kernel::update<size_of_piece()>(add, from, to); },
                    static_cast<const Net&>(shards_[s + apart].gradient), shards_[s].gradient);
    }

    /// Applies the update rule to the parameters of a job.
    template <class Rule, class... Moments>
    constexpr void update_part(std::size_t job, const Rule& rule, Moments&... moments) {
        const Net& slope = shards_[0].gradient;
        if (__builtin_is_constant_evaluated()) {
            // All by the first job: constants take a tensor as one.
            if (job == 0)
                for_each_tensor([&](const auto& gradient_tensor,
                                    auto&... tensors) { kernel::update(rule, gradient_tensor, tensors...); },
                                slope, network_, moments...);
        } else {
            for_each_piece(
                job,
                [&](auto size_of_piece, const value_type* from, auto*... to)
                    CTNN_INLINE { kernel::update<size_of_piece()>(rule, from, to...); },
                slope, network_, moments...);
        }
    }

    /// Calls `f(size, pointers...)` for the pieces of a job: of each tensor, one of `count` ranges of its whole pieces, and
    /// for the last job the rest.
    template <class F, class... Nets>
    static constexpr void for_each_piece(std::size_t job, F&& f, Nets&... nets) {
        for_each_tensor(
            [job, &f]<class First, class... Same>(First& first, Same&... others) {
                constexpr std::size_t whole = First::shape_type::size / piece, rest = First::shape_type::size % piece;
                if constexpr (whole > 0)
                    for (std::size_t i = job * whole / count; i < (job + 1) * whole / count; ++i)
                        f(std::integral_constant<std::size_t, piece>{}, first.values + i * piece,
                          others.values + i * piece...);
                if constexpr (rest > 0)
                    if (job == count - 1)
                        f(std::integral_constant<std::size_t, rest>{}, first.values + whole * piece,
                          others.values + whole * piece...);
            },
            nets...);
    }

    constexpr void update_statistics() {
        if constexpr (Net::chain_type::has_statistics)
            for (const shard& part : shards_)
                for_each_layer(
                    []<class Layer>(Layer& layer, const Layer& fresh) {
                        if constexpr (has_statistics_of<Layer>) layer.update_statistics(fresh);
                    },
                    network_, part.gradient);
    }

    /// Calls `use(rule, moments...)` for the next step of the optimiser.
    template <class Use>
    constexpr void with_rule(value_type factor, Use&& use) {
        const auto rule = stepper_.next(factor);
        if constexpr (requires { rule.without_moments(); }) {
            if (!rule.needs_moments()) return use(rule.without_moments());
        }
        if constexpr (Optimizer::moments == 0)
            use(rule);
        else if constexpr (Optimizer::moments == 1)
            use(rule, moments_[0]);
        else
            use(rule, moments_[0], moments_[1]);
    }

    static constexpr std::size_t alignment = kernel::buffer_alignment<value_type, Net::parameter_count>;
    struct shard {
        alignas(alignment) Net gradient{};
        gradient_pass<Net, Loss, size> pass{};
        value_type loss{};
    };
    alignas(alignment) Net network_;
    alignas(alignment) Net moments_[Optimizer::moments > 0 ? Optimizer::moments : 1]{};
    decltype(Optimizer{}.template start<value_type>()) stepper_;
    [[no_unique_address]] Loss loss_;
    shard shards_[count]{};
    value_type rows_[Batch * inputs_of_net]{};

    static_assert(is_cut || Batch == 0, "ctnn::sharded: a batch is cut into equal shards, at least one");
};

}  // namespace CTNN_NAMESPACE
