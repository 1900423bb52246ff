// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The training loop of `fit`, for data and options that have been checked.

#include <ctnn/config.hpp>
#include <ctnn/math/lane.hpp>
#include <ctnn/metric/evaluate.hpp>
#include <ctnn/metric/target.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/random.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/train/callback.hpp>
#include <ctnn/train/clip.hpp>
#include <ctnn/train/history.hpp>
#include <ctnn/train/place.hpp>
#include <ctnn/train/sample_order.hpp>
#include <ctnn/train/schedule.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// Gathers the samples of a batch in a given order; in a partial batch, the last rows keep their previous contents.
template <class Net, std::size_t Batch, class Inputs, class Targets>
class batch_reader {
  public:
    using T = typename Net::value_type;
    static constexpr std::size_t inputs = Net::input_shape::size;
    static constexpr std::size_t outputs = Net::output_shape::size;

    /// The inputs are gathered at `rows`, which has room for `Batch` of them, if `Batch` is above 1.
    template <class Order>
    constexpr void read(const Inputs& x, const Targets& t, const Order& order, std::size_t first, std::size_t used,
                        [[maybe_unused]] T* rows) {
        if constexpr (in_place) {
            x_ = x[order[first]];
            target_ = t[order[first]];
        } else {
            if constexpr (Batch == 1) rows = input_row_;
            for (std::size_t row = 0; row < used; ++row) {
                const auto* from = x[order[first + row]];
                T* to = rows + row * inputs;
                for (std::size_t i = 0; i < inputs; ++i) to[i] = static_cast<T>(from[i]);
                write_target<outputs>(t, order[first + row], target_rows_ + row * outputs);
            }
            x_ = rows;
            target_ = target_rows_;
        }
    }
    constexpr const T* x() const { return x_; }
    constexpr const T* target() const { return target_; }

  private:
    /// A single sample of the network's value type is used in place.
    static constexpr bool in_place =
        Batch == 1 && std::is_same_v<typename Inputs::value_type, T> && std::is_same_v<typename Targets::value_type, T>;

    const T* x_ = nullptr;
    const T* target_ = nullptr;
    T input_row_[in_place || Batch > 1 ? 1 : inputs]{};
    T target_rows_[in_place ? 1 : Batch * outputs]{};
};

// Two functions, not inlined without optimisation, so that each has only the kernels of its own step on its stack.

template <class Trainer, class T>
constexpr T whole_step(Trainer& training, const T* x, const T* target, std::size_t used, T factor) {
    return training.step(x, target, used, factor);
}
template <class Trainer, class T, class Options>
constexpr T step_in_halves(Trainer& training, const T* x, const T* target, std::size_t used, T factor,
                           const Options& options) {
    const T loss = training.backward(x, target, used);
    if (options.clip_value > 0) clip_by_value(training.gradient(), static_cast<T>(options.clip_value));
    if (options.clip_norm > 0) clip_by_norm(training.gradient(), static_cast<T>(options.clip_norm));
    training.update(factor);
    return loss;
}

/// One step of a trainer, with its gradient clipped if the options request it.
template <class Trainer, class T, class Options>
constexpr T clipped_step(Trainer& training, const T* x, const T* target, std::size_t used, T factor,
                         const Options& options) {
    if constexpr (!Trainer::keeps_gradient)
        if (!(options.clip_value > 0 || options.clip_norm > 0)) return whole_step(training, x, target, used, factor);
    return step_in_halves(training, x, target, used, factor, options);
}

/// Whether all parameters and statistics of a network are finite.
template <class Net>
constexpr bool has_finite_parameters(const Net& net) {
    using T = typename Net::value_type;
    bool finite = true;
    for_each_layer(
        [&finite](const auto& layer) {
            const auto look_at = [&finite](const char*, const auto& member) {
                for (const T number : member) finite &= math::is_finite(number);
            };
            for_each_named_member(look_at, layer);
        },
        net);
    return finite;
}

/// Tracks the losses of the epochs: whether one is the best so far, and how long ago the last improvement was.
template <class T>
class loss_tracker {
  public:
    /// Whether an epoch's loss is the lowest so far. An infinite or NaN loss is not.
    constexpr bool is_best(T loss, T minimum_improvement) {
        ++epochs_since_best_;
        if (!math::is_finite(loss)) return false;
        if (!has_loss_ || loss < improved_ - minimum_improvement) {
            improved_ = loss;
            epochs_since_best_ = 0;
        }
        if (has_loss_ && !(loss < best_)) return false;
        best_ = loss;
        has_loss_ = true;
        return true;
    }
    /// Epochs since the last one that improved on all previous ones by at least the minimum.
    constexpr std::size_t epochs_since_best() const { return epochs_since_best_; }

