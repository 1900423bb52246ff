#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Models of one operator with 8-bit integers, their inputs, and what runtimes make of them. Not part of any test.

write.py write FOLDER SAMPLES   writes each model and its inputs (NAME.x); then litert.mjs, onnxruntime.mjs and tflite_micro.cpp
                                write their outputs there (NAME.litert, NAME.onnxruntime, NAME.tflite_micro)
write.py keep FOLDER            puts the models, and the first outputs, into files here

(Debian: python3-flatbuffers, python3-numpy, python3-onnx)
"""
import pathlib
import sys

import numpy

import write_onnx
import write_tflite

here = pathlib.Path(__file__).parent
SIGNS = {"int8": 0, "uint8": 128}


def inputs(size, samples, flip):
    """All bytes, the least, the greatest, both in turn, and then pseudo-random ones (splitmix64), the same as in compare.hpp; as
    signed integers, of which unsigned ones have 128 more."""
    z = (numpy.arange(size * samples, dtype="uint64") + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    x = (z >> numpy.uint64(56)).astype("uint8").reshape(samples, size)
    at = numpy.arange(size)
    for sample, values in enumerate([at * 37 & 255, at * 0 + 128, at * 0 + 127, numpy.where(at % 2, 127, 128)]):
        if sample < samples:
            x[sample] = values
    return x ^ flip


def models():
    """Name, bytes, elements of the input, and the bit in which the integers differ from signed ones."""
    for name, model in write_tflite.models().items():
        given = model.tensors[model.inputs[0]]
        yield name + ".tflite", model.bytes(), int(numpy.prod(given["dims"])), SIGNS[given["kind"]]
    for name, (model, dims, kind) in write_onnx.models().items():
        yield name + ".onnx", model.SerializeToString(), int(numpy.prod(dims)), SIGNS[kind]


def record(name, data):
    return f"{name} {len(data)}\n".encode() + data


def main():
    action, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if action == "write":
        folder.mkdir(parents=True, exist_ok=True)
        for name, data, size, flip in models():
            (folder / name).write_bytes(data)
            inputs(size, int(sys.argv[3]), flip).tofile(folder / (name.split(".")[0] + ".x"))
        return
    kept = {"models": b"", "litert": b"", "onnxruntime": b"", "tflite_micro": b""}
    for name, data, size, flip in models():
        kept["models"] += record(name, data)
        stem = name.split(".")[0]
        samples = (folder / (stem + ".x")).stat().st_size // size
        for runtime in ("litert", "onnxruntime", "tflite_micro"):
            file = folder / f"{stem}.{runtime}"
            if file.exists():
                made = numpy.fromfile(file, "uint8").reshape(samples, -1) ^ flip
                kept[runtime] += record(stem, made[:max(3, 600 // made.shape[1])].tobytes())
    for name, data in kept.items():
        (here / f"{name}.bin").write_bytes(data)


if __name__ == "__main__":
    main()
