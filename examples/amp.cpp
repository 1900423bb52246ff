// SPDX-License-Identifier: BSL-1.0
// NEEDS: sndfile
// A guitar pedal: an LSTM learns to emulate a diode clipper, then processes audio in blocks, as a plug-in would.
// Writes amp_circuit.wav and amp_network.wav, which should sound alike, and amp.nam, which players of captures load, such
// as the plug-in in lv2_amp/.   amp [<folder>]
#include <ctnn.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/summary.hpp>

#include <sndfile.hh>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numbers>
#include <vector>

constexpr std::size_t rate = 48'000;

// The circuit: a resistor, then a capacitor and two diodes in opposite directions to ground. The voltage v of the
// capacitor is the output:
//     dv/dt = (input - v) / (R C) - 2 I / C sinh(v / V)
// with R = 2.2 kOhm, C = 10 nF, and two 1N4148: I = 2.52 nA, V = 45.3 mV (Yeh, Abel and Smith, "Simplified, physically-
// informed models of distortion and overdrive guitar effects pedals", 2007). Integrated with the trapezoidal rule in
// eight steps per sample, each solved by Newton's method.
std::vector<float> clipper(const std::vector<float>& input) {
    constexpr double resistance = 2200, capacity = 10e-9, current = 2.52e-9, thermal = 45.3e-3;
    constexpr std::size_t steps = 8;
    constexpr double h = 1.0 / (rate * steps);
    const auto slope = [](double in, double v) {
        return (in - v) / (resistance * capacity) - 2 * current / capacity * std::sinh(v / thermal);
    };
    std::vector<float> output;
    double v = 0, before = 0;
    for (const float sample : input) {
        for (std::size_t step = 1; step <= steps; ++step) {
            const double last = before + (sample - before) * static_cast<double>(step - 1) / steps;
            const double now = before + (sample - before) * static_cast<double>(step) / steps;
            const double known = v + h / 2 * slope(last, v);
            for (int iteration = 0; iteration < 50; ++iteration) {
                const double wrong = v - h / 2 * slope(now, v) - known;
                const double by_v = 1 + h / 2 * (1 / (resistance * capacity) +
                                                 2 * current / (capacity * thermal) * std::cosh(v / thermal));
                v -= wrong / by_v;
                if (std::abs(wrong) < 1e-12) break;
            }
        }
        before = sample;
        output.push_back(static_cast<float>(v));
    }
    return output;
}

// Plucked strings, up to 4.5 V: every quarter of a second a new chord of two notes, each with eight harmonics that
// decay, the higher ones faster.
std::vector<float> strings(std::size_t seconds, std::uint64_t seed) {
    ctnn::random_engine engine{seed};
    std::vector<float> signal(seconds * rate);
    for (std::size_t start = 0; start < signal.size(); start += rate / 4) {
        const double loudness = ctnn::draw_uniform<double>(engine, 0.2, 1.5);
        for (int note = 0; note < 2; ++note) {
            const double pitch = 82.4 * std::exp2(ctnn::draw_uniform<double>(engine, 0, 36) / 12);
            for (int harmonic = 1; harmonic <= 8 && harmonic * pitch < rate / 4; ++harmonic)
                for (std::size_t i = 0; i < rate / 4 && start + i < signal.size(); ++i) {
                    const double t = static_cast<double>(i) / rate;
                    signal[start + i] += static_cast<float>(
                        loudness / harmonic * std::min(1.0, 400 * t) * std::exp(-(2 + 2 * harmonic) * t) *
                        std::sin(2 * std::numbers::pi * harmonic * pitch * t));
                }
        }
    }
    return signal;
}

// Trained on sequences of 64 samples.
using amp_net = ctnn::network<float, ctnn::input<64, 1>,
                              ctnn::lstm<16>,
                              ctnn::dense<1>>;

// What a plug-in does: the host passes blocks, and the stream allocates no memory.
class pedal {
  public:
    explicit pedal(const amp_net& net) : stream_{net} {}
    void process(const float* in, float* out, std::size_t count) {
        stream_.advance(in, out, count);
    }

