// SPDX-License-Identifier: BSL-1.0
// Operators that are ctnn activations.
#include "lower/lowering.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ctnn_import {

namespace {

void activate(const job& of, const std::string& activation) {
    of.wants_live_first();
    of.to.activate(activation, of.what.name);
}

/// Operators without attributes.
struct plain_activation {
    const char *op, *activation;
};
constexpr plain_activation plain_activations[]{{"Relu", "ctnn::relu"},
                                               {"Sigmoid", "ctnn::sigmoid"},
                                               {"Tanh", "ctnn::tanh"},
                                               {"Softplus", "ctnn::softplus"},
                                               {"Softsign", "ctnn::softsign"},
                                               {"Silu", "ctnn::silu"},
                                               {"HardSwish", "ctnn::hard_swish"},
                                               {"Reciprocal", "ctnn::reciprocal"},
                                               {"Exp", "ctnn::exp"},
                                               {"Log", "ctnn::log"},
                                               {"Sqrt", "ctnn::sqrt"},
                                               {"Sin", "ctnn::sin"},
                                               {"Cos", "ctnn::cos"}};
void by_name(const job& of) {
    for (const auto& [op, activation] : plain_activations)
        if (of.what.op == op) return activate(of, activation);
}

bool is_near(double number, double expected) {
    return std::abs(number - expected) <= 1e-7 * std::abs(expected);
}

void leaky_relu(const job& of) {
    activate(of, leaky_relu_text(of.what, of.what.get<double>("alpha", double{0.01f})));
}
void elu(const job& of) {
    activate(of, elu_text(of.what, of.what.get<double>("alpha", 1)));
}
void selu(const job& of) {
    const double alpha = of.what.get<double>("alpha", 1.67326319217681884765625);
    const double gamma = of.what.get<double>("gamma", 1.05070102214813232421875);
    if (is_near(alpha, 1.6732632423543772) && is_near(gamma, 1.0507009873554805)) return activate(of, "ctnn::selu");
    activate(of, "ctnn::selu_with<" + ratio_text(of.what, alpha) + ", " + ratio_text(of.what, gamma) + ">");
}
void gelu(const job& of) {
    const bool tanh = of.what.get<std::string>("approximate", "none") == "tanh";
    activate(of, tanh ? "ctnn::gelu_tanh" : "ctnn::gelu");
}
void hard_sigmoid(const job& of) {
    activate(of,
             hard_sigmoid_text(of.what, of.what.get<double>("alpha", double{0.2f}), of.what.get<double>("beta", 0.5)));
}

void clip_between(const job& of, double low, double high) {
    const double infinity = std::numeric_limits<double>::infinity();
    // Exporters write the largest floats for no bound.
    const double large = std::numeric_limits<float>::max();
    if (low <= -large) low = -infinity;
    if (high >= large) high = infinity;
    if (std::isnan(low) || std::isnan(high) || low > high) of.refuse("its lower bound is not below the upper one");
    if (low == -infinity && high == infinity) return;
    if (low == 0 && high == infinity) return of.to.activate("ctnn::relu", of.what.name);
    if (low == 0 && high == 6) return of.to.activate("ctnn::relu6", of.what.name);
    const auto side = [&](double bound) {
        return std::isinf(bound) ? std::string("ctnn::unbounded") : ratio_text(of.what, bound);
    };
    of.to.activate("ctnn::clip<" + side(low) + ", " + side(high) + ">", of.what.name);
}
double bound(const job& of, const char* name, std::size_t input, double otherwise) {
    if (of.what.opset < 11) return of.what.get<double>(name, otherwise);
    if (!of.what.has_input(input)) return otherwise;
    if (of.reals(input).size() != 1) of.refuse("a bound is not a scalar");
    return of.reals(input)[0];
}
void clip(const job& of) {
    of.wants_live_first();
    const double infinity = std::numeric_limits<double>::infinity();
    clip_between(of, bound(of, "min", 1, -infinity), bound(of, "max", 2, infinity));
}
/// Max and Min with a constant of equal elements.
void one_sided(const job& of) {
    const double infinity = std::numeric_limits<double>::infinity();
    const bool below = of.what.op == "Max";
    double limit = below ? -infinity : infinity;
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i) {
        if (i == of.live) continue;
        const auto& numbers = of.reals(i);
        if (numbers.empty() ||
            std::adjacent_find(numbers.begin(), numbers.end(), std::not_equal_to<>{}) != numbers.end())
            of.refuse("it compares with a constant whose elements differ");
        limit = below ? std::max(limit, numbers[0]) : std::min(limit, numbers[0]);
    }
    of.to.expand(of.input(), of.result(), of.what.name);
    clip_between(of, below ? limit : -infinity, below ? infinity : limit);
}

}  // namespace

std::string leaky_relu_text(const node& of, double slope) {
    if (slope < 0) of.refuse("its slope is negative");
    return is_near(slope, 0.01) ? "ctnn::leaky_relu" : "ctnn::leaky_relu_with<" + ratio_text(of, slope) + ">";
}
std::string elu_text(const node& of, double alpha) {
    if (alpha < 0) of.refuse("its alpha is negative");
    return alpha == 1 ? "ctnn::elu" : "ctnn::elu_with<" + ratio_text(of, alpha) + ">";
}
std::string hard_sigmoid_text(const node& of, double alpha, double beta) {
    if (is_near(alpha, 1.0 / 6) && beta == 0.5) return "ctnn::hard_sigmoid";
    return "ctnn::hard_sigmoid_with<" + ratio_text(of, alpha) + ", " + ratio_text(of, beta) + ">";
}

void add_activation_lowerings(lowering_table& table) {
    for (const auto& [op, activation] : plain_activations) table.emplace(op, by_name);
    table.insert({{"LeakyRelu", leaky_relu},
                  {"Elu", elu},
                  {"Selu", selu},
                  {"Gelu", gelu},
                  {"HardSigmoid", hard_sigmoid},
                  {"Clip", clip},
                  {"Max", one_sided},
                  {"Min", one_sided}});
}

}  // namespace ctnn_import
