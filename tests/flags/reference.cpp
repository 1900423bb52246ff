// SPDX-License-Identifier: BSL-1.0
// The reference for the other programs of this folder, compiled without their flags.

#include "reference.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

namespace {

std::size_t compared = 0;
bool all_near = true;

template <class T>
struct in {
    using wide = std::conditional_t<sizeof(T) == 4, double, long double>;
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
};

template <class Wide>
Wide softplus(Wide x) {
    return std::fmax(x, Wide(0)) + std::log1p(std::exp(-std::fabs(x)));
}

template <class Wide>
Wide reference(const char* name, Wide x) {
    const auto is = [name](const char* other) { return std::strcmp(name, other) == 0; };
    if (is("exp")) return std::exp(x);
    if (is("expm1")) return std::expm1(x);
    if (is("log")) return std::log(x);
    if (is("log1p")) return std::log1p(x);
    if (is("sigmoid")) return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
    if (is("softplus")) return softplus(x);
    if (is("tanh")) return std::tanh(x);
    if (is("erf")) return std::erf(x);
    if (is("sqrt")) return std::sqrt(x);
    return std::numeric_limits<Wide>::quiet_NaN();
}

/// Whether subnormals are flushed to zero in this program, which depends on the flags given to the linker.
bool flushes() {
    volatile float small = std::numeric_limits<float>::min(), half = 0.5F;
    volatile float product = small * half;
    return product == 0;
}

template <class T, class Wide>
double ulp(T got, Wide wanted) {
    constexpr int digits = std::numeric_limits<T>::digits, lowest = std::numeric_limits<T>::min_exponent - digits;
    const int place = wanted == 0 ? lowest : std::max(std::ilogb(wanted) + 1 - digits, lowest);
    return static_cast<double>(std::ldexp(std::fabs(static_cast<long double>(got) - wanted), -place));
}

/// Values of every magnitude and both signs, more densely where functions vary.
template <class T>
std::vector<T> arguments() {
    using word = typename in<T>::word;
    std::vector<T> result{0,
                          1,
                          -1,
                          T(1.5),
                          T(-88.5),
                          std::numeric_limits<T>::max(),
                          std::numeric_limits<T>::lowest(),
                          std::numeric_limits<T>::min()};
    constexpr word step = static_cast<word>(std::numeric_limits<word>::max() / 40'000 | 1);
    for (word bits = 1, i = 0; i < 40'000; ++i, bits = static_cast<word>(bits + step))
        result.push_back(std::bit_cast<T>(bits));
    const T range = sizeof(T) == 4 ? T(110) : T(760);
    for (int i = -20'000; i <= 20'000; ++i) {
        result.push_back(range * static_cast<T>(i) / T(20'000));
        result.push_back(4 * static_cast<T>(i) / T(20'000));
    }
    // By their bits, because subnormals may compare equal to zero here.
    constexpr word sign = word{1} << (8 * sizeof(T) - 1), least = std::bit_cast<word>(std::numeric_limits<T>::min()),
                   infinite = std::bit_cast<word>(std::numeric_limits<T>::infinity());
    std::erase_if(result, [](T x) {
        const word magnitude = std::bit_cast<word>(x) & ~sign;
        return magnitude != 0 && (magnitude < least || magnitude >= infinite);
    });
    result.resize(result.size() / 64 * 64);  // whole registers
    return result;
}

template <class T>
void check_all(const char* name, const char* how, double bound, flags::function<T> computed) {
    const bool flushed = flushes();
    const std::vector<T> x = arguments<T>();
    std::vector<T> y(x.size());
    computed(x.data(), y.data(), x.size());
    double worst = 0;
    T at = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto wanted = reference(name, static_cast<typename in<T>::wide>(x[i]));
        // With these flags, infinities and nan need not be preserved.
        if (!std::isfinite(wanted) || std::fabs(wanted) > std::numeric_limits<T>::max()) continue;
        constexpr auto least = static_cast<typename in<T>::wide>(std::numeric_limits<T>::min());
        ++count;
        // Where subnormals are flushed to zero, intermediate results are too.
        if (flushed && std::fabs(static_cast<typename in<T>::wide>(y[i]) - wanted) <= least) continue;
        const double error = ulp(y[i], wanted);
        if (!(error <= worst)) {
            worst = std::isnan(error) ? HUGE_VAL : error;
            at = x[i];
        }
    }
    std::printf("%-8s of %-6s, %-8s: %.2f ulp at %.9g (%zu arguments)\n", name, sizeof(T) == 4 ? "float" : "double",
                how, worst, static_cast<double>(at), count);
    compared += count;
    if (count < 10'000 || !(worst <= bound)) {
        std::printf("    that is more than %g ulp, or too few arguments\n", bound);
        all_near = false;
    }
}

template <class T>
void compare_all(const char* name, const T* wanted, const T* got, std::size_t count, double bound) {
    T size{};
    for (std::size_t i = 0; i < count; ++i) size = std::fmax(size, std::fabs(wanted[i]));
    const double unit = std::ldexp(static_cast<double>(std::numeric_limits<T>::epsilon()), std::ilogb(size));
    double worst = 0;
    std::size_t where = 0;
    for (std::size_t i = 0; i < count; ++i) {
        ++compared;
        const double distance = std::fabs(static_cast<double>(wanted[i]) - static_cast<double>(got[i])) / unit;
        if (!(distance <= worst)) {
            worst = std::isnan(distance) ? HUGE_VAL : distance;
            where = i;
        }
    }
    std::printf("%-28s %-6s: %.2f ulp of the largest number\n", name, sizeof(T) == 4 ? "float" : "double", worst);
    if (!(worst <= bound)) {
        std::printf("    number %zu: wanted %.17g, got %.17g; at most %g ulp are allowed\n", where,
                    static_cast<double>(wanted[where]), static_cast<double>(got[where]), bound);
        all_near = false;
    }
}

}  // namespace

namespace flags {

void check(const char* name, const char* how, double bound, function<float> computed) {
    check_all(name, how, bound, computed);
}
void check(const char* name, const char* how, double bound, function<double> computed) {
    check_all(name, how, bound, computed);
}
void compare(const char* name, const float* wanted, const float* got, std::size_t count, double bound) {
    compare_all(name, wanted, got, count, bound);
}
void compare(const char* name, const double* wanted, const double* got, std::size_t count, double bound) {
    compare_all(name, wanted, got, count, bound);
}
int verdict() {
    std::printf("%zu numbers compared%s\n", compared, flushes() ? "; subnormal numbers are zero here" : "");
    return compared > 0 && all_near ? 0 : 1;
}

}  // namespace flags
