// SPDX-License-Identifier: BSL-1.0
#include "read/frameworks.hpp"

#include "graph/operator_call.hpp"
#include "refusal.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

class filling {
  public:
    filling(layer& to, const tensor_source& tensor, std::string suffix)
        : to_(to), tensor_(tensor), suffix_(std::move(suffix)) {}

    void from_torch();
    void from_keras();

  private:
    parameter& own(const std::string& name) {
        for (parameter& one : to_.parameters)
            if (one.name == name) return one;
        throw refusal(to_.kind + " has no parameter " + name);
    }
    bool has(const std::string& name) const {
        return std::any_of(to_.parameters.begin(), to_.parameters.end(),
                           [&](const parameter& one) { return one.name == name; });
    }
    bool before() const { return has("candidate_weights"); }
    bool recurrent() const { return to_.kind == "gru" || to_.kind == "lstm" || to_.kind == "simple_rnn"; }

    /// A tensor of the file; refused unless it has these extents.
    const std::vector<double>& take(const std::string& name, const extents& wanted) const {
        const array* const found = tensor_(name + suffix_);
        if (found == nullptr) throw refusal("there is no tensor " + name + suffix_ + " for the " + to_.kind);
        if (found->dims != wanted)
            throw refusal("the tensor " + name + suffix_ + " is " + text_of(found->dims) + ", and the " + to_.kind +
                          " takes " + text_of(wanted));
        if (found->holds_integers()) throw refusal("the tensor " + name + suffix_ + " holds integers");
        return found->reals();
    }
    /// Copies without permuting axes.
    void copy(const std::string& name, const std::string& theirs) { own(name).values = take(theirs, own(name).dims); }
    /// Axis i in ctnn is the framework's axis order[i].
    void permuted(const std::string& name, const std::string& theirs, const std::vector<std::size_t>& order) {
        parameter& to = own(name);
        extents from(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) from[order[i]] = to.dims[i];
        const std::vector<double>& numbers = take(theirs, from);
        const auto strides = strides_of(from);
        std::vector<std::int64_t> moved;
        for (const std::size_t axis : order) moved.push_back(strides[axis]);
        const std::vector<std::int64_t> one[]{moved};
        for_each_element(to.dims, one, [&](std::size_t flat, const std::int64_t* offsets) {
            to.values[flat] = numbers[static_cast<std::size_t>(offsets[0])];
        });
    }
    void bias(const std::string& theirs) {
        if (has("bias")) copy("bias", theirs);
    }
    /// Keras gives axes with shared slopes an extent of 1: one slope per feature, or a single one.
    void shared_slopes() {
        const array* const alpha = tensor_("alpha" + suffix_);
        parameter& slopes = own("weights");
        if (alpha == nullptr) return copy("weights", "alpha");
        extents dims = alpha->dims;
        std::erase(dims, 1);
        const std::vector<double>& numbers =
            take("alpha", dims.empty() || dims == slopes.dims ? alpha->dims : slopes.dims);
        slopes.values = numbers.size() == 1 ? std::vector<double>(slopes.values.size(), numbers[0]) : numbers;
    }
    void kernel_of_torch() {
        const std::size_t rank = own("weights").dims.size();
        if (to_.kind == "conv1d_transpose")
            permuted("weights", "weight", {2, 1, 0});
        else
            permuted("weights", "weight",
                     rank == 3 ? std::vector<std::size_t>{2, 1, 0} : std::vector<std::size_t>{2, 3, 1, 0});
        bias("bias");
    }

    layer& to_;
    const tensor_source& tensor_;
    std::string suffix_;
};

void filling::from_torch() {
    const std::string& kind = to_.kind;
    if (kind == "dense") {
        permuted("weights", "weight", {1, 0});
        bias("bias");
    } else if (kind.starts_with("conv")) {
        kernel_of_torch();
    } else if (kind == "batch_norm") {
        copy("weights", "weight"), copy("bias", "bias"), copy("running_mean", "running_mean"),
            copy("running_variance", "running_var");
    } else if (kind == "layer_norm") {
        copy("weights", "weight"), copy("bias", "bias");
    } else if (kind == "prelu") {
        // A single shared slope is repeated for each feature.
        parameter& slopes = own("weights");
        const array* const one = tensor_("weight");
        if (one != nullptr && one->dims == extents{1} && !one->holds_integers())
            slopes.values.assign(slopes.values.size(), one->reals()[0]);
        else
            copy("weights", "weight");
    } else if (kind == "embedding") {
        copy("weights", "weight");
    } else if (recurrent()) {
        if (before()) throw refusal("PyTorch has no gru with reset_before");
        // The gates are in the same order: r z n, and i f g o.
        permuted("weights", "weight_ih", {1, 0}), permuted("recurrent_weights", "weight_hh", {1, 0});
        copy("bias", "bias_ih");
        if (has("recurrent_bias")) return copy("recurrent_bias", "bias_hh");
        const std::vector<double>& second = take("bias_hh", own("bias").dims);
        for (std::size_t i = 0; i < second.size(); ++i) own("bias").values[i] += second[i];
    } else if (kind == "multi_head_attention") {
        permuted("weights", "in_proj_weight", {1, 0}), copy("bias", "in_proj_bias");
        permuted("output_weights", "out_proj.weight", {1, 0}), copy("output_bias", "out_proj.bias");
    } else {
        throw refusal("PyTorch has no layer like " + kind +
                      "; --layout ctnn takes its parameters under ctnn's own names");
    }
}

