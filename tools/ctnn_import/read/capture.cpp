// SPDX-License-Identifier: BSL-1.0
#include "read/capture.hpp"

#include "graph/operator_call.hpp"
#include "read/json_text.hpp"
#include "read/read.hpp"
#include "refusal.hpp"
#include "spec/spec_layer.hpp"

#include <ctnn/io/capture.hpp>
#include <ctnn/io/capture_layout.hpp>
#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::recurrent_capture;
using ctnn::io::wavenet_capture;
using weight_list = std::vector<float>;

void append(chain& to, const std::string& spec, const extents& input) {
    to.push_back(layer_of_spec(parse_spec(spec), to.empty() ? input : to.back().output));
}

/// A matrix, or the window of a convolution, in a parameter.
void fill_matrix(const weight_list& from, parameter& to, double factor = 1) {
    const auto filters = static_cast<std::size_t>(to.dims.back()),
               channels = static_cast<std::size_t>(to.dims[to.dims.size() - 2]);
    ctnn::io::detail::window_into(from, to.values.size() / channels / filters, channels, filters, to.values.data(),
                                  factor);
}
void fill_vector(const weight_list& from, parameter& to, double factor = 1) {
    ctnn::io::detail::copy_into(from, to.values.size(), to.values.data(), factor);
}

network network_of_recurrent(const recurrent_capture& of, std::int64_t length) {
    network result;
    result.input = {length, static_cast<std::int64_t>(of.inputs)};
    const bool is_lstm = of.cell == recurrent_capture::cell_kind::lstm;
    chain layers;
    for (const recurrent_capture::layer& one : of.layers) {
        const bool begins_at_zero = one.hidden_state.empty() && one.cell_state.empty();
        append(layers,
               std::string(is_lstm ? "ctnn::lstm<" : "ctnn::gru<") + std::to_string(of.hidden) +
                   (begins_at_zero ? ">" : ", ctnn::initial_state>"),
               result.input);
        layer& to = layers.back();
        fill_matrix(one.input_weights, *to.find("weights"));
        fill_matrix(one.recurrent_weights, *to.find("recurrent_weights"));
        fill_vector(one.input_bias, *to.find("bias"));
        if (!is_lstm) fill_vector(one.recurrent_bias, *to.find("recurrent_bias"));
        if (begins_at_zero) continue;
        // Each of the two is empty where it is zeros.
        const auto state = to.find("initial_state")->values.begin();
        std::copy(one.hidden_state.begin(), one.hidden_state.end(), state);
        std::copy(one.cell_state.begin(), one.cell_state.end(), state + static_cast<std::ptrdiff_t>(of.hidden));
    }
    append(layers, "ctnn::dense<" + std::to_string(of.outputs) + ">", result.input);
    fill_matrix(of.head_weights, *layers.back().find("weights"));
    fill_vector(of.head_bias, *layers.back().find("bias"));
    if (of.adds_input) {
        // Inputs after the first are controls, which are not added.
        chain signal;
        if (of.inputs > 1) append(signal, "ctnn::slice<ctnn::axis<1>, 0, 1>", result.input);
        layer sum;
        sum.kind = "sum";
        sum.input = result.input;
        sum.output = layers.back().output;
        sum.branches = {std::move(signal), std::move(layers)};
        result.layers.push_back(std::move(sum));
    } else {
        result.layers = std::move(layers);
    }
    result.output = result.layers.back().output;
    return result;
}

