// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_lower_rearrangements
#include "lower_support.hpp"

#include <algorithm>

// Operators that move elements without changing them.

using namespace lower_test;

BOOST_AUTO_TEST_CASE(every_order_of_axes) {
    for (const extents& dims : {extents{2, 3, 4, 5}, extents{1, 3, 1, 5}, extents{2, 1, 4, 1}}) {
        ints order{0, 1, 2, 3};
        do {
            model m;
            lowered(m.with_output(m("Transpose", {m.input(dims)}, {{"perm", order}})));
        } while (std::next_permutation(order.begin(), order.end()));
    }
    model m;
    BOOST_TEST(lowered(m.with_output(m("Transpose", {m.input({1, 5, 3})}, {{"perm", ints{1, 0, 2}}}))) ==
               "input<5, 3>, activation<identity>");
    lowered(m.with_output(m("Transpose", {"x0"})));
}

BOOST_AUTO_TEST_CASE(slices) {
    for (const std::int64_t axis : {0, 1, 2, -1})
        for (const std::int64_t step : {1, 2, 3, -1, -2})
            for (const auto& [begin, end] :
                 {std::pair<std::int64_t, std::int64_t>{0, 100}, {1, -1}, {-3, 100}, {2, 3}}) {
                model m;
                const auto x = m.input({4, 5, 6});
                const std::int64_t first = step > 0 ? begin : end - 1, last = step > 0 ? end : begin - 1;
                const bool whole = step < 0 && begin == 0;
                lowered(m.with_output(m("Slice", {x, m.constant(ints{first}), m.constant(ints{whole ? -100 : last}),
                                                  m.constant(ints{axis}), m.constant(ints{step})})));
            }
    model m(9);
    const auto x = m.input({4, 5, 6});
    BOOST_TEST(
        lowered(m.with_output(m("Slice", {x}, {{"starts", ints{1, 0}}, {"ends", ints{3, 4}}, {"axes", ints{0, 2}}}))) ==
        "input<4, 5, 6>, slice<axis<0>, 1, 2>, slice<axis<2>, 0, 4>");
    model n;
    BOOST_TEST(lowered(n.with_output(n("Slice", {n.input({1, 5, 6}), n.constant(ints{-1}), n.constant(ints{-9}),
                                                 n.constant(ints{1}), n.constant(ints{-1})}))) ==
               "input<5, 6>, reverse");
}

BOOST_AUTO_TEST_CASE(parts) {
    for (const std::int64_t axis : {0, 1, 2, -2})
        for (const std::size_t part : {0u, 1u}) {
            model m;
            const auto x = m.input({4, 6, 8});
            lowered(m.with_output(m.nodes("Split", {x}, 2, {{"axis", axis}})[part]));
            lowered(m.with_output(m.nodes("Split",
                                          {x, m.constant(axis == 0   ? ints{1, 3}
                                                         : axis == 2 ? ints{1, 7}
                                                                     : ints{4, 2})},
                                          2, {{"axis", axis}})[part]));
        }
    // A gate.
    model m;
    const auto halves = m.nodes("Split", {m.input({1, 6, 4})}, 2, {{"axis", std::int64_t{1}}});
    BOOST_TEST(lowered(m.with_output(m("Mul", {halves[0], m("Sigmoid", {halves[1]})}))) ==
               "input<6, 4>, product<branch<slice<axis<0>, 0, 3>>, branch<slice<axis<0>, 3, 3>, activation<sigmoid>>>");
}

BOOST_AUTO_TEST_CASE(indices) {
    for (const std::int64_t axis : {0, 1, 2, -1})
        for (const ints& which : {ints{1}, ints{0, 1, 2}, ints{-1}, ints{2, 0}, ints{0, 0, 1, 3}, ints{3, 2, 1, 0}}) {
            model m;
            lowered(m.with_output(m("Gather", {m.input({4, 5, 6}), m.constant(which)}, {{"axis", axis}})));
        }
    model m;
    ints many;
    for (std::int64_t i = 0; i < 65; ++i) many.push_back(i % 2 == 0 ? 0 : 2);
    BOOST_TEST(refusal_of(m.with_output(m("Gather", {m.input({4, 5}), m.constant(many)}))) ==
               "node \"Gather0\": its indices need more than 64 slices");
}

