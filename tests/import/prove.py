#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""ctnn-prove on a small model: verdicts, exit codes, what it refuses, and the headers that it writes.

usage: prove.py CTNN_PROVE CTNN_IMPORT MODELS COMPILER INCLUDE, with the folders of the models and of the headers
"""
import subprocess
import sys
import tempfile
from pathlib import Path

prove, program, models, compiler, include = sys.argv[1:6]
inputs, outputs = 12, 12
failures = 0
# Output 0 is smaller over [-1, 1], which takes a few bisections to prove.
THRESHOLD = 0.022


def declared(conditions, low=-0.1, high=0.1, skip=None):
    lines = [f"(declare-const X_{i} Real)" for i in range(inputs)] + [f"(declare-const Y_{i} Real)" for i in range(outputs)]
    for i in range(inputs):
        lines.append(f"(assert (<= X_{i} {high}))")
        if i != skip:
            lines.append(f"(assert (>= X_{i} {low}))")
    return "\n".join(lines + conditions) + "\n"


def write(folder, *texts):
    paths = []
    for i, text in enumerate(texts):
        paths.append(folder / f"property {i}.vnnlib")
        paths[-1].write_text(text)
    return paths


def run(folder, *texts, model="autoencoder_16.onnx", others=(), options=()):
    command = [sys.executable, prove, Path(models) / model, *write(folder, *texts), *others, "--ctnn-import", program, "--compiler", compiler, "--flags=-O0",
               "--threads", "2", "--boxes", "2000", "--build", folder / "build", *options]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


def compiles(folder, header, more=""):
    source = folder / "proofs.cpp"
    source.write_text(f'#include "{header}"\n{more}\nint main() {{}}\n')
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-fconstexpr-ops-limit=9223372036854775807",
               "-fconstexpr-loop-limit=2147483647", "-I", include, "-I", str(folder), str(source)]
    return subprocess.run(command, capture_output=True, text=True)


def check(what, condition, output=None):
    global failures
    if not condition:
        failures += 1
        print(f"wrong: {what}", (output.stdout + output.stderr)[:2000] if output else "")


with tempfile.TemporaryDirectory() as name:
    here = Path(name)
    # Unsafe where an output is enormous: proved. Unsafe where it is above -1000: refuted at once.
    both = run(here, declared(["(assert (>= Y_0 1e6)) ; a comment"]), declared(["(assert (or (and (>= Y_0 -1000) (<= Y_1 1000)) (>= Y_2 1e6)))"]))
    lines = [line.removeprefix("property ").split() for line in both.stdout.splitlines()]
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
        (declared(["(assert (>= (* 0.1 Y_0) 1))"]), "line 49: the coefficient 1/10 is not a double; multiply both sides"),
        (declared(["(assert (<= X_0 0.05))", "(assert (>= X_0 0.05))", "(assert (>= Y_0 1))"]), "no float is within the bounds of X_0"),
        (declared(["(assert (<= X_0 1e999))", "(assert (>= Y_0 1))"], high="1e999"), "a number is too large"),
        (declared([]), "there is a case without a condition on an output"),
        (declared(["(assert (or (>= Y_0 1) (<= X_0 0.1)))"]), "there is a case without a condition on an output"),
        (declared(["(declare-const Y_13 Real)", "(assert (>= Y_13 1))"]), "Y_13 is declared, and Y_12 is not"),
        (declared(["(declare-const Y_00 Real)"]), "line 49: a declaration is (declare-const X_0 Real)"),
        (declared(["(declare-const Y_0 Real)"]), "line 49: Y_0 is declared already"),
        (declared(["(assert (<= () Y_1))"]), "line 49: a term was expected"),
        (declared(["(assert (<= ((+) Y_0) Y_1))"]), "line 49: a term was expected"),
        (declared(["(assert (>= (+- Y_0 Y_1) 1))"]), "line 49: +- is not a linear term"),
        (declared(["(assert (or))"]), "line 49: (or) is empty"),
        (declared(["(assert Y_0)"]), "line 49: a condition was expected"),
        (declared(["(assert (>= Y_0 1_000))"]), "line 49: 1_000 is neither declared nor a number"),
        (declared(["(assert (<= 1 2))"]), "line 49: a condition without variables is not supported"),
        ("(declare-const X_0 Real)\n", "Y_0 is not declared"),
    ):
        refused = run(here, text)
        check(f"{message}: exit code", refused.returncode == 2, refused)
        check(message, message in refused.stderr and refused.stderr.count("\n") == 1, refused)

    few = run(here, "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n(assert (>= X_0 0))\n(assert (<= X_0 1))\n(assert (> Y_0 0))\n")
    check("another network", few.returncode == 2 and "another number of inputs or outputs" in few.stderr, few)

    # Proofs as a header: rows with coefficients, constants and strict signs, and a search of more than one box.
    first = declared(["(assert (or (and (>= (- (* 2 Y_0) (* 0.5 Y_1)) 1e6) (<= Y_2 3)) (> Y_3 (+ Y_4 1e6))))"], low=-1, high=1)
    cut = declared([f"(assert (>= Y_0 {THRESHOLD}))"], low=-1, high=1)
    header, proofs = here / "auto.hpp", here / "auto_proofs.hpp"
    written = ["--output", header, "--name", "my::auto_16"]
    done = run(here, first, cut, options=written)
    check("two headers", done.returncode == 0 and header.exists() and proofs.exists(), done)
    check("certificates", "certificates of 1 box, " in done.stdout and not done.stdout.endswith("1 box\n"), done)
    if proofs.exists():
        accepted = compiles(here, "auto_proofs.hpp", "static_assert(my::auto_16::proofs::property_0_certificate.size == 1);")
        check("the proofs compile", accepted.returncode == 0, accepted)
        plain = here / "plain.hpp"
        subprocess.run([program, Path(models) / "autoencoder_16.onnx", "--batch", "1", "--name", "my::auto_16", "--output", plain], check=True, capture_output=True)
        check("the header is that of ctnn-import", plain.read_bytes() == header.read_bytes())
        # Another bias: the proofs are of the network in the header.
        before, after = header.read_text().rsplit(".bias = {", 1)
        header.write_text((before + ".bias = {1 + " + after).replace("static_assert(answers", "// "))
        refused = compiles(here, "auto_proofs.hpp")
        check("another network is not proved", refused.returncode != 0 and "my::auto_16: the property property_1 is not proved" in refused.stderr, refused)
        header.unlink()
        proofs.unlink()

    def wrote_nothing(what, output, code, message=""):
        check(f"{what}: exit code", output.returncode == code, output)
        check(f"{what}: nothing is written", not header.exists() and not proofs.exists(), output)
        check(f"{what}: {message}", message in output.stderr, output)

    refuted = declared(["(assert (<= Y_0 1e6))"])
    wrote_nothing("refuted", run(here, first, refuted, options=written), 3)
    wrote_nothing("undecided", run(here, cut, options=[*written, "--boxes", "2"]), 4)
    wrote_nothing("large certificates", run(here, cut, options=[*written, "--certificate-boxes", "2"]), 2, "boxes, more than the 2 of --certificate-boxes")
    wrote_nothing("a contract", run(here, first, options=[*written, "--", "--batch", "1", "--max-bytes", "8"]), 2, "and its contract allows 8")
    wrote_nothing("weights in a file", run(here, first, options=[*written, "--", "--weights-file", here / "w.safetensors"]), 2, "--weights-file: proofs need")
    other = here / "property-0.vnnlib"
    other.write_text(first)
    wrote_nothing("names", run(here, first, others=[other], options=written), 2, "both properties would have the name property_0")
    wrote_nothing("a namespace", run(here, first, options=["--output", header, "--name", "class"]), 2, "cannot be the name of a namespace")
    check("no traces", not list(here.glob(".ctnn-prove-*")))

    # The same from ctnn-import, which gives its other options back to itself.
    def import_with(text, *options):
        command = [program, Path(models) / "autoencoder_16.onnx", "--property", *write(here, text), *written, "--compiler", compiler, "--build", here / "build", *options]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True)

    check("ctnn-import --property", import_with(first, "--check-vectors", "1").returncode == 0)
    check("its options", header.exists() and "check_input_0" in header.read_text() and "check_input_1" not in header.read_text())
    header.unlink(missing_ok=True)
    proofs.unlink(missing_ok=True)
    wrote_nothing("ctnn-import, refuted", import_with(refuted), 3)
    alone = subprocess.run([program, "a.onnx", "--report", "--property", "p.vnnlib"], capture_output=True, text=True)
    check("--property alone", alone.returncode == 2 and "--property requires --output" in alone.stderr, alone)

print(f"{failures} failures")
sys.exit(failures > 0)
