// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training over a data set, epoch by epoch.

#include <ctnn/config.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/metric/evaluate.hpp>
#include <ctnn/network.hpp>
#include <ctnn/random.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/clip.hpp>
#include <ctnn/train/fit_options.hpp>
#include <ctnn/train/place.hpp>
#include <ctnn/train/sample_order.hpp>
#include <ctnn/train/trainer.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// Gathers the samples of a batch, in the order given; where there are fewer, the last rows keep what they had.
template <class Net, std::size_t Batch, class Inputs, class Targets>
class batch_reader {
  public:
    using T = typename Net::value_type;
    static constexpr std::size_t inputs = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;

    template <class Order>
    constexpr void read(const Inputs& x, const Targets& t, const Order& order, std::size_t first, std::size_t used) {
        if constexpr (in_place) {
            x_ = x[order[first]];
            target_ = t[order[first]];
        } else {
            for (std::size_t row = 0; row < used; ++row) {
                const auto* from = x[order[first + row]];
                T* to = input_rows_ + row * inputs;
                for (std::size_t i = 0; i < inputs; ++i) to[i] = static_cast<T>(from[i]);
                write_target<outputs>(t, order[first + row], target_rows_ + row * outputs);
            }
            x_ = input_rows_;
            target_ = target_rows_;
        }
    }
    constexpr const T* x() const { return x_; }
    constexpr const T* target() const { return target_; }

  private:
    /// One sample of the network's own numbers is used where it stands.
    static constexpr bool in_place =
        Batch == 1 && std::is_same_v<typename Inputs::value_type, T> && std::is_same_v<typename Targets::value_type, T>;

    const T* x_ = nullptr;
    const T* target_ = nullptr;
    T input_rows_[in_place ? 1 : Batch * inputs]{};
    T target_rows_[in_place ? 1 : Batch * outputs]{};
};

/// One step of a trainer, with its gradient clipped where the options say so.
template <class Trainer, class T, class Options>
CTNN_INLINE constexpr T clipped_step(Trainer& training, const T* x, const T* target, std::size_t used, T factor,
                                     const Options& options) {
    if constexpr (!Trainer::keeps_gradient)
        if (!(options.clip_value > 0 || options.clip_norm > 0)) return training.step(x, target, used, factor);
    const T loss = training.backward(x, target, used);
    if (options.clip_value > 0) clip_by_value(training.gradient(), static_cast<T>(options.clip_value));
    if (options.clip_norm > 0) clip_by_norm(training.gradient(), static_cast<T>(options.clip_norm));
    training.update(factor);
    return loss;
}

/// Tells a callback, where it listens, and returns whether training goes on.
template <class Callback>
constexpr bool tell(Callback& callback, const step_report& report) {
    if constexpr (requires {
                      { callback.step(report) } -> std::same_as<bool>;
                  })
        return callback.step(report);
    else if constexpr (requires { callback.step(report); })
        callback.step(report);
    return true;
}
template <class Callback>
constexpr bool tell(Callback& callback, const epoch_report& report) {
    if constexpr (requires {
                      { callback.epoch(report) } -> std::same_as<bool>;
                  })
        return callback.epoch(report);
    else if constexpr (requires { callback.epoch(report); })
        callback.epoch(report);
    return true;
}

}  // namespace detail

/// Trains a network on a data set and returns it with the history of its losses.
///
/// Template parameters: `Loss`; `Batch`, samples a step, 1 unless given (the last batch of an epoch may be a part);
/// `HistoryCapacity`, losses kept at most: of longer trainings, every second, third ... epoch is kept.
/// *Shapes*: inputs shape<Count, input...>; targets shape<Count, output...>, or labels: integers of shape<Count>, which
/// stand for 1 at their place. Tensors or `samples`; the training of a tensor allocates nothing and has its trainer on
/// the stack, that of `samples` allocates the trainer and the order of the samples.
/// *Cost*: epochs * Count / Batch steps of a `trainer`, and the validation data once an epoch.
/// *Errors*: those of `trainer`, "ctnn::fit: the inputs have another shape than the network expects", "ctnn::fit: the
/// targets have another shape than the network's outputs", "ctnn::fit: there are not as many targets as inputs" (said
/// of tensors; of views it is a precondition). A loss with values of its own comes last: `fit<huber>(net, x, t, sgd{},
/// {}, no_callback{}, huber{.delta = 2})`.
/// *Example*: `fit<cross_entropy, 32>(net, inputs, labels, adam{.learning_rate = 1e-3}, {.epochs = 20});`
template <class Loss, std::size_t Batch = 1, std::size_t HistoryCapacity = 256, class Net, class Inputs, class Targets,
          class Optimizer, class Callback = no_callback>
