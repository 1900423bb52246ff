// Written by ctnn::io::header_file; do not edit: it is regenerated.
#pragma once

#include <ctnn.hpp>
#include "mine.hpp"

#include <cstdint>

namespace data {

inline constexpr ctnn::tensor<std::uint8_t, ctnn::shape<3, 1, 2>> pictures{1, 2, 3, 4, 250, 6};

inline constexpr ctnn::tensor<std::uint8_t, ctnn::shape<2>> labels{1, 2};

inline constexpr ctnn::tensor<double, ctnn::shape<2>> mean{0x1p-2, -0x1p+0};

}  // namespace data
