// SPDX-License-Identifier: BSL-1.0
// Shapes, parts and joints of tensors of TensorFlow Lite.
#include "graph/operator_call.hpp"
#include "read/tflite_call.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ctnn_import {

namespace {

using index_list = std::vector<std::int64_t>;

keras_values reshape(const tflite_call& of) {
    of.wants_inputs(1, 2);
    const extents from = of.dims(0);
    index_list wanted;
    if (of.has(1))
        wanted = of.integers(1);
    else
        wanted = of.what.option<index_list>("new_shape", {});
    std::int64_t known = 1, open = 0;
    if (wanted.size() > 8) throw refusal("its output has " + std::to_string(wanted.size()) + " axes");
    for (const std::int64_t one : wanted) {
        if (one < -1 || one == 0 || one > std::int64_t{1} << 26)
            throw refusal("its new shape has the extent " + std::to_string(one));
        if (one == -1)
            ++open;
        else if ((known *= one) > std::int64_t{1} << 26)
            throw refusal("its new shape has more than 2^26 elements");
    }
    if (open > 1 || (open == 1 && count(from) % known != 0))
        throw refusal("its input of " + text_of(from) + " does not become its new shape");
    for (std::int64_t& one : wanted)
        if (one == -1) one = count(from) / known;
    return {of.reshaped(of.value(0), wanted)};
}

keras_values squeeze(const tflite_call& of) {
    of.wants_inputs(1, 1);
    const extents from = of.dims(0);
    std::vector<bool> dropped(from.size());
    const auto axes = of.what.option<index_list>("axes", {});
    for (const std::int64_t one : axes) {
        const std::size_t axis = of.axis(one, from.size());
        if (from[axis] != 1) throw refusal("its axis " + std::to_string(axis) + " is " + std::to_string(from[axis]));
        dropped[axis] = true;
    }
    extents dims;
    for (std::size_t i = 0; i < from.size(); ++i)
        if (axes.empty() ? from[i] != 1 : !dropped[i]) dims.push_back(from[i]);
    return {of.reshaped(of.value(0), dims)};
}

keras_values expand_dims(const tflite_call& of) {
    of.wants_inputs(2, 2);
    const index_list given = of.integers(1);
    if (given.size() != 1) throw refusal("its axis has " + std::to_string(given.size()) + " numbers");
    extents dims = of.dims(0);
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(of.axis(given[0], dims.size() + 1)), 1);
    return {of.reshaped(of.value(0), dims)};
}

keras_values transpose(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    const extents from = of.dims(0);
    const index_list order = of.integers(1);
    std::vector<bool> seen(from.size());
    extents dims;
    for (const std::int64_t one : order) {
        const std::size_t axis = of.axis(one, from.size());
        if (one < 0 || seen[axis]) throw refusal("its order is none of its axes");
        seen[axis] = true;
        dims.push_back(from[axis]);
    }
    if (order.size() != from.size()) throw refusal("its order is none of its axes");
    const keras_value x = of.value(0);
    const std::size_t rank = from.size();
    index_list first(rank), last(rank);
    std::iota(first.begin(), first.end(), 0);
    last = first;
    if (rank > 2) {
        std::rotate(first.begin() + 1, first.end() - 1, first.end());
        std::rotate(last.begin() + 1, last.begin() + 2, last.end());
        // It undoes, or says, what the arrangement is.
        if (of.is_moved(x) && order == first) return {to.as_is(to.moved(x))};
        if (!to.is_moved(x) && order == last) return {to.channels_first(to.in_place(x))};
    }
    return {to.as_is(of.emit("Transpose", "", {to.in_place(x)}, dims, {{"perm", order}}, 0, to.holds_integers(x)))};
}

