// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// One timed pass over a file of raw floats, in blocks; prints the nanoseconds of a sample.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <vector>

template <class Process>
int play(char** arguments, Process process) {
    std::ifstream in(arguments[2], std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    std::vector<float> x(bytes.size() / sizeof(float)), y(x.size());
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(x.data()));
    const std::size_t block = std::stoul(arguments[4]);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t t = 0; t < x.size(); t += block) process(&x[t], &y[t], std::min(block, x.size() - t));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::ofstream(arguments[3], std::ios::binary)
        .write(reinterpret_cast<const char*>(y.data()), static_cast<std::streamsize>(y.size() * sizeof(float)));
    std::printf("%.2f\n", 1e9 * seconds / static_cast<double>(x.size()));
    return 0;
}
