# SPDX-License-Identifier: BSL-1.0
"""Models of one operator in ONNX, in both forms of integers: operators that take and give them (QLinearConv, and those of
onnxruntime's own domain), and operators of real numbers between DequantizeLinear and QuantizeLinear. Operators of two inputs take
both from the input of the model, as its halves or by a second operator, as in write_tflite.py."""
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
SIGNED, UNSIGNED = "int8", "uint8"
# Of inputs and outputs that are real numbers: 32nds of the integers in the files.
REAL = (1 / 32, 0)
TYPES = {SIGNED: TensorProto.INT8, UNSIGNED: TensorProto.UINT8}


class Graph:
    """`q` is (scale, zero point), of values of the type `kind`."""

    def __init__(self, seed, kind=UNSIGNED):
        self.engine, self.kind, self.nodes, self.constants, self.given_dims = numpy.random.RandomState(seed), kind, [], [], None

    def constant(self, name, numbers, kind):
        if name not in [one.name for one in self.constants]:
            self.constants.append(numpy_helper.from_array(numpy.array(numbers, kind), name))
        return name

    def of(self, name, q):
        """The names of scale and zero point."""
        return [self.constant(name + "_scale", numpy.float32(q[0]), "float32"), self.constant(name + "_zero", q[1], self.kind)]

    def given(self, dims, q):
        self.given_dims, self.x = list(dims), ("x", q)
        return "x"

    def node(self, op, inputs, outputs, domain="", **attributes):
        outputs = outputs if isinstance(outputs, list) else [outputs]
        self.nodes.append(helper.make_node(op, inputs, outputs, name="node " + outputs[0], domain=domain, **attributes))
        return outputs[0]

    def weights(self, name, dims, scales, axis=0, kind=None, values=None, zero=0):
        """Integers, their scales and their zero points."""
        kind = kind or SIGNED
        least = -128 if kind == SIGNED else 0
        numbers = self.engine.randint(-127, 128, dims) if values is None else numpy.array(values).reshape(dims)
        several = isinstance(scales, (list, tuple))
        return [self.constant(name, numbers + (128 if kind == UNSIGNED else 0), kind),
                self.constant(name + "_scale", numpy.array(scales, "float32"), "float32"),
                self.constant(name + "_zero", numpy.full(len(scales) if several else (), zero + (128 if kind == UNSIGNED else 0)), kind)]

    def dequantised(self, name, q=None, scale=None, **attributes):
        inputs = [name] + (self.of(name, q) if scale is None else scale)
        return self.node("DequantizeLinear", inputs, name + "_real", **attributes)

    def quantised(self, name, q, to="y"):
        return self.node("QuantizeLinear", [name] + self.of(to, q), to)

    def model(self, dims, opset=13, real=False):
        kind = TensorProto.FLOAT if real else TYPES[self.kind]
        graph = helper.make_graph(self.nodes, "one operator", [helper.make_tensor_value_info("x", kind, self.given_dims)],
                                  [helper.make_tensor_value_info("y", kind, dims)], self.constants)
        domains = {one.domain for one in self.nodes}
        opsets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(MICROSOFT, 1)] * (MICROSOFT in domains)
        return helper.make_model(graph, opset_imports=opsets, ir_version=8), self.given_dims, self.kind


