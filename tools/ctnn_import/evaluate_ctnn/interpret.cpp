// SPDX-License-Identifier: BSL-1.0
#include "evaluate_ctnn/interpret.hpp"

#include "evaluate_ctnn/interpretation.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace ctnn_import {

const std::vector<double>& interpretation::weights(const std::string& name) const {
    for (const parameter& one : what.parameters)
        if (one.name == name) return one.values;
    refuse("it has no parameter " + name);
}
bool interpretation::has(const std::string& name) const {
    return std::any_of(what.parameters.begin(), what.parameters.end(),
                       [&](const parameter& one) { return one.name == name; });
}
const spec_term* interpretation::option(const std::string& name) const {
    for (const spec_term& one : options)
        if (one.name == name) return &one;
    return nullptr;
}
void interpretation::refuse(const std::string& reason) const {
    throw refusal("layer " + what.kind + ": " + reason);
}

namespace {

std::int64_t product(const extents& dims, std::size_t begin, std::size_t end) {
    std::int64_t result = 1;
    for (std::size_t axis = begin; axis < end; ++axis) result *= dims[axis];
    return result;
}
std::int64_t product(const extents& dims) {
    return product(dims, 0, dims.size());
}

// Each of these computes one layer without its activation.

std::vector<double> dense(const interpretation& of) {
    const auto& w = of.weights("weights");
    const auto inputs = static_cast<std::size_t>(of.what.input.back()),
               outputs = static_cast<std::size_t>(of.number(0));
    std::vector<double> y;
    for (std::size_t row = 0; row < of.x.size() / inputs; ++row)
        for (std::size_t o = 0; o < outputs; ++o) {
            double sum = of.has("bias") ? of.weights("bias")[o] : 0;
            for (std::size_t i = 0; i < inputs; ++i) sum += of.x[row * inputs + i] * w[i * outputs + o];
            y.push_back(sum);
        }
    return y;
}

/// The stride of the feature axis: the number of consecutive elements of one feature.
std::int64_t behind_features(const interpretation& of) {
    const spec_term* const axis = of.option("axis");
    const std::size_t at = axis ? static_cast<std::size_t>(axis->arguments.at(0).number()) : 0;
    return product(of.what.input, at + 1, of.what.input.size());
}
std::vector<double> scale(const interpretation& of) {
    const auto& w = of.weights("weights");
    const std::int64_t inner = behind_features(of), features = static_cast<std::int64_t>(w.size());
    std::vector<double> y = of.x;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const auto f = static_cast<std::size_t>(static_cast<std::int64_t>(i) / inner % features);
        y[i] = w[f] * y[i] + of.weights("bias")[f];
    }
    return y;
}
std::vector<double> prelu(const interpretation& of) {
    const auto& w = of.weights("weights");
    const std::int64_t inner = behind_features(of), features = static_cast<std::int64_t>(w.size());
    std::vector<double> y = of.x;
    for (std::size_t i = 0; i < y.size(); ++i)
        if (y[i] < 0) y[i] *= w[static_cast<std::size_t>(static_cast<std::int64_t>(i) / inner % features)];
    return y;
}
std::vector<double> batch_norm(const interpretation& of) {
    const std::int64_t inner = behind_features(of), features = static_cast<std::int64_t>(of.weights("weights").size());
    const spec_term* const given = of.option("epsilon");
    const double epsilon = given && !given->arguments.empty() ? given->arguments[0].ratio() : 1e-5;
    std::vector<double> y = of.x;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const auto f = static_cast<std::size_t>(static_cast<std::int64_t>(i) / inner % features);
        y[i] = of.weights("weights")[f] * (y[i] - of.weights("running_mean")[f]) /
                   std::sqrt(of.weights("running_variance")[f] + epsilon) +
               of.weights("bias")[f];
    }
    return y;
}

