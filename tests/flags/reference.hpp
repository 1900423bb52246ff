// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The reference for programs with flags that allow value-changing optimisations. reference.cpp is compiled without
/// such flags: only it computes references and errors, and detects nan.

#include <cstddef>

namespace flags {

/// Computes `count` results from as many arguments.
template <class T>
using function = void (*)(const T* x, T* y, std::size_t count);

/// Compares a function with the C library's function of this name, computed in the next wider type, at finite arguments
/// of every magnitude. `bound` is in ulp.
void check(const char* name, const char* how, double bound, function<float> computed);
void check(const char* name, const char* how, double bound, function<double> computed);

/// Compares values; `bound` is in ulp of the largest expected one.
void compare(const char* name, const float* wanted, const float* got, std::size_t count, double bound);
void compare(const char* name, const double* wanted, const double* got, std::size_t count, double bound);

/// What main() returns: 0 if something was compared and all of it was near enough.
int verdict();

}  // namespace flags
