// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// `CTNN_TEST_SANITIZED`: the address sanitizer is on. Some tests then use one scalar type (the other has the same
/// memory accesses), no constants (they access no memory), or fewer files: builds without it cover everything, and
/// compiling or running all of it here as well takes minutes.

#if defined(__SANITIZE_ADDRESS__)
#define CTNN_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CTNN_TEST_SANITIZED
#endif
#endif
