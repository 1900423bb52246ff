// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far what a program computes in `double` is from the same operations without rounding, over an interval.

#include "taylor_model.hpp"
#include "trace.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace proof {

inline constexpr int no_grid = std::numeric_limits<int>::min() / 4, any_grid = -no_grid, least_exponent = -1074;

/// The exponent of the largest power of two that is not above x > 0.
inline int exponent_of(magnitude x) {
    return std::ilogb(x);
}
/// The largest error of one rounding to `double` where the exact result is not above `size`: half an ulp, of the numbers
/// below it where `size` is a power of two.
inline magnitude half_ulp(magnitude size) {
    if (size == 0) return 0;
    const int exponent = exponent_of(size);
    return std::ldexp(1.0L, (std::max)(exponent - (size == std::ldexp(1.0L, exponent) ? 54 : 53), least_exponent - 1));
}
inline constexpr magnitude half_least = 0x1p-1075L;

/// What is known of a computed number y, for all arguments of an interval:
/// |y - (exact[0] + exact[1] e1 + exact[2] e2 + exact[3] e1 e2)| <= error, where exact[0] is what the program would compute
/// in real arithmetic, and e1 and e2 are two errors within [-1, 1] that the program corrects afterwards, so that they have
/// to be remembered; lowest <= y <= highest; y is a multiple of 2^grid.
struct computed_range {
    static constexpr int parts = 4;
    taylor_model exact[parts]{};
    bool has[parts]{true, false, false, false};
    magnitude error = 0;
    wide lowest = 0, highest = 0;
    int grid = no_grid;
    /// The same before rounding: of a product that may be fused with an addition.
    int unrounded_grid = no_grid;

    static computed_range number(double x) {
        computed_range result;
        result.exact[0] = taylor_model(wide(x));
        result.lowest = result.highest = wide(x);
        result.grid = result.unrounded_grid = grid_of(x);
        return result;
    }
    static int grid_of(double x) {
        if (x == 0) return any_grid;
        const auto bits = std::bit_cast<std::uint64_t>(x) & 0x7fffffffffffffff;
        const int exponent = static_cast<int>(bits >> 52);
        const std::uint64_t whole = (bits & 0xfffffffffffff) | (exponent > 0 ? std::uint64_t{1} << 52 : 0);
        return (std::max)(exponent, 1) - 1075 + std::countr_zero(whole);
    }

    bool is_number() const {
        return lowest == highest && error == 0 && exact[0].is_constant() && !has[1] && !has[2] && !has[3];
    }
    bool is_zero() const { return is_number() && lowest == wide(0); }
    bool is_power_of_two() const { return is_number() && lowest != wide(0) && number_is_power(double_value()); }
    double double_value() const { return static_cast<double>(lowest); }
    bool is_noisy() const { return has[1] || has[2] || has[3]; }

    /// The largest magnitude of what is without `error`.
    magnitude size() const {
        magnitude sum = 0;
        for (int i = 0; i < parts; ++i)
            if (has[i]) sum += exact[i].size();
        return sum * upwards;
    }
    magnitude noise() const {
        magnitude sum = 0;
        for (int i = 1; i < parts; ++i)
            if (has[i]) sum += exact[i].size();
        return sum * upwards;
    }
    /// Rounded to 64 bits: what is above a power of two by less is also rounded to it.
    magnitude largest() const {
        const wide x = positive(lowest), y = positive(highest);
        return static_cast<magnitude>(x > y ? x : y);
    }
    /// 0 if it may be 0.
    magnitude smallest() const {
        if (lowest > wide(0)) return static_cast<magnitude>(lowest) / upwards;
        if (highest < wide(0)) return static_cast<magnitude>(-highest) / upwards;
        return 0;
    }

    /// From what is known but the range.
    void find_range() {
        if (is_noisy() || error > 0) {
            const magnitude more = (noise() + error) * upwards;
            // `wide` rounds; an end is moved by more than that.
            const magnitude moved = (more + exact[0].size() * 8 * wide_roundoff + underflown) * upwards;
            lowest = exact[0].lowest() - wide(moved);
            highest = exact[0].highest() + wide(moved);
        } else {
            lowest = exact[0].lowest();
            highest = exact[0].highest();
        }
        if (size_of(lowest) > 0x1p1024L || size_of(highest) > 0x1p1024L) throw too_wide("an overflow");
    }

