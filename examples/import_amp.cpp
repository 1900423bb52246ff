// SPDX-License-Identifier: BSL-1.0
// NEEDS-IMPORT: amp.onnx
// A guitar pedal trained in PyTorch: ctnn-import converted its LSTM to amp.hpp when this program was built. It was
// exported for sequences of 64 samples; here it runs as a stream, sample by sample, for any length.
#include <amp.hpp>

#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

// dry: the input. circuit: the output of the circuit. pytorch: the output of PyTorch's network.
using played = ctnn::io::dataset<float, ctnn::shape<1>, ctnn::shape<2>>;

int main() {
    const auto data = ctnn::io::load_csv<played>(CTNN_EXAMPLE_DATA "/../import/amp_played.csv.gz",
                                                 {.targets = {"circuit", "pytorch"}});
    ctnn::stream<amp::model_type> pedal{amp::model};
    double from_pytorch = 0, error = 0, power = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < data.size(); ++i) {
        const float out = pedal({data.inputs()[i][0]})[0];
        const float circuit = data.targets()[i][0], pytorch = data.targets()[i][1];
        from_pytorch = std::max(from_pytorch, double{std::abs(out - pytorch)});
        error += std::pow(out - circuit, 2);
        power += std::pow(circuit, 2);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%zu samples, one by one, in %.2f ms; %zu bytes of state\n", data.size(), 1000 * seconds,
                sizeof pedal.state);
    std::printf("at most %.1e from PyTorch; error-to-signal ratio: %.3f%%\n", from_pytorch, 100 * error / power);
    return from_pytorch < 1e-5 && error < 0.001 * power ? 0 : 1;
}
