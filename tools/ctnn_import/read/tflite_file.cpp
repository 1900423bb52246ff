// SPDX-License-Identifier: BSL-1.0
// TensorFlow Lite's files: FlatBuffers' verifier first, and then every number that a reader could trip over.
#include "graph/operator_call.hpp"
#include "read/tflite_model.hpp"
#include "read/tflite_options.hpp"
#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#if defined(CTNN_IMPORT_FLATBUFFERS)
#include "tflite_generated.h"
#endif

namespace ctnn_import {

#if defined(CTNN_IMPORT_FLATBUFFERS)

namespace {

using ctnn::io::detail::in_quotes;

constexpr std::size_t most_tensors = 20000, most_operators = 10000, most_axes = 8, most_ends = 128;
constexpr std::int64_t most_computed = std::int64_t{1} << 27;

class checker {
  public:
    explicit checker(std::string_view bytes) : bytes_(bytes) {}

    tflite_model check() {
        if (bytes_.size() < 8 || bytes_.substr(4, 4) != "TFL3") throw refusal("it is no TensorFlow Lite model");
        flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size());
        if (!tflite_file::VerifyModelBuffer(verifier))
            throw refusal("it is damaged: its tables do not lie in the file as FlatBuffers writes them");
        const tflite_file::Model& root = *tflite_file::GetModel(bytes_.data());
        if (root.version() != 3)
            throw refusal("it is of the version " + std::to_string(root.version()) + " of the format, and 3 is read");
        if (size_of(root.subgraphs()) != 1)
            throw refusal("it has " + std::to_string(size_of(root.subgraphs())) + " subgraphs, and not one");
        const tflite_file::Subgraph* const graph = root.subgraphs()->Get(0);
        if (size_of(graph->tensors()) > most_tensors || size_of(graph->operators()) > most_operators)
            throw refusal("it has more than " + std::to_string(most_tensors) + " tensors or " +
                          std::to_string(most_operators) + " operators");
        for (std::size_t i = 0; i < size_of(graph->tensors()); ++i) add_tensor(root, graph->tensors()->Get(index(i)));
        add_ends(graph->inputs(), model_.inputs, "inputs");
        add_ends(graph->outputs(), model_.outputs, "outputs");
        for (std::size_t i = 0; i < size_of(graph->operators()); ++i)
            add_operator(root, graph->operators()->Get(index(i)));
        check_order();
        return std::move(model_);
    }

  private:
    template <class Vector>
    static std::size_t size_of(const Vector* of) {
        return of == nullptr ? 0 : of->size();
    }
    static flatbuffers::uoffset_t index(std::size_t of) { return static_cast<flatbuffers::uoffset_t>(of); }

    /// Numbers that are copied: tables that share them could ask for more than the file holds.
    void spend(std::size_t numbers) {
        spent_ += numbers;
        if (spent_ > bytes_.size())
            throw refusal("its tables share lists, and together claim more than the file holds");
    }

    /// Refuses a field that is not in tflite.fbs: it would say something that the importer does not know.
    static void check_fields(const void* table, std::size_t known, const std::string& what) {
        const auto* const start = static_cast<const std::uint8_t*>(table);
        const auto* const fields = start - flatbuffers::ReadScalar<flatbuffers::soffset_t>(start);
        const std::size_t all = flatbuffers::ReadScalar<flatbuffers::voffset_t>(fields);
        for (std::size_t at = 4 + 2 * known; at + 2 <= all; at += 2)
            if (flatbuffers::ReadScalar<flatbuffers::voffset_t>(fields + at) != 0)
                throw refusal(what + " a field that the importer does not know: number " + std::to_string(at / 2 - 2));
    }

