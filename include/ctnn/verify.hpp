// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Proofs about all inputs of a box. Not in `ctnn.hpp`.

#include <ctnn/verify/affine.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/branches_prover.hpp>
#include <ctnn/verify/certificate.hpp>
#include <ctnn/verify/certify.hpp>
#include <ctnn/verify/chain_prover.hpp>
#include <ctnn/verify/derivatives.hpp>
#include <ctnn/verify/falsify.hpp>
#include <ctnn/verify/layer_prover.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/provable.hpp>
#include <ctnn/verify/prove.hpp>
#include <ctnn/verify/prover.hpp>
#include <ctnn/verify/relaxation.hpp>
#include <ctnn/verify/robust.hpp>
#include <ctnn/verify/rounding.hpp>
#include <ctnn/verify/search.hpp>
#include <ctnn/verify/selection.hpp>