def windows(image, window, stride, dilation, pads):
    return [(n + pads[i] + pads[i + 2] - d * (k - 1) - 1) // s + 1 for i, (n, k, s, d) in enumerate(zip(image, window, stride, dilation))]


def conv(seed, x, y, w, qdq=False, kind=UNSIGNED, image=(5, 5), channels=3, outputs=4, window=(3, 3), stride=(1, 1), dilation=(1, 1),
         pads=(0, 0, 0, 0), group=1, bias=2000, values=None, weights=SIGNED, then=None, rounded=None):
    g = Graph(seed, kind)
    g.given([1, channels, *image], x)
    k = g.weights("w", [outputs, channels // group, *window], w, kind=weights, values=values)
    b = g.constant("b", g.engine.randint(-bias, bias + 1, outputs), "int32") if bias else ""
    dims = [1, outputs, *windows(image, window, stride, dilation, pads)]
    attributes = dict(kernel_shape=window, strides=stride, dilations=dilation, pads=pads, group=group)
    if qdq:
        several = isinstance(w, (list, tuple))
        axis = {"axis": 0} if several else {}
        inputs = [g.dequantised("x", x), g.dequantised("w", scale=k[1:], **axis)]
        if bias:
            scale = numpy.float32(x[0]) * numpy.array(w, "float32")
            inputs.append(g.dequantised("b", scale=[g.constant("b_scale", scale, "float32"), g.constant("b_zero", numpy.zeros_like(scale), "int32")],
                                        **axis))
        made = g.node("Conv", inputs, "made", **attributes)
        if rounded:
            made = g.dequantised(g.quantised(made, rounded, "rounded"), rounded)
        if then:
            made = g.node(then, [made], "then")
        g.quantised(made, y)
    else:
        g.node("QLinearConv", ["x"] + g.of("x", x) + k + g.of("y", y) + ([b] if bias else []), "y", **attributes)
    return g.model(dims)


def dense(seed, x, y, w, form="QGemm", kind=UNSIGNED, inputs=16, outputs=8, bias=2000, values=None, rows=1, transposed=True, weights=SIGNED):
    """QGemm, QLinearMatMul, or Gemm or MatMul between both."""
    g = Graph(seed, kind)
    g.given([rows, inputs], x)
    transposed = transposed and form in ("QGemm", "Gemm")
    k = g.weights("w", [outputs, inputs] if transposed else [inputs, outputs], w, kind=weights, values=values)
    b = g.constant("b", g.engine.randint(-bias, bias + 1, outputs), "int32") if bias and form.endswith("Gemm") else ""
    if form == "QGemm":
        g.node("QGemm", ["x"] + g.of("x", x) + k + [b] + g.of("y", y), "y", MICROSOFT, transB=int(transposed))
    elif form == "QLinearMatMul":
        g.node("QLinearMatMul", ["x"] + g.of("x", x) + k + g.of("y", y), "y")
    else:
        several = isinstance(w, (list, tuple))
        along = {"axis": 0 if transposed else 1} if several else {}
        operands = [g.dequantised("x", x), g.dequantised("w", scale=k[1:], **along)]
        if b:
            scale = numpy.float32(x[0]) * numpy.array(w, "float32")
            operands.append(g.dequantised("b", scale=[g.constant("b_scale", scale, "float32"), g.constant("b_zero", numpy.zeros_like(scale), "int32")],
                                          **({"axis": 0} if several else {})))
        g.quantised(g.node(form, operands, "made", **({"transB": int(transposed)} if form == "Gemm" else {})), y)
    return g.model([rows, outputs])


def halves(op, x, y, qdq=False, kind=UNSIGNED, size=16):
    """Of the two halves of the input, which have the same scale."""
    g = Graph(1, kind)
    g.given([1, 2 * size], x)
    sizes = g.constant("sizes", [size, size], "int64")
    if qdq:
        g.node("Split", [g.dequantised("x", x), sizes], ["left", "right"], axis=1)
        both = []
        for part in ("left", "right"):
            both.append(g.dequantised(g.quantised(part, x, part + "_q"), x))
        g.quantised(g.node(op, both, "made"), y)
    else:
        g.node("Split", ["x", sizes], ["left", "right"], axis=1)
        g.node("QLinear" + op, ["left"] + g.of("x", x) + ["right"] + g.of("x", x) + g.of("y", y), "y", MICROSOFT)
    return g.model([1, size])


def with_other(op, x, other, y, qdq=False, kind=UNSIGNED, factor=1.0, swapped=False, image=(3, 3), channels=2, **attributes):
    """Of the input and of what a convolution makes of it, in another scale."""
    g = Graph(1, kind)
    g.given([1, channels, *image], x)
    k = g.weights("w", [channels, channels, 1, 1], factor / 127, values=numpy.eye(channels, dtype=int) * 127)
    dims = [1, channels * (2 if op == "Concat" else 1), *image]
    if qdq:
        real = g.dequantised("x", x)
        moved = g.node("Conv", [real, g.dequantised("w", scale=k[1:])], "moved", kernel_shape=[1, 1])
        both = [real, g.dequantised(g.quantised(moved, other, "other"), other)]
        g.quantised(g.node(op, both[::-1] if swapped else both, "made", **attributes), y)
    else:
        g.node("QLinearConv", ["x"] + g.of("x", x) + k + g.of("other", other), "other", kernel_shape=[1, 1])
        a, b = ["x"] + g.of("x", x), ["other"] + g.of("other", other)
        if swapped:
            a, b = b, a
        if op == "Concat":
            g.node("QLinearConcat", g.of("y", y) + a + b, "y", MICROSOFT, **attributes)
        else:
            g.node("QLinear" + op, a + b + g.of("y", y), "y", MICROSOFT, **attributes)
    return g.model(dims)


def concatenated(x, y, qdq=False, kind=UNSIGNED, channels=2):
    g = Graph(1, kind)
    g.given([1, channels, 3, 3], x)
    g.node("QLinearConcat", g.of("y", y) + ["x"] + g.of("x", x) + ["x"] + g.of("x", x), "y", MICROSOFT, axis=1)
    return g.model([1, 2 * channels, 3, 3])


def with_constant(op, x, c, y, qdq=False, kind=UNSIGNED, size=16, dims=None, of=None, first=False, middle=None, then=None, rounded=None,
                  of_floats=False):
    """Of the input, or of its products with a matrix if these are rounded as `middle`, and of a constant, of integers of the type
    `of`; with `dims` of channels. `then` an activation, before which the result may be `rounded`."""
    g = Graph(1, kind)
    given = dims or [1, size]
    at, q = g.given(given, x), x
    real = qdq and kind == SIGNED
    if real:
        at = g.quantised("x", x, "x_q")
    if middle:
        w = g.weights("w", [size, size], 0.01)
        if qdq:
            at = g.quantised(g.node("MatMul", [g.dequantised(at, x), g.dequantised("w", scale=w[1:])], "product"), middle, "middle")
        else:
            at = g.node("QLinearMatMul", [at] + g.of("x", x) + w + g.of("middle", middle), "middle")
        q = middle
    kind = of or kind
    least = 0 if kind == UNSIGNED else -128
    numbers = numpy.array([least + 30, least + 200]).reshape(2, 1, 1) if dims else numpy.arange(least, least + 256, 256 // size)
    k = [g.constant("c", numbers, kind), g.constant("c_scale", numpy.float32(c[0]), "float32"), g.constant("c_zero", c[1], kind)]
    if qdq:
        floats = of_floats and g.constant("floats", (numbers - c[1]) * c[0], "float32")
        both = [g.dequantised(at, q), floats or g.dequantised("c", scale=k[1:])]
        made = g.node(op, both[::-1] if first else both, "made")
        if rounded:
            made = g.dequantised(g.quantised(made, rounded, "rounded"), rounded)
        g.quantised(g.node(then, [made], "then") if then else made, y, "y_q" if real else "y")
        if real:
            g.dequantised("y_q", y)
            g.nodes[-1].output[0] = "y"
    else:
        both = [[at] + g.of(at, q), k]
        g.node("QLinear" + op, sum(both[::-1] if first else both, []) + g.of("y", y), "y", MICROSOFT)
    return g.model(given, real=real)


def network_of_signed():
    """Of integers that are nowhere but between real numbers, so that onnxruntime makes them unsigned."""
    g = Graph(60, SIGNED)

    def rounded(name, q, to):
        return g.dequantised(g.quantised(name, q, to), q)

    g.given([1, 3, 6, 6], REAL)
    w = g.weights("k", [4, 3, 3, 3], 0.01)
    g.constant("b", g.engine.randint(-2000, 2001, 4), "int32")
    b = [g.constant("b_scale", numpy.float32(REAL[0]) * numpy.float32(0.01), "float32"), g.constant("b_zero", 0, "int32")]
    at = g.node("Conv", [rounded("x", REAL, "x_q"), g.dequantised("k", scale=w[1:]), g.dequantised("b", scale=b)], "conv", kernel_shape=[3, 3])
    at = rounded(g.node("Relu", [at], "relu"), (0.06, -128), "r")
    at = rounded(g.node("AveragePool", [at], "mean", kernel_shape=[2, 2], strides=[2, 2]), (0.05, -100), "m")
    at = rounded(g.node("Flatten", [at], "flat"), (0.05, -100), "f")
    w = g.weights("w", [16, 5], 0.003)
    at = rounded(g.node("MatMul", [at, g.dequantised("w", scale=w[1:])], "product"), (0.03, 7), "p")
    k = [g.constant("c", [-128, 127, 3, -50, 70], SIGNED), g.constant("c_scale", numpy.float32(0.013), "float32"), g.constant("c_zero", -9, SIGNED)]
    at = rounded(g.node("Add", [at, g.dequantised("c", scale=k[1:])], "biased"), REAL, "y_q")
    g.nodes[-1].output[0] = "y"
    return g.model([1, 5], real=True)


def single(op, x, y, qdq=False, kind=UNSIGNED, dims=(1, 256), out=None, domain=MICROSOFT, version=13, extra=(), **attributes):
    """Of one input."""
    g = Graph(1, kind)
    g.given(dims, x)
    more = [g.constant(name, values, dtype) for name, values, dtype in extra]
    if qdq:
        g.quantised(g.node(op, [g.dequantised("x", x)] + more, "made", **attributes), y)
    elif op.startswith("QLinear"):
        g.node(op, ["x"] + g.of("x", x) + g.of("y", y) + more, "y", domain, **attributes)
    else:
        g.node(op, ["x"] + more, "y", **attributes)
        # Something has to say what the integers are.
    return g.model(list(out or dims), version)


def network():
    """What the operators are for: layers one after the other, with a residual, branches and pools."""
    g = Graph(50)
    some = [0.01, 0.02, 0.005, 0.015]

    def rounded(name, q, to):
        return g.dequantised(g.quantised(name, q, to), q)

    def conv(x, scale, inputs, outputs, name, window, y, scales, relu=False):
        w = g.weights("w " + name, [outputs, inputs, window, window], scales)
        of_bias = numpy.float32(scale) * numpy.array(scales, "float32")
        g.constant("b " + name, g.engine.randint(-2000, 2001, outputs), "int32")
        b = [g.constant(f"b {name} scale", of_bias, "float32"), g.constant(f"b {name} zero", numpy.zeros_like(of_bias), "int32")]
        made = g.node("Conv", [x, g.dequantised("w " + name, scale=w[1:], axis=0), g.dequantised("b " + name, scale=b, axis=0)],
                      "conv " + name, kernel_shape=[window] * 2, pads=[window // 2] * 4)
        return rounded(g.node("Relu", [made], "relu " + name) if relu else made, y, name)

    g.given([1, 3, 8, 8], (0.03, 133))
    a = conv(g.dequantised("x", (0.03, 133)), 0.03, 3, 4, "a", 3, (0.2, 0), some, True)
    s = rounded(g.node("Add", [conv(a, 0.2, 4, 4, "b", 3, (0.25, 137), some), a], "sum"), (0.3, 117), "s")
    s = rounded(g.node("MaxPool", [s], "largest", kernel_shape=[2, 2], strides=[2, 2]), (0.3, 117), "p")
    d = conv(s, 0.3, 4, 6, "d", 1, (0.15, 0), [0.003, 0.01, 0.02, 0.005, 0.001, 0.007], True)
    e = conv(s, 0.3, 4, 2, "e", 3, (0.11, 100), [0.003, 0.002])
    c = rounded(g.node("Concat", [d, e], "both", axis=1), (0.16, 60), "c")
    c = rounded(g.node("AveragePool", [c], "mean", kernel_shape=[2, 2], strides=[2, 2]), (0.12, 70), "v")
    c = rounded(g.node("GlobalAveragePool", [c], "means"), (0.08, 60), "m")
    c = rounded(g.node("Flatten", [c], "flat"), (0.08, 60), "f")
    w = g.weights("w", [5, 8], 0.01)
    c = rounded(g.node("Gemm", [c, g.dequantised("w", scale=w[1:])], "product", transB=1), (0.05, 130), "g")
    g.quantised(g.node("Softmax", [c], "shares", axis=1), (1 / 256, 0))
    return g.model([1, 5])


def models():
    u, s = UNSIGNED, SIGNED
    wide = [10.0 ** e * 0.01 for e in (-5, -4, -3, -2, -1, 0, 1, 2)]
    some = [0.01, 0.02, 0.005, 0.03]
    all = {}
    for name, qdq in (("q", False), ("dq", True)):
        all.update({
            f"{name}_conv": conv(1, (0.03, 120), (0.4, 100), 0.01, qdq),
            f"{name}_conv_int8": conv(2, (0.03, 5), (0.4, -9), 0.01, qdq, s),
            f"{name}_conv_per_channel": conv(3, (0.03, 120), (0.4, 100), some, qdq),
            f"{name}_conv_per_channel_int8": conv(4, (0.03, 5), (0.4, -9), some, qdq, s),
            f"{name}_conv_group": conv(5, (0.03, 120), (0.2, 100), some, qdq, channels=4, group=2),
            f"{name}_conv_depthwise": conv(6, (0.03, 120), (0.2, 100), some, qdq, channels=4, group=4),
            f"{name}_conv_dilated": conv(7, (0.03, 0), (0.4, 128), 0.01, qdq, image=(7, 6), dilation=(2, 2), pads=(2, 2, 2, 2)),
            f"{name}_conv_stride": conv(8, (0.03, 255), (0.4, 100), 0.01, qdq, image=(6, 5), stride=(2, 2), pads=(0, 1, 1, 1)),
            f"{name}_conv_scales_far_apart": conv(9, (0.03, 255), (0.2, 0), wide, qdq, outputs=8, image=(3, 4), bias=0),
            f"{name}_conv_ties": conv(10, (0.5, 7), (8.0, 128), 0.5, qdq, values=[((i * 7) % 5) - 2 for i in range(108)], bias=31),
            f"{name}_conv_saturates": conv(11, (0.03, 120), (0.002, 128), 0.01, qdq),
            f"{name}_conv_no_bias": conv(12, (0.03, 128), (0.3, 1), 0.01, qdq, bias=0),
            f"{name}_conv_uint8_weights": conv(13, (0.03, 120), (0.4, 100), 0.01, qdq, weights=u),
            f"{name}_conv_sequence": conv(14, (0.03, 120), (0.3, 100), 0.01, qdq, image=(1, 9), window=(1, 3), stride=(1, 2)),
            f"{name}_gemm": dense(15, (0.05, 131), (0.5, 120), 0.01, "Gemm" if qdq else "QGemm"),
            f"{name}_gemm_int8": dense(16, (0.05, 3), (0.5, -5), 0.01, "Gemm" if qdq else "QGemm", s),
            f"{name}_gemm_per_channel": dense(17, (0.05, 131), (0.5, 120), [0.01 * (i + 1) for i in range(8)], "Gemm" if qdq else "QGemm"),
            f"{name}_gemm_ties": dense(18, (0.5, 128), (4.0, 128), 0.5, "Gemm" if qdq else "QGemm",
                                       values=[[1, -1] * 8, [1, 0] * 8, [-3, 1] * 8, [2, -3] * 8] * 2, bias=16),
            f"{name}_gemm_not_transposed": dense(19, (0.05, 0), (0.5, 255), 0.01, "Gemm" if qdq else "QGemm", transposed=False),
            f"{name}_matmul": dense(20, (0.05, 131), (0.5, 120), 0.01, "MatMul" if qdq else "QLinearMatMul"),
            f"{name}_matmul_per_channel": dense(21, (0.05, 131), (0.5, 120), [0.01 * (i + 1) for i in range(8)], "MatMul" if qdq else "QLinearMatMul"),
            f"{name}_matmul_int8": dense(22, (0.05, 127), (0.001, -128), 0.01, "MatMul" if qdq else "QLinearMatMul", s),
            f"{name}_add": halves("Add", (0.05, 131), (0.08, 120), qdq),
            f"{name}_add_int8": halves("Add", (0.05, 3), (0.08, -4), qdq, s),
            f"{name}_add_ties": halves("Add", (1.0, 128), (2.0, 128), qdq),
            f"{name}_add_ties_odd": halves("Add", (1.0, 128), (2.0, 127), qdq),
            f"{name}_add_scales": with_other("Add", (0.05, 131), (0.11, 100), (0.1, 130), qdq),
            f"{name}_add_swapped": with_other("Add", (0.05, 131), (0.11, 100), (0.1, 130), qdq, swapped=True),
            f"{name}_add_ratio_1000": with_other("Add", (1.0, 128), (0.001, 128), (1.0, 128), qdq, factor=0.001),
            f"{name}_add_constant": with_constant("Add", (0.05, 131), (0.02, 120), (0.07, 128), qdq),
            f"{name}_add_constant_int8": with_constant("Add", REAL, (0.02, -5), REAL, qdq, s),
            f"{name}_add_constant_first": with_constant("Add", (0.05, 131), (0.02, 120), (0.07, 128), qdq, first=True),
            f"{name}_add_constant_ties": with_constant("Add", (1.0, 128), (1.0, 127), (2.0, 127), qdq),
            f"{name}_add_constant_of_channels": with_constant("Add", (0.05, 131), (0.02, 120), (0.07, 128), qdq, dims=[1, 2, 3, 3], first=True),
            f"{name}_matmul_add": with_constant("Add", (0.05, 131), (0.02, 120), (0.6, 128), qdq, middle=(0.5, 120)),
            f"{name}_matmul_add_int8": with_constant("Add", REAL, (0.02, -5), REAL, qdq, s, middle=(0.04, -8)),
            f"{name}_mul_constant": with_constant("Mul", (0.05, 131), (0.02, 120), (0.07, 128), qdq),
            f"{name}_mul_constant_int8": with_constant("Mul", REAL, (0.02, -5), REAL, qdq, s),
            f"{name}_softmax_254": single("Softmax" if qdq else "QLinearSoftmax", (0.1, 131), (1 / 254.9, 0), qdq, dims=(1, 10), axis=1,
                                          **({} if qdq else {"opset": 13})),
            f"{name}_mul": halves("Mul", (0.05, 131), (0.08, 120), qdq),
            f"{name}_average": single(("" if qdq else "QLinear") + "AveragePool", (0.05, 131), (0.05, 131), qdq, dims=(1, 2, 6, 6), out=(1, 2, 3, 3),
                                      kernel_shape=[2, 2], strides=[2, 2]),
            f"{name}_average_rescaled": single(("" if qdq else "QLinear") + "AveragePool", (0.05, 131), (0.03, 100), qdq, dims=(1, 2, 5, 5),
                                               out=(1, 2, 3, 3), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
            f"{name}_average_int8": single(("" if qdq else "QLinear") + "AveragePool", (0.05, 3), (0.05, 3), qdq, s, dims=(1, 2, 6, 6),
                                           out=(1, 2, 3, 3), kernel_shape=[2, 2], strides=[2, 2]),
            f"{name}_global_average": single(("" if qdq else "QLinear") + "GlobalAveragePool", (0.05, 131), (0.05, 131), qdq, dims=(1, 3, 3, 5), out=(1, 3, 1, 1)),
            f"{name}_global_average_rescaled": single(("" if qdq else "QLinear") + "GlobalAveragePool", (0.05, 131), (0.02, 99), qdq, dims=(1, 3, 4, 4),
                                                      out=(1, 3, 1, 1)),
            f"{name}_global_average_ties": single(("" if qdq else "QLinear") + "GlobalAveragePool", (0.05, 131), (0.05, 131), qdq, dims=(1, 3, 2, 3),
                                                  out=(1, 3, 1, 1)),
            f"{name}_sigmoid": single(("" if qdq else "QLinear") + "Sigmoid", (0.05, 131), (1 / 256, 0), qdq),
            f"{name}_sigmoid_int8": single(("" if qdq else "QLinear") + "Sigmoid", (0.5, -10), (1 / 256, -128), qdq, s),
            f"{name}_leaky_relu": single(("" if qdq else "QLinear") + "LeakyRelu", (0.05, 131), (0.04, 108), qdq, alpha=0.1),
            f"{name}_leaky_relu_ties": single(("" if qdq else "QLinear") + "LeakyRelu", (1.0, 128), (2.0, 128), qdq, alpha=0.5),
            f"{name}_softmax": single("Softmax" if qdq else "QLinearSoftmax", (0.1, 131), (1 / 256, 0), qdq, dims=(1, 10), axis=1,
                                      **({} if qdq else {"opset": 13})),
            f"{name}_concat_scales": with_other("Concat", (0.05, 131), (0.11, 100), (0.1, 130), qdq, axis=1),
        })
    g = Graph(1)
    g.given([1, 16], (0.05, 0))
    g.node("DequantizeLinear", ["x", g.of("x", (0.05, 0))[0]], "real")
    g.quantised(g.node("Relu", ["real"], "made"), (0.05, 0))
    all["dq_no_zero_point"] = g.model([1, 16])
    g = Graph(1)
    g.given([1, 16], (0.05, 131))
    g.quantised(g.dequantised("x", (0.05, 131)), (0.08, 100))
    all["dq_requantised"] = g.model([1, 16])
    g = Graph(1)
    g.given([1, 16], (0.05, 131))
    w = g.weights("w", [16, 4], 0.01)
    middle = g.dequantised(g.quantised(g.dequantised("x", (0.05, 131)), (0.08, 100), "middle"), (0.08, 100))
    g.quantised(g.node("MatMul", [middle, g.dequantised("w", scale=w[1:])], "made"), (0.5, 120))
    all["dq_requantised_before"] = g.model([1, 4])
    all["q_global_average_of_one"] = single("QLinearGlobalAveragePool", (0.05, 131), (0.08, 120), dims=(1, 3, 1, 1))
    all["dq_network"] = network()
    all.update({
        "q_concat": concatenated((0.05, 131), (0.05, 131)),
        "q_concat_rescaled": concatenated((0.05, 131), (0.07, 100)),
        "dq_conv_relu": conv(30, (0.03, 120), (0.2, 0), 0.01, True, then="Relu"),
        "dq_conv_then_relu": conv(31, (0.03, 120), (0.2, 100), 0.01, True, then="Relu", rounded=(0.2, 100)),
        "dq_conv_then_relu_rescaled": conv(32, (0.03, 120), (0.2, 0), 0.01, True, then="Relu", rounded=(0.3, 100)),
        "dq_relu": single("Relu", (0.05, 131), (0.05, 131), True),
        "dq_relu_rescaled": single("Relu", (0.05, 131), (0.03, 0), True),
        "dq_clip": single("Clip", (0.05, 131), (0.05, 131), True, extra=[("low", 0, "float32"), ("high", 6, "float32")]),
        "dq_tanh": single("Tanh", (0.03, 131), (1 / 128, 128), True),
        "dq_hard_swish": single("HardSwish", (0.05, 131), (0.05, 108), True, version=14),
        "dq_elu": single("Elu", (0.05, 131), (0.05, 108), True),
        "dq_max": single("MaxPool", (0.05, 131), (0.05, 131), True, dims=(1, 2, 6, 6), out=(1, 2, 3, 3), kernel_shape=[2, 2], strides=[2, 2]),
        "dq_max_int8": single("MaxPool", (0.05, 3), (0.05, 3), True, SIGNED, dims=(1, 2, 5, 5), out=(1, 2, 3, 3), kernel_shape=[3, 3],
                              strides=[2, 2], pads=[1, 1, 1, 1]),
        "dq_mean": single("ReduceMean", (0.05, 131), (0.05, 131), True, dims=(1, 3, 3, 5), out=(1, 3), axes=[2, 3], keepdims=0),
        "dq_transpose": single("Transpose", (0.05, 131), (0.05, 131), True, dims=(1, 3, 4, 2), out=(1, 4, 2, 3), perm=[0, 2, 3, 1]),
        "dq_pad": single("Pad", (0.05, 131), (0.05, 131), True, dims=(1, 2, 3, 3), out=(1, 2, 5, 6),
                         extra=[("pads", [0, 0, 1, 1, 0, 0, 1, 2], "int64")]),
        "dq_sub_constant": with_constant("Sub", (0.05, 131), (0.02, 120), (0.07, 128), True),
        "dq_constant_sub": with_constant("Sub", (1.0, 128), (1.0, 127), (2.0, 127), True, first=True),
        "dq_div_constant": with_constant("Div", (0.05, 131), (0.02, 121), (0.07, 128), True),
        "dq_add_signed": with_constant("Add", (1.0, 128), (1.0, -3), (2.0, 127), True, of=SIGNED),
        "dq_add_floats": with_constant("Add", (0.05, 131), (0.02, 120), (0.07, 128), True, of_floats=True),
        "dq_matmul_add_relu": with_constant("Add", (0.05, 131), (0.02, 120), (0.6, 0), True, middle=(0.5, 120), then="Relu"),
        "dq_add_relu_rescaled": with_constant("Add", (0.05, 131), (0.02, 120), (0.05, 0), True, then="Relu", rounded=(0.07, 128)),
        "dq_add_floats_relu": with_constant("Add", (0.05, 131), (0.02, 120), (0.07, 0), True, then="Relu", of_floats=True),
        "dq_add_floats_tanh": with_constant("Add", (0.05, 131), (0.02, 120), (1 / 128, 128), True, then="Tanh", rounded=(0.07, 128), of_floats=True),
        "dq_network_of_signed": network_of_signed(),
        "dq_sub_scales": with_other("Sub", (0.05, 131), (0.11, 100), (0.1, 130), True),
        "dq_sub": halves("Sub", (0.05, 131), (0.08, 120), True),
    })
    return all
