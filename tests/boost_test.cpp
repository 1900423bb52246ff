// SPDX-License-Identifier: BSL-1.0
// The library Boost.Test with its main(), for compilers that have only its headers. The tests are linked with it.
#include <boost/test/included/unit_test.hpp>
