// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What programs with flags that allow other operations are compared with. reference.cpp is compiled without such flags:
/// it alone computes references and errors, and knows nan when it sees one.

#include <cstddef>

namespace flags {

/// Computes `count` results from as many arguments.
template <class T>
using function = void (*)(const T* x, T* y, std::size_t count);

/// Compares a function with that of the C library which has this name, computed in the next wider type, at finite
/// arguments of every magnitude. `bound` is in units of the last place.
void check(const char* name, const char* how, double bound, function<float> computed);
void check(const char* name, const char* how, double bound, function<double> computed);

/// Compares numbers; `bound` is in units of the last place of the largest that is wanted.
void compare(const char* name, const float* wanted, const float* got, std::size_t count, double bound);
void compare(const char* name, const double* wanted, const double* got, std::size_t count, double bound);

/// What main() returns: 0 if something was compared and all of it was near enough.
int verdict();

}  // namespace flags
