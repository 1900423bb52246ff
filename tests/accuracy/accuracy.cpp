// SPDX-License-Identifier: BSL-1.0
// The errors of the functions in ctnn/math/ and of the activations, and whether they ever decrease where the true
// function increases.
//
// usage: accuracy                          a sample of everything; returns 1 if a function is worse than documented
//        accuracy float [NAME...]          all 2^32 arguments; without names, of every function
//        accuracy double POINTS [NAME...]  that many arguments, and the neighbours of the worst ones
//
// The reference for float is the C library in double, whose error is 2^-29 ulp of float; for double it is libquadmath,
// in 128 bits. Where that is missing, double is not measured.
#include "../points.hpp"

#include <ctnn.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

#if defined(CTNN_HAS_QUADMATH)
#include <quadmath.h>
__extension__ typedef __float128 wide;
#else
using wide = long double;
#endif

namespace {

constexpr std::size_t lanes = CTNN_VECTOR_BYTES >= 16 ? CTNN_VECTOR_BYTES / 4 : 1;
template <class T, bool = (lanes > 1)>
struct register_of {
    using type = T;
};
#if !defined(CTNN_NO_VECTOR_TYPES)
template <class T>
struct register_of<T, true> {
    using type = ctnn::math::vector<T, CTNN_VECTOR_BYTES / sizeof(T)>;
};
#endif

/// Floating-point values as integers in the same order; -0 and 0 are both 0.
template <class T>
std::int64_t place_of(T x) {
    if constexpr (sizeof(T) == 4) {
        const auto bits = std::bit_cast<std::int32_t>(x);
        return bits < 0 ? -std::int64_t{bits & 0x7fffffff} : bits;
    } else {
        const auto bits = std::bit_cast<std::int64_t>(x);
        return bits < 0 ? -(bits & 0x7fffffffffffffff) : bits;
    }
}

/// What a function guarantees: its largest error in ulp, whether it never decreases, and up to which magnitude of finite
/// arguments.
struct promise {
    double float_ulp, double_ulp;
    bool float_grows;
    double float_until = HUGE_VAL, double_until = HUGE_VAL;

