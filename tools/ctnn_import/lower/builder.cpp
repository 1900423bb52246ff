// SPDX-License-Identifier: BSL-1.0
#include "lower/builder.hpp"

#include "graph/operator_call.hpp"
#include "text.hpp"

#include <algorithm>
#include <stdexcept>

namespace ctnn_import {

axis_view view_of(const extents& dims, std::size_t begin, std::size_t end) {
    return {count(dims, 0, begin), count(dims, begin, end), count(dims, end, dims.size())};
}

extents extents_along(const axis_view& at) {
    extents dims;
    if (at.outer != 1) dims.push_back(at.outer);
    dims.push_back(at.extent);
    if (at.inner != 1) dims.push_back(at.inner);
    return dims;
}

extents squeezed(const extents& dims) {
    extents result;
    std::copy_if(dims.begin(), dims.end(), std::back_inserter(result), [](std::int64_t extent) { return extent != 1; });
    return result.empty() ? extents{1} : result;
}

namespace {

std::string axis_text(std::size_t axis) {
    return "ctnn::axis<" + std::to_string(axis) + ">";
}

}  // namespace

void builder::view(const extents& wanted) {
    if (count(wanted) != count(shape_)) throw std::logic_error("a view has another number of elements");
    if (!layers_.empty() && layers_.back().is_view()) {
        shape_ = layers_.back().input;
        layers_.pop_back();
    }
    if (layers_.empty() && free_) shape_ = input_ = wanted;
    if (shape_ == wanted) return;
    layer next;
    next.kind = wanted.size() == 1 ? "flatten" : "reshape";
    if (wanted.size() > 1) next.arguments = {list_text(wanted)};
    add(std::move(next), wanted);
}

std::size_t builder::view_axis(const axis_view& at) {
    std::int64_t outer = 1;
    for (std::size_t axis = 0; axis < shape_.size(); outer *= shape_[axis++])
        if (outer == at.outer && shape_[axis] == at.extent) return axis;
    view(extents_along(at));
    return at.outer == 1 ? 0 : 1;
}

void builder::view_rows(std::int64_t size) {
    if (shape_.back() != size) view(count(shape_) == size ? extents{size} : extents{count(shape_) / size, size});
}

layer& builder::add(layer what, extents output) {
    if (!what.is_view()) rounded_ = false;
    what.input = shape_;
    what.output = shape_ = std::move(output);
    layers_.push_back(std::move(what));
    return layers_.back();
}

layer* builder::last() {
    for (auto at = layers_.rbegin(); at != layers_.rend(); ++at)
        if (!at->is_view()) return &*at;
    return nullptr;
}

void builder::drop_last() {
    while (layers_.back().is_view()) layers_.pop_back();
    shape_ = layers_.back().input;
    layers_.pop_back();
}

bool builder::can_activate(const layer& before) const {
    return before.takes_activation && before.activation.empty() && (!rounded_ || before.is_matrix());
}

void builder::activate(const std::string& activation, const std::string& node_name) {
    layer* const before = last();
    if (before != nullptr && can_activate(*before)) {
        before->activation = activation;
        before->add_node(node_name);
        return;
    }
    layer next;
    next.kind = "activation";
    next.arguments = {activation};
    next.nodes = {node_name};
    add(std::move(next), extents(shape_));
}

void builder::activate_rows(const std::string& activation, const std::string& node_name) {
    if (!layers_.empty() && can_activate(layers_.back())) return activate(activation, node_name);
    layer next;
    next.kind = "activation";
    next.arguments = {activation};
    next.nodes = {node_name};
    add(std::move(next), extents(shape_));
}

void builder::affine(const axis_view& at, const std::vector<double>& weights, const std::vector<double>& bias,
                     const std::string& node_name) {
    const auto alike = [](const std::vector<double>& numbers) {
        return std::equal(numbers.begin() + 1, numbers.end(), numbers.begin());
    };
    const std::int64_t size = at.outer * at.extent * at.inner;
    if (weights.size() > 1 && alike(weights) && alike(bias))
        return affine({1, 1, size}, {weights[0]}, {bias[0]}, node_name);
    if (weights.size() == 1 && weights[0] == 1 && bias[0] == 0) return;
    if (layer* const before = last(); weights.size() > 1 && !rounded_ && before != nullptr && before->kind == "scale" &&
                                      before->activation.empty() && alike(before->parameters[0].values) &&
                                      alike(before->parameters[1].values)) {
        // A scalar map followed by one per feature: w' (w x + b) + b'.
        const double w = before->parameters[0].values[0], b = before->parameters[1].values[0];
        const std::vector<std::string> nodes = before->nodes;
        drop_last();
        std::vector<double> both = weights, shift = bias;
        for (std::size_t i = 0; i < both.size(); ++i) {
            both[i] = weights[i] * w;
            shift[i] += weights[i] * b;
        }
        affine(at, both, shift, node_name);
        if (layer* const made = last()) made->nodes.insert(made->nodes.end() - 1, nodes.begin(), nodes.end());
        return;
    }
    if (fold_affine(at, weights, bias, node_name)) return;
    if (weights.size() == 1 && shape_[0] <= 16) {
        // A scalar map is repeated for each channel if there are few, which keeps the view.
        const auto channels = static_cast<std::size_t>(shape_[0]);
        return add_scale(0, std::vector<double>(channels, weights[0]), std::vector<double>(channels, bias[0]),
                         node_name);
    }
    add_scale(view_axis(at), weights, bias, node_name);
}

void builder::negate(const std::string& node_name) {
    const auto channels = static_cast<std::size_t>(shape_[0]);
    add_scale(0, std::vector<double>(channels, -1), std::vector<double>(channels, 0), node_name);
}

void builder::add_scale(std::size_t axis, const std::vector<double>& weights, const std::vector<double>& bias,
                        const std::string& node_name) {
    layer next;
    next.kind = "scale";
    if (axis != 0) next.options = {axis_text(axis)};
    next.feature_axis = axis;
    next.takes_activation = true;
    const extents features{static_cast<std::int64_t>(weights.size())};
    next.parameters = {{"weights", features, weights}, {"bias", features, bias}};
    next.nodes = {node_name};
    next.multiply_accumulates = count(shape_);
    add(std::move(next), extents(shape_));
}

void builder::permute(const extents& dims, const std::vector<std::size_t>& order, const std::string& node_name) {
    // Drop axes of extent 1 and merge axes that stay adjacent.
    std::vector<std::vector<std::size_t>> groups;
    for (const std::size_t axis : order) {
        if (dims[axis] == 1) continue;
        bool follows = !groups.empty() && axis > groups.back().back();
        for (std::size_t between = follows ? groups.back().back() + 1 : axis; between < axis; ++between)
            follows = follows && dims[between] == 1;
        if (follows)
            groups.back().push_back(axis);
        else
            groups.push_back({axis});
    }
    if (groups.size() < 2) return;
    // An image, or another view of few axes, is kept.
    if (shape_.size() == 3 && groups.size() == 2 && shape_ == squeezed(dims)) {
        const std::vector<std::vector<std::size_t>> merged = std::move(groups);
        groups.clear();
        for (const auto& group : merged)
            for (const std::size_t axis : group)
                if (dims[axis] != 1) groups.push_back({axis});
    }
    std::vector<std::size_t> sorted(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) sorted[i] = i;
    std::sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) { return groups[a][0] < groups[b][0]; });
    extents from(groups.size()), to(groups.size());
    std::vector<std::int64_t> places(groups.size());
    for (std::size_t place = 0; place < sorted.size(); ++place) {
        std::int64_t extent = 1;
        for (const std::size_t axis : groups[sorted[place]]) extent *= dims[axis];
        from[place] = to[sorted[place]] = extent;
        places[sorted[place]] = static_cast<std::int64_t>(place);
    }
    view(from);
    layer next;
    next.kind = "permute";
    next.arguments = {list_text(places)};
    next.nodes = {node_name};
    add(std::move(next), to);
}

