// SPDX-License-Identifier: BSL-1.0
// Configurations of Keras' models, with weights that fit some of them.
#include "read/keras.hpp"
#include "fuzz_support.hpp"

/// Numbers of more than two digits would make the evaluation of the graph slow, and find nothing else.
static bool has_large_number(std::string_view text) {
    int digits = 0;
    bool is_fraction = false;
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        is_fraction = c == '.' || (is_fraction && is_digit);
        digits = is_digit && !is_fraction ? digits + 1 : 0;
        if (digits > 2) return true;
    }
    return false;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (has_large_number(fuzz::text_of(bytes, size))) return 0;
    return fuzz::reads_or_refuses([&] {
        ctnn_import::hdf5_content weights;
        for (const char* const layer : {"dense", "dense_1", "conv2d", "gru/cell"})
            for (const char* const number : {"0", "1"}) {
                const std::int64_t columns = 3;
                const ctnn_import::extents dims =
                    *number == '0' ? ctnn_import::extents{2, columns} : ctnn_import::extents{columns};
                weights.arrays[std::string("layers/") + layer + "/vars/" + number] = {
                    dims, std::vector<double>(static_cast<std::size_t>(ctnn_import::count(dims)), 0.5)};
            }
        ctnn_import::graph_of_keras(fuzz::text_of(bytes, size), std::move(weights), true, "3.8.0");
    });
}
