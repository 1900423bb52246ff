// SPDX-License-Identifier: BSL-1.0
// Every mathematical function keeps its bound for finite arguments, in scalars and in registers, with flags that allow
// value-changing optimisations.

#include "reference.hpp"

#include <ctnn/math/erf.hpp>
#include <ctnn/math/exp.hpp>
#include <ctnn/math/expm1.hpp>
#include <ctnn/math/log.hpp>
#include <ctnn/math/log1p.hpp>
#include <ctnn/math/sigmoid.hpp>
#include <ctnn/math/softplus.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/math/tanh.hpp>

#include <cstddef>

namespace {

template <class Function, class T>
void numbers(const T* x, T* y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) y[i] = Function{}(x[i]);
}

template <class Function, class T>
void registers([[maybe_unused]] const T* x, [[maybe_unused]] T* y, [[maybe_unused]] std::size_t count) {
    if constexpr (CTNN_VECTOR_BYTES > sizeof(T)) {
        using V = ctnn::math::vector<T, CTNN_VECTOR_BYTES / sizeof(T)>;
        for (std::size_t i = 0; i < count; i += sizeof(V) / sizeof(T)) {
            V lanes;
            __builtin_memcpy(&lanes, x + i, sizeof(V));
            lanes = Function{}(lanes);
            __builtin_memcpy(y + i, &lanes, sizeof(V));
        }
    }
}

template <class Function, class T>
void check(const char* name, double bound) {
    flags::check(name, "number", bound, numbers<Function, T>);
    if constexpr (CTNN_VECTOR_BYTES > sizeof(T)) flags::check(name, "register", bound, registers<Function, T>);
}

/// The bounds are those stated in the headers.
template <class Function>
void check(const char* name, Function, double bound_of_float, double bound_of_double) {
    check<Function, float>(name, bound_of_float);
    check<Function, double>(name, bound_of_double);
}

}  // namespace

int main() {
    check(
        "exp", [](auto x) { return ctnn::math::exp(x); }, 1, 1);
    check(
        "expm1", [](auto x) { return ctnn::math::expm1(x); }, 4, 4);
    check(
        "log", [](auto x) { return ctnn::math::log(x); }, 1, 1);
    check(
        "log1p", [](auto x) { return ctnn::math::log1p(x); }, 4, 4);
    check(
        "sigmoid", [](auto x) { return ctnn::math::sigmoid(x); }, 4, 1);
    check(
        "softplus", [](auto x) { return ctnn::math::softplus(x); }, 4, 4);
    check(
        "tanh", [](auto x) { return ctnn::math::tanh(x); }, 4, 1);
    check(
        "erf", [](auto x) { return ctnn::math::erf(x); }, 4, 4);
    check(
        "sqrt", [](auto x) { return ctnn::math::sqrt(x); }, 0.5, 0.5);
    return flags::verdict();
}