BOOST_AUTO_TEST_CASE(embeddings) {
    model m;
    const auto table = m.random({20, 6});
    BOOST_TEST(lowered(m.with_output(m("Gather", {table, m.input({1, 7}, true)}))) == "input<7>, embedding<20, 6>");
    model n;
    BOOST_TEST(
        refusal_of(n.with_output(n("Gather", {n.random({20, 6}), n.input({3}, true)}, {{"axis", std::int64_t{1}}}))) ==
        "node \"Gather0\" (Gather): it looks up along another axis than the first");
}

BOOST_AUTO_TEST_CASE(repetitions) {
    for (const ints& wanted : {ints{2, 3, 4}, ints{5, 2, 3, 4}, ints{5, 7, 3, 4}}) {
        model m;
        lowered(m.with_output(m("Expand", {m.input({3, 1}), m.constant(wanted)})));
        lowered(m.with_output(m("Expand", {m.input({1, 3, 1}), m.constant(wanted)})));
    }
    for (const ints& times : {ints{1, 1, 1}, ints{2, 1, 1}, ints{1, 2, 1}, ints{1, 1, 3}, ints{2, 3, 2}})
        for (const extents& dims : {extents{2, 3, 4}, extents{1, 3, 1}, extents{2, 1, 1}}) {
            model m;
            lowered(m.with_output(m("Tile", {m.input(dims), m.constant(times)})));
        }
}

BOOST_AUTO_TEST_CASE(padding) {
    for (const ints& pads :
         {ints{0, 0, 0, 0, 0, 0}, ints{0, 0, 1, 0, 0, 2}, ints{1, 0, 0, 2, 0, 0}, ints{0, 1, 0, 0, 1, 0},
          ints{1, 2, 3, 3, 2, 1}, ints{0, -1, 0, 0, -1, 0}, ints{-1, 1, 2, 1, -1, 0}})
        for (const double filling : {0.0, 1.5}) {
            model m;
            const auto x = m.input({2, 3, 4});
            lowered(m.with_output(m("Pad", {x, m.constant(pads)})));
            lowered(m.with_output(m("Pad", {x, m.constant(pads), m.constant({}, {filling})})));
        }
}

BOOST_AUTO_TEST_CASE(padding_by_the_input) {
    const auto text = [](const std::string& mode, const extents& dims, const ints& pads) {
        model m(19);
        return lowered(m.with_output(m("Pad", {m.input(dims), m.constant(pads)}, {{"mode", mode}})));
    };
    for (const std::string mode : {"reflect", "edge", "wrap"}) {
        text(mode, {2, 3, 4}, {0, 1, 2, 0, 2, 1});
        text(mode, {1, 3}, {0, 2, 0, 0});
    }
    BOOST_TEST(text("edge", {4}, {1, 0}) == "input<4>, edge_pad<pad<1, 0>>");
    BOOST_TEST(text("edge", {4}, {9, 5}) == "input<4>, edge_pad<pad<9, 5>>");
    BOOST_TEST(text("wrap", {4}, {0, 2}) == "input<4>, wrap_pad<pad<0, 2>>");
    BOOST_TEST(text("reflect", {80}, {70, 0}) == "input<80>, reflect_pad<pad<70, 0>>");
    BOOST_TEST(text("reflect", {1, 2, 5, 6}, {0, 0, 4, 2, 0, 0, 1, 5}) ==
               "input<2, 5, 6>, reflect_pad<pad<4, 1>, pad<2, 5>>");
    BOOST_TEST(text("wrap", {1, 2, 3, 4}, {0, 0, 1, 0, 0, 0, 0, 0}) ==
               "input<2, 3, 4>, wrap_pad<pad<1, 0>, pad<0, 0>>");
    // One end is cropped.
    BOOST_TEST(text("edge", {4}, {-1, 1}) ==
               "input<4>, concatenate<branch<slice<axis<0>, 1, 3>>, branch<slice<axis<0>, 3, 1>>>");
}

