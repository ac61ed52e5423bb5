"""HellaSwag by log-likelihood with transformers and PyTorch, in the style of lm-evaluation-harness.

    python tools/bench/torch_hellaswag.py FOLDER [--batch_size 8] [--rows N]

FOLDER is what hellaswag_rows.py wrote. Requests are encoded in pairs, sorted by falling length, padded to the longest of
their batch and run with the logits of every position, as HFLM does. Prints one line of JSON: seconds of encoding and of the
model, tokens, acc and acc_norm. Needs torch and transformers (measured with 2.15 and 5.23); float32, sdpa attention.
"""

import argparse
import json
import pathlib
import re
import time

import torch
import torch.nn.functional as F
import transformers


def cleaned(text):
    text = re.sub("\\[.*?\\]", "", text.strip().replace(" [title]", ". "))
    return text.replace("  ", " ")


def encoded(tokenizer, context, continuation):
    spaces = len(context) - len(context.rstrip())
    if spaces:
        continuation, context = context[-spaces:] + continuation, context[:-spaces]
    whole = tokenizer.encode(context + continuation)
    first = tokenizer.encode(context)
    return first, whole[len(first):]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--batch_size", type=int, default=8)
    parser.add_argument("--rows", type=int)
    o = parser.parse_args()
    with open(o.folder / "rows" / "hellaswag.validation.jsonl") as lines:
        rows = [json.loads(line) for line in lines][:o.rows]
    model = transformers.AutoModelForCausalLM.from_pretrained(o.folder / "model", dtype=torch.float32).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(o.folder / "model" / "tokenizer.json"))

    start = time.perf_counter()
    requests, choices = [], []
    for row in rows:
        context = cleaned(row["activity_label"] + ": " + row["ctx_a"] + " " + row["ctx_b"].capitalize())
        choices.append([cleaned(ending) for ending in row["endings"]])
        requests += [encoded(tokenizer, context, " " + choice) for choice in choices[-1]]
    ready = time.perf_counter()
    order = sorted(range(len(requests)), key=lambda i: -sum(map(len, requests[i])))
    scores = [0.0] * len(requests)
    with torch.inference_mode():
        for at in range(0, len(order), o.batch_size):
            chunk = order[at:at + o.batch_size]
            inputs = [torch.tensor((requests[i][0] + requests[i][1])[:-1]) for i in chunk]
            padded = torch.nn.utils.rnn.pad_sequence(inputs, batch_first=True)
            logprobs = F.log_softmax(model(input_ids=padded).logits, dim=-1)
            for row, i, ids in zip(logprobs, chunk, inputs):
                continuation = torch.tensor(requests[i][1])
                ends = row[len(ids) - len(continuation):len(ids)]
                scores[i] = ends.gather(1, continuation[:, None]).sum().item()
    end = time.perf_counter()
    right = right_norm = 0
    for i, row in enumerate(rows):
        own = scores[4 * i:4 * i + 4]
        norm = [score / len(choice) for score, choice in zip(own, choices[i])]
        right += own.index(max(own)) == int(row["label"])
        right_norm += norm.index(max(norm)) == int(row["label"])
    print(json.dumps({
        "encode_seconds": round(ready - start, 2), "model_seconds": round(end - ready, 2),
        "requests": len(requests), "tokens": sum(len(a) + len(b) - 1 for a, b in requests), "batch_size": o.batch_size,
        "acc": right / len(rows), "acc_norm": right_norm / len(rows), "threads": torch.get_num_threads(),
        "torch": torch.__version__, "transformers": transformers.__version__}))


if __name__ == "__main__":
    main()
