// SPDX-License-Identifier: BSL-1.0
// Runs a model of one input and one output by tflite-micro. Not part of any test: it is compiled with tflite-micro's reference
// kernels, without TFLITE_SINGLE_ROUNDING, and its headers (FlatBuffers, gemmlowp and ruy among them).
//
// usage: tflite_micro NAME.tflite NAME.x NAME.tflite_micro
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

std::vector<char> bytes_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
alignas(16) unsigned char arena[1 << 20], model[1 << 20];

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    const std::vector<char> file = bytes_of(arguments[1]), x = bytes_of(arguments[2]);
    if (file.size() > sizeof model) return 2;
    std::memcpy(model, file.data(), file.size());
    tflite::MicroMutableOpResolver<32> operators;
    operators.AddAdd(), operators.AddAveragePool2D(), operators.AddConcatenation(), operators.AddConv2D();
    operators.AddDepthwiseConv2D(), operators.AddElu(), operators.AddFullyConnected(), operators.AddHardSwish();
    operators.AddLeakyRelu(), operators.AddLogistic(), operators.AddMaxPool2D(), operators.AddMean(),
        operators.AddMul();
    operators.AddPad(), operators.AddQuantize(), operators.AddReduceMax(), operators.AddRelu(), operators.AddRelu6();
    operators.AddReshape(), operators.AddResizeNearestNeighbor(), operators.AddSoftmax(), operators.AddSplit();
    operators.AddStridedSlice(), operators.AddSub(), operators.AddSum(), operators.AddTanh(), operators.AddTranspose();
    tflite::MicroInterpreter interpreter(tflite::GetModel(model), operators, arena, sizeof arena);
    if (interpreter.AllocateTensors() != kTfLiteOk) return 1;
    std::vector<char> made;
    const std::size_t size = interpreter.input(0)->bytes;
    for (std::size_t at = 0; at + size <= x.size(); at += size) {
        std::memcpy(interpreter.input(0)->data.raw, x.data() + at, size);
        if (interpreter.Invoke() != kTfLiteOk) return 1;
        const TfLiteTensor& y = *interpreter.output(0);
        made.insert(made.end(), y.data.raw, y.data.raw + y.bytes);
    }
    std::ofstream(arguments[3], std::ios::binary).write(made.data(), static_cast<std::streamsize>(made.size()));
}
