// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE inference_memory
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace {

using core_support::numbers;
using core_support::opaque;
using namespace ctnn;
using ctnn::tanh, ctnn::window;

using digits = network<float, input<64>, dense<32, relu>, dense<10, softmax>>;
using deep = network<double, input<784>, dense<128, relu>, dense<64, relu>, dense<10>>;
using digits_cnn = network<float, input<1, 8, 8>, conv2d<8, window<3>, same, relu>, max_pool2d<window<2>>,
                           conv2d<16, window<3>, relu>, flatten, dense<10, softmax>>;
using convolutions = network<float, input<2, 12, 12>, conv2d<4, window<3>, relu>, conv2d<8, window<3>, same, no_bias>,
                             conv2d<6, window<3>, stride<2>, tanh>, conv2d<6, window<3>, groups<3>, same>>;
using lines = network<float, input<4, 32>, conv1d<8, window<5>, relu, causal>, batch_norm<relu>,
                      conv1d_transpose<4, window<4>, stride<2>, tanh>, conv1d_transpose<3, window<3>, no_bias>>;
using recurrent = network<float, input<20, 8>, lstm<16>, gru<8>, simple_rnn<8, tanh, last_step>, dense<4, softmax>>;
using attention = network<float, input<8, 16>, residual<multi_head_attention<2>>, layer_norm<>, flatten, dense<3>>;
using branched = network<float, input<32>, residual<dense<64, relu>, dense<32>>,
                         concatenate<branch<dense<16, tanh>>, branch<>, branch<dense<8>, activation<relu>>>, dense<4>>;
using nested = network<float, input<6, 4>,
                       matmul<branch<dense<4, relu>, sum<branch<>, branch<dense<6>, dense<4>>>>, branch<permute<1, 0>>>,
                       product<branch<>, branch<dense<8>, dense<6, sigmoid>>>>;
using pools = network<float, input<2, 16, 16>, max_pool2d<window<2>>, conv2d<3, window<3>, same, relu>,
                      max_pool2d<window<3>, stride<1>>, max_pool2d<window<2>>, activation<tanh>, conv2d<2, window<2>>,
                      max_pool2d<window<2>>>;
using both_ways = network<float, input<6, 4>, bidirectional<gru<4>>, bidirectional<lstm<4, last_step>>>;
using views = network<float, input<2, 8>, flatten, activation<relu>, dense<8>, activation<tanh>,
                      dropout<std::ratio<1, 4>>, dense<6>, reshape<2, 3>, activation<softmax>, flatten>;
using only_views = network<float, input<2, 3>, flatten, activation<tanh>, reshape<3, 2>>;
using a_view = network<float, input<2, 3>, flatten>;
// Windows of three sizes beside each other, whose outputs live on for different times.
using inception =
    network<float, input<3, 12, 12>, conv2d<4, window<3>, same, relu>,
            graph<node<"one", from<"input">, conv2d<6, window<1>, relu>>,
                  node<"three", from<"input">, conv2d<4, window<1>>, conv2d<6, window<3>, same, relu>>,
                  node<"five", from<"one">, conv2d<2, window<5>, stride<2>, tanh>, conv2d<3, window<3>, same>>,
                  node<"together", concatenate<from<"one">, from<"three">, from<"input">>, max_pool2d<window<2>>,
                       conv2d<3, window<3>, relu>>,
                  node<"y", sum<from<"five">, from<"together">>, conv2d<8, window<3>, same>, flatten, dense<5>>>,
            activation<softmax>>;
using heads = network<
    double, inputs<named<"image", shape<2, 10, 10>>, named<"sound", shape<8, 5>>>,
    graph<node<"seen", from<"image">, conv2d<4, window<3>, stride<2>, relu>, batch_norm<>>,
          node<"heard", from<"sound">, gru<6>, lstm<4, last_step>>, node<"flat", from<"seen">, flatten>,
          node<"both", concatenate<from<"flat">, from<"heard">>, dense<9, relu>>,
          node<"policy", from<"both">, dense<3, softmax>>,
          node<"map", from<"seen">, conv2d_transpose<2, window<3>, stride<2>>>, outputs<"policy", "map", "heard">>>;

// --- By hand. One layer has its input and output at the caller's.
static_assert(inference_bytes<network<float, input<4>, dense<3>>> == 0);
static_assert(inference_bytes<only_views> == 0 && inference_bytes<a_view> == 0);
static_assert(inference_bytes<digits> == 32 * sizeof(float));
static_assert(inference_bytes<digits, 32> == 32 * 32 * sizeof(float));
static_assert(inference_bytes<deep> == (128 + 64) * sizeof(double));
// The gates of 20 steps; those of one step from the state; the state and its cell; tanh of the cell.
static_assert(inference_bytes<network<float, input<20, 8>, lstm<16>>> ==
              (20 * 4 * 16 + 4 * 16 + 2 * 16 + 16) * sizeof(float));
// The widest place is in the first layer: its output, that of its branch, and what is between the layers of the branch.
static_assert(inference_bytes<network<float, input<32>, residual<dense<64, relu>, dense<32>>, dense<4>>> ==
              (32 + 32 + 64) * sizeof(float));
// Queries, keys and values, the weights of one head, the heads together, the keys of a head.
static_assert(inference_bytes<network<float, input<8, 16>, multi_head_attention<2>>> ==
              (8 * 3 * 16 + 8 * 8 + 8 * 16 + 8 * 8) * sizeof(float));
// The im2col matrix of a strided convolution, whose output is the caller's.
static_assert(inference_bytes<network<float, input<2, 9, 9>, conv2d<4, window<3>, stride<2>>>> ==
              2 * 9 * 4 * 4 * sizeof(float));
// The first convolution needs 512 elements for its output and 91 for a padded image or, with vector registers, 96 and
// rows of 71 outputs for the filters of a tile; pooling needs 512 + 128, without vector registers 512.
constexpr std::size_t filters_of_tile =
    CTNN_VECTOR_BYTES == 64 ? 8 : (CTNN_VECTOR_BYTES == 32 ? 4 : (CTNN_VECTOR_BYTES == 16 ? 2 : 0));
static_assert(inference_bytes<digits_cnn> ==
              (filters_of_tile == 0 ? 512 + 91 : 512 + 96 + filters_of_tile * 71) * sizeof(float));

// --- The largest cut: the most elements that are alive at once in a layer.
template <class Chain, std::size_t Batch>
constexpr std::size_t largest_cut();

template <class Layer, std::size_t Batch>
struct scratch_of {
    static constexpr std::size_t value = forward_scratch_of<Layer, Batch>;
};
template <class T, class Shape, class Combine, class... Chains, std::size_t Batch>
struct scratch_of<branches_layer<T, Shape, Combine, Chains...>, Batch> {
    static constexpr std::size_t value = [] {
        std::size_t result = 0, before = 0;
        const auto add = [&](std::size_t part, std::size_t inside) {
            result = before + part + inside > result ? before + part + inside : result;
            if (Combine::writes_at_once) before += part;
        };
        (add(Chains::count > 0 ? Batch * Chains::output_shape::size : 0, largest_cut<Chains, Batch>()), ...);
        return result;
    }();
};
/// The values of a graph, what its nodes combine, and what their chains need.
template <class Memory, std::size_t Batch, class... Nodes>
constexpr std::size_t largest_cut_of_graph() {
    constexpr std::size_t nodes = sizeof...(Nodes);
    const std::size_t inside[nodes]{(Nodes::is_alias ? 0 : largest_cut<typename Nodes::chain, Batch>())...};
    std::size_t result = 0;
    for (std::size_t step = 0; step < nodes; ++step) {
        std::size_t cut = inside[step];
        for (std::size_t i = 0; i < Memory::values + nodes; ++i) {
            const auto& each = Memory::needed.all[i];
            cut += each.first <= step && step <= each.last ? each.size : 0;
        }
        result = cut > result ? cut : result;
    }
    return result;
}
template <class T, class Shape, class Output, class Activation, class Wiring, class... Nodes, std::size_t Batch>
struct scratch_of<graph_layer<T, Shape, Output, Activation, Wiring, Nodes...>, Batch> {
    static constexpr std::size_t value =
        largest_cut_of_graph<ctnn::detail::inference_memory<T, Batch, Wiring, Nodes...>, Batch, Nodes...>();
};

template <class Chain, std::size_t Batch>
constexpr std::size_t largest_cut() {
    std::size_t result = 0, input = 0;
    bool is_first = true;
    const auto in_layer = [&](bool is_view, bool in_place, bool is_last, std::size_t scratch, std::size_t output) {
        if (is_view) return;
        output = is_last ? 0 : output;
        if (!in_place || is_first || is_last)
            result = input + scratch + output > result ? input + scratch + output : result;
        is_first = false;
        input = output;
    };
    // The last layer that is no view, and views after it, write to the caller's memory.
    const auto in_layers = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        std::size_t last = 0;
        (..., (last = is_view_layer<typename Chain::template layer<Index>> ? last : Index));
        (in_layer(is_view_layer<typename Chain::template layer<Index>> &&
                      (!is_first || std::is_same_v<typename Chain::template layer<Index>::activation, identity>),
                  forward_in_place_of<typename Chain::template layer<Index>>, Index >= last,
                  scratch_of<typename Chain::template layer<Index>, Batch>::value,
                  Batch * Chain::template layer<Index>::output_shape::size),
         ...);
    };
    in_layers(std::make_index_sequence<Chain::count>{});
    return result;
}

