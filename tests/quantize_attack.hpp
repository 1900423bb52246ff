// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Attacks on bounds of the errors of quantised networks.

#include <boost/test/unit_test.hpp>

#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/error_bound.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace test_support {

using namespace ctnn;

template <class Net>
constexpr Net filled(std::uint64_t seed, double size = 1) {
    using T = typename Net::value_type;
    Net net{};
    random_engine engine{seed};
    for_each_parameter(net, [&](auto, const char* name, auto& values) {
        const bool is_variance = std::string_view(name) == "running_variance";
        for (auto& value : values)
            value = draw_uniform<T>(engine, static_cast<T>(is_variance ? 0.5 : -size), static_cast<T>(size));
    });
    return net;
}

template <class Net>
using box_of = box<typename Net::value_type, typename Net::input_shape>;

// --- Attacks: what of the bounds is reached, as a share, by inputs of the box. Above 1 a bound is wrong.

template <bool Activated, class Net, class Q>
class attack {
  public:
    using T = typename Net::value_type;
    static constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;

    attack(const Net& net, const Q& q, const box_of<Net>& inside, std::uint64_t seed)
        : net_(net), q_(q), inside_(inside), bounds_(error_bounds<Activated>(net, q, inside)), engine_{seed} {}

    /// Random inputs, corners, and inputs with some elements at an end; then from some of them an element at a time, to what
    /// makes the error of an output larger.
    double share(int random, int starts) {
        T x[inputs];
        for (int i = 0; i < random; ++i) {
            draw(x, i % 3);
            for (std::size_t k = 0; k < outputs; ++k) found(x, k);
        }
        for (int start = 0; start < starts; ++start) climb(static_cast<std::size_t>(start) % outputs, start);
        return share_;
    }
    double bound() const { return *std::max_element(bounds_.begin(), bounds_.end()); }

  private:
    T uniform(T low, T high) { return low < high ? draw_uniform<T>(engine_, low, high) : low; }
    T any(std::size_t i) { return uniform(inside_.lower[i], inside_.upper[i]); }
    T end(std::size_t i) { return engine_() % 2 == 0 ? inside_.lower[i] : inside_.upper[i]; }
    void draw(T* x, int kind) {
        for (std::size_t i = 0; i < inputs; ++i)
            x[i] = kind == 0 || (kind == 1 && engine_() % 2 == 0) ? any(i) : end(i);
    }
    double error(const T* x, std::size_t k) {
        T real[outputs], near[outputs];
        net_.template forward<1, Activated>(x, real);
        q_.template forward<1, Activated>(x, near);
        return static_cast<double>(near[k]) - static_cast<double>(real[k]);
    }
    double found(const T* x, std::size_t k) {
        const double e = error(x, k);
        share_ = std::max(share_, std::abs(e) / bounds_[k]);
        return e;
    }
    void climb(std::size_t k, int start) {
        T x[inputs];
        draw(x, start % 3);
        const double sign = (start / static_cast<int>(outputs)) % 2 == 0 ? 1 : -1,
                     step = static_cast<double>(q_.input.scale);
        double best = sign * found(x, k);
        for (int sweep = 0; sweep < 12; ++sweep)
            for (std::size_t i = 0; i < inputs; ++i) {
                const T before = x[i], near = static_cast<T>(step), nearer = static_cast<T>(step / 8);
                T best_x = before;
                for (const T to : {inside_.lower[i], inside_.upper[i], any(i), before + uniform(-near, near),
                                   before + uniform(-nearer, nearer)}) {
                    x[i] = std::min(inside_.upper[i], std::max(inside_.lower[i], to));
                    const double e = sign * found(x, k);
                    if (e > best) {
                        best = e;
                        best_x = x[i];
                    }
                }
                x[i] = best_x;
            }
    }

    const Net& net_;
    const Q& q_;
    const box_of<Net>& inside_;
    tensor<double, typename Net::output_shape> bounds_;
    random_engine engine_;
    double share_ = 0;
};

template <bool Activated = true, class Net, class Q>
double share_of_bound(const Net& net, const Q& q, const box_of<Net>& inside, std::uint64_t seed = 1, int random = 2000,
                      int starts = 24) {
    return attack<Activated, Net, Q>(net, q, inside, seed).share(random, starts);
}

/// The same of single inputs, over which nothing but rounding is unknown.
template <class Net, class Q>
double share_of_points(const Net& net, const Q& q, const box_of<Net>& inside, int points = 300) {
    random_engine engine{2};
    double largest = 0;
    for (int n = 0; n < points; ++n) {
        typename Net::input_type x{};
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = draw_uniform<typename Net::value_type>(engine, inside.lower[i], inside.upper[i]);
        const auto real = net(x), near = q(x);
        const auto bounds = error_bounds(net, q, box_of<Net>{x, x});
        for (std::size_t i = 0; i < real.size(); ++i)
            largest =
                std::max(largest, std::abs(static_cast<double>(near[i]) - static_cast<double>(real[i])) / bounds[i]);
    }
    return largest;
}

/// What is found is at most the bound, and at least a part of it: a bound that is narrowed to this part is noticed.
inline void expect_share(double share, double part) {
    BOOST_TEST(share <= 1);
    BOOST_TEST(share > part);
}
template <class Rounding, class Granularity, class End, class Net>
void expect_bound(const Net& net, const box_of<Net>& inside, double part) {
    const auto q = quantize<Rounding, Granularity, End>(net, calibrate(net, inside));
    const double share = share_of_bound(net, q, inside);
    BOOST_TEST_CONTEXT("of " << error_bound(net, q, inside)) {
        expect_share(share, part);
    }
}
template <class Net, class Rounding = rounding::twice, class End = ends_in_integers>
void expect_points(double low, double high, double part, double size = 1) {
    const auto inside =
        box_of<Net>::all(static_cast<typename Net::value_type>(low), static_cast<typename Net::value_type>(high));
    const auto net = filled<Net>(12, size);
    expect_share(share_of_points(net, quantize<Rounding, per_channel, End>(net, calibrate(net, inside)), inside), part);
}
template <class Net, class Rounding = rounding::twice, class End = ends_in_sums>
void expect_one(double low, double high, double part, double size = 1) {
    const auto inside =
        box_of<Net>::all(static_cast<typename Net::value_type>(low), static_cast<typename Net::value_type>(high));
    expect_bound<Rounding, per_channel, End>(filled<Net>(12, size), inside, part);
}

/// Bounds of a constant expression are those at run time, where a proof's own arithmetic may be fused, and what is found is a part
/// of them.
template <class Net, class Q, class Bounds>
void expect_at_run_time(const Bounds& bounds, const Net& net, const Q& q, const box_of<Net>& inside, double part) {
    const auto at_run_time = error_bounds(opaque(net), opaque(q), opaque(inside));
    for (std::size_t i = 0; i < bounds.size(); ++i)
        BOOST_TEST(std::abs(at_run_time[i] - bounds[i]) <= 1e-9 * bounds[i]);
    expect_share(share_of_bound(net, q, inside), part);
}

}  // namespace test_support
