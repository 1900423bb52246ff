// SPDX-License-Identifier: BSL-1.0
// The headers of Boost.Test that all its programs read are precompiled for this file.
