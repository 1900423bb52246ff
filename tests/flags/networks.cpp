// SPDX-License-Identifier: BSL-1.0
// Activations, losses, random numbers and training, with flags that allow value-changing optimisations: the program
// agrees with constant evaluation, which computes what is written.

#include "../opaque.hpp"
#include "reference.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>

namespace {

using ctnn::shape, ctnn::tensor;

using test_support::opaque;

template <class T, class Shape>
constexpr tensor<T, Shape> drawn(std::uint64_t seed, T low, T high) {
    ctnn::random_engine engine{seed};
    tensor<T, Shape> result{};
    for (T& element : result) element = ctnn::draw_uniform<T>(engine, low, high);
    return result;
}

template <class T, class... Activations>
struct activations {
    static constexpr std::size_t count = 16;
    static constexpr auto inputs = drawn<T, shape<count>>(7, -9, 9);
    struct outputs {
        T values[sizeof...(Activations)][count];
    };
    static constexpr outputs computed(const tensor<T, shape<count>>& x) {
        outputs result{};
        std::size_t row = 0;
        const auto add = [&](const tensor<T, shape<count>>& y) {
            for (std::size_t i = 0; i < count; ++i) result.values[row][i] = y[i];
            ++row;
        };
        (add(ctnn::network<T, ctnn::input<count>, ctnn::activation<Activations>>{}(x)), ...);
        return result;
    }
    static constexpr outputs wanted = computed(inputs);
    static void check() {
        const outputs got = computed(opaque(inputs));
        for (std::size_t row = 0; row < sizeof...(Activations); ++row)
            flags::compare("activation", wanted.values[row], got.values[row], count, 16);
    }
};

/// Logits so large that small terms vanish in a sum with them: every place where the maximum is subtracted first. The
/// probabilities and losses are of order 1.
template <class T>
struct endings {
    static constexpr std::size_t count = 12;
    static constexpr tensor<T, shape<count>> logits = [] {
        auto result = drawn<T, shape<count>>(5, -2, 2);
        for (T& element : result) element += T(sizeof(T) == 4 ? 1e6 : 1e14);
        return result;
    }();
    static constexpr tensor<T, shape<count>> target{0, 0, 1};

    struct outputs {
        T losses[1], slopes[count], shares[count], logarithms[count];
    };
    static constexpr outputs computed(const tensor<T, shape<count>>& x) {
        outputs result{};
        result.losses[0] =
            ctnn::cross_entropy{}.template sample<count, true>(x.values, target.values, T(1), result.slopes);
        ctnn::softmax::forward<count>(x.values, result.shares);
        ctnn::log_softmax::forward<count>(x.values, result.logarithms);
        return result;
    }
    static constexpr outputs wanted = computed(logits);
    static void check() {
        const outputs got = computed(opaque(logits));
        flags::compare("loss of large logits", wanted.losses, got.losses, 1, 16);
        flags::compare("its slopes", wanted.slopes, got.slopes, count, 16);
        flags::compare("softmax of large logits", wanted.shares, got.shares, count, 16);
        flags::compare("log_softmax of large logits", wanted.logarithms, got.logarithms, count, 16);
    }
};

template <class T>
struct training {
    using net = ctnn::network<T, ctnn::input<5, 3>, ctnn::lstm<6, ctnn::last_step>, ctnn::dense<8, ctnn::gelu>,
                              ctnn::layer_norm<>, ctnn::dense<4, ctnn::softmax>>;
    static constexpr std::size_t batch = 3;
    static constexpr auto inputs = drawn<T, shape<batch, 5, 3>>(3, -2, 2);
    static constexpr tensor<T, shape<batch, 4>> targets{1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0};
    static constexpr auto weights = ctnn::initialize<net>(ctnn::he_normal{}, 11);

