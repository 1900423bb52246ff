// SPDX-License-Identifier: BSL-1.0
// Models of TensorFlow Lite: operator by operator, in the order of the file.
#include "read/tflite.hpp"

#include "evaluate_onnx/evaluate.hpp"
#include "graph/operator_call.hpp"
#include "read/classes.hpp"
#include "read/tflite_call.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <utility>

namespace ctnn_import {

namespace {

using ctnn::io::detail::in_quotes;

const tflite_table& operators_of_tflite() {
    static const tflite_table table = [] {
        tflite_table all;
        add_tflite_elementwise(all);
        add_tflite_windows(all);
        add_tflite_linear(all);
        add_tflite_recurrent(all);
        add_tflite_rearrangements(all);
        return all;
    }();
    return table;
}

/// Whether a tensor that is computed holds integers that stand for real numbers.
bool is_quantized(const tflite_tensor& of) {
    return of.quantized.exists() && (of.type == tflite_type::int8 || of.type == tflite_type::uint8);
}

/// Refuses what no operator could make good, before anything is decoded.
void check_operators(const tflite_model& model) {
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const tflite_tensor& one = model.tensors[i];
        if (one.type == tflite_type::int16 && one.quantized.exists() && !one.is_constant && !one.is_variable)
            throw refusal(model.about(static_cast<std::int32_t>(i)) + ": it holds " + text_of(one.type) +
                          " numbers that are computed, and ctnn computes with integers of 8 bits");
        if (is_quantized(one) && !one.is_constant && one.quantized.scales.size() > 1)
            throw refusal(model.about(static_cast<std::int32_t>(i)) + ": it is computed, and has several scales");
    }
    for (const tflite_operator& one : model.operators) {
        if (!operators_of_tflite().contains(one.type))
            throw refusal(model.about(one) + ": the importer does not know this operator");
        if (one.has_unknown_options) throw refusal(model.about(one) + ": its options are those of another operator");
        // A recurrent layer's are its states, which begin with 0.
        if (one.type == "UNIDIRECTIONAL_SEQUENCE_LSTM") continue;
        for (const std::int32_t input : one.inputs)
            if (input >= 0 && model.tensors[static_cast<std::size_t>(input)].is_variable)
                throw refusal(model.about(one) + ": its input, " + model.about(input) +
                              ", is a variable, which keeps its value from call to call");
    }
}

/// Names in files are those of several fused operators, "a;b;c".
std::string short_name(std::string_view name) {
    const std::string_view first = name.substr(0, std::min<std::size_t>(name.find(';'), 120));
    return std::string(first.empty() ? "tensor" : first);
}

class tflite_reader {
  public:
    tflite_reader(const tflite_model& model, std::int64_t room) : state_{model} {
        state_.values.resize(model.tensors.size());
        state_.room = room;
        // Constants have the names of what takes them.
        std::set<std::string> used;
        for (std::size_t i = 0; i < model.tensors.size(); ++i) {
            std::string name = short_name(model.tensors[i].name);
            if (!model.tensors[i].is_constant && !used.insert(name).second) name += " " + std::to_string(i);
            names_.push_back(std::move(name));
        }
    }