template <class Net, std::size_t Batch>
constexpr bool is_near_the_cut() {
    constexpr std::size_t cut = largest_cut<typename Net::chain_type, Batch>() * sizeof(typename Net::value_type);
    constexpr std::size_t bytes = inference_bytes<Net, Batch>;
    return cut <= bytes && 10 * bytes <= 11 * cut;
}
template <class... Net>
constexpr bool are_near_the_cut = (... && (is_near_the_cut<Net, 1>() && is_near_the_cut<Net, 3>()));
static_assert(are_near_the_cut<digits, deep, digits_cnn, convolutions, lines, recurrent, attention>);
static_assert(are_near_the_cut<branched, nested, both_ways, views, inception, heads>);

// --- The same outputs as layer by layer, each with memory of its own, and nothing beside the workspace is touched.
template <class Net, std::size_t Batch, std::size_t Index, class Storage, class T>
constexpr void layer_by_layer(const Storage& layers, const T* x, T* y) {
    using chain_type = typename Net::chain_type;
    using layer = typename chain_type::template layer<Index>;
    constexpr std::size_t size = Batch * layer::output_shape::size, width = layer::output_shape::last;
    T out[size]{};
    if constexpr (is_view_layer<layer>)
        for (std::size_t i = 0; i < size; ++i) out[i] = x[i];
    else
        run_forward<Batch>(chain_type::template at<Index>(layers), x, out);
    activate_in_place<typename layer::activation, size / width, width>(out);
    if constexpr (Index + 1 < chain_type::count)
        layer_by_layer<Net, Batch, Index + 1>(layers, static_cast<const T*>(out), y);
    else
        for (std::size_t i = 0; i < size; ++i) y[i] = out[i];
}

