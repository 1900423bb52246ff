// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// `CTNN_TEST_SANITIZED`: the address sanitizer is on. Some tests then take one type of number (memory is read and written
/// in the same way for the other), no constants (they touch no memory), or fewer files: all is in the builds without it,
/// and compiling or running it here as well takes minutes.

#if defined(__SANITIZE_ADDRESS__)
#define CTNN_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CTNN_TEST_SANITIZED
#endif
#endif
