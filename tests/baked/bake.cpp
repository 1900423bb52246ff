// SPDX-License-Identifier: BSL-1.0
// Writes the headers that compare.cpp includes, into the folder given.
#include <ctnn/io/header_file.hpp>
#include <ctnn/io/write_header.hpp>
#include <ctnn/verify/parallel.hpp>

#include "models.hpp"

#include <filesystem>

int main(int count, char** arguments) {
    if (count != 2) return 1;
    const std::filesystem::path folder = arguments[1];
    ctnn::io::write_header(models::extremes<float>(), "extremes_float", folder / "extremes_float.hpp");
    ctnn::io::write_header(models::extremes<double>(), "baked::extremes_double", folder / "extremes_double.hpp");
    ctnn::io::write_header(models::nested<float>(), "nested_float", folder / "nested_float.hpp");
    ctnn::io::write_header(models::nested<double>(), "nested_double", folder / "nested_double.hpp");
    ctnn::io::write_header(models::wide(), "wide", folder / "wide.hpp");

    ctnn::io::header_file header(folder / "digits.hpp", "digits");
    header.add("model", models::digits());
    header.add("numbers", models::numbers);
    header.add("labels", ctnn::samples<std::uint8_t, ctnn::shape<>>{models::labels, 3});
    header.add("inputs", ctnn::samples<float, ctnn::shape<2>>{models::inputs, 3});
    header.save();

    const auto found = ctnn::prove_parallel(models::clipped(), models::places, models::is_clipped, {.threads = 2});
    if (found.outcome != ctnn::verdict::proved || found.cuts.size() < 3) return 1;
    ctnn::io::header_file proof(folder / "proof.hpp", "proof");
    proof.add("model", models::clipped());
    proof.add("cuts", found.cuts);
    proof.save();
}
