// SPDX-License-Identifier: BSL-1.0
// IDX files, plain and gzip: the first byte is the size of the labels file, which comes before the images.
#include "fuzz_support.hpp"

#include <ctnn/io/idx.hpp>

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view both = fuzz::text_of(bytes + 1, size - 1);
    const std::size_t labels = std::min<std::size_t>(bytes[0], both.size());
    return fuzz::reads_or_refuses([&] {
        using images = ctnn::io::dataset<float, ctnn::shape<4>, ctnn::io::class_labels<3>>;
        ctnn::io::load_idx<images>(fuzz::file_of(both.substr(labels), "fuzzed.images"),
                                   fuzz::file_of(both.substr(0, labels), "fuzzed.labels"));
    });
}
