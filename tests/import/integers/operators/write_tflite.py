# SPDX-License-Identifier: BSL-1.0
"""Models of one operator in TensorFlow Lite's files. Operators of two inputs take both from the input of the model: as its halves,
or the second by a convolution whose weights are one diagonal, which gives it a scale of its own."""
import math
import pathlib
import sys

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tflite"))
from tflite_writer import NONE, RELU, RELU6, RELU_N1_TO_1, SAME, VALID, Model  # noqa: E402


class Whole(Model):
    """A model whose tensors are integers of 8 bits, `q` is (scale, zero point)."""

    def __init__(self, seed, kind="int8"):
        super().__init__()
        self.engine, self.kind = numpy.random.RandomState(seed), kind

    def given(self, dims, q):
        self.quantised_input = q
        return self.input("x", dims, self.kind, scales=[q[0]], zeros=[q[1]])

    def made(self, kind, inputs, dims, q, options=None, name=None):
        return self.op(kind, inputs, dims, options, name, self.kind, scales=[q[0]], zeros=[q[1]])

    def ints(self, name, *numbers):
        return self.constant(name, numpy.array(numbers, "int32"))

    def weights(self, name, dims, scales, axis=0, values=None):
        numbers = self.engine.randint(-127, 128, dims) if values is None else numpy.array(values).reshape(dims)
        data, zero = numbers.astype("int8"), 0
        if self.kind == "uint8":
            data, zero = (numbers + 128).astype("uint8"), 128
        scales = list(scales)
        return self.constant(name, data, scales=scales, zeros=[zero] * len(scales), axis=axis)

    def bias(self, name, values, x_scale, scales):
        values = numpy.array(values, "int64").astype("int32")
        scales = [float(numpy.float32(x_scale) * numpy.float32(s)) for s in scales]
        return self.constant(name, values, scales=scales, zeros=[0] * len(scales))

    def random_bias(self, name, count, size, x_scale, scales):
        return self.bias(name, self.engine.randint(-size, size + 1, count), x_scale, scales)

    def rescaled(self, x, channels, q, factor=1.0):
        """x of images of `channels`, by a convolution of one element whose weights are 127 on the diagonal: x times `factor`."""
        scale = factor / 127
        w = self.weights("diagonal", [channels, 1, 1, channels], [scale], values=numpy.eye(channels, dtype=int) * 127)
        dims = [1] + self.image + [channels]
        return self.made("CONV_2D", [x, w, self.bias("none", [0] * channels, self.quantised_input[0], [scale])], dims, q,
                         [VALID, 1, 1, NONE, 1, 1], name="other")


def dense(seed, x, y, w, inputs=16, outputs=8, act=NONE, bias=2000, rows=0, values=None, biases=None, kind="int8"):
    m = Whole(seed, kind)
    scales = [w] if isinstance(w, float) else list(w)
    at = m.given([1, rows, inputs] if rows else [1, inputs], x)
    b = -1
    if biases is not None:
        b = m.bias("b", biases, x[0], scales)
    elif bias:
        b = m.random_bias("b", outputs, bias, x[0], scales)
    k = m.weights("w", [outputs, inputs], scales, values=values)
    m.outputs = [m.made("FULLY_CONNECTED", [at, k, b], [1, rows, outputs] if rows else [1, outputs], y, [act, 0, rows > 0], name="y")]
    return m


