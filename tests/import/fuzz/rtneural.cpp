// SPDX-License-Identifier: BSL-1.0
// Models in the JSON of RTNeural.
#include "fuzz_support.hpp"
#include "read/import_weights.hpp"
#include "write/write.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    return fuzz::reads_or_refuses([&] {
        ctnn_import::write_options writing;
        writing.name = "model";
        header_text(ctnn_import::parse_rtneural(fuzz::text_of(bytes, size), 3), writing);
    });
}