std::vector<double> layer_norm(const interpretation& of) {
    const auto size = static_cast<std::size_t>(of.what.input.back());
    const spec_term* const given = of.option("epsilon");
    const double epsilon = given && !given->arguments.empty() ? given->arguments[0].ratio() : 1e-5;
    std::vector<double> y = of.x;
    for (std::size_t row = 0; row < y.size(); row += size) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < size; ++i) mean += y[row + i] / static_cast<double>(size);
        for (std::size_t i = 0; i < size; ++i)
            variance += (y[row + i] - mean) * (y[row + i] - mean) / static_cast<double>(size);
        for (std::size_t i = 0; i < size; ++i) {
            y[row + i] = (y[row + i] - mean) / std::sqrt(variance + epsilon);
            if (!of.option("no_affine")) y[row + i] = of.weights("weights")[i] * y[row + i] + of.weights("bias")[i];
        }
    }
    return y;
}

std::vector<double> global(const interpretation& of) {
    const auto rows = static_cast<std::size_t>(of.what.input[0]), size = of.x.size() / rows;
    std::vector<double> y(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto first = of.x.begin() + static_cast<std::ptrdiff_t>(row * size);
        double sum = 0;
        for (std::size_t i = 0; i < size; ++i) sum += first[static_cast<std::ptrdiff_t>(i)];
        y[row] = of.what.kind == "global_max_pool" ? *std::max_element(first, first + static_cast<std::ptrdiff_t>(size))
                                                   : sum / static_cast<double>(size);
    }
    return y;
}

std::vector<double> same(const interpretation& of) {
    return of.x;
}

std::vector<double> permute(const interpretation& of) {
    const extents& from = of.what.input;
    extents to;
    for (const auto& axis : of.arguments) to.push_back(from.at(static_cast<std::size_t>(axis.number())));
    std::vector<double> y(of.x.size());
    for (std::size_t flat = 0; flat < y.size(); ++flat) {
        // The index in the result, mapped back to the input's axes.
        std::vector<std::int64_t> index(from.size());
        auto rest = static_cast<std::int64_t>(flat);
        for (std::size_t axis = to.size(); axis-- > 0; rest /= to[axis])
            index[static_cast<std::size_t>(of.arguments[axis].number())] = rest % to[axis];
        std::int64_t offset = 0;
        for (std::size_t axis = 0; axis < from.size(); ++axis) offset = offset * from[axis] + index[axis];
        y[flat] = of.x[static_cast<std::size_t>(offset)];
    }
    return y;
}
std::vector<double> reverse(const interpretation& of) {
    const auto inner = static_cast<std::ptrdiff_t>(product(of.what.input, 1, of.what.input.size()));
    std::vector<double> y;
    for (std::ptrdiff_t row = of.what.input[0]; row-- > 0;)
        y.insert(y.end(), of.x.begin() + row * inner, of.x.begin() + (row + 1) * inner);
    return y;
}
std::vector<double> slice(const interpretation& of) {
    const auto axis = static_cast<std::size_t>(of.arguments.at(0).arguments.at(0).number());
    const std::int64_t extent = of.what.input.at(axis), inner = product(of.what.input, axis + 1, of.what.input.size());
    std::vector<double> y;
    for (std::size_t i = 0; i < of.x.size(); ++i) {
        const std::int64_t at = static_cast<std::int64_t>(i) / inner % extent - of.number(1);
        if (at >= 0 && at < of.number(2)) y.push_back(of.x[i]);
    }
    return y;
}

