// SPDX-License-Identifier: BSL-1.0
#include "check/evaluate.hpp"

#include "graph/operation.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace ctnn_import {

namespace {

constexpr std::int64_t most_numbers = std::int64_t{1} << 26;

std::int64_t checked_count(const call& of, const extents& dims) {
    std::int64_t size = 1;
    for (const std::int64_t extent : dims) {
        if (extent < 0) of.refuse("the output would have the negative extent " + std::to_string(extent));
        if (extent > 0 && size > most_numbers / extent)
            of.refuse("the output of " + text_of(dims) + " numbers is too large");
        size *= extent;
    }
    return size;
}

const operation_table& operations() {
    static const operation_table table = [] {
        operation_table all;
        add_elementwise(all);
        add_linear(all);
        add_windows(all);
        add_normalisations(all);
        add_recurrent(all);
        add_rearrangements(all);
        add_resampling(all);
        return all;
    }();
    return table;
}

}  // namespace

const array& call::input(std::size_t index) const {
    if (!has(index)) refuse("input " + std::to_string(index) + " is missing");
    return *inputs[index];
}
const std::vector<double>& call::reals(std::size_t index) const {
    if (input(index).holds_integers()) refuse("input " + std::to_string(index) + " holds integers");
    return input(index).reals();
}
const std::vector<std::int64_t>& call::integers(std::size_t index) const {
    if (!input(index).holds_integers()) refuse("input " + std::to_string(index) + " does not hold integers");
    return input(index).integers();
}
array call::as_reals(std::size_t index) const {
    const array& given = input(index);
    if (!given.holds_integers()) return given;
    std::vector<double> numbers(given.integers().begin(), given.integers().end());
    return {given.dims, std::move(numbers)};
}

std::string text_of(const extents& dims) {
    if (dims.empty()) return "a single number";
    std::string text;
    for (const std::int64_t extent : dims) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text;
}

void limit_work(const call& of, const extents& factors) {
    double product = 1;
    for (const std::int64_t factor : factors) product *= static_cast<double>(factor);
    if (product > 0x1p36) of.refuse("it would take more than 2^36 multiplications");
}

array reals_of(const call& of, extents dims) {
    const auto size = static_cast<std::size_t>(checked_count(of, dims));
    return {std::move(dims), std::vector<double>(size)};
}
array integers_of(const call& of, extents dims) {
    const auto size = static_cast<std::size_t>(checked_count(of, dims));
    return {std::move(dims), std::vector<std::int64_t>(size)};
}

std::size_t axis_in(const node& of, std::int64_t axis, std::size_t rank) {
    const auto signed_rank = static_cast<std::int64_t>(rank);
    if (axis < -signed_rank || axis >= signed_rank)
        of.refuse("there is no axis " + std::to_string(axis) + " in an array of " + std::to_string(rank) +
                  " dimensions");
    return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

std::int64_t count(const extents& dims, std::size_t begin, std::size_t end) {
    std::int64_t product = 1;
    for (std::size_t axis = begin; axis < end; ++axis) product *= dims[axis];
    return product;
}

std::vector<std::int64_t> strides_of(const extents& dims) {
    std::vector<std::int64_t> strides(dims.size());
    std::int64_t stride = 1;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
        strides[axis] = stride;
        stride *= dims[axis];
    }
    return strides;
}

extents broadcast(const node& of, const extents& a, const extents& b) {
    extents result(std::max(a.size(), b.size()));
    for (std::size_t behind = 0; behind < result.size(); ++behind) {
        const std::int64_t left = behind < a.size() ? a[a.size() - 1 - behind] : 1;
        const std::int64_t right = behind < b.size() ? b[b.size() - 1 - behind] : 1;
        if (left != right && left != 1 && right != 1)
            of.refuse("the shapes " + text_of(a) + " and " + text_of(b) + " do not go together");
        result[result.size() - 1 - behind] = left == 1 ? right : left;
    }
    return result;
}

std::vector<std::int64_t> broadcast_strides(const extents& from, const extents& to) {
    std::vector<std::int64_t> strides(to.size(), 0);
    const auto own = strides_of(from);
    for (std::size_t behind = 0; behind < from.size(); ++behind)
        if (from[from.size() - 1 - behind] != 1) strides[to.size() - 1 - behind] = own[from.size() - 1 - behind];
    return strides;
}