template <class T>
constexpr bool alike(T a, T b) {
    return std::is_constant_evaluated() ? a == b : core_support::same(a, b);
}

template <class Net, std::size_t Batch>
constexpr bool keeps_to_its_workspace(
    const Net& net, const tensor<typename Net::value_type, batch_of<Batch, typename Net::input_shape>>& x) {
    using T = typename Net::value_type;
    constexpr std::size_t size = Net::chain_type::template workspace_size<Batch>, guard = 16;
    constexpr std::size_t outputs = Batch * Net::output_shape::size;
    T memory[guard + size + guard]{}, y[outputs]{}, same[outputs]{}, expected[outputs]{};
    for (T& element : memory) element = T{-77};
    Net::chain_type::template forward<Batch>(net.layers, x.values, y, memory + guard);
    net.template forward<Batch>(x.values, same);
    layer_by_layer<Net, Batch, 0>(net.layers, x.values, static_cast<T*>(expected));
    for (std::size_t i = 0; i < outputs; ++i)
        if (!alike(y[i], expected[i]) || !alike(same[i], expected[i])) return false;
    for (std::size_t i = 0; i < guard; ++i)
        if (memory[i] != T{-77} || memory[guard + size + i] != T{-77}) return false;
    return true;
}

template <class Net>
constexpr Net draw() {
    return initialize<Net>(uniform{-0.5, 0.5}, 1, uniform{-0.5, 0.5});
}
template <class Net, std::size_t Batch>
constexpr auto draw_inputs() {
    return numbers<typename Net::value_type, batch_of<Batch, typename Net::input_shape>>(2);
}

template <class Net, std::size_t Batch>
constexpr bool in_constants = keeps_to_its_workspace<Net, Batch>(draw<Net>(), draw_inputs<Net, Batch>());
static_assert(in_constants<digits_cnn, 1> && in_constants<branched, 1> && in_constants<nested, 2>);
static_assert(in_constants<both_ways, 1> && in_constants<views, 2> && in_constants<only_views, 2>);
static_assert(in_constants<a_view, 1> && in_constants<pools, 1> && in_constants<heads, 2>);

