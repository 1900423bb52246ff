// SPDX-License-Identifier: BSL-1.0
// Headers for --into: the declared network, whose weights are 0, is written as a header and evaluated.
#include "evaluate_ctnn/interpret.hpp"
#include "fuzz_support.hpp"
#include "read/header.hpp"
#include "write/write.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    return fuzz::reads_or_refuses([&] {
        std::string number;
        const std::int64_t room = 1 << 16;
        const ctnn_import::network net = ctnn_import::parse_header(fuzz::text_of(bytes, size), "", number, room);
        ctnn_import::write_options writing;
        writing.name = "model";
        header_text(net, writing);
        // The declared network can be evaluated, if that is fast.
        std::int64_t work = 0;
        for (const auto& layer : net.layers)
            work += layer.multiply_accumulates + ctnn_import::count(layer.input) + ctnn_import::count(layer.output);
        if (work < 1 << 16)
            interpret(net.layers, std::vector<double>(static_cast<std::size_t>(ctnn_import::count(net.input))));
    });
}
