#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The instruction counts of small networks.

count.py [--update] [--compiler g++-12] [--flags O2]
    Compiles calls.cpp with fixed flags, counts the instructions of each of its calls with valgrind --tool=callgrind,
    and compares them with baselines.json. The counts are deterministic, so they are a gate: more than 3% above the
    baseline fails, and so does more than 3% below, because the old baseline would let the gain be lost again. They
    depend on the compiler: without a baseline for it, or without valgrind, the exit code is 77 (skipped). --update
    writes the baseline of this compiler and these flags; without --flags, of all flags.
"""
import argparse
import json
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BASELINES = HERE / "baselines.json"
# The last three undo defaults of some systems' compilers.
FLAGS = ["-std=c++20", f"-I{ROOT / 'include'}", "-fcf-protection=none", "-fno-stack-protector",
         "-fno-stack-clash-protection"]
# Independent of the machine at hand; valgrind does not support AVX-512.
FLAG_SETS = {"O2": ["-O2"], "avx2": ["-O3", "-mavx2", "-mfma"]}
TIMES = 20
TOLERANCE = 1.03


def compiler_of(command):
    """Name and major version, which the counts depend on; None if it does not compile for x86-64."""
    text = "#ifdef __x86_64__\n#ifdef __clang__\nclang __clang_major__\n#else\ng++ __GNUC__\n#endif\n#endif"
    result = subprocess.run([command, "-E", "-P", "-x", "c++", "-"], input=text, check=True, capture_output=True,
                            text=True)
    return result.stdout.strip() or None


def why_not(flag_set):
    """Why instructions cannot be counted with these flags, if so."""
    if platform.machine() != "x86_64":
        return "this machine is no x86-64"
    if not shutil.which("valgrind"):
        return "valgrind is not here"
    if flag_set == "avx2" and not {"avx2", "fma"} <= set(Path("/proc/cpuinfo").read_text().split()):
        return "this processor has no AVX2 and FMA"
    return None


def counted_in(output, program):
    """The instruction count in a callgrind file, which must contain only those of the program."""
    names, object_name, inclusive, totals = {}, "", False, {}
    for line in output.splitlines():
        named = re.match(r"(c?)ob=(\(\d+\))(?: (.*))?$", line)
        if named:
            called, number, name = named.groups()
            names.setdefault(number, name)
            if not called:
                object_name = names[number]
        elif line.startswith("calls="):
            inclusive = True
        elif re.match(r"[0-9+*-]", line):
            # The line after "calls=" has the inclusive count of the called function, which is counted there.
            if not inclusive:
                totals[object_name] = totals.get(object_name, 0) + int(line.split()[1])
            inclusive = False
    total = totals.pop(str(program), 0)
    if totals:
        sys.exit(f"a call leads into {', '.join(totals)}, which may choose its code by the machine")
    if total == 0:
        sys.exit("nothing was counted: calls.cpp has no counted_call and no counted_step")
    return total


def counts(compiler, flag_set):
    """The instructions of one call, for each case."""
    with tempfile.TemporaryDirectory() as folder:
        program, output = Path(folder, "calls"), Path(folder, "out")
        # Bound at start-up: lazy binding would be counted.
        subprocess.run([compiler, *FLAGS, *FLAG_SETS[flag_set], HERE / "calls.cpp", "-o", program, "-Wl,-z,now"],
                       check=True)
        names = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
        # One run, which writes the counts of each case into a file of its own.
        run = subprocess.run(["valgrind", "--tool=callgrind", "--toggle-collect=*counted_*",
                              "--dump-after=*end_of_case*", f"--callgrind-out-file={output}", program, str(TIMES)],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            sys.exit(f"exit code {run.returncode}\n{run.stdout}{run.stderr}")
        return {name: round(counted_in(Path(f"{output}.{number}").read_text(), program) / TIMES)
                for number, name in enumerate(names, 1)}


def check(compiler, flag_set, before):
    """Whether a call takes more or fewer instructions than before."""
    now = counts(compiler, flag_set)
    update = f"{Path(__file__).relative_to(ROOT)} --update --compiler {shlex.quote(compiler)} --flags {flag_set}"
    if before.keys() != now.keys():
        print(f"the calls are not those of the baseline; renew it: {update}")
        return True
    slower = faster = 0
    for name, new in now.items():
        old = before[name]
        more, fewer = new > old * TOLERANCE, new * TOLERANCE < old
        slower += more
        faster += fewer
        verdict = "slower than its baseline" if more else "faster than its baseline" if fewer else "ok"
        print(f"{name:40} {old:8} -> {new:8}  {100 * (new / old - 1):+6.1f}%  {verdict}")
    if slower:
        print(f"{slower} slower than the baseline. If that has to be, renew it and say why in the commit: {update}")
    if faster:
        print(f"{faster} faster than the baseline. Renew it, so that this is not lost again: {update}")
    return slower + faster > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--flags", choices=FLAG_SETS, action="append",
                        help="; ".join(f"{name}: {' '.join(flags)}" for name, flags in FLAG_SETS.items()))
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()

    compiler = compiler_of(arguments.compiler)
    baselines = json.loads(BASELINES.read_text()) if BASELINES.exists() else {}
    wrong, skipped = False, False
    for flag_set in arguments.flags or FLAG_SETS:
        key = f"{compiler or arguments.compiler} {' '.join(FLAG_SETS[flag_set])}"
        reason = why_not(flag_set) if compiler else "it does not compile for x86-64"
        if not reason and not arguments.update and key not in baselines:
            reason = f"there is no baseline for {key}"
        print(f"{key}: {f'skipped, because {reason}' if reason else 'instructions of a call'}", flush=True)
        if reason:
            skipped = True
        elif arguments.update:
            baselines[key] = counts(arguments.compiler, flag_set)
            BASELINES.write_text(json.dumps(dict(sorted(baselines.items())), indent=4) + "\n")
            print("\n".join(f"{name:40} {number:8}" for name, number in baselines[key].items()))
        else:
            wrong |= check(arguments.compiler, flag_set, baselines[key])
    sys.exit(1 if wrong else 77 if skipped else 0)


if __name__ == "__main__":
    main()
