#!/usr/bin/env python3
"""Look whether the programs of an export give the same numbers in JAX and in `hlotune run`.

    python check_jax.py FOLDER --hlotune ./hlotune     # draws inputs, runs both, compares
    python check_jax.py FOLDER --runs RUNS             # compares with what others have run

RUNS holds NAME.inputs.safetensors and NAME.outputs.safetensors for each program NAME, the second as `hlotune run` writes it
from the first; with `--steps N` both are of N steps. Where an export has portable artifacts, they are run as well.

An array passes if its difference is at most TOLERANCE of its size, both as Euclidean norms; integers must be equal.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

import jax
import numpy as np
from run_in_jax import DTYPES, Program, find_sizes, load_safetensors, save_safetensors, sized


def drawn(spec, steps, words):
    """Inputs as they could come in training: rows of two examples, and padding at the end of each."""
    random = np.random.default_rng(0)
    inputs = {}
    for one in spec["inputs"]:
        if one["fill"] != "caller":
            continue
        name, dtype = one["name"], DTYPES[one["dtype"]]
        shape = ([steps] if steps else []) + one["shape"]
        if name in ("tokens", "targets", "token"):
            array = random.integers(0, words, shape)
        elif name in ("segments", "positions", "weights"):
            length = shape[-1]
            first, end = length // 3, length - length // 8
            place = np.arange(length)
            segments = np.where(place < first, 1, np.where(place < end, 2, 0))
            positions = np.where(segments == 1, place, np.where(segments == 2, place - first, 0))
            row = {"segments": segments, "positions": positions, "weights": (segments > 0) & (place % 3 > 0)}[name]
            array = np.broadcast_to(row, shape)
        elif name == "starts":
            array = np.broadcast_to(np.arange(one["shape"][0]) % 3, shape)
        elif name == "slot":
            array = np.full(shape, spec["bucket"]["length"] - 1)
        elif one["role"] == "cache":
            array = random.standard_normal(shape)
        else:
            array = np.full(shape, one.get("suggested", 1e-3))
        inputs[name] = np.array(array, dtype, order="C")
    return inputs


def difference(got, expected):
    """Of two arrays, relative; infinite where they are of other types, or one is no number."""
    if got.dtype != expected.dtype or got.shape != expected.shape:
        return math.inf
    if not np.issubdtype(got.dtype, np.floating) and got.dtype.kind in "iub":
        return 0.0 if np.array_equal(got, expected) else math.inf
    wide = got.astype(np.float64) - expected.astype(np.float64)
    size = np.linalg.norm(expected.astype(np.float64))
    error = np.linalg.norm(wide)
    relative = error / size if size > 0 else (0.0 if error == 0 else math.inf)
    return math.inf if math.isnan(relative) else float(relative)


def cases(manifest, draws):
    """Programs, each with sizes of its symbols: of those of many shapes the least, and some in between."""
    for spec in manifest["programs"]:
        symbols = spec.get("symbols", [])
        yield spec, {one["name"]: one["min"] for one in symbols}
        if symbols and draws:
            yield spec, {one["name"]: one["min"] + (one["max"] - one["min"]) // 3 for one in symbols}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--runs", help="a folder of what was run")
    parser.add_argument("--hlotune", help="the command that runs what is drawn")
    parser.add_argument("--steps", type=int, help="of train steps")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    if (arguments.runs is None) == (arguments.hlotune is None):
        parser.error("expected one of --runs and --hlotune")
    with open(os.path.join(arguments.folder, "manifest.json")) as file:
        manifest = json.load(file)
    jax.config.update("jax_num_cpu_devices", manifest["mesh"]["devices"])
    failed = compared = 0
    with tempfile.TemporaryDirectory() as scratch:
        for spec, sizes in cases(manifest, arguments.hlotune):
            name = spec["name"]
            runs = arguments.runs or scratch
            inputs = os.path.join(runs, name + ".inputs.safetensors")
            outputs = os.path.join(runs, name + ".outputs.safetensors")
            steps = arguments.steps if spec["kind"] == "train_step" else None
            if arguments.hlotune:
                save_safetensors(inputs, drawn(sized(spec, sizes), steps, manifest["model"]["vocabulary"]))
                command = [arguments.hlotune, "run", arguments.folder, "--program", name, "--inputs", inputs, "--output", outputs]
                subprocess.run(command + (["--steps", str(steps)] if steps else []), check=True)
            elif not os.path.exists(outputs):
                continue
            expected = load_safetensors(outputs)
            texts = {"": None}
            if "portable" in spec:
                with open(os.path.join(arguments.folder, spec["portable"]["file"]), "rb") as file:
                    texts[" (portable)"] = file.read()
            for mark, text in texts.items():
                given = load_safetensors(inputs)
                sizes = find_sizes(spec, given, steps)
                got = Program(arguments.folder, name, text, sizes).run(given, steps)
                missing = sorted(set(got) ^ set(expected))
                errors = {one: difference(got[one], expected[one]) for one in got if one in expected}
                worst = max(errors, key=errors.get)
                bad = bool(missing) or errors[worst] > arguments.tolerance
                compared += 1
                failed += bad
                mark += f" {sizes}" if sizes else ""
                print(f"{name}{mark}: {len(errors)} arrays, largest difference {errors[worst]:.2e} in {worst}"
                      + (f"; in one of the two alone: {missing}" if missing else "") + ("  FAILED" if bad else ""))
    if compared == 0:
        sys.exit("expected programs that were run, got none")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
