// SPDX-License-Identifier: BSL-1.0
#include "spec/spec_options.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ctnn_import {

namespace {

constexpr std::int64_t most_dimensions = 8, any = std::numeric_limits<std::int64_t>::max();

/// The number and range of the leading numeric arguments, and what may follow: names of options, "activation" for any
/// activation, "layer" for nested layers.
struct kind_form {
    std::size_t least, most;
    std::set<std::string> options;
    std::int64_t low = 1, high = most_in_spec;
};

/// The arguments of an option: how many, and numbers from `low` to `high`, or terms of the kind `inside`.
struct option_form {
    std::size_t least, most;
    std::int64_t low, high;
    const char* inside = nullptr;
};

const std::map<std::string, kind_form>& kinds() {
    static const std::map<std::string, kind_form> all = [] {
        const std::set<std::string> convolution{"activation", "window", "stride", "dilation",  "padding",
                                                "same",       "groups", "valid",  "with_bias", "no_bias"};
        const std::set<std::string> pool{"window", "stride", "padding", "same", "valid", "ceil_mode"};
        const std::set<std::string> steps{"every_step", "last_step", "truncation", "initial_state"};
        const auto with = [](std::set<std::string> options, std::initializer_list<std::string> more) {
            options.insert(more);
            return options;
        };
        const std::set<std::string> branches{"branch"};
        std::map<std::string, kind_form> result{
            {"dense", {1, 1, {"activation", "with_bias", "no_bias"}}},
            {"conv1d", {1, 1, with(convolution, {"causal"})}},
            {"conv2d", {1, 1, convolution}},
            {"batch_norm", {0, 0, {"activation", "axis", "ratio", "epsilon"}}},
            {"layer_norm", {0, 0, {"activation", "epsilon", "with_affine", "no_affine"}}},
            {"scale", {0, 0, {"activation", "axis"}}},
            {"prelu", {0, 0, {"axis"}}},
            {"simple_rnn", {1, 1, with(steps, {"activation"})}},
            {"gru", {1, 1, with(steps, {"activation", "gate_activation", "reset_before", "reset_after"})}},
            {"lstm", {1, 1, with(steps, {"activation", "gate_activation", "cell_activation"})}},
            {"embedding", {2, 2, {}}},
            {"decision_trees",
             {3,
              3,
              {"sum_of_trees", "average_of_trees", "minimum_of_trees", "maximum_of_trees", "one_output_per_tree"}}},
            {"multi_head_attention", {1, 1, {"no_mask", "causal_mask"}}},
            {"activation", {0, 0, {"activation"}}},
            {"dropout", {0, 0, {"ratio"}}},
            {"reshape", {0, most_dimensions, {}}},
            {"permute", {1, most_dimensions, {}, 0, most_dimensions - 1}},
            {"slice", {2, 2, {"axis"}, 0}},
            {"zero_pad", {0, 0, {"pad"}}},
            {"reflect_pad", {0, 0, {"pad"}}},
            {"edge_pad", {0, 0, {"pad"}}},
            {"wrap_pad", {0, 0, {"pad"}}},
            {"linear_resize", {1, 1, {"axis", "half_pixel", "align_corners", "asymmetric"}}},
            {"upsample", {1, most_dimensions, {}}},
            {"residual", {0, 0, {"layer"}}},
            {"bidirectional", {0, 0, {"layer"}}},
            {"sum", {0, 0, branches}},
            {"product", {0, 0, branches}},
            {"matmul", {0, 0, branches}},
            {"graph", {0, 0, {"node", "outputs"}}},
            {"concatenate", {0, 0, with(branches, {"axis"})}}};
        for (const char* name : {"conv1d_transpose", "conv2d_transpose"})
            result[name] = {1,
                            1,
                            {"activation", "window", "stride", "dilation", "padding", "groups", "output_padding",
                             "with_bias", "no_bias"}};
        for (const char* name : {"max_pool1d", "max_pool2d"}) result[name] = {0, 0, pool};
        for (const char* name : {"average_pool1d", "average_pool2d"})
            result[name] = {0, 0, with(pool, {"count_include_pad"})};
        for (const char* name : {"global_average_pool", "global_max_pool", "reverse", "positional_encoding", "flatten"})
            result[name] = {0, 0, {}};
        return result;
    }();
    return all;
}

const std::map<std::string, option_form>& options() {
    static const std::map<std::string, option_form> all{{"window", {1, 2, 1, most_in_spec}},
                                                        {"stride", {1, 2, 1, most_in_spec}},
                                                        {"dilation", {1, 2, 1, most_in_spec}},
                                                        {"padding", {1, 2, 0, 0, "pad"}},
                                                        {"pad", {1, 2, 0, most_in_spec}},
                                                        {"groups", {1, 1, 1, most_in_spec}},
                                                        {"output_padding", {1, 2, 0, most_in_spec}},
                                                        {"truncation", {1, 1, 1, most_in_spec}},
                                                        {"axis", {1, 1, 0, most_dimensions - 1}},
                                                        {"gate_activation", {1, 1, 0, 0, "activation"}},
                                                        {"cell_activation", {1, 1, 0, 0, "activation"}},
                                                        {"epsilon", {0, 1, 0, 0, "ratio"}},
                                                        {"ratio", {1, 2, -any, any}}};
    return all;
}

const std::map<std::string, option_form>& activations() {
    static const std::map<std::string, option_form> all = [] {
        std::map<std::string, option_form> result;
        for (const char* name :
             {"identity", "sigmoid",   "tanh", "relu",     "relu6",    "leaky_relu",   "elu",        "selu",
              "gelu",     "gelu_tanh", "silu", "softplus", "softsign", "hard_sigmoid", "hard_swish", "reciprocal",
              "exp",      "log",       "sqrt", "sin",      "cos",      "softmax",      "log_softmax"})
            result[name] = {0, 0, 0, 0};
        for (const char* name : {"leaky_relu_with", "elu_with"}) result[name] = {1, 1, 0, 0, "ratio"};
        for (const char* name : {"selu_with", "hard_sigmoid_with"}) result[name] = {2, 2, 0, 0, "ratio"};
        result["clip"] = {2, 2, 0, 0, "bound"};
        result["clipped"] = {2, 2, 0, 0, "activation and bound"};
        return result;
    }();
    return all;
}

[[noreturn]] void refuse(const spec_term& where, const std::string& kind, const std::string& reason) {
    throw spec_refusal(kind + ": " + reason, where.at);
}

void check_number(const spec_term& term, const std::string& kind, std::int64_t low, std::int64_t high) {
    if (!term.is_number()) refuse(term, kind, term.name + " has to be a number here");
    const std::int64_t number = term.number();
    if (number < low || number > high)
        refuse(term, kind,
               std::to_string(number) + " is not from " + std::to_string(low) + " to " + std::to_string(high));
}

void check_form(const spec_term& term, const std::string& kind, const option_form& form) {
    const std::size_t count = term.arguments.size();
    if (count < form.least || count > form.most)
        refuse(term, kind,
               term.name + " has " + std::to_string(count) + " arguments, and takes " + std::to_string(form.least) +
                   (form.most > form.least ? " to " + std::to_string(form.most) : ""));
    for (const spec_term& inside : term.arguments) {
        if (form.inside == nullptr) {
            check_number(inside, kind, form.low, form.high);
            continue;
        }
        std::string wanted = form.inside;
        if (wanted == "activation and bound") wanted = &inside == &term.arguments[0] ? "activation" : "ratio";
        if (wanted == "activation") {
            const auto activation = activations().find(inside.name);
            if (activation == activations().end())
                refuse(inside, kind, term.name + " takes an activation, and not " + inside.name);
            check_form(inside, kind, activation->second);
            continue;
        }
        const bool unbounded = wanted == "bound" && inside.name == "unbounded" && inside.arguments.empty();
        if (!unbounded && inside.name != (wanted == "bound" ? "ratio" : wanted))
            refuse(inside, kind, term.name + " takes " + wanted + "s, and not " + inside.name);
        if (!unbounded) check_form(inside, kind, options().at(inside.name));
    }
    if (term.name == "ratio" && count == 2 && term.arguments[1].number() == 0)
        refuse(term, kind, "a ratio has the denominator 0");
}

}  // namespace