    graph read(const read_options& options) {
        const tflite_model& model = state_.model;
        for (const std::int32_t input : model.inputs) {
            const tflite_tensor& one = model.tensors[static_cast<std::size_t>(input)];
            const bool is_integer = one.type == tflite_type::int32 || one.type == tflite_type::int64;
            if (!is_integer && one.type != tflite_type::float32 && !is_quantized(one))
                throw refusal("the input of the model, " + model.about(input) + ", holds " + text_of(one.type));
            const keras_value made = state_.to.input(name_of(input), one.dims, is_integer);
            if (is_quantized(one)) state_.to.quantize(made, signed_quantization(one), one.type == tflite_type::uint8);
            state_.values[static_cast<std::size_t>(input)] = made;
        }
        for (const tflite_operator& one : model.operators) {
            try {
                apply(one);
            } catch (const refusal& error) { throw refusal(model.about(one) + ": " + error.what()); }
        }
        std::vector<std::pair<std::string, keras_value>> outputs;
        bool is_found = options.output.empty();
        for (const std::int32_t output : model.outputs) {
            const auto& made = state_.values[static_cast<std::size_t>(output)];
            if (!made) throw refusal("the output of the model, " + model.about(output) + ", is a constant");
            if (options.output.empty() || options.output == name_of(output))
                outputs.emplace_back(name_of(output), *made);
        }
        is_found = !outputs.empty();
        if (!is_found) throw refusal("the model has no output " + in_quotes(options.output));
        note_weights();
        graph result = state_.to.finish(outputs);
        return options.output.empty() ? result : needed(std::move(result));
    }

  private:
    const std::string& name_of(std::int32_t tensor) const { return names_[static_cast<std::size_t>(tensor)]; }

    void apply(const tflite_operator& one) {
        const tflite_layer& layer = operators_of_tflite().at(one.type);
        const tflite_call call{state_, one, name_of(one.outputs[0])};
        const bool is_known = one.type == "SHAPE" || std::all_of(one.inputs.begin(), one.inputs.end(), [&](auto input) {
                                  return input < 0 || !state_.values[static_cast<std::size_t>(input)];
                              });
        if (is_known) return fold(one);
        const auto made = layer(call);
        if (made.size() != one.outputs.size())
            throw refusal("it has " + std::to_string(one.outputs.size()) + " outputs, and computes " +
                          std::to_string(made.size()));
        for (std::size_t i = 0; i < made.size(); ++i) {
            const tflite_tensor& to = tensor(one.outputs[i]);
            check_extents(to, state_.to.dims(made[i]), one.outputs[i]);
            const bool is_integer = to.type == tflite_type::int32 || to.type == tflite_type::int64;
            if ((to.type != tflite_type::float32 && !is_integer && !is_quantized(to)) ||
                is_integer != state_.to.holds_integers(made[i]))
                throw refusal("its output, " + state_.model.about(one.outputs[i]) + ", holds " + text_of(to.type));
            if (is_quantized(to)) state_.to.quantize(made[i], signed_quantization(to), to.type == tflite_type::uint8);
            state_.values[static_cast<std::size_t>(one.outputs[i])] = made[i];
        }
    }

    /// Runtimes that are given weights of 8 bits round what these are multiplied by, too.
    void note_weights() {
        const auto is_computed = [](const tflite_tensor& one) { return is_quantized(one) && !one.is_constant; };
        if (std::any_of(state_.model.tensors.begin(), state_.model.tensors.end(), is_computed)) return;
        std::size_t rounded = 0;
        for (const tflite_operator& one : state_.model.operators)
            for (const std::int32_t input : one.inputs)
                if (input >= 0 && tensor(input).is_constant && tensor(input).quantized.exists() &&
                    tensor(input).type == tflite_type::int8) {
                    ++rounded;
                    break;
                }
        if (rounded > 0)
            state_.to.notes().push_back(
                "weights of " + std::to_string(rounded) +
                " operators are INT8 in the file, and here the real numbers that they stand for");
    }

    void check_extents(const tflite_tensor& to, const extents& found, std::int32_t number) const {
        // Of an open model the file may leave extents of what is computed out.
        if (to.dims != found && !(to.is_open || to.dims.empty()))
            throw refusal("its output, " + state_.model.about(number) + ", is " + ctnn_import::text_of(to.dims) +
                          " in the file, and it computes " + ctnn_import::text_of(found));
    }

