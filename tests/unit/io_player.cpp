// SPDX-License-Identifier: BSL-1.0
// Players of captures: what they compute, how calls split a signal, and how one follows another.
#define BOOST_TEST_MODULE io_player
#include <boost/test/unit_test.hpp>

#include <ctnn/activation/leaky_relu.hpp>
#include <ctnn/io/architectures.hpp>
#include <ctnn/io/player.hpp>
#include <ctnn/io/player_slot.hpp>

#include "io_capture_files.hpp"
#include "io_counting_new.hpp"
#include "io_support.hpp"
#include "reference/captures.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <ratio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ctnn::io;

/// Those of the captures in io_capture_files.hpp.
using gated_net =
    wavenet_network<ctnn::wavenet_array<3, ctnn::window<2>, ctnn::dilations<1, 2>,
                                        ctnn::conv1d<2, ctnn::window<1>, ctnn::no_bias>, ctnn::gated>,
                    ctnn::wavenet_array<2, ctnn::window<3>, ctnn::dilations<4>, ctnn::conv1d<1, ctnn::window<1>>,
                                        ctnn::leaky_relu_with<std::ratio<1, 4>>>>;
template <std::size_t First, std::size_t Second>
using slim_net = wavenet_network<
    ctnn::wavenet_array<First, ctnn::window<2>, ctnn::dilations<1, 2>, ctnn::conv1d<Second, ctnn::window<1>>>,
    ctnn::wavenet_array<Second, ctnn::window<2>, ctnn::dilations<3>, ctnn::conv1d<1, ctnn::window<1>>>>;
using all_nets = architectures<lstm_capture<2, 2>, lstm_capture<2, 2, 2>, gru_capture<2, 2, 2>, lstm_capture<2>,
                               gru_capture<2>, gated_net, slim_net<4, 3>>;

std::vector<float> guitar(std::size_t count) {
    std::vector<float> x(count);
    for (std::size_t t = 0; t < count; ++t)
        x[t] = static_cast<float>(std::sin(0.11 * static_cast<double>(t)) *
                                  std::exp(-0.004 * static_cast<double>(t % 300)));
    return x;
}

std::vector<float> played(player& playing, const std::vector<float>& x, std::size_t block) {
    std::vector<float> y(x.size());
    for (std::size_t t = 0; t < x.size(); t += block)
        playing.process(x.data() + t, y.data() + t, (std::min)(block, x.size() - t));
    return y;
}

capture without_check(capture read) {
    read.test_input.clear();
    read.test_output.clear();
    return read;
}

void check_all(const capture& read, std::size_t silence) {
    const auto playing = make_player(all_nets{}, read, {.after_silence = silence > 0});
    BOOST_TEST_REQUIRE(playing);
    const std::vector<float> x = guitar(700);
    const std::vector<float> y = played(*playing, x, x.size());
    if (playing->controls() == 0) {
        const reference::signal expected = reference::play(read, x, silence);
        double largest = 0;
        for (std::size_t t = 0; t < x.size(); ++t) largest = (std::max)(largest, std::abs(double{y[t]} - expected[t]));
        BOOST_TEST(largest < 1e-5);
    }
    for (const std::size_t block : {1U, 2U, 15U, 16U, 17U, 64U, 333U}) {
        playing->reset();
        BOOST_TEST((played(*playing, x, block) == y), "blocks of " << block);
    }
    // In place.
    std::vector<float> both = x;
    playing->reset();
    playing->process(both.data(), both.data(), both.size());
    BOOST_TEST((both == y));
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind_of_file) {
    check_all(capture_files::read(capture_files::nam_lstm()), 24000);
    check_all(capture_files::read(capture_files::nam_gated()), 100);
    check_all(capture_files::read(capture_files::nam_slimmable()), 100);
    check_all(capture_files::read(capture_files::guitarml("LSTM")), 0);
    check_all(capture_files::read(capture_files::guitarml("GRU")), 0);
    check_all(without_check(capture_files::read(capture_files::rtneural("lstm"))), 0);
    check_all(without_check(capture_files::read(capture_files::rtneural("gru"))), 24000);
}