    void add_tensor(const tflite_file::Model& root, const tflite_file::Tensor* from) {
        tflite_tensor& to = model_.tensors.emplace_back();
        const auto number = static_cast<std::int32_t>(model_.tensors.size() - 1);
        if (from->name() != nullptr) to.name = {from->name()->c_str(), from->name()->size()};
        const auto refuse = [&](const std::string& reason) { throw refusal(model_.about(number) + ": " + reason); };
        check_fields(from, 10, model_.about(number) + " has");
        to.type = static_cast<tflite_type>(from->type());
        to.is_variable = from->is_variable();
        if (from->sparsity() != nullptr) refuse("it is sparse");
        if (size_of(from->shape()) > most_axes)
            refuse("it has " + std::to_string(size_of(from->shape())) + " axes, and at most 8 are read");
        spend(size_of(from->shape()));
        for (std::size_t i = 0; i < size_of(from->shape()); ++i) {
            const std::int64_t extent = from->shape()->Get(index(i));
            if (extent < 0) refuse("its axis " + std::to_string(i) + " is " + std::to_string(extent));
            to.dims.push_back(extent);
            if (extent > std::int64_t{1} << 26 || count(to.dims) > std::int64_t{1} << 26)
                refuse("it has more than 2^26 elements");
        }
        if (from->shape_signature() != nullptr) {
            if (size_of(from->shape_signature()) > most_axes) refuse("its shape_signature has more than 8 axes");
            for (std::size_t i = 0; i < size_of(from->shape_signature()); ++i)
                to.is_open = to.is_open || from->shape_signature()->Get(index(i)) < 0;
        }
        add_data(root, *from, to, refuse);
        if (from->quantization() != nullptr) add_quantization(*from->quantization(), to, refuse);
    }

    template <class Refuse>
    void add_data(const tflite_file::Model& root, const tflite_file::Tensor& from, tflite_tensor& to,
                  const Refuse& refuse) {
        if (from.buffer() >= size_of(root.buffers()))
            refuse("its buffer is " + std::to_string(from.buffer()) + ", and the file has " +
                   std::to_string(size_of(root.buffers())));
        const tflite_file::Buffer& buffer = *root.buffers()->Get(from.buffer());
        check_fields(&buffer, 3,
                     model_.about(static_cast<std::int32_t>(model_.tensors.size() - 1)) + " has a buffer with");
        if (buffer.data() != nullptr)
            to.data = {reinterpret_cast<const char*>(buffer.data()->data()), buffer.data()->size()};
        if (buffer.offset() > 1) {
            if (!to.data.empty()) refuse("its buffer has data in two places");
            if (buffer.offset() > bytes_.size() || buffer.size() > bytes_.size() - buffer.offset())
                refuse("its buffer is from byte " + std::to_string(buffer.offset()) + " on, " +
                       std::to_string(buffer.size()) + " bytes, outside of the file");
            to.data = bytes_.substr(static_cast<std::size_t>(buffer.offset()), static_cast<std::size_t>(buffer.size()));
        }
        if (to.data.empty()) return;
        to.is_constant = true;
        const std::size_t width = width_of(to.type);
        if (width == 0) refuse("it holds " + text_of(to.type) + ", which the importer does not read");
        const std::size_t wanted = static_cast<std::size_t>(count(to.dims)) * width;
        if (to.data.size() != wanted)
            refuse("its buffer has " + std::to_string(to.data.size()) + " bytes, and its extents of " +
                   ctnn_import::text_of(to.dims) + " take " + std::to_string(wanted));
    }