/// Pads with zeros, or repeats elements, along the innermost axes: `from` maps an output index to its source index.
template <class From>
std::vector<double> widened(const interpretation& of, From from) {
    const extents &in = of.what.input, &out = of.what.output;
    const std::size_t without = in.size() - of.arguments.size();
    std::vector<double> y(static_cast<std::size_t>(product(out)));
    for (std::size_t flat = 0; flat < y.size(); ++flat) {
        std::int64_t offset = 0, inner = product(out);
        bool inside = true;
        for (std::size_t axis = 0; axis < in.size(); ++axis) {
            inner /= out[axis];
            std::int64_t at = static_cast<std::int64_t>(flat) / inner % out[axis];
            if (axis >= without) at = from(of.arguments[axis - without], at, in[axis]);
            inside = inside && at >= 0 && at < in[axis];
            offset = offset * in[axis] + at;
        }
        if (inside) y[flat] = of.x[static_cast<std::size_t>(offset)];
    }
    return y;
}
std::vector<double> zero_pad(const interpretation& of) {
    return widened(
        of, [](const spec_term& pad, std::int64_t at, std::int64_t) { return at - pad.arguments.at(0).number(); });
}
std::vector<double> copy_pad(const interpretation& of) {
    const bool reflects = of.what.kind == "reflect_pad", wraps = of.what.kind == "wrap_pad";
    return widened(of, [&](const spec_term& pad, std::int64_t at, std::int64_t extent) {
        const std::int64_t place = at - pad.arguments.at(0).number();
        if (wraps) return (place + extent) % extent;
        if (reflects) return extent - 1 - std::abs(extent - 1 - std::abs(place));
        return std::min(std::max<std::int64_t>(place, 0), extent - 1);
    });
}
std::vector<double> upsample(const interpretation& of) {
    return widened(of, [](const spec_term& times, std::int64_t at, std::int64_t) { return at / times.number(); });
}

std::vector<double> linear_resize(const interpretation& of) {
    const auto axis = static_cast<std::size_t>(of.arguments.at(0).arguments.at(0).number());
    const std::int64_t from = of.what.input[axis], to = of.number(1),
                       inner = product(of.what.input, axis + 1, of.what.input.size());
    std::vector<double> y(static_cast<std::size_t>(product(of.what.output)));
    for (std::size_t flat = 0; flat < y.size(); ++flat) {
        const std::int64_t column = static_cast<std::int64_t>(flat) % inner,
                           at = static_cast<std::int64_t>(flat) / inner % to,
                           row = static_cast<std::int64_t>(flat) / inner / to;
        const auto i = static_cast<double>(at), n = static_cast<double>(from), m = static_cast<double>(to);
        double place = (i + 0.5) * n / m - 0.5;
        if (of.option("asymmetric")) place = i * n / m;
        if (of.option("align_corners")) place = to == 1 ? 0 : i * (n - 1) / (m - 1);
        place = std::clamp(place, 0.0, n - 1);
        const auto below = static_cast<std::int64_t>(place), above = std::min(below + 1, from - 1);
        const double t = place - static_cast<double>(below);
        const auto x = [&](std::int64_t index) {
            return of.x[static_cast<std::size_t>((row * from + index) * inner + column)];
        };
        y[flat] = (1 - t) * x(below) + t * x(above);
    }
    return y;
}

std::vector<double> embedding(const interpretation& of) {
    const auto width = static_cast<std::size_t>(of.number(1));
    std::vector<double> y;
    for (const double symbol : of.x) {
        if (!(symbol >= 0 && symbol < static_cast<double>(of.number(0)))) of.refuse("a symbol is not in its table");
        for (std::size_t i = 0; i < width; ++i)
            y.push_back(of.weights("weights")[static_cast<std::size_t>(symbol) * width + i]);
    }
    return y;
}