keras_values pad(const tflite_call& of) {
    const bool mirrors = of.what.type == "MIRROR_PAD", has_number = of.what.type == "PADV2";
    of.wants_inputs(has_number ? 3 : 2, has_number ? 3 : 2);
    keras_graph& to = of.state.to;
    const extents from = of.dims(0);
    const index_list given = of.integers(1);
    if (given.size() != 2 * from.size())
        throw refusal("its paddings are " + std::to_string(given.size()) + " numbers for " +
                      std::to_string(from.size()) + " axes");
    const keras_value x = of.value(0);
    const bool first = of.is_moved(x);
    const std::string value = first ? to.moved(x) : to.in_place(x);
    extents dims = to.dims_of(value);
    index_list pads(given.size(), 0);
    std::int64_t widest = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const std::size_t own = first ? tflite_call::moved_axis(i, from.size()) : i;
        for (std::size_t side = 0; side < 2; ++side) {
            const std::int64_t one = given[2 * i + side];
            if (one < 0 || one > std::int64_t{1} << 26 || (mirrors && one > from[i]))
                throw refusal("it pads its axis " + std::to_string(i) + " by " + std::to_string(one));
            pads[own + side * from.size()] = one;
            widest = std::max(widest, one);
            dims[own] += one;
        }
    }
    std::string mode = "constant";
    if (mirrors) {
        // One element beyond the border, mirrored with the border, is the border.
        mode = of.number("mode") == 0 ? "reflect" : "edge";
        if (of.number("mode") != 0 && (of.number("mode") != 1 || widest > 1))
            throw refusal("its mode is SYMMETRIC, which the importer reads for one element at a border");
    }
    std::vector<std::string> inputs{value, of.integers("/pads", pads)};
    if (has_number) {
        if (of.is_constant(2) && count(of.dims(2)) != 1) throw refusal("it pads by more than one number");
        array number = of.reals(2);
        number.dims = {};
        inputs.push_back(of.constant("/number", number));
    }
    return {of.arranged(of.emit("Pad", "", inputs, dims, {{"mode", mode}}), first)};
}

// --- Parts

keras_values slice(const tflite_call& of) {
    of.wants_inputs(3, 3);
    const extents from = of.dims(0);
    const index_list begin = of.integers(1), size = of.integers(2);
    if (begin.size() != from.size() || size.size() != from.size())
        throw refusal("its begin and size are not those of " + std::to_string(from.size()) + " axes");
    extents dims = size;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (dims[i] == -1) dims[i] = from[i] - begin[i];
        if (begin[i] < 0 || dims[i] < 1 || begin[i] > from[i] || dims[i] > from[i] - begin[i])
            throw refusal("of its axis " + std::to_string(i) + " of " + std::to_string(from[i]) + " it takes " +
                          std::to_string(dims[i]) + " from " + std::to_string(begin[i]) + " on");
    }
    return {of.sliced(of.value(0), begin, dims, index_list(from.size(), 1))};
}

keras_values strided_slice(const tflite_call& of) {
    of.wants_inputs(4, 4);
    const extents from = of.dims(0);
    index_list begin = of.integers(1), end = of.integers(2), steps = of.integers(3);
    for (const char* const option : {"ellipsis_mask", "new_axis_mask", "offset"})
        if (of.number(option) != 0) throw refusal(std::string("its ") + option + " is set");
    if (begin.size() > from.size() || end.size() != begin.size() || steps.size() != begin.size())
        throw refusal("its begin, end and strides are not those of " + std::to_string(from.size()) + " axes");
    const std::size_t given = begin.size();
    const auto is_set = [&](const char* mask, std::size_t axis) {
        return axis < 31 && (of.number(mask) >> axis & 1) != 0;
    };
    extents dims = from, kept;
    begin.resize(from.size(), 0), steps.resize(from.size(), 1);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const bool drops = is_set("shrink_axis_mask", i);
        if (i < given) {
            const std::int64_t extent = from[i];
            if (steps[i] == 0 || (drops && steps[i] < 0))
                throw refusal("its stride of axis " + std::to_string(i) + " is " + std::to_string(steps[i]));
            const bool forward = steps[i] > 0;
            // Counted from the end, and moved into the axis.
            const auto inside = [&](std::int64_t one) {
                if (one < 0) one += extent;
                return forward ? std::clamp<std::int64_t>(one, 0, extent)
                               : std::clamp<std::int64_t>(one, -1, extent - 1);
            };
            std::int64_t from_place = is_set("begin_mask", i) ? (forward ? 0 : extent - 1) : inside(begin[i]);
            std::int64_t to_place = is_set("end_mask", i) ? (forward ? extent : -1) : inside(end[i]);
            if (drops) {
                from_place = is_set("begin_mask", i) ? 0 : begin[i] < 0 ? begin[i] + extent : begin[i];
                if (from_place < 0 || from_place >= extent)
                    throw refusal("it takes element " + std::to_string(begin[i]) + " of axis " + std::to_string(i));
                to_place = from_place + 1;
                steps[i] = 1;
            }
            const std::int64_t distance = forward ? to_place - from_place : from_place - to_place,
                               step = forward ? steps[i] : -steps[i];
            if (distance < 1) throw refusal("nothing is left of its axis " + std::to_string(i));
            begin[i] = from_place;
            dims[i] = (distance + step - 1) / step;
        }
        if (!drops) kept.push_back(dims[i]);
    }
    const keras_value part = of.sliced(of.value(0), begin, dims, steps, kept == dims ? "" : "/part");
    return {of.reshaped(part, kept)};
}

