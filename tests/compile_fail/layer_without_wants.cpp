// SPDX-License-Identifier: BSL-1.0
// A user-defined layer that does not say what it takes.
// EXPECT: ctnn::network: a layer declares what it takes, such as using wants = ctnn::wants_any
// EXPECT: amplifier

#include <ctnn.hpp>

template <class T, class Shape>
struct amplifier_layer {
    using input_shape = Shape;
    using output_shape = Shape;
    using activation = ctnn::identity;
    using weights_type = ctnn::tensor<T, ctnn::shape<1>>;

    static constexpr std::size_t fan_in = 1, fan_out = 1;
    static constexpr std::size_t multiply_accumulates = Shape::size;

    BOOST_HANA_DEFINE_STRUCT(amplifier_layer, (weights_type, weights));

    friend constexpr bool operator==(const amplifier_layer&, const amplifier_layer&) = default;

    template <std::size_t Batch>
    constexpr void forward(const T* x, T* y) const {
        for (std::size_t i = 0; i < Batch * Shape::size; ++i) y[i] = weights[0] * x[i];
    }
};
struct amplifier {
    template <class T, class Shape>
    using layer = amplifier_layer<T, Shape>;
};

constexpr ctnn::network<double, ctnn::input<2>, amplifier> net{};
constexpr auto y = net({0, 1});
