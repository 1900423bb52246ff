// SPDX-License-Identifier: BSL-1.0
// Models of TensorFlow Lite: read or refused, and small ones are imported.
#include "read/tflite.hpp"
#include "command/import_model.hpp"
#include "fuzz_support.hpp"
#include "graph/array.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    return fuzz::reads_or_refuses([&] {
        const ctnn_import::graph model = ctnn_import::parse_tflite(fuzz::text_of(bytes, size));
        std::int64_t elements = 0;
        for (const auto& [name, dims] : model.shapes) elements += ctnn_import::count(dims);
        if (elements > 4000) return;
        try {
            ctnn_import::import_model(model);
        } catch (const ctnn_import::refusal& error) {
            const std::string_view said = error.what();
            fuzz::require_line(said);
            if (said.starts_with("the network does not compute")) std::abort();
        }
    });
}
