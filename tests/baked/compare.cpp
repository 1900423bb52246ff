// SPDX-License-Identifier: BSL-1.0
// Networks and data round-trip through a header bit for bit. This file includes nothing of ctnn/io.
#include "digits.hpp"
#include "extremes_double.hpp"
#include "extremes_float.hpp"
#include "models.hpp"
#include "nested_double.hpp"
#include "nested_float.hpp"
#include "proof.hpp"
#include "wide.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstring>

template <class T>
constexpr bool same_bits(const T& left, const T& right) {
    using bytes = std::array<unsigned char, sizeof(T)>;
    return std::bit_cast<bytes>(left) == std::bit_cast<bytes>(right);
}

// As constants ...
static_assert(std::same_as<decltype(digits::model), const models::digits_net>);
static_assert(std::same_as<decltype(wide::model), const models::wide_net>);
static_assert(std::same_as<decltype(nested_float::model), const models::nested_net<float>>);
static_assert(nested_float::model == models::nested<float>() && nested_double::model == models::nested<double>());
static_assert(same_bits(ctnn::get<0>(extremes_float::model).weights, ctnn::get<0>(models::extremes<float>()).weights));
static_assert(same_bits(ctnn::get<0>(baked::extremes_double::model).weights,
                        ctnn::get<0>(models::extremes<double>()).weights));
static_assert(same_bits(digits::numbers, models::numbers));
static_assert(std::same_as<decltype(digits::labels), const ctnn::tensor<std::uint8_t, ctnn::shape<3>>>);
static_assert(digits::labels == ctnn::tensor<std::uint8_t, ctnn::shape<3>>{0, 9, 255});
static_assert(std::same_as<decltype(digits::inputs), const ctnn::tensor<float, ctnn::shape<3, 2>>>);
static_assert(digits::inputs == ctnn::tensor<float, ctnn::shape<3, 2>>{0.5f, -1, 2, 3e-45f, 0.1f, 0.7f});
static_assert(ctnn::proves(proof::model, models::places, models::is_clipped, proof::cuts));

// ... and in memory.
template <class Net>
bool same_memory(const char* name, const Net& baked, const Net& original) {
    const bool same = std::memcmp(&baked, &original, sizeof(Net)) == 0;
    std::printf("%-16s %6zu bytes %s\n", name, sizeof(Net), same ? "the same" : "DIFFERENT");
    return same;
}

int main() {
    const bool same[]{
        same_memory("extremes_float", extremes_float::model, models::extremes<float>()),
        same_memory("extremes_double", baked::extremes_double::model, models::extremes<double>()),
        same_memory("digits", digits::model, models::digits()),
        same_memory("nested_float", nested_float::model, models::nested<float>()),
        same_memory("nested_double", nested_double::model, models::nested<double>()),
        same_memory("wide", wide::model, models::wide()),
    };
    for (const bool each : same) {
        if (!each) return 1;
    }
    return wide::model_answers() ? 0 : 1;
}
