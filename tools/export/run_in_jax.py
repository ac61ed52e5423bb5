#!/usr/bin/env python3
"""Run the programs of an export in JAX.

    python run_in_jax.py FOLDER PROGRAM [--inputs FILE.safetensors] [--set NAME=NUMBER] [--steps N] --output OUT.safetensors

The folder is one that `hlotune export` wrote. This does what `hlotune run` does, with jaxlib's compiler instead of a PJRT
plugin, and is written to be read: the class `Program` is all that it takes. Needs jax (0.10) and nothing else.
"""

import argparse
import hashlib
import json
import math
import os
import struct

# Before jax is imported.
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax  # noqa: E402
import ml_dtypes  # noqa: E402
import numpy as np  # noqa: E402
from jax.sharding import Mesh, NamedSharding, PartitionSpec  # noqa: E402
from jaxlib import xla_client  # noqa: E402

# By the names of StableHLO, which manifests have, and by those of safetensors.
DTYPES = {
    "f32": np.float32, "bf16": ml_dtypes.bfloat16, "f16": np.float16, "f64": np.float64, "i32": np.int32, "i64": np.int64,
    "i8": np.int8, "ui32": np.uint32, "ui8": np.uint8, "i1": np.bool_,
}
STORED = {
    "F32": np.float32, "BF16": ml_dtypes.bfloat16, "F16": np.float16, "F64": np.float64, "I32": np.int32, "I64": np.int64,
    "I8": np.int8, "U32": np.uint32, "U8": np.uint8, "BOOL": np.bool_,
}


def load_safetensors(path):
    """The arrays of a file by name, mapped, not read."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    data = np.memmap(path, np.uint8, "r", 8 + length) if os.path.getsize(path) > 8 + length else np.zeros(0, np.uint8)
    header.pop("__metadata__", None)
    return {
        name: data[slice(*entry["data_offsets"])].view(STORED[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
    }


def save_safetensors(path, arrays):
    """Writes arrays by name."""
    names = {np.dtype(dtype): name for name, dtype in STORED.items()}
    # The widest first, which keeps every array aligned.
    order = sorted(arrays, key=lambda name: (-arrays[name].dtype.itemsize, name))
    header, offset = {}, 0
    for name in order:
        array = arrays[name]
        header[name] = {"dtype": names[array.dtype], "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            file.write(np.ascontiguousarray(arrays[name]).tobytes())


def size(expression, sizes):
    """A number of the manifest, or the value of a sum of products such as `batch*seq + 16`."""
    if isinstance(expression, int):
        return expression
    terms = [term.replace("-", "-1*") for term in expression.replace(" - ", " + -").split(" + ")]
    return sum(math.prod(sizes[factor] if factor in sizes else int(factor) for factor in term.split("*")) for term in terms)


def sized(spec, sizes):
    """What the manifest says of a program, with sizes for its symbols."""
    return spec | {
        "bucket": {key: size(value, sizes) for key, value in spec["bucket"].items()},
        "inputs": [one | {"shape": [size(axis, sizes) for axis in one["shape"]]} for one in spec["inputs"]],
        "outputs": [one | {"shape": [size(axis, sizes) for axis in one["shape"]]} for one in spec["outputs"]],
    }


def find_sizes(spec, given, steps=None):
    """Sizes of a program's symbols, as the given arrays have them; none where it is of one shape."""
    ranges, found = {one["name"]: (one["min"], one["max"]) for one in spec.get("symbols", [])}, {}
    for one in spec["inputs"]:
        if one["name"] in given:
            shape = np.shape(given[one["name"]])
            if steps and "donated_to" not in one and len(shape) == len(one["shape"]) + 1:
                shape = shape[1:]
            if len(shape) == len(one["shape"]):
                found.update({axis: size for axis, size in zip(one["shape"], shape) if axis in ranges and axis not in found})
    for name, (least, most) in ranges.items():
        if name not in found or not least <= found[name] <= most:
            raise ValueError(f"size '{name}': expected {least} to {most}, in an array that has it, got {found.get(name, 'none')}")
    return found


