// SPDX-License-Identifier: BSL-1.0
// The functions of digits.cpp on this machine, for all digits of the data: how many are recognised, and a checksum of the bits
// of all probabilities. check.mjs prints the same of the module.
#include <ctnn/io/csv.hpp>
#include <ctnn/io/dataset.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>

extern "C" {
float* digits_pixels();
float* digits_outputs();
void digits_recognise();
}

int main() {
    using images = ctnn::io::dataset<std::uint8_t, ctnn::shape<64>, ctnn::io::class_labels<10>>;
    const auto data = ctnn::io::load_csv<images>(CTNN_EXAMPLE_DATA "/digits.csv.gz", {.header = false, .rows = 1797});
    std::size_t right = 0;
    std::uint32_t checksum = 0x811c9dc5;  // FNV-1a
    for (std::size_t digit = 0; digit < data.size(); ++digit) {
        std::copy_n(data.inputs()[digit], 64, digits_pixels());
        digits_recognise();
        const float* y = digits_outputs();
        right += std::max_element(y, y + 10) - y == *data.labels()[digit];
        for (std::size_t i = 0; i < 10; ++i) checksum = (checksum ^ std::bit_cast<std::uint32_t>(y[i])) * 0x01000193;
    }
    std::printf("%zu of %zu digits are recognised; checksum of the probabilities: %u\n", right, data.size(), checksum);
}
