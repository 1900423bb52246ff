// SPDX-License-Identifier: BSL-1.0
#include "read/tflite_options.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#if defined(CTNN_IMPORT_FLATBUFFERS)
#include "tflite_generated.h"

namespace ctnn_import {

namespace {

/// Operators by number, as the format's schema has them; 127 is none.
constexpr std::string_view operator_names =
    "ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR "
    "FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC "
    "LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX "
    "SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD "
    "UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE "
    "UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE "
    "BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL "
    "LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT "
    "RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT "
    "UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR "
    "LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK "
    "ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 "
    "NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL - CUMSUM CALL_ONCE BROADCAST_TO "
    "RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL "
    "CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE "
    "RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX "
    "UNSORTED_SEGMENT_SUM ATAN2 UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT";

constexpr std::size_t longest_list = 8;

attribute number(std::int64_t of) {
    return of;
}
attribute list(const flatbuffers::Vector<std::int32_t>* from) {
    const std::size_t size = from == nullptr ? 0 : from->size();
    if (size > longest_list) throw refusal("its options have a list of more than 8 axes");
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < size; ++i) numbers.push_back(from->Get(static_cast<flatbuffers::uoffset_t>(i)));
    return numbers;
}

}  // namespace

std::string tflite_operator_name(std::int64_t number) {
    std::string_view rest = operator_names;
    for (std::int64_t i = 0; i < number && !rest.empty(); ++i)
        rest.remove_prefix(std::min(rest.find(' '), rest.size() - 1) + 1);
    const std::string_view name = rest.substr(0, rest.find(' '));
    return number < 0 || name.empty() || name == "-" ? "number " + std::to_string(number) : std::string(name);
}

