#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the models of this folder, their inputs, and in REFERENCES the files that reference.mjs computes the outputs from.

usage: export.py REFERENCES        (Debian: python3-flatbuffers, python3-numpy)
"""
import pathlib
import sys

import numpy

from tflite_writer import NONE, RELU, RELU6, RELU_N1_TO_1, SAME, VALID, Model

here = pathlib.Path(__file__).parent


class Random:
    def __init__(self, seed):
        self.engine = numpy.random.RandomState(seed)

    def __call__(self, *dims, size=0.5):
        return (self.engine.uniform(-1, 1, dims) * size).astype("float32")


def mlp():
    m, r = Model(), Random(1)
    x = m.input("x", [1, 6])
    x = m.op("FULLY_CONNECTED", [x, m.constant("w0", r(5, 6)), m.constant("b0", r(5))], [1, 5], [RELU, 0, False])
    x = m.op("FULLY_CONNECTED", [x, m.constant("w1", r(4, 5)), -1], [1, 4], [NONE, 0, False])
    x = m.op("TANH", [x], [1, 4])
    x = m.op("FULLY_CONNECTED", [x, m.constant("w2", r(6, 4)), m.constant("b2", r(6))], [1, 6], [RELU_N1_TO_1, 0, False])
    m.outputs = [m.op("SOFTMAX", [x], [1, 6], [1.5], name="y")]
    return m, [1, 6]


def cnn():
    """Odd sizes, so that SAME has more zeros behind than before, and averages leave them out."""
    m, r = Model(), Random(2)
    x = m.input("x", [1, 9, 7, 3])
    x = m.op("CONV_2D", [x, m.constant("k0", r(4, 3, 3, 3)), m.constant("b0", r(4))], [1, 5, 4, 4], [SAME, 2, 2, RELU6, 1, 1])
    x = m.op("DEPTHWISE_CONV_2D", [x, m.constant("k1", r(1, 2, 3, 8)), m.constant("b1", r(8))], [1, 5, 4, 8],
             [SAME, 1, 1, 2, RELU, 1, 1])
    x = m.op("AVERAGE_POOL_2D", [x], [1, 3, 2, 8], [SAME, 2, 2, 3, 2, NONE])
    x = m.op("CONV_2D", [x, m.constant("k2", r(6, 1, 1, 4)), m.constant("b2", r(6))], [1, 3, 2, 6], [VALID, 1, 1, NONE, 1, 1])
    x = m.op("MAX_POOL_2D", [x], [1, 2, 2, 6], [VALID, 1, 1, 1, 2, NONE])
    x = m.op("RESHAPE", [x, m.constant("flat", numpy.array([-1, 24], "int32"))], [1, 24], [[-1, 24]])
    x = m.op("FULLY_CONNECTED", [x, m.constant("w", r(5, 24)), m.constant("b", r(5))], [1, 5], [NONE, 0, False])
    m.outputs = [m.op("LOG_SOFTMAX", [x], [1, 5], name="y")]
    return m, [1, 9, 7, 3]


def dilated():
    """A sequence, as Keras' Conv1D becomes: an image of one row."""
    m, r = Model(), Random(3)
    x = m.input("x", [1, 12, 2])
    x = m.op("EXPAND_DIMS", [x, m.constant("axis", numpy.array(1, "int32"))], [1, 1, 12, 2])
    x = m.op("CONV_2D", [x, m.constant("k0", r(4, 1, 3, 2)), m.constant("b0", r(4))], [1, 1, 8, 4], [VALID, 1, 1, RELU, 2, 1])
    x = m.op("SQUEEZE", [x], [1, 8, 4], [[1]])
    x = m.op("ADD", [x, m.constant("shift", r(8, 4))], [1, 8, 4], [NONE])
    x = m.op("FULLY_CONNECTED", [x, m.constant("w", r(3, 4)), m.constant("b", r(3))], [1, 8, 3], [NONE, 0, True])
    m.outputs = [m.op("SOFTMAX", [x], [1, 8, 3], [1.0], name="y")]
    return m, [1, 12, 2]