/// Concatenation along an axis: for each outer index, the runs of all parts.
std::vector<double> concatenated(const std::vector<std::vector<double>>& parts, const extents& output,
                                 std::size_t axis) {
    const auto outer = static_cast<std::size_t>(product(output, 0, axis));
    std::vector<double> y;
    for (std::size_t row = 0; row < outer; ++row)
        for (const auto& part : parts) {
            const std::size_t run = part.size() / outer;
            y.insert(y.end(), part.begin() + static_cast<std::ptrdiff_t>(row * run),
                     part.begin() + static_cast<std::ptrdiff_t>((row + 1) * run));
        }
    return y;
}
std::vector<double> multiplied(const std::vector<double>& a, const std::vector<double>& b, const extents& out) {
    const std::size_t rows = static_cast<std::size_t>(out[out.size() - 2]),
                      columns = static_cast<std::size_t>(out.back());
    const std::size_t batch = static_cast<std::size_t>(product(out)) / (rows * columns),
                      depth = a.size() / (batch * rows);
    std::vector<double> y(batch * rows * columns);
    for (std::size_t i = 0; i < batch; ++i)
        for (std::size_t m = 0; m < rows; ++m)
            for (std::size_t n = 0; n < columns; ++n)
                for (std::size_t k = 0; k < depth; ++k)
                    y[(i * rows + m) * columns + n] += a[(i * rows + m) * depth + k] * b[(i * depth + k) * columns + n];
    return y;
}
/// What a kind of layer makes of several values.
std::vector<double> combined(const interpretation& of, const std::string& kind, std::vector<std::vector<double>> parts,
                             std::size_t axis, const extents& output) {
    if (parts.empty()) of.refuse("it has no branches");
    if (kind == "matmul") return multiplied(parts.at(0), parts.at(1), output);
    if (kind != "sum" && kind != "product") return concatenated(parts, output, axis);
    for (std::size_t b = 1; b < parts.size(); ++b) {
        if (parts[b].size() != parts[0].size()) of.refuse("its branches differ in size");
        for (std::size_t i = 0; i < parts[0].size(); ++i)
            parts[0][i] = kind == "sum" ? parts[0][i] + parts[b][i] : parts[0][i] * parts[b][i];
    }
    return parts[0];
}
std::size_t axis_of(const std::vector<spec_term>& arguments) {
    const bool given = !arguments.empty() && arguments[0].name == "axis";
    return given ? static_cast<std::size_t>(arguments[0].arguments.at(0).number()) : 0;
}

std::vector<double> joined(const interpretation& of) {
    std::vector<std::vector<double>> parts;
    for (const chain& branch : of.what.branches) parts.push_back(run(branch, of.x));
    // A bidirectional layer concatenates both directions in each step.
    const std::size_t axis = of.what.kind == "bidirectional" ? of.what.output.size() - 1 : axis_of(of.arguments);
    return combined(of, of.what.kind, std::move(parts), axis, of.what.output);
}
std::vector<double> graph_of_nodes(const interpretation& of) {
    std::map<std::string, std::vector<double>> values;
    if (of.what.inputs.empty()) values["input"] = of.x;
    auto next = of.x.begin();
    for (const named_shape& input : of.what.inputs) {
        const auto end = next + static_cast<std::ptrdiff_t>(product(input.dims));
        values[input.name].assign(next, end);
        next = end;
    }
    for (std::size_t i = 0; i < of.what.sources.size(); ++i) {
        const node_source& source = of.what.sources[i];
        std::vector<std::vector<double>> parts;
        for (const std::string& name : source.from) parts.push_back(values.at(name));
        if (!source.combination.empty()) {
            std::vector<spec_term> arguments;
            for (const std::string& text : source.arguments) arguments.push_back(parse_spec(text));
            parts = {combined(of, source.combination, std::move(parts), axis_of(arguments), source.shape)};
        }
        values[source.name] = run(of.what.branches[i], parts.at(0));
    }
    std::vector<double> y;
    for (const named_shape& output : of.what.outputs) {
        const std::vector<double>& value = values.at(output.name);
        y.insert(y.end(), value.begin(), value.end());
    }
    return y;
}

/// Softmax or log-softmax over rows of the innermost extent.
void activate_rows(bool logarithm, std::size_t size, std::vector<double>& y) {
    for (std::size_t row = 0; row < y.size(); row += size) {
        const double largest = *std::max_element(y.begin() + static_cast<std::ptrdiff_t>(row),
                                                 y.begin() + static_cast<std::ptrdiff_t>(row + size));
        double sum = 0;
        for (std::size_t i = row; i < row + size; ++i) sum += std::exp(y[i] - largest);
        for (std::size_t i = row; i < row + size; ++i)
            y[i] = logarithm ? y[i] - largest - std::log(sum) : std::exp(y[i] - largest) / sum;
    }
}