tflite_options options_of_tflite(const tflite_file::Operator& from, const std::string& type) {
    const auto is = [&](std::initializer_list<const char*> types) {
        if (std::none_of(types.begin(), types.end(), [&](const char* one) { return type == one; }))
            throw refusal("its options are those of another operator");
    };
    if (const auto* o = from.options_as_Convolution()) {
        is({"CONV_2D"});
        return {{{"padding", number(o->padding())},
                 {"stride_h", number(o->stride_h())},
                 {"stride_w", number(o->stride_w())},
                 {"dilation_h", number(o->dilation_h())},
                 {"dilation_w", number(o->dilation_w())},
                 {"activation", number(o->activation())}},
                7};
    }
    if (const auto* o = from.options_as_DepthwiseConvolution()) {
        is({"DEPTHWISE_CONV_2D"});
        return {{{"padding", number(o->padding())},
                 {"stride_h", number(o->stride_h())},
                 {"stride_w", number(o->stride_w())},
                 {"dilation_h", number(o->dilation_h())},
                 {"dilation_w", number(o->dilation_w())},
                 {"multiplier", number(o->multiplier())},
                 {"activation", number(o->activation())}},
                7};
    }
    if (const auto* o = from.options_as_TransposedConvolution()) {
        is({"TRANSPOSE_CONV"});
        return {{{"padding", number(o->padding())},
                 {"stride_h", number(o->stride_h())},
                 {"stride_w", number(o->stride_w())},
                 {"activation", number(o->activation())}},
                5};
    }
    if (const auto* o = from.options_as_Pool()) {
        is({"AVERAGE_POOL_2D", "MAX_POOL_2D", "L2_POOL_2D"});
        return {{{"padding", number(o->padding())},
                 {"stride_h", number(o->stride_h())},
                 {"stride_w", number(o->stride_w())},
                 {"window_h", number(o->window_h())},
                 {"window_w", number(o->window_w())},
                 {"activation", number(o->activation())}},
                6};
    }
    if (const auto* o = from.options_as_FullyConnected()) {
        is({"FULLY_CONNECTED"});
        return {{{"activation", number(o->activation())},
                 {"weights_format", number(o->weights_format())},
                 {"keeps_axes", number(o->keeps_axes())}},
                5};
    }
    if (const auto* o = from.options_as_Softmax()) {
        is({"SOFTMAX"});
        return {{{"beta", double{o->beta()}}}, 1};
    }
    if (const auto* o = from.options_as_Concatenation()) {
        is({"CONCATENATION"});
        return {{{"axis", number(o->axis())}, {"activation", number(o->activation())}}, 2};
    }
    if (const auto* o = from.options_as_Activated()) {
        is({"ADD"});
        return {{{"activation", number(o->activation())}}, 2};
    }
    if (const auto* o = from.options_as_Subtraction()) {
        is({"SUB"});
        return {{{"activation", number(o->activation())}}, 2};
    }
    if (const auto* o = from.options_as_Product()) {
        is({"MUL"});
        return {{{"activation", number(o->activation())}}, 1};
    }
    if (const auto* o = from.options_as_Quotient()) {
        is({"DIV"});
        return {{{"activation", number(o->activation())}}, 1};
    }
    if (const auto* o = from.options_as_Reshape()) {
        is({"RESHAPE"});
        return {{{"new_shape", list(o->new_shape())}}, 1};
    }
    if (const auto* o = from.options_as_Squeeze()) {
        is({"SQUEEZE"});
        return {{{"axes", list(o->axes())}}, 1};
    }
    if (const auto* o = from.options_as_SpaceToDepth()) {
        is({"SPACE_TO_DEPTH"});
        return {{{"block", number(o->block())}}, 1};
    }
    if (const auto* o = from.options_as_DepthToSpace()) {
        is({"DEPTH_TO_SPACE"});
        return {{{"block", number(o->block())}}, 1};
    }
    if (const auto* o = from.options_as_Gather()) {
        is({"GATHER"});
        return {{{"axis", number(o->axis())}, {"batch_axes", number(o->batch_axes())}}, 2};
    }
    if (const auto* o = from.options_as_Reducer()) {
        is({"MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD", "REDUCE_ANY", "REDUCE_ALL"});
        return {{{"keeps_axes", number(o->keeps_axes())}}, 1};
    }
    if (const auto* o = from.options_as_StridedSlice()) {
        is({"STRIDED_SLICE"});
        return {{{"begin_mask", number(o->begin_mask())},
                 {"end_mask", number(o->end_mask())},
                 {"ellipsis_mask", number(o->ellipsis_mask())},
                 {"new_axis_mask", number(o->new_axis_mask())},
                 {"shrink_axis_mask", number(o->shrink_axis_mask())},
                 {"offset", number(o->offset())}},
                6};
    }
    if (const auto* o = from.options_as_Split()) {
        is({"SPLIT"});
        return {{{"parts", number(o->parts())}}, 1};
    }
    if (const auto* o = from.options_as_SplitSizes()) {
        is({"SPLIT_V"});
        return {{{"parts", number(o->parts())}}, 1};
    }
    if (const auto* o = from.options_as_Stack()) {
        is({"PACK"});
        return {{{"axis", number(o->axis())}, {"count", number(o->count())}}, 2};
    }
    if (const auto* o = from.options_as_Unstack()) {
        is({"UNPACK"});
        return {{{"axis", number(o->axis())}, {"count", number(o->count())}}, 2};
    }
    if (const auto* o = from.options_as_SequenceLstm()) {
        is({"UNIDIRECTIONAL_SEQUENCE_LSTM"});
        return {{{"activation", number(o->activation())},
                 {"cell_clip", double{o->cell_clip()}},
                 {"projection_clip", double{o->projection_clip()}},
                 {"time_major", number(o->time_major())},
                 {"diagonal_recurrence", number(o->diagonal_recurrence())}},
                6};
    }
    if (const auto* o = from.options_as_ResizeBilinear()) {
        is({"RESIZE_BILINEAR"});
        return {{{"align_corners", number(o->align_corners())}, {"half_pixel", number(o->half_pixel())}}, 4};
    }
    if (const auto* o = from.options_as_ResizeNearest()) {
        is({"RESIZE_NEAREST_NEIGHBOR"});
        return {{{"align_corners", number(o->align_corners())}, {"half_pixel", number(o->half_pixel())}}, 2};
    }
    if (const auto* o = from.options_as_LeakyRelu()) {
        is({"LEAKY_RELU"});
        return {{{"slope", double{o->slope()}}}, 1};
    }
    if (const auto* o = from.options_as_MirrorPad()) {
        is({"MIRROR_PAD"});
        return {{{"mode", number(o->mode())}}, 1};
    }
    if (const auto* o = from.options_as_BatchMatmul()) {
        is({"BATCH_MATMUL"});
        return {{{"transposes_a", number(o->transposes_a())}, {"transposes_b", number(o->transposes_b())}}, 3};
    }
    if (const auto* o = from.options_as_Gelu()) {
        is({"GELU"});
        return {{{"approximate", number(o->approximate())}}, 1};
    }
    return {{}, 2};
}

}  // namespace ctnn_import

#endif
