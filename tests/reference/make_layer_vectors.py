#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes layer_vectors.hpp: PyTorch's results for each kind of layer, forward and backward, in double precision.

Usage: make_layer_vectors.py > layer_vectors.hpp   (Debian: apt-get install python3-torch)

Each case is a network of one or a few layers, a batch of two samples (more for batch_norm, where two cancel), and the
mean squared error. Inputs are distinct odd multiples of 1/128: none is 0, no window has two maxima, and float
represents them exactly. Dropout, whose random numbers differ, and the positional encoding, which PyTorch does not have,
are omitted.
"""
import math
import random

import torch
import torch.nn as nn
import torch.nn.functional as F

from make_vectors import array

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
draw = random.Random(20261123)
BATCH = 2


def different(shape):
    count = math.prod(shape)
    reach = max(128, count)
    values = draw.sample([(2 * k + 1) / 128 for k in range(-reach, reach)], count)
    return torch.tensor(values).reshape(shape)


def numbers(*shape):
    count = math.prod(shape)
    values = [draw.randint(-64, 64) / 64 for _ in range(count)]
    return torch.tensor(values).reshape(shape).requires_grad_()


def same(p):
    return p


def transposed(p):
    return p.T


def window_first(p):
    """From filters x channels x window, or channels x filters x window, to window first and the other two swapped."""
    return p.permute(*range(2, p.dim()), 1, 0)


GROUPS = {}


def case(group, kind, shape, specs, function, parameters=(), inputs=None, statistics=(), infer=None,
         batch=BATCH):
    """parameters: pairs of a PyTorch tensor and its layout in ctnn, in ctnn's order; statistics: the tensors after
    them. function: PyTorch's function in training; infer: that outside training, if it differs."""
    for p, _ in parameters:
        p.grad = None
    x = (inputs if inputs is not None else different((batch, *shape))).clone().requires_grad_()
    y = function(x)
    target = numbers(*y.shape).detach()
    loss = F.mse_loss(y, target)
    loss.backward()
    with torch.no_grad():
        output = (infer or function)(x)
    index = sum(1 for name in GROUPS.setdefault(group, []) if name.rsplit("_", 1)[0] == kind)
    name = f"{kind}_{index}"
    GROUPS[group].append(name)
    print(f"struct {name} {{\n    template <class T>")
    print(f"    using net = ctnn::network<T, ctnn::input<{', '.join(map(str, shape))}>, {specs}>;")
    print(f"    static constexpr std::size_t batch = {batch};")
    array("parameters", [lay(p) for p, lay in parameters] + list(statistics) + ([] if parameters else [torch.zeros(1)]))
    array("inputs", [x])
    array("targets", [target])
    array("outputs", [output])
    array("value", [loss])
    array("gradient", [lay(p.grad) for p, lay in parameters] + ([] if parameters else [torch.zeros(1)]))
    array("input_gradient", [x.grad if x.grad is not None else torch.zeros_like(x)])
    print("};")


def plain(*parameters):
    return [(p, same) for p in parameters]


