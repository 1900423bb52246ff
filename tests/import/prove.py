#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""ctnn-prove on a small model: verdicts, exit codes, and what it refuses.

usage: prove.py CTNN_PROVE CTNN_IMPORT MODELS COMPILER, with the folder of the models
"""
import subprocess
import sys
import tempfile
from pathlib import Path

prove, program, models, compiler = sys.argv[1:5]
inputs, outputs = 12, 12
failures = 0


def declared(conditions, low=-0.1, high=0.1, skip=None):
    lines = [f"(declare-const X_{i} Real)" for i in range(inputs)] + [f"(declare-const Y_{i} Real)" for i in range(outputs)]
    for i in range(inputs):
        lines.append(f"(assert (<= X_{i} {high}))")
        if i != skip:
            lines.append(f"(assert (>= X_{i} {low}))")
    return "\n".join(lines + conditions) + "\n"


def run(folder, *texts, model="autoencoder_16.onnx"):
    paths = []
    for i, text in enumerate(texts):
        paths.append(folder / f"property_{i}.vnnlib")
        paths[-1].write_text(text)
    command = [sys.executable, prove, str(Path(models) / model), *map(str, paths), "--ctnn-import", program, "--compiler", compiler, "--flags=-O0",
               "--threads", "2", "--boxes", "2000", "--build", str(folder / "build")]
    return subprocess.run(command, capture_output=True, text=True)


def check(what, condition, output=None):
    global failures
    if not condition:
        failures += 1
        print(f"wrong: {what}", output.stdout + output.stderr if output else "")


with tempfile.TemporaryDirectory() as name:
    here = Path(name)
    # Unsafe where an output is enormous: proved. Unsafe where it is above -1000: refuted at once.
    both = run(here, declared(["(assert (>= Y_0 1e6)) ; a comment"]), declared(["(assert (or (and (>= Y_0 -1000) (<= Y_1 1000)) (>= Y_2 1e6)))"]))
    lines = [line.split() for line in both.stdout.splitlines()]
    check("exit code", both.returncode == 3, both)
    check("verdicts", [line[1] for line in lines] == ["proved", "refuted"], both)
    if len(lines) == 2:
        point = [float(word) for word in lines[1][4:]]
        check("the counterexample is in the box", len(point) == inputs and all(-0.1 <= x <= 0.1 for x in point), both)
    check("proved", run(here, declared(["(assert (<= (- Y_0 Y_1) -1e6))"])).returncode == 0)
    for text, message in (
        (declared(["(assert (>= Y_0 1)"]), "line 49: a parenthesis is not closed"),
        (declared(["(assert (>= Y_0 1)))"]), "line 49: a parenthesis is closed that is not open"),
        (declared(["(assert (>= Y_12 1))"]), "line 49: Y_12 is neither declared nor a number"),
        (declared(["(assert (>= (* Y_0 Y_1) 1))"]), "line 49: * is not a linear term"),
        (declared(["(assert (not (>= Y_0 1)))"]), "line 49: not is not a condition"),
        (declared(["(assert (>= Y_0 X_1))"]), "line 49: a condition on several inputs, or on inputs and outputs, is not supported"),
        (declared(["(assert (>= (+ X_0 X_1) 1))"]), "line 49: a condition on several inputs"),
        (declared(["(assert (< X_0 0.05))"]), "line 49: a strict bound of an input is not supported"),
        (declared(["(check-sat)"]), "line 49: check-sat is not supported"),
        (declared(["(declare-const Z_0 Real)"]), "line 49: a declaration is (declare-const X_0 Real)"),
        (declared([], skip=3), "the input X_3 has no lower or no upper bound"),
        (declared(["(assert (>= (* 0.1 Y_0) 1))"]), "is not a double"),
    ):
        refused = run(here, text)
        check(f"{message}: exit code", refused.returncode == 2, refused)
        check(message, message in refused.stderr and refused.stderr.count("\n") == 1, refused)

    other = run(here, declared([]), model="mlp_16.onnx")
    check("softmax", other.returncode == 2 and "ctnn: a proof cannot go through this activation" in other.stderr, other)
    check("softmax in one line", other.stderr.count("\n") == 1, other)
    few = run(here, "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n(assert (>= X_0 0))\n(assert (<= X_0 1))\n(assert (> Y_0 0))\n")
    check("another network", few.returncode == 2 and "another number of inputs or outputs" in few.stderr, few)

print(f"{failures} failures")
sys.exit(failures > 0)