    template <class Refuse>
    void add_quantization(const tflite_file::Quantization& from, tflite_tensor& to, const Refuse& refuse) {
        check_fields(&from, 7,
                     model_.about(static_cast<std::int32_t>(model_.tensors.size() - 1)) + " has quantisation with");
        if (from.details_type() != 0) refuse("its quantisation is of another kind than scales and zero points");
        const std::size_t scales = size_of(from.scale()), zeros = size_of(from.zero_point());
        if (scales == 0 && zeros == 0) return;
        const auto [least, most] = range_of(to.type);
        // Of real numbers a quantisation has no meaning.
        if (least > most) return;
        if (zeros != scales && zeros != 0)
            refuse("it has " + std::to_string(scales) + " scales and " + std::to_string(zeros) + " zero points");
        if (from.axis() < 0 || from.axis() >= static_cast<std::int64_t>(std::max<std::size_t>(to.dims.size(), 1)))
            refuse("its quantised dimension is " + std::to_string(from.axis()) + ", and it has " +
                   std::to_string(to.dims.size()) + " axes");
        to.quantized.axis = static_cast<std::size_t>(from.axis());
        const std::int64_t along = to.dims.empty() ? 1 : to.dims[to.quantized.axis];
        if (scales != 1 && (static_cast<std::int64_t>(scales) != along || !to.is_constant))
            refuse("it has " + std::to_string(scales) + " scales, and " +
                   (to.is_constant ? "its quantised dimension " + std::to_string(along) + " elements"
                                   : std::string("is no constant")));
        spend(2 * scales);
        for (std::size_t i = 0; i < scales; ++i) {
            const double scale = from.scale()->Get(index(i));
            if (!(scale > 0) || std::isinf(scale))
                refuse("its scale " + std::to_string(i) + " is " + std::to_string(scale) +
                       ", and not a number above 0");
            const std::int64_t zero = zeros == 0 ? 0 : from.zero_point()->Get(index(i));
            if (zero < least || zero > most)
                refuse("its zero point " + std::to_string(i) + " is " + std::to_string(zero) + ", and " +
                       text_of(to.type) + " holds " + std::to_string(least) + " to " + std::to_string(most));
            to.quantized.scales.push_back(scale);
            to.quantized.zero_points.push_back(zero);
        }
    }

    void add_ends(const flatbuffers::Vector<std::int32_t>* from, std::vector<std::int32_t>& to, const char* what) {
        if (size_of(from) > most_ends)
            throw refusal("the model has " + std::to_string(size_of(from)) + " " + what + ", and at most " +
                          std::to_string(most_ends) + " are read");
        for (std::size_t i = 0; i < size_of(from); ++i) {
            to.push_back(from->Get(index(i)));
            if (!is_tensor(to.back()))
                throw refusal("the " + std::string(what) + " of the model have the tensor " +
                              std::to_string(to.back()) + ", and it has " + std::to_string(model_.tensors.size()));
            check_size(to.back());
        }
    }
    /// Tensors that nothing uses may be empty.
    void check_size(std::int32_t of) const {
        const extents& dims = model_.tensors[static_cast<std::size_t>(of)].dims;
        if (count(dims) == 0) throw refusal(model_.about(of) + ": it is empty, " + ctnn_import::text_of(dims));
    }
    bool is_tensor(std::int64_t of) const { return of >= 0 && of < static_cast<std::int64_t>(model_.tensors.size()); }

    void add_operator(const tflite_file::Model& root, const tflite_file::Operator* from) {
        const std::string position = "operator " + std::to_string(model_.operators.size());
        if (from->code_index() >= size_of(root.operator_codes()))
            throw refusal(position + ": its kind is number " + std::to_string(from->code_index()) +
                          ", and the file has " + std::to_string(size_of(root.operator_codes())));
        const tflite_file::OperatorCode& code = *root.operator_codes()->Get(from->code_index());
        // Numbers above 126 are in a second field.
        const std::int64_t number = std::max<std::int64_t>(code.byte_code(), code.code());
        tflite_operator to;
        to.version = code.version();
        to.type = tflite_operator_name(number);
        if (to.type == "CUSTOM") {
            const auto* const name = code.custom_code();
            throw refusal(position + " (CUSTOM): it is the custom operator " +
                          in_quotes(name == nullptr ? "" : name->str().substr(0, 60)));
        }
        for (const auto& [list, indices, least] :
             {std::tuple{from->inputs(), &to.inputs, -1}, std::tuple{from->outputs(), &to.outputs, 0}}) {
            if (size_of(list) > most_ends)
                throw refusal(position + " (" + to.type + "): it has more than " + std::to_string(most_ends) +
                              " inputs or outputs");
            spend(size_of(list));
            for (std::size_t i = 0; i < size_of(list); ++i) {
                const std::int32_t one = list->Get(index(i));
                if (one < least || (one >= 0 && !is_tensor(one)))
                    throw refusal(position + " (" + to.type + "): it has the tensor " + std::to_string(one) +
                                  ", and the model has " + std::to_string(model_.tensors.size()));
                if (one >= 0) check_size(one);
                indices->push_back(one);
            }
        }
        if (to.outputs.empty()) throw refusal(position + " (" + to.type + "): it has no output");
        model_.operators.push_back(std::move(to));
        tflite_operator& made = model_.operators.back();
        const std::string about = model_.about(made);
        check_fields(from, 14, about + ": it has");
        if (size_of(from->custom_options()) > 0 || from->large_custom_offset() > 1 || from->large_custom_size() > 0)
            throw refusal(about + ": it has custom options");
        if (from->more_options_type() != 0) throw refusal(about + ": it has options of StableHLO");
        if (from->options() == nullptr || from->options_type() == tflite_file::Options::NONE) return;
        // The verifier has not looked at tables that the schema does not name.
        made.has_unknown_options = *tflite_file::EnumNameOptions(from->options_type()) == '\0';
        if (made.has_unknown_options) return;
        try {
            tflite_options read = options_of_tflite(*from, made.type);
            check_fields(from->options(), read.fields, "its options have");
            made.options = std::move(read.options);
        } catch (const refusal& error) { throw refusal(about + ": " + error.what()); }
    }