  private:
    static bool number_is_power(double x) {
        const auto bits = std::bit_cast<std::uint64_t>(x);
        return (bits & 0xfffffffffffff) == 0 && ((bits >> 52) & 0x7ff) != 0;
    }
};

/// Runs a program over an interval of arguments.
///
/// Where a comparison, a rounding to an integer or an exponent is not the same for all arguments, one of the cases is
/// chosen: `choices` says which, and `next()` moves to the next combination. What follows of all of them together follows
/// for each argument. A product that is added is bounded as if it was rounded, which contains that it is not; where
/// exactness matters, by `unrounded_grid`, that is used only if both are exact.
class running_error {
  public:
    running_error(const program& steps, double lowest, double highest)
        : steps_(steps), lowest_(lowest), highest_(highest) {
        find_error_terms();
    }

    /// What the program computes in the present combination of cases.
    computed_range result() {
        position_ = 0;
        noises_ = 0;
        known_.assign(steps_.size(), false);
        ranges_.resize(steps_.size());
        words_.clear();
        fields_.clear();
        masks_.clear();
        signs_.clear();
        noise_of_.clear();
        const computed_range& y = range(steps_.size() - 1);
        if (!(y.largest() <= 0x1.fffffffffffffp1023L)) throw too_wide("a result that is not finite");
        return y;
    }
    /// Whether there is another combination.
    bool next() {
        while (!choices_.empty() && choices_.back().taken + 1 == choices_.back().of) choices_.pop_back();
        if (choices_.empty()) return false;
        ++choices_.back().taken;
        return true;
    }
    bool has_cases() const { return !choices_.empty(); }

    taylor_model argument() const {
        const wide a = lowest_, b = highest_, center = a + (b - a) / wide(2);
        const wide below = center - a, above = b - center;
        if (a == b) return taylor_model(a);
        return taylor_model::variable(center, (below > above ? below : above) * wide(1 + 0x1p-60L));
    }

  private:
    struct choice {
        std::size_t taken, of;
    };
    std::size_t choose(std::size_t of) {
        if (of == 1) return 0;
        if (of > 64) throw too_wide("cases");
        if (position_ == choices_.size()) choices_.push_back({0, of});
        return choices_[position_++].taken;
    }

    /// A bit pattern: known, or that of `of` plus `offset`, which is between `lowest` and `highest`.
    struct word {
        bool is_known;
        std::uint64_t bits;
        computed_range of;
        std::uint64_t offset, lowest, highest;
    };
    static word known_word(std::uint64_t bits) { return {true, bits, {}, 0, bits, bits}; }
    static word pattern_of(const computed_range& x) {
        if (x.is_number()) return known_word(std::bit_cast<std::uint64_t>(x.double_value()));
        word result{false, 0, x, 0, 0, 0};
        if (x.lowest >= wide(0)) {
            result.lowest = std::bit_cast<std::uint64_t>((std::max)(0.0, below(x.lowest)));
            result.highest = std::bit_cast<std::uint64_t>(-below(-x.highest));
        }
        return result;
    }
    /// A double that is not above x.
    static double below(wide x) {
        const auto nearest = static_cast<double>(x);
        return wide(nearest) <= x ? nearest : std::nextafter(nearest, -HUGE_VAL);
    }

