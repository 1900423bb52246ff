#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes image_bytes_open_18.onnx in the manner of PyTorch's newer exporter: operators of version 18, every attribute
written out, an image of bytes that is cast first, and an open batch. image_bytes_open_x.npy has three inputs, and
image_bytes_open_y.npy NumPy's outputs in double precision.

Needs NumPy and the onnx package (Debian: python3-onnx). The same seed gives the same bytes.

usage: export_18.py [FOLDER]
"""
import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def convolution(x, kernel, bias):
    """3 x 3, zero-padded by one; x is channels x height x width."""
    padded = numpy.pad(x, ((0, 0), (1, 1), (1, 1)))
    windows = numpy.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return numpy.einsum("chwij,fcij->fhw", windows, kernel) + bias[:, None, None]


def group_normalisation(x, groups, scale, shift, epsilon):
    """Version 18 has one scale and one shift for each group."""
    rows = x.reshape(groups, -1)
    rows = (rows - rows.mean(1, keepdims=True)) / numpy.sqrt(rows.var(1, keepdims=True) + epsilon)
    return (rows * scale[:, None] + shift[:, None]).reshape(x.shape)


def mish(x):
    return x * numpy.tanh(numpy.logaddexp(0, x))


def largest_of_pairs(x):
    """Windows of 2 along the width, padded by one at each end; the last begins in the image."""
    padded = numpy.pad(x, ((0, 0), (0, 0), (1, 1)), constant_values=-numpy.inf)
    return numpy.stack([padded[:, :, i:i + 2].max(2) for i in range(0, x.shape[2] + 1, 2)], 2)


def answer(x, weights):
    y = convolution(x / 255.0, weights["kernel"], weights["bias"])
    y = mish(group_normalisation(y, 2, weights["scale"], weights["shift"], 1e-3))
    y = largest_of_pairs(y).repeat(2, 1).repeat(2, 2)
    return numpy.concatenate([y.mean((1, 2)), y.max((1, 2))])


def write():
    draw = numpy.random.default_rng(18)
    weights = {
        "kernel": draw.normal(size=(4, 2, 3, 3)).astype(numpy.float32),
        "bias": draw.normal(size=4).astype(numpy.float32),
        "scale": draw.normal(size=2).astype(numpy.float32),
        "shift": draw.normal(size=2).astype(numpy.float32),
    }
    constants = [numpy_helper.from_array(numbers, name) for name, numbers in weights.items()]
    constants += [
        numpy_helper.from_array(numpy.array(1 / 255, numpy.float32), "byte"),
        numpy_helper.from_array(numpy.array([1, 1, 2, 2], numpy.float32), "scales"),
        numpy_helper.from_array(numpy.array([2, 3], numpy.int64), "places"),
    ]
    nodes = [
        helper.make_node("Cast", ["x"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["real", "byte"], ["image"]),
        helper.make_node("Conv", ["image", "kernel", "bias"], ["maps"], auto_pad="NOTSET", dilations=[1, 1], group=1,
                         kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1]),
        helper.make_node("GroupNormalization", ["maps", "scale", "shift"], ["normal"], epsilon=1e-3, num_groups=2),
        helper.make_node("Mish", ["normal"], ["active"]),
        helper.make_node("MaxPool", ["active"], ["pooled"], auto_pad="NOTSET", ceil_mode=1, dilations=[1, 1],
                         kernel_shape=[1, 2], pads=[0, 1, 0, 1], storage_order=0, strides=[1, 2]),
        helper.make_node("Resize", ["pooled", "", "scales"], ["large"], antialias=0,
                         coordinate_transformation_mode="asymmetric", cubic_coeff_a=-0.75, exclude_outside=0,
                         extrapolation_value=0.0, keep_aspect_ratio_policy="stretch", mode="nearest",
                         nearest_mode="floor"),
        helper.make_node("ReduceMean", ["large", "places"], ["mean"], keepdims=0, noop_with_empty_axes=0),
        helper.make_node("ReduceMax", ["large", "places"], ["largest"], keepdims=0, noop_with_empty_axes=0),
        helper.make_node("Concat", ["mean", "largest"], ["y"], axis=1),
    ]
    graph = helper.make_graph(nodes, "image_bytes",
                              [helper.make_tensor_value_info("x", TensorProto.UINT8, ["N", 2, 3, 5])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 8])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], producer_name="export_18.py")
    model.ir_version = 8
    onnx.save(model, str(FOLDER / "image_bytes_open_18.onnx"))
    x = draw.integers(0, 256, size=(3, 2, 3, 5)).astype(numpy.uint8)
    exact = {name: numbers.astype(numpy.float64) for name, numbers in weights.items()}
    numpy.save(FOLDER / "image_bytes_open_x.npy", x)
    numpy.save(FOLDER / "image_bytes_open_y.npy", numpy.stack([answer(one, exact) for one in x]))


if __name__ == "__main__":
    write()
