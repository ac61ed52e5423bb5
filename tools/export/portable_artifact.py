#!/usr/bin/env python3
"""Write the portable artifact of each program of an export.

    python portable_artifact.py FOLDER [--target 1.13.0]

A portable artifact is MLIR bytecode of the dialect VHLO: StableHLO promises that it is read by versions five years newer and
two years older. It is written by the MLIR library that jaxlib brings along; hlotune has none. Each `NAME.mlir` gets a
`NAME.mlirbc` beside it, and `manifest.json` its name, its digest and the version that it is written for. Every artifact is read
back, and is left out of the manifest, with an error, if another program comes out.

Programs for a mesh have Shardy's annotations in them, for which StableHLO promises nothing: their artifacts are
marked `"other_dialects": ["sdy"]`.
"""

import argparse
import hashlib
import json
import os
import sys

from jax._src.interpreters.mlir import make_ir_context
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--target", help="the oldest version of StableHLO that can read it (default: the one of the texts)")
    arguments = parser.parse_args()
    path = os.path.join(arguments.folder, "manifest.json")
    with open(path) as file:
        manifest = json.load(file)
    target = arguments.target or manifest["versions"]["stablehlo"] + ".0"
    others = manifest["mesh"]["devices"] > 1
    failed = 0
    for program in manifest["programs"]:
        with open(os.path.join(arguments.folder, program["file"]), "rb") as file:
            text = file.read()
        if hashlib.sha256(text).hexdigest() != program["sha256"]:
            sys.exit(f"{program['file']}: not the file that the manifest was written for")
        with make_ir_context() as context:
            module = ir.Module.parse(text, context)
            artifact = stablehlo.serialize_portable_artifact(module, target, others)
            back = stablehlo.deserialize_portable_artifact(context, artifact)
            # Not as text, where an attribute of its default value is there or not.
            if stablehlo.serialize_portable_artifact(back, target, others) != artifact:
                print(f"{program['file']}: expected the same program when it is read back, got another", file=sys.stderr)
                failed += 1
                continue
        name = program["file"].removesuffix(".mlir") + ".mlirbc"
        with open(os.path.join(arguments.folder, name), "wb") as file:
            file.write(artifact)
        program["portable"] = {"file": name, "sha256": hashlib.sha256(artifact).hexdigest(), "target": target}
        if others:
            program["portable"]["other_dialects"] = ["sdy"]
        print(f"{name}: {len(artifact):,} bytes, of {len(text):,} as text")
    with open(path + ".partial", "w") as file:
        json.dump(manifest, file, indent=2)
        file.write("\n")
    os.replace(path + ".partial", path)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
