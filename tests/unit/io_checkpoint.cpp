// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_checkpoint
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>
#include <ctnn/io/checkpoint.hpp>
#include <ctnn/train/sharded.hpp>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <ratio>
#include <string>

namespace {

using namespace ctnn;
using core_support::numbers;

/// Layers with statistics, random numbers and branches.
template <class T>
using special = network<T, input<3>, dense<6>, batch_norm<relu>, dropout<std::ratio<1, 4>>,
                        sum<branch<dense<4, ctnn::tanh>>, branch<dense<4>>>, dense<2, softmax>>;
using plain = network<double, input<3>, dense<4, ctnn::tanh>, dense<2, softmax>>;

template <class T>
constexpr auto x = numbers<T, shape<8, 3>>(2);
constexpr tensor<int, shape<8>> labels{0, 1, 1, 0, 0, 0, 1, 1};

template <class Trainer>
constexpr void take_steps(Trainer& training, int count) {
    using T = typename Trainer::value_type;
    for (int i = 0; i < count; ++i) training.step(x<T>, labels);
}
template <class Net>
constexpr Net start = initialize<Net>(glorot_uniform{}, 1);

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Ten steps at once, and five, a file, another trainer, and five.
template <class Trainer, class Optimizer>
void check_resumed(const Optimizer& optimizer, bool optimizer_has_memory = true) {
    using net_type = typename Trainer::network_type;
    Trainer whole{start<net_type>, optimizer, {}, 7}, first{start<net_type>, optimizer, {}, 7};
    take_steps(whole, 10);
    take_steps(first, 5);
    io::save_checkpoint(first, "checkpoint.safetensors");
    Trainer second{net_type{}, optimizer, {}, 8};
    io::load_checkpoint(second, "checkpoint.safetensors");
    BOOST_TEST((second.network() == first.network()));
    take_steps(second, 5);
    BOOST_TEST((second.network() == whole.network()));
    io::save_checkpoint(second, "second.safetensors");
    io::save_checkpoint(whole, "whole.safetensors");
    BOOST_TEST((content_of("second.safetensors") == content_of("whole.safetensors")));
    // The file makes a difference: without it the next five steps are others.
    Trainer other{first.network(), optimizer, {}, 8};
    take_steps(other, 5);
    const bool has_state = optimizer_has_memory || net_type::chain_type::draws_random_numbers;
    BOOST_TEST((other.network() == whole.network()) == !has_state);
}

template <class Net, class Optimizer, class... Memory>
using trainer_of = trainer<Net, cross_entropy, Optimizer, 8, Memory...>;

template <class Net>
void check_optimizers() {
    check_resumed<trainer_of<Net, sgd>>(sgd{.learning_rate = 0.1}, false);
    check_resumed<trainer_of<Net, sgd>>(sgd{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true});
    check_resumed<trainer_of<Net, adam>>(adam{.learning_rate = 0.01});
    check_resumed<trainer_of<Net, adamw>>(adamw{.learning_rate = 0.01});
    check_resumed<trainer_of<Net, rmsprop>>(rmsprop{.learning_rate = 0.01});
    check_resumed<trainer_of<Net, adam, sharded<4>>>(adam{.learning_rate = 0.01});
}

template <class Trainer>
std::string message_of(Trainer& training, const char* path) {
    try {
        io::load_checkpoint(training, path);
    } catch (const io::error& error) { return error.what(); }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(resumed_to_the_bit) {
    check_optimizers<plain>();
    check_optimizers<special<double>>();
    check_optimizers<special<float>>();
}

BOOST_AUTO_TEST_CASE(without_memory_for_a_gradient) {
    using small = network<float, input<3>, dense<4, ctnn::tanh>, dense<2, softmax>>;
    check_resumed<trainer_of<small, sgd, in_place>>(sgd{.learning_rate = 0.1}, false);
}

// Another optimiser, another network, other shards, a damaged file: the trainer is as it was.
BOOST_AUTO_TEST_CASE(refused) {
    trainer_of<special<double>, rmsprop> saved{start<special<double>>};
    take_steps(saved, 3);
    io::save_checkpoint(saved, "rmsprop.safetensors");

    trainer_of<special<double>, sgd> by_sgd{start<special<double>>};
    BOOST_TEST(message_of(by_sgd, "rmsprop.safetensors").find("ctnn::rmsprop.moment_0.0.weights") != std::string::npos);
    trainer_of<plain, rmsprop> other{start<plain>};
    BOOST_TEST(message_of(other, "rmsprop.safetensors").find("a tensor that the network does not have") !=
               std::string::npos);
    trainer_of<special<double>, rmsprop, sharded<2>> shards{start<special<double>>};
    BOOST_TEST(message_of(shards, "rmsprop.safetensors").find("random.1") != std::string::npos);
    BOOST_TEST((by_sgd.network() == start<special<double>> && other.network() == start<plain> &&
                shards.network() == start<special<double>>));

    const std::string content = content_of("rmsprop.safetensors");
    trainer_of<special<double>, rmsprop> same{start<special<double>>};
    for (std::size_t size = 0; size < content.size(); size += 1 + size / 20) {
        std::ofstream("part.safetensors", std::ios::binary).write(content.data(), static_cast<std::streamsize>(size));
        BOOST_TEST(!message_of(same, "part.safetensors").empty());
    }
    take_steps(same, 3);
    BOOST_TEST((same.network() == saved.network()));
}