def residual():
    m, r = Model(), Random(4)
    x = m.input("x", [1, 6, 6, 4])
    a = m.op("CONV_2D", [x, m.constant("k0", r(4, 3, 3, 4)), m.constant("b0", r(4))], [1, 6, 6, 4], [SAME, 1, 1, NONE, 1, 1])
    a = m.op("MUL", [a, m.constant("factor", r(4))], [1, 6, 6, 4], [NONE])
    a = m.op("SUB", [m.constant("minuend", r(1, 1, 1, 4)), a], [1, 6, 6, 4], [NONE])
    a = m.op("ADD", [a, x], [1, 6, 6, 4], [RELU])
    gate = m.op("MEAN", [a, m.constant("axes", numpy.array([1, 2], "int32"))], [1, 1, 1, 4], [True])
    gate = m.op("CONV_2D", [gate, m.constant("k1", r(4, 1, 1, 4)), m.constant("b1", r(4))], [1, 1, 1, 4], [VALID, 1, 1, NONE, 1, 1])
    a = m.op("MUL", [a, m.op("LOGISTIC", [gate], [1, 1, 1, 4])], [1, 6, 6, 4], [NONE])
    a = m.op("MINIMUM", [a, m.constant("high", numpy.float32(0.75))], [1, 6, 6, 4])
    b = m.op("PAD", [a, m.constant("pads", numpy.array([[0, 0], [1, 0], [0, 2], [0, 0]], "int32"))], [1, 7, 8, 4])
    b = m.op("TRANSPOSE_CONV", [m.constant("size", numpy.array([1, 14, 15, 2], "int32")), m.constant("k2", r(2, 3, 3, 4)), b],
             [1, 14, 15, 2], [SAME, 2, 2, NONE])
    b = m.op("MAX_POOL_2D", [b], [1, 6, 6, 2], [VALID, 2, 2, 4, 3, NONE])
    a = m.op("CONCATENATION", [a, b], [1, 6, 6, 6], [-1, NONE])
    a = m.op("MEAN", [a, m.constant("axes", numpy.array([1, 2], "int32"))], [1, 6], [False])
    m.outputs = [m.op("FULLY_CONNECTED", [a, m.constant("w", r(3, 6)), m.constant("b", r(3))], [1, 3], [NONE, 0, False], name="y")]
    return m, [1, 6, 6, 4]


def functions():
    """Each function of single elements, of the same ten numbers; the last ones of numbers above 0."""
    m = Model()
    x = m.input("x", [1, 10])
    all = [m.op(kind, [x], [1, 10], options) for kind, options in
           [("RELU", None), ("RELU6", None), ("RELU_N1_TO_1", None), ("RELU_0_TO_1", None), ("LOGISTIC", None), ("TANH", None),
            ("EXP", None), ("SIN", None), ("COS", None), ("ABS", None), ("NEG", None), ("SQUARE", None), ("ELU", None),
            ("HARD_SWISH", None), ("LEAKY_RELU", [0.25]), ("GELU", [False]), ("GELU", [True])]]
    all.append(m.op("PRELU", [x, m.constant("slopes", numpy.linspace(-0.5, 0.5, 10, dtype="float32"))], [1, 10]))
    all.append(m.op("MAXIMUM", [x, m.constant("low", numpy.float32(-0.25))], [1, 10]))
    all.append(m.op("SQUARED_DIFFERENCE", [x, m.constant("centre", numpy.linspace(0, 1, 10, dtype="float32"))], [1, 10]))
    y = m.op("ADD", [m.op("ABS", [x], [1, 10]), m.constant("more", numpy.float32(0.5))], [1, 10], [NONE])
    all += [m.op(kind, [y], [1, 10]) for kind in ("LOG", "SQRT", "RSQRT")]
    all.append(m.op("DIV", [x, y], [1, 10], [RELU6]))
    all.append(m.op("POW", [y, m.constant("three", numpy.float32(3))], [1, 10]))
    m.outputs = [m.op("CONCATENATION", all, [1, 10 * len(all)], [1, NONE], name="y")]
    return m, [1, 10]