BOOST_AUTO_TEST_CASE(state_of_the_file) {
    const capture read = capture_files::read(capture_files::nam_lstm());
    const auto playing = make_player(all_nets{}, read, {.after_silence = false});
    const std::vector<float> x = guitar(40), y = played(*playing, x, 40);
    const auto expected =
        reference::compute(std::get<recurrent_capture>(read.network), {reference::signal(x.begin(), x.end())});
    for (std::size_t t = 0; t < 40; ++t) BOOST_TEST(std::abs(double{y[t]} - expected[0][t]) < 1e-6);
    playing->reset();
    BOOST_TEST((played(*playing, x, 40) == y));
}

BOOST_AUTO_TEST_CASE(controls) {
    const capture read = capture_files::read(capture_files::guitarml("LSTM"));
    const auto playing = make_player(all_nets{}, read, {.after_silence = false});
    BOOST_TEST(playing->controls() == 1U);
    BOOST_TEST(playing->control(0) == 0.0F);
    playing->set_control(0, 0.75F);
    const std::vector<float> x = guitar(40), y = played(*playing, x, 7);
    const auto expected = reference::compute(std::get<recurrent_capture>(read.network),
                                             {reference::signal(x.begin(), x.end()), reference::signal(40, 0.75)});
    for (std::size_t t = 0; t < 40; ++t) BOOST_TEST(std::abs(double{y[t]} - expected[0][t]) < 1e-6);
}

BOOST_AUTO_TEST_CASE(facts) {
    const auto playing = make_player(all_nets{}, capture_files::read(capture_files::nam_container()));
    BOOST_TEST(playing->sample_rate() == 48000.0);
    BOOST_TEST((playing->loudness() == -20.5));
    BOOST_TEST((playing->input_level_dbu() == 18.25));
    BOOST_TEST(!playing->output_level_dbu());
}

BOOST_AUTO_TEST_CASE(no_architecture) {
    io_test::write_file("amp", capture_files::nam_slimmable());
    using io_test::message_of;
    BOOST_TEST(message_of([] { load_player<architectures<lstm_capture<2>>>("amp"); }) ==
               "amp: found a WaveNet of 2 layers of 4 channels, window 2, tanh, then 1 layer of 3 channels, window 2, "
               "tanh, expected one of the architectures that the program was compiled with");
    using both_widths = architectures<slim_net<4, 3>, slim_net<3, 2>>;
    BOOST_TEST_REQUIRE(load_player<both_widths>("amp"));
    BOOST_TEST_REQUIRE(load_player<both_widths>("amp", {.channels = 3}));
    io_test::write_file("amp", capture_files::nam_lstm());
    BOOST_TEST(
        message_of([] { load_player<architectures<slim_net<4, 3>, lstm_capture<2>, lstm_capture<2, 2, 2>>>("amp"); }) ==
        "amp: found an LSTM of 2 layers of 2 units with 1 input and 1 output, expected one of the architectures "
        "that the program was compiled with");
}

BOOST_AUTO_TEST_CASE(file_with_a_check) {
    const std::string wrong = capture_files::rtneural("lstm");
    const capture read = capture_files::read(wrong);
    const std::string message = io_test::message_of([] { load_player<all_nets>("amp"); });
    BOOST_TEST(message.starts_with("amp: output_batch: step 0: found 0.125000, expected "), message);
    BOOST_TEST(message.ends_with(", which the network gives for input_batch"), message);

    const auto playing = make_player(all_nets{}, read, {.after_silence = false});
    const std::vector<float> y = played(*playing, read.test_input, 2);
    io_test::write_file("amp", capture_files::replaced(wrong, "[0.125, 1]",
                                                       "[" + std::to_string(y[0]) + ", " + std::to_string(y[1]) + "]"));
    BOOST_TEST(load_player<all_nets>("amp")->controls() == 0U);
}

namespace {

/// Multiplies by a factor; counts what is alive.
class gain final : public player {
  public:
    explicit gain(float factor) : player(capture{}, 0), factor_{factor} { ++alive; }
    ~gain() override { --alive; }
    void process(const float* x, float* y, std::size_t count) noexcept override {
        for (std::size_t t = 0; t < count; ++t) y[t] = factor_ * x[t];
    }
    void reset() noexcept override {}
    static inline std::atomic<int> alive = 0;

