// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Prints tensors: `std::cout << net(x)`.

#include <ctnn/io/number_text.hpp>
#include <ctnn/shape.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <ostream>
#include <string>

namespace ctnn {

namespace io::detail {

/// Calls `put` with the brackets and commas of a shape, and `number` with the index of each element, in text order.
template <std::size_t... Extents, class Put, class Number>
void write_nested(shape<Extents...>, Put put, Number number) {
    using whole = shape<Extents...>;
    for (std::size_t index = 0; index < whole::size; ++index) {
        if (index > 0) put(", ");
        for (std::size_t dimension = 0; dimension < whole::rank; ++dimension)
            if (index % (whole::extent(dimension) * whole::stride(dimension)) == 0) put("[");
        number(index);
        for (std::size_t dimension = 0; dimension < whole::rank; ++dimension)
            if ((index + 1) % (whole::extent(dimension) * whole::stride(dimension)) == 0) put("]");
    }
}

}  // namespace io::detail

/// Writes a tensor on one line, with a pair of brackets for each row of each dimension: `[[1, 2], [3, 4]]`.
///
/// Elements are formatted as the stream formats a scalar, in its precision and format; a width applies to each. Bytes
/// are written as numbers.
///
/// *Example*: `std::cout << net({2, 3}) << '\n';`
template <class T, std::size_t... Extents>
std::ostream& operator<<(std::ostream& stream, const tensor<T, shape<Extents...>>& values) {
    const std::streamsize width = stream.width(0);
    io::detail::write_nested(
        shape<Extents...>{}, [&](const char* text) { stream << text; },
        [&](std::size_t index) {
            stream.width(width);
            // A byte would be a character. For other types + has no effect.
            stream << +values[index];
        });
    return stream;
}

namespace io {

/// The same text with the shortest digits that distinguish each value from its neighbours: read back, it has the same
/// bits (a NaN is a NaN again).
///
/// *Example*: `std::cout << ctnn::io::exact_text(net(x)) << '\n';`
template <class T, std::size_t... Extents>
std::string exact_text(const tensor<T, shape<Extents...>>& values) {
    std::string result;
    detail::write_nested(
        shape<Extents...>{}, [&](const char* text) { result += text; },
        [&](std::size_t index) { result += detail::number_text(values[index]); });
    return result;
}

}  // namespace io

}  // namespace ctnn