/// softmax(Q K' / sqrt(head width)) V for each head, between the input and output projections.
std::vector<double> attention(const interpretation& of) {
    const auto length = static_cast<std::size_t>(of.what.input.at(0)),
               width = static_cast<std::size_t>(of.what.input.at(1));
    const auto heads = static_cast<std::size_t>(of.number(0)), part = width / heads;
    const auto product = [&](const std::vector<double>& x, const std::vector<double>& w, const std::vector<double>& b) {
        const std::size_t columns = b.size();
        std::vector<double> y(length * columns);
        for (std::size_t t = 0; t < length; ++t)
            for (std::size_t n = 0; n < columns; ++n) {
                y[t * columns + n] = b[n];
                for (std::size_t k = 0; k < width; ++k) y[t * columns + n] += x[t * width + k] * w[k * columns + n];
            }
        return y;
    };
    const auto all = product(of.x, of.weights("weights"), of.weights("bias"));
    std::vector<double> y(length * width);
    for (std::size_t head = 0; head < heads; ++head)
        for (std::size_t t = 0; t < length; ++t) {
            const std::size_t seen = of.option("causal_mask") ? t + 1 : length;
            std::vector<double> scores(seen);
            for (std::size_t s = 0; s < seen; ++s)
                for (std::size_t i = 0; i < part; ++i)
                    scores[s] += all[t * 3 * width + head * part + i] * all[s * 3 * width + width + head * part + i] /
                                 std::sqrt(static_cast<double>(part));
            activate_rows(false, seen, scores);
            for (std::size_t s = 0; s < seen; ++s)
                for (std::size_t i = 0; i < part; ++i)
                    y[t * width + head * part + i] += scores[s] * all[s * 3 * width + 2 * width + head * part + i];
        }
    return product(y, of.weights("output_weights"), of.weights("output_bias"));
}

std::vector<double> positional_encoding(const interpretation& of) {
    const auto width = static_cast<std::size_t>(of.what.input.at(1));
    std::vector<double> y = of.x;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double angle = static_cast<double>(i / width) *
                             std::pow(10000, -2 * static_cast<double>(i % width / 2) / static_cast<double>(width));
        y[i] += i % width % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
    return y;
}

/// The tables are from files.
std::vector<double> decision_trees(const interpretation& of) {
    const auto &splits = of.weights("splits"), &leaves = of.weights("weights");
    const auto outputs = static_cast<std::size_t>(of.number(0)), trees = static_cast<std::size_t>(of.number(1)),
               width = of.option("one_output_per_tree") ? std::size_t{1} : outputs, count = leaves.size() / width;
    const auto whole = [&](double number, std::size_t end) {
        if (!(number >= 0 && number < static_cast<double>(end))) of.refuse("its tables are not those of trees");
        return static_cast<std::size_t>(number);
    };
    std::vector<std::vector<double>> parts(outputs);
    for (std::size_t tree = 0; tree < trees; ++tree) {
        std::size_t at = tree, node = 0;
        do {
            const auto test = whole(splits[4 * at], 16 * of.x.size());
            const double x = of.x[test / 16], threshold = splits[4 * at + 1];
            const unsigned bit = x < threshold ? 0 : x == threshold ? 1 : x > threshold ? 2 : 3;
            node = whole(splits[4 * at + (test >> bit & 1 ? 2 : 3)], count + splits.size() / 4);
            if (node >= count && node - count <= at) of.refuse("its tables are not those of trees");
            at = node - count;
        } while (node >= count);
        for (std::size_t k = 0; k < width; ++k)
            parts[width == 1 ? tree % outputs : k].push_back(leaves[node * width + k]);
    }
    std::vector<double> y = of.weights("bias");
    for (std::size_t k = 0; k < outputs; ++k) {
        const auto& all = parts[k];
        const double sum = std::accumulate(all.begin(), all.end(), 0.0);
        y[k] += of.option("minimum_of_trees")   ? *std::min_element(all.begin(), all.end())
                : of.option("maximum_of_trees") ? *std::max_element(all.begin(), all.end())
                : of.option("average_of_trees") ? sum / static_cast<double>(trees)
                                                : sum;
    }
    return y;
}

