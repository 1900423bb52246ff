// SPDX-License-Identifier: BSL-1.0
// NumPy arrays.
#include "fuzz_support.hpp"
#include "read/read.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    return fuzz::reads_or_refuses([&] {
        const ctnn_import::array read = ctnn_import::parse_npy(fuzz::text_of(bytes, size));
        if (static_cast<std::int64_t>(read.size()) != ctnn_import::count(read.dims)) std::abort();
    });
}