void builder::slice(const axis_view& at, std::int64_t first, std::int64_t count, const std::string& node_name) {
    if (first == 0 && count == at.extent) return;
    if (fold_slice(at, first, count, node_name)) return;
    const std::size_t axis = view_axis(at);
    extents dims = shape_;
    dims[axis] = count;
    layer next;
    next.kind = "slice";
    next.arguments = {axis_text(axis), std::to_string(first), std::to_string(count)};
    next.nodes = {node_name};
    add(std::move(next), dims);
}

void builder::zeros(const axis_view& at, std::int64_t before, std::int64_t behind, const std::string& node_name) {
    if (before == 0 && behind == 0) return;
    const std::size_t axis = view_axis(at);
    extents dims = shape_;
    layer next;
    next.kind = "zero_pad";
    next.arguments = {"ctnn::pad<" + std::to_string(before) + ", " + std::to_string(behind) + ">"};
    next.arguments.resize(dims.size() - axis, "ctnn::pad<0>");
    next.nodes = {node_name};
    dims[axis] += before + behind;
    add(std::move(next), dims);
}

void builder::reverse(const axis_view& at, const std::string& node_name) {
    if (at.extent == 1) return;
    permute({at.outer, at.extent, at.inner}, {1, 0, 2}, node_name);
    const extents seen = extents_along({1, at.extent, at.outer * at.inner});
    view(seen);
    layer next;
    next.kind = "reverse";
    next.nodes = {node_name};
    add(std::move(next), seen);
    permute({at.extent, at.outer, at.inner}, {1, 0, 2}, node_name);
}

