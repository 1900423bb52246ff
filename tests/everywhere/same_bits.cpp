// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// The same bits on every machine: one digest for each result of inference and training. This file has the digests.
// Every compiler has to compute them in constant evaluation, or it rejects this file; every program at run time, or it
// does not return 0. A change that is meant to change bits writes the digests that the compilers print here.

#define CTNN_SAME_BITS
#include <ctnn.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <ratio>
#include <type_traits>

namespace {

/// A hash of bit patterns (FNV-1a, a word at a time, with the upper half of the product folded into the lower).
struct digest {
    std::uint64_t value = 0xcbf29ce484222325;

    constexpr void add(std::uint64_t bits) {
        value = (value ^ bits) * 0x100000001b3;
        value ^= value >> 32;
    }
    template <class T>
    constexpr void add_number(T number) {
        add(std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(number));
    }
    template <class Numbers>
    constexpr void add_all(const Numbers& numbers) {
        for (const auto number : numbers) add_number(number);
    }
};

template <class T, class Shape>
constexpr ctnn::tensor<T, Shape> numbers(std::uint64_t seed, T low, T high) {
    ctnn::random_engine engine{seed};
    ctnn::tensor<T, Shape> result{};
    for (T& element : result) element = ctnn::draw_uniform<T>(engine, low, high);
    return result;
}

/// Uniform and normal random numbers and a permutation, drawn from a seed.
constexpr std::uint64_t random_numbers(std::uint64_t seed) {
    digest result;
    ctnn::random_engine engine{seed};
    for (int i = 0; i < 20; ++i) {
        result.add_number(ctnn::draw_uniform<float>(engine, -3, 7));
        result.add_number(ctnn::draw_uniform<double>(engine, -3, 7));
        result.add_number(ctnn::draw_normal<float>(engine, 1, 2));
        result.add_number(ctnn::draw_normal<double>(engine, 1, 2));
    }
    std::size_t order[30]{};
    for (std::size_t i = 0; i < 30; ++i) order[i] = i;
    ctnn::shuffle(engine, order, 30);
    for (const std::size_t place : order) result.add(place);
    return result.value;
}

/// The square root, far below the smallest normal value and far above 1.
template <class T>
constexpr std::uint64_t roots(std::uint64_t seed) {
    digest result;
    ctnn::random_engine engine{seed};
    const T tiny = ctnn::draw_uniform<T>(engine, 1, 2) * std::numeric_limits<T>::min() * T(0.0625);
    T x = tiny;
    for (int i = 0; i < 30; ++i) {
        result.add_number(ctnn::math::sqrt(x));
        x *= sizeof(T) == 4 ? T(100) : T(100000);
    }
    return result.value;
}

/// The outputs of a layer of 19 neurons, more than any register has lanes, for a batch of 2.
template <class T, class Activation>
constexpr void add_outputs(digest& result, std::uint64_t seed) {
    using layer = ctnn::network<T, ctnn::input<3>, ctnn::dense<19, Activation>>;
    const auto net = ctnn::initialize<layer>(ctnn::uniform{-4, 4}, seed, ctnn::uniform{-1, 1});
    result.add_all(net(numbers<T, ctnn::shape<2, 3>>(seed + 1, -2, 2)));
}
template <class T, class... Activations>
constexpr std::uint64_t outputs(std::uint64_t seed) {
    digest result;
    (add_outputs<T, Activations>(result, seed), ...);
    return result.value;
}
template <class T>
constexpr std::uint64_t outputs_of_all(std::uint64_t seed) {
    using namespace ctnn;
    return outputs<T, identity, ctnn::sigmoid, ctnn::tanh, relu, leaky_relu, elu, selu, gelu, silu, ctnn::softplus,
                   softsign, hard_sigmoid, softmax, log_softmax>(seed);
}
template <class T>
constexpr std::uint64_t outputs_of_others(std::uint64_t seed) {
    using namespace ctnn;
    return outputs<T, leaky_relu_with<std::ratio<1, 5>>, elu_with<std::ratio<2>>,
                   selu_with<std::ratio<2>, std::ratio<3, 2>>, hard_sigmoid_with<std::ratio<1, 5>, std::ratio<1, 2>>,
                   hard_swish, gelu_tanh, relu6, clip<std::ratio<-1, 3>, unbounded>, reciprocal>(seed);
}

template <class T>
constexpr std::uint64_t outputs_of_elementary(std::uint64_t seed) {
    return outputs<T, ctnn::exp, ctnn::sin, ctnn::cos>(seed);
}
/// The logarithm and the square root of softplus, behind one another.
template <class T>
constexpr std::uint64_t logarithms(std::uint64_t seed) {
    using net_type = ctnn::network<T, ctnn::input<3>, ctnn::dense<19, ctnn::softplus>, ctnn::activation<ctnn::sqrt>,
                                   ctnn::activation<ctnn::log>>;
    digest result;
    result.add_all(ctnn::initialize<net_type>(ctnn::uniform{-4, 4}, seed)(numbers<T, ctnn::shape<3>>(seed + 1, -2, 2)));
    return result.value;
}

/// The losses of some training steps, and the parameters and outputs after them.
template <class Net, class Loss, class Optimizer, std::size_t Batch = 2, int Steps = 4>
constexpr std::uint64_t learnt(std::uint64_t seed) {
    using T = typename Net::value_type;
    digest result;
    const auto x = numbers<T, ctnn::batch_of<Batch, typename Net::input_shape>>(seed, 0, 2);
    const auto t = numbers<T, ctnn::batch_of<Batch, typename Net::output_shape>>(seed + 1, 0, 1);
    ctnn::trainer<Net, Loss, Optimizer, Batch> training{
        ctnn::initialize<Net>(ctnn::glorot_normal{}, seed, ctnn::uniform{-1, 1}), Optimizer{.learning_rate = 0.02}};
    for (int step = 0; step < Steps; ++step) result.add_number(training.step(x, t));
    ctnn::for_each_tensor([&](const auto& parameter) { result.add_all(parameter); }, training.network());
    result.add_all(training.network()(x));
    return result.value;
}

/// Training by `fit` with shuffling, clipping, warm-up, cool-down and validation.
constexpr std::uint64_t whole_training(std::uint64_t seed) {
    using net_type = ctnn::network<float, ctnn::input<3>, ctnn::dense<9, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
    const auto x = numbers<float, ctnn::shape<6, 3>>(seed, -1, 1);
    const ctnn::tensor<int, ctnn::shape<6>> labels{0, 1, 1, 0, 1, 0};
    const auto trained = ctnn::fit<ctnn::cross_entropy, 4>(ctnn::initialize<net_type>(ctnn::he_uniform{}, seed), x,
                                                           labels, ctnn::adamw{.learning_rate = 0.05},
                                                           {.epochs = 4,
                                                            .seed = seed,
                                                            .schedule = ctnn::cosine_decay(0.1).after_warm_up(2),
                                                            .clip_value = 0.3,
                                                            .clip_norm = 0.5,
                                                            .validation_inputs = x,
                                                            .validation_targets = labels});
    digest result;
    ctnn::for_each_tensor([&](const auto& parameter) { result.add_all(parameter); }, trained);
    for (std::size_t i = 0; i < trained.history.count; ++i) {
        result.add_number(trained.history.loss[i]);
        result.add_number(trained.history.validation_loss[i]);
    }
    return result.value;
}

/// Some time steps of a sequence, one at a time.
template <class Net>
constexpr std::uint64_t streamed(std::uint64_t seed) {
    const auto net = ctnn::initialize<Net>(ctnn::glorot_uniform{}, seed, ctnn::uniform{-1, 1});
    ctnn::stream<Net> steps{net};
    digest result;
    for (std::uint64_t t = 0; t < 5; ++t)
        result.add_all(steps(numbers<float, ctnn::shape<ctnn::stream<Net>::inputs>>(seed + t, -1, 1)));
    return result.value;
}
using sequence = ctnn::network<float, ctnn::input<5, 2>, ctnn::gru<9>, ctnn::layer_norm<>, ctnn::dense<3>>;
using line = ctnn::network<float, ctnn::input<3, 5>, ctnn::conv1d<6, ctnn::window<4>, ctnn::causal, ctnn::tanh>,
                           ctnn::conv1d<17, ctnn::window<3>, ctnn::dilation<2>, ctnn::causal>>;

template <class T>
using classifier = ctnn::network<T, ctnn::input<3>, ctnn::dense<17, ctnn::relu>, ctnn::dense<3, ctnn::softmax>>;
template <class T>
using regression = ctnn::network<T, ctnn::input<2>, ctnn::dense<5, ctnn::gelu>, ctnn::dense<1>>;
using picture = ctnn::network<float, ctnn::input<1, 6, 6>, ctnn::conv2d<3, ctnn::window<3>, ctnn::same>,
                              ctnn::batch_norm<ctnn::relu>, ctnn::max_pool2d<ctnn::window<2>>, ctnn::flatten,
                              ctnn::dropout<std::ratio<1, 4>>, ctnn::dense<2>>;
using attention = ctnn::network<float, ctnn::input<3, 4>, ctnn::multi_head_attention<2>,
                                ctnn::residual<ctnn::dense<4, ctnn::silu>>, ctnn::layer_norm<>, ctnn::dense<1>>;
using multiplied =
    ctnn::network<float, ctnn::input<3, 4>,
                  ctnn::product<ctnn::branch<ctnn::dense<5>>, ctnn::branch<ctnn::dense<5, ctnn::sigmoid>>>,
                  ctnn::layer_norm<ctnn::gelu_tanh, ctnn::epsilon<std::ratio<1, 1000>>, ctnn::no_affine>,
                  ctnn::matmul<ctnn::branch<ctnn::permute<1, 0>>, ctnn::branch<ctnn::dense<3>>>,
                  ctnn::slice<ctnn::axis<0>, 1, 3>, ctnn::batch_norm<ctnn::relu6>, ctnn::dense<1>>;
using recurrent = ctnn::network<double, ctnn::input<3, 2>, ctnn::lstm<3>, ctnn::gru<2, ctnn::last_step>,
                                ctnn::dense<1, ctnn::sigmoid>>;
using gates = ctnn::network<float, ctnn::input<5, 3>, ctnn::lstm<7>, ctnn::gru<6>>;

/// A seed that is unknown to the compiler in the run-time checks.
volatile std::uint64_t seed_at_run_time = 1;
int different = 0;

template <std::uint64_t (*Compute)(std::uint64_t), std::uint64_t Expected>
void check(const char* name) {
#if !defined(CTNN_RUN_TIME_ALONE)  // constants take most of the compile time
    constexpr std::uint64_t found = Compute(1);
    static_assert(found == Expected, "constant evaluation gives other bits than those written in this file");
#endif
    const std::uint64_t computed = Compute(seed_at_run_time);
    if (computed == Expected) return;
    ++different;
#if defined(__linux__) || defined(_WIN32)
    std::printf("%s: %llu at run time, not %llu\n", name, static_cast<unsigned long long>(computed),
                static_cast<unsigned long long>(Expected));
#else
    static_cast<void>(name);
#endif
}

}  // namespace

