// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Training of many networks of one type: seeds, hyper-parameters, members of an ensemble. Not in `ctnn.hpp`.

#include <ctnn/config.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/random.hpp>
#include <ctnn/samples.hpp>
#include <ctnn/train/callback.hpp>
#include <ctnn/train/fit.hpp>
#include <ctnn/train/fit_options.hpp>
#include <ctnn/train/history.hpp>
#include <ctnn/train/misspelt_option.hpp>
#include <ctnn/train/trainer.hpp>
#include <ctnn/train/workers.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// Every network is trained with the same settings, except for the seed.
struct same_settings {
    template <class Optimizer, class Options>
    constexpr void operator()(std::size_t, Optimizer&, Options&) const {}
};

/// Whether a function can choose the settings of a network; false where an error message shows it.
template <class Choose, class Optimizer, class Options>
inline constexpr bool chooses_settings = requires(const Choose& choose, Optimizer& optimizer, Options& options) {
    choose(std::size_t{}, optimizer, options);
};

/// Trains networks that start from `starts`, each as `fit` does, and returns the results in their order: the same bits whoever
/// the workers are, in constants too.
///
/// Network i has the i-th number drawn from a generator with `options.seed` as its seed. Then `choose(i, optimizer, options)`
/// may change its settings.
/// Template parameters: those of `fit`. `workers` is a `team` (`ctnn/train/threads.hpp`), whose jobs are the networks, or
/// `in_order{}`; `starts` is a `std::array` of networks, `HistoryCapacity` losses of each are kept.
/// *Cost*: that of `Count` calls of `fit`, divided among the workers. The result has `Count` networks with their histories:
/// where it is large, the caller chooses where it is stored, as with `fit`.
/// *Errors*: those of `fit`; "ctnn::fit_many: settings are chosen by a function of the number of a network, its optimiser and its
/// options"; at run time `fit_error` is thrown before the first network is trained.
/// *Example*: `const auto results = fit_many<cross_entropy, 32>(cores, starts, x, labels, adam{}, {.epochs = 20}, [](std::size_t i,
/// adam& optimizer, auto&) { optimizer.learning_rate = i < 8 ? 1e-2 : 1e-3; });`
template <class Loss, std::size_t Batch = 1, std::size_t HistoryCapacity = default_history, class Workers, class Net,
          std::size_t Count, class Inputs, class Targets, class Optimizer, class Choose = same_settings>
constexpr std::array<fitted<Net, HistoryCapacity>, Count> fit_many(
    Workers&& workers, const std::array<Net, Count>& starts, const Inputs& inputs, const Targets& targets,
    const Optimizer& optimizer,
    const std::type_identity_t<fit_options<samples_of<Inputs>, samples_of<Targets>>>& options = {},
    const Choose& choose = {}, const Loss& loss_function = {}, call_site at = call_site::here()) {
    using options_type = fit_options<samples_of<Inputs>, samples_of<Targets>>;
    static_assert(chooses_settings<Choose, Optimizer, options_type>,
                  "ctnn::fit_many: settings are chosen by a function of the number of a network, its optimiser and its "
                  "options");
    struct settings {
        Optimizer optimizer;
        options_type options;
    };
    const auto settings_of = [&](std::size_t i, std::uint64_t seed) {
        settings result{optimizer, options};
        result.options.seed = seed;
        if constexpr (chooses_settings<Choose, Optimizer, options_type>) choose(i, result.optimizer, result.options);
        return result;
    };
    std::array<fitted<Net, HistoryCapacity>, Count> results{};
    std::uint64_t seeds[Count + 1]{};
    random_engine engine{options.seed};
    for (std::size_t i = 0; i < Count; ++i) {
        seeds[i] = engine();
        if constexpr (targets_fit<Net, Targets>)
            detail::check_fit<Net>(as_samples(inputs), as_samples(targets), settings_of(i, seeds[i]).options, at);
    }
    const no_callback callback{};
    workers(Count, [&](std::size_t i) {
        settings chosen = settings_of(i, seeds[i]);
        chosen.options.check_labels = false;  // they have been checked
        static_cast<Net&>(results[i]) = starts[i];
        detail::fit_in_place<trainer<Net, Loss, Optimizer, Batch>, Batch, Loss>(
            results[i], inputs, targets, chosen.optimizer, chosen.options, callback, loss_function, at);
    });
    return results;
}

/// Chosen only if the options of a call do not fit, as the other `fit` of `ctnn/train/misspelt_option.hpp`.
template <class Loss, auto... Sizes, class Workers, class Net, std::size_t Count, class Inputs, class Targets,
          class... Rest>
constexpr std::array<Net, Count> fit_many(Workers&&, const std::array<Net, Count>& starts, const Inputs&,
                                          const Targets&, const detail::any_value&, const detail::misspelt_options&,
                                          const Rest&...) {
    static_assert(are_options_of_fit<Net>,
                  "ctnn::fit: no option has this name, or none of this name has a value of this type: the options are "
                  "the members of ctnn::fit_options");
    return starts;
}

/// The index of the result with the lowest `history.final_loss`, the validation loss where there is validation data: the first
/// of equal ones.
template <class Net, std::size_t Capacity, std::size_t Count>
constexpr std::size_t best_of(const std::array<fitted<Net, Capacity>, Count>& results) {
    static_assert(Count > 0, "ctnn::best_of: there is at least one result");
    std::size_t best = 0;
    for (std::size_t i = 1; i < Count; ++i)
        if (results[i].history.final_loss < results[best].history.final_loss) best = i;
    return best;
}

}  // namespace CTNN_NAMESPACE
