// SPDX-License-Identifier: BSL-1.0
/// @file
/// decision_trees: every comparison, aggregate and layout in both phases, training beside it, and files.
#define BOOST_TEST_MODULE decision_trees
#include <boost/test/unit_test.hpp>

#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/write_header.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <sstream>
#include <string>
#include <type_traits>

namespace {

using namespace ctnn;
using test_support::opaque;

/// The first child's leaf has 1, the second one's 0.
template <class T>
using split = network<T, input<2>, decision_trees<1, 1, 1>>;
template <class T>
constexpr split<T> split_by(int cases) {
    split<T> net{};
    get<0>(net).splits = {static_cast<T>(16 + cases), T(0.1), 0, 1};
    get<0>(net).weights = {1, 0};
    return net;
}

template <class T>
constexpr bool compares() {
    constexpr T threshold = T(0.1), below = threshold - std::numeric_limits<T>::epsilon() / 16,
                above = threshold + std::numeric_limits<T>::epsilon() / 8, nan = std::numeric_limits<T>::quiet_NaN(),
                infinite = std::numeric_limits<T>::infinity();
    static_assert(below < threshold && threshold < above);
    bool right = true;
    for (int cases = 0; cases < 16; ++cases) {
        const auto net = split_by<T>(cases);
        const auto leads = [&](T x) { return net({T{7}, x})[0] == 1; };
        right = right && leads(below) == ((cases & 1) != 0) && leads(-infinite) == ((cases & 1) != 0) &&
                leads(threshold) == ((cases & 2) != 0) && leads(above) == ((cases & 4) != 0) &&
                leads(infinite) == ((cases & 4) != 0) && leads(nan) == ((cases & 8) != 0) &&
                leads(-nan) == ((cases & 8) != 0);
    }
    return right;
}

/// Three trees of two outputs: x0 <= 1/2 and then x1 < 2; x1 <= 0; x2 > -1, else x0 <= 3.
template <class T, class... Options>
using forest = network<T, input<3>, decision_trees<2, 3, 5, Options...>>;
template <class T, class... Options>
constexpr forest<T, Options...> grown() {
    forest<T, Options...> net{};
    get<0>(net).splits = {3,      T(0.5), 8 + 3, 0,      // the roots; leaves are 0 to 7, splits 8 to 12
                          16 + 3, 0,      1,     2,      //
                          32 + 4, -1,     3,     8 + 4,  //
                          16 + 1, 2,      4,     5,      //
                          3,      3,      6,     7};
    for (std::size_t i = 0; i < 16; ++i) get<0>(net).weights[i] = static_cast<T>(i * i) / 8 - 4;
    get<0>(net).bias = {T(0.25), -1};
    return net;
}

/// The leaf of each tree, written out.
template <class T>
constexpr std::size_t leaf(std::size_t tree, const T* x) {
    if (tree == 0) return x[0] <= T(0.5) ? (x[1] < 2 ? 4 : 5) : 0;
    if (tree == 1) return x[1] <= 0 ? 1 : 2;
    return x[2] > -1 ? 3 : x[0] <= 3 ? 6 : 7;
}

template <class T>
constexpr tensor<T, shape<9, 3>> nine_samples() {
    return {T(0.5), 2, -1, T(0.25), 1, 0, 1, -1, -2, 4, 0, -3, 3, T(0.5), -1, -8, 9, 5, 0, 0, 0, 7, 7, 7, -1, -1, -1};
}

template <class T, class Options, class Combine>
constexpr bool computes(Options, Combine combine) {
    const auto net = [] {
        if constexpr (std::is_void_v<std::remove_pointer_t<Options>>)
            return grown<T>();
        else
            return grown<T, std::remove_pointer_t<Options>>();
    }();
    const auto x = nine_samples<T>();
    const auto all = net(x);
    bool right = true;
    for (std::size_t i = 0; i < 9; ++i)
        for (std::size_t k = 0; k < 2; ++k) {
            T parts[3]{};
            for (std::size_t tree = 0; tree < 3; ++tree)
                parts[tree] = get<0>(net).weights(leaf(tree, x.values + 3 * i), k);
            right = right && all(i, k) == combine(parts) + get<0>(net).bias[k];
        }
    return right;
}
template <class T>
constexpr bool aggregates() {
    const auto sum = [](const T* p) { return (p[0] + p[1]) + p[2]; };
    const auto average = [](const T* p) { return ((p[0] + p[1]) + p[2]) / 3; };
    const auto least = [](const T* p) { return (std::min)((std::min)(p[0], p[1]), p[2]); };
    const auto most = [](const T* p) { return (std::max)((std::max)(p[0], p[1]), p[2]); };
    return computes<T>(static_cast<void*>(nullptr), sum) && computes<T>(static_cast<sum_of_trees*>(nullptr), sum) &&
           computes<T>(static_cast<average_of_trees*>(nullptr), average) &&
           computes<T>(static_cast<minimum_of_trees*>(nullptr), least) &&
           computes<T>(static_cast<maximum_of_trees*>(nullptr), most);
}

/// Trees 0 and 2 are of output 0, tree 1 and 3 of output 1.
constexpr bool outputs_by_turns() {
    network<double, input<1>, decision_trees<2, 4, 4, one_output_per_tree, average_of_trees>> net{};
    get<0>(net).splits = {3, 0, 0, 1, 3, 1, 2, 3, 3, 2, 4, 5, 3, 3, 6, 7};
    get<0>(net).weights = {1, 2, 4, 8, 16, 32, 64, 128};
    get<0>(net).bias = {0.5, 0};
    return net({1}) == tensor<double, shape<2>>{(2 + 16) / 4.0 + 0.5, (4 + 64) / 4.0} &&
           net({9}) == tensor<double, shape<2>>{(2 + 32) / 4.0 + 0.5, (8 + 128) / 4.0};
}

/// Of tables of zeros, a tree is its leaf 0.
constexpr bool begins_with_leaves() {
    const auto net = initialize<forest<float>>(uniform{}, 1, uniform{});
    return net == forest<float>{} && net({1, 2, 3}) == tensor<float, shape<2>>{0, 0};
}

/// A layer behind trees learns, and the trees stay.
constexpr bool trains_beside() {
    using net_type = network<double, input<3>, decision_trees<2, 3, 5>, scale<>, dense<1>>;
    auto start = initialize<net_type>(glorot_uniform{}, 3);
    get<0>(start) = get<0>(grown<double>());
    trainer<net_type, mean_squared_error, adam, 9> training{start, {.learning_rate = 0.1}};
    const auto x = nine_samples<double>();
    const tensor<double, shape<9, 1>> targets{1, 2, 3, 4, 5, 6, 7, 8, 9};
    const double before = training.step(x, targets);
    double after = before;
    for (int i = 0; i < 20; ++i) after = training.step(x, targets);
    return after < before && get<0>(training.network()) == get<0>(start) &&
           !(get<2>(training.network()) == get<2>(start));
}

static_assert(compares<float>() && compares<double>());
static_assert(aggregates<float>() && aggregates<double>());
static_assert(outputs_by_turns() && begins_with_leaves() && trains_beside());

// 20 numbers of splits, 16 weights, 2 of the bias.
static_assert(forest<float>::parameter_count == 38 && sizeof(forest<float>) == 38 * sizeof(float));
static_assert(forest<float>::multiply_accumulates == 0 && inference_bytes<forest<float>> == 0);
static_assert(convert<double>(grown<float>()) == grown<double>());

}  // namespace