  private:
    T best_{}, improved_{};
    bool has_loss_ = false;
    std::size_t epochs_since_best_ = 0;
};

template <bool Constant, class Source>
struct order_for {
    using type = allocated_order;
};
template <bool Constant, class T, std::size_t Count, std::size_t... Extents>
requires(Constant ||
         sizeof(order_of<Count>) <= largest_on_stack) struct order_for<Constant, tensor<T, shape<Count, Extents...>>> {
    using type = order_of<Count>;
};

/// Trains `result`, which holds the initial network, by a trainer that is constructed with it, the optimiser, the loss, the
/// seed and `more`. `Source` is the type of the inputs, a tensor or a view.
template <bool Constant, class Source, class Trainer, class Net, std::size_t Capacity, class Inputs, class Targets,
          class Optimizer, class Options, class Callback, class Loss, class... More>
constexpr void run_fit(fitted<Net, Capacity>& result, const Inputs& x, const Targets& t, const Optimizer& optimizer,
                       const Options& options, Callback& callback, const Loss& loss_function, More&... more) {
    using T = typename Net::value_type;
    constexpr std::size_t Batch = Trainer::batch;
    using reader_type = batch_reader<Net, Batch, Inputs, Targets>;
    const Inputs& validation_x = options.validation_inputs;
    const Targets& validation_t = options.validation_targets;
    const bool has_validation = validation_x.count > 0;
    const std::size_t steps = (x.count + Batch - 1) / Batch;
    Net& best = result;
    // In a constant, non-finite values are a compile error, so training does not diverge.
    const bool keeps_best = !Constant || options.patience > 0;

    auto& history = result.history;
    constexpr std::size_t capacity = Capacity == every_epoch ? kept_in_constants : Capacity;
    if (Constant || Capacity != every_epoch) history.stride = (options.epochs + capacity - 1) / capacity;
    if (history.stride == 0) history.stride = 1;

    placed<Trainer, is_allocated<Constant, Source, Trainer>> trainer_place{static_cast<const Net&>(result), optimizer,
                                                                           loss_function, options.seed, more...};
    placed<reader_type, is_allocated<Constant, Source, reader_type>> reader_place{};
    Trainer& training = *trainer_place;
    reader_type& reader = *reader_place;
    typename order_for<Constant, Source>::type order{x.count};
    random_engine engine{options.seed};
    loss_tracker<T> tracker{};
    const T none = history.final_loss;
    T last_loss = none;
    bool going_on = true, whole_epochs = true;

    for (std::size_t epoch = 0; going_on && epoch < options.epochs; ++epoch) {
        if (options.shuffle) order.shuffle(engine);
        T total{};
        std::size_t seen = 0;
        for (std::size_t step = 0; going_on && step < steps; ++step) {
            const std::size_t first = step * Batch, used = x.count - first < Batch ? x.count - first : Batch;
            reader.read(x, t, order, first, used, training.rows());
            const auto factor = static_cast<T>(rate_factor(options.schedule, epoch, step, steps, options.epochs));
            const T loss = clipped_step(training, reader.x(), reader.target(), used, factor, options);
            total += loss * static_cast<T>(used);
            seen += used;
            going_on = continues(callback, step_report{epoch, step, steps, static_cast<double>(loss)});
            if (!Constant && !math::is_finite(loss) && !has_finite_parameters(training.network())) {
                history.diverged = true;
                going_on = false;
            }
            whole_epochs = going_on || step + 1 == steps;
        }
        if (!Constant && !history.diverged) history.diverged = !has_finite_parameters(training.network());
        const T loss = total / static_cast<T>(seen);
        T validation_loss{};
        if (has_validation) validation_loss = evaluate(training.network(), validation_x, validation_t, loss_function);

        ++history.epochs;
        if (epoch % history.stride == 0) {
            history.loss.push(loss);
            history.validation_loss.push(validation_loss);
            history.count = history.loss.size();
        }
        const T judged = has_validation ? validation_loss : loss;
        if (!history.diverged && tracker.is_best(judged, static_cast<T>(options.minimum_improvement))) {
            history.best_epoch = epoch;
            history.final_loss = judged;
            if (keeps_best) best = training.network();
        }
        last_loss = judged;
        const bool wanted = continues(callback, epoch_report{epoch, options.epochs, x.count, static_cast<double>(loss),
                                                             has_validation, static_cast<double>(validation_loss)});
        const bool patient = options.patience == 0 || tracker.epochs_since_best() < options.patience;
        going_on = going_on && wanted && patient && !history.diverged;
    }
    history.stopped_early = history.epochs < options.epochs || !whole_epochs;
    if (options.patience == 0 && !history.diverged) {
        best = training.network();
        history.final_loss = math::is_finite(last_loss) ? last_loss : none;
    }
}

}  // namespace CTNN_NAMESPACE::detail