    /// An operator of constants: computed here, by a graph of its own.
    void fold(const tflite_operator& one) {
        if (one.type == "DEQUANTIZE" || one.type == "SHAPE") {
            const tflite_call call{state_, one, name_of(one.outputs[0])};
            call.wants_inputs(1, 1);
            const auto at = static_cast<std::size_t>(one.outputs[0]);
            if (one.type == "SHAPE") {
                const extents dims = call.dims(0);
                const extents along{static_cast<std::int64_t>(dims.size())};
                state_.folded[at] = {along, dims};
            } else if (!call.input(0).is_constant) {
                throw refusal("its input is computed");
            } else {
                check_extents(state_.model.tensors[at], call.dims(0), one.outputs[0]);
                state_.folded[at] = call.reals(0);
            }
            return;
        }
        tflite_state alone{state_.model};
        alone.values.resize(state_.values.size());
        alone.room = state_.room;
        for (const std::int32_t input : one.inputs)
            if (const auto found = state_.folded.find(static_cast<std::size_t>(input));
                input >= 0 && found != state_.folded.end())
                alone.folded.insert(*found);
        const auto made = operators_of_tflite().at(one.type)({alone, one, name_of(one.outputs[0])});
        state_.room = alone.room;
        if (made.size() != one.outputs.size())
            throw refusal("it has " + std::to_string(one.outputs.size()) + " outputs, and computes " +
                          std::to_string(made.size()));
        for (std::size_t i = 0; i < made.size(); ++i) {
            check_extents(tensor(one.outputs[i]), alone.to.dims(made[i]), one.outputs[i]);
            state_.room -= count(alone.to.dims(made[i]));
        }
        if (state_.room < 0 || alone.work > 64 * (std::int64_t{1} << 20))
            throw refusal("its inputs are constants, and it would compute more of them than the file has bytes");
        std::vector<std::pair<std::string, keras_value>> outputs;
        for (std::size_t i = 0; i < made.size(); ++i) outputs.emplace_back("output " + std::to_string(i), made[i]);
        const graph steps = alone.to.finish(outputs);
        const auto values = evaluate(steps, {});
        for (std::size_t i = 0; i < made.size(); ++i)
            state_.folded[static_cast<std::size_t>(one.outputs[i])] = values.at(steps.outputs[i].name);
    }

    const tflite_tensor& tensor(std::int32_t number) const {
        return state_.model.tensors[static_cast<std::size_t>(number)];
    }

    tflite_state state_;
    std::vector<std::string> names_;
};

}  // namespace

bool is_tflite(const std::filesystem::path& file) {
    std::string end = file.extension().string();
    std::transform(end.begin(), end.end(), end.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (end == ".tflite") return true;
    std::ifstream stream(file, std::ios::binary);
    char read[8] = {};
    if (!std::filesystem::is_regular_file(file) || !stream.read(read, sizeof read)) return false;
    return std::string_view(read + 4, 4) == "TFL3";
}

graph read_tflite(const std::filesystem::path& file, const read_options& options) {
    return parse_tflite(whole_file(file), options);
}

graph parse_tflite(std::string_view bytes, const read_options& options) {
    if (!options.dims.empty() || !options.shapes.empty() || (options.batch && *options.batch != 1))
        throw refusal("--dim, --shape, and --batch other than 1 are not for TensorFlow Lite's models");
    constexpr std::size_t alignment = 16;
    std::unique_ptr<std::max_align_t[]> aligned;
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignment != 0) {
        aligned = std::make_unique<std::max_align_t[]>(bytes.size() / sizeof(std::max_align_t) + 1);
        std::memcpy(aligned.get(), bytes.data(), bytes.size());
        bytes = {reinterpret_cast<const char*>(aligned.get()), bytes.size()};
    }
    const tflite_model model = checked_tflite(bytes);
    check_operators(model);
    // Every element of a constant takes a byte or more; small ones may be used several times.
    graph result = tflite_reader(model, static_cast<std::int64_t>(bytes.size()) + (1 << 20)).read(options);
    leave_class_to_program(result);
    return result;
}

}  // namespace ctnn_import