bool is_activation(const std::string& name) {
    return activations().contains(name);
}

void check_arguments(const spec_term& spec) {
    const std::string& kind = spec.name;
    const auto known = kinds().find(kind);
    if (known == kinds().end()) refuse(spec, kind, "the importer does not know this layer");
    const kind_form& form = known->second;
    std::size_t numbers = 0;
    std::set<std::string> given;
    for (const spec_term& one : spec.arguments) {
        if (numbers < form.most && one.is_number()) {
            check_number(one, kind, form.low, form.high);
            ++numbers;
            continue;
        }
        if (numbers < form.least && kind != "slice" && kind != "linear_resize")
            refuse(one, kind, one.name + " has to be a number here");
        const bool activates = form.options.contains("activation") && is_activation(one.name);
        if (!activates && form.options.contains("layer")) continue;
        if (!activates && (one.is_number() || !form.options.contains(one.name) || one.name == "activation"))
            // Valid in ctnn, but unsupported by the importer.
            refuse(one, kind,
                   kind.ends_with("_transpose") && one.name == "same" ? "the importer takes it only with padding<...>"
                                                                      : "it takes no " + one.name + " here");
        if (one.name == "branch" || one.name == "node" || one.name == "outputs") continue;
        if (!given.insert(activates ? "activation" : one.name).second && one.name != "pad")
            refuse(one, kind, (activates ? "an activation" : one.name) + std::string(" is given twice"));
        const auto option = activates ? activations().find(one.name) : options().find(one.name);
        if (option != (activates ? activations() : options()).end())
            check_form(one, kind, option->second);
        else if (one.has_brackets)
            refuse(one, kind, one.name + " takes no arguments");
    }
    if (numbers < form.least)
        refuse(spec, kind, "it has " + std::to_string(numbers) + " values, and takes " + std::to_string(form.least));
    for (const char* needed : {"window", "ratio"})
        if (form.options.contains(needed) && !given.contains(needed) && kind != "batch_norm")
            refuse(spec, kind, std::string("it has no ") + needed);
    if ((kind == "activation" && given.empty()) ||
        ((kind == "slice" || kind == "linear_resize") && !given.contains("axis")) ||
        (kind.ends_with("_pad") && given.empty()))
        refuse(spec, kind, "it has no argument");
}

}  // namespace ctnn_import