BOOST_AUTO_TEST_CASE(both_phases) {
    BOOST_TEST(compares<float>());
    BOOST_TEST(compares<double>());
    BOOST_TEST(aggregates<float>());
    BOOST_TEST(aggregates<double>());
    BOOST_TEST(outputs_by_turns());
    BOOST_TEST(begins_with_leaves());
    BOOST_TEST(trains_beside());
    // Values that the compiler does not see give the bits of the constants.
    constexpr auto expected = grown<float>()(nine_samples<float>());
    BOOST_TEST((opaque(grown<float>())(opaque(nine_samples<float>())) == expected));
}

BOOST_AUTO_TEST_CASE(files) {
    const auto net = grown<float, average_of_trees>();
    io::save_safetensors(net, "trees.safetensors");
    auto loaded = forest<float, average_of_trees>{};
    io::load_safetensors(loaded, "trees.safetensors");
    BOOST_TEST((loaded == net));
    std::ostringstream header;
    io::write_header(net, "grown", header);
    BOOST_TEST(header.str().find("ctnn::decision_trees<2, 3, 5, ctnn::average_of_trees>") != std::string::npos,
               header.str());
    BOOST_TEST(header.str().find("0x1.8p+1f, 0x1p-1f, 0x1.6p+3f, 0x0p+0f,") != std::string::npos, header.str());
    BOOST_TEST(header.str().find(".bias = {0x1p-2f, -0x1p+0f}") != std::string::npos, header.str());
    // A threshold may be infinite, and nothing else.
    auto far = net;
    get<0>(far).splits(1, 1) = -std::numeric_limits<float>::infinity();
    io::save_safetensors(far, "trees.safetensors");
    io::load_safetensors(loaded, "trees.safetensors");
    BOOST_TEST((loaded == far));
    std::ostringstream again;
    io::write_header(far, "grown", again);
    BOOST_TEST(again.str().find(", -std::numeric_limits<float>::infinity(), ") != std::string::npos, again.str());
    get<0>(far).bias[0] = std::numeric_limits<float>::infinity();
    BOOST_CHECK_THROW(io::write_header(far, "grown", again), io::error);
    get<0>(far).bias[0] = 0;
    get<0>(far).splits(1, 1) = std::numeric_limits<float>::quiet_NaN();
    BOOST_CHECK_THROW(io::write_header(far, "grown", again), io::error);
}
