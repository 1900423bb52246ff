// SPDX-License-Identifier: BSL-1.0
// NEEDS-IMPORT: amp.onnx
// A guitar pedal that PyTorch has trained: ctnn-import made amp.hpp of its lstm when this program was built. It was
// exported for 64 samples at once; here a stream plays it sample by sample, for as long as the music lasts.
#include <amp.hpp>

#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

// dry: what goes in. circuit: what the circuit makes of it. pytorch: what PyTorch's network does.
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
