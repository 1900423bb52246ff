// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Captures of amplifiers and pedals, loaded and played at run time.

#include <ctnn/io/capture.hpp>
#include <ctnn/io/capture_network.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/stream/block_stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ctnn::io {

/// A capture that plays. `process`, `reset` and `set_control` are for the audio thread: they neither allocate nor lock nor
/// throw, and take time that depends on the number of steps alone.
class player {
  public:
    virtual ~player() = default;
    player(const player&) = delete;
    player& operator=(const player&) = delete;

    /// The next `count` steps: y[t] from x[t]. y may be x; the bits do not depend on how steps are split into calls. A
    /// sample that is not finite counts as 0, as a recurrent network would remember it for good.
    virtual void process(const float* x, float* y, std::size_t count) noexcept = 0;
    /// Forgets what was played: as after loading.
    virtual void reset() noexcept = 0;

    /// The number of controls (knobs) of the capture, and their positions, as it was trained: mostly from 0 to 1. They begin
    /// at 0.
    std::size_t controls() const noexcept { return controls_.size(); }
    float control(std::size_t index) const noexcept { return controls_[index]; }
    void set_control(std::size_t index, float position) noexcept { controls_[index] = position; }

    /// In hertz; 0 where the file does not say (those of Neural Amp Modeler are at 48000 then).
    double sample_rate() const noexcept { return sample_rate_; }
    /// What the file says about levels, in decibels and dBu, if it does. The player applies none of it.
    std::optional<double> loudness() const noexcept { return loudness_; }
    std::optional<double> input_level_dbu() const noexcept { return input_level_dbu_; }
    std::optional<double> output_level_dbu() const noexcept { return output_level_dbu_; }

  protected:
    player(const capture& read, std::size_t controls)
        : controls_(controls),
          sample_rate_{read.sample_rate},
          loudness_{read.loudness},
          input_level_dbu_{read.input_level_dbu},
          output_level_dbu_{read.output_level_dbu} {}

  private:
    friend class player_slot;
    player* retired_before_ = nullptr;
    std::vector<float> controls_;
    double sample_rate_;
    std::optional<double> loudness_, input_level_dbu_, output_level_dbu_;
};

/// The network types that `load_player` chooses among.
template <class... Nets>
struct architectures {};

/// How a capture begins.
struct player_options {
    /// Of a slimmable WaveNet: the channels to use (`capture_options`).
    std::size_t channels = 0;
    /// Whether it begins, and begins again after `reset`, as after silence: half a second for recurrent layers, as long as
    /// it remembers for a WaveNet. Otherwise it begins with the state in the file, or zeros, and a click.
    bool after_silence = true;
};

namespace detail {

template <class Net>
class player_of final : public player {
    using traits = capture_traits<Net>;
    static constexpr std::size_t inputs = block_stream<Net>::inputs, at_once = block_stream<Net>::steps_at_once;

  public:
    player_of(const capture& read, const player_options& options)
        : player(read, inputs - 1), input_gain_{read.input_gain}, output_gain_{read.output_gain} {
        if (const auto* const recurrent = std::get_if<recurrent_capture>(&read.network))
            adds_input_ = recurrent->adds_input;
        traits::fill(read, net_);
        traits::start(read, stream_.state);
        if (options.after_silence) {
            const float silence[at_once]{};
            float ignored[at_once];
            for (std::size_t left = traits::steps_to_rest(read); left > 0;) {
                const std::size_t count = left < at_once ? left : at_once;
                process(silence, ignored, count);
                left -= count;
            }
        }
        start_ = stream_.state;
    }

    void process(const float* x, float* y, std::size_t count) noexcept override {
        for (; count >= at_once; count -= at_once, x += at_once, y += at_once) process_block(x, y, at_once);
        if (count > 0) process_block(x, y, count);
    }
    void reset() noexcept override { stream_.state = start_; }

  private:
    void process_block(const float* x, float* y, std::size_t count) noexcept {
        alignas(64) float rows[at_once * inputs], outputs[at_once];
        for (std::size_t t = 0; t < count; ++t) {
            rows[t * inputs] = std::isfinite(x[t]) ? x[t] * input_gain_ : 0;
            for (std::size_t i = 1; i < inputs; ++i) rows[t * inputs + i] = control(i - 1);
        }
        stream_.advance(rows, outputs, count);
        for (std::size_t t = 0; t < count; ++t)
            y[t] = (adds_input_ ? outputs[t] + rows[t * inputs] : outputs[t]) * output_gain_;
    }

