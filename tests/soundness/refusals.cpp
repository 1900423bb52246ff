// SPDX-License-Identifier: BSL-1.0
// Nothing is proved that is wrong of what the program computes, where real numbers, or the proof's own arithmetic, would
// have it: the networks of breakers.hpp and others that round, underflow, overflow or lie at a kink.

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <memory>
#include <ratio>

namespace {

using namespace ctnn;

int failures = 0;

/// No proof, and no bounds, of what the program computes otherwise than real arithmetic, or `double`, does.
template <class Net, class Property>
void refuse(const char* name, const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
            const Property& wrong) {
    if (proves(net, inside, wrong)) std::printf("%s: proved what is wrong\n", name), ++failures;
    const auto found = bounds(net, inside);
    for (const auto& x : {inside.lower, inside.upper}) {
        const auto y = net(static_cast<const tensor<typename Net::value_type, typename Net::input_shape>&>(x));
        for (std::size_t i = 0; i < Net::output_shape::size; ++i) {
            const double value = static_cast<double>(y[i]);
            // Where a value may overflow nothing is known.
            if (!(found.lower[i] <= value && value <= found.upper[i]) && !std::isnan(value))
                std::printf("%s: %g is outside [%g, %g]\n", name, value, found.lower[i], found.upper[i]), ++failures;
        }
    }
}

/// What breakers.hpp says of these networks.
void check_breakers() {
    using two = network<float, input<1>, dense<1>, dense<1>>;
    two absorbs{};
    get<0>(absorbs).weights = {1};
    get<0>(absorbs).bias = {0x1p24F};
    get<1>(absorbs).weights = {1};
    get<1>(absorbs).bias = {-0x1p24F};
    refuse("absorption", absorbs, {{0.4F}, {0.6F}}, output<0> >= 0.3);
    if (absorbs({0.5F})[0] != 0) std::printf("absorption: not what it should be\n"), ++failures;

    network<float, input<4>, dense<1>> sums{};
    get<0>(sums).weights = {1e8F, 1, -1e8F, 0x1p-24F};
    refuse("order", sums, ball<float, shape<4>>({1, 1, 1, 1}, 0), output<0> >= 0.9);

    network<float, input<2>, dense<2, relu>, dense<1>> hidden{};
    get<0>(hidden).weights = {1e-30F, 1e-25F, 1e-20F, 3e-39F};
    get<1>(hidden).weights = {1e-5F, 1};
    refuse("underflow", hidden, {{1e-20F, 1e-20F}, {1e-19F, 1e-19F}}, output<0> > 0);

    constexpr float most = std::numeric_limits<float>::max();
    get<0>(hidden).weights = {1, -1, 1, 1};
    get<1>(hidden).weights = {1, -1};
    refuse("overflow", hidden, {{0, 0}, {most, most}}, output<0> < 1e300);
}

void check_overflow_inside() {
    // The sum of an average overflows, and its mean does not.
    using average = network<float, input<1, 4>, average_pool1d<window<4>>>;
    refuse("average", average{}, box<float, shape<1, 4>>::all(0, 1e38F), output<0> < 1.1e38);
    using global = network<float, input<1, 4>, global_average_pool>;
    refuse("global average", global{}, box<float, shape<1, 4>>::all(0, 1e38F), output<0> < 1.1e38);
    // Activations that overflow in float.
    using selu_net = network<float, input<1>, activation<selu>>;
    refuse("selu", selu_net{}, {{0}, {3.39e38F}}, output<0> < 3.57e38);
    using leaky = network<float, input<1>, activation<leaky_relu_with<std::ratio<2>>>>;
    refuse("leaky_relu", leaky{}, {{-2e38F}, {0}}, output<0> > -4.1e38);
    // A factor of batch_norm that is subnormal, or infinite, or not a number.
    using normed = network<float, input<1, 2>, batch_norm<>>;
    normed net{};
    get<0>(net).weights = {3 * std::numeric_limits<float>::denorm_min()};
    get<0>(net).running_variance = {4};
    refuse("subnormal factor", net, box<float, shape<1, 2>>::all(2e37F, 4e37F), output<0> > 0.6 * 4e37 * 0x1p-149);
    get<0>(net).weights = {std::numeric_limits<float>::max() / 4};
    get<0>(net).running_variance = {0};
    refuse("infinite factor", net, box<float, shape<1, 2>>::all(1e-36F, 2e-36F), output<0> > 0);
    get<0>(net).weights = {1};
    get<0>(net).running_variance = {-0.9999e-5F};
    refuse("negative variance", net, box<float, shape<1, 2>>::all(0, 1), output<0> < 31599);
}

/// Networks of double, where the proof's own arithmetic underflows and overflows.
void check_extremes_of_double() {
    constexpr double least = std::numeric_limits<double>::denorm_min();
    using two = network<double, input<1>, dense<1>, dense<1>>;
    two net{};
    get<0>(net).weights = {1e-162};
    get<1>(net).weights = {1e-162};
    refuse("coefficient underflows", net, {{0}, {1e300}}, output<0> < 0.9e-24);
    get<0>(net).weights = {1e200};
    get<1>(net).weights = {1e200};
    refuse("coefficient overflows", net, {{1e-300}, {2e-300}}, output<0> < 1e100);
    using rectified = network<double, input<1>, activation<relu>, dense<1>>;
    rectified small{};
    get<1>(small).weights = {1e300};
    refuse("smallest chord", small, {{-least}, {least}}, output<0> < 3e-24);
    using wide = network<double, input<1>, dense<1, relu>, dense<1>>;
    wide large{};
    get<0>(large).weights = {1.2e308};
    get<1>(large).weights = {1e-10};
    refuse("largest chord", large, {{-1}, {1}}, output<0> < 1e297);
    using one = network<double, input<1>, dense<1>>;
    one scaled{};
    get<0>(scaled).weights = {1e300};
    refuse("smallest box", scaled, {{0}, {least}}, output<0> < 1e-30);
    get<0>(scaled).weights = {1e-10};
    refuse("largest box", scaled, {{1e308}, {1.7e308}}, output<0> > 1e299);
    get<0>(scaled).weights = {1};
    refuse("tiny property", scaled, {{-1e-30}, {-1e-31}}, 1e-300 * output<0> >= 0);
    // Halves of odd subnormal numbers are rounded.
    refuse("odd subnormal point", scaled, {{3 * least}, {3 * least}}, output<0> > 1);
    get<0>(scaled).weights = {1e300};
    refuse("odd subnormal product", scaled, {{3 * least}, {3 * least}}, output<0> < 0);
    get<0>(scaled).weights = {1};
    using hidden = network<double, input<2>, dense<2, relu>, dense<1>>;
    hidden joined{};
    get<0>(joined).weights = {1e300, 0, 0, 1};
    get<0>(joined).bias = {-2e-24, 0};
    get<1>(joined).weights = {1, 1};
    refuse("odd subnormal behind relu", joined, {{least, 0}, {least, 1e-24}}, output<0> < 3.5e-24);
    // Terms that cancel, of subnormal outputs: the exact sum is -2.6e-33, the rounded one is positive.
    using view = network<double, input<3>, activation<relu>>;
    const box<double, shape<3>> subnormal{{13918806 * least, 12469096 * least, 12105762 * least},
                                          {13918806 * least, 12469096 * least, 12105762 * least}};
    refuse("large coefficients", view{}, subnormal,
           0x1.4a5801460e15dp+997 * output<0> + 0x1.92cdbc5d2379p+996 * output<1> - 0x1.25a1e97901167p+998 * output<2> >
               0);
    refuse("unsigned constant", scaled, {{-1}, {1}}, output<0> > 5U);
}

/// Slopes, products and sums of the proof that underflow, overflow, or lie at a kink.
void check_extremes_of_layers() {
    using pole = network<double, input<1>, activation<reciprocal>, dense<1>>;
    pole far{};
    get<1>(far).weights = {1e10};
    const box<double, shape<1>> large{{1.006009e161}, {1.006009001e161}};
    refuse("subnormal slope", far, large, output<0> <= far(large.lower)[0] * (1 - 1e-10));

    using products = network<double, input<1, 2>,
                             matmul<branch<slice<axis<1>, 0, 1>>, branch<slice<axis<1>, 1, 1>, dense<256>>>, dense<1>>;
    const auto many = std::make_unique<products>();
    for (double& bias : get<0, 1, 1>(*many).bias) bias = 2.4e-124;
    for (double& weight : get<1>(*many).weights) weight = 1e-200;
    refuse("many coefficients underflow", *many, {{-1e300, 0}, {1e300, 0}}, output<0> > -5.5e-22);

    using bent = network<float, input<1>, prelu<>>;
    bent infinite{};
    get<0>(infinite).weights = {std::numeric_limits<float>::infinity()};
    refuse("infinite slope", infinite, {{0}, {5}}, output<0> >= -1);

    const auto expect = [](const char* name, bool holds) {
        if (!holds) std::printf("%s: wrong\n", name), ++failures;
    };
    using kinked = network<float, input<2>, residual<activation<relu>, dense<2>>, dense<1>>;
    kinked at_kink{};
    get<0, 1, 1>(at_kink).weights = {-3, 0, 0, 0};
    get<1>(at_kink).weights = {1, 1};
    const box<float, shape<2>> thin{{0, 0.5F}, {0, 1}};
    const auto sides = bound_jacobian(at_kink, thin);
    expect("relu at a kink", lipschitz_bound(at_kink, thin) >= 1 && sides.lower[0] <= -2 && sides.upper[0] >= 1);
    const auto of_point = [](auto net) {
        using net_type = decltype(net);
        return bound_jacobian(net, box<double, typename net_type::input_shape>{});
    };
    const auto leaky = of_point(network<double, input<1>, activation<leaky_relu_with<std::ratio<1, 2>>>>{});
    expect("leaky_relu at its kink", leaky.lower[0] <= 0.5 && leaky.upper[0] >= 1);
    const auto pooled = of_point(network<double, input<1, 2>, global_max_pool>{});
    expect("a maximum of equals",
           pooled.lower[0] <= 0 && pooled.upper[0] >= 1 && pooled.lower[1] <= 0 && pooled.upper[1] >= 1);

    const box<double, shape<1>> tiny{{0}, {1e-300}};
    using three = network<double, input<1>, dense<1>, dense<2>, dense<1>>;
    three steep{};
    get<0>(steep).weights = {1};
    get<1>(steep).weights = {1e200, 1e200};
    get<2>(steep).weights = {1e200, -2e200};
    expect("derivatives that overflow", lipschitz_bound(steep, tiny) > 1e300 && !monotone_in<0>(steep, tiny) &&
                                            !monotone_in<0>(steep, tiny, direction::falling));
    using signed_net = network<double, input<1>, prelu<>, dense<1>>;
    signed_net falls{};
    get<0>(falls).weights = {-1e-200};
    get<1>(falls).weights = {1e-140};
    expect("a derivative that underflows", !monotone_in<0>(falls, {{-2}, {-1}}));
}

/// A counterexample is in the box, and its outputs are one.
void check_counterexamples() {
    constexpr float least = std::numeric_limits<float>::denorm_min();
    using one = network<float, input<1>, dense<1>>;
    one same{};
    get<0>(same).weights = {1};
    const box<float, shape<1>> point{{least}, {least}};
    if (prove(same, point, output < 0 >> 0).outcome == verdict::refuted) std::printf("point: refuted\n"), ++failures;
    using two = network<float, input<1>, dense<2, softmax>>;
    two close{};
    get<0>(close).bias = {1e-5F, 0};
    if (prove_class(close, box<float, shape<1>>{{0}, {1}}, 0).outcome == verdict::refuted)
        std::printf("softmax: refuted\n"), ++failures;
}

}  // namespace

int main() {
    check_breakers();
    check_overflow_inside();
    check_extremes_of_double();
    check_extremes_of_layers();
    check_counterexamples();
    return failures == 0 ? 0 : 1;
}