    const word& bits(std::size_t at) {
        const auto found = words_.find(at);
        if (found != words_.end()) return found->second;
        return words_.emplace(at, make_bits(steps_[at], at)).first->second;
    }
    word make_bits(const step& s, std::size_t at) {
        switch (s.does) {
            case operation::constant:
                return known_word(s.constant);
            case operation::bits_and:
                return bitwise_and(s);
            case operation::bits_or:
                return bitwise_or(bits(s.a), bits(s.b));
            case operation::bits_add:
                return shifted(bits(s.a), bits(s.b), 1);
            case operation::bits_subtract:
                return shifted(bits(s.a), bits(s.b), -1);
            case operation::shift_left:
                return known_word(known(bits(s.a)) << known(bits(s.b)));
            case operation::shift_right: {
                const word& a = bits(s.a);
                if (a.is_known) return known_word(a.bits >> known(bits(s.b)));
                if (known(bits(s.b)) != 52) throw too_wide("a shift");
                return known_word(exponent_field(s.a));
            }
            default:
                return pattern_of(range(at));
        }
    }
    static std::uint64_t known(const word& w) {
        if (!w.is_known) throw too_wide("a bit pattern");
        return w.bits;
    }
    /// Bits 52 and higher of a pattern that is not known: one of the cases.
    std::uint64_t exponent_field(std::size_t at) {
        const word& w = bits(at);
        const auto found = fields_.find(at);
        if (found != fields_.end()) return found->second;
        if (w.of.lowest <= wide(0) || w.highest < w.lowest) throw too_wide("an exponent");
        return fields_[at] = (w.lowest >> 52) + choose((w.highest >> 52) - (w.lowest >> 52) + 1);
    }
    static word shifted(const word& a, const word& b, int sign) {
        if (a.is_known && b.is_known) return known_word(sign > 0 ? a.bits + b.bits : a.bits - b.bits);
        if (a.is_known && sign < 0) throw too_wide("a bit pattern");
        word result = a.is_known ? b : a;
        const std::uint64_t by = known(a.is_known ? a : b);
        const std::uint64_t change = sign > 0 ? by : std::uint64_t{0} - by;
        result.offset += change;
        result.lowest += change;
        result.highest += change;
        return result;
    }
    word bitwise_and(const step& s) {
        const word &a = bits(s.a), &b = bits(s.b);
        if (a.is_known && b.is_known) return known_word(a.bits & b.bits);
        const std::size_t at = b.is_known ? s.a : s.b;
        const word& w = b.is_known ? a : b;
        const std::uint64_t mask = known(b.is_known ? b : a);
        constexpr std::uint64_t sign = std::uint64_t{1} << 63, fraction = (std::uint64_t{1} << 52) - 1;
        if (mask == fraction) {
            const std::uint64_t field = exponent_field(at) << 52;
            word result = w;
            result.offset -= field;
            result.lowest = w.lowest > field ? w.lowest - field : 0;
            result.highest = (std::min)(w.highest - field, fraction);
            return result;
        }
        if (mask == (sign - 1) - fraction && w.highest < sign) return known_word(exponent_field(at) << 52);
        if (w.offset != 0) throw too_wide("a mask");
        if (mask == sign) return known_word(is_negative(at, w.of) ? sign : 0);
        if (mask == ~sign) {
            computed_range size = is_negative(at, w.of) ? negated(w.of) : w.of;
            if (size.lowest < wide(0)) size.lowest = 0;
            return pattern_of(size);
        }
        if (w.of.lowest > wide(0)) return pattern_of(truncated(w.of, mask));
        throw too_wide("a mask");
    }
    static word bitwise_or(const word& a, const word& b) {
        constexpr std::uint64_t sign = std::uint64_t{1} << 63;
        if (a.is_known && b.is_known) return known_word(a.bits | b.bits);
        const word& w = a.is_known ? b : a;
        const std::uint64_t more = known(a.is_known ? a : b);
        if (w.offset == 0 && w.of.lowest >= wide(0)) {
            if (more == 0) return w;
            if (more == sign) return pattern_of(negated(w.of));
        }
        throw too_wide("a bit pattern");
    }
    bool is_negative(std::size_t at, const computed_range& x) {
        const auto found = signs_.find(at);
        if (x.lowest >= wide(0)) return false;
        if (x.highest < wide(0)) return true;
        return found != signs_.end() ? found->second : (signs_[at] = choose(2) == 1);
    }

