// SPDX-License-Identifier: BSL-1.0
// Difference quotients within a box are mean derivatives: none is outside the bounds of the derivatives over it, or of
// larger magnitude than the Lipschitz bound. These are claims about real numbers, so one compiler tries them.

#include "cases.hpp"

#include <ctnn/verify.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ratio>

namespace {

using namespace soundness;

std::uint64_t quotients_tried = 0;
int failures = 0;

/// Bounds of each derivative dy[i]/dx[j], and of their sums.
struct derivative_bounds {
    double lower[most_inputs * most_outputs], upper[most_inputs * most_outputs], lipschitz;
};

struct differentiable_network : any_network<double> {
    void (*bound)(const box_of<double>&, std::size_t boxes, derivative_bounds&);
};

template <class Net>
void bound(const box_of<double>& inside, std::size_t boxes, derivative_bounds& result) {
    box<double, typename Net::input_shape> whole{};
    for (std::size_t i = 0; i < Net::input_shape::size; ++i) {
        whole.lower[i] = inside.lower[i];
        whole.upper[i] = inside.upper[i];
    }
    const auto found = bound_jacobian(network_in_use<Net>, whole);
    for (std::size_t i = 0; i < found.lower.size(); ++i) {
        result.lower[i] = found.lower[i];
        result.upper[i] = found.upper[i];
    }
    result.lipschitz = lipschitz_bound(network_in_use<Net>, whole, {.boxes = boxes});
}

/// Walks through a box, along one axis at a time.
void walk(const differentiable_network& net, const box_of<double>& inside, const derivative_bounds& known,
          random_engine& engine) {
    double x[most_inputs], y[most_outputs], other[most_outputs];
    const auto draw = [&](std::size_t j) {
        return inside.lower[j] + (inside.upper[j] - inside.lower[j]) * draw_uniform<double>(engine);
    };
    for (std::size_t j = 0; j < net.inputs; ++j) x[j] = draw(j);
    net.compute(x, y);
    for (int n = 0; n < 1500; ++n) {
        const auto j = static_cast<std::size_t>(draw_below(engine, net.inputs));
        const double before = x[j];
        x[j] = draw(j);
        const double h = x[j] - before;
        net.compute(x, other);
        const bool is_tried = std::abs(h) >= 1e-4;
        quotients_tried += is_tried ? 1 : 0;
        for (std::size_t i = 0; i < net.outputs; ++i) {
            const double quotient = (other[i] - y[i]) / h, slack = 1e-9 * (1 + std::abs(quotient) + std::abs(y[i]));
            const std::size_t at = i * net.inputs + j;
            if (is_tried && !(known.lower[at] - slack <= quotient && quotient <= known.upper[at] + slack &&
                              std::abs(quotient) <= known.lipschitz + slack)) {
                if (failures < 20)
                    std::printf("%s: dy[%zu]/dx[%zu] is %.17g, outside [%.17g, %.17g]\n", net.name, i, j, quotient,
                                known.lower[at], known.upper[at]);
                ++failures;
            }
            y[i] = other[i];
        }
    }
}

void try_boxes(const differentiable_network& net) {
    static double parameters[most_parameters];
    static derivative_bounds known;
    random_engine engine{net.parameters};
    for (std::size_t trial = 0; trial < 24; ++trial) {
        for (std::size_t i = 0; i < net.parameters; ++i) parameters[i] = draw_uniform(engine, -1.5, 1.5);
        net.load(parameters);
        box_of<double> inside{};
        const double radius = trial % 3 == 0 ? 0.01 : trial % 3 == 1 ? 0.3 : 2;
        for (std::size_t i = 0; i < net.inputs; ++i) {
            const double center = draw_uniform(engine, -1.0, 1.0);
            inside.lower[i] = center - radius;
            inside.upper[i] = center + radius;
        }
        net.bound(inside, 1 + trial % 4, known);
        walk(net, inside, known, engine);
    }
}

template <class Net>
void check(const char* name) {
    try_boxes({erase<Net>(name), bound<Net>});
}

template <class Activation>
void check_slopes(const char* name) {
    check<network<double, input<2>, dense<3, Activation>, dense<2, Activation>>>(name);
}

}  // namespace

int main() {
    using narrow_clip = clip<std::ratio<-1, 100>, std::ratio<1, 100>>;
    check_slopes<relu>("relu");
    check_slopes<leaky_relu>("leaky_relu");
    check_slopes<relu6>("relu6");
    check_slopes<narrow_clip>("clip");
    check_slopes<ctnn::tanh>("tanh");
    check_slopes<sigmoid>("sigmoid");
    check_slopes<softplus>("softplus");
    check_slopes<softsign>("softsign");
    check_slopes<silu>("silu");
    check_slopes<gelu>("gelu");
    check_slopes<gelu_tanh>("gelu_tanh");
    check_slopes<elu_with<std::ratio<1, 2>>>("elu_with");
    check_slopes<selu>("selu");
    check_slopes<hard_sigmoid>("hard_sigmoid");
    check_slopes<hard_swish>("hard_swish");
    check<activations_alone<double, relu, leaky_relu, relu6, narrow_clip, ctnn::tanh, sigmoid, softplus, softsign, silu,
                            gelu, gelu_tanh, elu_with<std::ratio<1, 2>>, selu, hard_sigmoid, hard_swish>>("alone");
    check<network<double, input<2, 12>, conv1d<3, window<3>, relu, same>, conv1d<4, window<2>, stride<2>, ctnn::tanh>,
                  flatten, dense<2>>>("conv1d");
    check<network<double, input<1, 6, 6>, conv2d<3, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<3>>>(
        "conv2d");
    check<network<double, input<3, 4>, conv1d_transpose<2, window<3>, stride<2>>, activation<relu>, flatten, dense<2>>>(
        "transposed");
    check<network<double, input<2, 2, 3>, conv2d_transpose<2, window<2, 3>, stride<2, 1>>, activation<relu>, flatten,
                  dense<2>>>("transposed images");
    check<network<double, input<2, 8>, average_pool1d<window<3>, stride<2>>, activation<relu>, global_average_pool,
                  scale<>>>("pools");
    check<network<double, input<4, 3>, batch_norm<relu>, permute<1, 0>, flatten, dense<2>>>("batch_norm");
    check<network<double, input<4>, prelu<>, dropout<std::ratio<1, 2>>, dense<2>, prelu<>>>("prelu");
    check<network<double, input<3>, sum<branch<>, branch<residual<dense<3, relu>>, dense<3, ctnn::tanh>>>,
                  dense<4, relu>, concatenate<axis<0>, branch<dense<2>>, branch<>>, dense<2>>>("branches");
    std::printf("%llu difference quotients, %d outside\n", static_cast<unsigned long long>(quotients_tried), failures);
    return failures == 0 && quotients_tried > 500000 ? 0 : 1;
}