constexpr fitted<Net, HistoryCapacity> fit(
    const Net& start, const Inputs& inputs, const Targets& targets, const Optimizer& optimizer,
    const std::type_identity_t<fit_options<samples_of<Inputs>, samples_of<Targets>>>& options = {},
    Callback&& callback = {}, const Loss& loss_function = {}) {
    using T = typename Net::value_type;
    using input_samples = samples_of<Inputs>;
    using target_samples = samples_of<Targets>;
    constexpr bool inputs_fit =
        data_has_shape<given<typename input_samples::shape_type>, expects<typename Net::input_shape>>;
    constexpr bool all_targets_fit =
        counts_agree<constant_count<Inputs>, constant_count<Targets>> && targets_fit<Net, Targets>;
    static_assert(data_has_shape<given<typename input_samples::shape_type>, expects<typename Net::input_shape>>,
                  "ctnn::fit: the inputs have another shape than the network expects");
    static_assert(labels_fit<Net, Targets> ||
                      data_has_shape<given<typename target_samples::shape_type>, expects<typename Net::output_shape>>,
                  "ctnn::fit: the targets have another shape than the network's outputs");
    static_assert(counts_agree<constant_count<Inputs>, constant_count<Targets>>,
                  "ctnn::fit: there are not as many targets as inputs");
    static_assert(Batch > 0, "ctnn::fit: a batch has at least one sample");

    fitted<Net, HistoryCapacity> result{start, {}};
    if constexpr (inputs_fit && all_targets_fit && Batch > 0) {
        const input_samples x = as_samples(inputs);
        const target_samples t = as_samples(targets);
        detail::require(x.count == t.count, "ctnn::fit: there are not as many targets as inputs");
        detail::require(options.validation_inputs.count == options.validation_targets.count,
                        "ctnn::fit: there are not as many validation targets as validation inputs");
        auto& history = result.history;
        history.stride = (options.epochs + HistoryCapacity - 1) / HistoryCapacity;
        if (history.stride == 0) history.stride = 1;
        const std::size_t steps = (x.count + Batch - 1) / Batch;
        const bool has_validation = options.validation_inputs.count > 0 && options.validation_targets.count > 0;

        using trainer_type = trainer<Net, Loss, Optimizer, Batch>;
        using reader_type = detail::batch_reader<Net, Batch, input_samples, target_samples>;
        detail::place_for<Inputs, trainer_type> trainer_place{start, optimizer, loss_function, options.seed};
        detail::place_for<Inputs, reader_type> reader_place{};
        trainer_type& training = *trainer_place;
        reader_type& reader = *reader_place;
        detail::sample_order<Inputs> order{x.count};
        random_engine engine{options.seed};
        Net best = start;
        T best_loss{};
        bool going_on = true;

        for (std::size_t epoch = 0; going_on && epoch < options.epochs; ++epoch) {
            if (options.shuffle) order.shuffle(engine);
            T total{};
            std::size_t seen = 0;
            for (std::size_t step = 0; going_on && step < steps; ++step) {
                const std::size_t first = step * Batch, used = x.count - first < Batch ? x.count - first : Batch;
                reader.read(x, t, order, first, used);
                const auto factor =
                    static_cast<T>(detail::rate_factor(options.schedule, epoch, step, steps, options.epochs));
                const T loss = detail::clipped_step(training, reader.x(), reader.target(), used, factor, options);
                total += loss * static_cast<T>(used);
                seen += used;
                if constexpr (!std::is_same_v<std::remove_cvref_t<Callback>, no_callback>)
                    going_on = detail::tell(callback, step_report{epoch, step, steps, static_cast<double>(loss)});
            }
            const T loss = total / static_cast<T>(seen);
            T validation_loss{};
            if (has_validation)
                validation_loss =
                    evaluate(training.network(), options.validation_inputs, options.validation_targets, loss_function);

            ++history.epochs;
            if (epoch % history.stride == 0) {
                history.loss[history.count] = loss;
                history.validation_loss[history.count] = validation_loss;
                ++history.count;
            }
            const T judged = has_validation ? validation_loss : loss;
            if (epoch == 0 || judged < best_loss - static_cast<T>(options.minimum_improvement)) {
                best_loss = judged;
                history.best_epoch = epoch;
                if (options.patience > 0) best = training.network();
            }
            const bool wanted =
                detail::tell(callback, epoch_report{epoch, options.epochs, x.count, static_cast<double>(loss),
                                                    has_validation, static_cast<double>(validation_loss)});
            const bool patient = options.patience == 0 || epoch - history.best_epoch < options.patience;
            going_on = going_on && wanted && patient;
        }
        history.stopped_early = !going_on;
        static_cast<Net&>(result) = options.patience > 0 ? best : training.network();
    }
    return result;
}

}  // namespace CTNN_NAMESPACE
