// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE fit_many
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>
#include <ctnn/train/fit_many.hpp>
#include <ctnn/train/threads.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <ratio>
#include <string>

namespace {

using namespace ctnn;
using core_support::numbers;

using net_type = network<double, input<3>, dense<4, ctnn::tanh>, dropout<std::ratio<1, 4>>, dense<2, softmax>>;

constexpr auto x = numbers<double, shape<12, 3>>(2);
constexpr tensor<int, shape<12>> labels{0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1};

template <std::size_t Count>
constexpr auto starts = [] {
    std::array<net_type, Count> result{};
    for (std::size_t i = 0; i < Count; ++i) result[i] = initialize<net_type>(glorot_uniform{}, i);
    return result;
}();

constexpr auto by_index = [](std::size_t i, adam& optimizer, auto& options) {
    optimizer.learning_rate = i % 2 == 0 ? 0.1 : 0.01;
    options.epochs = 2 + i % 3;
};

template <class Workers>
constexpr auto train_five(Workers& workers) {
    return fit_many<cross_entropy, 4>(workers, starts<5>, x, labels, adam{}, {.epochs = 1, .seed = 3}, by_index);
}

/// The same by `fit`, one network after another.
constexpr bool is_fit_of_each() {
    const in_order workers{};
    const auto results = train_five(workers);
    random_engine seeds{3};
    bool same = true;
    for (std::size_t i = 0; i < 5; ++i) {
        const auto alone =
            fit<cross_entropy, 4>(starts<5>[i], x, labels, adam { .learning_rate = i % 2 == 0 ? 0.1 : 0.01 },
                                  {.epochs = 2 + i % 3, .seed = seeds()});
        same = same && static_cast<const net_type&>(alone) == results[i] &&
               alone.history.final_loss == results[i].history.final_loss && results[i].history.count == 2 + i % 3;
    }
    return same;
}

/// Networks from the same parameters differ by their seeds, and a choice may give them the same one.
constexpr bool seeds_differ() {
    const std::array<net_type, 2> twins{starts<1>[0], starts<1>[0]};
    const auto train = [&](const auto& choose) {
        return fit_many<cross_entropy, 4>(in_order{}, twins, x, labels, sgd{}, {.epochs = 2}, choose);
    };
    const auto apart = train(same_settings{});
    const auto alike = train([](std::size_t, sgd&, auto& options) { options.seed = 7; });
    const net_type &a = apart[0], &b = apart[1], &c = alike[0], &d = alike[1];
    return !(a == b) && c == d;
}

/// The loss of the network that `fit` returns: with patience that of the best epoch, otherwise that of the last.
constexpr bool final_loss_is_that_of_the_result() {
    const auto train = [](std::size_t patience) {
        return fit<cross_entropy, 4>(
            starts<1>[0], x, labels, sgd { .learning_rate = 3 },
            {.epochs = 12, .validation_inputs = x, .validation_targets = labels, .patience = patience});
    };
    const auto best = train(4), last = train(0);
    return best.history.final_loss == evaluate<cross_entropy>(best, x, labels) &&
           best.history.final_loss == best.history.validation_loss[best.history.best_epoch] &&
           last.history.final_loss == evaluate<cross_entropy>(last, x, labels) &&
           last.history.final_loss == last.history.validation_loss[11] &&
           last.history.final_loss > last.history.validation_loss[last.history.best_epoch];
}

constexpr bool best_has_the_lowest_loss() {
    std::array<fitted<net_type, 1>, 4> results{};
    const bool first_of_equal = best_of(results) == 0;  // all untrained
    results[1].history.final_loss = 0.5;
    results[2].history.final_loss = 0.25;
    results[3].history.final_loss = 0.25;
    return first_of_equal && best_of(results) == 2;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_is_fit) {
    BOTH_PHASES(is_fit_of_each);
    BOTH_PHASES(seeds_differ);
}
BOOST_AUTO_TEST_CASE(results) {
    BOTH_PHASES(final_loss_is_that_of_the_result);
    BOTH_PHASES(best_has_the_lowest_loss);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads) {
    const in_order alone{};
    const auto one_by_one = train_five(alone);
    for (const std::size_t threads : {1u, 2u, 3u, 8u}) {
        team workers{threads};
        const auto together = train_five(workers);
        for (std::size_t i = 0; i < 5; ++i) {
            const net_type &a = together[i], &b = one_by_one[i];
            BOOST_TEST((a == b), i << " by " << threads << " threads");
        }
    }
}

// A network that diverges is not the best one: its loss is the largest number.
BOOST_AUTO_TEST_CASE(diverged) {
    using line = network<double, input<3>, dense<1>>;
    const auto targets = numbers<double, shape<12, 1>>(3);
    const auto results =
        fit_many<mean_squared_error, 4>(in_order{}, std::array<line, 3>{}, x, targets, sgd{.learning_rate = 1e-3},
                                        {.epochs = 200}, [](std::size_t i, sgd& optimizer, auto&) {
                                            if (i == 0) optimizer.learning_rate = 1e200;
                                        });
    BOOST_TEST(results[0].history.diverged);
    BOOST_TEST(results[0].history.final_loss == std::numeric_limits<double>::max());
    BOOST_TEST(best_of(results) != 0u);
    BOOST_TEST(results[1].history.final_loss < 1);
}

// Errors come before the first network is trained, in the thread that calls.
BOOST_AUTO_TEST_CASE(errors) {
    team workers{2};
    auto wrong = labels;
    wrong[5] = 2;
    const auto message_of = [](auto&& call) -> std::string {
        try {
            call();
        } catch (const fit_error& error) { return error.what(); }
        return "";
    };
    BOOST_TEST(message_of([&] {
                   fit_many<cross_entropy, 4>(workers, starts<3>, x, wrong, sgd{});
               }).find("the label of sample 5 is 2") != std::string::npos);
    BOOST_TEST(message_of([&] {
                   fit_many<cross_entropy, 4>(workers, starts<3>, x, labels, sgd{}, {},
                                              [](std::size_t i, sgd&, auto& options) {
                                                  if (i == 2) options.clip_norm = -1;
                                              });
               }).find("are not negative") != std::string::npos);
}

// Trainers of them are larger than the stack of a thread.
BOOST_AUTO_TEST_CASE(large_networks) {
    using large = network<float, input<3>, dense<1024, relu>, dense<768, relu>, dense<2, softmax>>;
    static_assert(sizeof(trainer<large, cross_entropy, sgd, 4>) > 9'000'000);
    const auto begin = std::make_unique<std::array<large, 2>>();
    for (std::size_t i = 0; i < 2; ++i) {
        const std::unique_ptr<large> drawn{new large{initialize<large>(he_uniform{}, i)}};
        (*begin)[i] = *drawn;
    }
    const auto inputs = numbers<float, shape<12, 3>>(2);
    team workers{2};
    const std::unique_ptr<const std::array<fitted<large>, 2>> results{new auto(
        fit_many<cross_entropy, 4>(workers, *begin, inputs, labels, sgd{.learning_rate = 0.01}, {.epochs = 2}))};
    for (std::size_t i = 0; i < 2; ++i) {
        const large &after = (*results)[i], &before = (*begin)[i];
        BOOST_TEST(!(after == before));
        BOOST_TEST((*results)[i].history.final_loss < 3);
    }
}
