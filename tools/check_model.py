"""Loads a model directory with transformers, says what it found, and continues a prompt greedily.

    python tools/check_model.py FOLDER ["a prompt" | 1,2,3]

A prompt of token ids needs no tokenizer in the folder. Exits with 1 where a weight is missing, unexpected or of another shape.
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main():
    folder = pathlib.Path(sys.argv[1])
    model, loading = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    problems = {key: sorted(map(str, value)) for key, value in loading.items() if value}
    has_tokenizer = (folder / "tokenizer.json").exists()
    tokenizer = AutoTokenizer.from_pretrained(folder) if has_tokenizer else None
    prompt = sys.argv[2] if len(sys.argv) > 2 else "1"
    ids = [int(part) for part in prompt.split(",")] if prompt.replace(",", "").isdigit() else tokenizer(prompt)["input_ids"]
    inputs = torch.tensor([ids])
    with torch.no_grad():
        logits = model(inputs).logits[0, -1]
    top = torch.topk(logits, 5)
    output = model.generate(inputs, attention_mask=torch.ones_like(inputs), do_sample=False, max_new_tokens=16)[0].tolist()
    print(json.dumps({
        "class": type(model).__name__, "dtype": str(model.dtype), "parameters": model.num_parameters(),
        "tokenizer": type(tokenizer).__name__ if tokenizer else None,
        "eos_token_id": model.generation_config.eos_token_id, "problems": problems, "input_ids": ids,
        "top_ids": top.indices.tolist(), "top_logits": top.values.tolist(), "output_ids": output,
        "output": tokenizer.decode(output) if tokenizer else None,
    }, indent=1))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