    // Loads of entire registers then do not cross cache lines.
    alignas(64) Net net_{};
    alignas(64) block_stream<Net> stream_{net_};
    typename block_stream<Net>::state_type start_{};
    float input_gain_, output_gain_;
    bool adds_input_ = false;
};

/// "an LSTM of 2 layers of 16 units", for messages.
inline std::string description(const capture& read) {
    if (const auto* const recurrent = std::get_if<recurrent_capture>(&read.network)) {
        const bool is_lstm = recurrent->cell == recurrent_capture::cell_kind::lstm;
        return joined(is_lstm ? "an LSTM of " : "a GRU of ", count_of(recurrent->layers.size(), "layer"), " of ",
                      count_of(recurrent->hidden, "unit"), " with ", count_of(recurrent->inputs, "input"), " and ",
                      count_of(recurrent->outputs, "output"));
    }
    std::string result = "a WaveNet of ";
    const auto& arrays = std::get<wavenet_capture>(read.network).arrays;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        const wavenet_capture::layer& first = arrays[i].layers.front();
        if (i > 0) result += ", then ";
        result += joined(count_of(arrays[i].layers.size(), "layer"), " of ", count_of(arrays[i].channels, "channel"),
                         ", window ", first.window, ", ", first.activation.name, first.gated ? ", gated" : "");
    }
    return result;
}

template <class Net>
std::unique_ptr<player> player_if_fits(const capture& read, const player_options& options) {
    static_assert(capture_traits<Net>::is_known,
                  "ctnn::io::architectures: each is an lstm_capture, a gru_capture or a wavenet_network");
    if constexpr (capture_traits<Net>::is_known)
        if (capture_traits<Net>::fits(read)) return std::make_unique<player_of<Net>>(read, options);
    return nullptr;
}

/// Plays the steps by which a file can be checked.
inline void check_player(player& playing, const capture& read, const std::filesystem::path& path) {
    const std::size_t inputs = playing.controls() + 1;
    float largest = 0;
    for (const float expected : read.test_output) largest = (std::max)(largest, (std::abs)(expected));
    for (std::size_t t = 0; t < read.test_output.size(); ++t) {
        const float *const row = read.test_input.data() + t * inputs, expected = read.test_output[t];
        for (std::size_t i = 1; i < inputs; ++i) playing.set_control(i - 1, row[i]);
        float y;
        playing.process(row, &y, 1);
        if (!((std::abs)(y - expected) <= 1e-4F * (std::max)(largest, 1.0F)))
            throw error(path, joined("output_batch: step ", t), joined(std::to_string(expected)),
                        joined(std::to_string(y), ", which the network gives for input_batch"));
    }
}

}  // namespace detail

/// A player of a capture, or none if no network type in the list fits it.
template <class... Nets>
std::unique_ptr<player> make_player(architectures<Nets...>, const capture& read, const player_options& options = {}) {
    std::unique_ptr<player> result;
    (void)(... || (result = detail::player_if_fits<Nets>(read, options)));
    return result;
}

/// Reads a capture (`read_capture`) and makes a player of it, for the message thread; `players` exchanges it while another
/// one plays. Where the file has inputs and outputs to check it by, they are played first.
///
/// Template parameter: the network types to choose among, each of which takes time to compile.
/// *Errors*: `io::error`, those of `read_capture`; that no network type in the list fits, with what the file has; that the
/// outputs are not those in the file, to 1e-4 of the largest.
/// *Example*: `const auto amp = ctnn::io::load_player<ctnn::io::nam_architectures>("amp.nam");`
template <class Architectures>
std::unique_ptr<player> load_player(const std::filesystem::path& path, const player_options& options = {}) {
    const capture read = read_capture(path, {.channels = options.channels});
    if (!read.test_output.empty()) {
        const auto tested = make_player(Architectures{}, read, {.after_silence = false});
        if (tested != nullptr) detail::check_player(*tested, read, path);
    }
    auto result = make_player(Architectures{}, read, options);
    if (result == nullptr)
        throw error(path, "", detail::description(read), "one of the architectures that the program was compiled with");
    return result;
}

}  // namespace ctnn::io