def parts():
    m, r = Model(), Random(6)
    ints = lambda name, *numbers: m.constant(name, numpy.array(numbers, "int32"))
    x = m.input("x", [1, 6, 4, 2])
    x = m.op("CONV_2D", [x, m.constant("k0", r(4, 1, 1, 2)), m.constant("b0", r(4))], [1, 6, 4, 4], [VALID, 1, 1, NONE, 1, 1])
    a, b = m.op("SPLIT", [m.constant("axis", numpy.array(3, "int32")), x], [[1, 6, 4, 2], [1, 6, 4, 2]], [2])
    c, d = m.op("SPLIT_V", [a, ints("sizes", 2, -1), m.constant("rows", numpy.array(1, "int32"))], [[1, 2, 4, 2], [1, 4, 4, 2]], [2])
    s = m.op("SLICE", [b, ints("begin", 0, 1, 0, 1), ints("size", 1, 3, -1, 1)], [1, 3, 4, 1])
    # x[:, 4::-2, 1:-1, 0]
    t = m.op("STRIDED_SLICE", [x, ints("from", 0, 4, 1, 0), ints("to", 0, 0, -1, 1), ints("steps", 1, -2, 1, 1)], [1, 3, 2],
             [0b0001, 0b0011, 0, 0, 0b1000, False])
    u = m.op("UNPACK", [t], [[1, 2], [1, 2], [1, 2]], [3, 1])
    p = m.op("PACK", [u[2], u[0]], [1, 2, 2], [2, 2])
    p = m.op("REVERSE_V2", [p, ints("axis 1", 1)], [1, 2, 2])
    q = m.op("TRANSPOSE", [d, ints("order", 0, 3, 1, 2)], [1, 2, 4, 4])
    g = m.op("GATHER", [q, ints("which", 3, 1)], [1, 2, 2, 4], [2, 0])
    n = m.op("RESIZE_NEAREST_NEIGHBOR", [c, ints("double", 4, 8)], [1, 4, 8, 2], [False, True])
    l = m.op("RESIZE_BILINEAR", [c, ints("bigger", 4, 8)], [1, 4, 8, 2], [0, 0, False, True])
    e = m.op("MIRROR_PAD", [s, m.constant("pads", numpy.array([[0, 0], [1, 2], [1, 1], [0, 0]], "int32"))], [1, 6, 6, 1], [0])
    f = m.op("PADV2", [n, m.constant("pads 2", numpy.array([[0, 0], [0, 0], [1, 0], [0, 1]], "int32")),
                       m.constant("number", numpy.float32(-0.5))], [1, 4, 9, 3])
    k = m.op("SPACE_TO_DEPTH", [l], [1, 2, 4, 8], [2])
    k = m.op("DEPTH_TO_SPACE", [k], [1, 4, 8, 2], [2])
    # The extents of a tensor, as exporters compute them: 1 and the rest.
    dims = m.op("SHAPE", [k], [4], [2], type="int32")
    batch = m.op("STRIDED_SLICE", [dims, ints("first", 0), ints("second", 1), ints("step", 1)], [], [0, 0, 0, 0, 1, False], type="int32")
    wanted = m.op("PACK", [batch, m.constant("rest", numpy.array(64, "int32"))], [2], [2, 0], type="int32")
    all = [(m.op("RESHAPE", [k, wanted], [1, 64]), 64)]
    for one, size in ((p, 4), (g, 16), (e, 36), (f, 108)):
        all.append((m.op("RESHAPE", [one], [1, size], [[1, -1]]), size))
    m.outputs = [m.op("CONCATENATION", [one for one, _ in all], [1, sum(size for _, size in all)], [1, NONE], name="y")]
    return m, [1, 6, 4, 2]


def weights(seed, kind):
    """A network whose weights are float16 behind DEQUANTIZE, int8 (a scale for each output), or the same as floats."""
    m, r = Model(), Random(seed)

    def stored(name, numbers, axis):
        if kind == "float16":
            halves = m.constant(name, numbers.astype("float16"))
            return m.op("DEQUANTIZE", [halves], list(numbers.shape), name=name + "/floats")
        across = tuple(i for i in range(numbers.ndim) if i != axis)
        scales = (numpy.abs(numbers).max(across) / 127).astype("float32")
        along = [-1 if i == axis else 1 for i in range(numbers.ndim)]
        whole = numpy.clip(numpy.round(numbers / scales.reshape(along)), -127, 127).astype("int8")
        if kind == "int8":
            return m.constant(name, whole, scales=[float(s) for s in scales], zeros=[0] * len(scales), axis=axis)
        if kind == "halves":
            return m.constant(name, numbers.astype("float16").astype("float32"))
        return m.constant(name, scales.reshape(along) * whole.astype("float32"))

    x = m.input("x", [1, 5, 5, 2])
    k0, k1, w = r(3, 3, 3, 2), r(1, 3, 3, 3), r(4, 75)
    x = m.op("CONV_2D", [x, stored("k0", k0, 0), m.constant("b0", r(3))], [1, 5, 5, 3], [SAME, 1, 1, RELU, 1, 1])
    x = m.op("DEPTHWISE_CONV_2D", [x, stored("k1", k1, 3), m.constant("b1", r(3))], [1, 5, 5, 3], [SAME, 1, 1, 1, RELU, 1, 1])
    x = m.op("RESHAPE", [x], [1, 75], [[1, 75]])
    m.outputs = [m.op("FULLY_CONNECTED", [x, stored("w", w, 0), m.constant("b", r(4))], [1, 4], [NONE, 0, False], name="y")]
    return m, [1, 5, 5, 2]


