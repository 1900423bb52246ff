#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the models of this folder: PyTorch networks with random weights, exported with torch.onnx.export at opsets 11,
13 and 16, and perceptrons as scikit-learn's converters write them. NAME_x.npy has three inputs of each, and NAME_y.npy
PyTorch's outputs in double precision.

Needs PyTorch 1.13 and the onnx package (Debian: python3-torch, python3-onnx). The same seed gives the same weights.

usage: export.py [FOLDER]
"""
import copy
import pathlib
import sys
import warnings
import zlib

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

warnings.filterwarnings("ignore")
FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


class Residual(nn.Module):
    """Convolutions with batch normalisation, one with a skip connection."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(6)
        self.out = nn.Linear(6 * 4 * 4, 5)

    def forward(self, x):
        x = torch.relu(self.norm1(self.conv1(x)))
        x = torch.relu(x + self.norm2(self.conv2(x)))
        x = nn.functional.max_pool2d(x, 2)
        return torch.log_softmax(self.out(torch.flatten(x, 1)), 1)


def depthwise():
    return nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
                         nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False), nn.BatchNorm2d(8), nn.Hardswish(),
                         nn.Conv2d(8, 12, 1), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 4))


class SqueezeExcite(nn.Module):
    """Channels scaled by a function of their means."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 6, 3)
        self.down = nn.Linear(6, 3)
        self.up = nn.Linear(3, 6)

    def forward(self, x):
        x = nn.functional.leaky_relu(self.conv(x), 0.2)
        gate = torch.sigmoid(self.up(torch.relu(self.down(x.mean((2, 3))))))
        return (x * gate[:, :, None, None]).amax((2, 3))


class Recurrent(nn.Module):
    """The last step of a recurrent network, followed by a linear layer."""

    def __init__(self, kind, **options):
        super().__init__()
        self.cells = kind(4, 6, batch_first=True, **options)
        self.out = nn.Linear(6 * (2 if options.get("bidirectional") else 1), 3)

    def forward(self, x):
        steps, _ = self.cells(x)
        return self.out(steps[:, -1])


class EveryStep(nn.Module):
    """Time first, as in PyTorch without batch_first, and an output at every step."""

    def __init__(self):
        super().__init__()
        self.cells = nn.GRU(3, 5)
        self.out = nn.Linear(5, 2)

    def forward(self, x):
        return torch.tanh(self.out(self.cells(x)[0]))


class Crop(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, x):
        return x[:, :, :-self.count]


class Temporal(nn.Module):
    """Causal dilated convolutions: padded on both sides and cropped, or padded in front."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv1d(2, 4, 3, padding=2), Crop(2), nn.ReLU())
        self.second = nn.Sequential(nn.Conv1d(4, 4, 3, padding=4, dilation=2), Crop(4), nn.ReLU())
        self.third = nn.Conv1d(4, 4, 2, dilation=4)
        self.out = nn.Conv1d(4, 1, 1)

    def forward(self, x):
        x = self.first(x)
        x = x + self.second(x)
        x = x + torch.tanh(self.third(nn.functional.pad(x, (4, 0))))
        return self.out(x)


class Attention(nn.Module):
    """A transformer block with torch's own attention."""

    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm2 = nn.LayerNorm(8)
        self.net = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.net(self.norm2(x))


