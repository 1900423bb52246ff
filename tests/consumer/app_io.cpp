// SPDX-License-Identifier: BSL-1.0
// A user of the component io: parameters are saved to a file and loaded back.
#include <ctnn.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/summary.hpp>

#include <iostream>

using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;

int main() {
    ctnn::io::summary<net>(std::cout);
    const net saved = ctnn::initialize<net>(ctnn::glorot_uniform{}, 1);
    ctnn::io::save_safetensors(saved, "consumer.safetensors");
    net loaded{};
    ctnn::io::load_safetensors(loaded, "consumer.safetensors");
    return loaded == saved ? 0 : 1;
}