/// Parts of these extents along an axis.
keras_values parts_of(const tflite_call& of, std::size_t input, std::size_t axis, const index_list& sizes) {
    const extents from = of.dims(input);
    if (std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}) != from[axis])
        throw refusal("its parts do not add up to the " + std::to_string(from[axis]) + " elements of its axis");
    const keras_value x = of.value(input);
    keras_values result;
    index_list starts(from.size(), 0);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        extents dims = from;
        dims[axis] = sizes[i];
        if (sizes[i] < 1) throw refusal("its part " + std::to_string(i) + " is empty");
        result.push_back(of.sliced(x, starts, dims, index_list(from.size(), 1), "/" + std::to_string(i)));
        starts[axis] += sizes[i];
    }
    return result;
}
std::int64_t one_of(const tflite_call& of, std::size_t input) {
    const index_list given = of.integers(input);
    if (given.size() != 1) throw refusal("its axis has " + std::to_string(given.size()) + " numbers");
    return given[0];
}

keras_values split(const tflite_call& of) {
    of.wants_inputs(2, 2);
    const std::int64_t parts = static_cast<std::int64_t>(of.what.outputs.size());
    const std::size_t axis = of.axis(one_of(of, 0), of.dims(1).size());
    const std::int64_t extent = of.dims(1)[axis];
    if (of.number("parts") != parts || extent % parts != 0)
        throw refusal("it makes " + std::to_string(of.number("parts")) + " parts of " + std::to_string(extent) +
                      " elements, and has " + std::to_string(parts) + " outputs");
    return parts_of(of, 1, axis, index_list(of.what.outputs.size(), extent / parts));
}
keras_values split_sizes(const tflite_call& of) {
    of.wants_inputs(3, 3);
    const std::size_t axis = of.axis(one_of(of, 2), of.dims(0).size());
    index_list sizes = of.integers(1);
    std::int64_t known = 0;
    for (const std::int64_t one : sizes) {
        if (one < -1 || one > of.dims(0)[axis]) throw refusal("one of its parts is " + std::to_string(one));
        known += std::max<std::int64_t>(one, 0);
    }
    if (const auto open = std::find(sizes.begin(), sizes.end(), -1); open != sizes.end())
        *open = of.dims(0)[axis] - known;
    return parts_of(of, 0, axis, sizes);
}
keras_values unpack(const tflite_call& of) {
    of.wants_inputs(1, 1);
    extents dims = of.dims(0);
    const std::size_t axis = of.axis(of.number("axis"), dims.size());
    if (static_cast<std::int64_t>(of.what.outputs.size()) != dims[axis])
        throw refusal("it makes " + std::to_string(of.what.outputs.size()) + " parts of " + std::to_string(dims[axis]));
    keras_values result = parts_of(of, 0, axis, index_list(of.what.outputs.size(), 1));
    dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(axis));
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = of.reshaped(result[i], dims, "/row " + std::to_string(i));
    return result;
}

keras_values reverse(const tflite_call& of) {
    of.wants_inputs(2, 2);
    const extents from = of.dims(0);
    index_list starts(from.size(), 0), steps(from.size(), 1);
    for (const std::int64_t one : of.integers(1)) {
        const std::size_t axis = of.axis(one, from.size());
        starts[axis] = from[axis] - 1;
        steps[axis] = -1;
    }
    return {of.sliced(of.value(0), starts, from, steps)};
}

// --- Joints

