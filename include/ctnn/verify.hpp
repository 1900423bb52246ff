// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Proofs about all inputs of a box. Not in `ctnn.hpp`.

#include <ctnn/verify/activation/relaxation.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/certificate.hpp>
#include <ctnn/verify/certify.hpp>
#include <ctnn/verify/derivatives.hpp>
#include <ctnn/verify/falsify.hpp>
#include <ctnn/verify/layer/affine.hpp>
#include <ctnn/verify/layer/branches_prover.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/layer/selection.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/network/prover.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/prove.hpp>
#include <ctnn/verify/robust.hpp>
#include <ctnn/verify/rounding.hpp>
#include <ctnn/verify/search.hpp>