    /// All bits but the highest of the fraction are dropped: the error becomes one that is remembered.
    computed_range truncated(const computed_range& x, std::uint64_t mask) {
        const int dropped = std::countr_zero(mask);
        if (mask != ~std::uint64_t{0} << dropped || dropped > 51) throw too_wide("a truncation");
        const int highest = exponent_of(x.largest()), lowest = exponent_of(x.smallest());
        if (lowest < -1022) throw too_wide("a truncation");
        const magnitude cut = std::ldexp(1.0L, highest - 52 + dropped);
        computed_range result = remembered(x, cut + x.error + x.noise());
        result.error = 0;
        result.lowest = x.lowest - wide(cut * upwards);
        if (result.lowest < wide(std::ldexp(1.0L, lowest))) result.lowest = wide(std::ldexp(1.0L, lowest));
        result.highest = x.highest;
        result.grid = result.unrounded_grid = lowest - 52 + dropped;
        return result;
    }
    /// x with a new error of its own, of at most `size`.
    computed_range remembered(const computed_range& x, magnitude size) {
        if (noises_ == 2) throw too_wide("more than two errors to remember");
        const int part = ++noises_;
        computed_range result = forgetful(x);
        result.has[part] = true;
        result.exact[part] = taylor_model(wide(size * upwards));
        return result;
    }

    static computed_range negated(const computed_range& x) {
        computed_range result = x;
        for (int i = 0; i < computed_range::parts; ++i) result.exact[i] = -x.exact[i];
        result.lowest = -x.highest;
        result.highest = -x.lowest;
        return result;
    }

    const computed_range& range(std::size_t at) {
        if (known_[at]) return ranges_[at];
        ranges_[at] = make_range(steps_[at], at);
        known_[at] = true;
        return ranges_[at];
    }
    computed_range make_range(const step& s, std::size_t at) {
        switch (s.does) {
            case operation::argument: {
                computed_range result;
                result.exact[0] = argument();
                result.lowest = wide(lowest_);
                result.highest = wide(highest_);
                result.grid = result.unrounded_grid =
                    (std::max)(least_exponent, result.smallest() > 0 ? exponent_of(result.smallest()) - 52 : no_grid);
                return lowest_ == highest_ ? computed_range::number(lowest_) : result;
            }
            case operation::constant: {
                const auto number = std::bit_cast<double>(s.constant);
                if (number != number) throw too_wide("a result that is none");
                return computed_range::number(number);
            }
            case operation::negate:
                return negated(range(s.a));
            case operation::add:
                return sum(at, s, range(s.a), range(s.b));
            case operation::subtract:
                return sum(at, s, range(s.a), negated(range(s.b)));
            case operation::multiply:
                return product(range(s.a), range(s.b));
            case operation::divide:
                return quotient(range(s.a), range(s.b));
            case operation::select:
                return range(is_true(s.c) ? s.a : s.b);
            case operation::at_most:
                return limited(range(s.a), range(s.b), true);
            case operation::at_least: {
                if (steps_[s.b].does == operation::constant && std::bit_cast<double>(steps_[s.b].constant) == -HUGE_VAL)
                    return range(s.a);
                return limited(range(s.a), range(s.b), false);
            }
            default:
                return from_bits(bits(at));
        }
    }
    /// A pattern as a number: with the exponent changed, it is multiplied by a power of two.
    static computed_range from_bits(const word& w) {
        if (w.is_known) return computed_range::number(std::bit_cast<double>(w.bits));
        if (w.offset == 0) return w.of;
        constexpr std::uint64_t fraction = (std::uint64_t{1} << 52) - 1;
        // The fields of normal numbers before and after.
        if ((w.offset & fraction) != 0 || w.lowest >> 52 == 0 || w.highest >> 52 >= 0x7ff ||
            (w.lowest - w.offset) >> 52 == 0 || w.of.smallest() < 0x1p-1022L)
            throw too_wide("a bit pattern");
        const int by = static_cast<int>(static_cast<std::int64_t>(w.offset) >> 52);
        return scaled(w.of, by, 0);
    }
    static computed_range scaled(const computed_range& x, int by, magnitude error) {
        computed_range result = x;
        const taylor_model factor(wide(std::ldexp(1.0L, by)));
        for (int i = 0; i < computed_range::parts; ++i)
            if (x.has[i]) result.exact[i] = x.exact[i] * factor;
        result.error = (x.error * std::ldexp(1.0L, by) + error) * upwards;
        result.lowest = x.lowest * factor.constant() - wide(error);
        result.highest = x.highest * factor.constant() + wide(error);
        result.grid = (std::max)(x.grid + by, least_exponent);
        result.unrounded_grid = x.grid == any_grid ? any_grid : x.grid + by;
        return result;
    }

