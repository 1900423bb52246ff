#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the models of this folder: networks of PyTorch with random weights, exported with torch.onnx.export at opsets
11, 13 and 16, and perceptrons as scikit-learn's converters write them. NAME_x.npy has three inputs of each, and
NAME_y.npy what PyTorch answers.

Needs PyTorch 1.13 and the onnx package (Debian: python3-torch, python3-onnx). The same seed gives the same weights.

usage: export.py [FOLDER]
"""
import pathlib
import sys
import warnings

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

warnings.filterwarnings("ignore")
FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


class Residual(nn.Module):
    """Convolutions with batch normalisation, around one of which the input goes."""

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
    """Channels that are multiplied by what their means say."""

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
    """The last step of a recurrent network, through a layer."""

    def __init__(self, kind, **options):
        super().__init__()
        self.cells = kind(4, 6, batch_first=True, **options)
        self.out = nn.Linear(6 * (2 if options.get("bidirectional") else 1), 3)

    def forward(self, x):
        steps, _ = self.cells(x)
        return self.out(steps[:, -1])


class EveryStep(nn.Module):
    """Time first, as PyTorch has it without batch_first, and an answer for each step."""

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
    """One block of a transformer with torch's own attention."""

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
    """The same by hand, with a matrix for each of query, key and value."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(8, 8) for _ in range(4))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (f(x).view(batch, length, 2, 4).transpose(1, 2) for f in (self.q, self.k, self.v))
        weights = torch.softmax(q @ k.transpose(2, 3) / 2, -1)
        return self.out((weights @ v).transpose(1, 2).reshape(batch, length, width))


MODELS = {
    "mlp": (nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 3),
                          nn.Softmax(1)), (1, 6)),
    "residual_cnn": (Residual(), (1, 1, 8, 8)),
    "depthwise_cnn": (depthwise(), (1, 3, 8, 8)),
    "squeeze_excite": (SqueezeExcite(), (1, 2, 7, 7)),
    "gru": (Recurrent(nn.GRU), (1, 5, 4)),
    "gru_steps": (EveryStep(), (6, 1, 3)),
    "lstm": (Recurrent(nn.LSTM), (1, 5, 4)),
    "lstm_two_layers": (Recurrent(nn.LSTM, num_layers=2), (1, 5, 4)),
    "lstm_bidirectional": (Recurrent(nn.LSTM, bidirectional=True), (1, 5, 4)),
    "tcn": (Temporal(), (1, 2, 16)),
    "attention": (Attention(), (1, 5, 8)),
    "attention_by_hand": (HandmadeAttention(), (1, 5, 8)),
    "autoencoder": (nn.Sequential(nn.Conv1d(1, 4, 4, stride=2, padding=1), nn.ELU(),
                                  nn.ConvTranspose1d(4, 1, 4, stride=2, padding=1), nn.Softsign()), (1, 1, 12)),
}


def save(name, x, y):
    numpy.save(FOLDER / f"{name}_x.npy", x.reshape(len(x), -1).astype(numpy.float32))
    numpy.save(FOLDER / f"{name}_y.npy", y.reshape(len(y), -1).astype(numpy.float32))


def export(name, model, shape):
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.normal_(part.bias)
        if isinstance(part, (nn.LayerNorm, nn.MultiheadAttention)):
            for parameter in part.parameters(recurse=False):
                nn.init.normal_(parameter, 0.5, 0.5)
    model.eval()
    x = torch.randn(3, *shape)
    save(name, x.numpy(), torch.stack([model(one) for one in x]).detach().numpy())
    for opset in (11, 13, 16):
        torch.onnx.export(model, x[0], FOLDER / f"{name}_{opset}.onnx", opset_version=opset)


def perceptron(name, activation, gemm, opset):
    """MatMul and Add with an open batch, as scikit-learn's converter writes MLPClassifier, or Gemm."""
    draw = numpy.random.default_rng(len(name))
    sizes = [4, 7, 3]
    layers = [(draw.normal(size=(a, b)).astype(numpy.float32), draw.normal(size=b).astype(numpy.float32))
              for a, b in zip(sizes, sizes[1:])]
    nodes, constants, at = [], [], "X"
    x = draw.normal(size=(3, sizes[0])).astype(numpy.float32)
    y = x.astype(numpy.float64)
    for index, (weights, bias) in enumerate(layers):
        constants += [numpy_helper.from_array(weights, f"coefficient{index}"),
                      numpy_helper.from_array(bias.reshape(1, -1), f"intercept{index}")]
        if gemm:
            nodes.append(helper.make_node("Gemm", [at, f"coefficient{index}", f"intercept{index}"], [f"sum{index}"]))
        else:
            nodes += [helper.make_node("MatMul", [at, f"coefficient{index}"], [f"product{index}"]),
                      helper.make_node("Add", [f"product{index}", f"intercept{index}"], [f"sum{index}"])]
        y = y @ weights + bias
        at = f"sum{index}"
        if index + 1 < len(layers):
            nodes.append(helper.make_node(activation, [at], [f"hidden{index}"]))
            at = f"hidden{index}"
            y = {"Relu": lambda z: numpy.maximum(z, 0), "Tanh": numpy.tanh,
                 "Sigmoid": lambda z: 1 / (1 + numpy.exp(-z))}[activation](y)
    nodes.append(helper.make_node("Softmax", [at], ["probabilities"], axis=1))
    y = numpy.exp(y) / numpy.exp(y).sum(1, keepdims=True)
    graph = helper.make_graph(nodes, "MLPClassifier",
                              [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, sizes[0]])],
                              [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, sizes[-1]])],
                              constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    onnx.checker.check_model(model)
    onnx.save(model, str(FOLDER / f"{name}_{opset}.onnx"))
    save(name, x, y)


if __name__ == "__main__":
    torch.manual_seed(1)
    for name, (model, shape) in MODELS.items():
        export(name, model, shape)
    perceptron("sklearn_relu", "Relu", False, 11)
    perceptron("sklearn_tanh", "Tanh", False, 17)
    perceptron("sklearn_logistic", "Sigmoid", True, 9)
