// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Builds a chain of ctnn layers and tracks the shape between them.

#include "graph/graph.hpp"
#include "spec/network.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

/// An array of `outer * extent * inner` elements viewed as three axes; operations act on the middle one.
struct axis_view {
    std::int64_t outer, extent, inner;
};
/// Merges the axes [begin, end) into the middle one.
axis_view view_of(const extents& dims, std::size_t begin, std::size_t end);

/// The extents of the view, without outer and inner axes of extent 1.
extents extents_along(const axis_view& at);

/// A growing chain. Elements are in row-major order, so a view with other extents costs nothing; `flatten` and
/// `reshape` layers are emitted only if the next layer needs another shape.
class builder {
  public:
    /// `input` is the shape of the chain's input. At the start of a network it is free: the first layer may view it in
    /// another shape.
    explicit builder(extents input, bool input_is_free) : shape_(input), input_(input), free_(input_is_free) {}

    /// Says whether the current value is rounded to integers: then what is linear is not folded into the layer before it.
    void round(bool is_rounded) { rounded_ = is_rounded; }
    /// Views the current value with these extents.
    void view(const extents& wanted);
    /// Views it so that the middle axis is one of its axes, and returns which; keeps the view if it has such an axis.
    std::size_t view_axis(const axis_view& at);
    /// Views it as rows of `size` elements; keeps the view if its innermost axis has that extent.
    void view_rows(std::int64_t size);
    /// Appends a layer that maps the current view to the shape `output`.
    layer& add(layer what, extents output);
    /// y = f(x), elementwise: fused into the previous layer if that takes an activation.
    void activate(const std::string& activation, const std::string& node_name);
    /// An activation over the innermost axis of the current view, such as softmax.
    void activate_rows(const std::string& activation, const std::string& node_name);
    /// -x, in a layer of its own.
    void negate(const std::string& node_name);
    /// y = weights x + bias, with a weight and a bias for every index of the middle axis, or one for all. Folded into
    /// the previous layer if that is linear.
    void affine(const axis_view& at, const std::vector<double>& weights, const std::vector<double>& bias,
                const std::string& node_name);
    /// Transposes: axis i of the result is axis order[i] of these extents.
    void permute(const extents& dims, const std::vector<std::size_t>& order, const std::string& node_name);
    /// Indices first .. first + count - 1 of the middle axis.
    void slice(const axis_view& at, std::int64_t first, std::int64_t count, const std::string& node_name);
    /// Zero-padding before and after the middle axis.
    void zeros(const axis_view& at, std::int64_t before, std::int64_t behind, const std::string& node_name);
    /// Reverses the middle axis.
    void reverse(const axis_view& at, const std::string& node_name);
    /// Every `step`-th index of the middle axis, from the first on.
    void every(const axis_view& at, std::int64_t step, const std::string& node_name);
    /// These indices of the middle axis, in this order; rejects them if they need too many slices.
    void pick(const axis_view& at, const std::vector<std::int64_t>& indices, const std::string& node_name);
    /// Broadcasts along axes of extent 1.
    void expand(const extents& from, const extents& to, const std::string& node_name);

    const extents& shape() const { return shape_; }
    const extents& input() const { return input_; }
    chain& layers() { return layers_; }
    /// The last layer that is not a view; null if there is none.
    layer* last();
    /// Removes the last layer that is not a view.
    void drop_last();
    chain take() { return std::move(layers_); }

  private:
    /// Of a value that is rounded to integers, only layers that have integers before their activation.
    bool can_activate(const layer& before) const;
    void add_scale(std::size_t axis, const std::vector<double>& weights, const std::vector<double>& bias,
                   const std::string& node_name);
    bool fold_slice(const axis_view& at, std::int64_t first, std::int64_t count, const std::string& node_name);
    bool fold_affine(const axis_view& at, const std::vector<double>& weights, const std::vector<double>& bias,
                     const std::string& node_name);

    chain layers_;
    extents shape_, input_;
    bool free_, rounded_ = false;
};

/// The extents without those of 1; {1} if all are 1.
extents squeezed(const extents& dims);

}  // namespace ctnn_import