std::string spec_of(const ctnn::io::capture_activation& f) {
    if (f.name == "clip") return "ctnn::clip<std::ratio<-1>, std::ratio<1>>";
    if (f.name != "leaky_relu" || f.slope == 0.01) return "ctnn::" + f.name;
    // A slope has at most nine decimals here; more would not be that of the file.
    const double billions = f.slope * 1e9;
    if (billions != std::round(billions) || std::abs(billions) > 1e18)
        throw refusal("a slope of leaky_relu has more than nine decimals");
    const auto whole = static_cast<std::int64_t>(billions), common = std::gcd(whole, std::int64_t{1'000'000'000});
    return "ctnn::leaky_relu_with<std::ratio<" + std::to_string(whole / common) + ", " +
           std::to_string(1'000'000'000 / common) + ">>";
}

/// The nodes of a WaveNet, with the names that `ctnn::wavenet` gives them.
class wavenet_nodes {
  public:
    explicit wavenet_nodes(const wavenet_capture& of) : of_{of} {
        std::string taken = "input";
        for (std::size_t a = 0; a < of_.arrays.size(); ++a) taken = add_array(a, taken);
        spec_.resize(spec_.size() - 2);
    }
    std::string spec() const { return "ctnn::graph<" + spec_ + ">"; }

    void fill(layer& graph) const {
        const auto convolution = [&](const std::string& name, const weight_list& weights, const weight_list& bias,
                                     double factor = 1) {
            for (std::size_t i = 0; i < graph.sources.size(); ++i)
                if (graph.sources[i].name == name) {
                    layer& to = graph.branches[i][0];
                    fill_matrix(weights, *to.find("weights"), factor);
                    if (!bias.empty()) fill_vector(bias, *to.find("bias"), factor);
                }
        };
        for (std::size_t a = 0; a < of_.arrays.size(); ++a) {
            const wavenet_capture::array& array = of_.arrays[a];
            convolution(numbered("rechannel", a), array.rechannel, {});
            for (std::size_t l = 0; l < array.layers.size(); ++l) {
                const wavenet_capture::layer& one = array.layers[l];
                convolution(numbered("conv", a, l), one.weights, one.bias);
                convolution(numbered("mixin", a, l), one.mixin, {});
                convolution(numbered("one_by_one", a, l), one.one_by_one, one.one_by_one_bias);
            }
            const bool is_last = a + 1 == of_.arrays.size();
            convolution(numbered("head", a), array.head_weights, array.head_bias, is_last ? double{of_.head_scale} : 1);
        }
    }

  private:
    static std::string numbered(const char* stem, std::size_t array) {
        return std::string(stem) + "_" + std::to_string(array);
    }
    static std::string numbered(const char* stem, std::size_t array, std::size_t layer) {
        return numbered(stem, array) + "_" + std::to_string(layer);
    }
    static std::string from(const std::string& value) { return "ctnn::from<\"" + value + "\">"; }
    static std::string both(const char* combination, const std::string& one, const std::string& other) {
        return std::string("ctnn::") + combination + "<" + from(one) + ", " + from(other) + ">";
    }
    static std::string convolution(std::size_t filters, std::size_t window, std::size_t dilation, bool has_bias) {
        return "ctnn::conv1d<" + std::to_string(filters) + ", ctnn::window<" + std::to_string(window) + ">" +
               (window > 1 ? ", ctnn::causal" : "") +
               (dilation > 1 ? ", ctnn::dilation<" + std::to_string(dilation) + ">" : "") +
               (has_bias ? "" : ", ctnn::no_bias") + ">";
    }
    void add(const std::string& name, const std::string& source, const std::string& layers = "") {
        spec_ += "ctnn::node<\"" + name + "\", " + source + (layers.empty() ? "" : ", " + layers) + ">, ";
    }

    std::string add_array(std::size_t a, const std::string& input) {
        const wavenet_capture::array& array = of_.arrays[a];
        const bool is_last = a + 1 == of_.arrays.size();
        std::string taken = numbered("rechannel", a), sum = a > 0 ? numbered("head", a - 1) : "";
        add(taken, from(input), convolution(array.channels, 1, 1, false));
        for (std::size_t l = 0; l < array.layers.size(); ++l) {
            const wavenet_capture::layer& one = array.layers[l];
            const std::size_t filters = (one.gated ? 2 : 1) * array.channels;
            const std::string conv = numbered("conv", a, l), mixin = numbered("mixin", a, l),
                              active = numbered("active", a, l), skip = numbered("skip", a, l);
            add(conv, from(taken), convolution(filters, one.window, one.dilation, true));
            add(mixin, from("input"), convolution(filters, 1, 1, false));
            if (one.gated) {
                const std::string whole = numbered("both", a, l), signal = numbered("signal", a, l),
                                  gate = numbered("gate", a, l), half = std::to_string(array.channels);
                add(whole, both("sum", conv, mixin));
                add(signal, from(whole),
                    "ctnn::slice<ctnn::axis<0>, 0, " + half + ">, ctnn::activation<" + spec_of(one.activation) + ">");
                add(gate, from(whole),
                    "ctnn::slice<ctnn::axis<0>, " + half + ", " + half + ">, ctnn::activation<ctnn::sigmoid>");
                add(active, both("product", signal, gate));
            } else {
                add(active, both("sum", conv, mixin), "ctnn::activation<" + spec_of(one.activation) + ">");
            }
            add(skip, sum.empty() ? from(active) : both("sum", sum, active));
            sum = skip;
            if (is_last && l + 1 == array.layers.size()) continue;
            const std::string projected = numbered("one_by_one", a, l), next = numbered("residual", a, l);
            add(projected, from(active), convolution(array.channels, 1, 1, true));
            add(next, both("sum", taken, projected));
            taken = next;
        }
        add(numbered("head", a), from(sum),
            convolution(array.head, array.head_window, array.head_dilation, !array.head_bias.empty()));
        return taken;
    }

    const wavenet_capture& of_;
    std::string spec_;
};

network network_of_wavenet(const wavenet_capture& of, std::int64_t length) {
    network result;
    result.input = {static_cast<std::int64_t>(of.arrays[0].inputs), length};
    const wavenet_nodes nodes(of);
    append(result.layers, nodes.spec(), result.input);
    nodes.fill(result.layers[0]);
    result.output = result.layers[0].output;
    return result;
}

}  // namespace

network network_of(const ctnn::io::capture& capture, std::int64_t length) {
    if (capture.input_gain != 1 || capture.output_gain != 1) throw refusal("it has gains");
    if (const auto* const recurrent = std::get_if<recurrent_capture>(&capture.network))
        return network_of_recurrent(*recurrent, length);
    return network_of_wavenet(std::get<wavenet_capture>(capture.network), length);
}

bool is_capture(const std::filesystem::path& file) {
    if (file.extension() == ".nam") return true;
    if (file.extension() != ".json") return false;
    try {
        const auto content = parse_json(whole_file(file));
        return content.is_object() && content.contains("model_data") && content.contains("state_dict");
    } catch (const refusal&) { return false; }
}

network import_capture(const std::filesystem::path& file, std::optional<std::int64_t> length,
                       const ctnn::io::capture_options& options) {
    try {
        return network_of(ctnn::io::read_capture(file, options), length ? *length : 1);
    } catch (const ctnn::io::error& error) {
        // The file's name comes first in both.
        const std::string name = ctnn::io::detail::printable(file.string(), 4096) + ": ";
        const std::string text = error.what();
        throw refusal(text.starts_with(name) ? text.substr(name.size()) : text);
    }
}

}  // namespace ctnn_import
