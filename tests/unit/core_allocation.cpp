// SPDX-License-Identifier: BSL-1.0
// Inference and training steps allocate nothing: counted in operator new.
#define BOOST_TEST_MODULE core_allocation
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <ratio>

namespace {
std::atomic<std::size_t> allocations{0};
}

// Not inlined: g++ would see a free() for something that came from `new` and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* const result = std::malloc(size == 0 ? 1 : size)) return result;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* pointer) noexcept {
    std::free(pointer);
}
[[gnu::noinline]] void operator delete(void* pointer, std::size_t) noexcept {
    std::free(pointer);
}

namespace {

using core_support::numbers;

template <class Net, class Loss, class Optimizer, std::size_t Batch>
void check_no_allocation(const char* name) {
    using T = typename Net::value_type;
    // Large networks do not fit a stack twice; they are allocated before counting starts.
    const auto net = std::make_unique<Net>(ctnn::initialize<Net>(ctnn::glorot_uniform{}, 1));
    const auto training = std::make_unique<ctnn::trainer<Net, Loss, Optimizer, Batch>>(*net);
    const auto x = numbers<T, ctnn::batch_of<Batch, typename Net::input_shape>>(2);
    const auto t = numbers<T, ctnn::batch_of<Batch, typename Net::output_shape>>(3);
    const auto one = numbers<T, typename Net::input_shape>(4);

    const std::size_t before = allocations;
    T total{};
    total += (*net)(one)[0];
    total += (*net)(x)[0];
    for (int step = 0; step < 3; ++step) total += training->step(x, t);
    const std::size_t after = allocations;
    BOOST_TEST(after - before == 0u, name);
    BOOST_TEST(std::isfinite(total));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_counter_counts) {
    const std::size_t before = allocations;
    delete core_support::opaque(new int{1});
    BOOST_TEST(allocations == before + 1);
}

BOOST_AUTO_TEST_CASE(evaluation_and_steps_allocate_nothing) {
    using tiny = ctnn::network<double, ctnn::input<2>, ctnn::dense<2, ctnn::sigmoid>, ctnn::dense<1, ctnn::sigmoid>>;
    using digits = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
    using fashion =
        ctnn::network<float, ctnn::input<784>, ctnn::dense<128, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
    using regression = ctnn::network<double, ctnn::input<13>, ctnn::dense<20, ctnn::gelu>, ctnn::dense<1>>;
    check_no_allocation<tiny, ctnn::binary_cross_entropy, ctnn::sgd, 1>("2-2-1");
    check_no_allocation<digits, ctnn::cross_entropy, ctnn::adam, 32>("64-32-10, batches of 32");
    check_no_allocation<fashion, ctnn::cross_entropy, ctnn::sgd, 32>("784-128-10, batches of 32");
    check_no_allocation<regression, ctnn::huber, ctnn::rmsprop, 7>("13-20-1, batches of 7");
}

BOOST_AUTO_TEST_CASE(layers_of_every_family_allocate_nothing) {
    using namespace ctnn;
    using images = network<float, input<2, 8, 8>, conv2d<4, window<3>, same>, batch_norm<relu>, max_pool2d<window<2>>,
                           residual<conv2d<4, window<3>, same, ctnn::tanh>>, dropout<std::ratio<1, 4>>,
                           average_pool2d<window<2>>, flatten, dense<3, softmax>>;
    using sequences = network<double, input<6, 3>, gru<4>, bidirectional<lstm<2>>, layer_norm<>,
                              multi_head_attention<2>, simple_rnn<2, last_step>, dense<1>>;
    check_no_allocation<images, cross_entropy, adam, 5>("images");
    check_no_allocation<sequences, mean_squared_error, sgd, 3>("sequences");
}

BOOST_AUTO_TEST_CASE(streams_allocate_nothing) {
    using namespace ctnn;
    using net_type = network<float, input<1, 16>, conv1d<4, window<3>, causal, dilation<2>, ctnn::tanh>, permute<1, 0>,
                             residual<gru<4>>, lstm<3>, dense<1>>;
    const auto net = initialize<net_type>(glorot_uniform{}, 1);
    stream s{net};
    float total = 0;
    const std::size_t before = allocations;
    for (int i = 0; i < 100; ++i) total += s({0.5f})[0];
    s.state = {};
    const std::size_t after = allocations;
    BOOST_TEST(after - before == 0u);
    BOOST_TEST(std::isfinite(total));
}

BOOST_AUTO_TEST_CASE(fit_of_tensors_allocates_nothing) {
    using net = ctnn::network<float, ctnn::input<3>, ctnn::dense<5, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
    const auto x = numbers<float, ctnn::shape<10, 3>>(1);
    const ctnn::tensor<int, ctnn::shape<10>> labels{0, 1, 0, 1, 1, 0, 0, 1, 1, 0};
    const std::size_t before = allocations;
    const auto trained =
        ctnn::fit<ctnn::cross_entropy, 4>(net{}, x, labels, ctnn::adam{}, {.epochs = 5, .clip_norm = 1, .patience = 3});
    const std::size_t after = allocations;
    BOOST_TEST(after - before == 0u);
    BOOST_TEST(trained.history.epochs == 5u);
}