keras_value joined(const tflite_call& of, const std::vector<keras_value>& all, std::size_t axis) {
    keras_graph& to = of.state.to;
    const extents& whole = to.dims(all[0]);
    std::int64_t along = 0;
    for (const keras_value one : all) {
        extents dims = to.dims(one);
        if (dims.size() == whole.size()) {
            along += dims[axis];
            dims[axis] = whole[axis];
        }
        if (dims != whole || along > std::int64_t{1} << 26)
            throw refusal("its inputs are " + text_of(whole) + " and " + text_of(to.dims(one)));
        if (to.holds_integers(one) != to.holds_integers(all[0])) throw refusal("some of its inputs hold integers");
    }
    const std::size_t rank = whole.size();
    const bool integers = to.holds_integers(all[0]);
    const auto [values, first] = of.alike(all);
    const std::size_t own = first ? tflite_call::moved_axis(axis, rank) : axis;
    extents dims = to.dims_of(values[0]);
    dims[own] = along;
    return of.arranged(of.emit("Concat", "", values, dims, {{"axis", static_cast<std::int64_t>(own)}}, 0, integers),
                       first);
}

/// What runtimes do with integers: tflite-micro refuses other scales and activations, LiteRT other scales, and it leaves the
/// activation out.
void check_integers(const tflite_call& of) {
    const tflite_tensor& to = of.state.model.tensors[static_cast<std::size_t>(of.what.outputs.at(0))];
    if (!to.quantized.exists()) return;
    if (of.number("activation") != 0) throw refusal("it has an activation, which LiteRT leaves out of integers");
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i)
        if (signed_quantization(of.input(i)) != signed_quantization(to))
            throw refusal("its input " + std::to_string(i) +
                          " has another scale or zero point than its output, and runtimes do not rescale it");
}
keras_values concatenation(const tflite_call& of) {
    of.wants_inputs(1, 128);
    check_integers(of);
    std::vector<keras_value> all;
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i) all.push_back(of.value(i));
    return {of.activated(joined(of, all, of.axis(of.number("axis"), of.dims(0).size())))};
}
keras_values pack(const tflite_call& of) {
    of.wants_inputs(1, 128);
    const std::size_t axis = of.axis(of.number("axis"), of.dims(0).size() + 1);
    std::vector<keras_value> all;
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i) {
        extents dims = of.dims(i);
        if (dims != of.dims(0)) throw refusal("its inputs have different extents");
        dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axis), 1);
        all.push_back(of.reshaped(of.value(i), dims, "/row " + std::to_string(i)));
    }
    return {joined(of, all, axis)};
}

keras_values repeat(const tflite_call& of) {
    of.wants_inputs(2, 2);
    keras_graph& to = of.state.to;
    const bool tiles = of.what.type == "TILE";
    const extents from = of.dims(0);
    const index_list given = of.integers(1);
    extents dims = given;
    if (tiles && given.size() != from.size())
        throw refusal("its multiples are " + std::to_string(given.size()) + " for " + std::to_string(from.size()) +
                      " axes");
    if (given.size() < from.size() || given.size() > 8)
        throw refusal("its output has " + std::to_string(given.size()) + " axes");
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i] < 1 || given[i] > std::int64_t{1} << 26)
            throw refusal("one of its extents is " + std::to_string(given[i]));
        const std::size_t before = given.size() - from.size();
        if (tiles) dims[i] *= from[i];
        if (!tiles && i >= before && from[i - before] != 1 && from[i - before] != given[i])
            throw refusal("its input of " + text_of(from) + " does not become " + text_of(dims));
    }
    const keras_value x = of.value(0);
    return {to.as_is(of.emit(tiles ? "Tile" : "Expand", "", {to.in_place(x), of.integers("/times", given)}, dims, {}, 0,
                             to.holds_integers(x)))};
}

/// The reader computes it.
keras_values shape(const tflite_call&) {
    throw refusal("its input has no known extents");
}

}  // namespace

void add_tflite_rearrangements(tflite_table& table) {
    table.insert({{"RESHAPE", reshape},
                  {"SQUEEZE", squeeze},
                  {"EXPAND_DIMS", expand_dims},
                  {"TRANSPOSE", transpose},
                  {"PAD", pad},
                  {"PADV2", pad},
                  {"MIRROR_PAD", pad},
                  {"SLICE", slice},
                  {"STRIDED_SLICE", strided_slice},
                  {"SPLIT", split},
                  {"SPLIT_V", split_sizes},
                  {"UNPACK", unpack},
                  {"REVERSE_V2", reverse},
                  {"CONCATENATION", concatenation},
                  {"PACK", pack},
                  {"TILE", repeat},
                  {"BROADCAST_TO", repeat},
                  {"SHAPE", shape}});
}

}  // namespace ctnn_import