def refined(text, spec):
    """The text of a program of many shapes for that of its inputs: StableHLO's own passes find all types."""
    from jax._src.interpreters.mlir import make_ir_context
    from jaxlib.mlir import ir, passmanager
    from jaxlib.mlir.dialects import stablehlo

    types = ",".join("tensor<" + "".join(f"{axis}x" for axis in one["shape"]) + one["dtype"] + ">" for one in spec["inputs"])
    with make_ir_context() as context:
        binary = text.startswith(b"ML\xefR")
        module = stablehlo.deserialize_portable_artifact(context, text) if binary else ir.Module.parse(text, context)
        stablehlo.register_stablehlo_passes()
        passmanager.PassManager.parse(
            "builtin.module(stablehlo-refine-arguments{types=" + types + "},stablehlo-refine-shapes,"
            "func.func(stablehlo-canonicalize-dynamism),canonicalize)").run(module.operation)
        return str(module).encode()


class Program:
    """A program of an export, compiled by JAX's client for its CPU devices.

    `text` is the StableHLO text of the export where nothing is given; the bytes of a portable artifact will do, too. `sizes`
    are those of a program's symbols by name; `find_sizes` finds them.
    """

    def __init__(self, folder, name, text=None, sizes=None):
        with open(os.path.join(folder, "manifest.json")) as file:
            self.manifest = json.load(file)
        self.folder = folder
        self.spec = next(one for one in self.manifest["programs"] if one["name"] == name)
        if text is None:
            with open(os.path.join(folder, self.spec["file"]), "rb") as file:
                text = file.read()
            if hashlib.sha256(text).hexdigest() != self.spec["sha256"]:
                raise ValueError(f"{self.spec['file']}: not the file that the manifest was written for")
        if "symbols" in self.spec:
            if sizes is None:
                raise ValueError(f"{name}: expected sizes for {[one['name'] for one in self.spec['symbols']]}, got none")
            self.spec = sized(self.spec, sizes)
            text = refined(text, self.spec)
        axes = self.manifest["mesh"]["axes"]
        count = self.manifest["mesh"]["devices"]
        # Row by row: devices that differ in the last axis alone are neighbours.
        devices = jax.devices()[:count]
        if len(devices) < count:
            raise ValueError(f"the mesh has {count} devices, JAX has {len(devices)}: set jax_num_cpu_devices")
        self.mesh = Mesh(np.array(devices).reshape([axis["size"] for axis in axes]), [axis["name"] for axis in axes])

        options = xla_client.CompileOptions()
        options.num_replicas = 1
        options.num_partitions = count
        build = options.executable_build_options
        build.num_replicas = 1
        build.num_partitions = count
        build.use_spmd_partitioning = count > 1
        build.use_shardy_partitioner = count > 1
        build.device_assignment = xla_client.DeviceAssignment.create(np.array([[device.id for device in devices]]))
        # What the programs need to compute rightly, as the manifest says.
        options.env_option_overrides = list(self.manifest["compile_options"].get(devices[0].platform, {}).items())
        self.executable = devices[0].client.compile_and_load(
            text, executable_devices=xla_client.DeviceList(tuple(devices)), compile_options=options)

    def sharding(self, array):
        return NamedSharding(self.mesh, PartitionSpec(*[tuple(axes) or None for axes in array["sharding"]]))

    def weights(self):
        """The export's weights by name."""
        arrays = {}
        for one in self.manifest["weights"]:
            arrays.update(load_safetensors(os.path.join(self.folder, one["file"])))
        return arrays

    def fill(self, given, step=0):
        """An array for every input: what is given, or else what the manifest says."""
        weights = self.weights()
        filled = {}
        for one in self.spec["inputs"]:
            name, dtype, fill = one["name"], DTYPES[one["dtype"]], one["fill"]
            if name in given:
                array = np.asarray(given[name])
            elif fill == "weights":
                array = weights[name]
            elif fill == "zeros":
                array = np.zeros(one["shape"], dtype)
            elif fill == "step":
                array = np.asarray(step, dtype)
            elif fill == "value":
                array = np.asarray(one["value"], dtype)
            else:
                raise ValueError(f"input '{name}': expected {one['dtype']} {one['shape']}, got nothing")
            if array.dtype != dtype or list(array.shape) != one["shape"]:
                raise ValueError(f"input '{name}': expected {one['dtype']} {one['shape']}, got {array.dtype} {array.shape}")
            filled[name] = array
        return filled

    def put(self, arrays):
        """Arrays of the host on the devices, by name."""
        return {one["name"]: jax.device_put(np.asarray(arrays[one["name"]]), self.sharding(one))
                for one in self.spec["inputs"] if one["name"] in arrays}

    def __call__(self, arrays):
        """Runs it with `jax.Array`s by name; those that are donated are gone afterwards."""
        # As `put` gives them: jax.Arrays, each with the sharding of the manifest.
        arguments = [arrays[one["name"]] for one in self.spec["inputs"]]
        shards = self.executable.execute_sharded(arguments).disassemble_into_single_device_arrays()
        return {
            one["name"]: jax.make_array_from_single_device_arrays(tuple(one["shape"]), self.sharding(one), parts)
            for one, parts in zip(self.spec["outputs"], shards)
        }

    def run(self, given, steps=None):
        """Runs it as `hlotune run` does; arrays of the host by name, in and out."""
        def of_step(step):
            if steps is None:
                return given
            sizes = {one["name"]: len(one["shape"]) for one in self.spec["inputs"]}
            return {name: array[step] if name in sizes and np.ndim(array) > sizes[name] else array
                    for name, array in given.items()}

        fed_back = {one["donated_to"]: one["name"] for one in self.spec["inputs"] if "donated_to" in one}
        held = self.put(self.fill(of_step(0)))
        results = []
        for step in range(steps or 1):
            if step > 0:
                changing = [one["name"] for one in self.spec["inputs"] if one["name"] not in fed_back.values()]
                filled = self.fill(of_step(step), step)
                held.update(self.put({name: filled[name] for name in changing}))
            outputs = self(held)
            for index, one in enumerate(self.spec["outputs"]):
                if index in fed_back:
                    held[fed_back[index]] = outputs[one["name"]]
            results.append({one["name"]: np.asarray(outputs[one["name"]])
                            for index, one in enumerate(self.spec["outputs"]) if index not in fed_back})
        whole = {name: np.stack([result[name] for result in results]) if steps is not None else results[0][name]
                 for name in results[0]}
        for index, name in fed_back.items():
            whole[self.spec["outputs"][index]["name"]] = np.asarray(held[name])
        return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("program")
    parser.add_argument("--inputs", action="append", default=[])
    parser.add_argument("--set", action="append", default=[], metavar="NAME=NUMBER")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    with open(os.path.join(arguments.folder, "manifest.json")) as file:
        manifest = json.load(file)
    jax.config.update("jax_num_cpu_devices", math.prod(axis["size"] for axis in manifest["mesh"]["axes"]))
    spec = next(one for one in manifest["programs"] if one["name"] == arguments.program)
    given = {}
    for path in arguments.inputs:
        given.update(load_safetensors(path))
    program = Program(arguments.folder, arguments.program, sizes=find_sizes(spec, given, arguments.steps))
    dtypes = {one["name"]: DTYPES[one["dtype"]] for one in program.spec["inputs"]}
    for pair in arguments.set:
        name, number = pair.split("=", 1)
        given[name] = np.asarray(float(number)).astype(dtypes[name])
    save_safetensors(arguments.output, program.run(given, arguments.steps))


if __name__ == "__main__":
    main()
