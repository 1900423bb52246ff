#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The compile cost of the library.

compile_cost.py count [--update] [--compiler clang++-19]
    Counts clang's template instantiations for the programs in this folder and compares the counts with baselines.json.
    The counts are deterministic, so they are a gate: more than 2% above the baseline fails. They depend on the versions
    of clang, the standard library and Boost; with other versions than the baseline's the exit code is 77 (skipped).
    --update writes the baseline.

compile_cost.py include [--compiler g++]
    Compiles <ctnn.hpp> and <boost/hana.hpp> alternately and prints the median ratio of CPU times: more than 2.5 fails.

compile_cost.py report [--compiler g++ --compiler clang++-19] [--optimisation -O2]
    Prints the time and memory of each compiler: for the header alone, beside <boost/hana.hpp>; for the programs in this
    folder; for examples/xor.cpp and examples/two_layers.cpp. A report, not a gate.

compile_cost.py growth [--compiler g++ --compiler clang++-19] [--optimisation -O2]
    Prints the same for networks of 1 to 200 layers and of 4 to 1024 neurons per layer, evaluated and trained, with the
    ratio to linear growth at the cost per layer of the first 8 layers, or to the cost of the smallest width. A report,
    not a gate; about 3 minutes.

compile_cost.py constants [--compiler g++-12 --compiler clang++-19] [--optimisation -O0] [--root FOLDER]
    Prints what a training step costs in constant evaluation, by ctnn and by loops on raw arrays (benchmarks/programs):
    steps a second, memory, and g++'s operations. Each is the difference of many steps and few, so that the headers
    cancel; the compilations alternate, and times are the minima of 3 rounds. --root is another checkout, to compare
    with. A report, not a gate; some minutes for each compiler.