class HandmadeAttention(nn.Module):
    """The same written by hand, with separate matrices for query, key and value."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(8, 8) for _ in range(4))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (f(x).view(batch, length, 2, 4).transpose(1, 2) for f in (self.q, self.k, self.v))
        weights = torch.softmax(q @ k.transpose(2, 3) / 2, -1)
        return self.out((weights @ v).transpose(1, 2).reshape(batch, length, width))


def models():
    """Names, each with a function that makes the network, the shape of an input, and whether the batch stays open."""
    return {
        "mlp": (lambda: nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 8), nn.Tanh(),
                                      nn.Linear(8, 3), nn.Softmax(1)), (1, 6), False),
        "mlp_open": (lambda: nn.Sequential(nn.Linear(5, 9), nn.SELU(), nn.Linear(9, 2), nn.Sigmoid()), (1, 5), True),
        "residual_cnn": (Residual, (1, 1, 8, 8), False),
        "residual_cnn_open": (Residual, (1, 1, 8, 8), True),
        "depthwise_cnn": (depthwise, (1, 3, 8, 8), False),
        "squeeze_excite": (SqueezeExcite, (1, 2, 7, 7), False),
        "rnn": (lambda: Recurrent(nn.RNN), (1, 5, 4), False),
        "gru": (lambda: Recurrent(nn.GRU), (1, 5, 4), False),
        "gru_bidirectional": (lambda: Recurrent(nn.GRU, bidirectional=True), (1, 5, 4), False),
        "gru_steps": (EveryStep, (6, 1, 3), False),
        "lstm": (lambda: Recurrent(nn.LSTM), (1, 5, 4), False),
        "lstm_open": (lambda: Recurrent(nn.LSTM), (1, 5, 4), True),
        "lstm_two_layers": (lambda: Recurrent(nn.LSTM, num_layers=2), (1, 5, 4), False),
        "lstm_bidirectional": (lambda: Recurrent(nn.LSTM, bidirectional=True), (1, 5, 4), False),
        "lstm_two_bidirectional": (lambda: Recurrent(nn.LSTM, num_layers=2, bidirectional=True), (1, 4, 4), False),
        "tcn": (Temporal, (1, 2, 16), False),
        "attention": (Attention, (1, 5, 8), False),
        "attention_by_hand": (HandmadeAttention, (1, 5, 8), False),
        "autoencoder": (lambda: nn.Sequential(nn.Conv1d(1, 4, 4, stride=2, padding=1), nn.ELU(),
                                              nn.ConvTranspose1d(4, 1, 4, stride=2, padding=1), nn.Softsign()),
                        (1, 1, 12), False),
    }


def save(name, x, y):
    numpy.save(FOLDER / f"{name}_x.npy", x.reshape(len(x), -1).astype(numpy.float32))
    numpy.save(FOLDER / f"{name}_y.npy", y.reshape(len(y), -1).astype(numpy.float32))


def randomise(model):
    """Randomises the parameters that a new layer sets to 0 or 1."""
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.normal_(part.bias)
        if isinstance(part, (nn.LayerNorm, nn.MultiheadAttention)):
            for parameter in part.parameters(recurse=False):
                nn.init.normal_(parameter, 0.5, 0.5)


def export(name, make, shape, open_batch):
    """PyTorch's outputs are computed in double precision and rounded once."""
    torch.manual_seed(zlib.crc32(name.encode()))
    model = make()
    randomise(model)
    model.eval()
    x = torch.randn(3, *shape)
    exact = copy.deepcopy(model).double()
    with torch.no_grad():
        save(name, x.numpy(), torch.stack([exact(one.double()) for one in x]).numpy())
    options = {"input_names": ["x"], "output_names": ["y"]}
    if open_batch:
        options["dynamic_axes"] = {"x": {0: "batch"}, "y": {0: "batch"}}
    for opset in (11, 13, 16):
        torch.onnx.export(model, x[0], FOLDER / f"{name}_{opset}.onnx", opset_version=opset, **options)


ACTIVATIONS = {
    "Identity": lambda z: z,
    "Relu": lambda z: numpy.maximum(z, 0),
    "Tanh": numpy.tanh,
    "Sigmoid": lambda z: 1 / (1 + numpy.exp(-z)),
    "Softmax": lambda z: numpy.exp(z) / numpy.exp(z).sum(1, keepdims=True),
}


