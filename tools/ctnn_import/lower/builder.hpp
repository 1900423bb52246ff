// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Puts layers of ctnn one behind the other, and keeps an eye on the shape between them.

#include "graph/graph.hpp"
#include "spec/network.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

/// An axis with what stands before and behind it: any array of `outer * extent * inner` numbers seen as three axes.
struct axis_view {
    std::int64_t outer, extent, inner;
};
/// The axes from `begin` on until before `end` seen as one.
axis_view view_of(const extents& dims, std::size_t begin, std::size_t end);

/// The three axes without those of extent 1 on either side of the one in the middle.
extents seen_along(const axis_view& at);

/// One that grows. Numbers lie in row-major order, so that a view with other extents costs nothing; layers of the kinds
/// `flatten` and `reshape` are only written where the next layer looks at the numbers in another way.
class builder {
  public:
    /// `input` is the shape of what the layers are given. At the begin of a network it is not known yet what the first
    /// layer likes to see; it may then be another view.
    explicit builder(extents input, bool input_is_free) : shape_(input), input_(input), free_(input_is_free) {}

    /// Sees the numbers with these extents.
    void view(const extents& wanted);
    /// Sees them so that the axis in the middle is one of the axes, and says which. The view stays as it is where it
    /// has such an axis.
    std::size_t see_axis(const axis_view& at);
    /// Sees them as rows of so many numbers; the view stays as it is where that is its innermost axis.
    void see_rows(std::int64_t size);
    /// A layer that makes `output` of the numbers as they are seen now.
    layer& add(layer what, extents output);
    /// y = f(x) number by number: part of the layer before where that has room for it.
    void activate(const std::string& activation, const std::string& node_name);
    /// An activation that looks at the innermost axis of the current view.
    void activate_rows(const std::string& activation, const std::string& node_name);
    /// y = weights x + bias, with one of each for every index of the axes in the middle. Becomes part of a layer before
    /// that is linear.
    void affine(const axis_view& at, const std::vector<double>& weights, const std::vector<double>& bias,
                const std::string& node_name);
    /// The axes in another order: axis i of the result is axis order[i] of these extents.
    void permute(const extents& dims, const std::vector<std::size_t>& order, const std::string& node_name);
    /// Indices first .. first + count - 1 of the axis in the middle.
    void slice(const axis_view& at, std::int64_t first, std::int64_t count, const std::string& node_name);
    /// So many zeros before and behind what is there along the axis in the middle.
    void zeros(const axis_view& at, std::int64_t before, std::int64_t behind, const std::string& node_name);
    /// The axis in the middle from its end to its beginning.
    void reverse(const axis_view& at, const std::string& node_name);
    /// Every so manyth index of the axis in the middle, the first one too.
    void every(const axis_view& at, std::int64_t step, const std::string& node_name);
    /// These indices of the axis in the middle, in this order; refuses them where they make too many slices.
    void pick(const axis_view& at, const std::vector<std::int64_t>& indices, const std::string& node_name);
    /// Repeats numbers along axes of extent 1.
    void expand(const extents& from, const extents& to, const std::string& node_name);

    const extents& shape() const { return shape_; }
    const extents& input() const { return input_; }
    chain& layers() { return layers_; }
    /// The last layer that is no view; null if there is none.
    layer* last();
    /// Takes away the last layer, which is no view.
    void drop_last();
    chain take() { return std::move(layers_); }

  private:
    void add_scale(std::size_t axis, const std::vector<double>& weights, const std::vector<double>& bias,
                   const std::string& node_name);
    bool fold_slice(const axis_view& at, std::int64_t first, std::int64_t count, const std::string& node_name);
    bool fold_affine(const axis_view& at, const std::vector<double>& weights, const std::vector<double>& bias,
                     const std::string& node_name);

    chain layers_;
    extents shape_, input_;
    bool free_;
};

/// The extents without those of 1; {1} if there are no others.
extents squeezed(const extents& dims);

}  // namespace ctnn_import
