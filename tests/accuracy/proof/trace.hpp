// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A lane type that records operations: the functions of ctnn/math/ as lists of what they compute.

#include <ctnn/math/lane.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace proof {

enum class operation {
    argument,
    constant,
    add,
    subtract,
    multiply,
    divide,
    negate,
    less,        ///< a < b
    less_equal,  ///< a <= b
    equal,       ///< a == b
    select,      ///< c ? a : b
    at_most,     ///< b < a ? b : a
    at_least,    ///< b > a ? b : a
    bits_and,    // From here on the operands and the result are bit patterns.
    bits_or,
    bits_add,
    bits_subtract,
    shift_left,  ///< by the constant b
    shift_right,
};

struct step {
    operation does;
    std::size_t a = 0, b = 0, c = 0;
    std::uint64_t constant = 0;  ///< bits of a constant
};

/// What a function does: operands are earlier steps, and the last one is the result.
using program = std::vector<step>;

inline program& recorded() {
    static program steps;
    return steps;
}
inline std::size_t record(operation does, std::size_t a = 0, std::size_t b = 0, std::size_t c = 0) {
    recorded().push_back({does, a, b, c, 0});
    return recorded().size() - 1;
}
inline std::size_t record_constant(std::uint64_t bits) {
    recorded().push_back({operation::constant, 0, 0, 0, bits});
    return recorded().size() - 1;
}

/// What a step computed: `traced` wraps it because the lane functions take the value out of a class.
struct handle {
    std::size_t at;
};
struct traced_mask {
    std::size_t at;
};
/// The bit pattern of a step.
struct traced_bits {
    std::size_t at;

    traced_bits() = default;
    explicit traced_bits(handle of) : at(of.at) {}
    traced_bits(std::uint64_t bits) : at(record_constant(bits)) {}

    friend traced_bits operator&(traced_bits a, traced_bits b) {
        return traced_bits(handle{record(operation::bits_and, a.at, b.at)});
    }
    friend traced_bits operator|(traced_bits a, traced_bits b) {
        return traced_bits(handle{record(operation::bits_or, a.at, b.at)});
    }
    friend traced_bits operator+(traced_bits a, traced_bits b) {
        return traced_bits(handle{record(operation::bits_add, a.at, b.at)});
    }
    friend traced_bits operator-(traced_bits a, traced_bits b) {
        return traced_bits(handle{record(operation::bits_subtract, a.at, b.at)});
    }
    friend traced_bits operator<<(traced_bits a, unsigned by) {
        return traced_bits(handle{record(operation::shift_left, a.at, record_constant(by))});
    }
    friend traced_bits operator>>(traced_bits a, unsigned by) {
        return traced_bits(handle{record(operation::shift_right, a.at, record_constant(by))});
    }
};

/// Stands for a `double`. Casting it to `traced_bits` and back bit by bit keeps the step.
struct traced {
    handle value;

    traced() : traced(0.0) {}
    traced(double x) : value{record_constant(std::bit_cast<std::uint64_t>(x))} {}
    traced(handle of) : value(of) {}

    friend traced operator-(traced a) { return handle{record(operation::negate, a.value.at)}; }
    friend traced operator+(traced a, traced b) { return handle{record(operation::add, a.value.at, b.value.at)}; }
    friend traced operator-(traced a, traced b) { return handle{record(operation::subtract, a.value.at, b.value.at)}; }
    friend traced operator*(traced a, traced b) { return handle{record(operation::multiply, a.value.at, b.value.at)}; }
    friend traced operator/(traced a, traced b) { return handle{record(operation::divide, a.value.at, b.value.at)}; }
    friend traced_mask operator<(traced a, traced b) { return {record(operation::less, a.value.at, b.value.at)}; }
    friend traced_mask operator>(traced a, traced b) { return {record(operation::less, b.value.at, a.value.at)}; }
    friend traced_mask operator<=(traced a, traced b) {
        return {record(operation::less_equal, a.value.at, b.value.at)};
    }
    friend traced_mask operator>=(traced a, traced b) {
        return {record(operation::less_equal, b.value.at, a.value.at)};
    }
    friend traced_mask operator==(traced a, traced b) { return {record(operation::equal, a.value.at, b.value.at)}; }
};
static_assert(sizeof(traced) == sizeof(traced_bits));

