#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes activation_vectors.hpp: the activations that PyTorch has in another form or not at all, and their derivatives
by central differences, both in 80-digit decimal arithmetic.

Usage: make_activation_vectors.py > activation_vectors.hpp
"""
from decimal import Decimal, getcontext

getcontext().prec = 80
ABOVE = ["0.00000095367431640625", "0.0009765625", "0.125", "0.25", "0.5", "0.75", "1", "1.5", "2", "2.5", "3", "4", "6",
         "8", "12", "20", "40", "100", "1000"]
POINTS = [-Decimal(x) for x in reversed(ABOVE)] + [Decimal(0)] + [Decimal(x) for x in ABOVE]
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


def tanh(x):
    if abs(x) > 200:  # 1 in 80 digits
        return Decimal(1).copy_sign(x)
    return 1 - 2 / ((2 * x).exp() + 1)


def clip(x, low, high):
    return min(max(x, low), high)


# The C++ name, the function, and the derivative at each kink.
CASES = [
    ("ctnn::clip<std::ratio<-1>, std::ratio<5, 2>>", lambda x: clip(x, Decimal(-1), Decimal("2.5")), {-1: 0, "2.5": 0}),
    ("ctnn::clip<ctnn::unbounded, std::ratio<3, 4>>", lambda x: min(x, Decimal("0.75")), {"0.75": 0}),
    ("ctnn::clip<std::ratio<-3, 4>, ctnn::unbounded>", lambda x: max(x, Decimal("-0.75")), {"-0.75": 0}),
    ("ctnn::clip<ctnn::unbounded, ctnn::unbounded>", lambda x: x, {}),
    ("ctnn::relu6", lambda x: clip(x, Decimal(0), Decimal(6)), {0: 0, 6: 0}),
    ("ctnn::hard_sigmoid_with<std::ratio<1, 5>, std::ratio<1, 2>>",
     lambda x: clip(x / 5 + Decimal("0.5"), Decimal(0), Decimal(1)), {"-2.5": 0, "2.5": 0}),
    ("ctnn::hard_swish", lambda x: x * clip(x / 6 + Decimal("0.5"), Decimal(0), Decimal(1)), {-3: 0, 3: 1}),
    ("ctnn::gelu_tanh", lambda x: x / 2 * (1 + tanh((2 / PI).sqrt() * (x + Decimal("0.044715") * x ** 3))), {}),
    ("ctnn::selu_with<std::ratio<2>, std::ratio<3>>", lambda x: 3 * x if x > 0 else 6 * (x.exp() - 1), {0: 6}),
]
STEP = Decimal("1e-35")


def sin(x):
    """The Taylor series of the rest after whole turns."""
    x %= 2 * PI
    total = term = x
    for n in range(2, 200, 2):
        term *= -x * x / (n * (n + 1))
        total += term
    return total


# The C++ name, the function, and the points at which both it and `float` are finite.
ELEMENTARY = [
    ("ctnn::exp", lambda x: x.exp(), [x for x in POINTS if -80 < x < 80]),
    ("ctnn::log", lambda x: x.ln(), [x for x in POINTS if x > 0]),
    ("ctnn::sqrt", lambda x: x.sqrt(), [x for x in POINTS if x > 0]),
    ("ctnn::sin", sin, POINTS),
    ("ctnn::cos", lambda x: sin(x + PI / 2), POINTS),
]


def array(name, values):
    lines, line = [], ""
    for value in values:
        text = repr(float(value)).removesuffix(".0")
        if len(line) + len(text) + 2 > 110:
            lines.append(line.rstrip())
            line = ""
        line += text + ", "
    lines.append(line.rstrip().removesuffix(","))
    print(f"    static constexpr double {name}[]{{\n        " + "\n        ".join(lines) + "};")


def main():
    print("// SPDX-License-Identifier: BSL-1.0\n"
          "#pragma once\n/// @file\n/// Reference values. Made by make_activation_vectors.py; do not edit.\n"
          "// clang-format off\n\n"
          "#include \"reference/vectors.hpp\"\n\n#include <ctnn.hpp>\n\n#include <ratio>\n\nnamespace reference {\n")
    for name, function, kinks in CASES:
        at_kinks = {Decimal(x): slope for x, slope in kinks.items()}
        print(f"template <>\nstruct activation_vectors<{name}> {{")
        array("y", [function(x) for x in POINTS])
        array("slope", [at_kinks[x] if x in at_kinks else (function(x + STEP) - function(x - STEP)) / (2 * STEP)
                        for x in POINTS])
        print("};")
    for name, function, points in ELEMENTARY:
        print(f"template <>\nstruct activation_vectors<{name}> {{")
        array("x", points)
        array("y", [function(x) for x in points])
        array("slope", [(function(x + STEP) - function(x - STEP)) / (2 * STEP) for x in points])
        print("};")
    print("\n}  // namespace reference")


if __name__ == "__main__":
    main()
