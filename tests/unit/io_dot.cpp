// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_dot
#include <boost/test/unit_test.hpp>

#include <ctnn.hpp>
#include <ctnn/io/dot.hpp>

#include <cstddef>
#include <sstream>
#include <string>

namespace {

using namespace ctnn;

template <class Net>
std::string drawn() {
    std::ostringstream stream;
    io::dot<Net>(stream);
    return stream.str();
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++count;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_chain) {
    using net = network<float, input<64>, dense<1200, relu>, dense<10, softmax>>;
    BOOST_TEST(drawn<net>() == R"dot(digraph network {
  node [shape=box, fontname="sans-serif"];
  n0 [label="input<64>"];
  n1 [label="dense<1200, relu>\n78,000 parameters"];
  n0 -> n1 [label="(64)"];
  n2 [label="dense<10, softmax>\n12,010 parameters"];
  n1 -> n2 [label="(1200)"];
}
)dot");
}

BOOST_AUTO_TEST_CASE(branches) {
    using net = network<double, input<4>, residual<dense<4, ctnn::tanh>>, concatenate<branch<dense<2>>, branch<>>>;
    BOOST_TEST(drawn<net>() == R"dot(digraph network {
  node [shape=box, fontname="sans-serif"];
  n0 [label="input<4>"];
  n1 [label="dense<4, tanh>\n20 parameters"];
  n0 -> n1 [label="(4)"];
  n2 [label="residual"];
  n0 -> n2 [label="(4)"];
  n1 -> n2 [label="(4)"];
  n3 [label="dense<2>\n10 parameters"];
  n2 -> n3 [label="(4)"];
  n4 [label="concatenate"];
  n3 -> n4 [label="(2)"];
  n2 -> n4 [label="(4)"];
}
)dot");
}

BOOST_AUTO_TEST_CASE(a_graph_has_its_edges) {
    using net = network<float, input<3>,
                        graph<node<"seen", from<"input">, dense<4, relu>>,
                              node<"both", concatenate<from<"seen">, from<"input">>, dense<5, relu>>,
                              node<"policy", from<"both">, dense<3, softmax>>, node<"value", from<"both">, dense<1>>,
                              outputs<"policy", "value">>>;
    BOOST_TEST(drawn<net>() == R"dot(digraph network {
  node [shape=box, fontname="sans-serif"];
  n0 [label="input<3>"];
  n1 [label="dense<4, relu>\n16 parameters"];
  n0 -> n1 [label="(3)"];
  n2 [label="concatenate"];
  n1 -> n2 [label="(4)"];
  n0 -> n2 [label="(3)"];
  n3 [label="dense<5, relu>\n40 parameters"];
  n2 -> n3 [label="(7)"];
  n4 [label="dense<3, softmax>\n18 parameters"];
  n3 -> n4 [label="(5)"];
  n5 [label="dense<1>\n6 parameters"];
  n3 -> n5 [label="(5)"];
  n6 [label="outputs"];
  n4 -> n6 [label="(3)"];
  n5 -> n6 [label="(1)"];
}
)dot");
}

BOOST_AUTO_TEST_CASE(joined_inputs_and_nests) {
    using net = network<float, inputs<named<"state", shape<2, 2>>, named<"goal", shape<2>>>,
                        graph<node<"seen", from<"state">, flatten, dense<2, ctnn::tanh>>,
                              node<"y", sum<from<"seen">, from<"goal">>, residual<dense<2>>>, outputs<"y">>>;
    const std::string text = drawn<net>();
    // input, flatten, two dense, sum, residual: names in types are in quotation marks, which are escaped.
    BOOST_TEST(count_of(text, "[label=\"") == 6u + 7u);
    BOOST_TEST(count_of(text, " -> ") == 7u);
    BOOST_TEST(count_of(text, "named<\\\"state\\\"") == 1u);
    BOOST_TEST(count_of(text, "n0 -> ") == 2u);
}