template <class Net>
bool at_run_time() {
    const Net net = opaque(draw<Net>());
    return keeps_to_its_workspace<Net, 1>(net, opaque(draw_inputs<Net, 1>())) &&
           keeps_to_its_workspace<Net, 3>(net, opaque(draw_inputs<Net, 3>()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_call_keeps_to_its_workspace) {
    BOOST_TEST(at_run_time<digits>());
    BOOST_TEST(at_run_time<deep>());
    BOOST_TEST(at_run_time<digits_cnn>());
    BOOST_TEST(at_run_time<convolutions>());
    BOOST_TEST(at_run_time<lines>());
    BOOST_TEST(at_run_time<recurrent>());
    BOOST_TEST(at_run_time<attention>());
    BOOST_TEST(at_run_time<branched>());
    BOOST_TEST(at_run_time<nested>());
    BOOST_TEST(at_run_time<pools>());
    BOOST_TEST(at_run_time<both_ways>());
    BOOST_TEST(at_run_time<views>());
    BOOST_TEST(at_run_time<only_views>());
    BOOST_TEST(at_run_time<a_view>());
    BOOST_TEST(at_run_time<inception>());
    BOOST_TEST(at_run_time<heads>());
}

// A layer of users without forward_scratch is called as ever.
struct twice {
    using wants = wants_any;
    template <class T, class Shape>
    struct layer {
        using input_shape = Shape;
        using output_shape = Shape;
        using activation = identity;
        static constexpr std::size_t multiply_accumulates = 0;
        friend constexpr bool operator==(const layer&, const layer&) = default;
        template <std::size_t Batch>
        static constexpr void forward(const T* x, T* y) {
            for (std::size_t i = 0; i < Batch * Shape::size; ++i) y[i] = 2 * x[i];
        }
        template <std::size_t Batch>
        static constexpr void backward(const T*, const T* dy, T* dx, T*, T*) {
            for (std::size_t i = 0; i < Batch * Shape::size; ++i) dx[i] = 2 * dy[i];
        }
    };
};
// One with scratch memory: y = the sum of all x, through a copy. It might write over its input, but needs the memory.
struct total {
    using wants = wants_any;
    template <class T, class Shape>
    struct layer {
        using input_shape = Shape;
        using output_shape = shape<1>;
        using activation = identity;
        static constexpr std::size_t multiply_accumulates = 0;
        template <std::size_t Batch>
        static constexpr std::size_t forward_scratch = Shape::size;
        static constexpr bool forward_in_place = true;
        friend constexpr bool operator==(const layer&, const layer&) = default;
        template <std::size_t Batch>
        static constexpr void forward(const T* x, T* y, T* scratch) {
            for (std::size_t sample = 0; sample < Batch; ++sample, x += Shape::size) {
                for (std::size_t i = 0; i < Shape::size; ++i) scratch[i] = x[i];
                y[sample] = 0;
                for (std::size_t i = 0; i < Shape::size; ++i) y[sample] += scratch[i];
            }
        }
        template <std::size_t Batch>
        static constexpr void backward(const T*, const T* dy, T* dx, T*, T*) {
            for (std::size_t i = 0; i < Batch * Shape::size; ++i) dx[i] = dy[i / Shape::size];
        }
    };
};
using own = network<double, input<3>, twice, total, twice>;
static_assert(inference_bytes<own> == (3 + 3 + 1) * sizeof(double));
constexpr bool own_layers() {
    return own{}({1, 2, 3})[0] == 24 &&
           own{}(tensor<double, shape<2, 3>>{1, 2, 3, 4, 5, 6}) == tensor<double, shape<2, 1>>{24, 60};
}
static_assert(own_layers());

BOOST_AUTO_TEST_CASE(layers_of_users) {
    BOOST_TEST(own_layers());
    using training = network<double, input<3>, twice, dense<3>, total>;
    ctnn::trainer<training, mean_squared_error, sgd, 2> trainer{initialize<training>(uniform{-1, 1}, 1),
                                                                {.learning_rate = 0.001}};
    const tensor<double, shape<2, 3>> x{1, 2, 3, 3, 1, 2};
    const tensor<double, shape<2, 1>> y{1, 2};
    double first = 0, last = 0;
    for (int i = 0; i < 50; ++i) (i == 0 ? first : last) = trainer.step(x, y);
    BOOST_TEST(last < first / 4);
}