def words():
    """An embedding of symbols."""
    m, r = Model(), Random(9)
    x = m.input("x", [1, 5], "int32")
    x = m.op("GATHER", [m.constant("table", r(7, 4)), x], [1, 5, 4], [0, 0])
    x = m.op("MEAN", [x, m.constant("axes", numpy.array([1], "int32"))], [1, 4], [False])
    m.outputs = [m.op("FULLY_CONNECTED", [x, m.constant("w", r(2, 4)), m.constant("b", r(2))], [1, 2], [NONE, 0, False], name="y")]
    return m, [1, 5]


def steps():
    """A recurrent layer whose state is no longer than the bound that the converter writes, 10, could cut."""
    m, r = Model(), Random(10)
    x = m.input("x", [1, 6, 3])
    w, u, v = [[r(*dims) for _ in "ifco"] for dims in ([4, 3], [4, 4], [4])]
    of_input, of_state, bias = ([m.constant(name + gate, one) for gate, one in zip("ifco", all)]
                                for name, all in (("w", w), ("r", u), ("b", v)))
    state = [m.tensor(name, [1, 4], variable=True) for name in ("h", "c")]
    x = m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", [x] + of_input + of_state + [-1] * 3 + bias + [-1] * 2 + state + [-1] * 4, [1, 6, 4],
             [4, 10.0, 0.0, False])
    x = m.op("RESHAPE", [x], [1, 24], [[1, 24]])
    last, shift = r(2, 24), r(2)
    m.outputs = [m.op("FULLY_CONNECTED", [x, m.constant("w", last), m.constant("b", shift)], [1, 2], [NONE, 0, False], name="y")]

    def answer(sample):
        """LiteRT 2.5.3 does not load variables: the published formulas of an LSTM instead."""
        sigmoid = lambda z: 1 / (1 + numpy.exp(-z))
        h, c, all = numpy.zeros(4), numpy.zeros(4), []
        for step in sample.astype("float64"):
            i, f, g, o = (w[k] @ step + u[k] @ h + v[k] for k in range(4))
            c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
            h = sigmoid(o) * numpy.tanh(c)
            all.append(h)
        return last @ numpy.concatenate(all) + shift

    m.answer = answer
    return m, [1, 6, 3]


def main():
    references = pathlib.Path(sys.argv[1])
    references.mkdir(parents=True, exist_ok=True)
    models = {"mlp": mlp(), "cnn": cnn(), "dilated": dilated(), "residual": residual(), "functions": functions(), "parts": parts(),
              "half": weights(7, "float16"), "dynamic": weights(8, "int8"), "words": words(), "steps": steps()}
    # The runtime rounds what it computes with such weights, so that the outputs are those of a twin of floats.
    twins = {"half": weights(7, "halves")[0], "dynamic": weights(8, "floats")[0]}
    for number, (name, (model, dims)) in enumerate(models.items()):
        (here / f"{name}.tflite").write_bytes(model.bytes())
        if name != "steps":
            (references / f"{name}.tflite").write_bytes(twins.get(name, model).bytes())
        engine = numpy.random.RandomState(100 + number)
        if name == "words":
            x = engine.randint(0, 7, [3] + dims[1:]).astype("int32")
        else:
            x = engine.uniform(-1, 1, [3] + dims[1:]).astype("float32") * (3 if name == "functions" else 1)
            x = x.astype("float32")
        numpy.save(here / f"{name}_x.npy", x)
        if name == "steps":
            numpy.save(here / "steps_y.npy", numpy.array([model.answer(sample) for sample in x], "float32"))
        else:
            x.tofile(references / f"{name}_x.bin")


if __name__ == "__main__":
    main()
