// SPDX-License-Identifier: BSL-1.0
// Captures of amplifiers: .nam files, and the JSON of GuitarML and RTNeural.
#include "fuzz_support.hpp"

#include <ctnn/io/capture.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string file = fuzz::file_of(fuzz::text_of(bytes, size), "fuzzed.nam");
    fuzz::reads_or_refuses([&] { ctnn::io::read_capture(file); });
    return fuzz::reads_or_refuses([&] { ctnn::io::read_capture(file, {.channels = 2}); });
}