  private:
    float factor_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(slot_fades) {
    {
        player_slot slot(4);
        const std::vector<float> ones(20, 1);
        std::vector<float> y(20);
        slot.process(ones.data(), y.data(), 20);
        BOOST_TEST((y == ones));

        slot.exchange(std::make_unique<gain>(2.0F));
        slot.exchange(std::make_unique<gain>(6.0F));  // the first did not begin
        BOOST_TEST(gain::alive == 1);
        slot.process(ones.data(), y.data(), 3);
        slot.process(ones.data() + 3, y.data() + 3, 3);
        const std::vector<float> faded{2, 3, 4, 5, 6, 6};
        for (std::size_t t = 0; t < 6; ++t) BOOST_TEST(std::abs(y[t] - faded[t]) < 1e-6F);

        // During a fade, the next waits.
        slot.exchange(std::make_unique<gain>(1.0F));
        slot.process(ones.data(), y.data(), 2);
        slot.exchange(std::make_unique<gain>(11.0F));
        BOOST_TEST(gain::alive == 3);
        slot.process(ones.data(), y.data(), 6);
        // It begins where the fade ends, without `collect`, which destroys all that have faded out.
        const std::vector<float> next{3, 2, 3, 5, 7, 9};
        for (std::size_t t = 0; t < 6; ++t) BOOST_TEST(std::abs(y[t] - next[t]) < 1e-6F);
        slot.process(ones.data(), y.data(), 1);
        BOOST_TEST(y[0] == 11.0F);
        BOOST_TEST(slot.has_retired());
        BOOST_TEST(gain::alive == 3);
        slot.collect();
        BOOST_TEST(!slot.has_retired());
        BOOST_TEST(gain::alive == 1);
    }
    BOOST_TEST(gain::alive == 0);
}

BOOST_AUTO_TEST_CASE(slot_begins_and_resets) {
    player_slot slot(4, std::make_unique<gain>(3.0F));
    float x = 1, y = 0;
    slot.process(&x, &y, 1);
    BOOST_TEST(y == 3.0F);
    slot.exchange(std::make_unique<gain>(5.0F));
    slot.process(&x, &y, 1);
    slot.reset();  // the fade ends
    slot.process(&x, &y, 1);
    BOOST_TEST(y == 5.0F);
    slot.exchange(std::make_unique<gain>(7.0F));
    slot.reset();
    slot.process(&x, &y, 1);
    BOOST_TEST(y == 7.0F);
}

BOOST_AUTO_TEST_CASE(samples_that_are_not_finite) {
    const auto playing = make_player(all_nets{}, capture_files::read(capture_files::nam_lstm()));
    const auto other = make_player(all_nets{}, capture_files::read(capture_files::nam_lstm()));
    std::vector<float> x = guitar(50), y = x;
    x[3] = std::numeric_limits<float>::quiet_NaN();
    x[20] = -std::numeric_limits<float>::infinity();
    y[3] = y[20] = 0;
    BOOST_TEST((played(*playing, x, 50) == played(*other, y, 50)));
}

BOOST_AUTO_TEST_CASE(slot_between_threads) {
    {
        player_slot slot(16);
        std::atomic<bool> stop = false;
        std::atomic<bool> failed = false;
        std::thread audio([&] {
            std::array<float, 48> block{};
            while (!stop) {
                std::fill(block.begin(), block.end(), 1.0F);
                slot.process(block.data(), block.data(), block.size());
                for (const float sample : block)
                    if (!(sample >= 0.9999F && sample <= 8.0001F)) failed = true;
            }
        });
        for (int i = 0; i < 2000; ++i) slot.exchange(std::make_unique<gain>(static_cast<float>(1 + i % 8)));
        stop = true;
        audio.join();
        BOOST_TEST(!failed);
    }
    BOOST_TEST(gain::alive == 0);
}

BOOST_AUTO_TEST_CASE(no_allocation) {
    const std::vector<float> x = guitar(100);
    std::vector<float> y(100);
    player_slot slot(32);
    slot.exchange(make_player(all_nets{}, capture_files::read(capture_files::nam_gated())));
    const std::size_t peak = io_test::peak_of([&] { slot.process(x.data(), y.data(), 100); });
    BOOST_TEST(peak == 0U);
}
