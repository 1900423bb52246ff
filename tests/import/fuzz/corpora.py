#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the fuzzers' seed corpora, small files of each kind, and a dictionary for headers.

usage: corpora.py FOLDER_OF_WEIGHTS FOLDER_OF_CAPTURES FOLDER_OF_KERAS FOLDER_OF_TFLITE OUTPUT
"""
import gzip
import json
import pathlib
import re
import struct
import sys
import zipfile

LAYERS = """dense conv1d conv2d conv1d_transpose max_pool1d max_pool2d average_pool1d average_pool2d global_average_pool
global_max_pool batch_norm layer_norm scale prelu simple_rnn gru lstm bidirectional embedding decision_trees multi_head_attention activation
dropout reshape permute slice zero_pad reflect_pad edge_pad wrap_pad linear_resize half_pixel align_corners asymmetric upsample residual branch sum product matmul concatenate reverse positional_encoding
sum_of_trees average_of_trees minimum_of_trees maximum_of_trees one_output_per_tree flatten window stride dilation padding pad groups output_padding truncation axis epsilon ratio same causal valid ceil_mode
with_bias no_bias with_affine no_affine every_step last_step reset_before reset_after no_mask causal_mask relu tanh softmax
elu_with clip unbounded identity""".split()

NETWORKS = [
    "input<4, 6>, conv1d<4, window<2>, stride<2>, causal, relu>, max_pool1d<window<2>, ceil_mode>, flatten, dense<2, tanh, no_bias>",
    "input<3, 4>, gru<2, reset_before>, bidirectional<lstm<1>>, layer_norm<identity, epsilon<std::ratio<1, 8>>>",
    "input<2, 3>, residual<dense<3>>, concatenate<axis<1>, branch<>, branch<prelu<axis<1>>>>, permute<1, 0>, reshape<12>",
    "input<2, 2>, zero_pad<pad<1, 2>>, upsample<2>, slice<axis<0>, 1, 1>, linear_resize<axis<0>, 5, align_corners>, reflect_pad<pad<1>>, edge_pad<pad<2>>, wrap_pad<pad<1, 2>>, activation<clip<std::ratio<-1>, unbounded>>",
    "input<1, 6>, conv1d_transpose<2, window<3>, stride<2>, padding<pad<1>>, output_padding<1>>, scale<>, batch_norm<>",
    "input<4>, embedding<3, 2>, positional_encoding, multi_head_attention<1, causal_mask>, matmul<branch<>, branch<permute<1, 0>>>",
    "input<2>, decision_trees<2, 4, 5, one_output_per_tree, average_of_trees>, dense<1>",
]


def in_library(text):
    return re.sub(r"(?<![:\w])[a-z]\w*", r"ctnn::\g<0>", text)


def dense(weights, **more):
    return {"type": "dense", "activation": "relu", "shape": [None, None, 1], "weights": weights, **more}


def main():
    weights, captures, keras, tflite, output = map(pathlib.Path, sys.argv[1:])

    def write(kind, name, content):
        folder = output / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    for kind, ending in {"rtneural": "json", "into": "hpp", "npy": "npy", "safetensors": "safetensors"}.items():
        for file in weights.glob("*." + ending):
            if file.stat().st_size < 20000:
                write(kind, file.name, file.read_bytes())
    for number, network in enumerate(NETWORKS):
        write("into", f"{number}.hpp", f"using n = ctnn::network<float, {in_library(network)}>;\n")
    output.joinpath("into.dict").write_text("".join(f'"{word}<"\n' for word in LAYERS))
    layers = {
        "dense": dense([[[1.0], [2.0]], [0.5]]),
        "gru": {"type": "gru", "activation": "", "shape": [None, None, 1],
                "weights": [[[1, 2, 3], [4, 5, 6]], [[1, 2, 3]], [[1, 2, 3], [4, 5, 6]]]},
        "conv1d": {"type": "conv1d", "activation": "tanh", "shape": [None, None, 1], "kernel_size": [1], "dilation": [1],
                   "weights": [[[[1], [2]]], [0.5]]},
        "batchnorm": {"type": "batchnorm", "activation": "", "shape": [None, None, 2], "epsilon": 0.001,
                      "weights": [[1, 1], [0, 0], [0, 0], [1, 1]]},
        "prelu": {"type": "prelu", "activation": "", "shape": [None, None, 2], "weights": [[[0.25]]]},
    }
    for name, layer in layers.items():
        write("rtneural", name + ".json", json.dumps({"in_shape": [None, None, 2], "layers": [layer]}))
    for file in [*captures.glob("*.nam"), *captures.glob("*.json")]:
        write("capture", file.name, file.read_bytes())
    array = {"input_size": 1, "condition_size": 1, "head_size": 1, "channels": 2, "kernel_size": 1, "dilations": [1], "activation": "ReLU",
             "head_bias": False}
    newer = {"head": {"out_channels": 1, "kernel_size": 1, "bias": True}, "kernel_sizes": [1], "bottleneck": 2, "groups_input": 1,
             "activation": [{"type": "LeakyReLU", "negative_slope": 0.1}], "gating_mode": ["none"], "secondary_activation": [None],
             "layer1x1": {"active": True, "groups": 1}, "head1x1": {"active": False}, "conv_pre_film": {"active": False},
             "slimmable": {"method": "slice_channels_uniform", "kwargs": {"allowed_channels": [1, 2]}}}
    for name in ["head_size", "kernel_size", "head_bias"]:
        newer[name] = None
    wavenets = {"gated": ({**array, "gated": True}, 27), "newer": ({**array, **newer}, 20)}
    models = {name: {"version": "0.7.0", "architecture": "WaveNet", "config": {"layers": [layers], "head_scale": 1}, "weights": [0.5] * count}
              for name, (layers, count) in wavenets.items()}
    models["several"] = {"version": "0.7.0", "architecture": "SlimmableContainer", "weights": [], "sample_rate": 48000,
                         "config": {"submodels": [{"max_value": 1, "model": models["gated"]}]}}
    amp = {"in_shape": [None, None, 1], "layers": [{**layers["gru"], "weights": [[[1, 2, 3]], [[1, 2, 3]], [[1, 2, 3], [4, 5, 6]]]},
                                                   dense([[[1.0]], [0.5]], activation="")],
           "in_skip": 1, "in_gain": 3, "metadata": {"samplerate": 48000}, "input_batch": [[1], [2]], "output_batch": [3, 4]}
    for name, model in {**models, "amp": amp}.items():
        write("capture", name, json.dumps(model))
    for file in keras.glob("*.keras"):
        with zipfile.ZipFile(file) as archive:
            write("keras", file.stem, archive.read("config.json"))
    for file in tflite.glob("*.tflite"):
        write("tflite", file.stem, file.read_bytes())
    rest = (tflite.parent / "integers/operators/models.bin").read_bytes()
    while rest:
        line, rest = rest.split(b"\n", 1)
        name, size = line.decode().split()
        if name.endswith(".tflite"):
            write("tflite", "integers_" + name[:-7], rest[:int(size)])
        rest = rest[int(size):]
    for name, text in {"plain": "1,2,0\n3,4.5,1\n", "quoted": 'a;b;kind\r\n1;"2";"a"\r\n-1e3;0.5;c\r\n'}.items():
        write("csv", name, text)
        write("csv", name + ".gz", gzip.compress(text.encode(), mtime=0) * 2)
    images = struct.pack(">BBBBIII", 0, 0, 8, 3, 2, 2, 2) + bytes(range(8))
    labels = struct.pack(">BBBBI", 0, 0, 8, 1, 2) + bytes([0, 2])
    for name, pair in {"plain": (labels, images), "packed": tuple(gzip.compress(x, mtime=0) for x in (labels, images))}.items():
        write("idx", name, bytes([len(pair[0])]) + pair[0] + pair[1])


if __name__ == "__main__":
    main()