// Found by argument-dependent lookup, before the templates of ctnn::math.
inline handle select(traced_mask mask, handle yes, handle no) {
    return {record(operation::select, yes.at, no.at, mask.at)};
}
inline traced select(traced_mask mask, traced yes, traced no) {
    return select(mask, yes.value, no.value);
}
inline handle at_most(handle x, double bound) {
    return {record(operation::at_most, x.at, traced(bound).value.at)};
}
inline handle at_least(handle x, double bound) {
    return {record(operation::at_least, x.at, traced(bound).value.at)};
}
inline traced at_most(traced x, double bound) {
    return at_most(x.value, bound);
}
inline traced at_least(traced x, double bound) {
    return at_least(x.value, bound);
}

/// The steps of `function`, an object that takes any lane type.
template <class Function>
program trace(Function function) {
    recorded().clear();
    record(operation::argument);
    const traced result = function(traced(handle{0}));
    // The result is the last step, so that a program is known by its steps alone.
    if (result.value.at + 1 != recorded().size())
        static_cast<void>(record(operation::at_least, result.value.at, traced(-HUGE_VAL).value.at));
    return recorded();
}

/// Computes the steps of a program in `double`. Where `fuses()` returns true, a product is not rounded before it is added.
template <class Fuses>
double computed(const program& steps, double x, Fuses&& fuses) {
    std::vector<std::uint64_t> result(steps.size());
    const auto number = [&](std::size_t at) { return std::bit_cast<double>(result[at]); };
    const auto fused = [&](std::size_t product, double factor, double other) {
        return std::fma(factor * number(steps[product].a), number(steps[product].b), other);
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const step& s = steps[i];
        const auto put = [&](double y) { result[i] = std::bit_cast<std::uint64_t>(y); };
        const double a = number(s.a), b = number(s.b);
        switch (s.does) {
            case operation::argument:
                put(x);
                break;
            case operation::constant:
                result[i] = s.constant;
                break;
            case operation::add:
                if (steps[s.a].does == operation::multiply && fuses())
                    put(fused(s.a, 1, b));
                else if (steps[s.b].does == operation::multiply && fuses())
                    put(fused(s.b, 1, a));
                else
                    put(a + b);
                break;
            case operation::subtract:
                if (steps[s.a].does == operation::multiply && fuses())
                    put(fused(s.a, 1, -b));
                else if (steps[s.b].does == operation::multiply && fuses())
                    put(fused(s.b, -1, a));
                else
                    put(a - b);
                break;
            case operation::multiply:
                put(a * b);
                break;
            case operation::divide:
                put(a / b);
                break;
            case operation::negate:
                put(-a);
                break;
            case operation::less:
                result[i] = a < b;
                break;
            case operation::less_equal:
                result[i] = a <= b;
                break;
            case operation::equal:
                result[i] = a == b;
                break;
            case operation::select:
                result[i] = result[s.c] != 0 ? result[s.a] : result[s.b];
                break;
            case operation::at_most:
                put(b < a ? b : a);
                break;
            case operation::at_least:
                put(b > a ? b : a);
                break;
            case operation::bits_and:
                result[i] = result[s.a] & result[s.b];
                break;
            case operation::bits_or:
                result[i] = result[s.a] | result[s.b];
                break;
            case operation::bits_add:
                result[i] = result[s.a] + result[s.b];
                break;
            case operation::bits_subtract:
                result[i] = result[s.a] - result[s.b];
                break;
            case operation::shift_left:
                result[i] = result[s.a] << result[s.b];
                break;
            case operation::shift_right:
                result[i] = result[s.a] >> result[s.b];
                break;
        }
    }
    return number(steps.size() - 1);
}

}  // namespace proof

namespace CTNN_NAMESPACE::math::detail {
template <>
struct lane<proof::traced> {
    using scalar = double;
    using bits = proof::traced_bits;
};
}  // namespace CTNN_NAMESPACE::math::detail