    /// y = a + b with its rounding, unless the exact sum is a multiple of a power of two that is not too small for it.
    computed_range sum(std::size_t at, const step& s, const computed_range& a, const computed_range& b) {
        if (a.is_zero()) return rounded_alone(b);
        if (b.is_zero()) return rounded_alone(a);
        const auto error_term = error_terms_.find(at);
        if (error_term != error_terms_.end()) return error_of_sum(error_term->second);
        computed_range result;
        for (int i = 0; i < computed_range::parts; ++i)
            if ((result.has[i] = a.has[i] || b.has[i])) {
                if (!a.has[i])
                    result.exact[i] = b.exact[i];
                else
                    result.exact[i] = b.has[i] ? a.exact[i] + b.exact[i] : a.exact[i];
            }
        result.error = (a.error + b.error) * upwards;
        const int grid = (std::min)(a.unrounded_grid, b.unrounded_grid);
        if (a.is_number() && b.is_number()) return computed_range::number(a.double_value() + b.double_value());
        if (is_shift(s.a) || is_shift(s.b)) return rounded_to_integer(result);
        result.find_range();
        narrow(result, a.lowest + b.lowest, a.highest + b.highest);
        forget_cancelled(result);
        finish(result, grid, false, remembered_sums_.count(at) != 0 ? at : 0);
        return without_gaps(result);
    }
    /// Adding 0 to a product rounds it if it was fused; to anything else it does nothing.
    static computed_range rounded_alone(const computed_range& x) {
        computed_range result = x;
        result.unrounded_grid = x.grid;
        return result;
    }
    /// A remembered error that is corrected is an ordinary one from here on: what is left of it is the rounding of `wide`.
    static void forget_cancelled(computed_range& result) {
        for (int i = 1; i < computed_range::parts; ++i)
            if (result.has[i] && result.exact[i].size() <= 0x1p-30L * half_ulp(result.largest())) {
                result.error = (result.error + result.exact[i].size()) * upwards;
                result.has[i] = false;
                result.exact[i] = taylor_model();
            }
    }
    /// The sum of numbers in [a, b] lies in [a, b]; `wide` rounds it.
    static void narrow(computed_range& result, wide lowest, wide highest) {
        const wide by = wide(4 * wide_roundoff * (std::max)(size_of(lowest), size_of(highest)));
        if (lowest - by > result.lowest) result.lowest = lowest - by;
        if (highest + by < result.highest) result.highest = highest + by;
    }
    /// Adds the rounding of a result whose exact range is known, and which is a multiple of 2^`grid`: there is none if so
    /// few multiples are that small that all are doubles. Returns whether it is exact; fused products are not rounded.
    bool finish(computed_range& result, int grid, bool is_product, std::size_t remember = 0) {
        const magnitude largest = result.largest();
        const bool is_exact =
            largest == 0 || grid == any_grid || (grid >= least_exponent && largest <= std::ldexp(1.0L, grid + 53));
        if (!is_exact) {
            const magnitude rounding = half_ulp(largest);
            if (remember != 0) {
                result = remembered(result, rounding);
                noise_of_[remember] = noises_;
            } else {
                result.error = (result.error + rounding) * upwards;
            }
            // Rounding to nearest rises with what is rounded. A product may also not be rounded.
            const wide lowest = wide(static_cast<double>(result.lowest)),
                       highest = wide(static_cast<double>(result.highest));
            if (is_product ? lowest < result.lowest : true) result.lowest = lowest;
            if (is_product ? highest > result.highest : true) result.highest = highest;
            if (size_of(lowest) > 0x1p1024L || size_of(highest) > 0x1p1024L) throw too_wide("an overflow");
        }
        const magnitude smallest = result.smallest();
        result.grid = (std::max)({grid, smallest > 0 ? exponent_of(smallest) - 52 : no_grid, least_exponent});
        result.unrounded_grid = result.grid;
        return is_exact;
    }

