// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Properties of outputs: linear inequalities, and `&&`, `||` and `!` of them.

#include <ctnn/config.hpp>

#include <concepts>
#include <cstddef>

namespace CTNN_NAMESPACE {

/// A sum of `Terms` outputs with coefficients, and a constant.
template <std::size_t Terms>
struct linear_expression {
    std::size_t index[Terms];
    double coefficient[Terms];
    double constant;
};

/// Output `Index` of a network, counted from 0 in row-major order. *Example*: `output<0> - 2 * output<1> > 0.5`.
template <std::size_t Index>
inline constexpr linear_expression<1> output{{Index}, {1}, 0};

template <std::size_t Left, std::size_t Right>
constexpr linear_expression<Left + Right> operator+(const linear_expression<Left>& left,
                                                    const linear_expression<Right>& right) {
    linear_expression<Left + Right> result{};
    for (std::size_t i = 0; i < Left + Right; ++i) {
        result.index[i] = i < Left ? left.index[i] : right.index[i - Left];
        result.coefficient[i] = i < Left ? left.coefficient[i] : right.coefficient[i - Left];
    }
    result.constant = left.constant + right.constant;
    return result;
}
template <std::size_t Terms>
constexpr linear_expression<Terms> operator*(double factor, linear_expression<Terms> of) {
    for (double& coefficient : of.coefficient) coefficient *= factor;
    of.constant *= factor;
    return of;
}
template <std::size_t Terms>
constexpr linear_expression<Terms> operator*(const linear_expression<Terms>& of, double factor) {
    return factor * of;
}
template <std::size_t Terms>
constexpr linear_expression<Terms> operator-(const linear_expression<Terms>& of) {
    return -1 * of;
}
template <std::size_t Terms>
constexpr linear_expression<Terms> operator+(linear_expression<Terms> left, double right) {
    left.constant += right;
    return left;
}
template <std::size_t Terms>
constexpr linear_expression<Terms> operator+(double left, const linear_expression<Terms>& right) {
    return right + left;
}
template <std::size_t Left, std::size_t Right>
constexpr auto operator-(const linear_expression<Left>& left, const linear_expression<Right>& right) {
    return left + -right;
}
template <std::size_t Left>
constexpr auto operator-(const linear_expression<Left>& left, double right) {
    return left + -right;
}
template <std::size_t Right>
constexpr auto operator-(double left, const linear_expression<Right>& right) {
    return left + -right;
}

/// `expression` > 0 if `is_strict`, or >= 0.
template <std::size_t Terms>
struct inequality {
    linear_expression<Terms> expression;
    bool is_strict;
};
template <class Left, class Right>
struct all_of {
    Left left;
    Right right;
};
template <class Left, class Right>
struct any_of {
    Left left;
    Right right;
};

/// Conditions on outputs.
template <class Type>
inline constexpr bool is_property = false;
template <std::size_t Terms>
inline constexpr bool is_property<inequality<Terms>> = true;
template <class Left, class Right>
inline constexpr bool is_property<all_of<Left, Right>> = true;
template <class Left, class Right>
inline constexpr bool is_property<any_of<Left, Right>> = true;
template <class Type>
concept property = is_property<Type>;

namespace detail {
template <std::size_t Terms>
constexpr inequality<Terms> inequality_of(const linear_expression<Terms>& expression, bool is_strict) {
    return {expression, is_strict};
}
}  // namespace detail

template <std::size_t Left, class Right>
constexpr auto operator>(const linear_expression<Left>& left, const Right& right) {
    return detail::inequality_of(left - right, true);
}
template <std::size_t Left, class Right>
constexpr auto operator>=(const linear_expression<Left>& left, const Right& right) {
    return detail::inequality_of(left - right, false);
}
template <std::size_t Left, class Right>
constexpr auto operator<(const linear_expression<Left>& left, const Right& right) {
    return detail::inequality_of(right - left, true);
}
template <std::size_t Left, class Right>
constexpr auto operator<=(const linear_expression<Left>& left, const Right& right) {
    return detail::inequality_of(right - left, false);
}
template <std::size_t Right>
constexpr auto operator>(double left, const linear_expression<Right>& right) {
    return right < left;
}
template <std::size_t Right>
constexpr auto operator>=(double left, const linear_expression<Right>& right) {
    return right <= left;
}
template <std::size_t Right>
constexpr auto operator<(double left, const linear_expression<Right>& right) {
    return right > left;
}
template <std::size_t Right>
constexpr auto operator<=(double left, const linear_expression<Right>& right) {
    return right >= left;
}
template <property Left, property Right>
constexpr all_of<Left, Right> operator&&(const Left& left, const Right& right) {
    return {left, right};
}
template <property Left, property Right>
constexpr any_of<Left, Right> operator||(const Left& left, const Right& right) {
    return {left, right};
}
template <std::size_t Terms>
constexpr inequality<Terms> operator!(const inequality<Terms>& of) {
    return {-of.expression, !of.is_strict};
}
template <class Left, class Right>
constexpr auto operator!(const all_of<Left, Right>& of) {
    return !of.left || !of.right;
}
template <class Left, class Right>
constexpr auto operator!(const any_of<Left, Right>& of) {
    return !of.left && !of.right;
}

namespace detail {

/// The disjunctive normal form of a property: any of some conjunctions of inequalities holds.
template <std::size_t Disjuncts, std::size_t Conjuncts, std::size_t Outputs>
struct normal_form {
    static constexpr std::size_t most_conjuncts = Conjuncts;
    struct row {
        double coefficients[Outputs];
        double constant;
        bool is_strict;
    };
    row rows[Disjuncts][Conjuncts];
    std::size_t counts[Disjuncts];