    struct outcome {
        net trained;
        T losses[12];
    };
    static constexpr outcome computed(const net& start, const tensor<T, shape<batch, 5, 3>>& x) {
        ctnn::trainer<net, ctnn::cross_entropy, ctnn::adam, batch> steps{start, ctnn::adam{.learning_rate = 0.01}};
        outcome result{};
        for (T& loss : result.losses) loss = steps.step(x, targets);
        result.trained = steps.network();
        return result;
    }
    static constexpr outcome wanted = computed(weights, inputs);
    static void check() {
        const outcome got = computed(opaque(weights), opaque(inputs));
        flags::compare("losses of a training", wanted.losses, got.losses, 12, 100);
        ctnn::for_each_tensor(
            [](const auto& constant, const auto& trained) {
                flags::compare("trained parameters", constant.values, trained.values, constant.size(), 2000);
            },
            wanted.trained, got.trained);
    }
};

/// A tree with a leaf for each outcome of a comparison: less, equal, greater, and not a number, on its bits.
template <class T>
struct missing {
    using net = ctnn::network<T, ctnn::input<1>, ctnn::decision_trees<1, 1, 3>>;
    static constexpr net tree = [] {
        net result{};
        ctnn::get<0>(result).splits = {8, 0.5f, 0, 5, 4, 0.5f, 1, 6, 2, 0.5f, 2, 3};
        ctnn::get<0>(result).weights = {10, 20, 30, 40};
        return result;
    }();
    static constexpr tensor<T, shape<5>> inputs{T(__builtin_nan("")), 1, 0.5f, -1, -T(__builtin_nan(""))};
    static constexpr T wanted[]{10, 20, 30, 40, 10};
    static void check() {
        const auto x = opaque(inputs);
        const auto one = opaque(tree);
        T got[5];
        for (std::size_t i = 0; i < 5; ++i) got[i] = one({x[i]})[0];
        flags::compare("a tree with missing values", wanted, got, 5, 0);
    }
};

/// Whether training stops when parameters are nan or infinite, which is detected from their bits.
template <class T>
T diverged() {
    using net = ctnn::network<T, ctnn::input<1>, ctnn::dense<2, ctnn::relu>, ctnn::dense<1>>;
    const auto start = ctnn::initialize<net>(ctnn::he_normal{}, 2);
    const tensor<T, shape<2, 1>> inputs{1, 2}, targets{1, -1};
    const auto trained = ctnn::fit<ctnn::mean_squared_error, 2>(opaque(start), inputs, targets,
                                                                ctnn::sgd{.learning_rate = 1e30}, {.epochs = 20});
    return trained.history.diverged ? T(1) : T(0);
}

/// Whether patience runs out where the validation loss is nan in every epoch.
template <class T>
T ends_without_a_loss() {
    using net = ctnn::network<T, ctnn::input<1>, ctnn::dense<1>>;
    const tensor<T, shape<1, 1>> input{1}, target{2}, nan{T(__builtin_nan(""))};
    const auto trained = ctnn::fit<ctnn::mean_squared_error>(
        opaque(net{}), input, target, ctnn::sgd{.learning_rate = 0.01},
        {.epochs = 9, .validation_inputs = input, .validation_targets = opaque(nan), .patience = 3});
    return trained.history.epochs == 3 && !trained.history.diverged ? T(1) : T(0);
}

}  // namespace

int main() {
    activations<float, ctnn::elu, ctnn::gelu, ctnn::gelu_tanh, ctnn::selu, ctnn::sigmoid, ctnn::silu, ctnn::softmax,
                ctnn::log_softmax, ctnn::softplus, ctnn::softsign, ctnn::tanh>::check();
    endings<float>::check();
    endings<double>::check();
    training<float>::check();
    missing<float>::check();
    missing<double>::check();
    const float yes = 1, stopped = diverged<float>();
    flags::compare("a training that diverges", &yes, &stopped, 1, 0);
    const float ended = ends_without_a_loss<float>();
    flags::compare("validation losses of nan", &yes, &ended, 1, 0);
    return flags::verdict();
}