def conv(seed, x, y, w, image=(5, 5), channels=3, outputs=4, window=(3, 3), padding=VALID, stride=(1, 1), dilation=(1, 1), act=NONE,
         groups=1, bias=2000, values=None, kind="int8"):
    m = Whole(seed, kind)
    scales = [w] if isinstance(w, float) else list(w)
    at = m.given([1, *image, channels], x)
    k = m.weights("w", [outputs, *window, channels // groups], scales, values=values)
    b = m.random_bias("b", outputs, bias, x[0], scales)
    m.outputs = [m.made("CONV_2D", [at, k, b], [1, *places(image, window, stride, dilation, padding), outputs], y,
                        [padding, stride[1], stride[0], act, dilation[1], dilation[0]], name="y")]
    return m


def depthwise(seed, x, y, w, image=(5, 5), channels=4, multiplier=1, window=(3, 3), padding=VALID, stride=(1, 1), dilation=(1, 1),
              act=NONE, bias=500, kind="int8"):
    m = Whole(seed, kind)
    scales = [w] if isinstance(w, float) else list(w)
    outputs = channels * multiplier
    at = m.given([1, *image, channels], x)
    k = m.weights("w", [1, *window, outputs], scales, axis=3 if len(scales) > 1 else 0)
    b = m.random_bias("b", outputs, bias, x[0], scales)
    m.outputs = [m.made("DEPTHWISE_CONV_2D", [at, k, b], [1, *places(image, window, stride, dilation, padding), outputs], y,
                        [padding, stride[1], stride[0], multiplier, act, dilation[1], dilation[0]], name="y")]
    return m


def places(image, window, stride, dilation, padding):
    return [-(-n // s) if padding == SAME else (n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(image, window, stride, dilation)]


def pool(kind, x, y=None, image=(6, 6), channels=2, window=(2, 2), stride=(2, 2), padding=VALID, act=NONE, type="int8"):
    m = Whole(1, type)
    at = m.given([1, *image, channels], x)
    m.outputs = [m.made(kind, [at], [1, *places(image, window, stride, (1, 1), padding), channels], y or x,
                        [padding, stride[1], stride[0], window[1], window[0], act], name="y")]
    return m


def function(kind, x, y, options=None, size=256, type="int8"):
    m = Whole(1, type)
    m.outputs = [m.made(kind, [m.given([1, size], x)], [1, size], y, options, name="y")]
    return m


def halves(kind, x, y, act=NONE, size=16, options=None, type="int8"):
    """Of the two halves of the input, which have the same scale."""
    m = Whole(1, type)
    at = m.given([1, 2 * size], x)
    parts = m.op("SPLIT", [m.constant("axis", numpy.array(1, "int32")), at], [[1, size]] * 2, [2], "half", m.kind, scales=[x[0]], zeros=[x[1]])
    m.outputs = [m.made(kind, parts, [1, size], y, options or [act], name="y")]
    return m


def with_other(kind, x, other, y, act=NONE, factor=1.0, options=None, swapped=False, image=(3, 3), channels=2, out=None):
    """Of the input and of what a convolution makes of it, in another scale."""
    m = Whole(1)
    m.image = list(image)
    at = m.given([1, *image, channels], x)
    both = [at, m.rescaled(at, channels, other, factor)]
    m.outputs = [m.made(kind, both[::-1] if swapped else both, [1, *image, out or channels], y, options or [act], name="y")]
    return m


def nested(x, middle, y, kind="ADD"):
    """(x + x) + x, whose first sum is rounded to integers."""
    m = Whole(1)
    at = m.given([1, 16], x)
    first = m.made(kind, [at, at], [1, 16], middle, [NONE], name="first")
    m.outputs = [m.made(kind, [first, at], [1, 16], y, [NONE], name="y")]
    return m


def constant_after_conv(kind, x, middle, y, values=(100, -50), c=(0.02, 0), act=NONE):
    """Products that are rounded before a constant changes them."""
    m = Whole(1)
    m.image = [3, 3]
    at = m.rescaled(m.given([1, 3, 3, 2], x), 2, middle)
    k = m.constant("c", numpy.array(values, "int8"), scales=[c[0]], zeros=[c[1]])
    m.outputs = [m.made(kind, [at, k], [1, 3, 3, 2], y, [act], name="y")]
    return m


def concatenated(x, others, y, act=NONE, channels=2):
    m = Whole(1)
    m.image = [3, 3]
    at = m.given([1, 3, 3, channels], x)
    all = [at]
    for i, one in enumerate(others):
        all.append(at if one is None else m.rescaled(at, channels, one))
    m.outputs = [m.made("CONCATENATION", all, [1, 3, 3, channels * len(all)], y, [3, act], name="y")]
    return m


def constant(kind, x, c, y, values, act=NONE, first=False):
    m = Whole(1)
    at = m.given([1, 16], x)
    k = m.constant("c", numpy.array(values, "int8"), scales=[c[0]], zeros=[c[1]])
    m.outputs = [m.made(kind, [k, at] if first else [at, k], [1, 16], y, [act], name="y")]
    return m


def reduced(kind, x, y, image=(3, 5), channels=3, axes=(1, 2), keeps=False, type="int8"):
    m = Whole(1, type)
    at = m.given([1, *image, channels], x)
    dims = [1, *image, channels]
    left = [1 if i in axes else n for i, n in enumerate(dims)] if keeps else [n for i, n in enumerate(dims) if i not in axes]
    m.outputs = [m.made(kind, [at, m.ints("axes", *axes)], left, y, [keeps], name="y")]
    return m


def moved(kind, x, dims, out, inputs=(), options=None, y=None, given_first=True, type="int8"):
    m = Whole(1, type)
    at = m.given(dims, x)
    rest = [m.constant(name, numpy.array(values, dtype), **more) for name, values, dtype, more in inputs]
    m.outputs = [m.made(kind, [at] + rest if given_first else rest + [at], out, y or x, options, name="y")]
    return m


def network():
    """What the operators are for: layers one after the other, with a residual, branches and a pool."""
    m = Whole(50)
    m.image = [8, 8]
    x_q, some = (0.03, 5), [0.01, 0.02, 0.005, 0.015]

    def conv(x, of, outputs, name, dims, window, y, scales, act=NONE, depthwise=False):
        w = m.weights("w " + name, [1, window, window, outputs] if depthwise else [outputs, window, window, of[1]], scales,
                      axis=3 if depthwise else 0)
        b = m.random_bias("b " + name, outputs, 2000, of[0], scales)
        options = [SAME, 1, 1] + ([1] if depthwise else []) + [act, 1, 1]
        return m.made("DEPTHWISE_CONV_2D" if depthwise else "CONV_2D", [x, w, b], [1, *dims, outputs], y, options, name=name)

    x = m.given([1, 8, 8, 3], x_q)
    a = conv(x, (x_q[0], 3), 4, "a", [8, 8], 3, (0.2, -128), some, RELU)
    b = conv(a, (0.2, 4), 4, "b", [8, 8], 3, (0.25, 9), some, depthwise=True)
    s = m.made("ADD", [b, a], [1, 8, 8, 4], (0.3, -11), [NONE], name="s")
    s = m.made("LEAKY_RELU", [s], [1, 8, 8, 4], (0.27, -40), [0.1], name="l")
    s = m.made("MAX_POOL_2D", [s], [1, 4, 4, 4], (0.27, -40), [SAME, 2, 2, 2, 2, NONE], name="p")
    s = m.made("HARD_SWISH", [s], [1, 4, 4, 4], (0.2, -100), None, name="h")
    six = (6 / 255, -128)
    d = conv(s, (0.2, 4), 6, "d", [4, 4], 1, six, [0.003, 0.01, 0.02, 0.005, 0.001, 0.007], RELU6)
    e = conv(s, (0.2, 4), 2, "e", [4, 4], 3, six, [0.003, 0.002])
    c = m.made("CONCATENATION", [d, e], [1, 4, 4, 8], six, [3, NONE], name="c")
    c = m.made("AVERAGE_POOL_2D", [c], [1, 2, 2, 8], six, [SAME, 2, 2, 2, 2, NONE], name="v")
    c = m.made("MEAN", [c, m.ints("axes", 1, 2)], [1, 8], (0.02, -90), [False], name="m")
    w, b = m.weights("w", [5, 8], [0.01]), m.random_bias("bias", 5, 500, 0.02, [0.01])
    c = m.made("FULLY_CONNECTED", [c, w, b], [1, 5], (0.06, 10), [NONE, 0, False], name="f")
    m.outputs = [m.made("SOFTMAX", [c], [1, 5], (1 / 256, -128), [1.0], name="y")]
    return m


def models():
    wide = [10.0 ** e for e in (-5, -4, -3, -2, -1, 0, 1, 2)]
    all = {
        # Dense layers.
        "dense": dense(1, (0.05, 3), (0.5, -5), 0.01),
        "dense_per_channel": dense(2, (0.05, 3), (0.5, -5), [0.01 * (i + 1) for i in range(8)]),
        "dense_relu": dense(3, (0.02, -128), (0.1, -128), 0.004, act=RELU),
        "dense_relu6": dense(4, (0.05, 0), (6 / 255, -128), 0.01, act=RELU6),
        "dense_relu_n1": dense(5, (0.05, 0), (0.01, 10), 0.01, act=RELU_N1_TO_1),
        "dense_no_bias": dense(6, (0.04, -7), (0.3, 9), 0.011, bias=0),
        "dense_ties": dense(7, (0.5, 0), (4.0, 0), 0.5, values=[[1, -1] * 8, [1, 0] * 8, [-3, 1] * 8, [2, -3] * 8] * 2, bias=16),
        "dense_ties_16": dense(8, (1.0, -128), (16.0, -128), 0.5, values=[[1] * 16, [1, 0] * 8, [-1] * 16, [3, -1] * 8] * 2, bias=31),
        "dense_saturates": dense(9, (0.05, 3), (0.001, 0), 0.1),
        "dense_factor_1": dense(10, (0.5, 3), (0.25, 0), 0.5, bias=100, values=numpy.eye(8, 16, dtype=int) * 3),
        "dense_factor_100": dense(11, (1.0, 0), (0.01, 0), 1.0, bias=1, values=numpy.eye(8, 16, dtype=int)),
        "dense_factor_tiny": dense(12, (0.01, 127), (1.0, 0), 0.001, bias=10000000),
        "dense_factor_least": dense(13, (1e-4, 5), (1.0, 0), 1e-5, bias=2000000000),
        "dense_zero_least": dense(14, (0.1, -128), (2.0, -128), 0.02),
        "dense_zero_greatest": dense(15, (0.1, 127), (2.0, 127), 0.02),
        "dense_scales_far_apart": dense(16, (0.05, -3), (0.2, 4), [s * 0.01 for s in wide], bias=0),
        "dense_rows": dense(17, (0.05, 3), (0.5, -5), 0.01, rows=3),
        "dense_large_bias": dense(18, (0.05, 3), (1e5, -5), 0.01, biases=[1 << 30, -(1 << 30), (1 << 30) - 1, 1, 0, -1, 123456789, -987654321]),
        "dense_weights_least": dense(19, (0.05, 3), (2.0, -5), 0.01, values=[-128] * 128),
        # Convolutions.
        "conv": conv(20, (0.03, 5), (0.4, -9), 0.01),
        "conv_per_channel": conv(21, (0.03, 5), (0.4, -9), [0.01, 0.02, 0.005, 0.03]),
        "conv_same_stride": conv(22, (0.03, 5), (0.4, -9), [0.01, 0.02, 0.005, 0.03], image=(6, 5), padding=SAME, stride=(2, 2)),
        "conv_dilated": conv(23, (0.03, -128), (0.4, 0), 0.01, image=(7, 6), dilation=(2, 2), padding=SAME),
        "conv_groups": conv(24, (0.03, 5), (0.2, -9), [0.01, 0.02, 0.005, 0.03], channels=4, groups=2),
        "conv_one_by_one": conv(25, (0.03, 5), (0.2, -9), 0.01, window=(1, 1), channels=8, image=(3, 3)),
        "conv_relu6": conv(26, (0.03, 5), (6 / 255, -128), 0.01, act=RELU6),
        "conv_ties": conv(27, (0.5, 7), (8.0, -1), 0.5, values=[((i * 7) % 5) - 2 for i in range(108)], bias=31),
        "conv_scales_far_apart": conv(28, (0.03, 127), (0.2, -128), [s * 0.01 for s in wide], outputs=8, bias=0, image=(3, 4)),
        "conv_sequence": conv(29, (0.03, 5), (0.3, -9), 0.01, image=(1, 9), window=(1, 3), stride=(1, 2)),
        "conv_saturates": conv(30, (0.03, 5), (0.002, 0), 0.01),
        "conv_no_bias": conv(31, (0.03, 127), (0.4, 127), 0.01, bias=0),
        "depthwise": depthwise(32, (0.03, 5), (0.2, -9), 0.01),
        "depthwise_per_channel": depthwise(33, (0.03, 5), (0.2, -9), [0.01, 0.02, 0.005, 0.03]),
        "depthwise_multiplier": depthwise(34, (0.03, 5), (0.2, -9), [0.01, 0.02, 0.005, 0.03], channels=2, multiplier=2),
        "depthwise_same_stride": depthwise(35, (0.03, 120), (0.2, -9), [0.01, 0.02, 0.005, 0.03], padding=SAME, stride=(2, 2), act=RELU),
        "depthwise_dilated": depthwise(36, (0.03, 5), (0.2, -9), [0.01, 0.02, 0.005, 0.03], image=(6, 6), dilation=(2, 2)),
        "depthwise_relu6": depthwise(37, (0.03, -128), (6 / 255, -128), [0.01, 0.02, 0.005, 0.03], act=RELU6),
        "depthwise_scales_far_apart": depthwise(38, (0.03, 127), (0.2, -128), [s * 0.01 for s in wide], channels=8, image=(3, 4)),
        # Sums.
        "add": halves("ADD", (0.05, 3), (0.08, -4)),
        "add_relu": halves("ADD", (0.05, 3), (0.05, -128), RELU),
        "add_ties": halves("ADD", (1.0, 0), (2.0, 0)),
        "add_ties_zeros": halves("ADD", (1.0, -128), (2.0, -127)),
        "add_scales": with_other("ADD", (0.05, 3), (0.11, -20), (0.1, 7)),
        "add_scales_swapped": with_other("ADD", (0.05, 3), (0.11, -20), (0.1, 7), swapped=True),
        "add_relu6": with_other("ADD", (0.05, -128), (0.03, 10), (6 / 255, -128), RELU6),
        "add_ratio_1000": with_other("ADD", (1.0, 0), (0.001, 0), (1.0, 0), factor=0.001),
        "add_ratio_100": with_other("ADD", (1.0, -3), (0.01, 4), (1.1, 5), factor=0.01),
        "add_ratio_200": with_other("ADD", (0.01, 0), (0.012, 3), (2.0, 0)),
        "add_saturates": halves("ADD", (1.0, 0), (0.01, 0)),
        "add_zeros_far_apart": with_other("ADD", (0.02, -128), (0.021, 127), (0.04, 127)),
        "add_nested": nested((0.05, 3), (0.11, -7), (0.16, 5)),
        "add_constant": constant("ADD", (0.05, 3), (0.02, -5), (0.07, 0), range(-128, 128, 16)),
        "add_constant_ties": constant("ADD", (1.0, 0), (1.0, 0), (2.0, 0), range(-128, 128, 16), RELU, first=True),
        "add_constant_zeros": constant("ADD", (0.02, -128), (0.0211, 127), (0.041, 127), range(-128, 128, 16)),
        "add_one": constant("ADD", (0.05, 3), (0.013, -5), (0.051, 4), 100),
        "add_after_conv": constant_after_conv("ADD", (0.05, 3), (0.11, -20), (0.1, 7)),
        "add_after_conv_relu": constant_after_conv("ADD", (0.05, 3), (0.11, -20), (0.07, -128), act=RELU),
        "sub": halves("SUB", (0.05, 3), (0.08, -4)),
        "sub_ties": halves("SUB", (1.0, 5), (2.0, -3)),
        "sub_relu": halves("SUB", (0.05, 3), (0.08, -4), RELU),
        "sub_scales": with_other("SUB", (0.05, 3), (0.11, -20), (0.1, 7)),
        "sub_scales_swapped": with_other("SUB", (0.05, 3), (0.11, -20), (0.1, 7), swapped=True),
        "sub_constant": constant("SUB", (0.05, 3), (0.02, -5), (0.07, 0), range(-128, 128, 16)),
        "mul_after_conv": constant_after_conv("MUL", (0.05, 3), (0.11, -20), (0.1, 7)),
        "mul": halves("MUL", (0.05, 3), (0.08, -4)),
        "mul_constant": constant("MUL", (0.05, 3), (0.02, -5), (0.07, 0), range(-128, 128, 16)),
        # Concatenations.
        "concat": concatenated((0.05, 3), [None], (0.05, 3)),
        "concat_scales": concatenated((0.05, 3), [(0.11, -20)], (0.1, 7)),
        "concat_one_scale": concatenated((0.1, 7), [(0.11, -20)], (0.1, 7)),
        "concat_ties": concatenated((0.5, 0), [(1.0, 3)], (1.0, 0)),
        "concat_relu": concatenated((0.05, 3), [None], (0.05, 3), act=RELU),
        # Pools and means.
        "average": pool("AVERAGE_POOL_2D", (0.05, 3)),
        "average_same": pool("AVERAGE_POOL_2D", (0.05, -128), image=(5, 5), window=(3, 3), padding=SAME),
        "average_overlap": pool("AVERAGE_POOL_2D", (0.05, 127), image=(5, 5), window=(3, 2), stride=(1, 1)),
        "average_relu6": pool("AVERAGE_POOL_2D", (0.05, -20), act=RELU6),
        "average_uint8": pool("AVERAGE_POOL_2D", (0.05, 131), type="uint8"),
        "max": pool("MAX_POOL_2D", (0.05, 3)),
        "max_same": pool("MAX_POOL_2D", (0.05, 3), image=(5, 5), window=(3, 3), padding=SAME),
        "max_relu": pool("MAX_POOL_2D", (0.05, 3), act=RELU),
        "mean": reduced("MEAN", (0.05, 3), (0.05, 3)),
        "mean_keeps": reduced("MEAN", (0.05, 3), (0.05, 3), keeps=True),
        "mean_rescaled": reduced("MEAN", (0.05, 3), (0.02, -30)),
        "mean_ties": reduced("MEAN", (0.05, 0), (0.05, 0), image=(2, 4)),
        "mean_zero_least": reduced("MEAN", (0.05, -128), (0.05, -128), image=(4, 4)),
        "mean_ties_odd": reduced("MEAN", (0.05, 3), (0.05, 3), image=(2, 4)),
        "mean_ties_rescaled": reduced("MEAN", (0.5, 3), (1.0, -7), image=(2, 4)),
        "mean_of_six": reduced("MEAN", (0.05, -5), (0.05, -5), image=(2, 3)),
        "mean_of_one": reduced("MEAN", (0.05, 3), (0.08, -7), image=(1, 1)),
        "mean_of_rows": reduced("MEAN", (0.05, 3), (0.05, 3), axes=(1,)),
        "sum": reduced("SUM", (0.05, 3), (0.2, 3)),
        "reduce_max": reduced("REDUCE_MAX", (0.05, 3), (0.05, 3)),
        # Functions.
        "logistic": function("LOGISTIC", (0.05, 3), (1 / 256, -128)),
        "logistic_wide": function("LOGISTIC", (0.5, -10), (1 / 256, -128)),
        "logistic_fine": function("LOGISTIC", (0.003, 100), (1 / 256, -128)),
        "logistic_other_scale": function("LOGISTIC", (0.05, 3), (0.005, -100)),
        "tanh": function("TANH", (0.03, 3), (1 / 128, 0)),
        "tanh_wide": function("TANH", (0.5, -10), (1 / 128, 0)),
        "tanh_fine": function("TANH", (0.002, 100), (1 / 128, 0)),
        "hard_swish": function("HARD_SWISH", (0.05, 3), (0.05, -20)),
        "hard_swish_wide": function("HARD_SWISH", (0.2, -100), (0.1, -125)),
        "hard_swish_fine": function("HARD_SWISH", (0.01, 60), (0.008, -20)),
        "hard_swish_coarse": function("HARD_SWISH", (1.0, 0), (1.5, -100)),
        "hard_swish_6": function("HARD_SWISH", (6 / 255, -128), (6 / 255, -128)),
        "leaky_relu_slope_least": function("LEAKY_RELU", (0.05, 3), (0.05, 3), [0.002]),
        "leaky_relu_slope_small": function("LEAKY_RELU", (0.05, 3), (0.15, 3), [0.01]),
        "leaky_relu_coarse": function("LEAKY_RELU", (0.05, 3), (0.7, 3), [0.3]),
        "leaky_relu": function("LEAKY_RELU", (0.05, 3), (0.04, -20), [0.1]),
        "leaky_relu_ties": function("LEAKY_RELU", (1.0, 0), (2.0, 0), [0.5]),
        "leaky_relu_same": function("LEAKY_RELU", (0.05, 3), (0.05, 3), [0.25]),
        "relu": function("RELU", (0.05, 3), (0.05, 3)),
        "relu6": function("RELU6", (0.05, 3), (0.05, 3)),
        "relu_rescaled": function("RELU", (0.05, 3), (0.03, -128)),
        "relu6_rescaled": function("RELU6", (0.05, 3), (6 / 255, -128)),
        "elu": function("ELU", (0.05, 3), (0.05, -20)),
        "quantize": function("QUANTIZE", (0.05, 3), (0.08, -20)),
        "softmax": function("SOFTMAX", (0.1, 3), (1 / 256, -128), [1.0], size=10),
        "softmax_wide": function("SOFTMAX", (1.0, 3), (1 / 256, -128), [1.0], size=10),
        "softmax_fine": function("SOFTMAX", (0.001, 3), (1 / 256, -128), [1.0], size=7),
        "softmax_two": function("SOFTMAX", (0.05, 3), (1 / 256, -128), [1.0], size=2),
        "softmax_beta": function("SOFTMAX", (0.1, 3), (1 / 256, -128), [0.5], size=10),
        # Moves.
        "reshape": moved("RESHAPE", (0.05, 3), [1, 2, 3, 4], [1, 24], [("to", [1, 24], "int32", {})], [[1, 24]]),
        "pad": moved("PAD", (0.05, 3), [1, 3, 3, 2], [1, 5, 6, 2], [("pads", [[0, 0], [1, 1], [1, 2], [0, 0]], "int32", {})]),
        "pad_zero_greatest": moved("PAD", (0.05, 127), [1, 3, 3, 2], [1, 5, 6, 2], [("pads", [[0, 0], [1, 1], [1, 2], [0, 0]], "int32", {})]),
        "transpose": moved("TRANSPOSE", (0.05, 3), [1, 3, 4, 2], [1, 4, 2, 3], [("order", [0, 2, 3, 1], "int32", {})]),
        "strided_slice": moved("STRIDED_SLICE", (0.05, 3), [1, 6, 4, 2], [1, 3, 2, 2], [("from", [0, 0, 1, 0], "int32", {}),
                               ("to", [1, 6, 3, 2], "int32", {}), ("steps", [1, 2, 1, 1], "int32", {})], [0, 0, 0, 0, 0, False]),
        "resize_nearest": moved("RESIZE_NEAREST_NEIGHBOR", (0.05, 3), [1, 3, 3, 2], [1, 6, 6, 2], [("size", [6, 6], "int32", {})], [False, False]),
        "network": network(),
        "dense_uint8": dense(40, (0.05, 131), (0.5, 120), 0.01, kind="uint8"),
    }
    return all