def windows():
    def conv(kind, shape, filters, groups, window, options, function, bias=True):
        w = numbers(filters, shape[0] // groups, *window)
        b = numbers(filters) if bias else None
        spec = f"ctnn::{kind}<{filters}, ctnn::window<{', '.join(map(str, window))}>{options}>"
        case("window", kind, shape, spec, lambda x: function(x, w, b), [(w, window_first)] + (plain(b) if bias else []))

    conv("conv1d", (2, 7), 3, 1, (3,), "", F.conv1d)
    conv("conv1d", (4, 9), 6, 2, (2,), ", ctnn::stride<3>, ctnn::groups<2>, ctnn::padding<ctnn::pad<2, 1>>",
         lambda x, w, b: F.conv1d(F.pad(x, (2, 1)), w, b, stride=3, groups=2))
    conv("conv1d", (3, 6), 3, 3, (3,), ", ctnn::causal, ctnn::dilation<2>, ctnn::groups<3>, ctnn::tanh, ctnn::no_bias",
         lambda x, w, b: torch.tanh(F.conv1d(F.pad(x, (4, 0)), w, b, dilation=2, groups=3)), bias=False)
    conv("conv1d", (1, 5), 2, 1, (4,), ", ctnn::same",
         lambda x, w, b: F.conv1d(x, w, b, padding="same"))
    conv("conv1d", (2, 1), 1, 1, (1,), ", ctnn::stride<2>", lambda x, w, b: F.conv1d(x, w, b, stride=2))

    conv("conv2d", (1, 5, 4), 2, 1, (3, 3), "", F.conv2d)
    conv("conv2d", (2, 6, 5), 4, 2, (2, 3),
         ", ctnn::stride<2, 1>, ctnn::dilation<1, 2>, ctnn::groups<2>, ctnn::padding<ctnn::pad<1>, ctnn::pad<0, 2>>",
         lambda x, w, b: F.conv2d(F.pad(x, (0, 2, 1, 1)), w, b, stride=(2, 1), dilation=(1, 2), groups=2))
    conv("conv2d", (3, 4, 4), 3, 3, (3, 3), ", ctnn::same, ctnn::groups<3>, ctnn::relu, ctnn::no_bias",
         lambda x, w, b: F.relu(F.conv2d(x, w, b, padding="same", groups=3)), bias=False)
    conv("conv2d", (1, 7, 1), 1, 1, (2, 1), ", ctnn::stride<3>", lambda x, w, b: F.conv2d(x, w, b, stride=3))

    def transpose(shape, filters, groups, window, options, bias, **arguments):
        w = numbers(shape[0], filters // groups, window)
        b = numbers(filters) if bias else None
        spec = f"ctnn::conv1d_transpose<{filters}, ctnn::window<{window}>{options}>"
        case("window", "conv1d_transpose", shape, spec,
             lambda x: F.conv_transpose1d(x, w, b, groups=groups, **arguments),
             [(w, window_first)] + (plain(b) if bias else []))

    transpose((2, 3), 3, 1, 3, "", True)
    transpose((4, 5), 2, 2, 4, ", ctnn::stride<2>, ctnn::groups<2>, ctnn::padding<ctnn::pad<1>>", True, stride=2, padding=1)
    transpose((1, 4), 2, 1, 2, ", ctnn::stride<3>, ctnn::dilation<2>, ctnn::output_padding<1>, ctnn::no_bias", False,
              stride=3, dilation=2, output_padding=1)
    transpose((3, 4), 3, 3, 4, ", ctnn::stride<2>, ctnn::same, ctnn::groups<3>", True, stride=2, padding=1)

    def pool(kind, shape, arguments, function):
        case("window", kind, shape, f"ctnn::{kind}<{arguments}>", function)

    pool("max_pool1d", (2, 6), "ctnn::window<2>", lambda x: F.max_pool1d(x, 2))
    pool("max_pool1d", (1, 7), "ctnn::window<3>, ctnn::stride<2>, ctnn::padding<ctnn::pad<1>>",
         lambda x: F.max_pool1d(x, 3, 2, 1))
    pool("max_pool1d", (3, 8), "ctnn::window<3>, ctnn::ceil_mode", lambda x: F.max_pool1d(x, 3, ceil_mode=True))
    pool("max_pool2d", (2, 4, 6), "ctnn::window<2>", lambda x: F.max_pool2d(x, 2))
    pool("max_pool2d", (1, 5, 7), "ctnn::window<2, 3>, ctnn::stride<2, 1>, ctnn::padding<ctnn::pad<0>, ctnn::pad<1>>",
         lambda x: F.max_pool2d(x, (2, 3), (2, 1), (0, 1)))
    pool("max_pool2d", (2, 5, 5), "ctnn::window<2>, ctnn::ceil_mode", lambda x: F.max_pool2d(x, 2, ceil_mode=True))
    pool("average_pool1d", (2, 6), "ctnn::window<2>", lambda x: F.avg_pool1d(x, 2))
    pool("average_pool1d", (1, 7), "ctnn::window<3>, ctnn::stride<2>, ctnn::padding<ctnn::pad<1>>",
         lambda x: F.avg_pool1d(x, 3, 2, 1, count_include_pad=False))
    pool("average_pool1d", (2, 7), "ctnn::window<3>, ctnn::stride<2>, ctnn::padding<ctnn::pad<1>>, ctnn::ceil_mode, "
         "ctnn::count_include_pad", lambda x: F.avg_pool1d(x, 3, 2, 1, ceil_mode=True, count_include_pad=True))
    pool("average_pool2d", (2, 4, 6), "ctnn::window<2>", lambda x: F.avg_pool2d(x, 2))
    pool("average_pool2d", (1, 5, 7), "ctnn::window<3, 2>, ctnn::stride<1, 2>, ctnn::padding<ctnn::pad<1>, ctnn::pad<1>>",
         lambda x: F.avg_pool2d(x, (3, 2), (1, 2), 1, count_include_pad=False))
    pool("average_pool2d", (1, 6, 5), "ctnn::window<3>, ctnn::stride<2>, ctnn::padding<ctnn::pad<1>>, ctnn::ceil_mode, "
         "ctnn::count_include_pad", lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=True))
    for shape in ((2, 5), (3, 4, 3), (1, 1, 7)):
        inner = tuple(range(2, len(shape) + 1))
        case("window", "global_average_pool", shape, "ctnn::global_average_pool", lambda x: x.mean(inner))
        case("window", "global_max_pool", shape, "ctnn::global_max_pool", lambda x: x.amax(inner))
    for shape, pads, text in (((2, 3), (1, 1), "ctnn::pad<1>"), ((2, 2, 3), (0, 2, 1, 0), "ctnn::pad<1, 0>, ctnn::pad<0, 2>"),
                              ((1, 4), (2, 0), "ctnn::pad<2, 0>")):
        case("window", "zero_pad", shape, f"ctnn::zero_pad<{text}>", lambda x: F.pad(x, pads))
    for shape, factors in (((2, 3), (2,)), ((2, 2, 3), (2, 3)), ((1, 1, 4), (3, 1))):
        case("window", "upsample", shape, f"ctnn::upsample<{', '.join(map(str, factors))}>",
             lambda x: F.interpolate(x, scale_factor=factors, mode="nearest"))


def recurrent_parameters(module, suffix=""):
    """Weights as rows of inputs; one bias replaces PyTorch's two, unless the layer is a gru."""
    get = lambda name: getattr(module, f"{name}_l0{suffix}")
    two_biases = isinstance(module, nn.GRU)
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(numbers(*p.shape))
        if not two_biases:
            for name in [n for n, _ in module.named_parameters() if n.startswith("bias_hh")]:
                getattr(module, name).zero_()
    rows = [(get("weight_ih"), transposed), (get("weight_hh"), transposed), (get("bias_ih"), same)]
    return rows + ([(get("bias_hh"), same)] if two_biases else [])


def recurrent():
    kinds = [("simple_rnn", lambda f, u, **o: nn.RNN(f, u, batch_first=True, **o)),
             ("gru", lambda f, u, **o: nn.GRU(f, u, batch_first=True, **o)),
             ("lstm", lambda f, u, **o: nn.LSTM(f, u, batch_first=True, **o))]
    for kind, make in kinds:
        for shape, units in (((4, 3), 2), ((1, 1), 1), ((7, 2), 5)):
            module = make(shape[1], units)
            parameters = recurrent_parameters(module)
            case("recurrent", kind, shape, f"ctnn::{kind}<{units}>", lambda x: module(x)[0], parameters)
        last = make(2, 3)
        parameters = recurrent_parameters(last)
        case("recurrent", kind, (5, 2), f"ctnn::{kind}<3, ctnn::last_step>", lambda x: last(x)[0][:, -1], parameters)
        below, above = make(2, 3), make(3, 2)
        parameters = recurrent_parameters(below) + recurrent_parameters(above)
        case("recurrent", kind, (4, 2), f"ctnn::{kind}<3>, ctnn::{kind}<2>", lambda x: above(below(x)[0])[0], parameters)
        both = make(3, 2, bidirectional=True)
        forwards = recurrent_parameters(both)
        backwards = [(getattr(both, name + "_l0_reverse"), lay)
                     for name, lay in (("weight_ih", transposed), ("weight_hh", transposed), ("bias_ih", same),
                                       ("bias_hh", same))][:len(forwards)]
        case("recurrent", "bidirectional", (4, 3), f"ctnn::bidirectional<ctnn::{kind}<2>>", lambda x: both(x)[0],
             forwards + backwards)
    rectified = nn.RNN(3, 2, batch_first=True, nonlinearity="relu")
    parameters = recurrent_parameters(rectified)
    case("recurrent", "simple_rnn", (3, 3), "ctnn::simple_rnn<2, ctnn::relu>", lambda x: rectified(x)[0], parameters)

    for (length, width), heads, masked in (((4, 4), 2, False), ((3, 6), 3, True), ((1, 2), 1, True), ((5, 3), 1, False)):
        module = nn.MultiheadAttention(width, heads, batch_first=True)
        with torch.no_grad():
            for p in module.parameters():
                p.copy_(numbers(*p.shape))
        mask = torch.triu(torch.ones(length, length, dtype=torch.bool), 1) if masked else None
        spec = f"ctnn::multi_head_attention<{heads}{', ctnn::causal_mask' if masked else ''}>"
        case("recurrent", "multi_head_attention", (length, width), spec,
             lambda x: module(x, x, x, attn_mask=mask, need_weights=False)[0],
             [(module.in_proj_weight, transposed), (module.in_proj_bias, same), (module.out_proj.weight, transposed),
              (module.out_proj.bias, same)])
    for length, symbols, width in ((3, 5, 2), (1, 2, 1), (6, 4, 3)):
        table = numbers(symbols, width)
        indices = torch.tensor([[float(draw.randrange(symbols)) for _ in range(length)] for _ in range(BATCH)])
        case("recurrent", "embedding", (length,), f"ctnn::embedding<{symbols}, {width}>",
             lambda x: F.embedding(x.detach().long(), table), plain(table), inputs=indices)


def simple():
    for shape, outputs, activation in (((3, 2), 4, "identity"), ((1, 5), 1, "tanh"), ((4, 3), 2, "softmax")):
        w, b = numbers(shape[1], outputs), numbers(outputs)
        after = {"identity": same, "tanh": torch.tanh, "softmax": lambda z: torch.softmax(z, -1)}[activation]
        case("simple", "dense", shape, f"ctnn::dense<{outputs}, ctnn::{activation}>", lambda x: after(x @ w + b),
             plain(w, b))
    for shape, text in (((4,), ""), ((3, 5), ""), ((2, 3, 4), "ctnn::tanh")):
        module = {1: nn.BatchNorm1d, 2: nn.BatchNorm1d, 3: nn.BatchNorm2d}[len(shape)](shape[0])
        with torch.no_grad():
            module.weight.copy_(numbers(shape[0]))
            module.bias.copy_(numbers(shape[0]))
            module.running_mean.copy_(numbers(shape[0]))
            module.running_var.copy_(numbers(shape[0]).abs() + 0.5)
        statistics = [module.running_mean.clone(), module.running_var.clone()]
        after = torch.tanh if text else same
        case("simple", "batch_norm", shape, f"ctnn::batch_norm<{text}>", lambda x: after(module(x)),
             plain(module.weight, module.bias), statistics=statistics,
             infer=lambda x: after(F.batch_norm(x, *statistics, module.weight, module.bias)), batch=5)
    for shape in ((5,), (3, 4), (2, 2, 3)):
        w, b = numbers(shape[-1]), numbers(shape[-1])
        case("simple", "layer_norm", shape, "ctnn::layer_norm<>", lambda x: F.layer_norm(x, shape[-1:], w, b), plain(w, b))
    for shape in ((4,), (3, 5), (2, 3, 2)):
        w = numbers(shape[0])
        case("simple", "prelu", shape, "ctnn::prelu<>", lambda x: F.prelu(x, w), plain(w))
    for shape, axis in (((4,), 0), ((3, 5), 0), ((3, 5), 1)):
        w, b = numbers(shape[axis]), numbers(shape[axis])
        wide = lambda p: p.reshape([-1 if d == axis else 1 for d in range(len(shape))])
        case("simple", "scale", shape, f"ctnn::scale<ctnn::identity, ctnn::axis<{axis}>>", lambda x: x * wide(w) + wide(b),
             plain(w, b))
    for shape, order in (((2, 3), (1, 0)), ((2, 3, 4), (2, 0, 1)), ((3, 1, 2), (0, 2, 1))):
        case("simple", "permute", shape, f"ctnn::permute<{', '.join(map(str, order))}>",
             lambda x: x.permute(0, *(d + 1 for d in order)))
    for shape in ((3,), (2, 3), (2, 1, 4)):
        case("simple", "flatten", shape, "ctnn::flatten", lambda x: x.flatten(1))
    for shape, to in (((6,), (2, 3)), ((2, 3), (3, 2)), ((2, 2, 3), (4, 3))):
        case("simple", "reshape", shape, f"ctnn::reshape<{', '.join(map(str, to))}>", lambda x: x.reshape(BATCH, *to))
    for shape in ((3,), (2, 4), (1, 1)):
        case("simple", "activation", shape, "ctnn::activation<ctnn::gelu>", F.gelu)

    def dense(inputs, outputs):
        w, b = numbers(inputs, outputs), numbers(outputs)
        return [w, b], lambda x: x @ w + b

    for inputs, inside in ((3, 4), (1, 1), (5, 2)):
        first, one = dense(inputs, inside)
        second, two = dense(inside, inputs)
        case("simple", "residual", (inputs,), f"ctnn::residual<ctnn::dense<{inside}, ctnn::tanh>, ctnn::dense<{inputs}>>",
             lambda x: x + two(torch.tanh(one(x))), plain(*first, *second))
        case("simple", "sum", (inputs,),
             f"ctnn::sum<ctnn::branch<ctnn::dense<{inside}, ctnn::sigmoid>, ctnn::dense<{inputs}>>, ctnn::branch<>, "
             "ctnn::branch<ctnn::activation<ctnn::softsign>>>",
             lambda x: two(torch.sigmoid(one(x))) + x + F.softsign(x), plain(*first, *second))
        case("simple", "concatenate", (inputs,), f"ctnn::concatenate<ctnn::branch<ctnn::dense<{inside}>>, ctnn::branch<>>",
             lambda x: torch.cat([one(x), x], 1), plain(*first))
    w, b = numbers(2, 2, 3), numbers(2)
    case("simple", "concatenate", (2, 4), "ctnn::concatenate<ctnn::branch<ctnn::conv1d<2, ctnn::window<3>, ctnn::same>>, "
         "ctnn::branch<>>", lambda x: torch.cat([F.conv1d(x, w, b, padding=1), x], 1), [(w, window_first), (b, same)])
    case("simple", "concatenate", (2, 4), "ctnn::concatenate<ctnn::axis<1>, ctnn::branch<ctnn::conv1d<2, ctnn::window<3>>>, "
         "ctnn::branch<>>", lambda x: torch.cat([F.conv1d(x, w, b), x], 2), [(w, window_first), (b, same)])


HEADER = """// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Reference values of the layers. Made by make_layer_vectors.py with PyTorch %s; do not edit.
// clang-format off

#include <ctnn.hpp>

#include <cstddef>
#include <tuple>

namespace reference {
"""

if __name__ == "__main__":
    print(HEADER % torch.__version__)
    windows()
    recurrent()
    simple()
    for group, names in GROUPS.items():
        print(f"using {group}_cases = std::tuple<" + ", ".join(names) + ">;")
    print("\n}  // namespace reference")