  private:
    ctnn::block_stream<amp_net> stream_;
};

bool write_wav(const std::filesystem::path& path, const std::vector<float>& signal) {
    SndfileHandle file(path.string(), SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, static_cast<int>(rate));
    return file.write(signal.data(), static_cast<sf_count_t>(signal.size())) == static_cast<sf_count_t>(signal.size());
}

// The network as a file of Neural Amp Modeler. Its list of weights has, for each gate and unit, those of the input and of
// the state, then the biases, the state before the first sample, and the dense layer.
bool write_nam(const std::filesystem::path& path, const amp_net& net) {
    const auto& lstm = ctnn::get<0>(net);
    const auto& dense = ctnn::get<1>(net);
    std::vector<float> weights;
    for (std::size_t row = 0; row < 4 * 16; ++row) {
        weights.push_back(lstm.weights(0, row));
        for (std::size_t unit = 0; unit < 16; ++unit) weights.push_back(lstm.recurrent_weights(unit, row));
    }
    weights.insert(weights.end(), lstm.bias.begin(), lstm.bias.end());
    weights.insert(weights.end(), 2 * 16, 0);
    weights.insert(weights.end(), dense.weights.begin(), dense.weights.end());
    weights.push_back(dense.bias[0]);

    std::ofstream file(path);
    file << R"({"version": "0.5.4", "architecture": "LSTM", "sample_rate": )" << rate
         << R"(, "metadata": {"name": "diode clipper"},)" << '\n'
         << R"("config": {"input_size": 1, "hidden_size": 16, "num_layers": 1},)" << '\n'
         << R"("weights": [)";
    file.precision(9);
    for (std::size_t i = 0; i < weights.size(); ++i)
        file << (i == 0 ? "\n" : i % 8 == 0 ? ",\n" : ", ") << weights[i];
    file << "]}\n";
    return static_cast<bool>(file.flush());
}

int main(int argc, char** argv) {
    const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
    const std::vector<float> dry = strings(8, /*seed*/ 1), wet = clipper(dry);
    const std::size_t pieces = dry.size() / 64;

    ctnn::io::summary<amp_net>(std::cout);
    std::cout << std::flush;
    const amp_net net = ctnn::fit<ctnn::mean_squared_error, 32>(
        ctnn::initialize<amp_net>(ctnn::glorot_uniform{}, /*seed*/ 1),
        ctnn::samples<float, ctnn::shape<64, 1>>(dry.data(), pieces),
        ctnn::samples<float, ctnn::shape<64, 1>>(wet.data(), pieces), ctnn::adam{.learning_rate = 0.01},
        {.epochs = 20, .seed = 1, .schedule = ctnn::cosine_decay(), .clip_norm = 1}, ctnn::io::progress{5});

    // Unseen notes, in blocks of 128.
    const std::vector<float> played = strings(10, /*seed*/ 2), wanted = clipper(played);
    std::vector<float> got(played.size());
    pedal plugin{net};
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < played.size(); i += 128)
        plugin.process(&played[i], &got[i], std::min<std::size_t>(128, played.size() - i));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    double error = 0, power = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        error += std::pow(got[i] - wanted[i], 2);
        power += std::pow(wanted[i], 2);
    }
    const double error_to_signal = error / power, real_time = 10 / seconds;
    std::printf("10 s of music in %.0f ms: %.0f times real time\n", 1000 * seconds, real_time);
    std::printf("error-to-signal ratio: %.3f%%\n", 100 * error_to_signal);
    const bool written =
        write_wav(folder / "amp_circuit.wav", wanted) && write_wav(folder / "amp_network.wav", got) &&
        write_nam(folder / "amp.nam", net);
    if (!written) std::printf("the files cannot be written to %s\n", folder.string().c_str());
    return error_to_signal < 0.02 && written ? 0 : 1;
}
