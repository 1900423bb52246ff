// SPDX-License-Identifier: BSL-1.0
// The calls whose instructions count.py counts.
//
// usage: calls          prints the names of the cases
//        calls TIMES    runs each of them TIMES times, and then end_of_case()
#include <ctnn.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

// The C library's versions choose their code by the machine. These copy eight bytes at a time with string instructions,
// each counted as one instruction.
extern "C" [[gnu::noinline]] void* memcpy(void* to, const void* from, std::size_t bytes) noexcept {
    void* at = to;
    std::size_t words = bytes / 8, rest = bytes % 8;
    asm volatile("rep movsq" : "+D"(at), "+S"(from), "+c"(words) : : "memory");
    asm volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(rest) : : "memory");
    return to;
}
extern "C" [[gnu::noinline]] void* memset(void* to, int value, std::size_t bytes) noexcept {
    void* at = to;
    std::size_t words = bytes / 8, rest = bytes % 8;
    const std::size_t repeated = 0x0101010101010101u * static_cast<unsigned char>(value);
    asm volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(repeated) : "memory");
    asm volatile("rep stosb" : "+D"(at), "+c"(rest) : "a"(repeated) : "memory");
    return to;
}

namespace {

using ctnn::cross_entropy, ctnn::mean_squared_error, ctnn::relu, ctnn::sigmoid, ctnn::softmax, ctnn::tanh;

// The instructions of these two functions and of all that they call are counted; count.py finds them by name. They are
// not inlined, and their arguments are opaque to them.
template <class Model, class Input>
[[gnu::noinline]] auto counted_call(Model& model, const Input& x) {
    return model(x);
}
template <class Trainer, class Input, class Target>
[[gnu::noinline]] float counted_step(Trainer& trainer, const Input& x, const Target& y) {
    return trainer.step(x, y);
}

/// Fills a tensor with values from -1 to 1, the same on every machine.
template <class Tensor>
void draw(Tensor& values, std::uint64_t seed = 1) {
    ctnn::random_engine engine{seed};
    for (float& value : values) value = ctnn::draw_uniform<float>(engine, -1, 1);
}

/// A reference that is opaque to the compiler.
template <class Object>
Object& unknown(Object& object) {
    Object* address = &object;
    asm volatile("" : "+r"(address) : : "memory");
    return *address;
}

// Static and cache-line aligned, so that addresses are the same in each run.
template <class Net>
Net& start() {
    constexpr ctnn::uniform small{-0.25, 0.25};
    alignas(64) static Net net = ctnn::initialize<Net>(small, 1, small);
    return net;
}

bool finite(float value) {
    return std::isfinite(value);
}
template <class Shape>
bool finite(const ctnn::tensor<float, Shape>& values) {
    for (const float value : values)
        if (!std::isfinite(value)) return false;
    return true;
}

template <class Net>
bool infer(int times) {
    alignas(64) static ctnn::tensor<float, typename Net::input_shape> x;
    Net& net = start<Net>();
    draw(x);
    bool all_finite = true;
    for (int i = 0; i < times; ++i) all_finite &= finite(counted_call(unknown(net), unknown(x)));
    return all_finite;
}

template <class Net>
bool stream(int times) {
    using stream_type = ctnn::stream<Net>;
    alignas(64) static ctnn::tensor<float, ctnn::shape<stream_type::inputs>> x;
    alignas(64) static stream_type stream{start<Net>()};
    draw(x);
    bool all_finite = true;
    for (int i = 0; i < times; ++i) all_finite &= finite(counted_call(unknown(stream), unknown(x)));
    return all_finite;
}

template <class Net, class Loss, class Optimizer, std::size_t Batch>
bool train(int times) {
    alignas(64) static ctnn::tensor<float, ctnn::batch_of<Batch, typename Net::input_shape>> x;
    alignas(64) static ctnn::tensor<float, ctnn::batch_of<Batch, typename Net::output_shape>> y;
    alignas(64) static ctnn::trainer<Net, Loss, Optimizer, Batch> trainer{start<Net>(), {.learning_rate = 1e-3f}};
    draw(x);
    constexpr std::size_t classes = Net::output_shape::size;
    if constexpr (std::is_same_v<Loss, cross_entropy>)
        for (std::size_t row = 0; row < Batch; ++row) y[row * classes + row % classes] = 1;
    else
        draw(y, 2);
    bool all_finite = true;
    for (int i = 0; i < times; ++i) all_finite &= finite(counted_step(unknown(trainer), unknown(x), unknown(y)));
    return all_finite;
}

using ctnn::dense, ctnn::input, ctnn::network;
using logic = network<float, input<2>, dense<2, sigmoid>, dense<1, sigmoid>>;
using curve = network<float, input<1>, dense<8, tanh>, dense<8, tanh>, dense<1>>;
template <class Activation>
using control = network<float, input<4>, dense<64, Activation>, dense<64, Activation>, dense<2>>;
using digits = network<float, input<64>, dense<32, relu>, dense<10>>;
using digits_trained = network<float, input<64>, dense<32, relu>, dense<10, softmax>>;
using policy = network<float, input<17>, dense<64, relu>, dense<64, relu>, dense<6>>;
using causal_line = network<float, input<8, 2>, ctnn::conv1d<8, ctnn::window<7>, ctnn::dilation<2>, ctnn::causal>>;
using picture = network<float, input<4, 12, 12>, ctnn::conv2d<8, ctnn::window<3>, relu, ctnn::same>,
                        ctnn::max_pool2d<ctnn::window<2>>, ctnn::conv2d<8, ctnn::window<3>, relu>,
                        ctnn::average_pool2d<ctnn::window<2>>, ctnn::flatten, dense<4>>;

constexpr struct {
    const char* name;
    bool (*run)(int times);
} cases[]{
    {"2-2-1 sigmoid", infer<logic>},
    {"1-8-8-1 tanh", infer<curve>},
    {"4-64-64-2 tanh", infer<control<tanh>>},
    {"4-64-64-2 relu", infer<control<relu>>},
    {"64-32-10 relu", infer<digits>},
    {"gru 8", stream<network<float, input<2, 8>, ctnn::gru<8>>>},
    {"lstm 8", stream<network<float, input<2, 8>, ctnn::lstm<8>>>},
    {"conv1d 8 channels, window 7, dilation 2", stream<causal_line>},
    {"conv2d and pooling, 12 by 12", infer<picture>},
    {"step 2-2-1, batch 1, sgd", train<logic, mean_squared_error, ctnn::sgd, 1>},
    {"step 64-32-10, batch 32, sgd", train<digits_trained, cross_entropy, ctnn::sgd, 32>},
    {"step 17-64-64-6, batch 32, adam", train<policy, mean_squared_error, ctnn::adam, 32>},
    {"step of conv2d and pooling, batch 4, sgd", train<picture, mean_squared_error, ctnn::sgd, 4>},
};

}  // namespace

/// Where the counts are written, and begin again.
[[gnu::noinline]] void end_of_case() {
    asm volatile("");
}

int main(int argc, char** argv) {
    bool all_finite = true;
    for (const auto& [name, run] : cases) {
        if (argc == 1) {
            std::puts(name);
        } else {
            all_finite &= run(std::atoi(argv[1]));
            end_of_case();
        }
    }
    return all_finite ? 0 : 1;
}
