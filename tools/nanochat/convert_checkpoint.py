# /// script
# requires-python = ">=3.11"
# dependencies = ["torch", "safetensors"]
# ///
"""Turns a checkpoint of nanochat into a model directory that hlotune reads, and back.

    python convert_checkpoint.py to-model CHECKPOINTS STEP DIRECTORY     model_STEP.pt and meta_STEP.json to a directory
    python convert_checkpoint.py to-nanochat DIRECTORY CHECKPOINTS STEP  a trained directory to model_STEP.pt and its meta

CHECKPOINTS is a folder such as ~/.cache/nanochat/base_checkpoints/d20. Names and numbers stay as they are; the directory's
config.json holds the meta file's "model_config". Models of 11 January 2026 and later have weights that hlotune does not
know, and are refused. Reading a .pt file runs nothing that is in it.
"""

import json
import pathlib
import re
import sys

import torch
from safetensors.torch import load_file, save_file

KNOWN = re.compile(
    r"transformer\.wte\.weight|lm_head\.weight"
    r"|transformer\.h\.\d+\.(attn\.c_(q|k|v|proj)|mlp\.c_(fc|proj))\.weight")
KEYS = ("sequence_len", "vocab_size", "n_layer", "n_head", "n_kv_head", "n_embd")


def to_model(checkpoints, step, directory):
    weights = torch.load(checkpoints / f"model_{step:06d}.pt", map_location="cpu", weights_only=True)
    weights = {name.removeprefix("_orig_mod."): tensor.contiguous() for name, tensor in weights.items()}
    meta = json.loads((checkpoints / f"meta_{step:06d}.json").read_text())
    unknown = sorted(name for name in weights if not KNOWN.fullmatch(name))
    unknown += sorted(set(meta["model_config"]) - set(KEYS))
    if unknown:
        sys.exit(f"{checkpoints}: expected nanochat's model of before 11 January 2026, got {', '.join(unknown[:8])}")
    directory.mkdir(parents=True, exist_ok=True)
    config = {"model_type": "nanochat", "architectures": ["GPT"], **meta["model_config"]}
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})


def to_nanochat(directory, checkpoints, step):
    config = json.loads((directory / "config.json").read_text())
    weights = load_file(directory / "model.safetensors")
    checkpoints.mkdir(parents=True, exist_ok=True)
    torch.save(weights, checkpoints / f"model_{step:06d}.pt")
    meta = {"step": step, "model_config": {key: config[key] for key in KEYS}}
    (checkpoints / f"meta_{step:06d}.json").write_text(json.dumps(meta, indent=2) + "\n")


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("to-model", "to-nanochat"):
        sys.exit(__doc__)
    if sys.argv[1] == "to-model":
        to_model(pathlib.Path(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4]))
    else:
        to_nanochat(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]))


if __name__ == "__main__":
    main()
