// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE sharded
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>
#include <ctnn/train/sharded.hpp>
#include <ctnn/train/threads.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <ratio>
#include <thread>
#include <vector>

namespace {

using core_support::numbers;

using net_type = ctnn::network<double, ctnn::input<3>, ctnn::dense<5, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
/// Statistics, random numbers, and branches.
using special_type =
    ctnn::network<double, ctnn::input<3>, ctnn::dense<6>, ctnn::batch_norm<ctnn::relu>, ctnn::dropout<std::ratio<1, 4>>,
                  ctnn::sum<ctnn::branch<ctnn::dense<4>, ctnn::batch_norm<>>, ctnn::branch<ctnn::dense<4>>>,
                  ctnn::dense<2, ctnn::softmax>>;
/// Tensors of several pieces, with and without a rest.
using large_type = ctnn::network<float, ctnn::input<37>, ctnn::dense<128, ctnn::relu>, ctnn::dense<16, ctnn::softmax>>;

constexpr auto x = numbers<double, ctnn::shape<12, 3>>(2);
constexpr ctnn::tensor<int, ctnn::shape<12>> labels{0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1};
/// The same as rows of outputs.
constexpr auto rows = [] {
    ctnn::tensor<double, ctnn::shape<12, 2>> result{};
    for (std::size_t i = 0; i < 12; ++i) result[2 * i + static_cast<std::size_t>(labels[i])] = 1;
    return result;
}();

template <class Net, class Optimizer, std::size_t Shards>
using trainer_of = ctnn::trainer<Net, ctnn::cross_entropy, Optimizer, 12, ctnn::sharded<Shards>>;

/// The network after some steps, of whole batches and of parts: nothing of a shard, one sample, and none at all.
template <class Training, class Net, class Optimizer, class... Workers>
constexpr Net trained(const Net& start, const Optimizer& optimizer, Workers&... workers) {
    using data = ctnn::samples<double, ctnn::shape<3>>;
    using classes = ctnn::samples<int, ctnn::shape<>>;
    Training training{start, optimizer, {}, 7};
    for (const std::size_t used : {12u, 12u, 7u, 1u, 0u, 10u, 12u})
        if constexpr (sizeof...(Workers) > 0)
            training.step(data{x.values, used}, classes{labels.values, used}, workers...);
        else
            training.step(data{x.values, used}, classes{labels.values, used});
    return training.network();
}

template <class Net>
constexpr Net start = ctnn::initialize<Net>(ctnn::glorot_uniform{}, 1);

template <class Net, class Optimizer>
constexpr bool one_shard_is_today_with() {
    return trained<trainer_of<Net, Optimizer, 1>>(start<Net>, Optimizer{}) ==
           trained<ctnn::trainer<Net, ctnn::cross_entropy, Optimizer, 12>>(start<Net>, Optimizer{});
}
constexpr bool one_shard_is_today() {
    return one_shard_is_today_with<net_type, ctnn::sgd>() && one_shard_is_today_with<net_type, ctnn::adam>() &&
           one_shard_is_today_with<special_type, ctnn::adam>();
}

/// A step is backward and update, and a gradient in between may be changed.
constexpr bool halves_are_a_step() {
    using training_type = ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::adam, 12, ctnn::sharded<3>>;
    training_type whole{start<net_type>}, halves{start<net_type>};
    for (int i = 0; i < 3; ++i) {
        if (whole.step(x, rows) != halves.backward(x.values, rows.values)) return false;
        halves.update();
    }
    if (!(whole.network() == halves.network() && whole.gradient() == halves.gradient())) return false;
    const net_type before = halves.network();
    halves.backward(x.values, rows.values, 0);
    return halves.gradient() == net_type{} && halves.network() == before;
}

/// Losses and gradients of shards add up to those of the batch, of a partial one too.
constexpr bool shards_add_up() {
    ctnn::trainer<net_type, ctnn::cross_entropy, ctnn::sgd, 12> whole{start<net_type>};
    trainer_of<net_type, ctnn::sgd, 4> parts{start<net_type>};
    bool right = true;
    for (const std::size_t used : {12u, 8u, 7u, 1u}) {
        right = right &&
                ctnn::near(whole.backward(x.values, rows.values, used), parts.backward(x.values, rows.values, used));
        ctnn::for_each_tensor(
            [&](const auto& a, const auto& b) {
                for (std::size_t i = 0; i < a.size(); ++i) right = right && ctnn::near(a[i], b[i]);
            },
            whole.gradient(), parts.gradient());
    }
    return right;
}

/// The gradient by hand: four shards as trainers of their own, added as a tree.
constexpr bool tree_is_fixed() {
    trainer_of<net_type, ctnn::sgd, 4> parts{start<net_type>};
    const double loss = parts.backward(x.values, rows.values);
    net_type gradients[4] = {net_type{}, net_type{}, net_type{}, net_type{}};
    double losses[4]{};
    ctnn::gradient_pass<net_type, ctnn::cross_entropy, 3> pass{};
    for (std::size_t s = 0; s < 4; ++s)
        losses[s] = pass(start<net_type>, {}, x.values + 9 * s, rows.values + 6 * s, gradients[s], 3, nullptr, 12);
    bool right = loss == (losses[0] + losses[1]) + (losses[2] + losses[3]);
    ctnn::for_each_tensor(
        [&](const auto& a, const auto& b, const auto& c, const auto& d, const auto& e) {
            for (std::size_t i = 0; i < a.size(); ++i) right = right && e[i] == (a[i] + b[i]) + (c[i] + d[i]);
        },
        gradients[0], gradients[1], gradients[2], gradients[3], parts.gradient());
    return right;
}

/// Jobs in another order than that of their numbers.
struct backwards {
    template <class F>
    constexpr void operator()(std::size_t count, F&& f) const {
        while (count-- > 0) f(count);
    }
};
constexpr bool order_does_not_matter() {
    backwards workers{};
    return trained<trainer_of<special_type, ctnn::adam, 6>>(start<special_type>, ctnn::adam{}) ==
           trained<trainer_of<special_type, ctnn::adam, 6>>(start<special_type>, ctnn::adam{}, workers);
}

template <class Net, class Optimizer, std::size_t Shards>
void check_threads() {
    using training_type = trainer_of<Net, Optimizer, Shards>;
    constexpr Net in_constants = trained<training_type>(start<Net>, Optimizer{});
    BOOST_TEST((trained<training_type>(start<Net>, Optimizer{}) == in_constants));
    for (const std::size_t threads : {1u, 2u, 3u, 7u, 64u}) {
        ctnn::team workers{threads};
        BOOST_TEST((trained<training_type>(start<Net>, Optimizer{}, workers) == in_constants), threads << " threads");
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_shard) {
    BOTH_PHASES(one_shard_is_today);
}
BOOST_AUTO_TEST_CASE(halves) {
    BOTH_PHASES(halves_are_a_step);
}
BOOST_AUTO_TEST_CASE(sum_of_shards) {
    BOTH_PHASES(shards_add_up);
    BOTH_PHASES(tree_is_fixed);
}
BOOST_AUTO_TEST_CASE(any_order) {
    BOTH_PHASES(order_does_not_matter);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads) {
    check_threads<net_type, ctnn::sgd, 2>();
    check_threads<net_type, ctnn::adam, 12>();
    check_threads<special_type, ctnn::adam, 3>();
    check_threads<special_type, ctnn::sgd, 6>();
}

BOOST_AUTO_TEST_CASE(large_tensors) {
    using training_type = ctnn::trainer<large_type, ctnn::cross_entropy, ctnn::adam, 24, ctnn::sharded<3>>;
    const auto begin = ctnn::initialize<large_type>(ctnn::he_uniform{}, 3);
    const auto inputs = numbers<float, ctnn::shape<24, 37>>(4);
    ctnn::tensor<int, ctnn::shape<24>> classes{};
    for (std::size_t i = 0; i < 24; ++i) classes[i] = static_cast<int>(i % 16);
    const auto one = std::make_unique<training_type>(begin);
    float loss = 0;
    for (int i = 0; i < 20; ++i) loss = one->step(inputs, classes);
    for (const std::size_t threads : {2u, 3u, 5u}) {
        ctnn::team workers{threads};
        const auto many = std::make_unique<training_type>(begin);
        float last = 0;
        for (int i = 0; i < 20; ++i) last = many->step(inputs, classes, workers);
        BOOST_TEST(last == loss);
        BOOST_TEST((many->network() == one->network()));
        BOOST_TEST(!(many->network() == begin));
    }
    ctnn::trainer<large_type, ctnn::cross_entropy, ctnn::adam, 24> today{begin};
    ctnn::trainer<large_type, ctnn::cross_entropy, ctnn::adam, 24, ctnn::sharded<1>> sharded{begin};
    for (int i = 0; i < 5; ++i) BOOST_TEST(today.step(inputs, classes) == sharded.step(inputs, classes));
    BOOST_TEST((today.network() == sharded.network()));
}

/// Each job once, whatever their number; idle for long between calls too.
BOOST_AUTO_TEST_CASE(jobs_of_a_team) {
    for (const std::size_t threads : {0u, 1u, 2u, 5u}) {
        ctnn::team workers{threads};
        BOOST_TEST(workers.size() >= 1);
        if (threads > 0) BOOST_TEST(workers.size() <= threads);
        for (std::size_t count = 0; count < 40; ++count) {
            std::vector<int> calls(count + 1);
            workers(count, [&](std::size_t job) { ++calls[job]; });
            for (std::size_t job = 0; job < count; ++job) BOOST_TEST(calls[job] == 1);
            BOOST_TEST(calls[count] == 0);
            if (count % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
}
