// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reads the files of GuitarML.

#include <ctnn/io/capture_json.hpp>
#include <ctnn/io/capture_types.hpp>
#include <ctnn/io/error.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace ctnn::io::detail {

/// GuitarML's files: the hyperparameters of a PyTorch module of recurrent layers, `rec`, and a dense one, `lin`, and its
/// tensors.
class guitarml_reader {
  public:
    explicit guitarml_reader(const capture_value& file) : data_(file["model_data"]), tensors_(file["state_dict"]) {
        data_.require_names(
            {"model", "input_size", "skip", "output_size", "unit_type", "num_layers", "hidden_size", "bias_fl"});
        tensors_.require_object();
    }

    recurrent_capture read() const {
        if (const auto model = data_.find("model"); model && model->text() != "SimpleRNN") model->fail("\"SimpleRNN\"");
        recurrent_capture result;
        const capture_value unit = data_["unit_type"];
        if (unit.text() != "LSTM" && unit.text() != "GRU") unit.fail("\"LSTM\" or \"GRU\"");
        result.cell = unit.text() == "LSTM" ? recurrent_capture::cell_kind::lstm : recurrent_capture::cell_kind::gru;
        result.inputs = data_["input_size"].count();
        result.hidden = data_["hidden_size"].count();
        result.outputs = data_["output_size"].count();
        const auto skip = data_.find("skip");
        result.adds_input = skip && skip->zero_or_one();
        if (result.adds_input && result.outputs != 1) skip->fail("0, or one output");
        const auto count = data_.find("num_layers");
        const std::size_t layers = count ? count->count() : 1;
        const auto biased = data_.find("bias_fl");
        const bool has_bias = !biased || biased->flag();
        const std::size_t tensors = 4 * layers + (has_bias ? 2 : 1);
        if (tensors_.raw().size() != tensors)
            tensors_.fail(count_of(tensors_.raw().size(), "tensor"),
                          joined(tensors, ": four of each of ", count_of(layers, "layer"), ", and those of \"lin\""));
        for (std::size_t i = 0; i < layers; ++i) result.layers.push_back(layer(result, i));
        result.head_weights = tensors_["lin.weight"].matrix(result.outputs, result.hidden);
        result.head_bias = has_bias ? tensors_["lin.bias"].weights(result.outputs) : std::vector<float>(result.outputs);
        return result;
    }

  private:
    recurrent_capture::layer layer(const recurrent_capture& of, std::size_t index) const {
        const std::size_t gates = gates_of(of.cell) * of.hidden;
        const auto tensor = [&](const char* name) { return tensors_[joined("rec.", name, "_l", index).c_str()]; };
        recurrent_capture::layer result;
        result.input_weights = tensor("weight_ih").matrix(gates, index == 0 ? of.inputs : of.hidden);
        result.recurrent_weights = tensor("weight_hh").matrix(gates, of.hidden);
        result.input_bias = tensor("bias_ih").weights(gates);
        result.recurrent_bias = tensor("bias_hh").weights(gates);
        if (of.cell == recurrent_capture::cell_kind::lstm) {
            for (std::size_t i = 0; i < gates; ++i) {
                result.input_bias[i] += result.recurrent_bias[i];
                if (!std::isfinite(result.input_bias[i]))
                    tensor("bias_hh").element(i).fail("a sum in the range of float");
            }
            result.recurrent_bias.clear();
        }
        return result;
    }

    capture_value data_, tensors_;
};

}  // namespace ctnn::io::detail
