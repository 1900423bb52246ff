// SPDX-License-Identifier: BSL-1.0
#include "read/traditional.hpp"

#include "read/tree_ensembles.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

using reals = std::vector<double>;

/// The nodes that replace one, with their constants.
class replacement {
  public:
    replacement(const node& of, graph& to) : of_(of), to_(to) {}

    std::string operator()(const std::string& op, std::vector<std::string> inputs, const std::string& output,
                           std::map<std::string, attribute> attributes = {}) {
        node next;
        next.op = op;
        next.name = of_.name;
        next.inputs = std::move(inputs);
        next.outputs = {output.empty() ? fresh() : output};
        next.attributes = std::move(attributes);
        next.opset = 13;
        nodes_.push_back(std::move(next));
        return nodes_.back().outputs[0];
    }
    std::string constant(array numbers) {
        const std::string name = fresh();
        to_.constants.emplace(name, std::move(numbers));
        return name;
    }
    std::string row(const reals& numbers) { return constant({{static_cast<std::int64_t>(numbers.size())}, numbers}); }
    std::vector<node> take() { return std::move(nodes_); }

  private:
    std::string fresh() {
        std::string name;
        do name = of_.name + " part " + std::to_string(++count_);
        while (to_.constants.contains(name));
        return name;
    }

    const node& of_;
    graph& to_;
    std::vector<node> nodes_;
    int count_ = 0;
};

/// The result of `make(name)`, and behind it a post_transform.
template <class Make>
std::string transformed(const node& of, const std::string& transform, const std::string& result, replacement& to,
                        Make make) {
    const bool softmax = transform == "SOFTMAX", logistic = transform == "LOGISTIC";
    if (!softmax && !logistic && transform != "NONE") of.refuse("its post_transform is " + transform);
    const std::string scores = make(softmax || logistic ? "" : result);
    if (softmax) return to("Softmax", {scores}, result, {{"axis", std::int64_t{-1}}});
    if (logistic) return to("Sigmoid", {scores}, result);
    return scores;
}

/// x C' + intercepts, and a post_transform.
std::string linear(const node& of, std::int64_t outputs, const std::string& result, replacement& to) {
    const auto coefficients = of.get<reals>("coefficients", {}), intercepts = of.get<reals>("intercepts", {});
    const auto size = static_cast<std::int64_t>(coefficients.size());
    if (outputs < 1 || size == 0 || size % outputs != 0)
        of.refuse("its " + std::to_string(size) + " coefficients are not those of " + std::to_string(outputs) +
                  " outputs");
    std::vector<std::string> inputs{of.inputs[0], to.constant({{outputs, size / outputs}, coefficients})};
    if (!intercepts.empty()) {
        if (static_cast<std::int64_t>(intercepts.size()) != outputs)
            of.refuse("it does not have an intercept for each output");
        inputs.push_back(to.row(intercepts));
    }
    return transformed(of, of.get<std::string>("post_transform", "NONE"), result, to, [&](const std::string& name) {
        return to("Gemm", std::move(inputs), name, {{"transB", std::int64_t{1}}});
    });
}

void scaler(const node& of, replacement& to) {
    const auto offset = of.get<reals>("offset", {}), scale = of.get<reals>("scale", {});
    if (offset.empty() || offset.size() != scale.size()) of.refuse("its offset and scale differ in length");
    to("Mul", {to("Sub", {of.inputs[0], to.row(offset)}, ""), to.row(scale)}, of.outputs[0]);
}

void normalizer(const node& of, replacement& to) {
    const auto norm = of.get<std::string>("norm", "MAX");
    if (norm != "L1" && norm != "L2") of.refuse("its norm is " + norm + "; the importer knows L1 and L2");
    to("LpNormalization", {of.inputs[0]}, of.outputs[0], {{"p", std::int64_t{norm == "L1" ? 1 : 2}}});
}

/// The classes of a classifier, as numbers or as names.
struct class_labels {
    std::vector<std::int64_t> numbers;
    std::vector<std::string> names;

    class_labels(const node& of, const char* name_of_numbers)
        : numbers(of.get<std::vector<std::int64_t>>(name_of_numbers, {})),
          names(of.get<std::vector<std::string>>("classlabels_strings", {})) {}
    std::int64_t count() const { return static_cast<std::int64_t>(std::max(numbers.size(), names.size())); }

    /// The class with the largest score, where something takes it.
    void choose(const node& of, const std::string& scores, const std::function<bool(const std::string&)>& is_taken,
                replacement& to) const {
        if (!of.has_output(0) || !is_taken(of.outputs[0])) return;
        if (numbers.empty()) of.refuse("its classes are names; --take chooses its scores");
        const std::string place =
            to("ArgMax", {scores}, "", {{"axis", std::int64_t{-1}}, {"keepdims", std::int64_t{0}}});
        to("Gather", {to.constant({{count()}, numbers}), place}, of.outputs[0]);
    }
};

void trees(const node& of, const std::function<bool(const std::string&)>& is_taken, replacement& to) {
    const bool classifies = of.op == "TreeEnsembleClassifier";
    const class_labels labels(of, "classlabels_int64s");
    if (classifies && labels.count() < 2) of.refuse("it has " + std::to_string(labels.count()) + " classes");
    ensemble_scores ensemble = scores_of_trees(of, static_cast<std::size_t>(labels.count()));
    // onnxruntime takes none for one target, and another one than that of TreeEnsemble.
    if (!classifies && ensemble.transform != "NONE") of.refuse("its post_transform is " + ensemble.transform);
    const std::size_t at = classifies ? 1 : 0;
    const std::string scores =
        transformed(of, ensemble.transform, of.has_output(at) ? of.outputs[at] : "", to, [&](const std::string& name) {
            return to("TreeEnsembleRegressor", of.inputs, name, std::move(ensemble.regressor.attributes));
        });
    if (classifies) labels.choose(of, scores, is_taken, to);
}

void classifier(const node& of, const std::function<bool(const std::string&)>& is_taken, replacement& to) {
    const class_labels labels(of, "classlabels_ints");
    const std::int64_t classes = labels.count();
    if (of.get<reals>("intercepts", {}).size() == 1 && classes == 2)
        of.refuse("it has two classes and one score; the other one is not written in the file");
    const std::string scores = linear(of, classes, of.has_output(1) ? of.outputs[1] : "", to);
    labels.choose(of, scores, is_taken, to);
}

}  // namespace

std::vector<node> traditional(const node& of, const std::function<bool(const std::string&)>& is_taken, graph& to) {
    replacement by(of, to);
    if (of.inputs.size() != 1 || !of.has_input(0)) of.refuse("it has " + std::to_string(of.inputs.size()) + " inputs");
    if (of.outputs.size() != (of.op.ends_with("Classifier") ? 2u : 1u))
        of.refuse("it has " + std::to_string(of.outputs.size()) + " outputs");
    if (of.op == "Scaler")
        scaler(of, by);
    else if (of.op == "Normalizer")
        normalizer(of, by);
    else if (of.op == "LinearRegressor")
        linear(of, of.get<std::int64_t>("targets", 1), of.outputs[0], by);
    else if (of.op == "LinearClassifier")
        classifier(of, is_taken, by);
    else if (of.op.starts_with("TreeEnsemble"))
        trees(of, is_taken, by);
    else
        of.refuse(
            "the importer knows Scaler, Normalizer, linear models and ensembles of trees of the domain \"ai.onnx.ml\", "
            "and not this one");
    return by.take();
}

}  // namespace ctnn_import
