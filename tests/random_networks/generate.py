#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes test programs of random networks: legal shapes, all kinds of layers, and the laws that each network obeys.

Usage: generate.py --seed N --networks N --files N --output FOLDER

The same seed gives the same networks on every machine. Every third network is one that a stream can run.
"""
import argparse
import math
import pathlib
import random
import re
import sys

MOST = 40  # elements between two layers

KINDS = ["dense", "conv1d", "conv2d", "conv1d_transpose", "max_pool1d", "max_pool2d", "average_pool1d", "average_pool2d",
         "global_max_pool", "global_average_pool", "batch_norm", "layer_norm", "scale", "prelu", "dropout", "activation",
         "flatten", "reshape", "permute", "zero_pad", "reflect_pad", "edge_pad", "wrap_pad", "slice", "upsample",
         "linear_resize", "reverse", "simple_rnn", "gru", "lstm", "initial_state", "gate_activation", "cell_activation",
         "clipped", "bidirectional", "embedding", "positional_encoding", "multi_head_attention",
         "decision_trees", "residual", "sum", "product", "matmul", "concatenate", "graph"]

ACTIVATIONS = ["identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "softsign",
               "hard_sigmoid", "hard_swish", "gelu_tanh", "relu6", "clip<std::ratio<-1, 2>, unbounded>"]
ROWS = ["softmax", "log_softmax"]
IN_STEPS = ["sigmoid", "tanh", "softsign", "hard_sigmoid", "elu", "clip<std::ratio<-1, 2>, std::ratio<1>>",
            "clipped<tanh, std::ratio<1, 2>>", "clipped<sigmoid, std::ratio<3, 4>>"]
TREES = ["sum_of_trees", "average_of_trees", "minimum_of_trees", "maximum_of_trees"]


class Generator:
    def __init__(self, seed):
        self.draw = random.Random(seed)

    def pick(self, options):
        return self.draw.choice(options)

    def chance(self, percent):
        return self.draw.randrange(100) < percent

    def size(self, most=4):
        return self.draw.randint(1, most)

    def activation(self, rows=False):
        return self.pick(ACTIVATIONS + (ROWS if rows else []))

    # --- Layers. Each takes a shape and returns (spec, shape out), or None if it cannot take the shape.
    # `axis` is the dimension of time if the network is to be a stream, or None.

    def dense(self, shape, axis):
        if len(shape) > 2 or axis == 1:
            return None
        outputs = self.size(5)
        bias = ", no_bias" if self.chance(20) else ""
        return f"dense<{outputs}, {self.activation(rows=True)}{bias}>", shape[:-1] + (outputs,)

    def window(self, extent, padding):
        """window, stride, dilation, pads, outputs along one dimension"""
        for _ in range(20):
            window, stride, dilation = self.size(3), self.size(3), self.size(2)
            span = dilation * (window - 1) + 1
            if padding == "same":
                return window, stride, dilation, None, -(-extent // stride)
            if padding == "causal":
                return window, stride, dilation, None, (extent - 1) // stride + 1
            pads = (self.draw.randint(0, 2), self.draw.randint(0, 2)) if padding == "explicit" else (0, 0)
            if extent + sum(pads) >= span:
                return window, stride, dilation, pads, (extent + sum(pads) - span) // stride + 1
        return 1, 1, 1, (0, 0), extent

    def conv(self, shape, axis):
        if len(shape) not in (2, 3) or axis == 0:
            return None
        rank = len(shape) - 1
        padding = "causal" if axis == 1 else self.pick(["valid", "same", "explicit"] + (["causal"] if rank == 1 else []))
        along = [self.window(extent, padding) for extent in shape[1:]]
        if axis == 1:
            along = [(w, 1, d, None, shape[1]) for w, _, d, _, _ in along]
        groups = self.pick([g for g in range(1, shape[0] + 1) if shape[0] % g == 0])
        filters = groups * self.size(2)
        options = [f"stride<{', '.join(str(a[1]) for a in along)}>", f"dilation<{', '.join(str(a[2]) for a in along)}>",
                   f"groups<{groups}>", self.activation()]
        if padding in ("same", "causal"):
            options.append(padding)
        elif padding == "explicit":
            options.append("padding<" + ", ".join(f"pad<{a[3][0]}, {a[3][1]}>" for a in along) + ">")
        if self.chance(30):
            options.append("no_bias")
        self.draw.shuffle(options)
        window = ", ".join(str(a[0]) for a in along)
        return (f"conv{rank}d<{filters}, window<{window}>, {', '.join(options)}>",
                (filters,) + tuple(a[4] for a in along))

    def conv_transpose(self, shape, axis):
        if len(shape) != 2 or axis is not None:
            return None
        groups = self.pick([g for g in range(1, shape[0] + 1) if shape[0] % g == 0])
        filters = groups * self.size(2)
        window, stride, dilation = self.size(3), self.size(3), self.size(2)
        whole = (shape[1] - 1) * stride + dilation * (window - 1) + 1
        options = [f"stride<{stride}>", f"dilation<{dilation}>", f"groups<{groups}>", self.activation()]
        if self.chance(40):
            options.append("same")
            length = shape[1] * stride
        else:
            more = self.draw.randrange(stride)
            crop = self.draw.randint(0, min(2, whole + more - 1))
            options += [f"output_padding<{more}>", f"padding<pad<{crop}, 0>>"]
            length = whole + more - crop
        self.draw.shuffle(options)
        return f"conv1d_transpose<{filters}, window<{window}>, {', '.join(options)}>", (filters, length)

    def pool(self, shape, axis):
        if len(shape) not in (2, 3) or axis is not None:
            return None
        rank, kind, along = len(shape) - 1, self.pick(["max", "average"]), []
        ceil = self.chance(30)
        for extent in shape[1:]:
            window, stride = self.draw.randint(1, min(3, extent)), self.size(3)
            pads = (self.draw.randrange(window), self.draw.randrange(window))
            room = extent + sum(pads) - window
            outputs = room // stride + 1
            if ceil and room % stride and outputs * stride < extent + pads[0]:
                outputs += 1
            along.append((window, stride, pads, outputs))
        options = [f"stride<{', '.join(str(a[1]) for a in along)}>",
                   "padding<" + ", ".join(f"pad<{a[2][0]}, {a[2][1]}>" for a in along) + ">"]
        if ceil:
            options.append("ceil_mode")
        if kind == "average" and self.chance(50):
            options.append("count_include_pad")
        # A window entirely in the padding has no maximum and no mean.
        for (window, stride, pads, outputs), extent in zip(along, shape[1:]):
            for place in range(outputs):
                begin, end = place * stride, place * stride + window
                if max(begin, pads[0]) >= min(end, pads[0] + extent):
                    return None
        window = ", ".join(str(a[0]) for a in along)
        return (f"{kind}_pool{rank}d<window<{window}>, {', '.join(options)}>",
                (shape[0],) + tuple(a[3] for a in along))

    def global_pool(self, shape, axis):
        if len(shape) < 2 or axis is not None:
            return None
        return f"global_{self.pick(['max', 'average'])}_pool", shape[:1]

    def batch_norm(self, shape, axis):
        along = 1 - axis if axis is not None else self.draw.randrange(len(shape))
        options = ", std::ratio<1, 5>, epsilon<std::ratio<1, 50>>" if self.chance(30) else ""
        return f"batch_norm<{self.activation()}, axis<{along}>{options}>", shape

    def layer_norm(self, shape, axis):
        if axis == 1 or shape[-1] < 3:  # normalised rows of one or two elements are all alike
            return None
        options = self.pick(["", ", epsilon<std::ratio<1, 1000>>", ", epsilon<>, no_affine"])
        return f"layer_norm<{self.activation()}{options}>", shape

    def scale(self, shape, axis):
        along = 1 - axis if axis is not None else self.draw.randrange(len(shape))
        return f"scale<{self.activation()}, axis<{along}>>", shape

    def prelu(self, shape, axis):
        along = 1 - axis if axis is not None else self.draw.randrange(len(shape))
        return f"prelu<axis<{along}>>", shape

    def dropout(self, shape, axis):
        return f"dropout<std::ratio<1, {self.draw.randint(3, 8)}>>", shape

    def elementwise(self, shape, axis):
        return f"activation<{self.activation(rows=axis is None)}>", shape

    def flatten(self, shape, axis):
        return None if axis is not None else ("flatten", (math.prod(shape),))

    def reshape(self, shape, axis):
        if axis is not None:
            return None
        size = math.prod(shape)
        divisors = [d for d in range(1, size + 1) if size % d == 0]
        first = self.pick(divisors)
        rest = self.pick([d for d in divisors if size // first % d == 0])
        to = self.pick([(first, size // first), (first, rest, size // first // rest), (size,)])
        return f"reshape<{', '.join(map(str, to))}>", to

    def permute(self, shape, axis):
        if len(shape) < 2 or axis is not None:
            return None
        order = list(range(len(shape)))
        self.draw.shuffle(order)
        return f"permute<{', '.join(map(str, order))}>", tuple(shape[i] for i in order)

    def zero_pad(self, shape, axis):
        if axis is not None:
            return None
        rank = self.draw.randint(1, len(shape))
        pads = [(self.draw.randint(0, 2), self.draw.randint(0, 1)) for _ in range(rank)]
        inner = tuple(extent + sum(p) for extent, p in zip(shape[-rank:], pads))
        return "zero_pad<" + ", ".join(f"pad<{a}, {b}>" for a, b in pads) + ">", shape[:-rank] + inner

    def copy_pad(self, shape, axis):
        if axis is not None:
            return None
        rank, kind = self.draw.randint(1, len(shape)), self.pick(["reflect", "edge", "wrap"])
        inner = shape[-rank:]
        pads = [tuple(self.draw.randint(0, min(2, {"reflect": extent - 1, "edge": 2, "wrap": extent}[kind]))
                      for _ in range(2)) for extent in inner]
        inner = tuple(extent + sum(p) for extent, p in zip(inner, pads))
        return f"{kind}_pad<" + ", ".join(f"pad<{a}, {b}>" for a, b in pads) + ">", shape[:-rank] + inner

    def linear_resize(self, shape, axis):
        if axis is not None:
            return None
        along, extent = self.draw.randrange(len(shape)), self.size(7)
        places = self.pick(["", ", half_pixel", ", align_corners", ", asymmetric"])
        return (f"linear_resize<axis<{along}>, {extent}{places}>",
                shape[:along] + (extent,) + shape[along + 1:])

    def slice(self, shape, axis):
        along = 1 - axis if axis is not None else self.draw.randrange(len(shape))
        first = self.draw.randrange(shape[along])
        count = self.draw.randint(1, shape[along] - first)
        return f"slice<axis<{along}>, {first}, {count}>", shape[:along] + (count,) + shape[along + 1:]

    def upsample(self, shape, axis):
        if axis is not None:
            return None
        rank = self.draw.randint(1, len(shape))
        factors = [self.size(3) for _ in range(rank)]
        inner = tuple(extent * f for extent, f in zip(shape[-rank:], factors))
        return f"upsample<{', '.join(map(str, factors))}>", shape[:-rank] + inner

    def reverse(self, shape, axis):
        return None if len(shape) != 2 or axis is not None else ("reverse", shape)

    def recurrent_spec(self, units, ending):
        kind = self.pick(["simple_rnn", "gru", "lstm"])
        options = [f"{units}"]
        if kind == "simple_rnn" and self.chance(50):
            options.append(self.pick(["tanh", "sigmoid", "softsign"]))
        if kind != "simple_rnn":
            if self.chance(30):
                options.append(self.pick(IN_STEPS))
            if self.chance(30):
                options.append(f"gate_activation<{self.pick(IN_STEPS)}>")
        if kind == "lstm" and self.chance(30):
            options.append(f"cell_activation<{self.pick(IN_STEPS)}>")
        if kind == "gru":
            options.append(self.pick(["reset_after", "reset_before"]))
        if ending:
            options.append("last_step")
        if self.chance(40):
            options.append("initial_state")
        options[1:] = self.draw.sample(options[1:], len(options) - 1)
        return f"{kind}<{', '.join(options)}>"

    def recurrent(self, shape, axis):
        if len(shape) != 2 or axis == 1:
            return None
        units, ending = self.size(3), axis is None and self.chance(30)
        return self.recurrent_spec(units, ending), ((units,) if ending else (shape[0], units))

    def bidirectional(self, shape, axis):
        if len(shape) != 2 or axis is not None:
            return None
        units, ending = self.size(2), self.chance(30)
        return (f"bidirectional<{self.recurrent_spec(units, ending)}>",
                (2 * units,) if ending else (shape[0], 2 * units))

    def positional_encoding(self, shape, axis):
        return None if len(shape) != 2 or axis is not None else ("positional_encoding", shape)

    def attention(self, shape, axis):
        if len(shape) != 2 or axis is not None:
            return None
        heads = self.pick([h for h in range(1, shape[1] + 1) if shape[1] % h == 0])
        return f"multi_head_attention<{heads}{self.pick(['', ', causal_mask'])}>", shape

    # --- Layers that contain layers

    def inside(self, shape, axis, depth, length):
        specs = []
        for _ in range(length):
            spec, shape = self.layer(shape, axis, depth + 1)
            specs.append(spec)
        return specs, shape

    def keeping(self, shape, axis, depth):
        """Layers that end with the shape they began with."""
        for _ in range(20):
            specs, out = self.inside(shape, axis, depth, self.draw.randint(1, 2))
            if out == shape:
                return specs
        return ["scale<>" if axis is None else f"scale<identity, axis<{1 - axis}>>"]

    def residual(self, shape, axis, depth):
        return f"residual<{', '.join(self.keeping(shape, axis, depth))}>", shape

    def sum(self, shape, axis, depth, kind="sum"):
        branches = ["branch<>"] + [f"branch<{', '.join(self.keeping(shape, axis, depth))}>"
                                   for _ in range(self.draw.randint(1, 2))]
        self.draw.shuffle(branches)
        return f"{kind}<{', '.join(branches)}>", shape

    def product(self, shape, axis, depth):
        return self.sum(shape, axis, depth, "product")

    def matmul(self, shape, axis, depth):
        if len(shape) < 2 or axis is not None:
            return None
        last = len(shape) - 1
        turn = f"permute<{', '.join(map(str, [*range(last - 1), last, last - 1]))}>"
        one, other = (self.keeping(shape, axis, depth) if self.chance(60) else [] for _ in range(2))
        branches = [f"branch<{', '.join(one)}>", f"branch<{', '.join(other + [turn])}>"]
        if self.chance(50):
            return f"matmul<{', '.join(branches)}>", shape[:-2] + (shape[-2], shape[-2])
        return f"matmul<{', '.join(reversed(branches))}>", shape[:-2] + (shape[-1], shape[-1])

    def concatenate(self, shape, axis, depth):
        along = 1 - axis if axis is not None else self.draw.randrange(len(shape))
        branches = [f"branch<{', '.join(self.keeping(shape, axis, depth))}>" for _ in range(self.draw.randint(1, 2))]
        branches.append("branch<>")
        self.draw.shuffle(branches)
        together = shape[:along] + (shape[along] * len(branches),) + shape[along + 1:]
        return f"concatenate<axis<{along}>, {', '.join(branches)}>", together

    def graph(self, shape, axis, depth):
        """Nodes that keep the shape, each of one or more values before it; the last one takes all that are left."""
        names, idle, nodes = ["input"], ["input"], []
        count = self.draw.randint(2, 4)
        for name in "abcd"[:count]:
            sources = self.draw.sample(names, self.draw.randint(1, min(2, len(names))))
            if len(nodes) + 1 == count:
                sources = idle
            taken = [f'from<"{source}">' for source in sources]
            source = taken[0] if len(taken) == 1 else f"{self.pick(['sum', 'product'])}<{', '.join(taken)}>"
            layers = self.keeping(shape, axis, depth) if self.chance(70) else []
            nodes.append(f'node<{", ".join([chr(34) + name + chr(34), source] + layers)}>')
            idle = [value for value in idle if value not in sources] + [name]
            names.append(name)
        if self.chance(30):
            along = 1 - axis if axis is not None else self.draw.randrange(len(shape))
            nodes.append(f'node<"all", concatenate<axis<{along}>, from<"{name}">, from<"{self.pick(names)}">>>')
            shape = shape[:along] + (2 * shape[along],) + shape[along + 1:]
        return f"graph<{', '.join(nodes)}>", shape

    def trees(self):
        trees, outputs = self.size(3), self.size(3)
        splits, options = trees + self.size(6) - 1, [self.pick(TREES)] if self.chance(70) else []
        if self.chance(40):
            trees *= outputs
            splits += trees
            options.append("one_output_per_tree")
        self.draw.shuffle(options)
        return f"decision_trees<{', '.join([str(n) for n in (outputs, trees, splits)] + options)}>", (outputs,), trees

    PLAIN = [dense, conv, conv, conv_transpose, pool, pool, global_pool, batch_norm, layer_norm, scale, prelu, dropout,
             elementwise, flatten, reshape, permute, zero_pad, copy_pad, slice, upsample, linear_resize, reverse, recurrent,
             recurrent, bidirectional, positional_encoding, attention]
    MADE_OF_LAYERS = [residual, sum, product, matmul, concatenate, graph]

    def layer(self, shape, axis, depth=0):
        while True:
            if depth < 2 and self.chance(20):
                made = self.pick(self.MADE_OF_LAYERS)(self, shape, axis, depth)
            else:
                made = self.pick(self.PLAIN)(self, shape, axis)
            if made is None:
                continue
            if math.prod(made[1]) <= MOST:
                return made

    def network(self, streams):
        """the input, the specs after it, the number of symbols if the inputs are symbols, that of trees if the first layer
        has some, and for a stream the dimension of time of the output and whether time is the second dimension of the
        input"""
        axis, symbols, trees = None, 0, 0
        if streams:
            axis = self.draw.randrange(2)
            shape = (self.draw.randint(3, 5), self.size(3))
            shape = shape if axis == 0 else shape[::-1]
        else:
            shape = tuple(self.size(5) for _ in range(self.pick([1, 2, 2, 2, 3])))
        begin, specs, begins_as_lines = shape, [], axis == 1
        if streams and self.chance(30):
            begin, begins_as_lines = shape[::-1], not begins_as_lines
            specs.append("permute<1, 0>")
        if axis == 1:  # marks these as 1-D signals, channels first
            spec, shape = self.conv(shape, axis)
            specs.append(spec)
        elif begins_as_lines:  # marks these as sequences
            specs.append("scale<identity, axis<1>>")
        if not streams and len(shape) == 1 and self.chance(40):
            spec, shape, trees = self.trees()
            specs.append(spec)
        elif not streams and len(shape) == 1 and self.chance(60):
            symbols, width = self.draw.randint(2, 5), self.size(3)
            specs.append(f"embedding<{symbols}, {width}>")
            shape = (shape[0], width)
        for _ in range(self.draw.randint(2, 4)):
            spec, shape = self.layer(shape, axis)
            specs.append(spec)
            if streams and axis == 1 and self.chance(30):
                specs.append("permute<1, 0>")
                shape, axis = shape[::-1], 0
        return begin, specs, symbols, trees, axis, begins_as_lines


def main():
    parser = argparse.ArgumentParser()
    for name in ("seed", "networks", "files"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    asked = parser.parse_args()
    generator = Generator(asked.seed)
    texts, used = [], {}
    for index in range(asked.networks):
        begin, specs, symbols, trees, axis, begins_as_lines = generator.network(streams=index % 3 == 0)
        lines = ",\n                    ".join([f"input<{', '.join(map(str, begin))}>"] + specs)
        for kind in re.findall(r"[a-z_0-9]+", " ".join(specs)):
            if kind in KINDS:
                used[kind] = used.get(kind, 0) + 1
        checks = [f"    check<net_{index}, {symbols}, {trees}>();"]
        if axis is not None:
            checks.append(f"    check_stream<net_{index}, {str(begins_as_lines).lower()}, {str(axis == 1).lower()}>();")
        texts.append(f"using net_{index} =\n    network<double, {lines}>;\n\n"
                     f"BOOST_AUTO_TEST_CASE(network_{index}) {{\n" + "\n".join(checks) + "\n}\n")
    asked.output.mkdir(parents=True, exist_ok=True)
    for file in range(asked.files):
        body = "\n".join(texts[file::asked.files])
        (asked.output / f"random_{file}.cpp").write_text(
            f"// Written by generate.py --seed {asked.seed}; do not edit.\n"
            f"#define BOOST_TEST_MODULE random_{file}\n"
            "#include \"random_networks/check.hpp\"\n\n#include <ratio>\n\n"
            "namespace random_networks {\n\nusing namespace ctnn;\nusing ctnn::tanh;\n\n" + body +
            "\n}  // namespace random_networks\n")
    print("; ".join(f"{used.get(kind, 0)} {kind}" for kind in KINDS))
    if asked.networks >= 200 and any(used.get(kind, 0) < 3 for kind in KINDS):
        sys.exit("generate.py: a kind of layer is in fewer than three places: take another seed")


if __name__ == "__main__":
    main()