BOOST_AUTO_TEST_CASE(interpolation) {
    const auto text = [](const std::string& mode, const std::string& coordinates, const ints& sizes) {
        model m(19);
        const auto x = m.input({1, 2, 3, 4});
        return lowered(m.with_output(m("Resize", {x, "", "", m.constant(sizes)},
                                       {{"mode", mode}, {"coordinate_transformation_mode", coordinates}})));
    };
    for (const std::string mode : {"linear", "cubic"})
        for (const std::string coordinates :
             {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"}) {
            text(mode, coordinates, {1, 2, 6, 8});
            text(mode, coordinates, {1, 2, 2, 4});
            text(mode, coordinates, {1, 1, 5, 3});
        }
    // Two neighbours for each output, and by cubics a matrix for each axis that changes.
    BOOST_TEST(text("linear", "half_pixel", {1, 2, 3, 8}) == "input<2, 3, 4>, linear_resize<axis<2>, 8>");
    BOOST_TEST(text("linear", "align_corners", {1, 2, 6, 8}) ==
               "input<2, 3, 4>, linear_resize<axis<1>, 6, align_corners>, linear_resize<axis<2>, 8, align_corners>");
    BOOST_TEST(text("linear", "pytorch_half_pixel", {1, 2, 1, 4}) ==
               "input<2, 3, 4>, linear_resize<axis<1>, 1, align_corners>");
    BOOST_TEST(text("cubic", "half_pixel", {1, 2, 3, 8}) ==
               "input<6, 4>, dense<8, identity, no_bias>, reshape<2, 3, 8>");
    model m(11);
    const auto doubled = m("Resize", {m.input({4}), "", m.constant({1}, {2})}, {{"mode", std::string("linear")}});
    BOOST_TEST(lowered(m.with_output(m("Relu", {doubled}))) == "input<4>, linear_resize<axis<0>, 8>, activation<relu>");
}

BOOST_AUTO_TEST_CASE(nearest_neighbours) {
    const auto text = [](std::int64_t opset, const attributes& with, const std::vector<double>& scales,
                         const ints& sizes) {
        model m(opset);
        std::vector<std::string> inputs{m.input({1, 2, 3, 4})};
        if (opset >= 11) inputs.push_back("");
        if (!scales.empty()) inputs.push_back(m.constant({4}, scales));
        if (!sizes.empty()) {
            inputs.push_back("");
            inputs.push_back(m.constant(sizes));
        }
        return lowered(m.with_output(m("Resize", inputs, with)));
    };
    BOOST_TEST(text(11, {}, {1, 1, 2, 3}, {}) == "input<2, 3, 4>, upsample<2, 3>");
    BOOST_TEST(text(10, {}, {1, 1, 1, 3}, {}) == "input<2, 3, 4>, upsample<3>");
    BOOST_TEST(text(13, {}, {}, {1, 2, 6, 8}) == "input<2, 3, 4>, upsample<2, 2>");
    for (const std::string coordinates : {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"})
        for (const std::string rounding : {"floor", "ceil", "round_prefer_floor", "round_prefer_ceil"})
            text(13, {{"coordinate_transformation_mode", coordinates}, {"nearest_mode", rounding}}, {}, {1, 3, 5, 2});
}

BOOST_AUTO_TEST_CASE(blocks_of_pixels) {
    for (const std::string mode : {"DCR", "CRD"}) {
        model m(11);
        const auto wide = m("DepthToSpace", {m.input({1, 8, 2, 3})}, {{"blocksize", std::int64_t{2}}, {"mode", mode}});
        lowered(m.with_output(wide));
        // There and back.
        const auto back = m("SpaceToDepth", {wide}, {{"blocksize", std::int64_t{2}}});
        lowered(m.with_output(back));
    }
}

BOOST_AUTO_TEST_CASE(views_cost_nothing) {
    model m;
    const auto x = m.input({2, 3, 4});
    const auto flat = m("Flatten", {m("Unsqueeze", {x, m.constant(ints{0, 3})})}, {{"axis", std::int64_t{2}}});
    const auto back = m("Reshape", {flat, m.constant(ints{4, 6})});
    BOOST_TEST(lowered(m.with_output(m("Relu", {m("Squeeze", {m("Reshape", {back, m.constant(ints{2, 1, 12})})})}))) ==
               "input<2, 3, 4>, activation<relu>, reshape<2, 12>");
}
