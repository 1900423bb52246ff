// SPDX-License-Identifier: BSL-1.0
// A data set from a CSV file, with the non-template parts compiled separately, as by the target ctnn::io.
#define CTNN_IO_COMPILED
#include <ctnn.hpp>
#include <ctnn/io/csv.hpp>

using patients = ctnn::io::dataset<double, ctnn::shape<30>, ctnn::io::class_labels<2>>;

patients load() {
    return ctnn::io::load_csv<patients>("patients.csv", {.targets = {"diagnosis"}, .classes = {"B", "M"}});
}