int main() {
    using namespace ctnn;
    check<random_numbers, 11222012019680838980u>("random numbers");
    check<roots<float>, 7287428758253114674u>("square roots, float");
    check<roots<double>, 16326737372215720644u>("square roots, double");
    check<outputs_of_all<float>, 15270507949412421995u>("activations, float");
    check<outputs_of_all<double>, 5755257391584756829u>("activations, double");
    check<outputs_of_others<float>, 2018540205544355720u>("other activations, float");
    check<outputs_of_others<double>, 4981506778108936357u>("other activations, double");
    check<outputs_of_elementary<float>, 358568165884749273u>("exponentials and angles, float");
    check<outputs_of_elementary<double>, 13207262009126347560u>("exponentials and angles, double");
    check<logarithms<float>, 16278424492186924514u>("logarithms, float");
    check<logarithms<double>, 16214492535352915785u>("logarithms, double");
    check<learnt<classifier<float>, cross_entropy, adam>, 1193082160574787512u>("cross entropy, adam, float");
    check<learnt<classifier<double>, cross_entropy, rmsprop>, 3547930989603643835u>("cross entropy, rmsprop, double");
    check<learnt<regression<float>, huber, sgd, 1>, 6512774158573116057u>("huber, sgd, float");
    check<learnt<regression<double>, mean_squared_error, adamw>, 6725003751934459992u>("squared error, adamw, double");
    check<learnt<picture, mean_squared_error, adam, 2, 2>, 15970884069303805410u>("convolution, float");
    check<learnt<attention, mean_absolute_error, sgd, 2, 2>, 7536891123066507333u>("attention, float");
    check<learnt<multiplied, mean_squared_error, adam, 2, 2>, 5822551262533648337u>("products of branches, float");
    check<learnt<recurrent, binary_cross_entropy, adam, 1, 2>, 34993435505209351u>("lstm and gru, double");
    check<learnt<gates, mean_squared_error, sgd, 2, 2>, 1521849820840358982u>("lstm and gru, float");
    check<whole_training, 3251775299091173533u>("fit");
    check<streamed<sequence>, 11300551026709208814u>("stream of a sequence");
    check<streamed<line>, 17925126309743495570u>("stream of a line");
    return different;
}
