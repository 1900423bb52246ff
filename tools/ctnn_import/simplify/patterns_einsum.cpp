// SPDX-License-Identifier: BSL-1.0
// Einsum as sums, transpositions and one matrix product.
#include "graph/einsum.hpp"
#include "simplify/patterns.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

bool has(const std::string& letters, char letter) {
    return letters.find(letter) != std::string::npos;
}
bool has_twice(const std::string& letters) {
    for (std::size_t i = 0; i < letters.size(); ++i)
        if (letters.find(letters[i], i + 1) != std::string::npos) return true;
    return false;
}

/// Builds the parts of one Einsum.
class einsum_parts {
  public:
    einsum_parts(rewriting& in, const node& what, einsum how)
        : what_(what), how_(how), to_(in, what, what.outputs[0]) {}

    bool one() {
        const std::string kept = summed(0, how_.result, value_);
        value_ = ordered(value_, kept, how_.result);
        return finish();
    }
    /// The letters are those of both and of the result (a batch), of both (summed), and of one operand and the result.
    bool two() {
        const std::string &a = how_.operands[0], &b = how_.operands[1], &y = how_.result;
        std::string left, right, batch, inner, outer_a, outer_b;
        const std::string a_kept = summed(0, b + y, left), b_kept = summed(1, a + y, right);
        for (const char letter : a_kept) (!has(b_kept, letter) ? outer_a : has(y, letter) ? batch : inner) += letter;
        for (const char letter : b_kept)
            if (!has(a_kept, letter)) outer_b += letter;
        left = matrices(ordered(left, a_kept, batch + outer_a + inner), batch, outer_a, inner);
        right = matrices(ordered(right, b_kept, batch + inner + outer_b), batch, inner, outer_b);
        value_ = to_("MatMul", {left, right});
        extents dims;
        for (const char letter : batch + outer_a + outer_b) dims.push_back(how_.extent_of.at(letter));
        value_ = to_("Reshape", {value_, to_.numbers(dims)});
        value_ = ordered(value_, batch + outer_a + outer_b, y);
        return finish();
    }

  private:
    /// The letters of an operand without those that only it has, which are summed over.
    std::string summed(std::size_t operand, const std::string& others, std::string& value) {
        std::string kept;
        std::vector<std::int64_t> axes;
        const std::string& letters = how_.operands[operand];
        for (std::size_t axis = 0; axis < letters.size(); ++axis)
            if (has(others, letters[axis]))
                kept += letters[axis];
            else
                axes.push_back(static_cast<std::int64_t>(axis));
        value = what_.inputs[operand];
        if (!axes.empty()) value = to_.reduced("ReduceSum", value, axes, false);
        return kept;
    }
    std::string ordered(const std::string& value, const std::string& from, const std::string& order) {
        if (from == order) return value;
        std::vector<std::int64_t> places;
        for (const char letter : order) places.push_back(static_cast<std::int64_t>(from.find(letter)));
        return to_("Transpose", {value}, {{"perm", places}});
    }
    std::string matrices(const std::string& value, const std::string& batch, const std::string& rows,
                         const std::string& columns) {
        extents dims;
        for (const char letter : batch) dims.push_back(how_.extent_of.at(letter));
        for (const std::string& letters : {rows, columns}) {
            std::int64_t extent = 1;
            for (const char letter : letters) extent *= how_.extent_of.at(letter);
            dims.push_back(extent);
        }
        return to_("Reshape", {value, to_.numbers(dims)});
    }
    bool finish() {
        if (value_ == what_.inputs[0]) to_("Identity", {value_});
        return to_.replace(what_.inputs);
    }

    node what_;
    einsum how_;
    parts to_;
    std::string value_;
};

}  // namespace

bool part_einsum(rewriting& in, const node& what) {
    if (what.op != "Einsum" || what.inputs.size() > 2) return false;
    std::vector<extents> shapes;
    for (const std::string& name : what.inputs) shapes.push_back(in.dims(name));
    const einsum how = einsum_of(what, shapes);
    if (std::any_of(how.operands.begin(), how.operands.end(), has_twice)) return false;
    einsum_parts to(in, what, how);
    return what.inputs.size() == 1 ? to.one() : to.two();
}

}  // namespace ctnn_import