void filling::from_keras() {
    const std::string& kind = to_.kind;
    if (kind == "dense") {
        copy("weights", "kernel");
        bias("bias");
    } else if (kind.starts_with("conv")) {
        // A depthwise kernel is window x channels x multiplier; channels x multiplier are the filters in order.
        parameter& weights = own("weights");
        const std::string name = tensor_("depthwise_kernel" + suffix_) != nullptr ? "depthwise_kernel" : "kernel";
        const array* const kernel = tensor_(name + suffix_);
        extents depthwise(weights.dims.begin(), weights.dims.end() - 2);
        depthwise.insert(depthwise.end(), {to_.input[0], weights.dims.back() / to_.input[0]});
        if (!kind.ends_with("_transpose") && weights.dims[weights.dims.size() - 2] == 1 && kernel != nullptr &&
            kernel->dims == depthwise)
            weights.values = take(name, depthwise);
        else
            copy("weights", name);
        bias("bias");
    } else if (kind == "batch_norm") {
        copy("weights", "gamma"), copy("bias", "beta"), copy("running_mean", "moving_mean"),
            copy("running_variance", "moving_variance");
    } else if (kind == "layer_norm") {
        copy("weights", "gamma"), copy("bias", "beta");
    } else if (kind == "prelu") {
        shared_slopes();
    } else if (kind == "embedding") {
        copy("weights", "embeddings");
    } else if (kind == "lstm" || kind == "simple_rnn") {
        copy("weights", "kernel"), copy("recurrent_weights", "recurrent_kernel"), copy("bias", "bias");
    } else if (kind == "gru") {
        // Gate order: Keras's columns z r h become r z n.
        const std::int64_t units = own("bias").dims[0] / 3, columns = 3 * units;
        const auto swapped = [&](const std::vector<double>& numbers, std::int64_t row, std::int64_t column) {
            const std::int64_t gate = column / units, theirs = gate == 0 ? 1 : gate == 1 ? 0 : 2;
            return numbers[static_cast<std::size_t>(row * columns + theirs * units + column % units)];
        };
        const auto fill = [&](parameter& to, const std::vector<double>& numbers, std::int64_t first_row,
                              std::int64_t first_column) {
            const std::int64_t width = to.dims.back();
            for (std::size_t i = 0; i < to.values.size(); ++i) {
                const auto at = static_cast<std::int64_t>(i);
                to.values[i] = swapped(numbers, first_row + at / width, first_column + at % width);
            }
        };
        fill(own("weights"), take("kernel", own("weights").dims), 0, 0);
        const auto& recurrent_kernel = take("recurrent_kernel", {units, columns});
        fill(own("recurrent_weights"), recurrent_kernel, 0, 0);
        if (before()) {
            fill(own("candidate_weights"), recurrent_kernel, 0, 2 * units);
            fill(own("bias"), take("bias", {columns}), 0, 0);
        } else {
            const auto& both = take("bias", {2, columns});
            fill(own("bias"), both, 0, 0);
            fill(own("recurrent_bias"), both, 1, 0);
        }
    } else {
        throw refusal("the importer knows no Keras layer like " + kind +
                      "; --layout ctnn takes its parameters under ctnn's own names");
    }
}

}  // namespace

void fill_layer(layer& to, framework from, const tensor_source& tensor) {
    if (to.kind == "bidirectional") {
        // PyTorch marks the direction by a suffix, Keras by a prefix.
        const tensor_source backwards = [&](const std::string& name) {
            return from == framework::torch ? tensor(name + "_reverse") : tensor("backward_" + name);
        };
        const tensor_source forwards = [&](const std::string& name) {
            return from == framework::torch ? tensor(name) : tensor("forward_" + name);
        };
        fill_layer(to.branches[0][0], from, forwards);
        fill_layer(to.branches[1][1], from, backwards);
        return;
    }
    if (from != framework::ctnn && to.find("initial_state") != nullptr)
        throw refusal("weights of PyTorch and Keras have no initial state; --layout ctnn takes it as initial_state");
    if (from == framework::torch)
        filling(to, tensor, "").from_torch();
    else if (from == framework::keras)
        filling(to, tensor, "").from_keras();
    else
        for (parameter& one : to.parameters) {
            const array* const found = tensor(one.name);
            if (found == nullptr) throw refusal("there is no tensor " + one.name + " for the " + to.kind);
            if (found->dims != one.dims || found->holds_integers())
                throw refusal("the tensor " + one.name + " is " + text_of(found->dims) + ", and the " + to.kind +
                              " takes " + text_of(one.dims));
            one.values = found->reals();
        }
}

}  // namespace ctnn_import
