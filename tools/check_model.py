"""Loads a model directory with transformers, or an adapter's with PEFT on the base that it names, says what it found, and continues a prompt greedily.

    python tools/check_model.py FOLDER ["a prompt" | 1,2,3] [--logits]

A prompt of token ids needs no tokenizer in the folder; --logits adds those of all its positions, one after another. Exits with 1 where a weight is missing, unexpected or of another shape.
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def load(folder):
    if not (folder / "adapter_config.json").exists():
        return AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    from peft import PeftModel
    base = json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"]
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), folder)
    again = model.load_adapter(folder, adapter_name="default")
    return model.eval(), {"unexpected_keys": again.unexpected_keys,
                          "missing_keys": [key for key in again.missing_keys if "lora" in key]}


def trainer_state(folder):
    """What transformers' Trainer would go on from, where the folder is a checkpoint."""
    if not (folder / "trainer_state.json").exists():
        return {}
    from transformers import TrainerState
    state = TrainerState.load_from_json(folder / "trainer_state.json")
    return {"global_step": state.global_step, "log_history": state.log_history}


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--logits"]
    folder = pathlib.Path(arguments[0])
    model, loading = load(folder)
    problems = {key: sorted(map(str, value)) for key, value in loading.items() if value}
    has_tokenizer = (folder / "tokenizer.json").exists()
    tokenizer = AutoTokenizer.from_pretrained(folder) if has_tokenizer else None
    prompt = arguments[1] if len(arguments) > 1 else "1"
    ids = [int(part) for part in prompt.split(",")] if prompt.replace(",", "").isdigit() else tokenizer(prompt)["input_ids"]
    inputs = torch.tensor([ids])
    with torch.no_grad():
        logits = model(inputs).logits[0]
    top = torch.topk(logits[-1], 5)
    output = model.generate(inputs, attention_mask=torch.ones_like(inputs), do_sample=False, max_new_tokens=16)[0].tolist()
    print(json.dumps({
        "class": type(model).__name__, "dtype": str(model.dtype), "parameters": model.num_parameters(),
        "tokenizer": type(tokenizer).__name__ if tokenizer else None,
        "eos_token": getattr(tokenizer, "eos_token", None), "pad_token": getattr(tokenizer, "pad_token", None),
        "eos_token_id": model.generation_config.eos_token_id, "pad_token_id": model.generation_config.pad_token_id,
        "problems": problems, "input_ids": ids,
        "input_without_special_tokens": tokenizer.decode(ids, skip_special_tokens=True) if tokenizer else None,
        "top_ids": top.indices.tolist(), "top_logits": top.values.tolist(), "output_ids": output,
        "output": tokenizer.decode(output) if tokenizer else None,
        **trainer_state(folder),
        **({"logits": logits.flatten().tolist()} if "--logits" in sys.argv else {}),
    }, indent=1))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