class Perceptron:
    """Layers as scikit-learn's converter writes MLPClassifier and MLPRegressor: MatMul and Add, or Gemm."""

    def __init__(self, name, opset, sizes, batch, gemm=False):
        self.name, self.opset, self.sizes, self.batch, self.gemm = name, opset, sizes, batch, gemm
        self.draw = numpy.random.default_rng(zlib.crc32(name.encode()))
        self.x = self.draw.normal(size=(3, sizes[0])).astype(numpy.float32)
        self.y = self.x.astype(numpy.float64)
        self.nodes, self.constants, self.at = [], [], "X"

    def constant(self, name, numbers):
        self.constants.append(numpy_helper.from_array(numpy.asarray(numbers), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def layer(self, index, activation):
        inputs, outputs = self.sizes[index:index + 2]
        weights = self.draw.normal(size=(inputs, outputs)).astype(numpy.float32)
        bias = self.draw.normal(size=(1, outputs)).astype(numpy.float32)
        coefficient = self.constant(f"coefficient{index}", weights)
        intercept = self.constant(f"intercept{index}", bias)
        if self.gemm:
            self.at = self.node("Gemm", [self.at, coefficient, intercept], f"add_result{index}")
        else:
            product = self.node("MatMul", [self.at, coefficient], f"mul_result{index}")
            self.at = self.node("Add", [product, intercept], f"add_result{index}")
        options = {"axis": 1} if activation == "Softmax" else {}
        self.at = self.node(activation, [self.at], f"activation{index}", **options)
        self.y = ACTIVATIONS[activation](self.y @ weights + bias)

    def save(self, outputs):
        values = [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in outputs]
        graph = helper.make_graph(
            self.nodes, self.name, [helper.make_tensor_value_info("X", TensorProto.FLOAT, [self.batch, self.sizes[0]])],
            values, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset),
                                                        helper.make_opsetid("ai.onnx.ml", 1)])
        if self.batch != -1:
            onnx.checker.check_model(model)
        onnx.save(model, str(FOLDER / f"{self.name}_{self.opset}.onnx"))
        save(self.name, self.x, self.y)


def classifier(name, opset, activation, batch, gemm=False, labels=False):
    """Several classes; with `labels`, the class is a second output in addition to the probabilities."""
    made = Perceptron(name, opset, [4, 7, 5, 3], batch, gemm)
    made.layer(0, activation)
    made.layer(1, activation)
    made.layer(2, "Softmax")
    made.node("Identity", [made.at], "probabilities")
    outputs = [("probabilities", TensorProto.FLOAT, [batch, 3])]
    if labels:
        made.node("ArgMax", ["probabilities"], "argmax", axis=1, keepdims=0)
        made.nodes.append(helper.make_node("ArrayFeatureExtractor",
                                           [made.constant("classes", numpy.array([3, 5, 8], numpy.int64)), "argmax"],
                                           ["label"], domain="ai.onnx.ml"))
        outputs.insert(0, ("label", TensorProto.INT64, [1, batch]))
    made.save(outputs)


def binary(name, opset, batch):
    """Two classes: the probabilities are 1 - p and p."""
    made = Perceptron(name, opset, [4, 6, 1], batch)
    made.layer(0, "Relu")
    made.layer(1, "Sigmoid")
    other = made.node("Sub", [made.constant("unity", numpy.array([1], numpy.float32)), made.at], "other")
    made.node("Concat", [other, made.at], "probabilities", axis=1)
    made.y = numpy.concatenate([1 - made.y, made.y], 1)
    made.save([("probabilities", TensorProto.FLOAT, [batch, 2])])


def regressor(name, opset, activation, batch):
    made = Perceptron(name, opset, [5, 8, 2], batch)
    made.layer(0, activation)
    made.layer(1, "Identity")
    made.node("Reshape", [made.at, made.constant("shape", numpy.array([-1, 2], numpy.int64))], "variable")
    made.save([("variable", TensorProto.FLOAT, [batch, 2])])


if __name__ == "__main__":
    for name, arguments in models().items():
        export(name, *arguments)
    classifier("sklearn_relu", 11, "Relu", None)
    classifier("sklearn_tanh", 17, "Tanh", "N")
    classifier("sklearn_logistic", 9, "Sigmoid", -1, gemm=True)
    classifier("sklearn_labels", 15, "Relu", None, labels=True)
    binary("sklearn_binary", 13, "N")
    regressor("sklearn_regressor", 14, "Tanh", None)