/// A max pool with window 1.
void builder::every(const axis_view& at, std::int64_t step, const std::string& node_name) {
    if (step == 1 || at.extent == 1) return;
    extents dims{at.outer, at.extent};
    if (at.inner != 1) dims.push_back(at.inner);
    view(dims);
    layer next;
    next.kind = at.inner == 1 ? "max_pool1d" : "max_pool2d";
    const std::string strides = std::to_string(step) + (at.inner == 1 ? "" : ", 1");
    next.arguments = {"ctnn::window<1>"};
    next.options = {"ctnn::stride<" + strides + ">"};
    next.nodes = {node_name};
    dims[1] = (at.extent - 1) / step + 1;
    add(std::move(next), dims);
}

void builder::pick(const axis_view& at, const std::vector<std::int64_t>& indices, const std::string& node_name) {
    struct run {
        std::int64_t first, count;
    };
    // Consecutive indices are one slice.
    std::vector<run> runs;
    for (const std::int64_t index : indices)
        if (!runs.empty() && index == runs.back().first + runs.back().count)
            ++runs.back().count;
        else
            runs.push_back({index, 1});
    if (runs.size() == 1) return slice(at, runs[0].first, runs[0].count, node_name);
    if (runs.size() > 64) throw refusal("node \"" + node_name + "\": its indices need more than 64 slices");
    const extents seen = extents_along(at);
    view(seen);
    layer next;
    next.kind = "concatenate";
    if (at.outer != 1) next.arguments = {axis_text(1)};
    next.nodes = {node_name};
    for (const run& one : runs) {
        builder branch(seen, false);
        branch.slice(at, one.first, one.count, node_name);
        next.branches.push_back(branch.take());
    }
    add(std::move(next), extents_along({at.outer, static_cast<std::int64_t>(indices.size()), at.inner}));
}

void builder::expand(const extents& from, const extents& to, const std::string& node_name) {
    extents now(to.size(), 1);
    std::copy_backward(from.begin(), from.end(), now.end());
    for (std::size_t begin = 0; begin < to.size();) {
        std::size_t end = begin + 1;
        if (now[begin] == to[begin]) {
            begin = end;
            continue;
        }
        // Merge adjacent axes of extent 1, whether broadcast or not.
        while (end < to.size() && now[end] == 1) ++end;
        const std::int64_t times = count(to, begin, end);
        const axis_view at = view_of(now, begin, end);
        extents seen;
        if (at.outer != 1) seen.push_back(at.outer);
        seen.push_back(1);
        if (at.inner != 1) seen.push_back(at.inner);
        view(seen);
        layer next;
        next.kind = "upsample";
        next.arguments = {at.inner == 1 ? std::to_string(times) : std::to_string(times) + ", 1"};
        next.nodes = {node_name};
        seen[at.outer == 1 ? 0 : 1] = times;
        add(std::move(next), seen);
        for (; begin < end; ++begin) now[begin] = to[begin];
    }
}

}  // namespace ctnn_import
