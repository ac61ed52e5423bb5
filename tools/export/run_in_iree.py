#!/usr/bin/env python3
"""Run a program of an export that IREE has compiled, and compare it with what `hlotune run` gave.

    iree-compile --iree-input-type=stablehlo --iree-hal-target-device=local \\
        --iree-hal-local-target-device-backends=llvm-cpu --iree-llvmcpu-target-cpu=host \\
        FOLDER/prefill_1x128.mlir -o prefill.vmfb
    python run_in_iree.py FOLDER prefill_1x128 prefill.vmfb --inputs INPUTS.safetensors [--expected OUTPUTS.safetensors]

Needs iree-base-runtime (3.13) and NumPy; programs of one device, in f32 and integers.
"""

import argparse
import json
import os
import struct
import sys

import iree.runtime
import numpy as np

STORED = {"F32": np.float32, "I32": np.int32, "U32": np.uint32, "BOOL": np.bool_}
DTYPES = {"f32": np.float32, "i32": np.int32, "ui32": np.uint32, "i1": np.bool_}


def load_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data[slice(*one["data_offsets"])], STORED[one["dtype"]]).reshape(one["shape"])
            for name, one in header.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("program")
    parser.add_argument("module", help="what iree-compile has made of it")
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--expected")
    arguments = parser.parse_args()
    with open(os.path.join(arguments.folder, "manifest.json")) as file:
        manifest = json.load(file)
    spec = next(one for one in manifest["programs"] if one["name"] == arguments.program)
    given = {}
    for one in manifest["weights"]:
        given.update(load_safetensors(os.path.join(arguments.folder, one["file"])))
    given.update(load_safetensors(arguments.inputs))
    for one in spec["inputs"]:
        if one["fill"] == "zeros":
            given.setdefault(one["name"], np.zeros(one["shape"], DTYPES[one["dtype"]]))
        elif one["fill"] == "value":
            given.setdefault(one["name"], np.asarray(one["value"], DTYPES[one["dtype"]]))

    config = iree.runtime.Config("local-task")
    context = iree.runtime.SystemContext(config=config)
    module = iree.runtime.VmModule.mmap(config.vm_instance, arguments.module)
    context.add_vm_module(module)
    results = context.modules[module.name].main(*[given[one["name"]] for one in spec["inputs"]])
    if not isinstance(results, (tuple, list)):
        results = [results]
    expected = load_safetensors(arguments.expected) if arguments.expected else {}
    worst = 0.0
    for one, result in zip(spec["outputs"], results):
        array = np.asarray(result)
        text = f"{one['name']}: {array.dtype} {list(array.shape)}"
        if one["name"] in expected:
            other = expected[one["name"]].astype(np.float64)
            error = float(np.linalg.norm(array.astype(np.float64) - other) / (np.linalg.norm(other) or 1))
            worst = max(worst, error)
            text += f", relative difference {error:.2e}"
        print(text)
    sys.exit(1 if worst > 1e-5 else 0)


if __name__ == "__main__":
    main()