std::vector<std::int64_t> list_from(const call& of, const std::string& attribute_name, std::size_t input_index,
                                    std::int64_t input_since) {
    if (of.what.opset < input_since) return of.what.get<std::vector<std::int64_t>>(attribute_name, {});
    return of.has(input_index) ? of.integers(input_index) : std::vector<std::int64_t>{};
}

std::vector<array> evaluate_node(const node& what, const std::vector<const array*>& inputs) {
    const auto found = operations().find(what.op);
    if (found == operations().end()) what.refuse("the importer does not know this operator");
    return found->second(call{what, inputs});
}

std::map<std::string, array> evaluate(const graph& model, const std::map<std::string, array>& inputs) {
    std::map<std::string, array> values = model.constants;
    for (const value& input : model.inputs) {
        const auto given = inputs.find(input.name);
        if (given == inputs.end()) throw refusal("the input \"" + input.name + "\" is not given");
        if (given->second.dims != input.dims)
            throw refusal("the input \"" + input.name + "\" is " + text_of(given->second.dims) + ", and not " +
                          text_of(input.dims));
        if (given->second.holds_integers() != input.integers)
            throw refusal("the input \"" + input.name + "\" holds " + (input.integers ? "reals" : "integers") +
                          ", and not " + (input.integers ? "integers" : "reals"));
        values.insert_or_assign(input.name, given->second);
    }
    std::size_t held = 0;
    for (const node& step : model.nodes) {
        std::vector<const array*> arguments;
        for (const std::string& name : step.inputs) {
            const auto found = values.find(name);
            if (!name.empty() && found == values.end()) step.refuse("nothing makes its input \"" + name + "\"");
            arguments.push_back(name.empty() ? nullptr : &found->second);
        }
        auto results = evaluate_node(step, arguments);
        for (std::size_t i = 0; i < step.outputs.size(); ++i) {
            if (step.outputs[i].empty()) continue;
            if (i >= results.size()) step.refuse("the importer does not compute its output " + std::to_string(i));
            held += results[i].size();
            if (held > 2 * static_cast<std::size_t>(most_numbers)) step.refuse("the values up to here are too many");
            values.insert_or_assign(step.outputs[i], std::move(results[i]));
        }
    }
    return values;
}

std::map<std::string, array> random_inputs(const graph& model, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::map<std::string, array> inputs;
    for (const value& input : model.inputs) {
        const auto size = static_cast<std::size_t>(count(input.dims));
        if (input.integers) {
            std::int64_t symbols = 2;
            for (const node& user : model.nodes) {
                if (user.op != "Gather" || user.inputs.size() < 2 || user.inputs[1] != input.name) continue;
                const auto table = model.constants.find(user.inputs[0]);
                if (table == model.constants.end() || table->second.dims.empty()) continue;
                const auto axis = axis_in(user, user.get<std::int64_t>("axis", 0), table->second.dims.size());
                symbols = table->second.dims[axis];
            }
            std::vector<std::int64_t> numbers(size);
            for (auto& number : numbers)
                number = static_cast<std::int64_t>(engine() %
                                                   static_cast<std::uint64_t>(std::max<std::int64_t>(symbols, 1)));
            inputs[input.name] = {input.dims, std::move(numbers)};
        } else {
            std::vector<double> numbers(size);
            // 24 bits, so that they are exact in float.
            for (auto& number : numbers) number = static_cast<double>(engine() >> 40) * 0x1p-23 - 1;
            inputs[input.name] = {input.dims, std::move(numbers)};
        }
    }
    return inputs;
}

bool near(const array& a, const array& b, double relative, double absolute) {
    if (a.dims != b.dims || a.holds_integers() != b.holds_integers()) return false;
    if (a.holds_integers()) return a.integers() == b.integers();
    return std::equal(a.reals().begin(), a.reals().end(), b.reals().begin(), [&](double x, double y) {
        return x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= absolute + relative * std::abs(y);
    });
}

}  // namespace ctnn_import