using function = std::vector<double> (*)(const interpretation&);
function find(const std::string& kind) {
    struct entry {
        const char* kind;
        function compute;
    };
    static const entry table[]{{"dense", dense},
                               {"scale", scale},
                               {"prelu", prelu},
                               {"batch_norm", batch_norm},
                               {"layer_norm", layer_norm},
                               {"global_average_pool", global},
                               {"global_max_pool", global},
                               {"flatten", same},
                               {"reshape", same},
                               {"activation", same},
                               {"dropout", same},
                               {"permute", permute},
                               {"reverse", reverse},
                               {"slice", slice},
                               {"zero_pad", zero_pad},
                               {"reflect_pad", copy_pad},
                               {"edge_pad", copy_pad},
                               {"wrap_pad", copy_pad},
                               {"linear_resize", linear_resize},
                               {"upsample", upsample},
                               {"embedding", embedding},
                               {"decision_trees", decision_trees},
                               {"sum", joined},
                               {"product", joined},
                               {"concatenate", joined},
                               {"bidirectional", joined},
                               {"matmul", joined},
                               {"graph", graph_of_nodes},
                               {"conv1d", interpret_convolution},
                               {"conv2d", interpret_convolution},
                               {"conv1d_transpose", interpret_transposed},
                               {"conv2d_transpose", interpret_transposed},
                               {"max_pool1d", interpret_pool},
                               {"max_pool2d", interpret_pool},
                               {"average_pool1d", interpret_pool},
                               {"average_pool2d", interpret_pool},
                               {"simple_rnn", interpret_recurrent},
                               {"gru", interpret_recurrent},
                               {"lstm", interpret_recurrent},
                               {"multi_head_attention", attention},
                               {"positional_encoding", positional_encoding}};
    for (const auto& [name, compute] : table)
        if (kind == name) return compute;
    return nullptr;
}

std::vector<double> layer_output(const layer& what, const std::vector<double>& x) {
    interpretation of{what, x, {}, {}};
    for (const std::string& text : what.arguments) {
        // One text may hold several arguments: "2, 3".
        const spec_term all = parse_spec("list<" + text + ">");
        of.arguments.insert(of.arguments.end(), all.arguments.begin(), all.arguments.end());
    }
    of.options = of.arguments;
    for (const std::string& text : what.options) of.options.push_back(parse_spec(text));
    if (static_cast<std::int64_t>(x.size()) != product(what.input)) of.refuse("it is given another number of inputs");
    const function compute = find(what.kind);
    if (compute == nullptr) of.refuse("the interpreter does not know it");
    std::vector<double> y = compute(of);
    const std::string activation = what.kind == "activation" ? what.arguments.at(0) : what.activation;
    if (!activation.empty()) {
        const spec_term f = parse_spec(activation);
        if (f.name == "softmax" || f.name == "log_softmax")
            activate_rows(f.name == "log_softmax", static_cast<std::size_t>(what.output.back()), y);
        else
            for (double& number : y) number = interpret_activation(f, number);
    }
    if (static_cast<std::int64_t>(y.size()) != product(what.output)) of.refuse("it gives another number of outputs");
    return y;
}

}  // namespace

std::vector<double> run(const chain& layers, std::vector<double> x) {
    for (const layer& what : layers) x = layer_output(what, x);
    return x;
}

std::vector<std::vector<double>> interpret(const chain& layers, const std::vector<double>& input) {
    std::vector<std::vector<double>> outputs;
    for (const layer& what : layers) outputs.push_back(layer_output(what, outputs.empty() ? input : outputs.back()));
    return outputs;
}

}  // namespace ctnn_import
