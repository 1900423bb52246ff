// SPDX-License-Identifier: BSL-1.0
// Proves how far the functions and activations of `double` are from the true ones, for every finite argument and any
// fusing of products and sums. The operations are those of the headers: proof/trace.hpp records them. On each of many
// intervals proof/running_error.hpp bounds what rounding does, and proof/taylor_model.hpp how far the same operations
// without rounding are from the true function.
//
// usage: double_bounds                    proves the bounds of ctnn/verify/ and of docs/reference.md; returns 1 if one
//                                         cannot be proved, or if a wrong coefficient goes unnoticed
//        double_bounds finest [NAME...]   the smallest bounds that narrow intervals prove; takes minutes
//        double_bounds mutants [NAME...]  changes the coefficients of these functions, as is always done with tanh
#include "../points.hpp"
#include "proof/running_error.hpp"
#include "proof/trace.hpp"
#include "proof/true_activations.hpp"

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ratio>
#include <string_view>
#include <vector>

namespace {

using proof::magnitude;
using proof::taylor_model;
using proof::wide;

constexpr magnitude roundoff = 0x1p-53L, smallest = 0x1p-1074L;

/// |y - f(x)| <= ulps u |f(x)| + argument_ulps u |x| + (units + 2 |x|) eta + absolute, with u = 2^-53 and eta = 2^-1074.
struct bound {
    double ulps, argument_ulps = 0, units = 4, absolute = 0;

