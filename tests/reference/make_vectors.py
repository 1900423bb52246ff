#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes vectors.hpp: PyTorch's results for activations, losses, networks and optimisers, in double precision.

Usage: make_vectors.py > vectors.hpp   (Debian: apt-get install python3-torch)

All inputs are multiples of a power of two that float represents exactly, so that one set of vectors serves both types.
"""
import math
import random

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
draw = random.Random(20240229)

ELEMENTWISE = {
    "identity": lambda x: x * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    # PyTorch's default threshold, above which softplus x is x, costs 2e-9; exp overflows above 709.
    "softplus": lambda x: F.softplus(x, threshold=700),
    "softsign": F.softsign,
    # The backward pass of F.hardsigmoid has the derivative 1/6 in single precision.
    "hard_sigmoid": lambda x: F.relu6(x + 3) / 6,
}
ROWS = {"softmax": lambda x: torch.softmax(x, -1), "log_softmax": lambda x: torch.log_softmax(x, -1)}
ACTIVATIONS = {**ELEMENTWISE, **ROWS}

# Each loss gets the pre-activations z of the last layer, its activation, and the targets.
LOSSES = {
    "mean_squared_error": lambda z, last, t: F.mse_loss(ACTIVATIONS[last](z), t),
    "mean_absolute_error": lambda z, last, t: F.l1_loss(ACTIVATIONS[last](z), t),
    "huber": lambda z, last, t: F.huber_loss(ACTIVATIONS[last](z), t),
    "binary_cross_entropy": lambda z, last, t: F.binary_cross_entropy_with_logits(z, t),
    "cross_entropy": lambda z, last, t: F.cross_entropy(z, t),
}


def numbers(shape, low, high, unit=64):
    """Random multiples of 1/unit."""
    count = math.prod(shape)
    values = [draw.randint(int(low * unit), int(high * unit)) / unit for _ in range(count)]
    return torch.tensor(values).reshape(shape)


def array(name, values, indent="    "):
    """A constexpr array of all elements of the given tensors."""
    flat = [repr(float(v)) for tensor in values for v in tensor.detach().reshape(-1)]
    lines, line = [], ""
    for text in flat:
        text = text[:-2] if text.endswith(".0") else text
        if len(line) + len(text) + 2 > 110:
            lines.append(line.rstrip())
            line = ""
        line += text + ", "
    lines.append(line.rstrip())
    body = ("\n" + indent + "    ").join(lines).rstrip(",")
    print(f"{indent}static constexpr double {name}[]{{\n{indent}    {body}}};")


def targets_for(loss, shape):
    if loss == "binary_cross_entropy":
        return numbers(shape, 0, 1)
    if loss == "cross_entropy":  # probabilities that sum to 1
        rows = []
        for _ in range(shape[0]):
            cuts = sorted([0, 64] + [draw.randint(0, 64) for _ in range(shape[1] - 1)])
            rows.append([(b - a) / 64 for a, b in zip(cuts, cuts[1:])])
        return torch.tensor(rows)
    return numbers(shape, -1, 1)


def activation_vectors():
    above = [2**-20, 2**-10, 0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 20, 40, 100, 1000]
    x = torch.tensor([-v for v in reversed(above)] + [0] + above)
    print("/// Where the elementwise activations are tried.\nstruct activation_points {")
    array("x", [x])
    print("};\n")
    print("/// The activation and its derivative at these points.")
    print("template <class Activation>\nstruct activation_vectors;")
    for name, function in ELEMENTWISE.items():
        at = x.clone().requires_grad_()
        y = function(at)
        y.sum().backward()
        print(f"template <>\nstruct activation_vectors<ctnn::{name}> {{")
        array("y", [y])
        array("slope", [at.grad])
        print("};")
    drawn = [numbers((4, 9), -4, 4), numbers((2, 9), -40, 40), numbers((1, 9), -1000, 1000)]
    rows = torch.cat(drawn + [torch.full((1, 9), 1000.0)])
    dy = numbers(rows.shape, -1, 1)
    print("\n/// Rows of nine, and slopes to pass back.")
    print("struct row_points {\n    static constexpr std::size_t width = 9;")
    array("x", [rows])
    array("dy", [dy])
    print("};\n")
    for name, function in ROWS.items():
        at = rows.clone().requires_grad_()
        y = function(at)
        y.backward(dy)
        print(f"template <>\nstruct activation_vectors<ctnn::{name}> {{")
        array("y", [y])
        array("dx", [at.grad])
        print("};")


def loss_vectors():
    names = []
    for loss in LOSSES:
        for width in (1, 3, 9):
            if loss == "cross_entropy" and width == 1:
                continue
            z = torch.cat([numbers((3, width), -3, 3), numbers((1, width), -50, 50), numbers((1, width), -1000, 1000)])
            t = targets_for(loss, z.shape)
            at = z.clone().requires_grad_()
            values = torch.stack([LOSSES[loss](at[i:i + 1], "identity", t[i:i + 1]) for i in range(len(z))])
            values.sum().backward()
            names.append(f"{loss}_{width}")
            print(f"struct {names[-1]} {{\n    using loss = ctnn::{loss};")
            print(f"    static constexpr std::size_t width = {width};")
            array("outputs", [z])
            array("targets", [t])
            array("values", [values])
            array("slopes", [at.grad])
            print("};")
    for delta in (0.5, 2.0):
        z, t = numbers((4, 5), -3, 3), numbers((4, 5), -1, 1)
        at = z.clone().requires_grad_()
        values = torch.stack([F.huber_loss(at[i], t[i], delta=delta) for i in range(len(z))])
        values.sum().backward()
        names.append("huber_" + str(delta).replace(".", "_"))
        print(f"struct {names[-1]} {{\n    using loss = ctnn::huber;\n    static constexpr double delta = {delta};")
        print("    static constexpr std::size_t width = 5;")
        array("outputs", [z])
        array("targets", [t])
        array("values", [values])
        array("slopes", [at.grad])
        print("};")
    print("/// One sample a row: the loss of each, and its slope.\nusing loss_cases = std::tuple<" + ", ".join(names) + ">;")


class Network:
    """layers: a list of (outputs, activation, has a bias)."""

    def __init__(self, inputs, layers, loss, batch):
        self.inputs, self.layers, self.loss, self.batch = inputs, layers, loss, batch
        self.parameters = []  # weights as PyTorch has them, outputs x inputs, then the bias
        width = inputs
        for outputs, _, biased in layers:
            self.parameters.append([numbers((outputs, width), -1, 1).requires_grad_()])
            if biased:
                self.parameters[-1].append(numbers((outputs,), -1, 1).requires_grad_())
            width = outputs
        self.x = numbers((batch, inputs), -2, 2).requires_grad_()
        self.t = targets_for(loss, (batch, width))

    def flat(self):
        return [p for layer in self.parameters for p in layer]

    def logits(self):
        y = self.x
        for index, ((_, activation, _), parameters) in enumerate(zip(self.layers, self.parameters)):
            y = F.linear(y, *parameters)
            if index + 1 < len(self.layers):
                y = ACTIVATIONS[activation](y)
        return y

    def mean_loss(self):
        return LOSSES[self.loss](self.logits(), self.layers[-1][1], self.t)

    def head(self, name):
        specs = "".join(
            f", ctnn::dense<{outputs}, ctnn::{activation}{'' if biased else ', ctnn::no_bias'}>"
            for outputs, activation, biased in self.layers)
        print(f"struct {name} {{\n    template <class T>")
        print(f"    using net = ctnn::network<T, ctnn::input<{self.inputs}>{specs}>;")
        print(f"    using loss = ctnn::{self.loss};\n    static constexpr std::size_t batch = {self.batch};")
        self.print_parameters("parameters", lambda p: p)
        array("inputs", [self.x])
        array("targets", [self.t])

    def print_parameters(self, name, of):
        """In ctnn's order: each layer's weights as inputs x outputs, then its bias."""
        array(name, [of(p).T if p.dim() == 2 else of(p) for p in self.flat()])


def network_vectors():
    names = list(ELEMENTWISE)
    hidden = [Network(3, [(5, a, True), (3, b, False), (2, "identity", True)], "mean_squared_error", 3)
              for a, b in zip(names[::2], names[1::2])]
    endings = [
        Network(4, [(6, "tanh", True), (3, "softmax", True)], "cross_entropy", 4),
        Network(3, [(4, "softplus", False), (3, "log_softmax", False)], "cross_entropy", 2),
        Network(3, [(4, "softmax", True), (5, "log_softmax", True)], "mean_squared_error", 2),
        Network(2, [(3, "relu", True), (4, "softmax", False)], "mean_absolute_error", 5),
        Network(2, [(4, "tanh", True), (1, "sigmoid", True)], "binary_cross_entropy", 1),
        Network(7, [(17, "gelu", False), (4, "silu", True)], "huber", 5),
        Network(9, [(33, "tanh", True), (10, "softmax", True)], "cross_entropy", 9),
    ]
    for kind, cases in (("hidden", hidden), ("ending", endings)):
        for index, case in enumerate(cases):
            value = case.mean_loss()
            value.backward()
            case.head(f"{kind}_{index}")
            array("outputs", [ACTIVATIONS[case.layers[-1][1]](case.logits())])
            array("value", [value])
            case.print_parameters("gradient", lambda p: p.grad)
            array("input_gradient", [case.x.grad])
            print("};")
        print(f"using {kind}_cases = std::tuple<" + ", ".join(f"{kind}_{i}" for i in range(len(cases))) + ">;")


OPTIMIZERS = [
    ("sgd", torch.optim.SGD, dict(lr=0.1)),
    ("sgd", torch.optim.SGD, dict(lr=0.1, weight_decay=0.05)),
    ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.9)),
    ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.5, nesterov=True)),
    ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05)),
    ("rmsprop", torch.optim.RMSprop, dict(lr=0.01)),
    ("rmsprop", torch.optim.RMSprop, dict(lr=0.02, alpha=0.9, eps=1e-4, weight_decay=0.05)),
    ("adam", torch.optim.Adam, dict(lr=0.001)),
    ("adam", torch.optim.Adam, dict(lr=0.1, betas=(0.8, 0.95), eps=1e-4)),
    ("adam", torch.optim.Adam, dict(lr=0.1, weight_decay=0.05)),
    ("adamw", torch.optim.AdamW, dict(lr=0.001)),
    ("adamw", torch.optim.AdamW, dict(lr=0.1, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.2)),
]


def optimizer_vectors():
    case = Network(3, [(5, "tanh", True), (4, "sigmoid", False), (2, "identity", True)], "mean_squared_error", 4)
    case.head("training")
    print("};")
    start = [p.detach().clone() for p in case.flat()]
    for index, (name, make, options) in enumerate(OPTIMIZERS):
        for p, first in zip(case.flat(), start):
            p.data.copy_(first)
        optimizer = make(case.flat(), **options)
        ours = {"learning_rate": options["lr"], "momentum": options.get("momentum"),
                "nesterov": options.get("nesterov"),
                "smoothing": options.get("alpha"), "beta1": options.get("betas", [None])[0],
                "beta2": options.get("betas", [None, None])[1], "epsilon": options.get("eps"),
                "weight_decay": options.get("weight_decay")}
        text = ", ".join(f".{key} = {str(v).lower()}" for key, v in ours.items() if v is not None)
        print(f"struct optimizer_{index} {{\n    static constexpr ctnn::{name} optimizer{{{text}}};")
        losses = []
        for step in range(3):
            optimizer.zero_grad()
            value = case.mean_loss()
            value.backward()
            optimizer.step()
            losses.append(value)
            case.print_parameters(f"after_{step + 1}", lambda p: p)
        array("losses", losses)
        print("};")
    print("using optimizer_cases = std::tuple<" + ", ".join(f"optimizer_{i}" for i in range(len(OPTIMIZERS))) + ">;")


def main():
    print(f"""// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reference values. Made by make_vectors.py with PyTorch {torch.__version__}; do not edit.
// clang-format off

#include <ctnn.hpp>

#include <cstddef>
#include <tuple>

namespace reference {{
""")
    activation_vectors()
    print()
    loss_vectors()
    print("\n/// Parameters layer by layer, weights as inputs x outputs; the mean loss of the batch and all its derivatives.")
    network_vectors()
    print("\n/// What all optimisers are tried on, and the parameters after each of three steps on the same batch.")
    optimizer_vectors()
    print("\n}  // namespace reference")


if __name__ == "__main__":
    main()
