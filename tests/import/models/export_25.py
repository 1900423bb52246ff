#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes small models of opsets 12 and 21 to 25, with three inputs of each (NAME_x.npy): operators that came after opset
18, in the manner of PyTorch's newer exporter with every attribute written out, functions and branches, and the linear
models and trees of scikit-learn's converter. answers_25.js writes the outputs of onnxruntime (NAME_y.npy).

Needs NumPy and the onnx package (Debian: python3-onnx). The same seed gives the same bytes.

usage: export_25.py [FOLDER]
"""
import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
draw = numpy.random.default_rng(25)
node = helper.make_node


def reals(name, *shape, scale=1.0):
    return numpy_helper.from_array((draw.normal(size=shape) * scale).astype(numpy.float32), name)


def constant(name, values, kind=numpy.float32):
    return numpy_helper.from_array(numpy.array(values, kind), name)


def write(name, opset, nodes, constants, x, outputs=("y",), functions=(), domains=(), kinds=None):
    """`x` is the shape of one input without the batch, or a list of such shapes."""
    infos = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *x])]
    results = [kinds[one] if kinds and one in kinds else helper.make_tensor_value_info(one, TensorProto.FLOAT, None)
               for one in outputs]
    graph = helper.make_graph(list(nodes), name, infos, results, list(constants))
    imports = [helper.make_opsetid("", opset)] + [helper.make_opsetid(domain, 1) for domain in domains]
    model = helper.make_model(graph, opset_imports=imports, producer_name="export_25.py", functions=list(functions))
    model.ir_version = 8 if opset < 19 else 9 if opset < 21 else 10 if opset < 23 else opset - 12
    onnx.save(model, str(FOLDER / f"{name}_{opset}.onnx"))
    numpy.save(FOLDER / f"{name}_x.npy", draw.uniform(-1, 1, size=(3, *x)).astype(numpy.float32))


def vision():
    """A convolution, group normalisation with a scale for each channel, GELU, pooling, interpolation."""
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], auto_pad="NOTSET", dilations=[1, 1], group=1, kernel_shape=[3, 3],
             pads=[1, 1, 1, 1], strides=[1, 1]),
        node("GroupNormalization", ["c1", "scale", "shift"], ["n1"], epsilon=1e-5, num_groups=2, stash_type=1),
        node("Gelu", ["n1"], ["g1"], approximate="tanh"),
        node("AveragePool", ["g1"], ["p1"], auto_pad="NOTSET", ceil_mode=0, count_include_pad=0, dilations=[1, 1],
             kernel_shape=[2, 2], pads=[0, 0, 0, 0], strides=[2, 2]),
        node("Resize", ["p1", "", "scales"], ["r1"], antialias=0, coordinate_transformation_mode="half_pixel",
             cubic_coeff_a=-0.75, exclude_outside=0, extrapolation_value=0.0, keep_aspect_ratio_policy="stretch",
             mode="linear", nearest_mode="floor"),
        node("Pad", ["r1", "pads", "", "places"], ["e1"], mode="reflect"),
        node("Mish", ["e1"], ["m1"]),
        node("ReduceMean", ["m1", "places"], ["v"], keepdims=0, noop_with_empty_axes=0),
        node("Gemm", ["v", "w2", "b2"], ["l"], alpha=1.0, beta=1.0, transA=0, transB=1),
        node("LogSoftmax", ["l"], ["y"], axis=-1),
    ]
    write("vision", 22, nodes,
          [reals("w1", 4, 2, 3, 3, scale=0.3), reals("b1", 4), reals("scale", 4), reals("shift", 4),
           constant("scales", [1, 1, 2, 2]), constant("pads", [1, 2, 0, 1], numpy.int64),
           constant("places", [2, 3], numpy.int64), reals("w2", 3, 4), reals("b2", 3)], (2, 4, 6))


def language():
    """A block with RMS norms, causal attention with a mask of -inf, a gated unit, and a product by an equation."""
    mask = numpy.where(numpy.tril(numpy.ones((3, 3))) > 0, 0, -numpy.inf)
    nodes = [
        node("RMSNormalization", ["x", "scale"], ["n"], axis=-1, epsilon=1e-6, stash_type=1),
        node("MatMul", ["n", "wq"], ["q"]), node("MatMul", ["n", "wk"], ["k"]), node("MatMul", ["n", "wv"], ["v"]),
        node("Einsum", ["q", "k"], ["s"], equation="bqd,bkd->bqk"),
        node("Mul", ["s", "half"], ["t"]),
        node("Add", ["t", "mask"], ["u"]),
        node("Softmax", ["u"], ["p"], axis=-1),
        node("MatMul", ["p", "v"], ["a"]),
        node("Add", ["x", "a"], ["r"]),
        node("Mul", ["r", "r"], ["square"]),
        node("ReduceMean", ["square", "last"], ["mean"], keepdims=1, noop_with_empty_axes=0),
        node("Add", ["mean", "epsilon"], ["sum"]), node("Sqrt", ["sum"], ["root"]),
        node("Reciprocal", ["root"], ["inverse"]), node("Mul", ["r", "inverse"], ["m"]),
        node("MatMul", ["m", "wg"], ["gate"]), node("Swish", ["gate"], ["open"], alpha=1.0),
        node("MatMul", ["m", "wu"], ["up"]), node("Mul", ["open", "up"], ["h"]),
        node("MatMul", ["h", "wd"], ["down"]),
        node("Add", ["r", "down"], ["y"]),
    ]
    write("language", 24, nodes,
          [reals("scale", 4), *(reals(name, 4, 4, scale=0.5) for name in ("wq", "wk", "wv")), constant("half", 0.5),
           constant("mask", mask), constant("last", [-1], numpy.int64), constant("epsilon", [1e-6]),
           reals("wg", 4, 6, scale=0.5), reals("wu", 4, 6, scale=0.5), reals("wd", 6, 4, scale=0.5)], (3, 4))


def waves():
    """Sines of a layer, other functions, choices by comparison, and padding by what is there."""
    nodes = [
        node("MatMul", ["x", "w1"], ["z"]), node("Mul", ["z", "thirty"], ["fast"]), node("Sin", ["fast"], ["s"]),
        node("Greater", ["s", "zero"], ["positive"]), node("Mul", ["s", "fifth"], ["small"]),
        node("Where", ["positive", "s", "small"], ["leaky"]),
        node("Cos", ["leaky"], ["c"]), node("Exp", ["c"], ["e"]), node("Sqrt", ["e"], ["r"]), node("Log", ["r"], ["l"]),
        node("Pad", ["l", "pads", "", "last"], ["wide"], mode="edge"),
        node("Pad", ["wide", "pads", "", "last"], ["wider"], mode="wrap"),
        node("ReduceLogSumExp", ["wider", "last"], ["total"], keepdims=1, noop_with_empty_axes=0),
        node("Sub", ["wider", "total"], ["d"]),
        node("ReduceL2", ["d", "last"], ["length"], keepdims=1, noop_with_empty_axes=0),
        node("Div", ["d", "length"], ["y"]),
    ]
    write("waves", 25, nodes,
          [reals("w1", 3, 5, scale=0.2), constant("thirty", 30), constant("zero", 0), constant("fifth", 0.2),
           constant("pads", [1, 2], numpy.int64), constant("last", [-1], numpy.int64)], (3,))


def functions():
    """A function with an attribute of its caller's, called twice, and branches of a constant condition."""
    slope = onnx.AttributeProto(name="alpha", type=onnx.AttributeProto.FLOAT, ref_attr_name="slope")
    leaky = node("LeakyRelu", ["sum"], ["result"])
    leaky.attribute.append(slope)
    layer = helper.make_function("local", "layer", ["input", "weights", "bias"], ["result"],
                                 [node("MatMul", ["input", "weights"], ["product"]),
                                  node("Add", ["product", "bias"], ["sum"]), leaky],
                                 [helper.make_opsetid("", 21)], ["slope"])
    branch = {key: helper.make_graph([node(op, ["h"], [key])], key, [],
                                     [helper.make_tensor_value_info(key, TensorProto.FLOAT, None)])
              for key, op in (("yes", "Tanh"), ("no", "Exp"))}
    nodes = [
        node("layer", ["x", "w1", "b1"], ["h"], domain="local", slope=0.25),
        node("Shape", ["x"], ["shape"]), node("Size", ["shape"], ["rank"]), node("Equal", ["rank", "two"], ["flat"]),
        node("If", ["flat"], ["t"], then_branch=branch["yes"], else_branch=branch["no"]),
        node("layer", ["t", "w2", "b2"], ["y"], domain="local", slope=0.5),
    ]
    write("functions", 21, nodes,
          [reals("w1", 3, 4), reals("b1", 4), reals("w2", 4, 2), reals("b2", 2), constant("two", 2, numpy.int64)], (3,),
          functions=[layer], domains=["local"])


