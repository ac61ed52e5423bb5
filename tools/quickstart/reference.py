# /// script
# requires-python = ">=3.11"
# dependencies = ["torch", "transformers==5.23.0", "pyyaml"]
# ///
"""The quickstart recipe in plain PyTorch, to compare hlotune's run with: `python reference.py [KEY=VALUE ...]`.

Same data, model, schedule, clipping and AdamW as configs/quickstart.yaml; conversations are padded, not
packed, which changes no gradient but the grouping of conversations into updates.
Prints the loss every 50 steps and the rate of held-out questions answered exactly.
"""

import json
import math
import pathlib
import random
import sys
import time

import torch
import yaml
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
IGNORED = -100


def read_lines(path):
    return [json.loads(line)["messages"] for line in (ROOT / path).read_text().splitlines()]


def encode(tokenizer, messages):
    """Token ids, and for each position the token to predict there, or IGNORED."""
    ids, labels = [], []
    for message in messages:
        head = tokenizer.encode(f"<|im_start|>{message['role']}\n")
        body = tokenizer.encode(message["content"] + "<|im_end|>")
        tail = tokenizer.encode("\n")
        learned = body if message["role"] == "assistant" else [IGNORED] * len(body)
        ids += head + body + tail
        labels += [IGNORED] * len(head) + learned + [IGNORED] * len(tail)
    return ids, labels[1:] + [IGNORED]


def grouped(examples, tokens_per_step, shuffler):
    order = shuffler.sample(examples, len(examples))
    group, tokens = [], 0
    for example in order:
        if group and tokens + len(example[0]) > tokens_per_step:
            yield group
            group, tokens = [], 0
        group.append(example)
        tokens += len(example[0])
    yield group


def padded(group):
    length = max(len(ids) for ids, _ in group)
    ids = torch.tensor([ids + [0] * (length - len(ids)) for ids, _ in group])
    labels = torch.tensor([labels + [IGNORED] * (length - len(labels)) for _, labels in group])
    return ids, labels


def learning_rate(step, steps, recipe):
    warmup = max(1, round(steps * recipe["warmup_ratio"]))
    if step < warmup:
        return recipe["learning_rate"] * (step + 1) / warmup
    return recipe["learning_rate"] * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup))) / 2


def exact_matches(model, tokenizer, conversations, max_new_tokens):
    model.eval()
    tokenizer.padding_side = "left"
    prompts = [
        tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True)
        for messages in conversations
    ]
    batch = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
    with torch.no_grad():
        output = model.generate(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            do_sample=False,
            max_new_tokens=max_new_tokens,
        )
    answers = tokenizer.batch_decode(output[:, batch["input_ids"].shape[1] :])
    return [
        answer.split("<|im_end|>")[0] == messages[-1]["content"]
        for answer, messages in zip(answers, conversations, strict=True)
    ]


def main():
    recipe = yaml.safe_load((ROOT / "configs/quickstart.yaml").read_text())
    for override in sys.argv[1:]:
        key, value = override.split("=", 1)
        recipe[key] = yaml.safe_load(value)
    torch.manual_seed(recipe["seed"])
    shuffler = random.Random(recipe["seed"])
    tokenizer = AutoTokenizer.from_pretrained(ROOT / recipe["tokenizer_name_or_path"])
    model = AutoModelForCausalLM.from_config(
        AutoConfig.from_pretrained(ROOT / recipe["model_name_or_path"])
    )
    examples = [encode(tokenizer, messages) for messages in read_lines(recipe["dataset_name"])]
    tokens_per_step = recipe["per_device_train_batch_size"] * recipe["max_length"]
    epoch_steps = sum(1 for _ in grouped(examples, tokens_per_step, random.Random(0)))
    steps = int(epoch_steps * recipe["num_train_epochs"])
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": recipe["weight_decay"]},
            {"params": vectors, "weight_decay": 0.0},
        ],
        betas=(0.9, recipe["adam_beta2"]),
    )
    step, losses, started = 0, [], time.monotonic()
    while step < steps:
        for group in grouped(examples, tokens_per_step, shuffler):
            if step == steps:
                break
            ids, labels = padded(group)
            learned = labels != IGNORED
            hidden = model.model(ids).last_hidden_state[learned]
            loss = torch.nn.functional.cross_entropy(model.lm_head(hidden), labels[learned])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe["max_grad_norm"])
            for parameters in optimizer.param_groups:
                parameters["lr"] = learning_rate(step, steps, recipe)
            optimizer.step()
            losses.append(loss.item())
            step += 1
            if step % 50 == 0:
                print(f"step {step}/{steps} loss {sum(losses[-50:]) / 50:.4f}", flush=True)
    print(f"{time.monotonic() - started:.1f} s")
    heldout = read_lines(recipe["eval_dataset_name"])
    matches = exact_matches(model, tokenizer, heldout, recipe["max_new_tokens"])
    print(f"exact match {sum(matches) / len(matches):.3f} ({sum(matches)} of {len(matches)})")


if __name__ == "__main__":
    main()