    /// Of a rounded result: ends that are no doubles are not attained, and if a single one is left, all arguments give it: the
    /// function is saturated.
    computed_range without_gaps(computed_range& result) const {
        const double lowest = -below(-result.lowest), highest = below(result.highest);
        const bool is_long = highest_ - lowest_ > 0x1p-4 * (std::max)(std::fabs(lowest_), std::fabs(highest_));
        if (lowest == highest && is_long && !result.is_noisy()) return computed_range::number(lowest);
        result.lowest = wide(lowest);
        result.highest = wide(highest);
        return result;
    }

    /// A constant from 2^52 to 2^53, whose sums are integers.
    bool is_shift(std::size_t at) const {
        const auto x = std::bit_cast<double>(steps_[at].constant);
        return steps_[at].does == operation::constant && x >= 0x1p52 && x < 0x1p53;
    }
    /// One of the integers that the sum, `exact`, may be rounded to.
    computed_range rounded_to_integer(computed_range& exact) {
        exact.find_range();
        if (exact.lowest < wide(0x1p52) || exact.highest >= wide(0x1p53)) throw too_wide("an integer");
        const auto first = static_cast<double>(exact.lowest - wide(0.5)),
                   last = static_cast<double>(exact.highest + wide(0.5));
        const double lowest = std::floor(first), highest = std::ceil(last);
        // Of the integers around, those within 1/2 of the exact sum.
        std::vector<double> candidates;
        for (double k = lowest; k <= highest; ++k) {
            if (candidates.size() > 8) throw too_wide("an integer");
            if (wide(k) + wide(0.5) >= exact.lowest && wide(k) - wide(0.5) <= exact.highest) candidates.push_back(k);
        }
        return computed_range::number(candidates[choose(candidates.size())]);
    }

    computed_range product(const computed_range& a, const computed_range& b) {
        if (a.is_zero() || b.is_zero()) return computed_range::number(0);
        if (b.is_power_of_two()) return scaled_exactly(a, b.double_value());
        if (a.is_power_of_two()) return scaled_exactly(b, a.double_value());
        computed_range result;
        magnitude dropped = 0;
        for (int i = 0; i < computed_range::parts; ++i)
            for (int j = 0; j < computed_range::parts; ++j) {
                if (!a.has[i] || !b.has[j]) continue;
                const taylor_model part = a.exact[i] * b.exact[j];
                if ((i & j) != 0) {
                    dropped += part.size();
                    continue;
                }
                result.exact[i | j] = i + j == 0 || !result.has[i | j] ? part : result.exact[i | j] + part;
                result.has[i | j] = true;
            }
        result.error = (dropped + a.size() * b.error + b.size() * a.error + a.error * b.error) * upwards;
        const int grid = a.grid == any_grid || b.grid == any_grid ? any_grid : (std::max)(a.grid + b.grid, no_grid);
        result.find_range();
        if (!finish(result, grid, true)) result.unrounded_grid = grid;
        return result;
    }
    /// x times a power of two is exact unless it is subnormal, fused or not.
    static computed_range scaled_exactly(const computed_range& x, double power) {
        const int by = std::ilogb(power);
        const bool is_exact = x.grid == any_grid || x.grid + by >= least_exponent;
        const computed_range result = scaled(x, by, is_exact ? 0 : half_least);
        if (result.largest() > 0x1p1024L) throw too_wide("an overflow");
        return power < 0 ? negated(result) : result;
    }

    /// With ordinary errors alone.
    static computed_range forgetful(computed_range x) {
        x.error = (x.error + x.noise()) * upwards;
        for (int i = 1; i < computed_range::parts; ++i) x.has[i] = false;
        return x;
    }
    computed_range quotient(const computed_range& noisy_a, const computed_range& noisy_b) {
        const computed_range a = forgetful(noisy_a), b = forgetful(noisy_b);
        const magnitude smallest = b.smallest();
        if (smallest == 0) throw too_wide("a quotient");
        computed_range result;
        result.exact[0] = a.exact[0] / b.exact[0];
        // a'/b' - a/b = (a' - a)/b' - (a/b) (b' - b)/b', where b' is computed.
        result.error = (a.error + result.exact[0].size() * b.error) / smallest * upwards * upwards;
        result.find_range();
        finish(result, no_grid, false);
        return without_gaps(result);
    }