    bool holds_at(float x) const { return !(std::abs(x) > float_until && std::abs(x) < HUGE_VALF); }
    bool holds_at(double x) const { return !(std::abs(x) > double_until && std::abs(x) < HUGE_VAL); }
};

struct function {
    const char* name;
    promise kept;
    void (*in_float)(float* x, std::size_t count);
    double (*in_double)(double x);
    double (*reference)(double x);
    wide (*wide_reference)(wide x);
    /// The implementation switches between pieces at integer multiples of `seam` plus half of it; 0 if nowhere.
    double seam, lowest, highest;
};

template <auto Function>
void apply(float* x, std::size_t count) {
    using V = typename register_of<float>::type;
    for (std::size_t i = 0; i < count; i += lanes) {
        V argument;
        std::memcpy(&argument, x + i, sizeof argument);
        argument = Function(argument);
        std::memcpy(x + i, &argument, sizeof argument);
    }
}
template <auto Function>
double apply_one(double x) {
    return Function(x);
}

#if defined(CTNN_HAS_QUADMATH)
wide exp_of(wide x) {
    return expq(x);
}
wide expm1_of(wide x) {
    return expm1q(x);
}
wide log_of(wide x) {
    return logq(x);
}
wide log1p_of(wide x) {
    return log1pq(x);
}
wide tanh_of(wide x) {
    return tanhq(x);
}
wide erf_of(wide x) {
    return erfq(x);
}
wide sqrt_of(wide x) {
    return sqrtq(x);
}
wide sin_of(wide x) {
    return sinq(x);
}
wide cos_of(wide x) {
    return cosq(x);
}
#else
wide exp_of(wide x) {
    return std::exp(x);
}
wide expm1_of(wide x) {
    return std::expm1(x);
}
wide log_of(wide x) {
    return std::log(x);
}
wide log1p_of(wide x) {
    return std::log1p(x);
}
wide tanh_of(wide x) {
    return std::tanh(x);
}
wide erf_of(wide x) {
    return std::erf(x);
}
wide sqrt_of(wide x) {
    return std::sqrt(x);
}
wide sin_of(wide x) {
    return std::sin(x);
}
wide cos_of(wide x) {
    return std::cos(x);
}
#endif
double exp_of(double x) {
    return std::exp(x);
}
double expm1_of(double x) {
    return std::expm1(x);
}
double log_of(double x) {
    return std::log(x);
}
double log1p_of(double x) {
    return std::log1p(x);
}
double tanh_of(double x) {
    return std::tanh(x);
}
double erf_of(double x) {
    return std::erf(x);
}
double sqrt_of(double x) {
    return std::sqrt(x);
}
double sin_of(double x) {
    return std::sin(x);
}
double cos_of(double x) {
    return std::cos(x);
}

// The true functions, in a type wider than the measured one.
struct truth {
    template <class W>
    static W exp(W x) {
        return exp_of(x);
    }
    template <class W>
    static W expm1(W x) {
        return expm1_of(x);
    }
    template <class W>
    static W log(W x) {
        return log_of(x);
    }
    template <class W>
    static W log1p(W x) {
        return log1p_of(x);
    }
    template <class W>
    static W tanh(W x) {
        return tanh_of(x);
    }
    template <class W>
    static W erf(W x) {
        return erf_of(x);
    }
    template <class W>
    static W sqrt(W x) {
        return sqrt_of(x);
    }
    template <class W>
    static W sin(W x) {
        return sin_of(x);
    }
    template <class W>
    static W cos(W x) {
        return cos_of(x);
    }
    template <class W>
    static W sigmoid(W x) {
        return W(1) / (W(1) + exp_of(-x));
    }
    template <class W>
    static W softplus(W x) {
        return x > W(0) ? x + log1p_of(exp_of(-x)) : log1p_of(exp_of(x));
    }
    template <class W>
    static W softsign(W x) {
        return x - x != W(0) ? (x < W(0) ? W(-1) : x > W(0) ? W(1) : x) : x / (W(1) + (x < W(0) ? -x : x));
    }
    template <class W>
    static W elu(W x) {
        return x > W(0) ? x : expm1_of(x);
    }
    template <class W>
    static W silu(W x) {
        return x - x != W(0) ? (x < W(0) ? W(0) : x) : x / (W(1) + exp_of(-x));
    }
};

#define CTNN_MEASURED(name, entity, seam, lowest, highest, ...)                                                      \
    function {                                                                                                       \
#name, {__VA_ARGS__ },                                                                                       \
                apply < [](auto x) { return entity(x); }>, apply_one <                                               \
                                                               [](auto x) { return entity(x); }>,                    \
                                                                                              truth::name < double>, \
                                                                                              truth::name < wide>,   \
                                                                                              seam, lowest, highest  \
    }
constexpr double log_2 = 0.69314718055994530942, quarter = 1.57079632679489661923;
const function functions[]{
    CTNN_MEASURED(exp, ctnn::math::exp, log_2, -746, 710, 1, 1, true),
    CTNN_MEASURED(expm1, ctnn::math::expm1, log_2, -40, 710, 4, 4, true),
    CTNN_MEASURED(log, ctnn::math::log, 0, 0, 10, 1, 1, true),
    CTNN_MEASURED(log1p, ctnn::math::log1p, 0, -1, 10, 4, 4, true),
    CTNN_MEASURED(sigmoid, ctnn::math::sigmoid, log_2, -746, 40, 4, 1, true),
    CTNN_MEASURED(tanh, ctnn::math::tanh, log_2 / 2, -20, 20, 4, 1, true),
    CTNN_MEASURED(erf, ctnn::math::erf, 0, -6, 6, 4, 4, false),
    CTNN_MEASURED(softplus, ctnn::math::softplus, log_2, -746, 40, 4, 4, false),
    CTNN_MEASURED(sqrt, ctnn::math::sqrt, 0, 0, 10, 0.5, 0.5, true),
    CTNN_MEASURED(sin, ctnn::math::sin, quarter, -1.6e6, 1.6e6, 1, 1, false, 1608, 1.6e6),
    CTNN_MEASURED(cos, ctnn::math::cos, quarter, -1.6e6, 1.6e6, 1, 1, false, 1608, 1.6e6),
    CTNN_MEASURED(softsign, ctnn::softsign{}, 0, -100, 100, 4, 4, false),
    CTNN_MEASURED(elu, ctnn::elu{}, log_2, -40, 40, 4, 4, false),
};

/// The error of `got` in ulp of the true value.
template <class T, class W>
double error_in_ulp(T got, W wanted) {
    constexpr double wrong = std::numeric_limits<double>::infinity();
    constexpr T largest = std::numeric_limits<T>::max();
    const T rounded = static_cast<T>(wanted);
    if (!(std::abs(rounded) <= largest && std::abs(got) <= largest)) {
        const bool same = got == rounded || (got != got && rounded != rounded);
        return same ? 0 : wrong;
    }
    if (got == 0 && rounded == 0) return std::signbit(got) == std::signbit(rounded) ? 0 : wrong;
    // The ulp of the true value, not of the rounded one, which may be the next power of two.
    constexpr int fraction = std::numeric_limits<T>::digits - 1, lowest = std::numeric_limits<T>::min_exponent - 1;
    int exponent = std::max(std::ilogb(rounded), lowest);
    const W power = static_cast<W>(std::ldexp(T(1), exponent));
    if (exponent > lowest && (wanted < W(0) ? -wanted : wanted) < power) --exponent;
    return std::abs(
        static_cast<double>((static_cast<W>(got) - wanted) / static_cast<W>(std::ldexp(T(1), exponent - fraction))));
}
/// A fast path for float, which is measured at many arguments.
double error_in_ulp(float got, double wanted) {
    constexpr double smallest = std::numeric_limits<float>::min();
    const double magnitude = std::abs(wanted);
    if (!(magnitude >= smallest && magnitude < 0x1.fffffep127 && std::abs(got) <= std::numeric_limits<float>::max()))
        return error_in_ulp<float, double>(got, wanted);
    const std::uint64_t exponent = std::bit_cast<std::uint64_t>(magnitude) >> 52;
    return std::abs((got - wanted) * std::bit_cast<double>((std::uint64_t{2046 + 23} - exponent) << 52));
}

struct result {
    double error = 0, at = 0;
    std::uint64_t arguments = 0, falls = 0;
    std::int64_t deepest = 0;
    double deepest_at = 0;
};

/// Walks through the floats in increasing order, from -inf to inf, and keeps the largest value so far.
class float_walk {
  public:
    explicit float_walk(const function& given) : measured(given) {}

