// SPDX-License-Identifier: BSL-1.0
#include "peers.hpp"

const std::vector<peers::library>& peers::libraries() {
    static const std::vector<library> all{
#ifdef CTNN_BENCH_HAS_FANN
        {"fann", fann_evaluator, fann_trainer},
#endif
#ifdef CTNN_BENCH_HAS_DLIB
        {"dlib", dlib_evaluator, dlib_trainer},
#endif
#ifdef CTNN_BENCH_HAS_TORCH
        {"libtorch", torch_evaluator, torch_trainer},
#endif
    };
    return all;
}
