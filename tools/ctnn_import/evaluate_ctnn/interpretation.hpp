// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the files of the interpreter.

#include "spec/network.hpp"
#include "spec/spec_text.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// A layer and its input, with its spec parsed.
struct interpretation {
    const layer& what;
    const std::vector<double>& x;
    std::vector<spec_term> arguments, options;  ///< options begin with the arguments

    std::int64_t number(std::size_t argument) const { return arguments.at(argument).number(); }
    const std::vector<double>& weights(const std::string& name) const;
    bool has(const std::string& name) const;
    const spec_term* option(const std::string& name) const;
    [[noreturn]] void refuse(const std::string& reason) const;
};

std::vector<double> interpret_convolution(const interpretation& of);
std::vector<double> interpret_transposed(const interpretation& of);
std::vector<double> interpret_pool(const interpretation& of);
std::vector<double> interpret_recurrent(const interpretation& of);
/// An activation of one number.
double interpret_activation(const spec_term& activation, double x);

/// The output of a chain.
std::vector<double> run(const chain& layers, std::vector<double> x);

}  // namespace ctnn_import
