// SPDX-License-Identifier: BSL-1.0
// The memory of a call is what inference_bytes says. On an Arm processor without an operating system, the stack of the
// network of examples/digits_cnn.cpp is measured: it is written full below its top, and afterwards searched for what the
// call has overwritten.
#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>

namespace {

using net_type = ctnn::network<float, ctnn::input<1, 8, 8>, ctnn::conv2d<8, ctnn::window<3>, ctnn::same, ctnn::relu>,
                               ctnn::max_pool2d<ctnn::window<2>>, ctnn::conv2d<16, ctnn::window<3>, ctnn::relu>,
                               ctnn::flatten, ctnn::dense<10, ctnn::softmax>>;
constexpr net_type model = ctnn::initialize<net_type>(ctnn::he_uniform{}, 1);

[[gnu::noinline]] void infer(const float* x, float* y) {
    model.forward(x, y);
}

#if defined(__arm__) && CTNN_BARE_METAL
constexpr std::size_t painted = 4096;
constexpr std::uint32_t paint = 0xdeadbeef;

[[gnu::noinline]] std::size_t stack_of_inference(const float* x, float* y) {
    volatile std::uint32_t* top;
    __asm__ volatile("mov %0, sp" : "=r"(top));
    for (std::size_t word = 1; word <= painted; ++word) *(top - word) = paint;
    infer(x, y);
    std::size_t used = painted;
    while (*(top - used) == paint) --used;
    return used * sizeof(paint);
}

void print(std::size_t number) {
    char text[12];
    std::size_t first = sizeof(text);
    text[--first] = '\n';
    do text[--first] = static_cast<char>('0' + number % 10);
    while ((number /= 10) > 0);
    register int result __asm__("r0") = 1;
    register const char* from __asm__("r1") = text + first;
    register std::size_t count __asm__("r2") = sizeof(text) - first;
    register int write_call __asm__("r7") = 4;
    __asm__ volatile("svc 0" : "+r"(result) : "r"(from), "r"(count), "r"(write_call) : "memory");
}
#else
std::size_t stack_of_inference(const float* x, float* y) {
    infer(x, y);
    return 0;
}
void print(std::size_t) {}
#endif

// What functions save beside the workspace. A Cortex-M0 calls functions for the arithmetic of float; where functions are
// not inlined by force (-DCTNN_INLINE=), those of layers and kernels have frames of their own.
#define TEXT_OF(macro) #macro
#define EXPANDED_TEXT_OF(macro) TEXT_OF(macro)
[[maybe_unused]] constexpr bool inlines = sizeof(EXPANDED_TEXT_OF(CTNN_INLINE)) > 1;
#if !defined(__OPTIMIZE__)
constexpr std::size_t most = 2 * ctnn::inference_bytes<net_type>;
#elif defined(__ARM_FP)
constexpr std::size_t most = inlines ? 2700 : 2800;
#else
constexpr std::size_t most = inlines ? 2800 : 2900;
#endif

}  // namespace

int main() {
    float x[64], y[10];
    for (std::size_t i = 0; i < 64; ++i) x[i] = static_cast<float>(i % 7) / 7;
    const std::size_t used = stack_of_inference(x, y);
    print(used);
    float sum = 0;
    for (const float share : y) sum += share;
    return used <= most && sum > 0.999f && sum < 1.001f ? 0 : 1;
}