def linear():
    """Standardised and normalised features, a linear classifier, and its probabilities by name."""
    pairs = helper.make_tensor_value_info("names", TensorProto.FLOAT, None)
    pairs.type.Clear()
    pairs.type.sequence_type.elem_type.map_type.key_type = TensorProto.INT64
    pairs.type.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = TensorProto.FLOAT
    nodes = [
        node("Scaler", ["x"], ["s"], domain="ai.onnx.ml", offset=[0.1, -0.2, 0.3, 0.0], scale=[1.5, 0.5, 2.0, 1.0]),
        node("Normalizer", ["s"], ["n"], domain="ai.onnx.ml", norm="L2"),
        node("LinearClassifier", ["n"], ["label", "probabilities"], domain="ai.onnx.ml", classlabels_ints=[3, 5, 8],
             coefficients=[float(number) for number in draw.normal(size=12).astype(numpy.float32)],
             intercepts=[0.25, -0.5, 0.125], multi_class=1, post_transform="SOFTMAX"),
        node("ZipMap", ["probabilities"], ["names"], domain="ai.onnx.ml", classlabels_int64s=[3, 5, 8]),
    ]
    write("sklearn_linear", 12, nodes, [], (4,), outputs=("label", "probabilities", "names"), domains=["ai.onnx.ml"],
          kinds={"names": pairs, "label": helper.make_tensor_value_info("label", TensorProto.INT64, None)})