    void check_order() const {
        std::vector<bool> is_known(model_.tensors.size());
        for (std::size_t i = 0; i < is_known.size(); ++i)
            is_known[i] = model_.tensors[i].is_constant || model_.tensors[i].is_variable;
        for (const std::int32_t input : model_.inputs) {
            const auto at = static_cast<std::size_t>(input);
            if (is_known[at])
                throw refusal(model_.about(input) + ": it is an input of the model, and has another origin");
            is_known[at] = true;
        }
        std::int64_t computed = 0;
        for (const tflite_operator& one : model_.operators) {
            for (const std::int32_t input : one.inputs)
                if (input >= 0 && !is_known[static_cast<std::size_t>(input)])
                    throw refusal(model_.about(one) + ": nothing before it computes its input, " + model_.about(input));
            for (const std::int32_t output : one.outputs) {
                const auto at = static_cast<std::size_t>(output);
                if (is_known[at])
                    throw refusal(model_.about(one) + ": its output, " + model_.about(output) + ", has another origin");
                is_known[at] = true;
                computed += count(model_.tensors[at].dims);
                if (computed > most_computed)
                    throw refusal(model_.about(one) + ": the operators up to it compute more than 2^27 numbers");
            }
        }
        if (model_.outputs.empty()) throw refusal("the model has no output");
        for (const std::int32_t output : model_.outputs)
            if (!is_known[static_cast<std::size_t>(output)])
                throw refusal("nothing computes the output of the model, " + model_.about(output));
    }

    /// The integers that a type holds; the first above the second for other types.
    static std::pair<std::int64_t, std::int64_t> range_of(tflite_type type) {
        switch (type) {
            case tflite_type::int8:
                return {-128, 127};
            case tflite_type::uint8:
                return {0, 255};
            case tflite_type::int16:
                return {-32768, 32767};
            case tflite_type::int32:
                return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
            case tflite_type::int64:
                return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
            default:
                return {1, 0};
        }
    }
    static std::size_t width_of(tflite_type type) {
        switch (type) {
            case tflite_type::boolean:
            case tflite_type::uint8:
            case tflite_type::int8:
                return 1;
            case tflite_type::float16:
            case tflite_type::bfloat16:
            case tflite_type::int16:
                return 2;
            case tflite_type::float32:
            case tflite_type::int32:
                return 4;
            case tflite_type::float64:
            case tflite_type::int64:
                return 8;
        }
        return 0;
    }

    std::string_view bytes_;
    tflite_model model_;
    std::size_t spent_ = 0;
};

}  // namespace

tflite_model checked_tflite(std::string_view bytes) {
    return checker(bytes).check();
}

#else

tflite_model checked_tflite(std::string_view) {
    throw refusal(
        "it is a TensorFlow Lite model, and this ctnn-import was built without FlatBuffers (Debian: libflatbuffers-dev "
        "and flatbuffers-compiler): build it with, or export the model to ONNX (python -m tf2onnx.convert --tflite "
        "model.tflite --output model.onnx)");
}

#endif

}  // namespace ctnn_import
