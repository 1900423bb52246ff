// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Enclosures of the true activations and their derivatives over an interval. Where a function is saturated over all of
/// it, they are its limit with what is left.

#include "taylor_model.hpp"
#include "true_functions.hpp"

namespace proof {

inline taylor_model sigmoid(const taylor_model& x) {
    if (x.constant() > wide(0)) return reciprocal(taylor_model(1) + exp(-x));
    const taylor_model e = exp(x);
    return e / (taylor_model(1) + e);
}
inline taylor_model tanh(const taylor_model& x) {
    if (x.constant() < wide(0)) return -tanh(-x);
    const taylor_model e = expm1(-(x + x));
    return -e / (taylor_model(2) + e);
}
inline taylor_model softplus(const taylor_model& x) {
    return x.constant() > wide(0) ? x + log1p(exp(-x)) : log1p(exp(x));
}
inline taylor_model softsign(const taylor_model& x) {
    if (x.constant() < wide(0)) return -softsign(-x);
    if (x.lowest() >= wide(0x1p60)) return taylor_model::around(1, 0x1p-60L);
    return x / (taylor_model(1) + x);
}
inline taylor_model silu(const taylor_model& x) {
    // x e^x rises in magnitude up to -1.
    if (x.highest() < wide(-800)) return taylor_model::around(0, 0x1p-1100L);
    return x * sigmoid(x);
}
inline taylor_model gelu(const taylor_model& x) {
    // |x| P(x) < e^(-x^2 / 2), and 20^2 / 2 = 200 > 280 ln 2.
    if (x.highest() < wide(-20)) return taylor_model::around(0, 0x1p-280L);
    return x * (taylor_model(1) + erf(x / value(root(2)))) / taylor_model(2);
}
inline taylor_model gelu_tanh(const taylor_model& x) {
    // Beyond 50, 2 u > 5000, and s or 1 - s is below e^-5000.
    if (x.lowest() > wide(50)) return x * taylor_model::around(1, 0x1p-5000L);
    if (x.highest() < wide(-50)) return taylor_model::around(0, 0x1p-5000L);
    const taylor_model linear = value(root(wide(2) / pi())) * taylor_model(2),
                       cubic = value(wide(44715) / wide(1000000));
    return x * sigmoid(linear * (x + cubic * (x * x * x)));
}
inline taylor_model elu(const taylor_model& x) {
    return x.constant() > wide(0) ? x : expm1(x);
}
inline taylor_model third_elu(const taylor_model& x) {
    return x.constant() > wide(0) ? x : expm1(x) / taylor_model(3);
}
inline taylor_model selu(const taylor_model& x) {
    const wide scale = wide(1.0507009873554804934193349852946L), alpha = wide(1.6732632423543772848170429916717L);
    // The decimal numbers, of which long double has 64 bits.
    const taylor_model scaled = taylor_model(scale).widened(0x1p-63L),
                       below = scaled * taylor_model(alpha).widened(0x1p-63L);
    return x.constant() > wide(0) ? scaled * x : below * expm1(x);
}
inline taylor_model leaky_relu(const taylor_model& x) {
    return x.constant() > wide(0) ? x : x / taylor_model(100);
}
// Derivatives, which a proof computes in `double` and knows to within its own rounding.
inline taylor_model slope_of_tanh(const taylor_model& x) {
    const taylor_model y = tanh(x);
    return taylor_model(1) - y * y;
}
inline taylor_model slope_of_sigmoid(const taylor_model& x) {
    const taylor_model y = sigmoid(x);
    return y * (taylor_model(1) - y);
}
inline taylor_model slope_of_softplus(const taylor_model& x) {
    return sigmoid(x);
}
inline taylor_model slope_of_softsign(const taylor_model& x) {
    if (x.constant() < wide(0)) return slope_of_softsign(-x);
    if (x.lowest() >= wide(0x1p60)) return taylor_model::around(0, 0x1p-120L);
    const taylor_model slack = reciprocal(taylor_model(1) + x);
    return slack * slack;
}
inline taylor_model slope_of_silu(const taylor_model& x) {
    if (positive(x.constant()) - wide(x.spread()) > wide(800))
        return taylor_model::around(x.constant() > wide(0) ? 1 : 0, 0x1p-1100L);
    const taylor_model s = sigmoid(x);
    return s * (taylor_model(1) + x * (taylor_model(1) - s));
}
inline taylor_model slope_of_gelu(const taylor_model& x) {
    // What is left is below (1 + |x|) e^(-x^2 / 2).
    if (positive(x.constant()) - wide(x.spread()) > wide(20))
        return taylor_model::around(x.constant() > wide(0) ? 1 : 0, 0x1p-270L);
    const taylor_model half = taylor_model(wide(0.5)), root_2 = value(root(2)),
                       density = exp(-(x * x) * half) / value(root(wide(2) * pi()));
    return (taylor_model(1) + erf(x / root_2)) * half + x * density;
}
inline taylor_model slope_of_gelu_tanh(const taylor_model& x) {
    if (positive(x.constant()) - wide(x.spread()) > wide(50))
        return taylor_model::around(x.constant() > wide(0) ? 1 : 0, 0x1p-4900L);
    const taylor_model linear = value(root(wide(2) / pi())) * taylor_model(2),
                       cubic = value(wide(44715) / wide(1000000)), square = x * x,
                       s = sigmoid(linear * (x + cubic * (square * x)));
    return s * (taylor_model(1) +
                x * (taylor_model(1) - s) * (linear * (taylor_model(1) + taylor_model(3) * cubic * square)));
}
inline taylor_model hard_sigmoid(const taylor_model& x) {
    if (x.constant() <= wide(-3)) return taylor_model(0);
    return x.constant() >= wide(3) ? taylor_model(1) : (x + taylor_model(3)) / taylor_model(6);
}
inline taylor_model hard_swish(const taylor_model& x) {
    return x * hard_sigmoid(x);
}

}  // namespace proof
