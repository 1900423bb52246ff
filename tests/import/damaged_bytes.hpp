// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Files for the importer's tests, damaged at every byte.

#include <boost/test/unit_test.hpp>

#include "sanitized.hpp"

#include <cstddef>
#include <random>
#include <string>

namespace test_support {

#if defined(CTNN_TEST_SANITIZED)
inline constexpr int corruptions = 2500;
#else
inline constexpr int corruptions = 10000;
#endif

/// The bytes with one to three of them changed.
inline std::string corrupted(std::string bytes, std::mt19937& engine) {
    const int changes = 1 + static_cast<int>(engine() % 3);
    for (int change = 0; change < changes; ++change) bytes[engine() % bytes.size()] = static_cast<char>(engine() & 255);
    return bytes;
}

/// Checks that whatever is left of a model is refused, in one line: `said_of(bytes)` is what the importer says.
template <class SaidOf>
void refuses_every_truncation(const std::string& name, const std::string& bytes, SaidOf&& said_of) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string said = said_of(bytes.substr(0, size));
        BOOST_TEST(!said.empty(), name << " cut to " << size << " of " << bytes.size() << " bytes is taken");
        BOOST_TEST(said.find('\n') == said.npos);
    }
}

}  // namespace test_support
