// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training over a data set by several threads. Not in `ctnn.hpp`.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/callback.hpp>
#include <ctnn/train/fit.hpp>
#include <ctnn/train/fit_options.hpp>
#include <ctnn/train/history.hpp>
#include <ctnn/train/misspelt_option.hpp>
#include <ctnn/train/sharded.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// A trainer with the workers that compute its steps, for `fit_by`.
template <class Trainer, class Workers>
class trainer_by : public Trainer {
  public:
    using T = typename Trainer::value_type;
    using network_type = typename Trainer::network_type;

    template <class Optimizer, class Loss>
    constexpr trainer_by(const network_type& start, const Optimizer& optimizer, const Loss& loss, std::uint64_t seed,
                         Workers& workers)
        : Trainer{start, optimizer, loss, seed}, workers_{workers} {}

    constexpr T step(const T* x, const T* target, std::size_t used, T factor) {
        return Trainer::step(x, target, used, factor, workers_);
    }
    constexpr T backward(const T* x, const T* target, std::size_t used) {
        return Trainer::backward(x, target, used, workers_);
    }
    constexpr void update(T factor) { Trainer::update(factor, workers_); }
    /// Without clipping a step is one, not two halves.
    static constexpr bool keeps_gradient = false;

  private:
    Workers& workers_;
};

}  // namespace detail

/// `fit` with a trainer whose batches are cut into shards: the same bits whoever the workers are, in constants too.
///
/// Template parameters: those of `fit`, with `Memory`, `sharded<Shards>`, after the batch. `workers` is a `team`
/// (`ctnn/train/threads.hpp`), or `in_order{}`; the other arguments are those of `fit`.
/// *Cost*, *Errors*: those of `fit` and of `trainer<..., sharded<Shards>>`. The samples of a batch are gathered and metrics
/// are computed by the calling thread.
/// *Example*: `team cores; fit<cross_entropy, 64, sharded<4>>(cores, net, inputs, labels, adam{}, {.epochs = 20});`
template <class Loss, std::size_t Batch, class Memory, std::size_t HistoryCapacity = default_history, class Workers,
          class Net, class Inputs, class Targets, class Optimizer, class Callback = no_callback>
constexpr fitted<Net, HistoryCapacity> fit(
    Workers&& workers, const Net& start, const Inputs& inputs, const Targets& targets, const Optimizer& optimizer,
    const std::type_identity_t<fit_options<samples_of<Inputs>, samples_of<Targets>>>& options = {},
    Callback&& callback = {}, const Loss& loss_function = {}, call_site at = call_site::here()) {
    using trainer_type =
        detail::trainer_by<trainer<Net, Loss, Optimizer, Batch, Memory>, std::remove_reference_t<Workers>>;
    return detail::fit_by<trainer_type, Batch, Loss, HistoryCapacity>(start, inputs, targets, optimizer, options,
                                                                      callback, loss_function, at, workers);
}

/// Chosen only if the options of a call do not fit, as the other `fit` of `ctnn/train/misspelt_option.hpp`.
template <class Loss, std::size_t Batch, class Memory, auto... Sizes, class Workers, class Net, class Inputs,
          class Targets, class... Rest>
constexpr Net fit(Workers&&, const Net& start, const Inputs&, const Targets&, const detail::any_value&,
                  const detail::misspelt_options&, const Rest&...) {
    static_assert(are_options_of_fit<Net>,
                  "ctnn::fit: no option has this name, or none of this name has a value of this type: the options are "
                  "the members of ctnn::fit_options");
    return start;
}

}  // namespace CTNN_NAMESPACE
