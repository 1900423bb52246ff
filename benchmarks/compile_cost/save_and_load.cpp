// SPDX-License-Identifier: BSL-1.0
// A network saved and loaded, with the non-template parts compiled separately, as by the target ctnn::io.
#define CTNN_IO_COMPILED
#include <ctnn.hpp>
#include <ctnn/io/safetensors.hpp>

using net = ctnn::network<float, ctnn::input<2>, ctnn::dense<1, ctnn::sigmoid>>;

void save(const net& n) {
    ctnn::io::save_safetensors(n, "net.safetensors");
}

void load(net& n) {
    ctnn::io::load_safetensors(n, "net.safetensors");
}