    static constexpr std::size_t disjuncts() { return Disjuncts; }
    constexpr std::size_t conjuncts(std::size_t of) const { return counts[of]; }
    constexpr const row& at(std::size_t disjunct, std::size_t conjunct) const { return rows[disjunct][conjunct]; }
};

template <std::size_t Outputs, std::size_t Terms>
constexpr auto normalised(const inequality<Terms>& of) {
    normal_form<1, 1, Outputs> result{};
    result.counts[0] = 1;
    auto& row = result.rows[0][0];
    for (std::size_t i = 0; i < Terms; ++i) row.coefficients[of.expression.index[i]] += of.expression.coefficient[i];
    row.constant = of.expression.constant;
    row.is_strict = of.is_strict;
    return result;
}
template <std::size_t Outputs, class Left, class Right>
constexpr auto normalised(const all_of<Left, Right>& of);
template <std::size_t Outputs, class Left, class Right>
constexpr auto normalised(const any_of<Left, Right>& of) {
    const auto left = detail::normalised<Outputs>(of.left);
    const auto right = detail::normalised<Outputs>(of.right);
    constexpr std::size_t of_left = left.disjuncts(), of_right = right.disjuncts();
    constexpr std::size_t most =
        left.most_conjuncts > right.most_conjuncts ? left.most_conjuncts : right.most_conjuncts;
    normal_form<of_left + of_right, most, Outputs> result{};
    const auto copy = [&](std::size_t to, const auto& from, std::size_t disjunct) {
        result.counts[to] = from.conjuncts(disjunct);
        for (std::size_t c = 0; c < result.counts[to]; ++c) {
            const auto& row = from.at(disjunct, c);
            for (std::size_t i = 0; i < Outputs; ++i) result.rows[to][c].coefficients[i] = row.coefficients[i];
            result.rows[to][c].constant = row.constant;
            result.rows[to][c].is_strict = row.is_strict;
        }
    };
    for (std::size_t d = 0; d < of_left; ++d) copy(d, left, d);
    for (std::size_t d = 0; d < of_right; ++d) copy(of_left + d, right, d);
    return result;
}
template <std::size_t Outputs, class Left, class Right>
constexpr auto normalised(const all_of<Left, Right>& of) {
    const auto left = detail::normalised<Outputs>(of.left);
    const auto right = detail::normalised<Outputs>(of.right);
    constexpr std::size_t of_left = left.disjuncts(), of_right = right.disjuncts();
    normal_form<of_left * of_right, left.most_conjuncts + right.most_conjuncts, Outputs> result{};
    for (std::size_t l = 0; l < of_left; ++l)
        for (std::size_t r = 0; r < of_right; ++r) {
            const std::size_t to = l * of_right + r;
            const auto append = [&](const auto& row) {
                auto& here = result.rows[to][result.counts[to]++];
                for (std::size_t i = 0; i < Outputs; ++i) here.coefficients[i] = row.coefficients[i];
                here.constant = row.constant;
                here.is_strict = row.is_strict;
            };
            for (std::size_t c = 0; c < left.conjuncts(l); ++c) append(left.at(l, c));
            for (std::size_t c = 0; c < right.conjuncts(r); ++c) append(right.at(r, c));
        }
    return result;
}

/// One more than the largest index of an output that a property names.
template <std::size_t Terms>
constexpr std::size_t outputs_named(const inequality<Terms>& of) {
    std::size_t result = 0;
    for (const std::size_t index : of.expression.index) result = index + 1 > result ? index + 1 : result;
    return result;
}
template <class Composite>
requires requires(const Composite& of) {
    of.left, of.right;
}
constexpr std::size_t outputs_named(const Composite& of) {
    const std::size_t left = outputs_named(of.left), right = outputs_named(of.right);
    return left > right ? left : right;
}

}  // namespace detail

}  // namespace CTNN_NAMESPACE
