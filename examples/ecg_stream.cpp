// SPDX-License-Identifier: BSL-1.0
// NEEDS: libzip
// An electrocardiogram, sample by sample: a causal convolution and a recurrent layer learn, on sequences of 64 samples,
// to predict the difference between the next sample and this one. The same network then runs as a stream, as on a
// device.
//   ecg_stream [<scipy's ecg.dat>]
#include <ctnn.hpp>
#include <ctnn/io/progress.hpp>
#include <ctnn/io/summary.hpp>

#include <zip.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Backpropagation through time is truncated to 16 steps.
using ecg_net = ctnn::network<float, ctnn::input<1, 64>,
                              ctnn::conv1d<8, ctnn::window<7>, ctnn::tanh, ctnn::causal>,
                              ctnn::permute<1, 0>,
                              ctnn::gru<8, ctnn::truncation<16>>,
                              ctnn::dense<1>>;
constexpr std::size_t piece = ecg_net::input_shape::size;

// Record 208 of the MIT-BIH arrhythmia database: 300 seconds at 360 Hz, as scipy ships it: a zip file of one array of
// 16-bit integers. The offset is 1024, the gain 200 per millivolt.
std::vector<float> load_ecg(const std::string& path) {
    const auto fail = [&](const std::string& why) { return std::runtime_error(path + ": " + why); };
    int error = 0;
    const std::unique_ptr<zip_t, decltype(&zip_discard)> archive(zip_open(path.c_str(), ZIP_RDONLY, &error), zip_discard);
    if (!archive) throw fail("is no zip file");
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(archive.get(), "ecg.npy", 0), zip_fclose);
    if (!file) throw fail("has no ecg.npy in it");
    std::vector<unsigned char> bytes(1 << 20);
    const zip_int64_t size = zip_fread(file.get(), bytes.data(), bytes.size());
    if (size < 10) throw fail("ecg.npy cannot be read");
    bytes.resize(static_cast<std::size_t>(size));

    // The header of the array is text; its length is at byte 8.
    const std::size_t data = 10 + bytes[8] + 256u * bytes[9];
    const std::string head(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(data, bytes.size())));
    if (head.find("'<u2'") == std::string::npos) throw fail("ecg.npy is no array of 16-bit numbers");
    std::vector<float> millivolts;
    for (std::size_t i = data; i + 1 < bytes.size(); i += 2)
        millivolts.push_back((static_cast<float>(bytes[i] + 256 * bytes[i + 1]) - 1024) / 200);
    return millivolts;
}

int main(int argc, char** argv) {
    const std::string path = argc > 1 ? argv[1] : "/usr/lib/python3/dist-packages/scipy/misc/ecg.dat";
    if (!std::filesystem::exists(path)) {
        std::cout << "skipped: " << path << " is not there; Debian's package python3-scipy has it\n";
        return 77;
    }
    const std::vector<float> signal = load_ecg(path);
    std::vector<float> change(signal.size() - 1);
    for (std::size_t i = 0; i < change.size(); ++i) change[i] = signal[i + 1] - signal[i];

    // Trained on the first 200 seconds, cut into sequences, which are already contiguous in memory.
    const std::size_t pieces = 200 * 360 / piece, learned = pieces * piece;
    const ctnn::samples<float, ctnn::shape<1, piece>> inputs(signal.data(), pieces);
    const ctnn::samples<float, ctnn::shape<piece, 1>> targets(change.data(), pieces);
    ctnn::io::summary<ecg_net>(std::cout);
    std::cout << std::flush;
    const ecg_net net = ctnn::fit<ctnn::mean_squared_error, 16>(
        ctnn::initialize<ecg_net>(ctnn::glorot_uniform{}, /*seed*/ 1), inputs, targets,
        ctnn::adam{.learning_rate = 0.01}, {.epochs = 30, .seed = 1, .schedule = ctnn::cosine_decay()},
        ctnn::io::progress{5});

    // One sample in, one prediction out, 100,000 times, each call timed.
    ctnn::stream<ecg_net> stream{net};
    constexpr std::size_t streamed = 100'000;
    std::vector<double> nanoseconds(streamed);
    double error = 0, error_of_last = 0;
    for (std::size_t i = 0; i < streamed; ++i) {
        const auto before = std::chrono::steady_clock::now();
        const float predicted = stream({signal[i]})[0];
        nanoseconds[i] = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - before).count();
        if (i < learned) continue;
        error += std::pow(predicted - change[i], 2);
        error_of_last += std::pow(change[i], 2);
    }
    const double ratio = std::sqrt(error / error_of_last);
    std::sort(nanoseconds.begin(), nanoseconds.end());
    std::printf("state: %zu bytes; a sample: median %.0f ns, the worst of %zu %.0f ns\n",
                ctnn::stream<ecg_net>::state_bytes, nanoseconds[streamed / 2], streamed, nanoseconds.back());
    std::printf("error on samples not learned: %.0f%% of that of predicting the last sample\n", 100 * ratio);
    return ratio <= 0.7 ? 0 : 1;
}
