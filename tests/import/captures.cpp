// SPDX-License-Identifier: BSL-1.0
// Captures of amplifiers, imported: the network computes what plain loops do.
#define BOOST_TEST_MODULE import_captures
#include <boost/test/unit_test.hpp>

#include "evaluate_ctnn/interpret.hpp"
#include "read/capture.hpp"
#include "reference/captures.hpp"
#include "refusal.hpp"
#include "spec/cost.hpp"
#include "spec/network.hpp"
#include "unit/io_capture_files.hpp"
#include "write/write.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace ctnn_import;

/// The largest difference between the network and plain loops for a signal of `length`, and controls.
double difference(const std::string& text, std::int64_t length = 40) {
    const ctnn::io::capture read = capture_files::read(text);
    const network net = network_of(read, length);
    const auto* const recurrent = std::get_if<ctnn::io::recurrent_capture>(&read.network);
    const std::size_t inputs = recurrent != nullptr ? recurrent->inputs : 1, steps = static_cast<std::size_t>(length);
    reference::channels x(inputs, reference::signal(steps));
    std::vector<double> sample;
    for (std::size_t t = 0; t < steps; ++t)
        for (std::size_t i = 0; i < inputs; ++i) {
            x[i][t] = std::sin(0.3 * static_cast<double>(t + 10 * i));
            sample.push_back(x[i][t]);
        }
    const auto expected = std::visit([&](const auto& of) { return reference::compute(of, x); }, read.network);
    const auto found = interpret(net.layers, sample).back();
    BOOST_TEST_REQUIRE(found.size() == steps);
    double largest = 0;
    for (std::size_t t = 0; t < steps; ++t) largest = std::max(largest, std::abs(found[t] - expected[0][t]));
    return largest;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind) {
    for (const std::string& text :
         {capture_files::nam_lstm(), capture_files::nam_gated(), capture_files::nam_activations(),
          capture_files::nam_slimmable(), capture_files::guitarml("LSTM"), capture_files::guitarml("GRU")})
        BOOST_TEST(difference(text) < 1e-12);
    BOOST_TEST(difference(capture_files::nam_gated(), 1) < 1e-12);
}

BOOST_AUTO_TEST_CASE(a_choice_of_channels) {
    io_test::write_file("amp.nam", capture_files::nam_slimmable());
    const network whole = import_capture("amp.nam", std::nullopt), slim = import_capture("amp.nam", 8, {.channels = 3}),
                  same = network_of(capture_files::read(capture_files::nam_slimmable(), 3), 8);
    BOOST_TEST(cost_of(slim.layers).parameters < cost_of(whole.layers).parameters);
    const std::vector<double> x{0.5, -0.25, 0.125, 1, -1, 0.75, 0, 0.3};
    BOOST_TEST(interpret(slim.layers, x).back() == interpret(same.layers, x).back());
    BOOST_CHECK_EXCEPTION(import_capture("amp.nam", 8, {.channels = 2}), refusal, [](const refusal& error) {
        return std::string(error.what()) ==
               "config.layers[0]: found an array that cannot have 2 channels, expected one that can, as requested";
    });
}

BOOST_AUTO_TEST_CASE(notes_and_refusals) {
    network net = network_of(capture_files::read(capture_files::nam_lstm()), 1);
    BOOST_TEST(net.notes.empty());
    BOOST_TEST(net.layers[0].find("initial_state") != nullptr);
    network from_zeros = network_of(capture_files::read(capture_files::guitarml("LSTM")), 1);
    BOOST_TEST(from_zeros.layers[0].branches[1][0].find("initial_state") == nullptr);

    io_test::write_file("amp.nam", "{}");
    BOOST_TEST(is_capture("amp.nam"));
    BOOST_CHECK_EXCEPTION(import_capture("amp.nam", std::nullopt), refusal, [](const refusal& error) {
        return std::string(error.what()).starts_with("found ") ||
               std::string(error.what()).find(": found ") != std::string::npos;
    });
    io_test::write_file("amp.json", capture_files::guitarml("GRU"));
    BOOST_TEST(is_capture("amp.json"));
    BOOST_TEST(import_capture("amp.json", 3).input == (extents{3, 2}));
    io_test::write_file("amp.json", capture_files::rtneural("gru"));
    BOOST_TEST(!is_capture("amp.json"));
}
