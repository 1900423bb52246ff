// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_lower_windows
#include "lower_support.hpp"

// Convolutions and pooling.

using namespace lower_test;

namespace {

attributes with_padding(const ints& pads, const attributes& others = {}) {
    attributes all = others;
    all["pads"] = pads;
    return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(convolutions) {
    const std::vector<attributes> all{{},
                                      {{"strides", ints{2, 1}}},
                                      {{"dilations", ints{1, 2}}},
                                      with_padding({1, 0, 2, 1}),
                                      with_padding({1, 1, 1, 1}, {{"strides", ints{2, 2}}}),
                                      {{"auto_pad", std::string("SAME_UPPER")}, {"strides", ints{2, 2}}},
                                      {{"auto_pad", std::string("SAME_LOWER")}, {"strides", ints{2, 2}}},
                                      {{"auto_pad", std::string("SAME_LOWER")}},
                                      {{"auto_pad", std::string("VALID")}}};
    for (const attributes& one : all)
        for (const std::int64_t groups : {1, 2, 4}) {
            model m;
            attributes with = one;
            with["group"] = groups;
            const auto x = m.input({1, 4, 8, 7}), w = m.random({8, 4 / groups, 3, 2});
            lowered(m.with_output(m("Conv", {x, w}, with)));
            lowered(m.with_output(m("Conv", {x, w, m.random({8})}, with)));
        }
    const std::vector<attributes> lines{{},
                                        {{"strides", ints{2}}},
                                        {{"dilations", ints{2}}},
                                        with_padding({1, 2}),
                                        with_padding({4, 0}, {{"dilations", ints{2}}}),
                                        {{"auto_pad", std::string("SAME_LOWER")}, {"strides", ints{2}}}};
    for (const attributes& one : lines) {
        model m;
        lowered(m.with_output(m("Conv", {m.input({1, 2, 10}), m.random({3, 2, 3})}, one)));
    }
}

BOOST_AUTO_TEST_CASE(how_convolutions_are_written) {
    const auto text = [](const attributes& with) {
        model m;
        return lowered(m.with_output(m("Conv", {m.input({1, 2, 10}), m.random({3, 2, 3})}, with)));
    };
    BOOST_TEST(text({}) == "input<2, 10>, conv1d<3, window<3>, no_bias>");
    BOOST_TEST(text(with_padding({1, 1})) == "input<2, 10>, conv1d<3, window<3>, padding<pad<1>>, no_bias>");
    BOOST_TEST(text(with_padding({4, 0}, {{"dilations", ints{2}}})) ==
               "input<2, 10>, conv1d<3, window<3>, dilation<2>, causal, no_bias>");
}

BOOST_AUTO_TEST_CASE(zeros_before_a_convolution_are_its_padding) {
    model m;
    const auto x = m.input({1, 2, 6, 6});
    const auto padded = m("Pad", {x, m.constant(ints{0, 0, 1, 0, 0, 0, 2, 1})});
    const auto w = m.random({3, 2, 3, 3});
    BOOST_TEST(lowered(m.with_output(m("Conv", {padded, w}))) ==
               "input<2, 6, 6>, conv2d<3, window<3>, padding<pad<1, 2>, pad<0, 1>>, no_bias>");
    // Not padding of channels, and not with a reshape in between.
    const auto channels = m("Pad", {x, m.constant(ints{0, 1, 0, 0, 0, 0, 0, 0})});
    lowered(m.with_output(m("Conv", {channels, m.random({3, 3, 3, 3})})));
    const auto seen = m("Reshape", {padded, m.constant(ints{1, 2, 7, 9})});
    lowered(m.with_output(m("Conv", {seen, w})));
    // Padding with a value other than zero is not fused.
    const auto ones = m("Pad", {x, m.constant(ints{0, 0, 1, 0, 0, 0, 2, 1}), m.constant({}, {1})});
    lowered(m.with_output(m("Conv", {ones, w})));
}

BOOST_AUTO_TEST_CASE(transposed_convolutions_of_lines) {
    const std::vector<attributes> all{{},
                                      {{"strides", ints{2}}},
                                      {{"strides", ints{3}}, {"output_padding", ints{2}}},
                                      {{"dilations", ints{2}}},
                                      with_padding({1, 2}),
                                      with_padding({1, 1}, {{"strides", ints{2}}, {"output_padding", ints{1}}}),
                                      {{"strides", ints{2}}, {"output_shape", ints{11}}},
                                      {{"auto_pad", std::string("SAME_UPPER")}, {"strides", ints{2}}},
                                      {{"auto_pad", std::string("SAME_LOWER")}, {"strides", ints{2}}}};
    for (const attributes& one : all)
        for (const std::int64_t groups : {1, 2}) {
            model m;
            attributes with = one;
            with["group"] = groups;
            const auto x = m.input({1, 4, 6}), w = m.random({4, 3, 3});
            lowered(m.with_output(m("ConvTranspose", {x, w}, with)));
            lowered(m.with_output(m("ConvTranspose", {x, w, m.random({3 * groups})}, with)));
        }
}

BOOST_AUTO_TEST_CASE(transposed_convolutions_of_images) {
    const std::vector<attributes> all{{},
                                      {{"strides", ints{2, 1}}},
                                      {{"strides", ints{3, 2}}, {"output_padding", ints{2, 0}}},
                                      {{"dilations", ints{2, 1}}},
                                      {{"pads", ints{1, 0, 0, 2}}, {"strides", ints{2, 2}}},
                                      {{"auto_pad", std::string("SAME_UPPER")}, {"strides", ints{2, 2}}}};
    for (const attributes& one : all)
        for (const std::int64_t groups : {1, 2}) {
            model m;
            attributes with = one;
            with["group"] = groups;
            const auto x = m.input({1, 4, 3, 5}), w = m.random({4, 3, 3, 2});
            lowered(m.with_output(m("ConvTranspose", {x, w}, with)));
            // A factor and an offset for each filter go into the layer.
            const auto y = m("ConvTranspose", {x, w, m.random({3 * groups})}, with);
            const auto filters = m.random({3 * groups, 1, 1});
            lowered(m.with_output(m("Add", {m("Mul", {y, filters}), filters})));
        }
    model m;
    const auto x = m.input({1, 2, 3, 3});
    BOOST_TEST(lowered(m.with_output(m("Relu", {m("ConvTranspose", {x, m.random({2, 1, 2, 2}), m.random({1})},
                                                  {{"strides", ints{2, 2}}})}))) ==
               "input<2, 3, 3>, conv2d_transpose<1, window<2>, relu, stride<2>>");
}

BOOST_AUTO_TEST_CASE(pooling) {
    for (const std::string op : {"MaxPool", "AveragePool"})
        for (const std::int64_t ceil : {0, 1})
            for (const ints& strides : {ints{1, 1}, ints{2, 3}, ints{3, 2}})
                for (const ints& pads : {ints{0, 0, 0, 0}, ints{1, 1, 1, 1}, ints{0, 1, 2, 0}})
                    for (const std::int64_t counts : {0, 1}) {
                        model m;
                        attributes with{{"kernel_shape", ints{3, 2}}, {"strides", strides}, {"pads", pads}};
                        if (ceil != 0) with["ceil_mode"] = ceil;
                        if (op == "AveragePool" && counts != 0) with["count_include_pad"] = counts;
                        const graph whole = m.with_output(m(op, {m.input({2, 3, 8, 7})}, with));
                        lowered(whole);
                    }
    for (const std::string pad : {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
        model m;
        lowered(m.with_output(m("AveragePool", {m.input({1, 3, 9})},
                                {{"kernel_shape", ints{4}}, {"strides", ints{2}}, {"auto_pad", pad}})));
    }
    model m;
    BOOST_TEST(lowered(m.with_output(
                   m("MaxPool", {m.input({1, 3, 8, 8})},
                     {{"kernel_shape", ints{3, 3}}, {"strides", ints{2, 2}}, {"ceil_mode", std::int64_t{1}}}))) ==
               "input<3, 8, 8>, max_pool2d<window<3>, stride<2>, ceil_mode>");
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    const auto conv = [](const extents& x, const extents& w) {
        model m;
        return refusal_of(m.with_output(m("Conv", {m.input(x), m.random(w)})));
    };
    BOOST_TEST(
        conv({2, 3, 8, 8}, {1, 3, 3, 3}) ==
        "node \"Conv0\" (Conv): its input is a batch of 2 samples, and a network takes one: bind that axis to 1 by "
        "--batch, --dim or --shape");
    BOOST_TEST(conv({1, 3, 4, 4, 4}, {1, 3, 3, 3, 3}) ==
               "node \"Conv0\" (Conv): its input of 1 x 3 x 4 x 4 x 4 is not a batch of 1-D or 2-D data");
    model m;
    const auto x = m.input({1, 2, 8, 8});
    const auto dilated = m("MaxPool", {x}, {{"kernel_shape", ints{2, 2}}, {"dilations", ints{2, 2}}});
    BOOST_TEST(refusal_of(m.with_output(dilated)) == "node \"MaxPool0\" (MaxPool): its windows are dilated");
    const auto weights = m("Conv", {m.random({1, 2, 9, 9}), x});
    BOOST_TEST(refusal_of(m.with_output(weights)) ==
               "node \"Conv1\" (Conv): its first input is a constant, and input 1 is not");
    model n;
    const auto y = n.input({1, 2, 8, 8});
    BOOST_TEST(refusal_of(n.with_output(n("Conv", {y, n("Relu", {n.input({1, 2, 3, 3})})})))
                   .find("it combines two non-constant values") != std::string::npos);
}
