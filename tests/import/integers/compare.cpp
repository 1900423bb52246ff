// SPDX-License-Identifier: BSL-1.0
// An imported network of integers computes the very integers that its runtime did, in constants and at run time.
#include CTNN_TEST_HEADER

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

using imported::model;
using net_type = imported::model_type;
constexpr std::size_t inputs = net_type::input_shape::size, outputs = net_type::output_shape::size;

std::vector<char> bytes_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

constexpr ctnn::tensor<std::int8_t, net_type::input_shape> pattern = [] {
    ctnn::tensor<std::int8_t, net_type::input_shape> x{};
    for (std::size_t i = 0; i < inputs; ++i) x[i] = static_cast<std::int8_t>(i * 37);
    return x;
}();
#if defined(CTNN_TEST_CONSTANT)
constexpr auto in_a_constant = model(pattern);
#endif

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const std::vector<char> x = bytes_of(arguments[1]), expected = bytes_of(arguments[2]);
    const std::size_t samples = x.size() / inputs;
    if (samples == 0 || x.size() != samples * inputs || expected.size() != samples * outputs) {
        std::printf("%zu bytes of inputs and %zu of outputs\n", x.size(), expected.size());
        return 2;
    }
    std::size_t differences = 0;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        ctnn::tensor<std::int8_t, net_type::input_shape> one{};
        for (std::size_t i = 0; i < inputs; ++i) one[i] = static_cast<std::int8_t>(x[sample * inputs + i]);
        const auto y = model(one);
        for (std::size_t i = 0; i < outputs; ++i)
            if (y[i] != static_cast<std::int8_t>(expected[sample * outputs + i])) ++differences;
    }
#if defined(CTNN_TEST_CONSTANT)
    if (!(model(pattern) == in_a_constant)) return 1;
#endif
    std::printf("%zu of %zu outputs differ\n", differences, samples * outputs);
    return differences == 0 ? 0 : 1;
}