    /// The `count` floats from position `first` on.
    void visit(std::int64_t first, std::size_t count) {
        for (std::size_t i = 0; i < block; ++i) {
            const auto place = static_cast<std::int32_t>(first + static_cast<std::int64_t>(i < count ? i : count - 1));
            const float magnitude = std::bit_cast<float>(std::abs(place));
            x[i] = y[i] = place < 0 ? -magnitude : magnitude;
        }
        measured.in_float(y.data(), block);
        for (std::size_t i = 0; i < count; ++i) look_at(x[i], y[i]);
    }
    static constexpr std::size_t block = 4096;
    result found;

  private:
    void look_at(float argument, float value) {
        if (!measured.kept.holds_at(argument)) return;
        ++found.arguments;
        const double error = error_in_ulp(value, measured.reference(argument));
        if (error > found.error) {
            found.error = error;
            found.at = argument;
        }
        if (value != value) return;
        const std::int64_t place = place_of(value);
        if (place < highest) {
            ++found.falls;
            if (highest - place > found.deepest) {
                found.deepest = highest - place;
                found.deepest_at = argument;
            }
        } else {
            highest = place;
        }
    }

    const function& measured;
    std::array<float, block> x{}, y{};
    std::int64_t highest = std::numeric_limits<std::int64_t>::min();
};

constexpr std::int64_t float_infinity = 0x7f800000;

/// All floats, or one block in `stride`.
result measure_float(const function& measured, std::int64_t stride) {
    float_walk walk{measured};
    constexpr auto block = static_cast<std::int64_t>(float_walk::block);
    for (std::int64_t first = -float_infinity; first <= float_infinity; first += block * stride)
        walk.visit(first, static_cast<std::size_t>(std::min(block, float_infinity - first + 1)));
    if (stride == 1) {
        // -0 shares its position with 0; nan has 2^24 - 2 bit patterns, tested as one argument.
        std::array<float, float_walk::block> odd{};
        odd.fill(-0.0f);
        odd[0] = std::numeric_limits<float>::quiet_NaN();
        measured.in_float(odd.data(), odd.size());
        if (odd[0] == odd[0] || error_in_ulp(odd[1], measured.reference(-0.0)) > measured.kept.float_ulp)
            walk.found.error = std::numeric_limits<double>::infinity();
    }
    return walk.found;
}

#if defined(CTNN_HAS_QUADMATH)
using test_support::points;

double double_at(std::int64_t place) {
    const double magnitude = std::bit_cast<double>(std::abs(place));
    return place < 0 ? -magnitude : magnitude;
}

/// Points where the function varies, of every magnitude, near the seams and near powers of two; then the neighbours of
/// the worst ones, three times.
result measure_double(const function& measured, std::uint64_t count) {
    struct seen {
        double error, at;
    };
    constexpr std::size_t kept = 64;
    std::vector<seen> worst;
    result found;
    const auto look_at = [&](double x) {
        if (!measured.kept.holds_at(x)) return;
        ++found.arguments;
        const double error = error_in_ulp(measured.in_double(x), measured.wide_reference(static_cast<wide>(x)));
        if (worst.size() == kept && error <= worst.back().error) return;
        for (const seen& other : worst)
            if (other.at == x) return;
        worst.insert(std::ranges::find_if(worst, [&](const seen& other) { return other.error < error; }), {error, x});
        if (worst.size() > kept) worst.pop_back();
    };
    points point;
    for (std::uint64_t i = 0; i < count / 10; ++i) {
        look_at(point.between(measured.lowest, measured.highest));
        look_at(point.between(std::max(measured.lowest, -8.0), std::min(measured.highest, 8.0)));
        look_at(point.between(std::max(measured.lowest, -2.0), std::min(measured.highest, 2.0)));
        look_at(std::ldexp(point.between(-1, 1), static_cast<int>(point() % 24) - 12));
        look_at(std::ldexp(point.between(-1, 1), static_cast<int>(point() % 80) - 70));
        look_at(std::bit_cast<double>(point()));
        const auto near = static_cast<std::int64_t>(point() % 65) - 32;
        look_at(double_at(place_of(std::ldexp(1.0, static_cast<int>(point() % 128) - 64)) + near));
        const double seam =
            measured.seam != 0
                ? measured.seam * (std::floor(point.between(measured.lowest, measured.highest) / measured.seam) + 0.5)
                : std::ldexp(std::sqrt(0.5), static_cast<int>(point() % 24) - 12);
        look_at(double_at(place_of(seam) + near));
        look_at(seam + std::ldexp(point.between(-1, 1), static_cast<int>(point() % 50) - 50));
    }
    for (int round = 0; round < 3; ++round) {
        const std::vector<seen> start = worst;
        for (const seen& place : start)
            for (std::uint64_t i = 0; i < count / 10 / 3 / kept; ++i)
                look_at(double_at(
                    place_of(place.at) +
                    static_cast<std::int64_t>(point.between(-1, 1) * std::ldexp(1.0, static_cast<int>(point() % 48)))));
    }
    for (const double x : {0.0, -0.0, 1.0, -1.0, HUGE_VAL, -HUGE_VAL, 0x1p-1074, -0x1p-1074, 0x1p-1022, -0x1p-1022,
                           0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023, std::numeric_limits<double>::quiet_NaN()})
        look_at(x);
    found.error = worst.front().error;
    found.at = worst.front().at;
    return found;
}
#endif

/// Prints the result and returns whether it is within the documented bounds.
bool report(const function& measured, const char* type, const result& found, double ulp, bool grows) {
    std::printf("%-9s %-6s %10llu arguments: %.3f ulp at %.17g", measured.name, type,
                static_cast<unsigned long long>(found.arguments), found.error, found.at);
    if (found.falls != 0)
        std::printf("; falls at %llu, by up to %lld ulp at %.9g", static_cast<unsigned long long>(found.falls),
                    static_cast<long long>(found.deepest), found.deepest_at);
    const bool ok = found.error <= ulp && (!grows || found.falls == 0);
    std::puts(ok ? "" : ": NOT WHAT IS DOCUMENTED");
    std::fflush(stdout);
    return ok;
}

bool check_float(const function& measured, std::int64_t stride) {
    return report(measured, "float", measure_float(measured, stride), measured.kept.float_ulp,
                  measured.kept.float_grows);
}
bool check_double(const function& measured, std::uint64_t count) {
#if defined(CTNN_HAS_QUADMATH)
    return report(measured, "double", measure_double(measured, count), measured.kept.double_ulp, false);
#else
    static_cast<void>(measured), static_cast<void>(count);
    return true;
#endif
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "sample";
    if (what != "sample" && what != "float" && !(what == "double" && argc > 2)) {
        std::fputs("usage: accuracy | accuracy float [NAME...] | accuracy double POINTS [NAME...]\n", stderr);
        return 2;
    }
    const int first_name = what == "double" ? 3 : 2;
    bool ok = true;
    for (const function& measured : functions) {
        bool chosen = argc <= first_name;
        for (int i = first_name; i < argc; ++i) chosen |= std::string_view(argv[i]) == measured.name;
        if (!chosen) continue;
        if (what != "double") ok &= check_float(measured, what == "float" ? 1 : 4099);
        if (what != "float")
            ok &= check_double(measured, what == "double" ? std::strtoull(argv[2], nullptr, 10) : 40'000);
    }
    return ok ? 0 : 1;
}
