// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The distance between the outputs of an imported network and those of its source.

#include <ctnn.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace models {

/// No output of a sample may differ from the expected one by more than this fraction of the sample's largest output.
inline constexpr double most = 1e-5;

/// The largest |y - expected|, divided by the largest |expected|.
template <class Net>
constexpr double difference(const Net& net, const ctnn::tensor<typename Net::value_type, typename Net::input_shape>& x,
                            const ctnn::tensor<typename Net::value_type, typename Net::output_shape>& expected) {
    const auto y = net(x);
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < Net::output_shape::size; ++i) {
        const double a = double{y[i]}, b = double{expected[i]};
        if (a != a || b != b) return 2;
        worst = std::max(worst, a < b ? b - a : a - b);
        largest = std::max(largest, b < 0 ? -b : b);
    }
    return worst / largest;
}

/// The same object, opaque to the compiler, which cannot tell that it is a constant.
template <class T>
const T& unknown(const T& object) {
    const T* pointer = &object;
    asm volatile("" : "+r"(pointer) : : "memory");
    return *pointer;
}

/// Prints the two differences and returns whether one is too large.
inline bool report(const char* name, double constant, double run_time) {
    std::printf("%s: %.1e of the largest output in constant evaluation, %.1e at run time\n", name, constant, run_time);
    return !(constant <= most && run_time <= most);
}

}  // namespace models