def tree(depth, modes, weights, features=4):
    """The nodes of a random tree: lists of the attributes of its nodes, and (node, class, weight) of its leaves."""
    nodes, leaves = [], []

    def grow(levels):
        place = len(nodes)
        nodes.append(None)
        if levels == 0 or (levels < depth and draw.random() < 0.2):
            leaves.extend((place, *one) for one in weights())
            nodes[place] = ("LEAF", 0, 0.0, 0, 0, 0)
        else:
            compared = (modes[draw.integers(len(modes))], int(draw.integers(features)),
                        float(numpy.float32(draw.uniform(-1, 1))))
            missing = int(draw.integers(2))
            nodes[place] = (*compared, grow(levels - 1), grow(levels - 1), missing)
        return place

    grow(depth)
    return nodes, leaves


def ensemble(trees, tracks_missing):
    names = ["modes", "featureids", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true"]
    result = {f"nodes_{name}": [one[i] for nodes, _ in trees for one in nodes] for i, name in enumerate(names)}
    if not tracks_missing:
        del result["nodes_missing_value_tracks_true"]
    result["nodes_treeids"] = [t for t, (nodes, _) in enumerate(trees) for _ in nodes]
    result["nodes_nodeids"] = [i for nodes, _ in trees for i, _ in enumerate(nodes)]
    result["class_treeids"] = [t for t, (_, leaves) in enumerate(trees) for _ in leaves]
    for i, name in enumerate(["nodeids", "ids", "weights"]):
        result[f"class_{name}"] = [leaf[i] for _, leaves in trees for leaf in leaves]
    return result


def classifiers():
    """A random forest, of shares of each class; gradient boosting of two classes, of one weight a leaf."""
    def shares():
        return [(k, float(numpy.float32(share / 10))) for k, share in enumerate(draw.dirichlet(numpy.ones(3)))]

    def logit():
        return [(0, float(numpy.float32(draw.normal() * 0.3)))]

    for name, opset, classes, transform, attributes in (
            ("sklearn_forest", 18, [3, 5, 8], "NONE", ensemble([tree(5, ["BRANCH_LEQ"], shares) for _ in range(10)], False)),
            ("sklearn_boosted", 12, [0, 1], "LOGISTIC", ensemble([tree(3, ["BRANCH_LT"], logit) for _ in range(12)], True))):
        nodes = [node("TreeEnsembleClassifier", ["x"], ["label", "probabilities"], domain="ai.onnx.ml",
                      classlabels_int64s=classes, post_transform=transform, **attributes)]
        write(name, opset, nodes, [], (4,), outputs=("label", "probabilities"), domains=["ai.onnx.ml"],
              kinds={"label": helper.make_tensor_value_info("label", TensorProto.INT64, None)})


if __name__ == "__main__":
    vision()
    language()
    waves()
    functions()
    linear()
    classifiers()