"""
import argparse
import collections
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BASELINES = HERE / "baselines.json"
FLAGS = ["-std=c++20", f"-I{ROOT / 'include'}"]
GCC_RAISED = ["-fconstexpr-ops-limit=4294967295", "-fconstexpr-loop-limit=2147483647"]
CLANG_RAISED = ["-fconstexpr-steps=4294967295"]
TOLERANCE = 1.02
REPETITIONS = 3
INCLUDE_LIMIT = 2.5


def versions(compiler):
    """What the counts depend on besides this library."""
    text = '#include <version>\n#include <boost/version.hpp>\n"clang" __clang_major__ "libstdc++" __GLIBCXX__ "Boost" BOOST_VERSION'
    result = subprocess.run([compiler, "-std=c++20", "-E", "-P", "-x", "c++", "-"], input=text, check=True,
                            capture_output=True, text=True)
    return result.stdout.strip().splitlines()[-1].replace('"', "")


def instantiations(compiler, source):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([compiler, *FLAGS, "-O0", "-c", "-ftime-trace", "-ftime-trace-granularity=0", source,
                        "-o", f"{folder}/out.o"], check=True)
        events = json.loads(Path(folder, "out.json").read_text())["traceEvents"]
    counts = collections.Counter(event["name"] for event in events)
    return counts["InstantiateClass"] + counts["InstantiateFunction"]


def count(arguments):
    compiler = (arguments.compiler or ["clang++-19"])[0]
    now, before = {"versions": versions(compiler)}, json.loads(BASELINES.read_text())
    if not arguments.update and before["versions"] != now["versions"]:
        print(f"the baseline is for {before['versions']}, not for {now['versions']}")
        return 77
    now["instantiations"] = {source.stem: instantiations(compiler, source) for source in sorted(HERE.glob("*.cpp"))}
    if arguments.update:
        BASELINES.write_text(json.dumps(now, indent=4) + "\n")
        print(BASELINES.read_text())
        return 0
    if before["instantiations"].keys() != now["instantiations"].keys():
        print("the programs are not those of the baseline")
        return 1
    worse = 0
    for name, new in now["instantiations"].items():
        old = before["instantiations"][name]
        verdict = "too many" if new > old * TOLERANCE else "fewer: update the baseline" if new * TOLERANCE < old else "ok"
        worse += verdict == "too many"
        print(f"{name:16} {old:8} -> {new:8}  {verdict}")
    return int(worse > 0)


def cost(compiler, source, flags=(), repetitions=REPETITIONS):
    """The minimum CPU time in seconds and the peak memory in MB of a compilation to assembly."""
    best, peak = float("inf"), 0
    for _ in range(repetitions):
        process = subprocess.Popen([compiler, *FLAGS, *flags, "-S", "-o", os.devnull, str(source)],
                                   stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status != 0:
            return None
        best, peak = min(best, usage.ru_utime + usage.ru_stime), max(peak, usage.ru_maxrss / 1024)
    return best, peak


def include(arguments):
    """The CPU time of the umbrella header relative to all of Hana. The limit is far from the ratio, about 0.7."""
    with tempfile.TemporaryDirectory() as folder:
        hana = Path(folder, "hana.cpp")
        hana.write_text("#include <boost/hana.hpp>\n")
        worse = 0
        for compiler in arguments.compiler or ["g++", "clang++-19"]:
            ratios = []
            for _ in range(5):
                own, other = (cost(compiler, source, ["-O0"], 1) for source in (HERE / "include_all.cpp", hana))
                if own is None or other is None:
                    sys.exit(f"{compiler} does not compile the headers")
                ratios.append(own[0] / other[0])
            ratio = statistics.median(ratios)
            print(f"{compiler}: <ctnn.hpp> takes {ratio:.2f} times as long as <boost/hana.hpp>"
                  f" ({min(ratios):.2f} to {max(ratios):.2f})")
            worse += ratio > INCLUDE_LIMIT
    return int(worse > 0)


# What is compiled for a network: inference on one sample, or one training step.
USES = {
    "inference": "vector evaluate(const net& n, const vector& x) { return n(x); }",
    "step": "using trainer = ctnn::trainer<net, ctnn::mean_squared_error, ctnn::sgd>;\n"
            "float step(trainer& t, const vector& x, const vector& y) { return t.step(x, y); }",
}
LAYERS = [1, 2, 4, 8, 16, 32, 64, 128, 200]
WIDTHS = [4, 16, 64, 256, 1024]
LINEAR_UP_TO = 8


def generated(use, layers, width):
    specs = "".join(f", ctnn::dense<{width}, ctnn::tanh>" for _ in range(layers))
    return (f"#include <ctnn.hpp>\nusing net = ctnn::network<float, ctnn::input<{width}>{specs}>;\n"
            f"using vector = ctnn::tensor<float, ctnn::shape<{width}>>;\n{USES[use]}\n")


def growth(arguments):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "growing.cpp")

        def cost_of(compiler, use, layers, width):
            source.write_text(generated(use, layers, width))
            result = cost(compiler, source, [arguments.optimisation])
            if result is None:
                sys.exit(f"{compiler} does not compile {layers} x dense<{width}>")
            return result

        def show(name, measured, expected):
            seconds, megabytes = measured
            ratios = "".join(f"{now / then:8.2f}" for now, then in zip(measured, expected))
            print(f"{name:32}{seconds:8.2f} s {megabytes:6.0f} MB{ratios}", flush=True)

        for compiler in arguments.compiler or ["g++", "clang++-19"]:
            print(f"\n{f'{compiler} {arguments.optimisation}':35}processor time, memory, and each to the expected")
            for use in USES:
                deep = {layers: cost_of(compiler, use, layers, 16) for layers in LAYERS}
                for layers, measured in deep.items():
                    in_proportion = [one + (layers - 1) * (some - one) / (LINEAR_UP_TO - 1)
                                     for one, some in zip(deep[1], deep[LINEAR_UP_TO])]
                    show(f"{use}, {layers} x dense<16>", measured, in_proportion)
                wide = {width: cost_of(compiler, use, 2, width) for width in WIDTHS}
                for width, measured in wide.items():
                    show(f"{use}, 2 x dense<{width}>", measured, wide[WIDTHS[0]])
    return 0


def report(arguments):
    compilers = arguments.compiler or ["g++", "clang++-19"]
    with tempfile.TemporaryDirectory() as folder:
        programs = [("<boost/hana.hpp>", Path(folder, "hana.cpp"), False)]
        programs[0][1].write_text("#include <boost/hana.hpp>\n")
        programs += [(source.name, source, False) for source in sorted(HERE.glob("*.cpp"))]
        programs += [(f"examples/{name}", ROOT / "examples" / name, name == "two_layers.cpp")
                     for name in ("xor.cpp", "two_layers.cpp") if (ROOT / "examples" / name).exists()]

        print(f"{'processor time, memory':28}" + "".join(f"{compiler:>22}" for compiler in compilers))
        for name, source, raise_limits in programs:
            row = ""
            for compiler in compilers:
                flags = [arguments.optimisation]
                if raise_limits:
                    flags += CLANG_RAISED if "clang" in compiler else GCC_RAISED
                result = cost(compiler, source, flags)
                row += f"{result[0]:11.2f} s {result[1]:6.0f} MB" if result else f"{'does not compile':>22}"
            print(f"{name:28}{row}", flush=True)
    return 0


def write_digits(folder):
    """The lists of numbers that programs/digits.hpp includes: 360 digits, and random weights."""
    with gzip.open(ROOT / "examples" / "data" / "digits.csv.gz", "rt") as file:
        rows = [line.strip().split(",") for line in file][:360]
    draw = random.Random(1)
    lists = {"inputs": [number for row in rows for number in row[:64]],
             "labels": [row[64] for row in rows],
             "weights1": [f"{draw.uniform(-0.125, 0.125):.7f}f" for _ in range(64 * 32)],
             "weights2": [f"{draw.uniform(-0.18, 0.18):.7f}f" for _ in range(32 * 10)]}
    widths = {"inputs": 64, "labels": 60, "weights1": 32, "weights2": 10}
    for name, numbers in lists.items():
        lines = [numbers[i:i + widths[name]] for i in range(0, len(numbers), widths[name])]
        row = "{{{}}}" if name.startswith("weights") else "{}"
        Path(folder, f"digits_{name}.inc").write_text(",\n".join(row.format(", ".join(line)) for line in lines) + "\n")


# Name and program; few and many steps, whose times are compared; and the same for operations.
CONSTANTS = [("2-2-1", "training_xor", (200, 2200), (4, 24)), ("64-32-10", "training_digits", (4, 24), (1, 3))]
ROUNDS = 3


def operations(command, steps):
    """The least -fconstexpr-ops-limit with which g++ evaluates so many steps."""
    def suffices(limit):
        return subprocess.run([*command, f"-DSTEPS={steps}", f"-fconstexpr-ops-limit={limit}"],
                              stderr=subprocess.DEVNULL).returncode == 0

    low, high = 0, 1000
    while not suffices(high):
        low, high = high, 2 * high
    while high - low > max(1, high // 1000):
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def constants(arguments):
    root = Path(arguments.root).resolve() if arguments.root else ROOT
    with tempfile.TemporaryDirectory() as folder:
        write_digits(folder)
        for compiler in arguments.compiler or ["g++", "clang++-19"]:
            is_clang = "clang" in compiler
            raised = CLANG_RAISED if is_clang else GCC_RAISED
            for name, program, timed, counted in CONSTANTS:
                best, peak = {}, {}
                sources = {who: root / "benchmarks" / "programs" / f"{program}_{who}.cpp" for who in ("ctnn", "raw")}
                command = [compiler, "-std=c++20", arguments.optimisation, "-fsyntax-only", f"-I{root / 'include'}",
                           f"-I{folder}"]
                for _ in range(ROUNDS):
                    for run in [(who, steps) for who in sources for steps in timed]:
                        process = subprocess.Popen([*command, *raised, f"-DSTEPS={run[1]}", sources[run[0]]])
                        _, status, usage = os.wait4(process.pid, 0)
                        process.returncode = status
                        if status != 0:
                            sys.exit(f"{compiler} does not compile {sources[run[0]]}")
                        best[run] = min(best.get(run, float("inf")), usage.ru_utime)
                        peak[run] = max(peak.get(run, 0), usage.ru_maxrss / 1024)
                few, many = timed
                rates, grown = ({who: difference(who) for who in sources} for difference in (
                    lambda who: (many - few) / (best[who, many] - best[who, few]),
                    lambda who: (peak[who, many] - peak[who, few]) * 1000 / (many - few)))
                for who in sources:
                    line = (f"{compiler:12}{name:10}{who:6}{rates[who]:9.0f} steps a second"
                            f"{grown[who]:8.1f} MB a thousand steps")
                    if not is_clang:
                        less, more = (operations([*command, GCC_RAISED[1], sources[who]], steps) for steps in counted)
                        line += f"{(more - less) / (counted[1] - counted[0]):9.0f} operations a step"
                    print(line, flush=True)
                memory = f", memory {grown['ctnn'] / grown['raw']:.1f}" if grown["raw"] > 1 else ""
                print(f"{compiler:12}{name:10}ctnn/raw: rate {rates['ctnn'] / rates['raw']:.2f}{memory}", flush=True)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["count", "include", "report", "growth", "constants"])
    parser.add_argument("--compiler", action="append")
    parser.add_argument("--optimisation", default="-O2", help="as --optimisation=-O0")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--root", help="another checkout, for constants")
    arguments = parser.parse_args()
    sys.exit({"count": count, "include": include, "report": report, "growth": growth,
              "constants": constants}[arguments.what](arguments))


if __name__ == "__main__":
    main()
