// SPDX-License-Identifier: BSL-1.0
// CSV files, plain and gzip.
#include "fuzz_support.hpp"

#include <ctnn/io/csv.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using rows = ctnn::io::dataset<float, ctnn::shape<2>, ctnn::io::class_labels<3>>;
    const std::string file = fuzz::file_of(fuzz::text_of(bytes, size), "fuzzed.csv");
    fuzz::reads_or_refuses([&] { ctnn::io::load_csv<rows>(file, {.header = false}); });
    return fuzz::reads_or_refuses([&] {
        ctnn::io::load_csv<rows>(file, {.delimiter = ';', .targets = {"kind"}, .classes = {"a", "b", "c"}});
    });
}
