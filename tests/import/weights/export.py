#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes the weights of this folder: PyTorch state dicts as safetensors, weights in Keras' layout, and models in
RTNeural's JSON, with three inputs (NAME_x.npy) and the outputs of PyTorch, or of Keras' formulas in NumPy (NAME_y.npy).

Needs PyTorch 1.13 (Debian: python3-torch). The same seed gives the same weights.

usage: export.py [FOLDER]
"""
import json
import pathlib
import struct
import sys

import numpy
import torch
from torch import nn

FOLDER = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def save_safetensors(name, tensors):
    """The format of safetensors.numpy.save_file: a JSON header, then the data."""
    header, data = {}, b""
    for key, tensor in tensors.items():
        tensor = numpy.ascontiguousarray(tensor)
        kind = {"float32": "F32", "float64": "F64", "int64": "I64"}[str(tensor.dtype)]
        header[key] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + tensor.nbytes]}
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def save(name, x, y):
    numpy.save(FOLDER / f"{name}_x.npy", numpy.asarray(x).reshape(len(x), -1).astype(numpy.float32))
    numpy.save(FOLDER / f"{name}_y.npy", numpy.asarray(y).reshape(len(y), -1).astype(numpy.float32))


class TwoLayers(nn.Module):
    """Names that are not numbers, two LSTM layers, and a bidirectional GRU."""

    def __init__(self):
        super().__init__()
        self.memory = nn.LSTM(3, 5, num_layers=2, batch_first=True)
        self.both = nn.GRU(5, 4, batch_first=True, bidirectional=True)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        return self.out(self.both(self.memory(x)[0])[0])


class Block(nn.Module):
    """Attention and a perceptron, each with a residual connection."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.net = nn.Sequential(nn.Linear(6, 9), nn.PReLU(9), nn.Linear(9, 6))

    def forward(self, x):
        y = self.norm(x)
        x = x + self.attention(y, y, y)[0]
        return x + self.net[2](self.net[1](self.net[0](x).transpose(1, 2)).transpose(1, 2))


def torch_models():
    models = {
        "sequential": (nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                                     nn.Flatten(), nn.Linear(4 * 3 * 3, 3)), (1, 2, 6, 6)),
        "two_layers": (TwoLayers(), (1, 4, 3)),
        "block": (Block(), (1, 5, 6)),
        "upwards": (nn.Sequential(nn.Conv1d(4, 6, 3, dilation=2, groups=2), nn.PReLU(),
                                  nn.ConvTranspose1d(6, 2, 4, stride=2, padding=1)), (1, 4, 9)),
    }
    for name, (model, shape) in models.items():
        for part in model.modules():
            for parameter in part.parameters(recurse=False):
                nn.init.normal_(parameter, 0.2, 0.4)
            if isinstance(part, nn.BatchNorm2d):
                part.running_mean.normal_()
                part.running_var.uniform_(0.5, 2)
        model.eval()
        x = torch.randn(3, *shape)
        save(name, x.numpy(), torch.stack([model(one) for one in x]).detach().numpy())
        save_safetensors(name, {key: value.numpy() for key, value in model.state_dict().items()})


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def keras_gru(x, kernel, recurrent, bias):
    """reset_after=True, gates z r h."""
    units, h, steps = len(recurrent), numpy.zeros(len(recurrent)), []
    for step in x:
        a, b = step @ kernel + bias[0], h @ recurrent + bias[1]
        z = sigmoid(a[:units] + b[:units])
        r = sigmoid(a[units:2 * units] + b[units:2 * units])
        h = z * h + (1 - z) * numpy.tanh(a[2 * units:] + r * b[2 * units:])
        steps.append(h)
    return numpy.array(steps)


def keras_lstm(x, kernel, recurrent, bias):
    """Gates i f c o."""
    units = len(recurrent)
    h, c, steps = numpy.zeros(units), numpy.zeros(units), []
    for step in x:
        i, f, g, o = numpy.split(step @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(g)
        h = sigmoid(o) * numpy.tanh(c)
        steps.append(h)
    return numpy.array(steps)


def keras_conv1d(x, kernel, bias, dilation):
    """Causal; kernel is window x inputs x filters."""
    window = len(kernel)
    padded = numpy.concatenate([numpy.zeros(((window - 1) * dilation, x.shape[1])), x])
    return numpy.array([sum(padded[t + k * dilation] @ kernel[k] for k in range(window)) + bias for t in range(len(x))])


def keras_models():
    draw = numpy.random.default_rng(3)

    def normal(*shape):
        return draw.normal(0, 0.5, shape).astype(numpy.float32)

    conv, gru, lstm, dense = ((normal(3, 1, 4), normal(4)), (normal(4, 18), normal(6, 18), normal(2, 18)),
                              (normal(6, 20), normal(5, 20), normal(20)), (normal(5, 1), normal(1)))
    length = 12
    x = normal(3, length, 1)

    def run(one):
        y = numpy.tanh(keras_conv1d(one, *conv, 2))
        return keras_lstm(keras_gru(y, *gru), *lstm) @ dense[0] + dense[1]

    save("amp", x, [run(one) for one in x])
    save("keras", x, [run(one) for one in x])
    save_safetensors("keras", {
        "0.kernel": conv[0], "0.bias": conv[1],
        "1.kernel": gru[0], "1.recurrent_kernel": gru[1], "1.bias": gru[2],
        "2.kernel": lstm[0], "2.recurrent_kernel": lstm[1], "2.bias": lstm[2],
        "3.kernel": dense[0], "3.bias": dense[1]})
    lists = [[part.tolist() for part in layer] for layer in (conv, gru, lstm, dense)]
    model = {"in_shape": [None, None, 1], "layers": [
        {"type": "conv1d", "activation": "tanh", "shape": [None, None, 4], "kernel_size": [3], "dilation": [2],
         "weights": lists[0]},
        {"type": "gru", "activation": "tanh", "shape": [None, None, 6], "weights": lists[1]},
        {"type": "lstm", "activation": "tanh", "shape": [None, None, 5], "weights": lists[2]},
        {"type": "dense", "activation": "", "shape": [None, None, 1], "weights": lists[3]}]}
    (FOLDER / "amp.json").write_text(json.dumps(model, indent=1) + "\n")


if __name__ == "__main__":
    torch.manual_seed(2)
    torch_models()
    keras_models()
