// SPDX-License-Identifier: BSL-1.0
// The same with NeuralAmpModelerCore, which takes doubles: nam MODEL IN OUT BLOCK after_silence.
#include "NAM/dsp.h"
#include "NAM/get_dsp.h"

#include "play.hpp"

#include <filesystem>

int main(int, char** arguments) {
    const auto model = nam::get_dsp(std::filesystem::path(arguments[1]));
    const int block = std::stoi(arguments[4]);
    model->Reset(model->GetExpectedSampleRate() > 0 ? model->GetExpectedSampleRate() : 48000, block);
    std::vector<double> in(static_cast<std::size_t>(block)), out(in.size());
    return play(arguments, [&](const float* x, float* y, std::size_t count) {
        std::copy(x, x + count, in.begin());
        double *from = in.data(), *to = out.data();
        model->process(&from, &to, static_cast<int>(count));
        std::transform(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count), y,
                       [](double sample) { return static_cast<float>(sample); });
    });
}