    magnitude at(magnitude f, magnitude x) const {
        return roundoff * (ulps * f + argument_ulps * x) + (units + 2 * x) * smallest + absolute;
    }
};

struct function {
    const char* name;
    bound claimed;
    proof::program steps;
    double (*library)(double x);
    taylor_model (*truth)(const taylor_model& x);
    double lowest, highest;
};

/// How far |x| is from 0 at least, over an interval without 0.
double distance_from_zero(double lowest, double highest) {
    return (std::min)(std::abs(lowest), std::abs(highest));
}

/// Covers all arguments of a function by intervals on which its bound holds: an interval on which that is not proved is cut
/// in two, at last into single numbers.
class prover {
  public:
    explicit prover(const function& given, bool finest = false, std::size_t most_intervals = 100'000)
        : of_(given), finest_(finest), most_intervals_(finest ? 10'000'000 : most_intervals) {}

    bool run() {
        if (of_.lowest <= 0 && of_.highest >= 0) cover(0, 0);
        // From where most functions vary, so that what is wrong is found soon.
        for (int exponent = 4; exponent >= -1074; --exponent) cover_powers(exponent);
        for (int exponent = 5; exponent < 1024; ++exponent) cover_powers(exponent);
        return proved_;
    }

    std::size_t intervals = 0;
    double failed_at = 0;
    /// The largest that was needed where |f| > 2^-960: relative to f, and to x.
    magnitude ulps = 0, argument_ulps = 0;
    double worst = 0;

  private:
    void cover_powers(int exponent) {
        const double lowest = std::ldexp(1.0, exponent),
                     highest = std::nextafter(exponent < 1023 ? std::ldexp(1.0, exponent + 1) : HUGE_VAL, 0.0);
        for (const bool negative : {true, false}) {
            // 3 is where hard_sigmoid has its kinks, and to be the end of an interval.
            const double first = (std::max)(negative ? -highest : lowest, of_.lowest),
                         last = (std::min)(negative ? -lowest : highest, of_.highest);
            if (first > last) continue;
            const double kink = negative ? -3 : 3;
            if (first < kink && kink < last) {
                cover(first, std::nextafter(kink, -HUGE_VAL));
                cover(kink, kink);
                cover(std::nextafter(kink, HUGE_VAL), last);
            } else {
                cover(first, last);
            }
        }
    }

    struct found {
        magnitude error = 0, least_f = 0;
        bool has_cases = false, is_bounded = false;
    };
    found bound_of(double lowest, double highest) const {
        found result;
        try {
            proof::running_error computed(of_.steps, lowest, highest);
            const taylor_model exact = of_.truth(computed.argument());
            result.least_f = (std::max)(
                magnitude{0}, proof::size_of(exact.constant()) / (proof::upwards * proof::upwards) - exact.spread());
            do {
                const proof::computed_range y = computed.result();
                result.has_cases = result.has_cases || computed.has_cases();
                result.error =
                    (std::max)(result.error, ((y.exact[0] - exact).size() + y.noise() + y.error) * proof::upwards);
            } while (computed.next());
            result.is_bounded = true;
        } catch (const proof::too_wide&) {}
        return result;
    }
    void cover(double lowest, double highest) {
        if (!proved_) return;
        if (++intervals > most_intervals_) proved_ = false;
        const found y = bound_of(lowest, highest);
        const double x = distance_from_zero(lowest, highest);
        const bool holds = y.is_bounded && y.error <= of_.claimed.at(y.least_f, x) / proof::upwards;
        if ((!holds || !is_fine(lowest, highest, y)) && lowest < highest) {
            double middle = lowest + (highest - lowest) / 2;
            if (middle >= highest) middle = std::nextafter(highest, -HUGE_VAL);
            cover(lowest, middle);
            cover(std::nextafter(middle, HUGE_VAL), highest);
            return;
        }
        if (!holds) {
            proved_ = false;
            failed_at = lowest;
        }
        if (y.least_f > 0x1p-960L && y.error > ulps * roundoff * y.least_f) {
            ulps = y.error / (roundoff * y.least_f);
            worst = lowest;
        }
        if (x > 0x1p-960) argument_ulps = (std::max)(argument_ulps, y.error / (roundoff * x));
    }
    /// Narrow where the result depends on x: narrower where there are several cases, and one may belong to few of them.
    bool is_fine(double lowest, double highest, const found& y) const {
        if (!finest_ || y.error == 0) return true;
        const double reach = (std::max)(std::abs(lowest), std::abs(highest)), width = (std::min)(reach, 1.0) / 32;
        return reach > 1024 || highest - lowest <= (y.has_cases ? width / 32 : width);
    }

    const function& of_;
    bool finest_, proved_ = true;
    std::size_t most_intervals_;
};

/// The largest errors seen, with products fused at random.
struct measured {
    magnitude ulps = 0, argument_ulps = 0;
    bool is_library = true, within = true;
};
measured measure(const function& of, int count) {
    test_support::points point;
    measured result;
    for (int i = 0; i < count; ++i) {
        const int power = static_cast<int>(point() % 16) - 8;
        const double x = i % 2 == 0 ? std::ldexp(point.between(-1, 1), power) : std::bit_cast<double>(point());
        if (!(x >= of.lowest && x <= of.highest)) continue;
        const double plain = proof::computed(of.steps, x, [] { return false; }), library = of.library(x),
                     y = proof::computed(of.steps, x, [&point] { return point() % 2 == 0; });
#if !defined(CTNN_CONTRACTION_ALLOWED)
        if (std::bit_cast<std::uint64_t>(plain) != std::bit_cast<std::uint64_t>(library)) result.is_library = false;
#endif
        try {
            const taylor_model exact = of.truth(taylor_model(wide(x)));
            for (const double got : {plain, library, y}) {
                const magnitude error = proof::size_of(wide(got) - exact.constant()),
                                f = proof::size_of(exact.constant());
                if (error > of.claimed.at(f, std::abs(x)) + 2 * exact.rest()) result.within = false;
                if (f > 0x1p-960L) result.ulps = (std::max)(result.ulps, error / (roundoff * f));
                if (std::abs(x) > 0x1p-960)
                    result.argument_ulps = (std::max)(result.argument_ulps, error / (roundoff * std::abs(x)));
            }
        } catch (const proof::too_wide&) {}
    }
    return result;
}

/// Whether a constant is a coefficient: no mask, no power of two, no bound of arguments.
bool is_coefficient(std::uint64_t bits, double smallest_size) {
    const double x = std::abs(std::bit_cast<double>(bits));
    return x > smallest_size && x < 1 && (bits & 0xfffffffffffff) != 0;
}
/// Coefficients of a function with one bit changed: how many, and with how many of them it is still proved.
struct mutants {
    int all = 0, unnoticed = 0;
};
mutants mutate(const function& of, int bit, double smallest_size) {
    mutants result;
    for (std::size_t i = 0; i < of.steps.size(); ++i) {
        if (of.steps[i].does != proof::operation::constant || !is_coefficient(of.steps[i].constant, smallest_size))
            continue;
        ++result.all;
        function changed = of;
        changed.steps[i].constant ^= std::uint64_t{1} << bit;
        if (!prover(changed, false, 10'000).run()) continue;
        ++result.unnoticed;
        std::printf("%s with %.17g for %.17g is proved\n", of.name, std::bit_cast<double>(changed.steps[i].constant),
                    std::bit_cast<double>(of.steps[i].constant));
    }
    return result;
}

#define CTNN_FUNCTION(name, entity, lowest, highest, ...)                    \
    function {                                                               \
#name, __VA_ARGS__, proof::trace([](auto z) { return entity(z); }),  \
            [](double z) { return entity(z); }, proof::name, lowest, highest \
    }
#define CTNN_SLOPE(name)                                                                                              \
    function {                                                                                                        \
#name "'", bound{0, 0, 0, ctnn::detail::own_rounding / 2 },                                                   \
                         proof::trace([](auto z) { return ctnn::name::derivative(z, ctnn::name{}(z)); }),             \
                         [](double z) { return ctnn::name::derivative(z, ctnn::name{}(z)); }, proof::slope_of_##name, \
                                                                                           -1e150, 1e150              \
    }

std::vector<function> all_functions() {
    using namespace ctnn::detail;
    // `most`: up to the largest results that are not refused by a proof, because they might overflow with their error.
    constexpr double all = 0x1.fffffffffffffp1023, most = all * (1 - 0x1p-49), largest_exponent = 709.78271289338397310;
    const auto of = [](const auto& facts) { return bound{facts.ulps.of_double, facts.argument_ulps.of_double}; };
    using third_elu = ctnn::elu_with<std::ratio<1, 3>>;
    const bound flushed{2.5, 0, 0x1p54};  // 4 times the smallest normal number, as for softmax
    return {
        CTNN_FUNCTION(exp, ctnn::math::exp, -most, largest_exponent, bound{2.5}),
        CTNN_FUNCTION(exp, ctnn::math::exp<ctnn::math::not_above_zero>, -most, 0, flushed),
        CTNN_FUNCTION(expm1, ctnn::math::expm1, -most, largest_exponent, bound{3.5}),
        CTNN_FUNCTION(log, ctnn::math::log, 0x1p-1074, all, bound{2.5}),
        CTNN_FUNCTION(log1p, ctnn::math::log1p, -1 + 0x1p-53, all, bound{3}),
        CTNN_FUNCTION(erf, ctnn::math::erf, -all, all, bound{5}),
        CTNN_FUNCTION(tanh, ctnn::tanh{}, -all, all, of(tanh_facts{})),
        CTNN_FUNCTION(sigmoid, ctnn::sigmoid{}, -all, all, of(sigmoid_facts{})),
        CTNN_FUNCTION(softplus, ctnn::softplus{}, -most, most, of(softplus_facts{})),
        CTNN_FUNCTION(softsign, ctnn::softsign{}, -all, all, of(softsign_facts{})),
        CTNN_FUNCTION(silu, ctnn::silu{}, -most, most, of(silu_facts{})),
        CTNN_FUNCTION(gelu, ctnn::gelu{}, -most, most, of(gelu_facts{})),
        CTNN_FUNCTION(gelu_tanh, ctnn::gelu_tanh{}, -most, most, of(gelu_tanh_facts{})),
        CTNN_FUNCTION(elu, ctnn::elu{}, -most, most, of(elu_facts<std::ratio<1>>{})),
        CTNN_FUNCTION(third_elu, third_elu{}, -most, most, of(elu_facts<std::ratio<1, 3>>{})),
        CTNN_FUNCTION(selu, ctnn::selu{}, -all, most / 1.0508, of(selu_facts<selu_constants>{})),
        CTNN_FUNCTION(leaky_relu, ctnn::leaky_relu{}, -most, most, of(leaky_relu_facts<std::ratio<1, 100>>{})),
        CTNN_FUNCTION(hard_sigmoid, ctnn::hard_sigmoid{}, -all, all,
                      of(hard_sigmoid_facts<std::ratio<1, 6>, std::ratio<1, 2>>{})),
        CTNN_FUNCTION(hard_swish, ctnn::hard_swish{}, -most, most, of(hard_swish_facts{})),
        CTNN_SLOPE(tanh),
        CTNN_SLOPE(sigmoid),
        CTNN_SLOPE(softplus),
        CTNN_SLOPE(softsign),
        CTNN_SLOPE(silu),
        CTNN_SLOPE(gelu),
        CTNN_SLOPE(gelu_tanh),
    };
}
#undef CTNN_FUNCTION
#undef CTNN_SLOPE

bool check(const function& of, bool finest) {
    prover all(of, finest);
    const bool proved = all.run();
    const measured seen = measure(of, finest ? 1'000'000 : 20'000);
    const bool of_argument = of.claimed.ulps == 0;
    std::printf("%-13s %s %g u |f| + %g u |x| + %.2g", of.name, proved ? "proved within" : "NOT PROVED within",
                of.claimed.ulps, of.claimed.argument_ulps, of.claimed.absolute);
    if (of.claimed.absolute == 0 && (of_argument || of.claimed.argument_ulps == 0))
        std::printf("; on these intervals it is %.3Lf u |%s|; seen %.3Lf", of_argument ? all.argument_ulps : all.ulps,
                    of_argument ? "x" : "f", of_argument ? seen.argument_ulps : seen.ulps);
    std::printf("; %zu intervals", all.intervals);
    if (!proved) std::printf("; at %.17g", all.failed_at);
    if (!seen.is_library) std::printf("; NOT WHAT THE LIBRARY COMPUTES");
    if (!seen.within) std::printf("; EXCEEDED");
    std::puts("");
    std::fflush(stdout);
    return proved && seen.is_library && seen.within;
}

/// Whether changed coefficients are found: all wrong signs, and half of the large ones that are wrong by 2^-20. (The last terms
/// of a polynomial are that small.)
bool check_mutants(const function& of) {
    const mutants signs = mutate(of, 63, 1e-11), digits = mutate(of, 32, 1e-3);
    std::printf("%-13s with a wrong sign: %d of %d are proved; with a wrong 20th bit: %d of %d\n", of.name,
                signs.unnoticed, signs.all, digits.unnoticed, digits.all);
    function sharper = of;
    sharper.claimed.ulps = 0.75;
    sharper.claimed.argument_ulps = 0;
    if (prover(sharper, false, 10'000).run())
        std::printf("%s is proved within less than its error\n", of.name), ++sharper.claimed.units;
    std::fflush(stdout);
    return signs.unnoticed == 0 && 2 * digits.unnoticed <= digits.all && sharper.claimed.units == of.claimed.units;
}

}  // namespace

int main(int argc, char** argv) {
    const bool finest = argc > 1 && std::strcmp(argv[1], "finest") == 0;
    if (argc > 1 && !finest && std::strcmp(argv[1], "mutants") != 0) {
        std::fputs("usage: double_bounds | double_bounds finest [NAME...] | double_bounds mutants [NAME...]\n", stderr);
        return 2;
    }
    bool ok = true;
    for (const function& of : all_functions()) {
        bool chosen = argc <= 2;
        for (int i = 2; i < argc; ++i) chosen |= std::string_view(argv[i]) == of.name;
        if (!chosen) continue;
        if (argc < 2 || finest) ok = check(of, finest) && ok;
        if (argc < 2 ? of.name == std::string_view("tanh") : !finest) ok = check_mutants(of) && ok;
    }
    return ok ? 0 : 1;
}
