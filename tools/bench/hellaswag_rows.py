"""Writes what the benchmark of `hlotune eval` needs: a model and rows of HellaSwag's shape, from other texts.

    python tools/bench/hellaswag_rows.py FOLDER TEXTS.jsonl TOKENIZER_FOLDER [--rows 1000] [--layers 12 ...]

FOLDER/model gets a GPT-2 (by default the shape of the one of 124 million parameters) with random weights and the
tokenizer; FOLDER/rows/hellaswag.validation.jsonl gets rows in HellaSwag's columns, cut from the words of the column
`prompt` of TEXTS. As there, a third is short (captions of films: a context of about 25 words, endings of about 12), the rest
is long (instructions: about 60 words, endings of about 28). Needs torch and transformers.

Then both sides, one after the other on a quiet machine; they print seconds and the scores, which agree:

    ./hlotune eval FOLDER/model --tasks hellaswag --data_dir FOLDER/rows
    python tools/bench/torch_hellaswag.py FOLDER --batch_size 8
"""

import argparse
import json
import pathlib
import random
import shutil

import torch
import transformers


def words(path):
    with open(path) as lines:
        for line in lines:
            yield from json.loads(line)["prompt"].split()


def row(text, generator, index):
    context, ending = (25, 12) if index % 3 == 0 else (60, 28)

    def take(mean):
        return " ".join(next(text) for _ in range(max(3, round(generator.gauss(mean, mean / 4)))))

    first = take(context * 0.8)
    return {
        "ind": index, "activity_label": take(3), "ctx_a": first, "ctx_b": take(context * 0.2),
        "endings": [take(ending) for _ in range(4)], "label": str(generator.randrange(4))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("texts", type=pathlib.Path)
    parser.add_argument("tokenizer", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    o = parser.parse_args()
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        n_embd=o.width, n_layer=o.layers, n_head=o.heads, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
    transformers.GPT2LMHeadModel(config).save_pretrained(o.folder / "model")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(o.tokenizer / name, o.folder / "model" / name)
    generator = random.Random(0)
    text = words(o.texts)
    (o.folder / "rows").mkdir(exist_ok=True)
    with open(o.folder / "rows" / "hellaswag.validation.jsonl", "w") as out:
        for index in range(o.rows):
            out.write(json.dumps(row(text, generator, index)) + "\n")


if __name__ == "__main__":
    main()