    bool is_true(std::size_t at) {
        const auto found = masks_.find(at);
        if (found != masks_.end()) return found->second;
        const step& s = steps_[at];
        const computed_range &a = range(s.a), &b = range(s.b);
        bool result = false;
        const auto decide = [&](bool always, bool never) { result = always || (!never && choose(2) == 1); };
        switch (s.does) {
            case operation::less:
                decide(a.highest < b.lowest, a.lowest >= b.highest);
                break;
            case operation::less_equal:
                decide(a.highest <= b.lowest, a.lowest > b.highest);
                break;
            case operation::equal:
                decide(a.is_number() && b.is_number() && a.lowest == b.lowest,
                       a.lowest > b.highest || a.highest < b.lowest);
                break;
            default:
                throw too_wide("a mask");
        }
        return masks_[at] = result;
    }
    computed_range limited(const computed_range& x, const computed_range& bound, bool from_above) {
        const bool always = from_above ? x.highest <= bound.lowest : x.lowest >= bound.highest,
                   never = from_above ? x.lowest > bound.highest : x.highest < bound.lowest;
        if (always || (!never && choose(2) == 0)) {
            computed_range result = x;
            if (from_above && bound.highest < x.highest) result.highest = bound.highest;
            if (!from_above && bound.lowest > x.lowest) result.lowest = bound.lowest;
            return result;
        }
        return bound;
    }

    /// Knuth's exact error of a sum: with v = a + 1 and b = v - 1, (1 - (v - b)) + (a - b) is a + 1 - v, without any
    /// rounding. v keeps its rounding as an error that is remembered, and this one is its opposite.
    ///
    /// *Source*: D. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2, theorem B.
    void find_error_terms() {
        for (std::size_t at = 0; at < steps_.size(); ++at) {
            const auto is = [&](std::size_t i, operation does) { return steps_[i].does == does; };
            const auto is_one = [&](std::size_t i) {
                return is(i, operation::constant) && std::bit_cast<double>(steps_[i].constant) == 1;
            };
            if (!is(at, operation::add)) continue;
            const std::size_t left = steps_[at].a, right = steps_[at].b;
            if (!is(left, operation::subtract) || !is(right, operation::subtract)) continue;
            const std::size_t inner = steps_[left].b, a = steps_[right].a, b = steps_[right].b;
            if (!is_one(steps_[left].a) || !is(inner, operation::subtract) || !is(b, operation::subtract)) continue;
            const std::size_t v = steps_[inner].a;
            if (steps_[inner].b != b || steps_[b].a != v || !is_one(steps_[b].b)) continue;
            if (!is(v, operation::add) || steps_[v].a != a || !is_one(steps_[v].b)) continue;
            if (is(a, operation::multiply)) continue;  // It might be fused into the sum.
            error_terms_[at] = v;
            remembered_sums_[v] = true;
        }
    }
    computed_range error_of_sum(std::size_t v) {
        range(v);
        const computed_range& a = range(steps_[v].a);
        const auto found = noise_of_.find(v);
        computed_range result;
        if (found == noise_of_.end()) return computed_range::number(0);
        result.has[found->second] = true;
        result.exact[found->second] = -ranges_[v].exact[found->second];
        // A product that is fused into the sum: a subnormal one makes no other difference than its own rounding.
        if (a.unrounded_grid < a.grid) {
            if (a.largest() > 0x1p-900L) throw too_wide("the error of a fused sum");
            result.error = 2 * half_least;
        }
        result.grid = result.unrounded_grid = (std::min)(a.grid, 0);
        result.find_range();
        return result;
    }

    const program& steps_;
    double lowest_, highest_;
    std::vector<choice> choices_;
    std::size_t position_ = 0;
    int noises_ = 0;
    std::vector<char> known_;
    std::vector<computed_range> ranges_;
    std::map<std::size_t, word> words_;
    std::map<std::size_t, std::uint64_t> fields_;
    std::map<std::size_t, bool> masks_;
    std::map<std::size_t, bool> signs_;
    std::map<std::size_t, int> noise_of_;
    std::map<std::size_t, std::size_t> error_terms_;
    std::map<std::size_t, bool> remembered_sums_;
};

}  // namespace proof
