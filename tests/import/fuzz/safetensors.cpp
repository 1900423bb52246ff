// SPDX-License-Identifier: BSL-1.0
// Safetensors files, read by the importer and by the library.
#include "fuzz_support.hpp"
#include "read/weights_file.hpp"

#include <ctnn/io/safetensors.hpp>
#include <ctnn/layer/dense.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text = fuzz::text_of(bytes, size);
    fuzz::reads_or_refuses([&] {
        for (const auto& [name, read] : ctnn_import::parse_safetensors(text))
            if (static_cast<std::int64_t>(read.size()) != ctnn_import::count(read.dims)) std::abort();
    });
    return fuzz::reads_or_refuses([&] {
        using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
        net_type net{};
        ctnn::io::load_safetensors(net, fuzz::file_of(text, "fuzzed.safetensors"), "0123456789abcdef");
    });
}
