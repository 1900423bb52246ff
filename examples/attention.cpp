// SPDX-License-Identifier: BSL-1.0
// Attention: a list of eight key-value pairs in random order, then a key to look up. An attention layer learns to find
// the value; a dense network of the same size does not.
#include <ctnn.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/summary.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <utility>
#include <vector>

// Each step has one of eight keys and one of four values, both one-hot. The last step has only a key.
constexpr std::size_t keys = 8, values = 4, steps = keys + 1, width = keys + values;

struct questions {
    std::vector<float> lists;
    std::vector<std::uint8_t> answers;

    ctnn::samples<float, ctnn::shape<steps, width>> inputs() const { return {lists.data(), answers.size()}; }
    ctnn::samples<float, ctnn::shape<steps * width>> flat_inputs() const { return {lists.data(), answers.size()}; }
    ctnn::samples<std::uint8_t, ctnn::shape<>> labels() const { return {answers.data(), answers.size()}; }
};

questions ask(std::size_t count, std::uint64_t seed) {
    ctnn::random_engine engine{seed};
    const auto below = [&](std::size_t end) {
        return static_cast<std::size_t>(ctnn::draw_uniform<double>(engine, 0, static_cast<double>(end)));
    };
    questions result{std::vector<float>(count * steps * width), std::vector<std::uint8_t>(count)};
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t order[keys];
        for (std::size_t k = 0; k < keys; ++k) order[k] = k;
        for (std::size_t k = keys; k > 1; --k) std::swap(order[k - 1], order[below(k)]);
        const std::size_t asked = below(keys);
        float* const list = &result.lists[i * steps * width];
        for (std::size_t t = 0; t < keys; ++t) {
            const std::size_t value = below(values);
            list[t * width + order[t]] = list[t * width + keys + value] = 1;
            if (order[t] == asked) result.answers[i] = static_cast<std::uint8_t>(value);
        }
        list[keys * width + asked] = 1;
    }
    return result;
}

using attention_net = ctnn::network<float, ctnn::input<steps, width>,
                                    ctnn::multi_head_attention<1>,
                                    ctnn::dense<values>,
                                    ctnn::flatten,
                                    ctnn::dense<values, ctnn::softmax>>;
using dense_net = ctnn::network<float, ctnn::input<steps * width>,
                                ctnn::dense<8, ctnn::tanh>,
                                ctnn::dense<values, ctnn::softmax>>;
static_assert(dense_net::parameter_count >= attention_net::parameter_count);

int main() {
    const questions train = ask(20'000, /*seed*/ 1), test = ask(2'000, /*seed*/ 2);
    ctnn::io::summary<attention_net>(std::cout);
    std::cout << std::flush;

    const auto attentive = ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::initialize<attention_net>(ctnn::glorot_uniform{}, /*seed*/ 1), train.inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.005}, {.epochs = 8, .seed = 1, .schedule = ctnn::cosine_decay()},
        ctnn::io::progress{});
    const auto dense = ctnn::fit<ctnn::cross_entropy, 32>(
        ctnn::initialize<dense_net>(ctnn::glorot_uniform{}, /*seed*/ 1), train.flat_inputs(), train.labels(),
        ctnn::adam{.learning_rate = 0.005}, {.epochs = 8, .seed = 1, .schedule = ctnn::cosine_decay()});

    const double found = ctnn::accuracy(attentive, test.inputs(), test.labels());
    const double guessed = ctnn::accuracy(dense, test.flat_inputs(), test.labels());
    std::printf("attention, %4zu parameters: %.1f%% of new questions\n", attention_net::parameter_count, 100 * found);
    std::printf("dense,     %4zu parameters: %.1f%%\n", dense_net::parameter_count, 100 * guessed);
    return found >= 0.99 && guessed < 0.9 ? 0 : 1;
}
